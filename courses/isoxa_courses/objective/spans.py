"""Spans of time where they are measured: in minutes by the calendar; whether time is taken from people, or given."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from .quantity import Quantity
from .reading import Reading

_WEEK_OF_WORK = Decimal(7) / Decimal(5)
_HOUR, _DAY = Decimal(60), Decimal(480)
_HOURS = frozenset({"giờ", "tiếng", "gio", "tieng"})
_LONG_SPANS = frozenset({"tuần", "tháng", "quý", "năm"})
_OFFERED = (("giờ", "mở", "cửa"), ("thời", "lượng", "tiếp"))
_OFFERED_UNLESS_AWAITED = (
    ("mở", "cửa"), ("thời", "gian", "lưu"), ("thời", "gian", "trực"), ("giờ", "trực"), ("thời", "gian", "hoạt", "động"),
    ("thời", "gian", "bảo", "hành"), ("giờ", "tiếp", "dân"), ("giờ", "tiếp", "công", "dân"), ("tiếp", "dân", "mỗi"),
    ("thời", "gian", "tiếp", "dân"), ("thời", "gian", "tiếp", "công", "dân"), ("thời", "gian", "phát", "thanh"),
    ("thời", "lượng", "phát"), ("buổi", "tiếp", "dân"), ("buổi", "tiếp", "công", "dân"), ("máy", "chạy"),
    ("bơm", "chạy"),
)  # fmt: skip
_AWAITED = ("chờ", "đợi", "trả", "giải", "xử", "cấp", "mất", "xong")


def calendar(quantity: Quantity, other: Quantity) -> Decimal:
    """Its minutes; working days beside weeks or months count for the days off between them too."""
    span = quantity.high
    hours, rest = divmod(span, _HOUR)
    by_clock = quantity.unit.casefold() in _HOURS and rest == 0 and hours >= 24 and hours % 12 == 0
    if by_clock and other.unit.casefold().split()[:1] not in [[unit] for unit in _HOURS]:
        span = hours / 24 * _DAY  # "từ 96 giờ xuống 6 ngày", "từ 36 giờ": days by the clock
    working = "việc" in quantity.unit and "việc" not in other.unit
    return span * _WEEK_OF_WORK if working and other.unit.casefold() in _LONG_SPANS else span


@lru_cache(maxsize=4)
def offered(reading: Reading) -> bool:
    """``giờ mở cửa``, ``tăng thời lượng tiếp dân``: time given to people, not taken from them."""
    text = reading.text
    every = range(len(text.tokens))
    given = _OFFERED if text.among(every, *_AWAITED) else (*_OFFERED, *_OFFERED_UNLESS_AWAITED)
    return any(text.sequence(at, *words) for at in every for words in given)


def ahead_of_time(reading: Reading, target: Quantity) -> bool:
    """``trả trước hẹn bình quân 4 ngày``: by how much the day that was promised is beaten."""
    text = reading.text
    if any(text.sequence(at, "thời", "gian") for at in range(target.first)):
        return False
    return any(
        text.says(at, "trước", "sớm") and text.says(at + 1, "hạn", "hẹn", "hơn")
        for at in range(max(0, target.first - 5), target.first)
    )
