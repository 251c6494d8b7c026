"""Figures that are no amount: a rank, and a level left blank.

Each reader takes the text, the index where the figure would begin and the phrases by their first token.
"""

from __future__ import annotations

from decimal import Decimal

from .numbers import digits, in_words
from .quantity import COUNTED, MINUTES, Quantity
from .references import climbs
from .wholes import Starts
from .words import Text

_BLANKS = frozenset({"x", "xx", "xxx", "y", "yy", "n", "nn"})


def read_blank(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``… %``, ``xx%``: a level that is still to be filled in."""
    if text.kind(index) != "blank" and text.bare(index) not in _BLANKS:
        return None
    both = text.bare(index + 2) in _BLANKS or (text.kind(index) == text.kind(index + 2) == "blank")
    if text.bare(index + 1) == "/" and both and not text.says(index - 1, "ngày", "trước"):  # "x/y công chức"
        return Quantity(index, index + 3, Decimal(0), Decimal(0), "blank", number_last=index + 3)
    said = text.bare(index + 1) == "%" or text.sequence(index + 1, "phần", "trăm")
    if "/" in text.bare(index) and text.bare(index)[-1].isdigit():  # "…/5"
        return Quantity(index, index + 1, Decimal(0), Decimal(0), "blank", number_last=index + 1)
    if text.bare(index)[0] in "[(" and not said:
        return Quantity(index, index + 1, Decimal(0), Decimal(0), "blank", number_last=index + 1)
    open_end = (
        text.bare(index - 1) == ":"
        and text.bare(index + 1) in {";", "", "("}
        and text.says(0, "số", "tỷ", "điểm")
    )
    if text.kind(index) == "blank" and open_end:
        return Quantity(index, index + 1, Decimal(0), Decimal(0), "blank", number_last=index + 1)
    counted = text.says(index + 1, *COUNTED, *MINUTES, "sao")
    letters = text.kind(index) != "blank" and not (counted and text.bare(index)[0] == "x")
    if not said and (letters or text.says(index - 1, "ngày", "tháng", "quý", "năm")):
        return None
    if not said and not (counted and (text.kind(index - 1) == "word" or text.bare(index - 1) == ":")):
        return None
    last = index + 2 if text.bare(index + 1) == "%" else index + 3 if said else index + 1
    return Quantity(index, last, Decimal(0), Decimal(0), "blank", number_last=last)


def read_rank(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``xếp thứ 3``, ``tốp 10``; ``đứng đầu`` where a measure is named, and not ``bằng xã đứng đầu``."""
    mark = starts.get(index)
    if mark is not None and "ranks" in mark.lists:
        rank = _place(text, mark.last) or in_words(text, mark.last)
        last = rank[1] if rank else mark.last + text.says(mark.last, "nhất", "nhì", "ba")
        place = rank[0] if rank else Decimal(1)
        ranked = rank is not None or last > mark.last
        return Quantity(index, last, place, place, "rank", number_last=last) if ranked else None
    if text.says(index, "hạng") and text.kind(index + 1) == "date":
        read = _place(text, index + 1)
        if read is not None:  # "hạng 67/124"
            return Quantity(index, read[1], read[0], read[0], "rank", number_last=read[1])
    if text.says(index, "thứ") and text.kind(index + 1) in {"number", "date"} and _is_ranked(text, index):
        read = _place(text, index + 1)
        if read is not None:
            return Quantity(index, read[1], read[0], read[0], "rank", number_last=read[1])
    if (
        text.says(index, "đứng", "dẫn")
        and text.says(index + 1, "đầu", "nhất")
        and not text.says(index - 1, "người")
    ):
        compared = text.says(index - 2, "của", "bằng", "hơn", "như") or (
            text.says(index - 1, "xã", "phường") and text.says(index - 2, "các", "những", "kịp", "với")
        )
        named = any(one.lists & {"more", "less"} for one in starts.values())
        if named and not compared:
            return Quantity(index, index + 2, Decimal(1), Decimal(1), "rank", number_last=index + 2)
    return None


def _place(text: Text, index: int) -> tuple[Decimal, int] | None:
    """``9``, and ``9/15``: the ninth of fifteen."""
    place, _, all_of_them = text.bare(index).partition("/")
    if text.kind(index) == "date" and place.isdigit() and all_of_them.isdigit():
        return Decimal(place), index + 1
    return digits(text, index)


def _is_ranked(text: Text, index: int) -> bool:
    """``Vị trí … trên bảng xếp hạng: thứ 71``."""
    return climbs(text, index + 1) or text.among(range(index), "hạng", "trí", "xếp", "đứng")
