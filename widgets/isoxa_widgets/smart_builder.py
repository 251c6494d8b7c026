"""The SMART builder: repair weak objectives, write one's own, and read what a reader of objectives says of each."""

from __future__ import annotations

from typing import Any

from isoxa_courses.tools.smart_builder import LONGEST_SENTENCE, SmartBuilder, judge_builder
from traitlets import Dict, Int, List

from .tool import ToolWidget


class SmartBuilderWidget(ToolWidget):
    """``repairs``: ``[{"id", "text", "hint", "sample"}]``; ``own``: ``{"intro", "example", "min_objectives"}``."""

    module = "smart_builder"
    repairs: List[Any] = List().tag(sync=True)
    own = Dict().tag(sync=True)
    longest = Int().tag(sync=True)

    def __init__(self, builder: SmartBuilder) -> None:
        self._builder = builder
        super().__init__(
            builder,
            "Bàn viết mục tiêu SMART",
            repairs=[one.model_dump(mode="json") for one in builder.repairs],
            own=builder.own.model_dump(mode="json"),
            longest=LONGEST_SENTENCE,
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "builder", "done", "repairs", "objectives", "own_good", "own_needed"}`` for the state asked about.

        Asked on the button and, while the officer types, whenever they pause: one review takes milliseconds.
        """
        result = judge_builder(self._builder, question.get("state"))
        if result.done:
            self.done = True
        return {"kind": "builder", **result.to_json()}


WIDGET = SmartBuilderWidget
