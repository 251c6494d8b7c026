"""States of a lesson's items as a browser saves them when an officer has done everything right.

What has one right answer is taken from the lesson's content; what officers write about their own unit is in
``own_work.yaml``, so that it can be read and changed as text.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from isoxa_courses.models import Lesson
from isoxa_courses.questions import type_of
from isoxa_courses.tools import Tool
from isoxa_courses.tools.audit_desk import AuditDesk
from isoxa_courses.tools.cause_tree import CauseTree
from isoxa_courses.tools.pdca_board import PdcaBoard
from isoxa_courses.tools.plan_table import PlanTable
from isoxa_courses.tools.risk_register import RiskRegister
from isoxa_courses.tools.smart_builder import SmartBuilder
from ruamel.yaml import YAML

_OWN_WORK = Path(__file__).with_name("own_work.yaml")


def finished_states(lesson: Lesson) -> list[tuple[str, dict[str, Any]]]:
    """``(item id, state)`` of every checkpoint and tool, in the order of the lesson's file."""
    states: list[tuple[str, dict[str, Any]]] = []
    for checkpoint in lesson.checkpoints:
        question = checkpoint.question
        kind = type_of(question)
        answer = kind.publish(question, kind.right_answer(question), lambda name: name)
        states.append((checkpoint.id, {"answer": answer, "checked": True}))
    states += [(tool.id, finished_tool(tool)) for tool in lesson.tools]
    return states


def finished_tool(tool: Tool) -> dict[str, Any]:
    """A state of the tool that its judge calls done. Raises ``TypeError`` for a tool the demo does not know."""
    return {**_exercise(tool), **_own_work()[tool.tool]}


def _exercise(tool: Tool) -> dict[str, Any]:
    """The part on the made-up commune, done rightly."""
    if isinstance(tool, PdcaBoard):
        return {"placed": {item.id: item.box for item in tool.items}}
    if isinstance(tool, SmartBuilder):
        return {"repairs": {one.id: one.sample for one in tool.repairs}}
    if isinstance(tool, PlanTable):
        return {"found": {row.id: list(row.missing) for row in tool.gaps.rows}}
    if isinstance(tool, RiskRegister):
        return {
            "placed": {
                one.id: {"likelihood": one.likelihood, "severity": one.severity} for one in tool.worked
            }
        }
    if isinstance(tool, AuditDesk):
        return {"judged": {piece.id: _judged(tool, piece.id) for piece in tool.evidence}}
    if isinstance(tool, CauseTree):
        return {
            "sorted": {one.id: one.kind for one in tool.sort},
            "chain": {step.id: step.right.id for step in tool.chain.steps},
        }
    raise TypeError(f"the demo does not know how an officer finishes a {type(tool).__name__}")


def _judged(desk: AuditDesk, piece_id: str) -> dict[str, Any]:
    piece = next(one for one in desk.evidence if one.id == piece_id)
    answer: dict[str, Any] = {"verdict": piece.verdict}
    if piece.verdict != "observation":
        cited = next(one for one in desk.criteria if one.id == piece.criteria[0])
        answer["criterion"] = cited.id
        if piece.verdict == "nonconformity":
            gap = "Khác với điều đã quy định trong yêu cầu nêu trên"
            answer["finding"] = {"requirement": cited.text, "evidence": piece.title, "gap": gap}
    return answer


@cache
def _own_work() -> dict[str, dict[str, Any]]:
    """Tool type → what the officer wrote."""
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(_OWN_WORK.read_text("utf-8"))
    return found
