"""Times in a sentence: days, months, quarters, half years, years, terms, ranges of them, and what comes back.

A small grammar reads each form officers use: ``trước ngày 31/12/2027``, ``đến hết quý II/2027``, ``6 tháng đầu năm
2027``, ``cuối năm nay``, ``tháng 6 năm 2027``, ``hằng tháng … đến …``, ``trong 6 tháng``. What is relative is counted
from today. A time without a year has no last day here: it cannot be told to be past.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from .time_days import read_day
from .time_forms import read_bare_year, read_month, read_quarter, read_year, read_years
from .time_relative import read_duration, read_edge, read_part, read_recurring, read_relative
from .time_value import Time
from .words import Text

__all__ = ["Time", "find_times"]

_LEADING = (
    "trước", "đến", "tới", "hết", "nhất", "trong", "vào", "xong", "cuối", "thời", "hạn", "điểm", "ngày", "của",
    "chậm", "muộn", "vòng", "cho", "kết", "thúc", "suốt", "gian", "cả", "là", "đầu",
)  # fmt: skip
_OPENING = (
    "trước",
    "đến",
    "tới",
    "hết",
    "trong",
    "vào",
    "xong",
    "chậm",
    "muộn",
    "cho",
    "kết",
    "suốt",
    "cả",
    "cuối",
)
_STARTERS = frozenset((
    "hang", "moi", "tung", "nua", "cuoi", "giua", "dau", "ngay", "mung", "mong", "hom", "thang",
    "quy", "q", "t", "qi", "qii", "qiii", "qiv", "cung", "nam", "tuan", "giai", "nhiem", "nien", "mot",
    "hai", "ba", "bon", "sau", "sang", "bay", "tam", "chin", "muoi", "i", "ii", "iii", "iv",
))  # fmt: skip
"""What a time can begin with, without diacritics; no other word is tried."""
_READERS = (
    read_recurring,
    read_part,
    read_edge,
    read_day,
    read_month,
    read_quarter,
    read_relative,
    read_years,
    read_year,
    read_duration,
    read_bare_year,
)


def find_times(text: Text, today: date, taken: frozenset[int]) -> tuple[Time, ...]:
    """The times from left to right; tokens in ``taken`` (numbers of decrees, standards) are passed over."""
    found: list[Time] = []
    index = 0
    while index < len(text.tokens):
        time = None if index in taken else _time(text, index, today)
        if time is None:
            index += 1
            continue
        found.append(_with_lead(text, time, found[-1].last if found else 0))
        index = time.last
    return tuple(_ranges(text, found))


def _asks_day(blank: str) -> bool:
    """``[ngày]``, ``(điền thời hạn)``, and not ``(điền số ngày)``."""
    return "số" not in blank and any(word in blank for word in ("ngày", "tháng", "thời"))


def _time(text: Text, index: int, today: date) -> Time | None:
    if text.kind(index) == "blank" and text.bare(index).endswith(("/5", "/10", "/100")):
        return None
    if text.kind(index) == "blank" and _asks_day(text.bare(index)):
        return Time(index, index + 1, "blank")  # "[ngày]"
    if text.sequence(index - 1, "việc", "hôm", "nay"):
        return None  # "việc hôm nay chớ để ngày mai"
    if text.says(index, "năm") and text.says(index - 1, "phần"):
        return None  # "bốn phần năm trước 30/6/2027"
    if text.kind(index + 1) == "blank" and text.says(index, "tháng", "quý", "năm", "trước"):
        return Time(index, index + 2, "blank")
    if (
        text.says(index, "hạn", "gian", "thành")
        and not text.says(index - 1, "trễ", "đúng", "quá", "trước", "sớm")
        and text.bare(index + 1) == ":"
        and text.kind(index + 2) == "blank"
    ):
        return Time(index, index + 3, "blank")
    if (
        text.kind(index) == "date"
        and text.says(index + 1, "lên", "xuống")
        and text.kind(index + 2) in {"date", "number"}
    ):
        return None  # "từ 6/10 lên 9/10 hồ sơ"
    if text.kind(index) == "word" and text.bare(index) not in _STARTERS:
        return None
    for reader in _READERS:
        time = reader(text, index, today)
        if time is not None:
            return time
    return None


def _with_lead(text: Text, time: Time, floor: int) -> Time:
    """The time with the words that lead to it; ``trước năm 2027`` ends before it, ``từ …`` has no end yet."""
    first = time.first
    while first > floor and text.says(first - 1, *_LEADING) and time.first - first < 5:
        if text.sequence(first - 3, "trong", "ngày", "của"):
            break  # "trả trong ngày của năm 2026"
        first -= 1
    # A lead begins with a word that leads: in "3 ngày trước ngày 31/12" the first "ngày" belongs to the 3.
    while first < time.first and not text.says(first, *_OPENING):
        first += 1
    lead = range(first, time.first)
    if (
        time.kind in {"period", "day", "yearless"}
        and first > floor
        and text.says(first - 1, "từ")
        and not text.sequence(first - 2, "điện", "tử")
    ):
        begin = first - 1 - (text.says(first - 2, "kể") and first - 2 >= floor)
        return Time(
            begin, time.last, "start" if time.kind != "yearless" else "yearless", time.begin, time.end
        )
    if time.kind == "period" and time.begin and text.among(lead, "trước"):
        return replace(time, first=first, end=time.begin - timedelta(days=1))
    if time.kind == "past" and time.end and text.among(lead, "đến", "trước", "hết", "cuối"):
        return replace(time, first=first, kind="period")
    return replace(time, first=first) if time.limits or time.kind in {"yearless", "span", "blank"} else time


def _ranges(text: Text, found: list[Time]) -> list[Time]:
    """``từ X đến Y`` as one period, for the words between two times are only ``đến``, ``tới`` or a dash."""
    merged: list[Time] = []
    for time in found:
        before = merged[-1] if merged else None
        joined = before is not None and (
            time.first <= before.last + 1
            and (
                before.kind == "start" or (before.kind == "yearless" and text.says(before.first, "từ", "kể"))
            )
            and (time.limits or time.kind == "yearless")
            and (time.first > before.last or text.says(time.first, "đến", "tới", "cho"))
        )
        if before is not None and joined:
            merged[-1] = Time(
                before.first, time.last, "period" if time.limits else time.kind, before.begin, time.end
            )
        else:
            merged.append(time)
    return merged
