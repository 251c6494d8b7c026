"""Matrix score: place risks on a 5×5 grid. Answer: item id → ``[likelihood, severity]``, levels 1 to 5.

Each item counts half for its likelihood and half for its severity, each right within the item's ``tolerance``: where
two careful people may differ by one level, the key allows it. A level not chosen yet is null and earns nothing.

The bands of the product (1–5 low, 6–12 medium, 15–25 high) are common practice and not a requirement: ISO 9001 asks
for no matrix. They are shown as an illustration, and an answer is never judged by its band.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictInt

from ..errors import AnswerError
from ..fields import MOST_PARTS, ContentModel, Line, Paragraphs, unique_ids
from .base import (
    NOT_UNDERSTOOD,
    Answer,
    Explanation,
    Layout,
    Note,
    Opaque,
    Part,
    Question,
    QuestionType,
    Reveal,
    revealed,
    shuffled,
)

LEVELS = 5
BANDS: tuple[tuple[int, str], ...] = ((5, "thấp"), (12, "trung bình"), (25, "cao"))
"""(highest product, word), in rising order."""
_UNKNOWN = "chưa chọn"

Level = Annotated[StrictInt, Field(ge=1, le=LEVELS)]
Texts = Annotated[tuple[Line, ...], Field(min_length=LEVELS, max_length=LEVELS)]


class Scale(ContentModel):
    """What the levels 1 to 5 mean, in rising order."""

    likelihood: Texts = ("Rất hiếm khi", "Ít khi", "Thỉnh thoảng", "Thường xuyên", "Rất thường xuyên")
    severity: Texts = ("Không đáng kể", "Nhẹ", "Vừa", "Nặng", "Rất nặng")


class Risk(Part):
    """A risk, its place on the grid, by how many levels an answer may differ, and why it stands there."""

    likelihood: Level
    severity: Level
    tolerance: Annotated[StrictInt, Field(ge=0, le=1)] = 0
    why: Paragraphs | None = None


class MatrixScore(Question):
    """``items`` to place, on a ``scale`` of words for the levels."""

    type: Literal["matrix_score"]
    scale: Scale = Scale()
    items: Annotated[tuple[Risk, ...], Field(min_length=1, max_length=MOST_PARTS), AfterValidator(unique_ids)]

    @property
    def item_ids(self) -> list[str]:
        """Ids in bank order."""
        return [item.id for item in self.items]

    def in_words(self, likelihood: int | None, severity: int | None) -> str:
        """``"khả năng 3 (Thỉnh thoảng) × ảnh hưởng 4 (Nặng) = 12, mức trung bình"``; None: not chosen."""
        if likelihood is None or severity is None:
            return f"khả năng {likelihood or _UNKNOWN} × ảnh hưởng {severity or _UNKNOWN}"
        product = likelihood * severity
        return (
            f"khả năng {likelihood} ({self.scale.likelihood[likelihood - 1]}) × "
            f"ảnh hưởng {severity} ({self.scale.severity[severity - 1]}) = {product}, mức {band_of(product)}"
        )


def band_of(product: int) -> str:
    """The word for a product of two levels: thấp, trung bình or cao."""
    return next(word for highest, word in BANDS if product <= highest)


def _hits(item: Risk, placed: list[int | None] | None) -> tuple[bool, bool]:
    """Whether the likelihood, and the severity, are right within the tolerance."""
    likelihood, severity = placed or (None, None)
    return (
        likelihood is not None and abs(likelihood - item.likelihood) <= item.tolerance,
        severity is not None and abs(severity - item.severity) <= item.tolerance,
    )


class MatrixScoreType(QuestionType[MatrixScore]):
    """Half an item for each of its two levels; what is not chosen yet earns nothing."""

    name = "matrix_score"
    model = MatrixScore

    def names(self, question: MatrixScore) -> list[str]:
        return question.item_ids

    def draw(self, question: MatrixScore, rng: Random) -> Layout:
        return {"items": shuffled(question.item_ids, rng)}

    def show(self, question: MatrixScore, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        """``{"scale": {"likelihood": [5], "severity": [5]}, "bands": [{"to", "text"}], "items": [{id, text}]}``."""
        texts = {item.id: item.text for item in question.items}
        return {
            "scale": {
                "likelihood": list(question.scale.likelihood),
                "severity": list(question.scale.severity),
            },
            "bands": [{"to": highest, "text": word} for highest, word in BANDS],
            "items": [{"id": opaque(id_), "text": texts[id_]} for id_ in layout["items"]],
        }

    def from_public(self, question: MatrixScore, raw: object, reveal: Reveal) -> object:
        if not isinstance(raw, dict) or len(raw) > len(question.items):
            raise AnswerError(NOT_UNDERSTOOD)
        return {revealed(item, reveal): placed for item, placed in raw.items()}

    def canonical(self, question: MatrixScore, value: object) -> Answer:
        """In bank order; an item with neither level is left out, and nothing at all is None."""
        if not isinstance(value, dict) or len(value) > len(question.items):
            raise AnswerError(NOT_UNDERSTOOD)
        if not all(isinstance(id_, str) and id_ in question.item_ids for id_ in value):
            raise AnswerError(NOT_UNDERSTOOD)
        placed = {id_: _levels(value[id_]) for id_ in question.item_ids if id_ in value}
        return {id_: levels for id_, levels in placed.items() if levels != [None, None]} or None

    def publish(self, question: MatrixScore, answer: Answer, opaque: Opaque) -> Any:
        if answer is None:
            return None
        return dict(sorted((opaque(item), list(levels)) for item, levels in answer.items()))

    def share(self, question: MatrixScore, answer: Answer) -> Fraction:
        hits = sum(sum(_hits(item, answer.get(item.id))) for item in question.items)
        return Fraction(hits, 2 * len(question.items))

    def explain(self, question: MatrixScore, answer: Answer, opaque: Opaque) -> Explanation:
        """One note an item: which half is right, the right place, and why."""
        mine = answer or {}
        notes = tuple(
            Note(
                opaque(item.id), all(_hits(item, mine.get(item.id))), _note(question, item, mine.get(item.id))
            )
            for item in question.items
        )
        correct = "; ".join(f"{item.text}: {_place(question, item)}" for item in question.items)
        return Explanation(self.is_right(question, answer), correct, question.explanation, notes)

    def right_answer(self, question: MatrixScore) -> Answer:
        return {item.id: [item.likelihood, item.severity] for item in question.items}

    def describe_answer(self, question: MatrixScore, answer: Answer) -> str:
        texts = {item.id: item.text for item in question.items}
        return "; ".join(f"{texts[item]}: {question.in_words(*levels)}" for item, levels in answer.items())


def _levels(placed: object) -> list[int | None]:
    """``[likelihood, severity]`` from outside. Raises AnswerError."""
    if not isinstance(placed, list) or len(placed) != 2:
        raise AnswerError(NOT_UNDERSTOOD)
    for level in placed:
        if level is not None and (type(level) is not int or not 1 <= level <= LEVELS):
            raise AnswerError(NOT_UNDERSTOOD)
    return list(placed)


def _place(question: MatrixScore, item: Risk) -> str:
    allowed = f" (chấp nhận lệch {item.tolerance} bậc)" if item.tolerance else ""
    return question.in_words(item.likelihood, item.severity) + allowed


def _note(question: MatrixScore, item: Risk, placed: list[int | None] | None) -> str:
    likelihood, severity = _hits(item, placed)
    half = ""
    if likelihood != severity:
        half = f"{'Khả năng xảy ra' if likelihood else 'Mức ảnh hưởng'} thì đã đúng. "
    why = f". {item.why}" if item.why else "."
    return f"{half}Đáp án: {_place(question, item)}{why}"


TYPE = MatrixScoreType()
