"""Multiple choice: one or more choices are right. Answer: the chosen ids, in bank order.

Share = max(0, (right chosen − wrong chosen) / number right): ticking everything earns nothing much, and a wrong tick
never costs more than the question is worth.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any, Literal, Self

from pydantic import model_validator

from ..errors import AnswerError
from ..fields import refusal
from ._choices import ChoiceQuestion, draw_choices, notes_on_choices, show_choices
from .base import (
    NOT_UNDERSTOOD,
    Answer,
    Explanation,
    Layout,
    Opaque,
    QuestionType,
    Reveal,
    known_ids,
    revealed,
)


class MultipleChoice(ChoiceQuestion):
    """``choices`` with one or more ``correct: true``."""

    type: Literal["multiple_choice"]

    @model_validator(mode="after")
    def _some_correct(self) -> Self:
        if not self.correct_ids:
            raise refusal(
                "Chưa có lựa chọn đúng: đánh dấu “correct: true” ở ít nhất một lựa chọn.", "choices"
            )
        return self


class MultipleChoiceType(QuestionType[MultipleChoice]):
    """Partial credit, never below 0. Nothing ticked is not answered."""

    name = "multiple_choice"
    model = MultipleChoice

    def names(self, question: MultipleChoice) -> list[str]:
        return question.choice_ids

    def draw(self, question: MultipleChoice, rng: Random) -> Layout:
        return draw_choices(question, rng)

    def show(self, question: MultipleChoice, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        return show_choices(question, layout, opaque)

    def from_public(self, question: MultipleChoice, raw: object, reveal: Reveal) -> object:
        if not isinstance(raw, list) or len(raw) > len(question.choices):
            raise AnswerError(NOT_UNDERSTOOD)
        return [revealed(item, reveal) for item in raw]

    def canonical(self, question: MultipleChoice, value: object) -> Answer:
        chosen = known_ids(value, question.choice_ids)
        return [id_ for id_ in question.choice_ids if id_ in chosen] or None

    def publish(self, question: MultipleChoice, answer: Answer, opaque: Opaque) -> Any:
        # Sorted, since bank order is not for the browser.
        return None if answer is None else sorted(opaque(id_) for id_ in answer)

    def share(self, question: MultipleChoice, answer: Answer) -> Fraction:
        right = question.correct_ids
        hits = sum(id_ in right for id_ in answer)
        return max(Fraction(0), Fraction(2 * hits - len(answer), len(right)))

    def explain(self, question: MultipleChoice, answer: Answer, opaque: Opaque) -> Explanation:
        """Notes on every choice that was made or should have been."""
        chosen = answer or []
        about = [choice for choice in question.choices if choice.correct or choice.id in chosen]
        return Explanation(
            right=self.is_right(question, answer),
            correct_text=question.texts(question.correct_ids),
            why=question.explanation,
            notes=notes_on_choices(question, chosen, opaque, about),
        )

    def right_answer(self, question: MultipleChoice) -> Answer:
        return question.correct_ids

    def describe_answer(self, question: MultipleChoice, answer: Answer) -> str:
        return question.texts(answer)


TYPE = MultipleChoiceType()
