"""What the figures of a sentence are for: where things stand today (baseline), where they are to get, by how much.

A target given as a range, or in stages (a level for each period), holds no baseline: both are targets.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date

from .baselines import comparable, is_aim, stands_today
from .clauses import ENDS
from .others import set_by_others
from .quantity import LINKS, Quantity
from .times import Time
from .told_apart import aimed_at_now, goes_on_to, turns_right_into
from .untold import is_rest, tells_both
from .words import Found, Text

_ARROWS = frozenset({"→", "->", "=>"})
_UP = ("tăng", "nâng", "cải", "thêm")
_DOWN = ("giảm", "rút", "hạ", "cắt", "kéo", "bớt")
_TO = ("lên", "xuống", "còn", "đến", "tới", "thành", "về", "sang", "đạt")
_REACH_PAIR = 20
_RANGES = ("đạt", "lên", "khoảng", "mức", "còn", "xuống", "giữ", "ở", "là", "quanh")


@dataclass(frozen=True)
class Roles:
    """The figures sorted out. ``pairs`` are baseline and target that belong together."""

    baselines: tuple[Quantity, ...]
    changes: tuple[Quantity, ...]
    pairs: tuple[tuple[Quantity, Quantity], ...]
    weighed: bool = False
    """Whether no rule knows the pair, only the table of pairs."""


def sort_out(
    text: Text,
    today: date,
    marks: tuple[Found, ...],
    times: tuple[Time, ...],
    quantities: tuple[Quantity, ...],
) -> Roles:
    """Find the baselines, changes and pairs."""
    stated = tuple(one for one in quantities if one.kind != "blank")
    stated = tuple(
        one for one in stated if not _of_the_clock(text, one) and not text.says(one.first - 1, "cứ")
    )
    single = [one for one in stated if one.low == 1 and _each(text, one)]
    stated = tuple(one for one in stated if not _of_places(text, one))
    if len(stated) - len(single) > 1:
        stated = tuple(one for one in stated if one not in single)  # "mở 5 phần mềm để xử lý một hồ sơ"
    pairs = [pair for pair in itertools.pairwise(stated) if _from_to(text, *pair, times)]
    baselines = [first for first, _ in pairs]
    for quantity in stated:
        able = quantity.kind not in {"points", "times"} and not any(quantity in pair for pair in pairs)
        if able and stands_today(text, quantity, marks, times, today, stated):
            baselines.append(quantity)
    if not pairs and len(stated) == len(baselines):
        baselines = [one for one in baselines if one is not aimed_at_now(text, baselines, times, today)]
    if not pairs and not baselines:
        pairs = [pair for pair in itertools.pairwise(stated) if _left_of(text, *pair, times)]
        baselines += [first for first, _ in pairs]
    if not pairs and not baselines:
        pairs = [
            pair
            for pair in itertools.pairwise(_plain(text, stated))
            if not _is_change(text, pair[0])
            and not _in_parts(stated, *pair)
            and tells_both(text, today, marks, times, *pair)
        ]
        baselines += [first for first, _ in pairs]
    for first, second in itertools.pairwise(stated):
        # "1.200/1.250 hồ sơ đúng hạn (96,0 %)": one figure, told twice
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
            same = [one for one in same if not _is_whole(text, one)] or same
            aims = [one for one in same if one.first > base.last and is_aim(text, one)]
            same = aims or same
            pairs.append((base, min(same, key=lambda one: abs(one.first - base.first))))
    pairs = [(b, a) if _reached_first(text, a, b) else (a, b) for a, b in pairs]
    targets = [target for _, target in pairs]
    baselines = [
        one for one in dict.fromkeys((*baselines, *(base for base, _ in pairs))) if one not in targets
    ]
    pairs = [(base, target) for base, target in pairs if not set_by_others(text, base, today)]
    shares = _shares_told(text, stated)
    if shares is not None and shares not in pairs:
        pairs = [shares]
        baselines = [*(one for one in baselines if one is not shares[1]), shares[0]]
    return Roles(tuple(baselines), tuple(changes), tuple(pairs))


def with_pair(text: Text, roles: Roles, pair: tuple[Quantity, Quantity] | None) -> Roles:
    """The same with a baseline and a target found otherwise."""
    if pair is None:
        return roles
    base, target = pair
    if _reached_first(text, base, target):
        base, target = target, base
    baselines = (*(one for one in roles.baselines if one is not target), base)
    changes = tuple(one for one in roles.changes if one is not base)
    return Roles(tuple(dict.fromkeys(baselines)), changes, ((base, target),), weighed=True)


def _reached_first(text: Text, first: Quantity, second: Quantity) -> bool:
    """``Nâng điểm hài lòng lên 4,0; lần gần nhất là 4,4``: what is raised or lowered *to* is the target."""
    return first.first < second.first and led_to(text, first) and not led_to(text, second)


def led_to(text: Text, quantity: Quantity) -> bool:
    """Whether a verb of change leads to a figure: ``nâng … lên 4,0``, ``rút số ngày chờ xuống 11 ngày``."""
    if not text.says(quantity.first - 1, "lên", "xuống"):
        return False
    ends = (at + 1 for at in range(quantity.first) if text.bare(at) in ENDS or text.bare(at) == ",")
    own = range(max(ends, default=0), quantity.first)
    return (
        text.among(own, *_UP, *_DOWN, "ngắn") or text.among(range(own.start, own.stop - 2), "đưa")
    ) and not text.among(own, "từ")


def _in_parts(stated: tuple[Quantity, ...], whole: Quantity, part: Quantity) -> bool:
    """``52 quyển: quý I xong 20 quyển, quý II thêm 20 quyển``: what is to be done, and how it is parted."""
    rest = [one for one in stated if one.first > part.first and one.kind == "count" and one.unit == part.unit]
    return bool(rest) and whole.kind == "count" and whole.low >= part.low + sum(one.low for one in rest)


def _shares_told(text: Text, stated: tuple[Quantity, ...]) -> tuple[Quantity, Quantity] | None:
    """``1.200 trên 1.250 hồ sơ (96,0 %), … ít nhất 98,5 %``: of counts and shares the two shares are the pair."""
    shares = [one for one in stated if one.kind == "percent"]
    if len(shares) != 2 or not any(one.kind == "count" for one in stated):
        return None
    first, second = shares
    told = text.bare(first.first - 1) == "(" and text.bare(first.last) == ")"
    counted = any(one.kind == "count" and one.last <= first.first <= one.last + 6 for one in stated)
    closed = any(text.bare(at) in {",", ";", "."} for at in range(first.last, second.first))
    return (first, second) if told and counted and closed else None


def _each(text: Text, quantity: Quantity) -> bool:
    """``một hồ sơ``, ``1 hồ sơ mất 6 phút``: each of them."""
    return text.says(quantity.number_last - 1, "một") or text.says(quantity.last, "mất", "tốn", "hết")


def _of_places(text: Text, quantity: Quantity) -> bool:
    """``hai xã cũ``: how many places there were before the merger."""
    return (
        quantity.unit.casefold() in {"xã cũ", "phường cũ", "thị trấn"} and text.kind(quantity.first) == "word"
    )


def _of_the_clock(text: Text, quantity: Quantity) -> bool:
    """``từ 7 giờ 30 đến 16 giờ 30``, ``từ 14h đến 16h``: times of the day, and no spans."""
    hours = [at for at in range(quantity.first - 3, quantity.last + 4) if text.says(at, "giờ", "h")]
    near = range(quantity.first - 8, quantity.last + 9)
    if quantity.kind not in {"minutes", "bare", "count"} or not hours:
        return False
    ranges = [at for at in near if text.says(at, "từ") and text.kind(at + 1) == "number"]
    return any(
        text.says(start + 2, "giờ", "h")
        and any(text.says(at, "đến", "tới") for at in range(start + 3, start + 5))
        and not text.says(start - 1, "giảm", "tăng", "rút", "hạ", "ngắn")
        for start in ranges
        if start <= quantity.first <= start + 9
    )


def _plain(text: Text, stated: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Without noughts and ``mỗi hồ sơ``, which stand between a baseline and its target and are neither."""
    return tuple(one for one in stated if not one.zero and not text.says(one.first, "mỗi"))


def _is_whole(text: Text, quantity: Quantity) -> bool:
    """``37 hồ sơ … trên tổng số 2.160 hồ sơ``: out of how many."""
    return text.says(quantity.first - 3, "trên", "trong") and text.sequence(quantity.first - 2, "tổng", "số")


def _in_words(text: Text, quantity: Quantity) -> bool:
    """``một nửa``: no digit, and not ``toàn bộ``."""
    written = all(text.kind(at) == "word" for at in range(quantity.first, quantity.number_last))
    return written and quantity.high < 100


def _from_to(text: Text, first: Quantity, second: Quantity, times: tuple[Time, ...]) -> bool:
    """``từ A lên B``, ``A xuống còn B``, ``A → B``; ``từ A đến B`` only after a verb of change."""
    counted = text.says(second.first - 1, "bộ", "cả") and {first.kind, second.kind} == {"percent", "count"}
    if not (counted or comparable(first, second)) or second.first - first.last > _REACH_PAIR:
        return False
    gap = [
        at
        for at in range(first.last, second.first if second.zero else second.number_last or second.last)
        if not _in_time(at, times)
    ]
    gap = [at for at in gap if text.kind(at) != "number"]
    gap = [at for at in gap if not (text.says(at, "lên", "xuống") and text.says(at - 1, "trở"))]
    at = next((first.first - step for step in (0, 1, 2, 3) if text.says(first.first - step, "từ")), -1)
    starts = at >= 0
    if (
        starts
        and text.says(at - 1, *_RANGES)
        and not any(text.says(step, "lên", "xuống", "còn") for step in gap)
    ):
        return False  # "đạt từ 96 % đến 98 %": either will do
    if any(text.bare(at) in ENDS for at in gap) or is_rest(text, first, second):
        return False
    raised = any(text.says(at, "lên", "xuống", "còn", "thành") for at in gap)
    if second.kind == "points" and first.kind in {"bare", "points"} and not raised:
        return False  # "tăng từ 3 đến 5 điểm phần trăm": by how much
    if text.says(second.first - 1, "từ") and any(text.bare(at) == "," or text.says(at, "và") for at in gap):
        return False  # "từ 60 xuống 20 bộ, tăng … từ 40 lên 250": where the next one starts from
    falls = starts and text.says(at - 1, "giảm") and not any(text.says(step, "xuống", "còn") for step in gap)
    named = text.kind(second.last) == "word" and not text.says(second.last, *LINKS)
    if falls and named and first.low < second.low:
        return False  # "giảm từ 10 % đến 15 % thời gian …": by how much
    if any(text.bare(at) in _ARROWS for at in gap) or turns_right_into(text, first, second):
        return True
    turned = any(text.says(at, "lên", "xuống", "còn") for at in gap)
    if starts and (turned or goes_on_to(text, at, first, second)):
        return True
    near = range(max(0, first.first - 25), second.first)
    changing = text.among(near, *_UP, *_DOWN, "ngắn", "đưa")
    reached = any(text.says(at, *_TO) for at in gap) or second.kind == "points"
    if starts and reached:
        return (
            changing or first.zero or second.zero or any(text.says(at, "thành", "sang", "về") for at in gap)
        )
    told = changing or first.kind in {"percent", "minutes", "bare"}
    told = told or first.unit.casefold() == second.unit.casefold()
    if text.says(first.last, "thành") and second.first == first.last + 1 and told:
        return True  # "0,4 thành 0,7"
    return turned and second.first - first.last <= 2 and told and not first.limit


def _left_of(text: Text, first: Quantity, second: Quantity, times: tuple[Time, ...]) -> bool:
    """``bình quân dân đi lại 3,2 lần; năm 2027 chỉ còn 2 lần``: without a time of its own the first is today's."""
    alike = first.kind == second.kind and first.unit == second.unit and first.kind != "blank"
    if not alike or first.limit or second.first - first.last > _REACH_PAIR:
        return False
    between = any(first.last <= time.first < second.first for time in times)
    between = between or text.sequence(first.first - 2, "bình", "quân")
    before = any(time.first < first.first for time in times)
    near = range(max(first.last, second.first - 2), second.number_last)
    turned = text.among(near, "còn", "xuống", "lên", "chỉ")
    return between and not before and turned


def _in_time(at: int, times: tuple[Time, ...]) -> bool:
    return any(time.first <= at < time.last for time in times)


def _is_change(text: Text, quantity: Quantity) -> bool:
    """``tăng thêm 5 điểm %``, ``giảm 20 %``, ``rút ngắn ít nhất 2 ngày``: by how much, not where to."""
    if quantity.kind in {"points", "times"}:
        return True
    at = quantity.first - 1
    if text.says(at - 1, "mỗi", "hằng", "hàng") and text.says(at - 2, "giảm", "bớt"):
        return True  # "giảm mỗi quý 14 lượt"
    if quantity.limit == "at_most" and text.says(quantity.first, "còn", "chỉ"):
        return False
    while (
        at >= 0 and text.says(at, "thêm", "được", "bớt", "khoảng", "ngắn", "giảm") and quantity.first - at < 4
    ):
        if text.says(at, "thêm", "bớt", "ngắn", "giảm"):
            return True
        at -= 1
    return text.says(at, "tăng", "giảm", "hạ", "vượt")
