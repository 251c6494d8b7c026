"""Figures in a sentence: what they are, what they count, and whether they are limits, changes or today's state.

``98,5 % hồ sơ``, ``không quá 2 ngày``, ``từ 96,0 lên 98,5 %``, ``tăng thêm 5 điểm %``, ``một nửa``, ``1.232/1.250 hồ
sơ``, ``xếp thứ 3``, ``… %`` are figures. Dates, numbers of decrees and list numbers are not. A nought in words is read
in ``noughts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .noughts import nought
from .numbers import digits, fraction, in_words
from .quantity import COUNTED, MINUTES, Quantity, unit_at
from .words import Found, Text

__all__ = ["Quantity", "find_quantities"]

_RANGE = frozenset({"-", "–", "—"})
_PERCENT_WORDS = (("phần", "trăm"), ("phần", "nghìn"))
_LIMITS = ("at_most", "below", "at_least", "above")
_BLANKS = frozenset({"x", "xx", "xxx", "y", "yy", "n", "nn"})
_HUNDRED = Decimal(100)


def find_quantities(text: Text, marks: Sequence[Found], taken: frozenset[int]) -> tuple[Quantity, ...]:
    """The figures from left to right; tokens in ``taken`` (times, references) are passed over."""
    starts = {mark.first: mark for mark in marks}
    found: list[Quantity] = []
    index = 0
    while index < len(text.tokens):
        quantity = None if index in taken else _at(text, index, starts)
        if quantity is None or any(at in taken for at in range(index, quantity.number_last)):
            mark = starts.get(index)
            index = mark.last if mark and not mark.lists & {"none", "at_least", "at_most", "grades"} else index + 1
            continue
        found.append(_with_limit(text, quantity, marks, found[-1].last if found else 0))
        index = max(quantity.last, index + 1)
    if not found:
        every = [at for at in range(2, len(text.tokens)) if text.says(at, "đều") and text.kind(at + 1) == "word"]
        found += [Quantity(at, at + 1, _HUNDRED, _HUNDRED, "percent", number_last=at + 1) for at in every[:1]]
    return tuple(_inherit_units(text, found))


def _at(text: Text, index: int, starts: dict[int, Found]) -> Quantity | None:
    mark = starts.get(index)
    share = fraction(text, index)
    if share is not None:
        minutes = _minutes(text, share[1]) if text.says(share[1], "giờ", "ngày", "tiếng", "buổi") else Decimal(0)
        if minutes:
            spent = minutes * share[0]
            name = text.quote(index, share[1] + 1)
            return Quantity(index, share[1] + 1, spent, spent, "minutes", name, number_last=share[1])
        value = share[0] * _HUNDRED
        return Quantity(index, share[1], value, value, "percent", number_last=share[1])
    if mark is not None and "all" in mark.lists:
        if text.kind(mark.last) != "number" and not text.says(mark.last, "mặt", "điều", "nguồn", "lúc", "nơi"):
            return Quantity(index, mark.last, _HUNDRED, _HUNDRED, "percent", number_last=mark.last)
        return None
    if text.says(index, "mỗi", "từng") and not text.says(index + 1, "ngày", "tháng", "năm", "quý", "tuần"):
        each = range(index + 2, min(index + 9, len(text.tokens)))
        if any(text.says(at, "đều", "có") for at in each):
            return Quantity(index, index + 1, _HUNDRED, _HUNDRED, "percent", number_last=index + 1)
    if mark is not None and "none" in mark.lists:
        return nought(text, mark, starts)
    if text.says(index, "gấp"):
        return _times(text, index)
    if text.says(index, "nửa") and text.says(index + 1, "ngày", "giờ", "tiếng", "buổi"):
        value = _minutes(text, index + 1) / 2
        return Quantity(index, index + 2, value, value, "minutes", text.quote(index, index + 2), number_last=index + 1)
    if text.kind(index) == "blank" or text.bare(index) in _BLANKS:
        return _blank(text, index)
    if mark is not None and mark.lists & {"system", "people", "outside"} and text.kind(index) == "number":
        return None  # "1 cửa"
    if text.kind(index) == "date":
        return _ratio(text, index)
    if mark is not None and "ranks" in mark.lists:
        rank = digits(text, mark.last) or in_words(text, mark.last)
        last = rank[1] if rank else mark.last + text.says(mark.last, "nhất", "nhì", "ba")
        ranked = rank is not None or last > mark.last
        return Quantity(index, last, Decimal(1), Decimal(1), "rank", number_last=last) if ranked else None
    if text.says(index, "đứng", "dẫn") and text.says(index + 1, "đầu", "nhất"):
        compared = text.says(index - 2, "của", "bằng", "hơn", "như")
        named = any(one.lists & {"more", "less"} for one in starts.values())
        return None if compared or not named else Quantity(index, index + 2, Decimal(1), Decimal(1), "rank", number_last=index + 2)
    number = digits(text, index)
    if number is None:
        if mark is not None and mark.last > index + 1:
            return None  # "hai mươi" is read below; phrases of the lists are not numbers
        words = in_words(text, index)
        if words is None or not _counts(text, words[1], starts):
            return None
        number = words
    elif _heads_a_list(text, index, number[1]):
        return None
    return _measured(text, index, number, starts)


def _times(text: Text, index: int) -> Quantity | None:
    if text.says(index + 1, "đôi", "ba", "rưỡi", "hai", "bốn"):
        return Quantity(index, index + 2, Decimal(2), Decimal(2), "times", number_last=index + 2)
    count = digits(text, index + 1) or in_words(text, index + 1)
    if count and text.says(count[1], "lần"):
        return Quantity(index, count[1] + 1, count[0], count[0], "times", number_last=count[1] + 1)
    return None


def _blank(text: Text, index: int) -> Quantity | None:
    """``… %``, ``xx%``: a level that is still to be filled in."""
    said = text.bare(index + 1) == "%" or text.sequence(index + 1, "phần", "trăm")
    if not said and (text.kind(index) != "blank" or text.says(index - 1, "ngày", "tháng", "quý", "năm")):
        return None
    counted = text.says(index + 1, *COUNTED) or text.says(index + 1, *MINUTES)
    if not said and not (counted and text.kind(index - 1) == "word"):
        return None
    last = index + 2 if text.bare(index + 1) == "%" else index + 3 if said else index + 1
    return Quantity(index, last, Decimal(0), Decimal(0), "blank", number_last=last)


def _minutes(text: Text, index: int) -> Decimal:
    return next((Decimal(minutes) for unit, minutes in MINUTES.items() if text.says(index, unit)), Decimal(0))


def _heads_a_list(text: Text, index: int, last: int) -> bool:
    """``1. …``, ``2) …``, ``Mục tiêu 1: …``."""
    if text.bare(last) in {":", ")"} and text.bare(index).isdigit() and text.bare(last - 2) != "(":
        return index == 0 or (
            text.kind(index - 1) == "word" and not text.says(index - 1, "đạt", "là", "còn", "quá")
        )
    return (index == 0 and text.bare(last) == ".") or (
        text.bare(last) in {".", ")"} and text.bare(index - 1) == "\n"
    )


def _counts(text: Text, index: int, starts: dict[int, Found]) -> bool:
    """Whether what stands at ``index`` is a unit, so that the word before it is a number."""
    if text.sequence(index, "phần", "trăm") or text.bare(index) == "%":
        return True
    if text.says(index, *MINUTES):
        return text.marked or text.kind(index + 1) not in {"number", "date"}
    mark = starts.get(index)
    counted = bool(mark and mark.lists & {"system", "people", "activity_units", "outside"})
    return counted or (text.says(index, *COUNTED) and (text.marked or text.kind(index + 1) == "word"))


def _ratio(text: Text, index: int) -> Quantity | None:
    """``9/10 người dân``: a date by its looks, a share by what follows."""
    part, _, total = text.bare(index).partition("/")
    if not (part.isdigit() and total.isdigit()) or len(total) > 3:
        return None
    unit, last = unit_at(text, index + 1)
    if not unit and not text.says(index - 1, "đạt", "điểm", "là", "lên", "từ", "xuống", "còn", "mức"):
        return None
    kind = "count" if unit else "bare"
    return Quantity(index, last, Decimal(part), Decimal(part), kind, unit, "", index + 1, Decimal(total))


def _measured(text: Text, index: int, number: tuple[Decimal, int], starts: dict[int, Found]) -> Quantity:
    low, last = number
    high, last = _range_end(text, low, last)
    total = None
    if high == low:
        total, last = _total(text, last)
    if text.bare(last) == "%":
        return Quantity(index, last + 1, low, high, "percent", "", number_last=last + 1)
    if any(text.sequence(last, *words) for words in _PERCENT_WORDS):
        return Quantity(index, last + 2, low, high, "percent", "", number_last=last + 2)
    if text.says(last, "điểm"):
        if text.bare(last + 1) == "%":
            return Quantity(index, last + 2, low, high, "points", "", number_last=last + 2)
        if text.sequence(last + 1, "phần", "trăm"):
            return Quantity(index, last + 3, low, high, "points", "", number_last=last + 3)
    minutes = _minutes(text, last)
    if minutes and not (text.says(last, "buổi") and text.kind(last + 1) == "word"):
        half = minutes / 2 if text.says(last + 1, "rưỡi") else Decimal(0)
        after = last + 1 + bool(half)
        after += 2 * text.sequence(after, "làm", "việc")
        name = text.quote(last, after)
        return Quantity(
            index, after, low * minutes + half, high * minutes + half, "minutes", name, "", last, total
        )
    unit, after = unit_at(text, last)
    if total is None:
        total = _scale(text, last + text.says(last, "điểm"))
    mark = starts.get(last)
    if mark is not None and mark.lists & {"system", "people", "activity_units", "outside"}:
        unit, after = text.quote(mark.first, mark.last), mark.last
    return Quantity(index, after, low, high, "count" if unit else "bare", unit, "", last, total)


def _range_end(text: Text, low: Decimal, last: int) -> tuple[Decimal, int]:
    """``60-70 %``, ``90% - 95%``, ``10 đến 15 phút``: the upper figure and the index after it."""
    if text.bare(last) == "%" and (text.bare(last + 1) in _RANGE):
        second = digits(text, last + 2)
        if second and text.bare(second[1]) == "%":
            return second[0], second[1]
    elif text.bare(last) in _RANGE:
        second = digits(text, last + 1)
        if second and second[0] >= low:
            return second
    return low, last


def _total(text: Text, last: int) -> tuple[Decimal | None, int]:
    """``4,5/5``, ``115 trên 100 điểm``, ``120 trên tổng số 110 thủ tục``: the whole and the index after it."""
    if text.bare(last) == "/" or text.says(last, "trên", "trong"):
        at = last + 1 + text.says(last + 1, "tổng")
        at += text.says(at, "số")
        at += text.says(at, "thang") + text.sequence(at, "thang", "điểm")
        second = digits(text, at)
        if second and (text.bare(last) == "/" or at > last + 1 or text.says(second[1], "điểm", "hồ", "phiếu", "thủ")):
            return second[0], second[1]
    return None, last


def _scale(text: Text, at: int) -> Decimal | None:
    """``11 điểm trên thang 10``, ``5,2 (thang điểm 5)``: the most that the scale has."""
    at += text.bare(at) == "(" or text.says(at, "trên", "theo")
    if not text.says(at, "thang"):
        return None
    top = digits(text, at + 1 + text.says(at + 1, "điểm"))
    return top[0] if top else None


def _with_limit(text: Text, quantity: Quantity, marks: Sequence[Found], floor: int) -> Quantity:
    """The figure with the words that make it a limit: ``không quá``, ``từ … trở lên``."""
    first, limit = quantity.first, ""
    for mark in reversed(marks):
        if mark.last > quantity.first or mark.first < floor:
            continue
        lists = [name for name in _LIMITS if name in mark.lists]
        gap = quantity.first - mark.last
        if (
            not lists
            or gap > 1
            or (gap == 1 and not text.says(mark.last, "là", "ở", "mức", "khoảng", "tới", "từ"))
        ):
            break
        first, limit = mark.first, lists[0]
        break
    last = quantity.last
    for at in (quantity.last, quantity.number_last):
        if text.says(at, "trở") and text.says(at + 1, "lên", "xuống"):
            limit = "at_least" if text.says(at + 1, "lên") else "at_most"
            last = max(last, at + 2)
    if limit == "at_least" and text.says(first, "từ") and last == quantity.last:
        return quantity  # "từ 96 %": where it starts from, not a limit
    return replace(quantity, first=first, limit=limit, last=last)


def _inherit_units(text: Text, found: list[Quantity]) -> list[Quantity]:
    """``từ 96,0 lên 98,5 %``: the first figure counts what the second does."""
    units = list(found)
    for at in range(len(units) - 2, -1, -1):
        first, second = units[at], units[at + 1]
        if first.kind != "bare" or second.kind in {"bare", "blank", "rank"} or second.first - first.last > 6:
            continue
        between = range(first.last, second.number_last)
        if any(text.says(step, "lên", "xuống", "đến", "còn", "tới", "thành") or text.bare(step) in {"→", "->", "-", "–"}
               for step in between):  # fmt: skip
            scale = _minutes(text, second.number_last) if second.kind == "minutes" else Decimal(1)
            units[at] = replace(
                first,
                kind=second.kind,
                unit=second.unit,
                low=first.low * (scale or 1),
                high=first.high * (scale or 1),
            )
    return units
