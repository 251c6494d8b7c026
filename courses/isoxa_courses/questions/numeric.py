"""Numeric: a number in the Vietnamese format, right within the tolerance. Answer: a plain decimal, ``"98.5"``.

The unit may be typed after the number ("98,5 %", "1.232 hồ sơ"). "98.5" is read as 98,5, since three digits after a
dot are what makes it a group of thousands (see :func:`isoxa_courses.text.parse_number`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from ..errors import AnswerError
from ..fields import Line, Number
from ..text import clean, fold, format_number, parse_number
from .base import NOT_UNDERSTOOD, Answer, Explanation, Layout, Opaque, Question, QuestionType, Reveal

_LONGEST = 80
_LARGEST = 10**15
_CANONICAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


class Numeric(Question):
    """``answer`` within ``tolerance`` (inclusive), in ``unit``."""

    type: Literal["numeric"]
    answer: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    unit: Line | None = None

    def in_words(self, value: Decimal) -> str:
        """``"98,5 %"``."""
        return f"{format_number(value)} {self.unit}" if self.unit else format_number(value)


def _plain(number: Decimal) -> str:
    """One spelling for one number: no exponent, no trailing zeros, no minus zero."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


class NumericType(QuestionType[Numeric]):
    """All or nothing, within the tolerance."""

    name = "numeric"
    model = Numeric

    def show(self, question: Numeric, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        return {"unit": question.unit or ""}

    def from_public(self, question: Numeric, raw: object, reveal: Reveal) -> object:
        """A string as typed; a JSON number passes too."""
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise AnswerError(NOT_UNDERSTOOD)
        if not isinstance(raw, str):
            if not abs(raw) <= _LARGEST:  # false for NaN too
                raise AnswerError("Số vừa nhập quá lớn. Anh/chị hãy kiểm tra lại.")
            return _plain(Decimal(str(raw)))
        typed = clean(raw[: _LONGEST + 1])
        if len(raw) > _LONGEST:
            raise AnswerError(f"Câu này chỉ cần một số; nội dung vừa nhập dài hơn {_LONGEST} ký tự.")
        if not typed:
            return None
        return _plain(self._read(question, typed))

    def _read(self, question: Numeric, typed: str) -> Decimal:
        match = re.fullmatch(r"(.*?[0-9])\s*([^0-9]*)", typed)
        number, rest = match.groups() if match else (typed, "")
        if rest and fold(rest) not in self._units(question):
            unit = question.unit
            raise AnswerError(
                f"Phần chữ “{rest}” sau con số không đúng đơn vị của câu hỏi"
                + (f" ({unit})" if unit else "")
                + ". Anh/chị hãy chỉ nhập con số."
            )
        try:
            return parse_number(number)
        except ValueError as error:
            raise AnswerError(str(error)) from None

    @staticmethod
    def _units(question: Numeric) -> set[str]:
        unit = fold(question.unit or "")
        percent = not unit or "%" in unit or "phan tram" in unit
        return {unit} | ({"%", "phan tram"} if percent else set())

    def canonical(self, question: Numeric, value: object) -> Answer:
        if value is None:
            return None
        if not isinstance(value, str) or not _CANONICAL.fullmatch(value):
            raise AnswerError(NOT_UNDERSTOOD)
        return _plain(Decimal(value))

    def publish(self, question: Numeric, answer: Answer, opaque: Opaque) -> Any:
        return None if answer is None else format_number(Decimal(answer))

    def share(self, question: Numeric, answer: Answer) -> Fraction:
        return Fraction(_near(answer, question.answer, question.tolerance))

    def explain(self, question: Numeric, answer: Answer, opaque: Opaque) -> Explanation:
        correct = question.in_words(question.answer)
        if question.tolerance:
            correct += f" (chấp nhận chênh lệch đến {format_number(question.tolerance)})"
        return Explanation(self.is_right(question, answer), correct, question.explanation)

    def right_answer(self, question: Numeric) -> Answer:
        return _plain(question.answer)

    def describe_answer(self, question: Numeric, answer: Answer) -> str:
        return question.in_words(Decimal(answer))


@lru_cache(maxsize=2048)
def _near(answer: str, right: Decimal, tolerance: Decimal) -> bool:
    # Exact, and slow for that; a class answers much alike.
    return abs(Fraction(answer) - Fraction(right)) <= Fraction(tolerance)


TYPE = NumericType()
