"""Days: ``ngày 31/12/2027``, ``30-6``, ``ngày 15 tháng 6``, and what is no day though it is written like one."""

from __future__ import annotations

import re
from datetime import date

from .numbers import small
from .quantity import COUNTED, MINUTES
from .time_forms import read_month
from .time_value import SEPARATOR, Time, in_month, on_day, year_after
from .words import Text

_DAY_AND_MONTH = re.compile("[0-9]{1,2}[.][0-9]{1,2}")
_CUT_DAY = re.compile("[0-9]{0,2}[ ]*/[ ]+/[ ]?[0-9]*|[ ]+/.*")  # "15/  /20", "ngày   /6/2027"
_LEADS_TO_DAY = ("trước", "dịp", "khánh", "mừng", "chốt", "mốc")
"""Behind these two numbers with a stroke are a day, whatever follows."""
_LEADS_TO_ANY = ("đến", "hết", "từ", "tới", "lúc", "lễ", "vào", "cuối", "hạn")
"""Behind these they may be so many out of so many."""
_NAMES_OF_DAYS = ("hạn", "mốc", "chốt", "gian", "thành", "xong", "ngày", "lúc")
_SCALE = 10
_OLDEST = 2020


def read_day(text: Text, index: int, today: date) -> Time | None:
    """``ngày 31/12/2027``, ``30-6``, ``ngày 15 tháng 6 năm 2027``, ``ngày …/…/20…``."""
    said = text.says(index, "ngày", "mùng", "mồng")
    at = index + said
    if text.kind(at) == "blank" and _CUT_DAY.fullmatch(text.bare(at)):
        return Time(index, at + 1, "blank")
    if text.kind(at) == "blank" and (
        said or (text.bare(at + 1) == "/" and not text.says(at - 1, "đạt", "là"))
    ):
        last = at + 1
        while text.kind(last) in {"blank", "number", "date"} or text.bare(last) == "/":
            last += 1
        if not said and last <= at + 3 and text.says(last, *COUNTED):
            return None  # "…/… phòng, ban"
        return Time(index, last, "blank") if said or last > at + 1 else None
    if text.kind(at) == "date":
        return _written_day(text, index, at, said, today)
    leads = text.says(at - 1, *_LEADS_TO_DAY, *_LEADS_TO_ANY) and text.bare(at + 1) == "-"
    leads = leads or (text.says(at - 1, "trước", "hạn", "chốt") and _is_dotted_day(text, at))
    if (said or leads) and (split := _loose_day(text, at)) and (said or not _is_unit(text, split[2])):
        day, month, last = split
        named = year_after(text, last, today)
        return on_day(index, named[1], day, month, named[0])
    number = small(text, at, 99)
    if number and text.kind(at) == "number" and text.says(number[1], "tháng"):
        inner = read_month(text, number[1], today)
        if inner is not None:
            if inner.begin is not None:
                return on_day(index, inner.last, number[0], inner.begin.month, inner.begin.year)
            if inner.kind == "impossible":
                return Time(index, inner.last, "impossible")
            month_number = small(text, number[1] + 1, 12)
            return on_day(index, inner.last, number[0], month_number[0] if month_number else 1, None)
    closed = number is not None and (number[1] == len(text.tokens) or text.bare(number[1]) in {",", ";", "."})
    if (
        number
        and said
        and closed
        and number[0] <= 31
        and (text.says(index - 1, "trước", "đến", "hết") or text.says(index - 2, "thứ"))
    ):
        return Time(index, number[1], "yearless")  # "trước ngày 25", "thứ sáu ngày 18"
    if _is_short_month(text, index):
        return Time(index, index + 2, "yearless")
    if text.sequence(index, "hôm", "nay") and not text.sequence(index + 3, "hơn", "hôm"):
        return Time(index, index + 2, "day", today, today)
    return None


def _is_short_month(text: Text, index: int) -> bool:
    """``T10`` where a part of the sentence ends."""
    number = small(text, index + 1, 12)
    return (
        text.bare(index) == "t"
        and number is not None
        and text.tokens[index].end == text.tokens[index + 1].start
        and text.kind(number[1]) in {"", "sign"}
    )


def _is_unit(text: Text, at: int) -> bool:
    return text.bare(at) == "%" or text.says(at, *COUNTED, *MINUTES, "phần")


def _is_dotted_day(text: Text, at: int) -> bool:
    """``trước 30.9``: more than any month, so no decimal of points."""
    day, _, month = text.bare(at).partition(".")
    dotted = _DAY_AND_MONTH.fullmatch(text.bare(at)) is not None
    return dotted and 12 < int(day) <= 31 and 1 <= int(month) <= 12


def _loose_day(text: Text, at: int) -> tuple[int, int, int] | None:
    """``30-9`` and ``30.9`` after ``ngày``: day, month, the index after them."""
    if text.kind(at) != "number":
        return None
    if _DAY_AND_MONTH.fullmatch(text.bare(at)):
        day, month = text.bare(at).split(".")
        return int(day), int(month), at + 1
    first, second = small(text, at, 31), small(text, at + 2, 12)
    if first and second and text.bare(at + 1) == "-" and text.kind(at + 2) == "number":
        return first[0], second[0], at + 3
    return None


def _written_day(text: Text, index: int, at: int, said: bool, today: date) -> Time | None:
    parts = [int(part) for part in SEPARATOR.split(text.bare(at))]
    if len(parts) == 3:
        if not said and _is_row_of_figures(text, at, parts):
            return None
        if parts[0] > 31:
            parts.reverse()
        named = parts[2] + (2000 if parts[2] < 100 else 0)
        if named <= _OLDEST and parts[2] < 100:  # "20/12/20": a year cut off
            return Time(index, at + 1, "impossible")
        return on_day(index, at + 1, parts[0], parts[1], named)
    if parts[1] >= 1990:
        return in_month(index, at + 1, parts[0], parts[1])
    possible = 1 <= parts[0] <= 31 and 1 <= parts[1] <= 12
    if not (said or _is_led_to(text, at, parts) or (possible and _stands_alone(text, at, parts))):
        return None
    if not possible:
        return Time(index, at + 1, "impossible") if said else None
    found, last = year_after(text, at + 1, today)
    return on_day(index, last if found else at + 1, parts[0], parts[1], found)


def _is_led_to(text: Text, at: int, parts: list[int]) -> bool:
    """``trước 30/9``, ``chốt 30/9``; ``đến 30/9 hồ sơ …``, for 30 out of 9 is no share; not ``đến 8/10 hồ sơ``."""
    if text.says(at - 1, *_LEADS_TO_DAY) or text.says(at - 2, "chậm", "muộn"):
        return True
    above = parts[0] > parts[1] and not text.says(at + 1, "điểm")
    if text.says(at - 1, *_LEADS_TO_ANY):
        counted = text.says(at + 1, *COUNTED, "số", "tổng") and not text.sequence(at + 1, "số", "hóa")
        return above or not (counted or text.bare(at + 1) == "%")
    ends = text.kind(at + 1) in {"", "sign"} and text.bare(at + 1) != "%"
    told = (
        text.says(at - 1, "đúng")
        or (ends and (text.says(at - 1, "thành", "thúc", "tất") or text.sequence(at - 2, "chốt", "sổ")))
        or (text.kind(at - 1) in {"", "sign"} and (text.says(at + 1, "là") or text.bare(at + 1) == ":"))
    )  # "Đúng 01/4 …", "hoàn thành 30/9", "30/6 là hạn cuối"
    return told and (above or text.bare(at).startswith("0"))


def _stands_alone(text: Text, at: int, parts: list[int]) -> bool:
    """``mốc: 30/9``, ``(31/12)``, a cell of a table; ``Trả lời dân: 9/10`` is a score."""
    if parts[0] > parts[1] and _between_dashes(text, at):
        return True
    if parts[0] > parts[1] and text.bare(at - 1) == "," and text.bare(at + 1) in {"", ".", ";", ","}:
        return text.bare(at + 1) != "" or parts[0] > _SCALE
    score = (
        parts[0] <= parts[1] == _SCALE and text.bare(at - 1) == ":" and not text.says(at - 2, *_NAMES_OF_DAYS)
    )
    apart = text.bare(at - 1) in {":", "("} or text.says(at - 1, "xong", "là") or text.in_new_cell(at)
    return apart and not score and text.kind(at + 1) in {"", "sign"} and text.bare(at + 1) != "%"


def _between_dashes(text: Text, at: int) -> bool:
    """``Bảo trợ xã hội - 96 % - 31/12 - đ/c Hạnh``: a cell of a short note; 31 out of 12 is no share."""
    dashes = {"-", "–", "—", ";"}
    return text.bare(at - 1) in dashes and text.bare(at + 1) in {*dashes, "", ",", "."}


def _is_row_of_figures(text: Text, at: int, parts: list[int]) -> bool:
    """``91 - 93 - 95``: two digits each, set apart, and no day of any month."""
    return " " in text.bare(at) and parts[2] < 100 and (parts[0] > 31 or parts[1] > 12)
