"""Single choice: exactly one of the choices is right. Answer: its id."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any, Literal, Self

from pydantic import model_validator

from ..errors import AnswerError
from ..fields import refusal
from ._choices import ChoiceQuestion, draw_choices, notes_on_choices, show_choices
from .base import NOT_UNDERSTOOD, Answer, Explanation, Layout, Opaque, QuestionType, Reveal, revealed


class SingleChoice(ChoiceQuestion):
    """``choices`` with exactly one ``correct: true``."""

    type: Literal["single_choice"]

    @model_validator(mode="after")
    def _one_correct(self) -> Self:
        right = [index for index, choice in enumerate(self.choices) if choice.correct]
        if not right:
            raise refusal("Chưa có lựa chọn đúng: đánh dấu “correct: true” ở đúng một lựa chọn.", "choices")
        if len(right) > 1:
            raise refusal(
                "Có hơn một lựa chọn đúng; câu chọn một chỉ được có một. "
                "Bỏ bớt “correct: true” hoặc đổi loại câu thành multiple_choice.",
                *("choices", right[1], "correct"),
            )
        return self


class SingleChoiceType(QuestionType[SingleChoice]):
    """All or nothing."""

    name = "single_choice"
    model = SingleChoice

    def names(self, question: SingleChoice) -> list[str]:
        return question.choice_ids

    def draw(self, question: SingleChoice, rng: Random) -> Layout:
        return draw_choices(question, rng)

    def show(self, question: SingleChoice, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        return show_choices(question, layout, opaque)

    def from_public(self, question: SingleChoice, raw: object, reveal: Reveal) -> object:
        return revealed(raw, reveal)

    def canonical(self, question: SingleChoice, value: object) -> Answer:
        if not isinstance(value, str) or value not in question.choice_ids:
            raise AnswerError(NOT_UNDERSTOOD)
        return value

    def publish(self, question: SingleChoice, answer: Answer, opaque: Opaque) -> Any:
        return None if answer is None else opaque(answer)

    def share(self, question: SingleChoice, answer: Answer) -> Fraction:
        return Fraction(answer in question.correct_ids)

    def explain(self, question: SingleChoice, answer: Answer, opaque: Opaque) -> Explanation:
        """Notes on the choice made and, if that was another, on the right one."""
        about = [choice for choice in question.choices if choice.correct or choice.id == answer]
        return Explanation(
            right=self.is_right(question, answer),
            correct_text=question.texts(question.correct_ids),
            why=question.explanation,
            notes=notes_on_choices(question, [answer], opaque, about),
        )

    def right_answer(self, question: SingleChoice) -> Answer:
        return question.correct_ids[0]

    def describe_answer(self, question: SingleChoice, answer: Answer) -> str:
        return question.texts([answer])


TYPE = SingleChoiceType()
