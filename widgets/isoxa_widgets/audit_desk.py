"""The audit desk: judge a folder of made-up evidence, then plan, carry out and report an audit of one's own unit."""

from __future__ import annotations

from typing import Any

from isoxa_courses.audit_documents import PLAN, VERDICTS
from isoxa_courses.tools.audit_desk import FINDING_PARTS, AuditDesk, judge_desk
from traitlets import Dict, List

from .tool import ToolWidget


class AuditDeskWidget(ToolWidget):
    """``pieces``: ``[{"id", "kind", "title", "body", "table": {"columns", "rows"} | None}]``, no verdicts among them.

    ``criteria``: ``[{"id", "clause", "text"}]``; ``verdicts``, ``parts`` (of a finding) and ``plan`` (its fields):
    ``[{"id", "text"}]``; ``own``: ``{"intro", "min_rows"}``.
    """

    module = "audit_desk"
    criteria: List[Any] = List().tag(sync=True)
    pieces: List[Any] = List().tag(sync=True)
    verdicts: List[Any] = List().tag(sync=True)
    parts: List[Any] = List().tag(sync=True)
    plan: List[Any] = List().tag(sync=True)
    own = Dict().tag(sync=True)

    def __init__(self, desk: AuditDesk) -> None:
        self._desk = desk
        shown = {"id", "kind", "title", "body", "table"}
        super().__init__(
            desk,
            "Bàn đánh giá",
            criteria=[criterion.model_dump(mode="json") for criterion in desk.criteria],
            pieces=[piece.model_dump(mode="json", include=shown) for piece in desk.evidence],
            verdicts=_named(VERDICTS),
            parts=_named(FINDING_PARTS),
            plan=_named(PLAN),
            own=desk.own.model_dump(mode="json"),
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "desk", …}`` with the fields of ``DeskResult``, for ``question["state"]``."""
        result = judge_desk(self._desk, question.get("state"))
        if result.done:
            self.done = True
        return {"kind": "desk", **result.to_json()}


def _named(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": id_, "text": text} for id_, text in words.items()]


WIDGET = AuditDeskWidget
