"""Times by their place in the calendar: days, months, quarters, years and spans of years."""

from __future__ import annotations

import re
from datetime import date

from .numbers import small, year, year_in_words
from .quantity import COUNTED, MINUTES
from .time_value import (
    NEXT,
    SEPARATOR,
    THIS,
    UNIT_DAYS,
    Time,
    coming,
    in_month,
    in_quarter,
    in_year,
    on_day,
    year_after,
)
from .words import Text

_DAY_AND_MONTH = re.compile("[0-9]{1,2}[.][0-9]{1,2}")
_CUT_DAY = re.compile("[0-9]{0,2}[ ]*/[ ]+/[ ]?[0-9]*|[ ]+/.*")  # "15/  /20", "ngày   /6/2027"
_LEADS_TO_DAY = (
    "trước",
    "đến",
    "hết",
    "từ",
    "hạn",
    "vào",
    "tới",
    "dịp",
    "lễ",
    "khánh",
    "lúc",
    "cuối",
    "mừng",
)
_MOON = {"giêng": 1, "chạp": 12}
_OLDEST, _NEWEST = 2020, 2100


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
        return Time(index, last, "blank") if said or last > at + 1 else None
    if text.kind(at) == "date":
        return _written_day(text, index, at, said, today)
    leads = text.says(at - 1, *_LEADS_TO_DAY) and text.bare(at + 1) == "-"
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
    if text.sequence(index, "hôm", "nay"):
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
    leads = text.says(at - 1, *_LEADS_TO_DAY) or text.says(at - 2, "chậm", "muộn")
    stands_alone = (
        (text.bare(at - 1) in {":", "("} or text.says(at - 1, "xong", "là") or text.in_new_cell(at))
        and text.kind(at + 1) in {"", "sign"}
        and text.bare(at + 1) != "%"
    )
    possible = 1 <= parts[0] <= 31 and 1 <= parts[1] <= 12
    stands_alone = stands_alone or (parts[0] > parts[1] and _between_dashes(text, at))
    counted = text.says(at + 1, "số", "hồ", "tổng", "điểm") and not text.sequence(at + 1, "số", "hóa")
    if not (said or (possible and stands_alone) or (leads and not counted)):
        return None
    if not possible:
        return Time(index, at + 1, "impossible") if said else None
    found, last = year_after(text, at + 1, today)
    return on_day(index, last if found else at + 1, parts[0], parts[1], found)


def _between_dashes(text: Text, at: int) -> bool:
    """``Bảo trợ xã hội - 96 % - 31/12 - đ/c Hạnh``: a cell of a short note; 31 out of 12 is no share."""
    dashes = {"-", "–", "—", ";"}
    return text.bare(at - 1) in dashes and text.bare(at + 1) in {*dashes, "", ",", "."}


def _is_row_of_figures(text: Text, at: int, parts: list[int]) -> bool:
    """``91 - 93 - 95``: two digits each, set apart, and no day of any month."""
    return " " in text.bare(at) and parts[2] < 100 and (parts[0] > 31 or parts[1] > 12)


def read_month(text: Text, index: int, today: date) -> Time | None:
    """``tháng 6/2027``, ``tháng 6 năm 2027``, ``tháng 6 tới``, ``tháng 6``."""
    if not text.says(index, "tháng") or (not text.marked and text.says(index - 1, "trên")):
        return None  # "trên thang 10" without its marks is a scale
    if text.kind(index + 1) == "date":
        parts = [int(part) for part in SEPARATOR.split(text.bare(index + 1))]
        return (
            in_month(index, index + 2, parts[0], parts[1]) if len(parts) == 2 and parts[1] >= 1990 else None
        )
    moon = next((value for word, value in _MOON.items() if text.says(index + 1, word)), None)
    number = (moon, index + 2) if moon else small(text, index + 1, 99)
    if number is None or (text.says(number[1], "năm") and text.bare(number[1] - 1) == "nam"):
        return None
    gone = _gone(text, number[1])
    if gone:
        return in_month(index, gone, number[0], today.year - (number[0] >= today.month))
    if text.says(number[1], "tới", *THIS):
        named = coming(number[0], today.month, today, text.says(number[1], *NEXT))
        return in_month(index, number[1] + 1, number[0], named)
    found, last = year_after(text, number[1], today)
    return in_month(index, last, number[0], found)


def _gone(text: Text, at: int) -> int:
    """The index after ``vừa qua``, ``vừa rồi``; 0 if neither stands at ``at``."""
    return at + 2 if text.says(at, "vừa") and text.says(at + 1, "qua", "rồi") else 0


def read_quarter(text: Text, index: int, today: date) -> Time | None:
    """``quý II/2027``, ``quý 2 năm 2027``, ``Q2/2027``, ``quý hai``."""
    at = index + 1
    if text.says(index, "quý") or text.bare(index) == "q":
        if text.kind(at) == "date":
            parts = [int(part) for part in SEPARATOR.split(text.bare(at))]
            return (
                in_quarter(index, at + 1, parts[0], parts[1])
                if len(parts) == 2 and parts[1] >= 1990
                else None
            )
        number = small(text, at, 12)
        if number is None or (text.says(at, "năm") and year(text, at + 1)):
            return None  # "4 quý năm 2027"
    elif text.bare(index) in {"qi", "qii", "qiii", "qiv"}:
        number = (("qi", "qii", "qiii", "qiv").index(text.bare(index)) + 1, at)
    else:
        return None
    gone = _gone(text, number[1])
    if gone:
        return in_quarter(index, gone, number[0], today.year - (number[0] >= (today.month + 2) // 3))
    if text.says(number[1], "tới", *THIS):
        named = coming(number[0], (today.month + 2) // 3, today, text.says(number[1], *NEXT))
        return in_quarter(index, number[1] + 1, number[0], named)
    found, last = year_after(text, number[1], today)
    return in_quarter(index, last, number[0], found)


def read_years(text: Text, index: int, today: date) -> Time | None:
    """``giai đoạn 2026-2030``, ``năm 2026 - 2027``, ``2026–2030``, ``năm 2027 và 2028``."""
    at = index
    if any(
        text.sequence(at, *words)
        for words in (("giai", "đoạn"), ("nhiệm", "kỳ"), ("năm", "học"), ("niên", "vụ"))
    ):
        at += 2
    elif text.says(at, "năm"):
        at += 1
    at += text.says(at, "từ") + text.says(at + 1, "năm") * text.says(at, "từ")
    first = year(text, at)
    if first is None:
        return None
    joint = text.bare(at + 1) in {"-", "–", "—", "/"} or text.says(at + 1, "đến", "và", "tới")
    skip = at + 2 + text.says(at + 2, "hết")
    skip += text.says(skip, "năm")
    second = year(text, skip) if joint else None
    if second is None or second < first:
        return None
    return Time(index, skip + 1, "period", date(first, 1, 1), date(second, 12, 31))


def read_year(text: Text, index: int, today: date) -> Time | None:
    """``năm 2027``; ``trong năm``, ``cả năm``: the year the plan is for."""
    if not text.says(index, "năm"):
        return None
    named = year(text, index + 1)
    if named:
        return in_year(index, index + 2, named)
    written = year_in_words(text, index + 1)
    if written:
        return in_year(index, written[1], written[0])
    # "năm" alone is the plan's year only where the words before it say so; else it may be the number five.
    if text.says(index - 1, "trong", "hết", "cả", "suốt") and small(text, index - 1, 99) is None:
        follows = text.bare(index + 1)
        if text.says(index + 1, *UNIT_DAYS) or follows in {"phut", "gio", "ho", "%"}:
            return None
        return Time(index, index + 1, "period")
    return None


def read_bare_year(text: Text, index: int, today: date) -> Time | None:
    """``đến 2027``, ``hết 2027``, ``…, 2027``."""
    named = year(text, index)
    ends = (
        text.kind(index + 1) in {"", "sign"}
        and (text.kind(index - 1) == "word" or text.bare(index - 1) in {",", ";", ":", "("})
        and text.bare(index + 1) not in {"%", "/"}
    )
    leads = ("đến", "trước", "hết", "tới", "vào", "trong", "cuối", "từ", "nhất", "cho", "sang")
    verbs = (
        "đạt",
        "phấn",
        "là",
        "còn",
        "giảm",
        "tăng",
        "có",
        "không",
        "dưới",
        "trên",
        "ít",
        "tối",
        "bằng",
        "được",
        "phải",
        "cần",
        "sẽ",
    )
    after = text.kind(index - 1) == "word" or text.bare(index - 1) in {",", ":", ";", "("}
    after = after or text.kind(index - 1) == ""
    after = after or (text.bare(index - 1) in {"-", "–"} and text.bare(index + 1) == ":")
    told = after and (text.says(index + 1, *verbs) or text.bare(index + 1) in {"=", ":"})
    if named and text.says(index + 1, *COUNTED):
        return None  # "trồng 2000 cây"
    if named and (ends or told or text.says(index - 1, *leads)):
        return in_year(index, index + 1, named)
    return None
