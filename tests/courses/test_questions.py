"""The path of an answer, for every type at once; each type's own rules are in test_question_types.py."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.drawing import opaque_ids
from isoxa_courses.errors import AnswerError, UnknownName
from isoxa_courses.questions import TYPES, Answer, Question, question_type, type_of

from tests.courses.strategies import JSON, POINTS, answered, questions, right_answer

AUTOMATIC = tuple(sorted(set(TYPES) - {"written"}))
SETTINGS = settings(deadline=None, max_examples=150)


def ids_of(question: Question, seed: str = "hạt giống") -> Any:
    return opaque_ids(seed, "slot", type_of(question).names(question))


def test_the_types_of_the_contract_are_there() -> None:
    assert set(TYPES) == {
        "single_choice",
        "multiple_choice",
        "ordering",
        "matching",
        "classification",
        "numeric",
        "short_text",
        "matrix_score",
        "table_fill",
        "written",
    }
    assert all(kind.name == name for name, kind in TYPES.items())
    with pytest.raises(UnknownName, match="không_có"):
        question_type("không_có")


@given(answered(), POINTS)
@SETTINGS
def test_scores_stay_between_0_and_the_maximum(case: tuple[Question, Answer], points: Decimal) -> None:
    question, answer = case
    score = type_of(question).score(question, answer, points)
    assert score.max_points == points
    if question.type == "written":
        assert score.points is None
    else:
        assert score.points is not None
        assert 0 <= score.points <= points
        assert score.points == round(score.points, 2)


@given(answered(AUTOMATIC), POINTS)
@SETTINGS
def test_full_marks_exactly_for_the_right_answer(case: tuple[Question, Answer], points: Decimal) -> None:
    question, answer = case
    kind = type_of(question)
    full = kind.score(question, answer, points).points == points
    assert full == kind.is_right(question, answer)
    assert full == kind.explain(question, answer, ids_of(question).opaque).right
    if question.type not in ("numeric", "short_text", "matrix_score"):  # these accept more than one answer
        assert full == (answer == right_answer(question))
    assert kind.right_answer(question) == right_answer(question)
    assert kind.score(question, right_answer(question), points).points == points


@given(questions(), POINTS)
@SETTINGS
def test_no_answer_scores_0_at_once(question: Question, points: Decimal) -> None:
    kind = type_of(question)
    assert kind.score(question, None, points).points == 0
    assert kind.parse(question, None, ids_of(question).reveal) is None
    assert kind.publish(question, None, ids_of(question).opaque) is None
    assert kind.describe(question, None) == "(chưa trả lời)"
    assert kind.explain(question, None, ids_of(question).opaque).right is False


@given(answered())
@SETTINGS
def test_an_answer_shown_comes_back_as_it_was(case: tuple[Question, Answer]) -> None:
    question, answer = case
    kind, ids = type_of(question), ids_of(question)
    public = json.loads(json.dumps(kind.publish(question, answer, ids.opaque)))
    assert kind.parse(question, public, ids.reveal) == answer
    assert kind.canonical(question, json.loads(json.dumps(answer))) == answer


@given(answered(AUTOMATIC), st.integers(), st.integers())
@SETTINGS
def test_the_display_does_not_change_the_score(case: tuple[Question, Answer], one: int, other: int) -> None:
    question, answer = case
    kind = type_of(question)
    scores = set()
    for seed in (one, other):
        ids = ids_of(question, str(seed))
        layout = kind.draw(question, Random(seed))
        shown = kind.show(question, layout, ids.opaque)
        assert json.loads(json.dumps(shown)) == shown
        parsed = kind.parse(question, kind.publish(question, answer, ids.opaque), ids.reveal)
        scores.add(kind.score(question, parsed, Decimal(2)).points)
    assert len(scores) == 1


@given(answered())
@SETTINGS
def test_words_about_an_answer_are_one_line_and_json(case: tuple[Question, Answer]) -> None:
    question, answer = case
    kind = type_of(question)
    described = kind.describe(question, answer)
    assert described.splitlines() == [described]
    explanation = kind.explain(question, answer, ids_of(question).opaque).to_json()
    assert set(explanation) == {"right", "correct_text", "why", "notes"}
    assert json.loads(json.dumps(explanation)) == explanation
    shown = set(map(ids_of(question).opaque, kind.names(question)))
    assert {note["part"] for note in explanation["notes"]} <= shown


@given(questions(), JSON)
@SETTINGS
def test_hostile_json_is_refused_or_understood_never_a_crash(question: Question, raw: Any) -> None:
    kind, ids = type_of(question), ids_of(question)
    for read in (lambda: kind.parse(question, raw, ids.reveal), lambda: kind.canonical(question, raw)):
        with suppress(AnswerError):
            assert kind.score(question, read(), Decimal(1)).max_points == 1


def wrong_shapes(question: Question) -> list[Any]:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    known = [ids_of(question).opaque(name) for name in type_of(question).names(question)]
    shapes: list[Any] = [
        True,
        b"x",
        ("a",),
        {"a"},
        {1: 2},
        [None],
        [[]],
        {"a": {}},
        deep,
        float("nan"),
        object(),
    ]
    shapes += ["x" * 30_000, ["x" * 30_000], {"x" * 9_000: "y"}, list(range(5_000))]
    for some in known[:2]:
        shapes += [[some, some], {some: some}, [some, "không có"], {some: None}, {some: [some]}]
    return shapes


@given(questions())
@settings(deadline=None, max_examples=60)
def test_what_cannot_be_an_answer_is_refused_in_vietnamese(question: Question) -> None:
    kind, ids = type_of(question), ids_of(question)
    for raw in wrong_shapes(question):
        with pytest.raises(AnswerError, match=r"[Aa]nh/chị|Câu này|Bài viết"):
            kind.parse(question, raw, ids.reveal)


@given(questions())
@SETTINGS
def test_the_models_come_back_from_json(question: Question) -> None:
    data = json.loads(json.dumps(question.model_dump(mode="json", exclude_defaults=True)))
    assert type(question).model_validate(data) == question
