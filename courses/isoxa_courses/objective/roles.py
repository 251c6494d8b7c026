"""What the figures of a sentence are for: where things stand today (baseline), where they are to get, by how much.

A target given as a range, or in stages (a level for each period), holds no baseline: both are targets.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date

from .clauses import ENDS
from .quantity import Quantity
from .times import Time
from .words import Found, Text

_ARROWS = frozenset({"→", "->", "=>"})
_UP = ("tăng", "nâng", "cải", "thêm")
_DOWN = ("giảm", "rút", "hạ", "cắt", "kéo", "bớt")
_TO = ("lên", "xuống", "còn", "đến", "tới", "thành", "về", "sang", "đạt")
_REACH_BEFORE, _REACH_AFTER, _REACH_PAIR = 14, 12, 14
_AIMING = (
    "phấn",
    "lên",
    "xuống",
    "còn",
    "nâng",
    "mục",
    "sẽ",
    "đặt",
    "giảm",
    "tăng",
    "rút",
    "tới",
    "kế",
    "cần",
    "phải",
)
_RANGES = ("đạt", "lên", "khoảng", "mức", "còn", "xuống", "giữ", "ở", "là", "quanh")
_NOW_BEHIND = ("hiện", "năm", "cùng", "kỳ", "quý", "tháng", "trước", "đầu", "ban")
"""How words of the present begin that may stand behind their figure: ``35 phút hiện nay``."""


@dataclass(frozen=True)
class Roles:
    """The figures sorted out. ``pairs`` are baseline and target that belong together."""

    baselines: tuple[Quantity, ...]
    changes: tuple[Quantity, ...]
    pairs: tuple[tuple[Quantity, Quantity], ...]


def sort_out(
    text: Text,
    today: date,
    marks: tuple[Found, ...],
    times: tuple[Time, ...],
    quantities: tuple[Quantity, ...],
) -> Roles:
    """Find the baselines, changes and pairs."""
    stated = tuple(one for one in quantities if one.kind not in {"blank", "rank"})
    pairs = [pair for pair in itertools.pairwise(stated) if _from_to(text, *pair, times)]
    baselines = [first for first, _ in pairs]
    for quantity in stated:
        able = quantity.kind not in {"points", "times"} and not any(quantity in pair for pair in pairs)
        if able and _stands_today(text, quantity, marks, times, today, stated):
            baselines.append(quantity)
    for first, second in itertools.pairwise(
        stated
    ):  # "1.200/1.250 hồ sơ đúng hạn (96,0 %)": one figure, told twice
        bracketed = text.bare(second.first - 1) == "(" and text.bare(second.last) == ")"
        if bracketed and first in baselines and second not in baselines and second.first - first.last <= 5:
            baselines.append(second)
    changes = [one for one in quantities if one not in baselines and _is_change(text, one)]
    for base in baselines:
        if any(base is first for first, _ in pairs):
            continue
        others = [one for one in stated if one not in baselines and comparable(base, one)]
        by_share = [
            one
            for one in quantities
            if one not in baselines
            and (
                (one in changes and one.kind in {"percent", "times"})
                or (one.kind == "percent" and _in_words(text, one))
            )
        ]
        if not others and by_share:  # "giảm một nửa so với 40 hồ sơ của năm 2026"
            pairs.append((base, by_share[0]))
        if others:
            same = [one for one in others if one.kind == base.kind] or others
            pairs.append((base, min(same, key=lambda one: abs(one.first - base.first))))
    return Roles(tuple(baselines), tuple(changes), tuple(pairs))


def _in_words(text: Text, quantity: Quantity) -> bool:
    """``một nửa``: no digit, and not ``toàn bộ``."""
    written = all(text.kind(at) == "word" for at in range(quantity.first, quantity.number_last))
    return written and quantity.high < 100


def comparable(first: Quantity, second: Quantity) -> bool:
    """Whether two figures can stand for the same thing at two times."""
    kinds = {first.kind, second.kind}
    if kinds <= {"count", "percent"} and len(kinds) == 2:
        return first.zero or second.zero
    return len(kinds) == 1 or "bare" in kinds or kinds == {"percent", "points"} or "times" in kinds


def _from_to(text: Text, first: Quantity, second: Quantity, times: tuple[Time, ...]) -> bool:
    """``từ A lên B``, ``A xuống còn B``, ``A → B``; ``từ A đến B`` only after a verb of change."""
    if not comparable(first, second) or second.first - first.last > _REACH_PAIR:
        return False
    gap = [at for at in range(first.last, second.number_last or second.last) if not _in_time(at, times)]
    gap = [at for at in gap if text.kind(at) != "number"]
    at = next((first.first - step for step in (0, 1, 2, 3) if text.says(first.first - step, "từ")), -1)
    starts = at >= 0
    if (
        starts
        and text.says(at - 1, *_RANGES)
        and not any(text.says(step, "lên", "xuống", "còn") for step in gap)
    ):
        return False  # "đạt từ 96 % đến 98 %": either will do
    if any(text.bare(at) in ENDS for at in gap):
        return False
    if any(text.bare(at) in _ARROWS for at in gap):
        return True
    turned = any(text.says(at, "lên", "xuống", "còn") for at in gap)
    if starts and turned:
        return True
    near = range(max(0, first.first - 25), second.first)
    changing = any(text.says(at, *_UP, *_DOWN, "ngắn", "đưa") for at in near)
    reached = any(text.says(at, *_TO) for at in gap) or second.kind == "points"
    if starts and reached:
        return changing or second.zero or any(text.says(at, "thành", "sang", "về") for at in gap)
    told = changing or first.kind == "percent"
    return turned and second.first - first.last <= 2 and told and not first.limit


def _in_time(at: int, times: tuple[Time, ...]) -> bool:
    return any(time.first <= at < time.last for time in times)


def _stands_today(
    text: Text,
    quantity: Quantity,
    marks: tuple[Found, ...],
    times: tuple[Time, ...],
    today: date,
    quantities: tuple[Quantity, ...],
) -> bool:
    """Whether the words around say that this is where things stand: ``hiện nay 96 %``, ``so với 96,0 %``."""
    previous = max((one.last for one in quantities if one.last <= quantity.first), default=0)
    following = min((one.first for one in quantities if one.first >= quantity.last), default=len(text.tokens))
    if quantity.zero and quantity.first in {mark.first for mark in marks if mark.phrase.startswith("chưa")}:
        return True
    for mark in marks:
        if "baseline" in mark.lists and _tells_today(text, quantity, mark, previous, following):
            return True
    rest = [one for one in quantities if one is not quantity and comparable(quantity, one)]
    aimed = any(_is_aim(text, one) for one in rest if one.first > quantity.first)
    return any(
        _is_over(
            time, times, today, aimed or _aside(text, time) or any(one.last <= time.first for one in rest)
        )
        and _dates(text, quantity, time, previous, following, bool(rest))
        for time in times
        if not text.says(time.first, "trước", "đến", "hết", "chậm")
    )


def _is_aim(text: Text, quantity: Quantity) -> bool:
    """Whether the words before a figure say that it is to be reached."""
    return any(text.says(at, *_AIMING) for at in range(max(0, quantity.first - 6), quantity.number_last))


def _aside(text: Text, time: Time) -> bool:
    """``(năm 2026: 91 %)``, ``mức 94 % của năm 2026``: a time set beside, not a deadline."""
    return text.bare(time.first - 1) == "(" or text.says(time.first - 1, "của")


def _tells_today(text: Text, quantity: Quantity, mark: Found, previous: int, following: int) -> bool:
    if previous <= mark.first and mark.last <= quantity.first <= mark.last + _REACH_BEFORE:
        between = range(mark.last, quantity.first)
        if not any(text.bare(at) in ENDS or text.bare(at) in {")", ","} for at in between):
            return not any(text.says(at, "phấn", "lên", "xuống") for at in between)
    if quantity.last <= mark.first <= quantity.last + _REACH_AFTER and mark.last <= following:
        broken = any(text.bare(at) in ENDS or text.bare(at) == "," for at in range(quantity.last, mark.first))
        leads_next = following - mark.last <= 2 and following < len(text.tokens)
        compared = text.says(mark.first - 1, "với", "từ", "hơn")
        return text.says(mark.first, *_NOW_BEHIND) and not leads_next and not broken and not compared
    return False


def _is_over(time: Time, times: tuple[Time, ...], today: date, aimed: bool) -> bool:
    """Whether a time is over, or is the current year beside a later one."""
    if time.kind == "past":
        return True
    if time.end is None or time.kind in {"duration", "span"}:
        return False
    later = any(
        other.end and other.end > today and other.end.year > today.year and other.kind in {"day", "period"}
        for other in times
    )
    current = time.end.year == today.year and (time.begin is None or time.begin <= today)
    return (time.end < today or current) and (later or aimed)


def _dates(text: Text, quantity: Quantity, time: Time, previous: int, following: int, others: bool) -> bool:
    """Whether a time says when the figure was so: ``năm 2025 đạt 96 %``, ``96 % (năm 2025)``, ``96 % của năm 2025``."""
    before = previous <= time.first and 0 <= quantity.first - time.last <= 8
    between = range(time.last, quantity.first)
    clear = not any(
        text.bare(at) in ENDS
        or text.bare(at) in {")", ","}
        or text.says(at, "tăng", "giảm", "nâng", "từ", "rút")
        for at in between
    )
    if text.says(time.first - 1, "hơn", "bằng", "như") or text.says(time.first, "từ"):
        return False
    if before and clear:
        return True
    if text.bare(quantity.last) == "(":
        return time.first <= quantity.last + 2 and text.bare(time.last) == ")"
    gap = range(quantity.last, time.first)
    behind = quantity.last <= time.first <= min(quantity.last + 6, following) and not any(
        text.bare(at) in ENDS or text.bare(at) in {",", "("} or text.says(at, "so", "với", "trước", "đến")
        for at in gap
    )
    adjacent = all(text.says(at, "của", "là", "ở", "năm", "trong", "vào") for at in gap)
    leads = text.says(time.first, "trước", "đến", "hết", "vào")
    return behind and (adjacent or others) and not leads


def _is_change(text: Text, quantity: Quantity) -> bool:
    """``tăng thêm 5 điểm %``, ``giảm 20 %``, ``rút ngắn ít nhất 2 ngày``: by how much, not where to."""
    if quantity.kind in {"points", "times"}:
        return True
    at = quantity.first - 1
    if quantity.limit == "at_most" and text.says(quantity.first, "còn", "chỉ"):
        return False
    while (
        at >= 0 and text.says(at, "thêm", "được", "bớt", "khoảng", "ngắn", "giảm") and quantity.first - at < 4
    ):
        if text.says(at, "thêm", "bớt", "ngắn", "giảm"):
            return True
        at -= 1
    return text.says(at, "tăng", "giảm", "hạ", "vượt")
