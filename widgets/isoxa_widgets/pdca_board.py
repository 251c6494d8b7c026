"""The PDCA board: sort a commune's tasks into the four steps, then build a cycle for one's own unit."""

from __future__ import annotations

from random import Random
from typing import Any

from isoxa_courses.tools.pdca_board import PdcaBoard, judge_board
from traitlets import Dict, List, Unicode

from .widget import LessonWidget


class PdcaBoardWidget(LessonWidget):
    """``items`` and ``boxes``: ``[{"id", "text"}]``.

    ``cycle``: ``{"intro", "min_words", "fields": [{"id", "label", "hint", "example"}]}``.
    """

    module = "pdca_board"
    title = Unicode().tag(sync=True)
    intro = Unicode().tag(sync=True)
    items: List[Any] = List().tag(sync=True)
    boxes: List[Any] = List().tag(sync=True)
    cycle = Dict().tag(sync=True)

    def __init__(self, board: PdcaBoard) -> None:
        self._board = board
        items = [{"id": item.id, "text": item.text} for item in board.items]
        # The file lists the tasks by their box; the order on the board must not tell. The same order for everybody.
        Random(board.id).shuffle(items)  # noqa: S311 - nothing secret
        super().__init__(
            item=board.id,
            title=board.title or "Bảng PDCA",
            intro=board.intro or "",
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
