"""Every question type in the source notebook: its own model answer, run through its own hidden test, earns all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isoxa_courses.loading import load_course
from isoxa_courses.models import Slot
from isoxa_courses.questions import TYPES, type_of
from isoxa_grading.nbgrader_bridge.source_notebook import answer_literal, grade_cell_id, source_notebook

FIXTURE = Path(__file__).parents[2] / "courses" / "fixtures" / "khoa-thu"


def points_of(source: str, variant: str, answer: Any) -> float:
    """The number a graded cell ends in, after a solution cell that holds this answer."""
    space: dict[str, Any] = {}
    *statements, last = source.splitlines()
    assert last == "points"
    exec("\n".join([answer_literal(variant, answer), *statements]), space)  # noqa: S102 - as autograde would
    return float(space["points"])


def test_each_type_scores_its_own_model_answer() -> None:
    quiz = load_course(FIXTURE).quiz("01-thu")
    cells = {cell.metadata.nbgrader.grade_id: cell.source for cell in source_notebook(quiz).cells}
    graded: list[Slot] = [slot for slot in quiz.slots if not slot.judged_by_trainer]
    assert {type_of(slot.variants[0]).name for slot in graded} == set(TYPES) - {"written"}
    for slot in graded:
        source = cells[grade_cell_id(slot)]
        for variant in slot.variants:
            right = type_of(variant).right_answer(variant)
            assert points_of(source, variant.id, right) == float(slot.points), slot.id
            assert points_of(source, variant.id, {"không": ["có"]}) == 0.0, slot.id
    assert points_of(cells["rui-ro-diem"], "r1", {"i1": [4, None]}) == 0.25
