"""Small words tell baseline and target apart: ``(nay 28 phút)``, ``6,8 (cũ)``, ``năm ngoái 84 %, năm nay 92 %``."""

from __future__ import annotations

from datetime import date

from .quantity import Quantity
from .times import Time
from .words import Text

_CLOSED = frozenset({"", ")", ",", ";", ".", "-", "–", "/"})
_OLD = ("cũ", "nay", "trước", "hiện", "xưa")
_SHOULD = ("phải", "cần", "sẽ", "được", "muốn", "phấn", "đấu")
_MOVES = ("tăng", "nâng", "giảm", "rút", "hạ", "kéo", "đưa", "nhích", "ngắn", "cắt", "bớt")
_TO = ("đến", "tới", "thành", "lên", "còn", "xuống", "về")
_MOST_WORDS = 5
_WITH_NOW = ("đủ", "cả", "còn", "lên", "xuống")


def told_old(text: Text, quantity: Quantity, *, ahead: bool, behind: bool) -> bool:
    """Whether a word of today stands right beside a figure; ``ahead``, ``behind``: there is another figure there."""
    closed = text.bare(quantity.last) in _CLOSED
    opened = text.bare(quantity.first - 2)
    now = text.says(quantity.first - 1, "nay", "hiện") and not text.says(quantity.first - 2, "năm", "đến")
    if ahead and closed and opened in {"(", ","} and now:
        return True  # "còn 10 phút (nay 28 phút)", "tăng đến 25, nay 18"
    if ahead and opened == "(" and text.says(quantity.first - 1, "trước", "cũ") and closed:
        return True  # "giảm còn 3 (trước 9)"
    at = quantity.last
    return behind and text.bare(at) == "(" and text.says(at + 1, *_OLD) and text.bare(at + 2) == ")"


def turns_right_into(text: Text, first: Quantity, second: Quantity) -> bool:
    """``93,4 % phải nâng đến 96 %``, ``7 tăng thành 12``, ``6 ca/tháng về 0 ca/tháng``: nothing else between."""
    low = first.last
    if text.bare(low) == "/" and text.kind(low + 1) == "word":
        low += 2  # "6 ca/tháng"
    digit = (at for at in range(second.first, second.last) if text.kind(at) in {"number", "date"})
    gap = range(low, next(digit, second.first))
    words = [at for at in gap if text.kind(at) == "word"]
    if first.limit or not 0 < len(words) <= _MOST_WORDS or len(words) != len(gap):
        return False
    leads = [at for at in words if text.says(at, *_TO)]
    moved = any(text.says(at, *_MOVES) for at in words) or low > first.last
    known = all(text.says(at, *_TO, *_MOVES, *_SHOULD) for at in words)
    return known and moved and leads == words[-len(leads) :] if leads else False


def goes_on_to(text: Text, at: int, first: Quantity, second: Quantity) -> bool:
    """``đi từ 600 đến 1.500 lượt``, ``từ 2 lớp nay đủ cả 9 lớp``: ``at`` is where the ``từ`` stands."""
    gap = range(first.last, second.first)
    if text.says(at - 1, "đi") and text.among(gap, "đến", "tới", "lên"):
        return True
    return any(text.says(step, "nay") and text.says(step + 1, *_WITH_NOW) for step in gap)


def aimed_at_now(
    text: Text, baselines: list[Quantity], times: tuple[Time, ...], today: date
) -> Quantity | None:
    """``năm ngoái 84 %, năm nay 92 %``: of two dated levels the one of this year, or of a later one, is the aim."""
    if len(baselines) != 2:
        return None
    first, second = sorted(baselines, key=lambda one: one.first)
    own = {one: [time for time in times if _beside(text, one, time)] for one in (first, second)}
    if not own[first] or any(_still_runs(text, time, today) for time in own[first]):
        return None
    return second if any(_still_runs(text, time, today) for time in own[second]) else None


def _beside(text: Text, quantity: Quantity, time: Time) -> bool:
    """Whether a time stands in the same part as a figure."""
    between = (
        range(time.last, quantity.first) if time.last <= quantity.first else range(quantity.last, time.first)
    )
    return not any(text.bare(at) in {",", ";", ".", "("} or text.kind(at) == "number" for at in between)


def _still_runs(text: Text, time: Time, today: date) -> bool:
    """``năm nay``, ``tháng này``, ``năm 2027``: not the year of today by its number, which may well be told of."""
    named = text.among(range(time.first, time.last), "nay", "này")
    return time.end is not None and time.end >= today and (named or time.end.year > today.year)
