"""``hiện 1/3, mục tiêu 9/10``: shares that look like days of a month."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from .numbers import year
from .words import Text

_LEADING = ("hiện", "là", "mới", "chỉ", "được", "đạt", "tiêu", "nay")
_DAYS = ("ngày", "hạn", "mốc", "điểm", "lúc", "trước", "dịp")
_TURNING = ("lên", "xuống", "còn", "thành")
_REACH = 8


def shares(text: Text) -> frozenset[int]:
    """The tokens that look like a day and a month and are a share of a whole."""
    dated = any(token.kind == "date" for token in text.tokens)
    return _shares(text) if dated else frozenset()  # most sentences have none: no need to look them up


@lru_cache(maxsize=4)
def _shares(text: Text) -> frozenset[int]:
    parts = {at: part for at in range(len(text.tokens)) if (part := _part(text, at)) is not None}
    found = {at for at in range(len(text.tokens)) if text.kind(at) == "date" and _of_work(text, at)}
    if not parts:
        return frozenset(found)
    found |= {at for at in parts if _led(text, at)}
    for first, second in ((one, other) for one in parts for other in parts if one < other <= one + _REACH):
        between = range(first + 1, second)
        turned = any(text.says(at, *_TURNING) or text.bare(at) in {"→", "->", "=>"} for at in between)
        same = parts[first][1] == parts[second][1]
        whole = same and parts[second][0] == parts[second][1] > parts[first][0]
        aimed = first in found and (text.says(second - 1, "là", "được", "tiêu", "lên", "đạt") or whole)
        if (same and turned) or whole or aimed:
            found.update((first, second))
    return frozenset(found)


def _part(text: Text, at: int) -> tuple[int, int] | None:
    if text.kind(at) != "date":
        return None
    part, _, whole = text.bare(at).partition("/")
    if not (part.isascii() and part.isdigit() and whole.isascii() and whole.isdigit()) or len(whole) > 3:
        return None
    return (int(part), int(whole)) if 0 < int(part) <= int(whole) else None


def _of_work(text: Text, at: int) -> bool:
    """``hoàn thành 12/10 phần việc``: a share of what is named behind, even one that cannot be."""
    return text.says(at - 1, "thành", "xong", "đủ", "cả") and text.sequence(at + 1, "phần", "việc")


def _led(text: Text, at: int) -> bool:
    """``hiện 1/3``, ``đang là 1/3``, ``(năm 2026: 6/10)``; not ``hạn là 1/3``."""
    if text.bare(at - 1) == ":":
        return year(text, at - 2) is not None and text.bare(at + 1) in {")", ";", ""}
    dated = text.among(range(at - 4, at), *_DAYS)
    return text.says(at - 1, *_LEADING) and not dated


@lru_cache(maxsize=4)
def scale_told(text: Text) -> tuple[int, Decimal] | None:
    """``trên thang 5``, ``thang điểm 10``: the token of the number, and the number."""
    for at in range(len(text.tokens)):
        number = at + 1 + text.says(at + 1, "điểm")
        if text.marked and text.says(at, "thang") and text.bare(number) in {"4", "5", "10", "100", "1000"}:
            return number, Decimal(text.bare(number))
    return None
