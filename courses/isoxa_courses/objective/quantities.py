"""Figures in a sentence: what they are, what they count, and whether they are limits, changes or today's state.

``98,5 % hồ sơ``, ``không quá 2 ngày``, ``từ 96,0 lên 98,5 %``, ``tăng thêm 5 điểm %``, ``một nửa``, ``1.232/1.250 hồ
sơ``, ``xếp thứ 3``, ``… %`` are figures. Dates, numbers of decrees and list numbers are not. A nought in words is read
in ``noughts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .figure_forms import (
    read_number,
    read_ratio,
    read_share,
    read_times,
)
from .figure_ranks import read_blank, read_rank
from .noughts import nought
from .numbers import fraction
from .quantity import HUNDRED, Quantity, minutes_at
from .ratios import scale_told
from .wholes import read_all
from .words import Found, Text

__all__ = ["Quantity", "find_quantities"]

_LIMITS = ("at_most", "below", "at_least", "above")
_KEPT = frozenset({"none", "at_least", "at_most", "grades"})
"""Lists with phrases that may hold, or lead to, a figure; inside of all others none is looked for."""
_READERS = (read_share, read_all, read_times, read_blank, read_ratio, read_rank, read_number)


def find_quantities(text: Text, marks: Sequence[Found], taken: frozenset[int]) -> tuple[Quantity, ...]:
    """The figures from left to right; tokens in ``taken`` (times, references) are passed over."""
    starts = {mark.first: mark for mark in marks}
    found: list[Quantity] = []
    index = 0
    while index < len(text.tokens):
        quantity = None if index in taken else _at(text, index, starts)
        if quantity is None or any(at in taken for at in range(index, quantity.number_last)):
            mark = starts.get(index)
            index = mark.last if mark and not mark.lists & _KEPT else index + 1
            continue
        scale = scale_told(text)
        if scale is None or quantity.first != scale[0]:  # "trên thang 5": no figure itself
            found.append(_with_limit(text, quantity, marks, found[-1].last if found else 0))
        index = max(quantity.last, index + 1)
    if not found and not any("most" in mark.lists for mark in marks):
        every = [
            at
            for at in range(2, len(text.tokens))
            if (text.says(at, "đều") and text.kind(at + 1) == "word")
            or (text.says(at, "luôn") and text.says(at + 1, "kèm", "có", "ghi", "in"))
            or (text.says(at, "cũng") and text.among(range(at - 8, at), "nào", "ai"))
        ]
        found += [Quantity(at, at + 1, HUNDRED, HUNDRED, "percent", number_last=at + 1) for at in every[:1]]
    if text.sequence(0, "tỷ", "lệ"):
        found = [one for one in found if not _in_subject(text, one)]
    return tuple(_inherit_units(text, found))


def _in_subject(text: Text, quantity: Quantity) -> bool:
    """``Tỷ lệ hồ sơ sau bàn giao ba xã cũ …``: a count in words is part of what the share is of."""
    written = all(text.kind(at) == "word" for at in range(quantity.first, quantity.number_last))
    return quantity.kind == "count" and written and not quantity.zero and not quantity.limit


def _at(text: Text, index: int, starts: dict[int, Found]) -> Quantity | None:
    mark = starts.get(index)
    if mark is not None and "none" in mark.lists and fraction(text, index) is None:
        return nought(text, mark, starts)
    if mark is not None and mark.lists & {"system", "people", "outside"} and text.kind(index) == "number":
        return None  # "1 cửa"
    if text.says(index - 1, "trên") and text.says(index - 2, "tính"):
        return None  # "tính trên 100 hồ sơ"
    for reader in _READERS:
        quantity = reader(text, index, starts)
        if quantity is not None:
            return quantity
    return None


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
        if (
            first.kind == "rank"
            and second.kind == "bare"
            and second.total is not None
            and second.first - first.last < 3
        ):
            units[at + 1] = replace(second, kind="rank")  # "hạng 9/22 → 5/22"
            continue
        if first.kind != "bare" or second.kind in {"bare", "blank", "rank"} or second.first - first.last > 6:
            continue
        between = range(first.last, second.number_last)
        if any(text.says(step, "lên", "xuống", "đến", "còn", "tới", "thành") or text.bare(step) in {"→", "->", "-", "–"}
               for step in between):  # fmt: skip
            scale = minutes_at(text, second.number_last) if second.kind == "minutes" else Decimal(1)
            if second.kind == "percent" and first.total:
                scale = HUNDRED / first.total  # "từ 1/5 xuống 1/10 tổng số hồ sơ"
            units[at] = replace(
                first,
                kind=second.kind,
                unit=second.unit,
                low=first.low * (scale or 1),
                high=first.high * (scale or 1),
                total=first.total if first.kind == second.kind else None,
            )
    return units
