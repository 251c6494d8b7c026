"""Times by their place in the calendar: days, months, quarters, years and spans of years."""

from __future__ import annotations

from datetime import date

from .numbers import small, year, year_in_words
from .quantity import COUNTED
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
    year_after,
)
from .words import Text

_MOON = {"giêng": 1, "chạp": 12}


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
    if text.says(index + 1, "tư") and (text.marked or text.kind(index + 2) != "word"):
        moon = 4  # "tháng Tư"; typed without marks it may be "từ"
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
    at = index + 1 + (text.bare(index) == "q" and text.bare(index + 1) == ".")  # "Q.IV/2027"
    if text.says(index, "quý") or text.bare(index) == "q":
        if text.kind(at) == "date":
            parts = [int(part) for part in SEPARATOR.split(text.bare(at))]
            return (
                in_quarter(index, at + 1, parts[0], parts[1])
                if len(parts) == 2 and parts[1] >= 1990
                else None
            )
        if text.bare(at) == "v" and text.says(index, "quý"):
            return Time(index, at + 1, "impossible")
        number = small(text, at, 12)
        if number is None or (text.says(at, "năm") and year(text, at + 1)):
            return None  # "4 quý năm 2027"
        if number[0] > 4 and text.bare(index) == "q":
            return None  # "chỉ số Q7"
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


_LEADS_TO_YEAR = ("đến", "trước", "hết", "tới", "vào", "trong", "cuối", "từ", "nhất", "cho", "sang")
_SAID_OF_YEAR = (
    "đạt", "phấn", "là", "còn", "giảm", "tăng", "có", "không", "dưới", "trên", "ít", "tối", "bằng", "được", "phải",
    "cần", "sẽ", "lên", "xuống",
)  # fmt: skip
_PLANS = (
    ("kế", "hoạch"),
    ("trọng", "tâm"),
    ("mục", "tiêu"),
    ("chỉ", "tiêu"),
    ("nhiệm", "vụ"),
    ("đăng", "ký"),
)


def read_bare_year(text: Text, index: int, today: date) -> Time | None:
    """``đến 2027``, ``hết 2027``, ``…, 2027``, ``kế hoạch 2027``."""
    named = year(text, index)
    if not named or (text.says(index + 1, *COUNTED) and not text.says(index - 1, "hết", "cuối")):
        return None  # "trồng 2000 cây"; not "đến hết 2027 xã không còn …"
    before = text.bare(index - 1)
    apart = text.kind(index - 1) == "word" or before in {",", ";", ":", "("}
    dashed = before in {"-", "–"} and text.apart(index - 1) and text.kind(index - 2) != "number"
    ends = (
        (apart or text.in_new_cell(index) or dashed)
        and text.kind(index + 1) in {"", "sign"}
        and text.bare(index + 1) not in {"%", "/"}
    )
    after = apart or before == "" or (before in {"-", "–"} and text.bare(index + 1) == ":")
    told = after and (text.says(index + 1, *_SAID_OF_YEAR) or text.bare(index + 1) in {"=", ":"})
    planned = named >= today.year and any(text.sequence(index - 2, *words) for words in _PLANS)
    # A number so near to today's year, without a thousands' dot and with nothing that it counts, is a year.
    near = today.year - 2 <= named <= today.year + 5 and text.bare(index + 1) not in {"%", "/"}
    near = near or text.says(index - 1, "hết", "cuối")
    near = (
        near and before != "/" and not text.says(index - 1, "số", "từ", "còn", "lên", "xuống", "được", "đạt")
    )
    if ends or told or planned or near or text.says(index - 1, *_LEADS_TO_YEAR):
        return in_year(index, index + 1, named)
    return None
