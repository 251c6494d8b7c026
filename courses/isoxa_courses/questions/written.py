"""Written: a text that a trainer judges against a rubric. Answer: the text, its lines kept.

An empty answer needs no trainer: it scores 0 at once. The learner sees the rubric (it says what is asked for), never
the sample.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictInt

from ..errors import AnswerError
from ..fields import MOST_PARTS, ContentModel, Id, Line, Paragraphs, Points, unique_ids
from ..text import clean, format_number
from .base import (
    NOT_UNDERSTOOD,
    Answer,
    Explanation,
    Layout,
    Opaque,
    Question,
    QuestionType,
    Reveal,
    Score,
)

LONGEST_WRITTEN = 20_000


class Criterion(ContentModel):
    """One line of the rubric and the points it is worth."""

    id: Id
    text: Line
    points: Points


class Written(Question):
    """``rubric`` (its points sum to the slot's), a ``sample`` answer for trainers, and ``min_words`` as a guide."""

    type: Literal["written"]
    rubric: Annotated[
        tuple[Criterion, ...], Field(min_length=1, max_length=MOST_PARTS), AfterValidator(unique_ids)
    ]
    sample: Paragraphs
    min_words: Annotated[StrictInt, Field(ge=0, le=2_000)] = 0


def plain_number(points: Decimal) -> int | float:
    """Points as a JSON number."""
    return int(points) if points == points.to_integral_value() else float(points)


class WrittenType(QuestionType[Written]):
    """Waits for a trainer, unless nothing was written."""

    name = "written"
    model = Written
    judged_by_trainer = True

    def show(self, question: Written, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        rubric = [{"text": line.text, "points": plain_number(line.points)} for line in question.rubric]
        return {"min_words": question.min_words, "rubric": rubric}

    def from_public(self, question: Written, raw: object, reveal: Reveal) -> object:
        return raw

    def canonical(self, question: Written, value: object) -> Answer:
        if not isinstance(value, str):
            raise AnswerError(NOT_UNDERSTOOD)
        if len(value) > LONGEST_WRITTEN:
            raise AnswerError(
                f"Bài viết dài quá {format_number(LONGEST_WRITTEN)} ký tự nên chưa được lưu. "
                "Anh/chị hãy rút ngắn rồi gửi lại; bản đã lưu trước đó vẫn còn."
            )
        return clean(value, lines=True) or None

    def publish(self, question: Written, answer: Answer, opaque: Opaque) -> Any:
        return answer

    def share(self, question: Written, answer: Answer) -> Fraction:
        """Practice only: whether enough was written. In a quiz a trainer decides."""
        return Fraction(len(answer.split()) >= question.min_words)

    def score(self, question: Written, answer: Answer, max_points: Decimal) -> Score:
        return Score(Decimal("0.00") if answer is None else None, max_points)

    def explain(self, question: Written, answer: Answer, opaque: Opaque) -> Explanation:
        return Explanation(False if answer is None else None, question.sample, question.explanation)

    def right_answer(self, question: Written) -> Answer:
        return question.sample

    def describe_answer(self, question: Written, answer: Answer) -> str:
        return clean(answer)


TYPE = WrittenType()
