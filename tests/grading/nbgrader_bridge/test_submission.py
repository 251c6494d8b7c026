"""A submission is the released notebook with two literals a slot: nothing a learner wrote can run or break it."""

from __future__ import annotations

import ast

import nbformat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isoxa_courses.models import Course, Quiz
from isoxa_courses.questions import type_of
from isoxa_courses.scoring import score_variant
from isoxa_courses.text import clean
from isoxa_grading.nbgrader_bridge.source_notebook import grade_cell_id
from isoxa_grading.nbgrader_bridge.submission import AnsweredSlot, SubmissionTemplate
from nbgrader.utils import compute_checksum, determine_grade


def all_right(course: Course) -> dict[str, AnsweredSlot]:
    answered = {}
    for slot in course.quizzes[0].slots:
        variant = slot.variants[-1]
        answer = type_of(variant).right_answer(variant)
        answered[slot.id] = AnsweredSlot(
            variant.id, answer, score_variant(variant, answer, slot.points).points
        )
    return answered


def submitted_notebook(
    release: nbformat.NotebookNode, quiz: Quiz, answered: dict[str, AnsweredSlot]
) -> nbformat.NotebookNode:
    return nbformat.reads(SubmissionTemplate(release, quiz).submitted(answered), as_version=4)


def cells_of(notebook: nbformat.NotebookNode) -> dict[str, nbformat.NotebookNode]:
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def assigned(source: str) -> tuple[object, object]:
    """The two values a solution cell assigns, read without running it."""
    (statement,) = ast.parse(source).body
    assert isinstance(statement, ast.Assign)
    value = ast.literal_eval(statement.value)
    assert isinstance(value, tuple)
    return value


def test_answers_stand_as_literals_and_in_plain_words(course: Course, release: nbformat.NotebookNode) -> None:
    quiz = course.quizzes[0]
    answered = all_right(course)
    cells = cells_of(submitted_notebook(release, quiz, answered))
    for slot in quiz.slots:
        given = answered[slot.id]
        source = cells[slot.id].source
        assert assigned(source) == (given.variant, given.answer)
        first_prompt_line = slot.variant(given.variant).prompt.splitlines()[0]
        assert first_prompt_line[:40] in source


def test_the_release_itself_is_not_touched(course: Course, release: nbformat.NotebookNode) -> None:
    before = nbformat.writes(release)
    submitted_notebook(release, course.quizzes[0], all_right(course))
    assert nbformat.writes(release) == before


def test_locked_cells_keep_the_checksum_nbgrader_gave_them(
    course: Course, release: nbformat.NotebookNode
) -> None:
    submitted = submitted_notebook(release, course.quizzes[0], all_right(course))
    for cell in submitted.cells:
        mark = cell.metadata.nbgrader
        if mark.locked:
            assert compute_checksum(cell) == mark.checksum


def test_nbgrader_reads_our_points_from_the_autograded_notebook(
    course: Course, release: nbformat.NotebookNode
) -> None:
    quiz = course.quizzes[0]
    answered = all_right(course)
    autograded = nbformat.reads(SubmissionTemplate(release, quiz).autograded(answered), as_version=4)
    cells = cells_of(autograded)
    for slot in quiz.slots:
        auto, max_points = determine_grade(cells[grade_cell_id(slot)])
        assert max_points == float(slot.points)
        assert auto == (None if slot.judged_by_trainer else float(slot.points))


def test_the_text_is_what_nbformat_would_write(course: Course, release: nbformat.NotebookNode) -> None:
    quiz = course.quizzes[0]
    template, answered = SubmissionTemplate(release, quiz), all_right(course)
    for text in (template.submitted(answered), template.autograded(answered)):
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        assert nbformat.v4.writes(notebook) == text


def test_an_unanswered_written_slot_is_left_as_released_so_nbgrader_gives_0(
    course: Course, release: nbformat.NotebookNode
) -> None:
    quiz = course.quizzes[0]
    answered = {slot.id: AnsweredSlot(slot.variants[0].id, None, slot.points * 0) for slot in quiz.slots}
    submitted = submitted_notebook(release, quiz, answered)
    for slot in quiz.slots:
        if slot.judged_by_trainer:
            assert determine_grade(cells_of(submitted)[slot.id]) == (0, float(slot.points))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_whatever_was_written_stays_one_literal(
    course: Course, release: nbformat.NotebookNode, text: str
) -> None:
    quiz = course.quizzes[0]
    answered = all_right(course)
    hostile = clean(text + "\n%%bash\n!rm -rf ~\n\"\"\"'''\\", lines=True)
    slot = next(slot for slot in quiz.slots if slot.judged_by_trainer)
    answered[slot.id] = AnsweredSlot(slot.variants[0].id, hostile, None)
    notebook = submitted_notebook(release, quiz, answered)
    nbformat.validate(notebook)
    source = cells_of(notebook)[slot.id].source
    assert assigned(source)[1] == hostile
    code = [line for line in source.split("\n") if not line.startswith("#")]
    assert len(code) == 1, "one line of code, whatever the answer"
