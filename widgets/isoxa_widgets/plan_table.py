"""The plan table: find the holes in a plan, then write one's own for an objective, 5W+1H + 2."""

from __future__ import annotations

import re
from typing import Any

from isoxa_courses.tools.plan_table import GAP_COLUMNS, PlanTable, judge_plan
from traitlets import Dict, List

from .tool import ToolWidget


class PlanTableWidget(ToolWidget):
    """``columns``: ``[{"id", "text"}]``, the eight of a plan.

    ``gaps``: ``{"objective", "rows": [{"id", "cells"}]}``, which does not tell the holes; ``own``: ``{"intro",
    "min_rows", "example": {column: text}}``; ``source``: ``{"lesson", "tool", "number"}`` of the objective's lesson,
    empty if it has none.
    """

    module = "plan_table"
    columns: List[Any] = List().tag(sync=True)
    gaps = Dict().tag(sync=True)
    own = Dict().tag(sync=True)
    source = Dict().tag(sync=True)

    def __init__(self, plan: PlanTable) -> None:
        self._plan = plan
        rows = [{"id": row.id, "cells": row.cells.model_dump(mode="json")} for row in plan.gaps.rows]
        super().__init__(
            plan,
            "Bảng kế hoạch 5W+1H + 2",
            columns=[{"id": id_, "text": text} for id_, text in GAP_COLUMNS.items()],
            gaps={"objective": plan.gaps.objective, "rows": rows},
            own={
                "intro": plan.own.intro or "",
                "min_rows": plan.own.min_rows,
                "example": plan.own.example.cells.model_dump(mode="json"),
            },
            source=_source(plan),
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "plan", "done", "gaps", "objective", "rows", "complete_rows", "needed"}`` for the state asked."""
        result = judge_plan(self._plan, question.get("state"))
        if result.done:
            self.done = True
        return {"kind": "plan", **result.to_json()}


def _source(plan: PlanTable) -> dict[str, str]:
    if plan.objective_from is None:
        return {}
    lesson, tool = plan.objective_from.lesson, plan.objective_from.tool
    number = re.match(r"0*([0-9]+[a-z]?)-", lesson)  # "06a-muc-tieu-smart" is lesson 6a
    return {"lesson": lesson, "tool": tool, "number": number[1] if number else ""}


WIDGET = PlanTableWidget
