"""Times in a sentence: days, months, quarters, half years, years, terms, ranges of them, and what comes back.

A small grammar reads each form officers use: ``trước ngày 31/12/2027``, ``đến hết quý II/2027``, ``6 tháng đầu năm
2027``, ``cuối năm nay``, ``tháng 6 năm 2027``, ``hằng tháng … đến …``, ``trong 6 tháng``. What is relative is counted
from today. A time without a year has no last day here: it cannot be told to be past.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .numbers import small, year
from .words import Text

_UNIT_DAYS = {"ngày": 1, "tuần": 7, "tháng": 30, "quý": 91, "năm": 365}
_NEXT = ("tới", "sau")
_THIS = ("nay", "này")
_PAST = ("ngoái", "trước", "qua", "rồi")
_SEPARATOR = re.compile("[ ]?[/.-][ ]?")
_BEFORE = ("trước", "đến", "tới", "hết", "nhất", "trong", "vào", "xong", "cuối", "thời", "hạn", "điểm", "ngày", "của",
           "chậm", "muộn", "vòng", "cho", "kết", "thúc", "suốt", "thời", "gian", "cả", "là", "đầu")  # fmt: skip

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

_STARTERS = frozenset(
    {
        "hang",
        "moi",
        "tung",
        "nua",
        "cuoi",
        "giua",
        "dau",
        "ngay",
        "mung",
        "mong",
        "hom",
        "thang",
        "quy",
        "q",
        "qi",
        "qii",
        "qiii",
        "qiv",
        "cung",
        "nam",
        "tuan",
        "giai",
        "nhiem",
        "mot",
        "hai",
        "ba",
        "bon",
        "sau",
        "bay",
        "tam",
        "chin",
        "muoi",
        "i",
        "ii",
        "iii",
        "iv",
    }
)
"""What a time can begin with, without diacritics; no other word is tried."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time at tokens ``first`` up to, not with, ``last``.

    ``kind``: ``"day"``, ``"period"``, ``"duration"``, ``"yearless"`` (30/6), ``"span"`` (6 months, who
    knows from when), ``"recurring"`` (comes back), ``"start"`` (from then on, no
    end), ``"past"`` (last year, the same period) or ``"impossible"`` (31/02). ``begin`` and ``end`` are its first and
    last day as far as they are known.
    """

    first: int
    last: int
    kind: str
    begin: date | None = None
    end: date | None = None

    @property
    def limits(self) -> bool:
        """Whether it sets an end: a day, a period, a time span."""
        return self.kind in {"day", "period", "duration"}


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


def _time(text: Text, index: int, today: date) -> Time | None:
    if text.kind(index) == "word" and text.bare(index) not in _STARTERS:
        return None
    for reader in (
        _recurring,
        _half,
        _edge,
        _day,
        _month,
        _quarter,
        _relative,
        _span,
        _year,
        _duration,
        _bare_year,
    ):
        time = reader(text, index, today)
        if time is not None:
            return time
    return None


def _recurring(text: Text, index: int, today: date) -> Time | None:
    if text.says(index, "hằng", "hàng", "mỗi", "từng") and text.says(index + 1, *_UNIT_DAYS):
        return Time(index, index + 2, "recurring")
    count = small(text, index, 99)
    if count and text.says(count[1], "lần"):
        at = count[1] + 1
        at += text.bare(at) == "/" or text.says(at, "một", "mỗi", "trong")
        if text.says(at, *_UNIT_DAYS) and at > count[1] + 1:
            return Time(index, at + 1, "recurring")
    return None


def _half(text: Text, index: int, today: date) -> Time | None:
    """``6 tháng đầu năm 2027``, ``nửa cuối năm``, ``hai quý đầu năm``."""
    months, at = 0, index
    if text.says(index, "nửa"):
        at = index + 1
        months = 6
        if text.says(at, "năm") and text.says(at + 1, "đầu", "cuối"):
            at += 1
    else:
        count = small(text, index, 11)
        if count and text.says(count[1], "tháng", "quý"):
            months = count[0] * (3 if text.says(count[1], "quý") else 1)
            at = count[1] + 1
    if not 1 <= months <= 11 or not text.says(at, "đầu", "cuối"):
        return None
    early = text.says(at, "đầu")
    at += 1
    at += text.says(at, "của")
    named, at_end = _named_year(text, at, today)
    if at_end == at and not text.says(index, "nửa") and not text.sequence(at - 2, "tháng", "đầu"):
        return None
    if named is None:
        return Time(index, at_end, "period")
    if early:
        return Time(index, at_end, "period", date(named, 1, 1), _month_end(named, months))
    return Time(index, at_end, "period", date(named, 13 - months, 1), date(named, 12, 31))


def _edge(text: Text, index: int, today: date) -> Time | None:
    """``cuối năm nay``, ``giữa năm 2027``, ``đầu quý II/2027``, ``cuối tháng 6``, ``cuối 2027``."""
    if not text.says(index, "cuối", "giữa", "đầu"):
        return None
    if text.says(index + 1, "năm") or year(text, index + 1):
        named, last = _named_year(text, index + 1, today)
        month = 12 if text.says(index, "cuối") else 7 if text.says(index, "giữa") else 3
        known = named if named is not None else today.year
        if text.says(index, "đầu") and named is None:
            return None
        return Time(index, last, "period", date(known, 1, 1), _month_end(known, month))
    inner = (
        _month(text, index + 1, today)
        or _quarter(text, index + 1, today)
        or _relative(text, index + 1, today)
    )
    return replace(inner, first=index) if inner else None


def _day(text: Text, index: int, today: date) -> Time | None:
    said = text.says(index, "ngày", "mùng", "mồng")
    at = index + said
    if text.kind(at) == "date":
        parts = [int(part) for part in _SEPARATOR.split(text.bare(at))]
        if len(parts) == 3:
            if parts[0] > 31:
                parts.reverse()
            return _on(index, at + 1, parts[0], parts[1], parts[2] + (2000 if parts[2] < 100 else 0))
        if parts[1] >= 1990:
            return _within(index, at + 1, parts[0], parts[1])
        if (
            said
            or text.says(at - 1, "trước", "đến", "hết", "từ", "hạn", "vào", "tới")
            or text.says(at - 2, "chậm", "muộn")
        ):
            if not (1 <= parts[0] <= 31 and 1 <= parts[1] <= 12):
                return Time(index, at + 1, "impossible") if said else None
            named = _year_after(text, at + 1, today)
            if named[0]:
                return _on(index, named[1], parts[0], parts[1], named[0])
            return Time(index, at + 1, "yearless")
        return None
    number = small(text, at, 99)
    if number and text.kind(at) == "number" and text.says(number[1], "tháng"):
        month = small(text, number[1] + 1, 99)
        if month is not None:
            named = _year_after(text, month[1], today)
            return _on(index, named[1], number[0], month[0], named[0])
        if text.kind(number[1] + 1) == "date":
            parts = [int(part) for part in _SEPARATOR.split(text.bare(number[1] + 1))]
            if len(parts) == 2 and parts[1] >= 1990:
                return _on(index, number[1] + 2, number[0], parts[0], parts[1])
    if text.sequence(index, "hôm", "nay"):
        return Time(index, index + 2, "day", today, today)
    return None


def _on(first: int, last: int, day: int, month: int, named: int | None) -> Time:
    if named is None:
        possible = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2028, month)[1]
        return Time(first, last, "yearless" if possible else "impossible")
    try:
        exact = date(named, month, day)
    except ValueError:
        return Time(first, last, "impossible")
    return Time(first, last, "day", exact, exact)


def _within(first: int, last: int, month: int, named: int) -> Time:
    if not (1 <= month <= 12 and named <= 2100):
        return Time(first, last, "impossible")
    return Time(first, last, "period", date(named, month, 1), _month_end(named, month))


def _month(text: Text, index: int, today: date) -> Time | None:
    if not text.says(index, "tháng"):
        return None
    if text.kind(index + 1) == "date":
        parts = [int(part) for part in _SEPARATOR.split(text.bare(index + 1))]
        if len(parts) == 2 and parts[1] >= 1990:
            return _within(index, index + 2, parts[0], parts[1])
        return None
    number = small(text, index + 1, 99)
    if number is None or (text.says(number[1], "năm") and text.bare(number[1] - 1) == "nam"):
        return None
    named, last = _year_after(text, number[1], today)
    if number[0] > 12:
        return Time(index, last, "impossible")
    return _within(index, last, number[0], named) if named else Time(index, last, "yearless")


def _quarter(text: Text, index: int, today: date) -> Time | None:
    at = index + 1
    if text.says(index, "quý") or text.bare(index) == "q":
        if text.kind(at) == "date":
            parts = [int(part) for part in _SEPARATOR.split(text.bare(at))]
            if len(parts) == 2 and parts[1] >= 1990:
                return _in_quarter(index, at + 1, parts[0], parts[1])
            return None
        number = small(text, at, 12)
        if number is None:
            return None
    elif text.bare(index) in {"qi", "qii", "qiii", "qiv"}:
        number = (("qi", "qii", "qiii", "qiv").index(text.bare(index)) + 1, at)
    else:
        return None
    named, last = _year_after(text, number[1], today)
    return _in_quarter(index, last, number[0], named)


def _in_quarter(first: int, last: int, number: int, named: int | None) -> Time:
    if not 1 <= number <= 4:
        return Time(first, last, "impossible")
    if named is None:
        return Time(first, last, "yearless")
    return Time(first, last, "period", date(named, 3 * number - 2, 1), _month_end(named, 3 * number))


def _relative(text: Text, index: int, today: date) -> Time | None:
    """``tháng này``, ``quý tới``, ``năm sau``, ``năm ngoái``, ``cùng kỳ``."""
    if text.sequence(index, "cùng", "kỳ"):
        named, last = _year_after(text, index + 2, today)
        if text.says(index + 2, "năm") and text.says(index + 3, *_PAST):
            last = index + 4
        return Time(index, last, "past")
    if not text.says(index, *_UNIT_DAYS):
        return None
    unit = next(word for word in _UNIT_DAYS if text.says(index, word))
    at = index + 1
    if text.says(at, *_PAST) and unit != "ngày" and not text.says(at + 1, "ngày", "tháng", "năm", "khi"):
        return Time(index, at + 1, "past")
    if text.sequence(at, "tiếp", "theo") or text.sequence(at, "kế", "tiếp"):
        steps, last = 1, at + 2
    elif text.says(at, *_NEXT) or text.says(at, *_THIS):
        steps, last = int(text.says(at, *_NEXT)), at + 1
    elif text.sequence(at, "hiện", "tại"):
        steps, last = 0, at + 2
    else:
        return None
    match unit:
        case "năm":
            named = today.year + steps
            return Time(index, last, "period", date(named, 1, 1), date(named, 12, 31))
        case "tháng":
            month = today.month - 1 + steps
            return _within(index, last, month % 12 + 1, today.year + month // 12)
        case "quý":
            quarter = (today.month - 1) // 3 + steps
            return _in_quarter(index, last, quarter % 4 + 1, today.year + quarter // 4)
        case "tuần":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
            return Time(index, last, "period", monday, monday + timedelta(days=6))
        case _:
            return None


def _span(text: Text, index: int, today: date) -> Time | None:
    """``giai đoạn 2026-2030``, ``năm 2026 - 2027``, ``2026–2030``, ``năm 2027 và 2028``."""
    at = index
    if (
        text.sequence(at, "giai", "đoạn")
        or text.sequence(at, "nhiệm", "kỳ")
        or text.sequence(at, "năm", "học")
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


def _year(text: Text, index: int, today: date) -> Time | None:
    if not text.says(index, "năm"):
        return None
    named = year(text, index + 1)
    if named:
        return Time(index, index + 2, "period", date(named, 1, 1), date(named, 12, 31))
    # "năm" alone is this year only where the words before it say so; else it may be the number five.
    if text.says(index - 1, "trong", "hết", "cả") and small(text, index - 1, 99) is None:
        follows = text.bare(index + 1)
        if text.says(index + 1, *_UNIT_DAYS) or follows in {"phut", "gio", "ho", "%"}:
            return None
        return Time(index, index + 1, "period", date(today.year, 1, 1), date(today.year, 12, 31))
    return None


def _duration(text: Text, index: int, today: date) -> Time | None:
    """``trong 6 tháng``, ``trong vòng 2 năm tới``, ``90 ngày tới``; a span of days alone is a processing time."""
    count = small(text, index, 999)
    if count is None or not text.says(count[1], *_UNIT_DAYS):
        return None
    unit = next(word for word in _UNIT_DAYS if text.says(count[1], word))
    last = count[1] + 1
    ahead = (
        text.says(last, "tới", "sau")
        or text.sequence(last, "tiếp", "theo")
        or text.sequence(last, "kế", "tiếp")
    )
    if ahead:
        last += 1 if text.says(last, "tới", "sau") else 2
    adopted = text.sequence(last, "kể", "từ") and _adopted(text, last + 2)
    within = text.says(index - 1, "trong", "vòng", "suốt", "sau", "tục", "tiếp") or (
        text.says(index - 1, "trong") and text.says(index - 2, "vòng")
    )
    if not (ahead or adopted or (within and unit in {"tháng", "năm", "quý", "tuần"})):
        return None
    days = min(count[0] * _UNIT_DAYS[unit], 36_500)
    return Time(index, last, "duration" if ahead or adopted else "span", today, today + timedelta(days=days))


def _adopted(text: Text, index: int) -> bool:
    """``kể từ ngày ban hành / ký / phê duyệt kế hoạch``: the plan's own clock, not a file's."""
    return any(
        text.sequence(at, "ban", "hành")
        or text.says(at, "ký")
        or text.sequence(at, "phê", "duyệt")
        or text.says(at, "nay")
        for at in range(index, index + 4)
    )


def _bare_year(text: Text, index: int, today: date) -> Time | None:
    named = year(text, index)
    ends = (
        text.kind(index + 1) in {"", "sign"}
        and text.kind(index - 1) == "word"
        and text.bare(index + 1) != "%"
    )
    ends = ends or (text.bare(index - 1) == "(" and text.bare(index + 1) == ")")
    if named and (
        ends or text.says(index - 1, "đến", "trước", "hết", "tới", "vào", "trong", "cuối", "từ", "nhất")
    ):
        return Time(index, index + 1, "period", date(named, 1, 1), date(named, 12, 31))
    return None


def _year_after(text: Text, index: int, today: date) -> tuple[int | None, int]:
    """The year that follows a day, month or quarter, and the index after it."""
    at = index
    if text.bare(at) in {"/", "-", ",", "."} or text.says(at, "của"):
        at += 1
    named, last = _named_year(text, at, today)
    return (named, last) if named is not None else (None, last if last > at and at == index else index)


def _named_year(text: Text, index: int, today: date) -> tuple[int | None, int]:
    said = text.says(index, "năm")
    at = index + said
    named = year(text, at)
    if named:
        return named, at + 1
    if said and text.says(at, *_THIS):
        return today.year, at + 1
    if said and text.says(at, *_NEXT):
        return today.year + 1, at + 1
    return None, at if said and small(text, at, 99) is None else index


def _month_end(named: int, month: int) -> date:
    return date(named, month, calendar.monthrange(named, month)[1])


def _with_lead(text: Text, time: Time, floor: int) -> Time:
    """The time with the words that lead to it; ``trước năm 2027`` ends before it, ``từ …`` has no end yet."""
    first = time.first
    while first > floor and text.says(first - 1, *_BEFORE) and time.first - first < 5:
        first -= 1
    # A lead begins with a word that leads: in "3 ngày trước ngày 31/12" the first "ngày" belongs to the 3.
    while first < time.first and not text.says(first, *_OPENING):
        first += 1
    lead = range(first, time.first)
    if time.kind in {"period", "day", "yearless"} and first > floor and text.says(first - 1, "từ"):
        begin = first - 1 - (text.says(first - 2, "kể") and first - 2 >= floor)
        return Time(begin, time.last, "start", time.begin, time.end)
    if time.kind == "period" and time.begin and any(text.says(at, "trước") for at in lead):
        return replace(time, first=first, end=time.begin - timedelta(days=1))
    return replace(time, first=first) if time.limits or time.kind in {"yearless", "span"} else time


def _ranges(text: Text, found: list[Time]) -> list[Time]:
    """``từ X đến Y`` as one period, for the words between two times are only ``đến``, ``tới`` or a dash."""
    merged: list[Time] = []
    for time in found:
        before = merged[-1] if merged else None
        joined = before is not None and (
            time.first <= before.last + 1
            and before.kind == "start"
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
