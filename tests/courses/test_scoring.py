"""The same score for a stored answer and for the literal in a notebook."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.models import Quiz, Slot
from isoxa_courses.questions import Answer, Question, type_of
from isoxa_courses.scoring import key_of, score_literal, score_variant

from tests.courses.strategies import JSON, POINTS, answered, right_answer


def slot_of(question: Question, points: Decimal) -> Slot:
    data: dict[str, Any] = question.model_dump()
    if question.type == "written":
        data["rubric"][0]["points"] = points
    own = {"id": "s", "outcome": "x", "section": "y", "points": points}
    return Slot.model_validate({**own, "variants": [data]})


@given(answered(), POINTS)
@settings(deadline=None, max_examples=150)
def test_a_literal_scores_as_the_stored_answer(case: tuple[Question, Answer], points: Decimal) -> None:
    question, answer = case
    slot = slot_of(question, points)
    stored = score_variant(slot.variants[0], answer, points).points
    for given_answer, expected in ((answer, stored), (None, Decimal(0))):
        score = score_literal(key_of(slot), "v", given_answer)
        assert isinstance(score, float)
        assert score == float(expected or 0)


@given(
    answered(),
    st.one_of(
        JSON,
        st.binary(max_size=4),
        st.complex_numbers(),
        st.frozensets(st.integers(), max_size=2),
        st.tuples(st.text(max_size=2)),
        st.sampled_from([..., 10**5000, {1, "a"}, {(1,): b""}, slice(1)]),
    ),
    JSON,
)
@settings(deadline=None, max_examples=200)
def test_any_literal_at_all_gets_a_number(case: tuple[Question, Answer], literal: Any, other: Any) -> None:
    question, answer = case
    key = key_of(slot_of(question, Decimal(2)))
    assert 0.0 <= score_literal(key, "v", literal) <= 2.0
    assert score_literal(key, literal, other) == 0.0 or literal == "v"
    assert score_literal(key, "không có", answer) == 0.0
    assert score_literal(key, None, None) == 0.0


def test_the_key_holds_every_variant(quiz: Quiz) -> None:
    for slot in quiz.slots:
        key = key_of(slot)
        for variant in slot.variants:
            expected = 0.0 if slot.judged_by_trainer else float(slot.points)
            assert score_literal(key, variant.id, right_answer(variant)) == expected


def test_numbers_survive_the_key(quiz: Quiz) -> None:
    """1,125 written as "1.125" would come back as 1125."""
    key = key_of(quiz.slot("so"))
    assert score_literal(key, "s2", "1.125") == 1.0
    assert score_literal(key, "s2", "1125") == 0.0
    assert score_literal(key, "s1", "98.6") == 1.0


def test_a_foreign_key_is_an_error_not_a_zero(quiz: Quiz) -> None:
    key = json.loads(key_of(quiz.slots[0]))
    with pytest.raises(ValueError, match="another version"):
        score_literal(json.dumps({**key, "format": 99}), "m1", "a")
    with pytest.raises(ValueError, match="another version"):
        score_literal("[]", "m1", "a")


def test_scoring_is_fast_enough_to_run_on_submit(quiz: Quiz) -> None:
    import time

    variants = [(slot, variant, right_answer(variant)) for slot in quiz.slots for variant in slot.variants]
    began = time.perf_counter()
    for _ in range(100):
        for slot, variant, answer in variants:
            type_of(variant).score(variant, answer, slot.points)
    assert (time.perf_counter() - began) / (100 * len(variants)) < 0.002
