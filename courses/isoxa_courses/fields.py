"""The field types that content models share, and how a rule of ours names the place it fails at.

Content is written by trainers in YAML, so every model refuses fields it does not know (a misspelt ``corect`` must not
pass as a wrong choice), and every text passes :func:`isoxa_courses.text.clean` once, here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from .text import clean, format_number, parse_number

MOST_PARTS = 20
LEAST_POINTS = Decimal("0.25")
"""With at most 20 parts, one part of 0.25 points is 0.0125: a part missed never rounds away to full marks."""


class ContentModel(BaseModel):
    """A piece of content: immutable, and strict about field names."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def refusal(reason: str, *at: str | int) -> PydanticCustomError:
    """The error of a rule of ours; ``at`` leads from the validated value down to the place it is about."""
    return PydanticCustomError("isoxa", reason, {"at": list(at)})


def _lesson_number(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}[a-z]?", value):
        return int(value) if value[-1].isdigit() else value
    raise refusal("Số bài là số nguyên từ 0 đến 999, có thể kèm một chữ cái thường, ví dụ 3 hoặc 6a.")


def lesson_order(number: int | str) -> tuple[int, str]:
    """The sort key of a lesson's number: 6a comes after 5, before 6b and 7."""
    text = str(number)
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits), text[len(digits) :]


def _one_line(value: str) -> str:
    cleaned = clean(value)
    if not cleaned:
        raise refusal("Không được để trống.")
    return cleaned


def _several_lines(value: str) -> str:
    cleaned = clean(value, lines=True)
    if not cleaned:
        raise refusal("Không được để trống.")
    return cleaned


def _number(value: Any) -> Any:
    """A number as trainers write it: 98.5 (YAML), "98,5" (Vietnamese)."""
    if isinstance(value, bool):
        raise refusal("Phải là một số, ví dụ 98,5.")
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, str):
        try:
            return parse_number(value)
        except ValueError as error:
            raise refusal(str(error)) from None
    return value


def _hundredths(value: Decimal) -> Decimal:
    if value != round(value, 2):
        raise refusal("Điểm chỉ được có nhiều nhất hai chữ số thập phân.")
    return value


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=80)]
LessonNumber = Annotated[int | str, BeforeValidator(_lesson_number)]
"""A lesson's number as people say it: 3, or "6a" where a lesson has two parts."""
Line = Annotated[str, Field(max_length=2_000), AfterValidator(_one_line)]
Paragraphs = Annotated[str, Field(max_length=20_000), AfterValidator(_several_lines)]
Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(allow_inf_nan=False),
    # Written as it is read: "1.125" would come back as 1125.
    PlainSerializer(format_number, when_used="json"),
]
Points = Annotated[Number, Field(ge=LEAST_POINTS, le=100), AfterValidator(_hundredths)]


class Named(Protocol):
    """Anything with an id of its own among its siblings."""

    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=Named)


def unique_ids(items: Sequence[N], *, before: Iterable[str] = ()) -> Sequence[N]:
    """``items`` as they are; refuses the second of two with one id (or one that ``before`` already has)."""
    seen = Counter(before)
    for index, item in enumerate(items):
        if seen[item.id]:
            raise refusal(f"Mã “{item.id}” đã dùng cho một mục khác; mỗi mục cần một mã riêng.", index, "id")
        seen[item.id] += 1
    return items
