"""The page for trainers says what the check does: every figure, every standard with its default, examples that load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.check import check_course
from isoxa_courses.questions import question_type
from isoxa_courses.standards import Standards
from ruamel.yaml import YAML

from tests.courses.conftest import FIXTURES

PAGE = (Path(__file__).parents[2] / "docs" / "trainers" / "kiem-tra-khoa-hoc.md").read_text("utf-8")


def examples() -> list[Any]:
    return [YAML(typ="safe").load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_every_figure_is_explained() -> None:
    figures = check_course(FIXTURES / "khoa-thu", FIXTURES / "notebooks").figures
    lesson, quiz = figures["lessons"]["01-thu"], figures["quizzes"]["01-thu"]
    for name in (*figures, *lesson, *quiz, *quiz["levels"], *quiz["key_positions"]):
        assert f"`{name}`" in PAGE, name


def test_the_standards_shown_are_the_defaults() -> None:
    shown = next(example["standards"] for example in examples() if "standards" in example)
    assert shown == Standards().model_dump()


@pytest.mark.parametrize("example", [one for one in examples() if "type" in one], ids=lambda one: one["type"])
def test_the_questions_shown_can_be_used(example: dict[str, Any]) -> None:
    kind = question_type(example["type"])
    question = kind.model.model_validate({"id": "v", **example})
    assert kind.share(question, kind.right_answer(question)) == 1
