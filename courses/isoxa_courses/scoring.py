"""From an answer to points, and to words about it. Pure: the same answer and key always give the same score.

``score_literal`` is the same rule for stock ``nbgrader autograde``: it gets the key as JSON and whatever literal
stands in the notebook, which a person may have edited by hand.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from .drawing import DrawnQuiz, drawn_question, opaque_ids
from .errors import AnswerError
from .models import QuizFile, Slot
from .questions import Answer, AnyQuestion, Explanation, Question, Score, type_of

_KEY_FORMAT = 1
_VARIANTS: TypeAdapter[tuple[Question, ...]] = TypeAdapter(tuple[AnyQuestion, ...])


def score_variant(question: Question, answer: Answer, max_points: Decimal) -> Score:
    """Points for a canonical answer to one variant."""
    return type_of(question).score(question, answer, max_points)


def score_slot(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str, answer: Answer) -> Score:
    """Points for a stored answer; ``points`` is None where a trainer judges. Raises UnknownName."""
    return score_variant(drawn_question(quiz, drawn, slot_id), answer, quiz.slot(slot_id).points)


def explain_slot(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str, seed: str, answer: Answer) -> Explanation:
    """What was right and why, in the browser's ids. Tells the key: only for answers that may be told."""
    question = drawn_question(quiz, drawn, slot_id)
    ids = opaque_ids(seed, slot_id, type_of(question).names(question))
    return type_of(question).explain(question, answer, ids.opaque)


def describe_slot(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str, answer: Answer) -> str:
    """The answer in plain words on one line."""
    question = drawn_question(quiz, drawn, slot_id)
    return type_of(question).describe(question, answer)


def key_of(slot: Slot) -> str:
    """All that is needed to score every variant of a slot, as one JSON string. Holds the key: never for learners."""
    key = {
        "format": _KEY_FORMAT,
        "points": str(slot.points),
        "variants": [variant.model_dump(mode="json", exclude_defaults=True) for variant in slot.variants],
    }
    return json.dumps(key, ensure_ascii=False)


def score_literal(key_json: str, variant: object, answer: object) -> float:
    """Points for whatever literals stand in a notebook: those of :func:`score_slot`, as a float.

    An unknown variant, an answer that makes no sense, and one that only a trainer can judge score 0.0.
    Raises ``ValueError`` only for a key that is not ours: a broken key must not look like a wrong answer.
    """
    key: Any = json.loads(key_json)
    if not isinstance(key, dict) or key.get("format") != _KEY_FORMAT:
        raise ValueError("the key of this cell was made by another version of isoxa; build the course again")
    questions = {question.id: question for question in _VARIANTS.validate_python(key["variants"])}
    question = questions.get(variant) if isinstance(variant, str) else None
    if question is None or answer is None:
        return 0.0
    try:
        canonical = type_of(question).canonical(question, answer)
    except AnswerError:
        return 0.0
    points = score_variant(question, canonical, Decimal(key["points"])).points
    return 0.0 if points is None else float(points)
