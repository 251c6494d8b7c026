"""Every lesson and every quiz reaches what the course promises, whether or not course.yaml says so."""

from __future__ import annotations

from pathlib import Path

from isoxa_courses.check_lesson import lesson_figures
from isoxa_courses.check_notebook import read_notebook
from isoxa_courses.check_quiz import ODD_SPREAD, quiz_figures
from isoxa_courses.models import Lesson, Quiz
from isoxa_courses.questions.written import Written


def test_the_bank_is_deep_and_asks_to_apply(each_quiz: Quiz) -> None:
    figures = quiz_figures(each_quiz)
    assert figures["slots"] >= 12
    assert figures["least_variants"] >= 3
    assert figures["application_share"] >= 1 / 3
    assert sum(isinstance(slot.variants[0], Written) for slot in each_quiz.slots) == 1


def test_guessing_does_not_pay(each_quiz: Quiz) -> None:
    figures = quiz_figures(each_quiz)
    assert figures["choice_questions"] >= 12
    assert abs(figures["longest_choice_score"] - figures["chance_score"]) <= 10
    assert figures["key_positions"]["chance"] >= ODD_SPREAD


def test_a_lesson_shows_asks_and_fits(each_lesson: Lesson, lessons_folder: Path) -> None:
    notebook, problems = read_notebook(lessons_folder / f"{each_lesson.id}.ipynb")
    assert problems == []
    figures = lesson_figures(each_lesson, notebook)
    assert figures["checkpoints"] >= 5
    assert figures["checkpoint_sections"] >= 3
    assert figures["tools"] >= 1
    assert figures["worked_examples"] >= 1
    assert 30 <= figures["reading_minutes"] <= 48
