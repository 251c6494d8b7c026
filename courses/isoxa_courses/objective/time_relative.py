"""Times that hang on something else: parts of a year, what is counted from today, spans, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from .numbers import small, year
from .time_days import read_day
from .time_forms import read_month, read_quarter
from .time_value import (
    NEXT,
    PAST,
    THIS,
    UNIT_DAYS,
    Time,
    in_month,
    in_quarter,
    in_year,
    month_end,
    named_year,
    year_after,
)
from .words import Text

_FARTHEST = 20
_SHORTEST_SPAN = 20
"""Fewer days than this, said without a first day, are the time allowed for one case, not the plan's."""


_WITHIN = ("trong", "vòng", "suốt", "sau", "tục", "tiếp")

_INSTEAD = (("thay", "cho"), ("thay", "vì"), ("so", "với"))
"""After a few days these words compare the time of one case with another."""


def read_recurring(text: Text, index: int, today: date) -> Time | None:
    """``hằng tháng``, ``mỗi quý``, ``3 lần/tuần``, ``tháng nào cũng``; ``năm sau cao hơn năm trước``."""
    if text.says(index, "hằng", "hàng", "mỗi", "từng") and text.says(index + 1, *UNIT_DAYS):
        return Time(index, index + 2, "recurring")
    if text.says(index, *UNIT_DAYS) and text.says(index + 1, "nào"):
        return Time(index, index + 2, "recurring")
    if text.says(index, *UNIT_DAYS) and text.says(index + 1, "sau"):
        for at in range(index + 2, index + 7):
            if text.bare(at) == text.bare(index) and text.says(at + 1, "trước") and text.says(at - 1, "hơn"):
                return Time(index, at + 2, "recurring")
    day = small(text, index + 1, 31) if text.says(index, "ngày") else None
    if day and text.says(day[1], "hằng", "hàng", "mỗi") and text.says(day[1] + 1, "tháng"):
        return Time(index, day[1] + 2, "recurring")
    count = small(text, index, 99)
    if count and text.says(count[1], *UNIT_DAYS) and not text.says(index - 1, *_WITHIN):
        again = small(text, count[1] + 1, 99)
        if again and text.says(again[1], "lần"):
            # "1 quý 1 lần" counts; in "6 tháng một lần" the number after the month is part of the time
            last = again[1] + 1 if text.says(count[1], "tháng") else count[1] + 1
            return Time(index, last, "recurring")
    if count and text.says(count[1], "lần"):
        at = count[1] + 1
        at += text.bare(at) == "/" or text.says(at, "một", "mỗi", "trong")
        if text.says(at, *UNIT_DAYS) and at > count[1] + 1 and not year(text, at + 1):
            return Time(index, at + 1, "recurring")
    return None


def read_part(text: Text, index: int, today: date) -> Time | None:
    """``6 tháng đầu năm 2027``, ``nửa cuối năm``, ``hai quý đầu năm``, ``những tháng cuối năm``."""
    months, at, loose = 0, index, False
    if text.says(index, "nửa"):
        at = index + 1
        months, loose = 6, True
        if text.says(at, "năm") and text.says(at + 1, "đầu", "cuối"):
            at += 1
    elif text.says(index, "tháng", "quý"):
        months, at = 6, index + 1
    else:
        count = small(text, index, 11)
        if count and text.says(count[1], "tháng", "quý"):
            months = count[0] * (3 if text.says(count[1], "quý") else 1)
            at, loose = count[1] + 1, True
    if text.sequence(at, "còn", "lại"):
        return _rest_of_year(text, index, at + 2, today)
    if not 1 <= months <= 11 or not text.says(at, "đầu", "cuối"):
        return None
    early = text.says(at, "đầu")
    at += 1
    if text.says(at, "tháng", "quý"):  # "nửa đầu tháng 3"
        whole = read_month(text, at, today) or read_quarter(text, at, today) or read_relative(text, at, today)
        return replace(whole, first=index) if whole else None
    at += text.says(at, "của")
    named, last = named_year(text, at, today)
    if last == at and not (loose and text.says(at - 2, "tháng", "nửa", "năm")):
        return None
    if named is None:
        return Time(index, last, "period")
    if early:
        return Time(index, last, "period", date(named, 1, 1), month_end(named, months))
    return Time(index, last, "period", date(named, 13 - months, 1), date(named, 12, 31))


def _rest_of_year(text: Text, index: int, at: int, today: date) -> Time | None:
    at += text.says(at, "của")
    if not text.says(at, "năm"):
        return None
    named, last = named_year(text, at, today)
    return Time(index, last, "period", end=date(named, 12, 31) if named else None)


def read_edge(text: Text, index: int, today: date) -> Time | None:
    """``cuối năm nay``, ``giữa năm 2027``, ``đầu quý II/2027``, ``cuối tháng 6``, ``cuối 2027``."""
    if not text.says(index, "cuối", "giữa", "đầu"):
        return None
    at = index + 1 + 2 * text.sequence(index + 1, "cùng", "của")
    if text.says(at, "năm") or year(text, at):
        named, last = named_year(text, at, today)
        if named is None:
            last = max(last, at + 1) if text.says(at, "năm") else last
            stood = text.says(index, "đầu") and (text.says(last, "là") or text.kind(last) == "number")
            aimed = text.among(range(last, len(text.tokens)), "cuối", "đến", "phấn")
            # "đầu năm là 3 %, đến 31/12 còn 2 %", "hơn hồi đầu năm": where things stood
            gone = text.says(index - 1, "hồi") or (stood and aimed)
            return Time(index, last, "past" if gone else "period")
        last_month = 12 if text.says(index, "cuối") else 7 if text.says(index, "giữa") else 3
        return Time(index, last, "period", date(named, 1, 1), month_end(named, last_month))
    inner = read_month(text, at, today) or read_quarter(text, at, today) or read_relative(text, at, today)
    return replace(inner, first=index) if inner else None


def read_relative(text: Text, index: int, today: date) -> Time | None:
    """``tháng này``, ``quý tới``, ``năm sau``, ``năm ngoái``, ``cùng kỳ``."""
    if text.sequence(index, "cùng", "kỳ"):
        named, last = year_after(text, index + 2, today)
        if named is not None and named > today.year:
            return replace(in_year(index, last, named), begin=None)  # "45 % (cùng kỳ năm 2027)"
        return Time(index, last, "past")
    if (
        text.sequence(index, "sang", "năm")
        and year(text, index + 2) is None
        and not text.says(index + 2, "học")
    ):
        return in_year(index, index + 2, today.year + 1)
    if not text.says(index, *UNIT_DAYS):
        return None
    unit = next(word for word in UNIT_DAYS if text.says(index, word))
    at = index + 1
    if (
        text.says(at, *PAST)
        and unit != "ngày"
        and not text.says(at + 1, "ngày", "tháng", "năm", "khi", "mắt")
    ):
        return Time(index, at + 1, "past", end=_end_of_last(unit, today))
    if text.sequence(at, "tiếp", "theo") or text.sequence(at, "kế", "tiếp"):
        steps, last = 1, at + 2
    elif text.says(at, "sau") and unit in {"tuần", "tháng", "quý"} and text.says(index - 1, "sang", "qua"):
        return Time(index, at + 1, "recurring")  # "không hồ sơ nào nằm lại sang tháng sau"
    elif text.says(at, *NEXT) or text.says(at, *THIS):
        steps, last = int(text.says(at, *NEXT)), at + 1
    elif text.sequence(at, "hiện", "tại"):
        steps, last = 0, at + 2
    else:
        return None
    match unit:
        case "năm" if steps and text.says(index - 1, "những", "các", "mọi"):
            return None  # "tạo đà cho những năm tiếp theo"
        case "năm":
            return in_year(index, last, today.year + steps)
        case "tháng":
            month = today.month - 1 + steps
            return in_month(index, last, month % 12 + 1, today.year + month // 12)
        case "quý":
            quarter = (today.month - 1) // 3 + steps
            return in_quarter(index, last, quarter % 4 + 1, today.year + quarter // 4)
        case "tuần":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
            return Time(index, last, "period", monday, monday + timedelta(days=6))
        case _:
            return None


def _end_of_last(unit: str, today: date) -> date:
    match unit:
        case "năm":
            return date(today.year - 1, 12, 31)
        case "tháng":
            return today.replace(day=1) - timedelta(days=1)
        case "quý":
            return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
        case _:
            return today - timedelta(days=today.weekday() + 1)


def _part_from(text: Text, first: int) -> Iterator[int]:
    """The places from ``first`` to the next sign."""
    at = first
    while at < first + _FARTHEST and text.kind(at) not in {"", "sign"}:
        yield at
        at += 1


def read_duration(text: Text, index: int, today: date) -> Time | None:
    """``trong 6 tháng``, ``trong vòng 2 năm tới``, ``90 ngày kể từ ngày 01/3/2027``; few days are one case's time."""
    if text.sequence(index, "nửa", "năm"):
        count, unit, last = 6, "tháng", index + 2
    else:
        number = small(text, index, 999)
        if number is None or not text.says(number[1], *UNIT_DAYS):
            return None
        count, last = number[0], number[1] + 1
        unit = next(word for word in UNIT_DAYS if text.says(last - 1, word))
    days = timedelta(days=min(count * UNIT_DAYS[unit], 36_500))
    for words in (("tới",), ("sau",), ("tiếp", "theo"), ("kế", "tiếp")):
        if text.sequence(last, *words) and not text.says(last + len(words), "khi", "ngày"):
            return Time(index, last + len(words), "duration", today, today + days)
    counted = (
        last + 2
        if text.sequence(last, "kể", "từ")
        else last + 1
        if text.says(last, "từ", "sau", "tính")
        else 0
    )
    if counted:
        start = read_day(text, counted, today)
        if text.says(index - 1, "xuống", "lên") and start is not None:
            return None  # "từ 4 ngày xuống 2 ngày kể từ ngày 01/4/2027": the figure, and from when on
        if start is not None and start.begin is not None:
            return Time(index, start.last, "duration", start.begin, start.begin + days)
        if text.says(counted, "nay"):
            return Time(index, counted + 1, "duration", today, today + days)
        if any(text.sequence(at, "hiệu", "lực") for at in _part_from(text, counted)):
            # QĐ 19/2014/QĐ-TTg: changes of the law are taken over within three months.
            return Time(index, last, "duration")
        if text.sequence(counted, "ngày", "nhận") or text.sequence(counted, "khi", "nhận"):
            return None
    within = (text.says(index - 1, *_WITHIN) and not text.says(index - 2, "trễ")) or (
        unit != "ngày"
        and (
            (index == 0 and text.bare(last) in {",", ":"})
            or (text.in_new_cell(index) and not text.bare(last))
        )
    )  # "6 tháng, tỷ lệ …", "… | 6 tháng"
    long = unit in {"tháng", "năm", "quý", "tuần"} or (
        unit == "ngày"
        and count >= _SHORTEST_SPAN
        and (not text.sequence(last, "làm", "việc") or (index == 1 and text.bare(last + 2) == ","))
        and not any(text.sequence(last + 1, *words) for words in _INSTEAD)
    )
    by_case = text.says(index - 2, "quyết", "lý", "trả", "cấp", "xong") and any(
        text.kind(at) == "number" and text.says(at + 1, "ngày", "giờ", "tuần", "buổi", "tháng")
        for at in range(index - 1)
    )  # "từ 3 ngày giải quyết …, phấn đấu giải quyết trong 1 tuần"
    return Time(index, last, "span", today, today + days) if within and long and not by_case else None
