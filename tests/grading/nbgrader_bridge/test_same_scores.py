"""Ours and stock `nbgrader autograde` on generated answers: every type, right, wrong, missing, hostile; every cell.

hypothesis makes the questions and the answers; one notebook packs them all, so that stock's time is paid once.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from isoxa_courses.errors import AnswerError
from isoxa_courses.questions import TYPES, Answer, Question, type_of
from isoxa_courses.scoring import score_variant
from isoxa_grading.nbgrader_bridge import NbgraderFolder, build_course
from isoxa_grading.nbgrader_bridge.gradebook import CellGrade, SubmissionScores
from isoxa_grading.nbgrader_bridge.outbox import Submission, write_submissions
from isoxa_grading.nbgrader_bridge.source_notebook import grade_cell_id
from isoxa_grading.nbgrader_bridge.submission import AnsweredSlot
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.library import CourseLibrary

from tests.courses.strategies import answered, questions, right_answer
from tests.grading.nbgrader_bridge.test_stock_nbgrader import auto_scores, forget_scores, nbgrader

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
CASES = 180
STUDENT = "cb0000001"
HOSTILE = [
    "exit()",
    "'''\n%%bash\nrm -rf ~\n\"\"\"",
    "variant, answer = 'v1', 'x'\npoints = 99",
    "### BEGIN HIDDEN TESTS\nassert False\n### END HIDDEN TESTS",
    "\\' + __import__('os').system('id') + \\'",
    "{answer!r} %s {0}",
    "\u202eđảo\u202c ngược \U0001f9ea",
    "98,5",
    "1e400",
]


@st.composite
def cases(draw: st.DrawFn, kind: str) -> tuple[Question, Answer]:
    """A question of a type with an answer: any, the right one, or a hostile text where texts are answers."""
    if kind in ("short_text", "written", "numeric") and draw(st.booleans()):
        question = draw(questions((kind,)))
        try:
            return question, type_of(question).parse(
                question, draw(st.sampled_from(HOSTILE)), lambda name: name
            )
        except AnswerError:
            return question, None
    if draw(st.integers(0, 3)) == 0:
        question = draw(questions((kind,)))
        return question, right_answer(question)
    return draw(answered((kind,)))


def generated() -> list[tuple[Question, Answer]]:
    """As many of each type."""
    found: list[tuple[Question, Answer]] = []
    for kind in sorted(TYPES):

        @settings(
            max_examples=CASES // len(TYPES), deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(cases(kind))
        def collect(case: tuple[Question, Answer]) -> None:
            found.append(case)

        collect()
    return found


def course_files(folder: Path, packed: list[tuple[Question, Answer]]) -> tuple[Path, Path]:
    """A course of one quiz: a slot for each case."""
    course, lessons = folder / "sinh", folder / "lessons"
    for sub in (course / "quizzes", course / "lessons", lessons):
        sub.mkdir(parents=True)

    def write(path: Path, content: dict[str, Any]) -> None:
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    slots = []
    for number, (question, _answer) in enumerate(packed):
        variant = question.model_dump(mode="json", exclude_none=True)
        points = "2"
        if question.type == "written":
            points = str(sum(line.points for line in question.rubric)).replace(".", ",")  # type: ignore[attr-defined]
        slots.append(
            {"id": f"s{number}", "outcome": "Thử", "section": "m1", "points": points, "variants": [variant]}
        )
    write(
        course / "quizzes" / "q1.yaml",
        {"quiz": "q1", "version": 1, "title": "Sinh", "lesson": "b1", "slots": slots},
    )
    write(
        course / "lessons" / "b1.yaml",
        {"lesson": "b1", "title": "Một", "sections": [{"id": "m1", "title": "Một"}]},
    )
    write(course / "facts.yaml", {"facts": []})
    write(
        course / "course.yaml",
        {"course": "sinh", "edition": "1", "title": "Sinh", "summary": "Để thử.",
         "lessons": [{"id": "b1", "number": 1, "title": "Một", "minutes": 5}], "quizzes": [{"id": "q1"}]},
    )  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Một", id="mo-dau")])
    nbformat.write(notebook, lessons / "b1.ipynb")
    return course, lessons


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_stock_autograde_scores_every_generated_answer_as_we_do(tmp_path: Path) -> None:
    packed = generated()
    assert {question.type for question, _answer in packed} == set(TYPES)
    data = DataFolder(tmp_path / "data")
    data.create()
    engine = data.engine()
    migrate(engine)
    with writing(engine) as session:
        build_course(data, session, *course_files(tmp_path, packed), now=NOW)
    engine.dispose()
    quiz = CourseLibrary(data).quiz("sinh", "1", "q1")
    answers = {}
    for slot, (_question, answer) in zip(quiz.slots, packed, strict=True):
        points = score_variant(slot.variants[0], answer, slot.points).points
        answers[slot.id] = AnsweredSlot(slot.variants[0].id, answer, points)
    scores = SubmissionScores(
        student=STUDENT, first_name="Thử", last_name="Lò Thị", assignment="q1-v1", submitted_at=NOW,
        grades={grade_cell_id(slot): CellGrade(answers[slot.id].points) for slot in quiz.slots},
    )  # fmt: skip
    ours = NbgraderFolder(data.nbgrader("sinh"))
    write_submissions(ours, [Submission("sinh", quiz, scores, answers)])
    stock = tmp_path / "stock"
    shutil.copytree(ours.root, stock)
    shutil.rmtree(stock / "autograded")
    forget_scores(stock)
    done = nbgrader(stock, "autograde", "q1-v1")
    assert done.returncode == 0, done.stderr[-3000:]
    theirs, mine = auto_scores(stock, "q1-v1")[STUDENT], auto_scores(ours.root, "q1-v1")[STUDENT]
    of_cell = {grade_cell_id(slot): case for slot, case in zip(quiz.slots, packed, strict=True)}
    different = {
        cell: (mine[cell], theirs[cell], of_cell[cell]) for cell in mine if mine[cell] != theirs[cell]
    }
    assert not different
    assert len(theirs) == len(packed)
