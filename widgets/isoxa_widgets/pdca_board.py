"""The PDCA board: sort a commune's tasks into the four steps, then build a cycle for one's own unit."""

from __future__ import annotations

from random import Random
from typing import Any

from isoxa_courses.tools.pdca_board import PdcaBoard, judge_board
from traitlets import Dict, List

from .tool import ToolWidget


class PdcaBoardWidget(ToolWidget):
    """``items`` and ``boxes``: ``[{"id", "text"}]``.

    ``cycle``: ``{"intro", "min_words", "fields": [{"id", "label", "hint", "example"}]}``.
    """

    module = "pdca_board"
    items: List[Any] = List().tag(sync=True)
    boxes: List[Any] = List().tag(sync=True)
    cycle = Dict().tag(sync=True)

    def __init__(self, board: PdcaBoard) -> None:
        self._board = board
        items = [{"id": item.id, "text": item.text} for item in board.items]
        # The file lists the tasks by their box; the order on the board must not tell. The same order for everybody.
        Random(board.id).shuffle(items)  # noqa: S311 - nothing secret
        super().__init__(
            board,
            "Bảng PDCA",
            items=items,
            boxes=board.boxes,
            cycle=board.cycle.model_dump(mode="json"),
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "board", "done", "misplaced", "unplaced", "cycle_missing"}`` for ``question["state"]``."""
        result = judge_board(self._board, question.get("state"))
        if result.done:
            self.done = True
        return {"kind": "board", **result.to_json()}


WIDGET = PdcaBoardWidget
