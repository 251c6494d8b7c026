"""Short text: a word or phrase out of a list of accepted ones. Answer: the text, cleaned.

Case, diacritics, white space and punctuation at the ends do not count: the question asks whether someone knows the
word, and many office PCs have no working Vietnamese keyboard.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from ..errors import AnswerError
from ..fields import Line, refusal
from ..text import clean, fold
from .base import NOT_UNDERSTOOD, Answer, Explanation, Layout, Opaque, Question, QuestionType, Reveal

LONGEST_SHORT_TEXT = 500


def compared(text: str) -> str:
    """What of a text counts when two are compared."""
    return fold(text).strip(" .,;:!?\"'“”‘’…()-–")


def _all_comparable(texts: tuple[str, ...]) -> tuple[str, ...]:
    for index, text in enumerate(texts):
        if not compared(text):
            raise refusal("Câu trả lời được chấp nhận phải có chữ hoặc số.", index)
    return texts


class ShortText(Question):
    """``accepted``: every text that counts as right; the first is shown as the right answer."""

    type: Literal["short_text"]
    accepted: Annotated[
        tuple[Annotated[Line, Field(max_length=LONGEST_SHORT_TEXT)], ...],
        Field(min_length=1),
        AfterValidator(_all_comparable),
    ]


class ShortTextType(QuestionType[ShortText]):
    """All or nothing."""

    name = "short_text"
    model = ShortText

    def show(self, question: ShortText, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        return {}

    def from_public(self, question: ShortText, raw: object, reveal: Reveal) -> object:
        return raw

    def canonical(self, question: ShortText, value: object) -> Answer:
        if not isinstance(value, str):
            raise AnswerError(NOT_UNDERSTOOD)
        if len(value) > LONGEST_SHORT_TEXT:
            raise AnswerError(
                f"Câu trả lời dài quá {LONGEST_SHORT_TEXT} ký tự nên chưa được lưu. "
                "Anh/chị hãy viết ngắn lại rồi gửi lại."
            )
        return clean(value) or None

    def publish(self, question: ShortText, answer: Answer, opaque: Opaque) -> Any:
        return answer

    def share(self, question: ShortText, answer: Answer) -> Fraction:
        return Fraction(compared(answer) in {compared(text) for text in question.accepted})

    def explain(self, question: ShortText, answer: Answer, opaque: Opaque) -> Explanation:
        return Explanation(self.is_right(question, answer), question.accepted[0], question.explanation)

    def right_answer(self, question: ShortText) -> Answer:
        return question.accepted[0]

    def describe_answer(self, question: ShortText, answer: Answer) -> str:
        return str(answer)


TYPE = ShortTextType()
