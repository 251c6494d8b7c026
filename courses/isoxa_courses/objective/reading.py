"""One reading of a sentence that all five criteria judge: phrases, times, figures, and what the figures are for.

A figure is a *target*, a *baseline* (where things stand today), a *change* (by how much), or a count of activities.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .quantities import Quantity, find_quantities
from .rules import Rules
from .times import Time, find_times
from .words import Found, Text, read_text

_ENDS = frozenset({";", ".", "\n"})
_ARROWS = frozenset({"→", "->", "=>"})
_UP = ("tăng", "nâng", "cải", "thêm")
_DOWN = ("giảm", "rút", "hạ", "cắt", "kéo", "bớt")
_TO = ("lên", "xuống", "còn", "đến", "tới", "thành", "về", "sang", "đạt")


@dataclass(frozen=True)
class Reading:
    """What the sentence holds. ``baseline`` and ``target`` are set where both, or one, could be told apart."""

    text: Text
    today: date
    marks: tuple[Found, ...]
    times: tuple[Time, ...]
    quantities: tuple[Quantity, ...]
    baselines: tuple[Quantity, ...]
    changes: tuple[Quantity, ...]
    pairs: tuple[tuple[Quantity, Quantity], ...]
    baseline_times: tuple[Time, ...]

    def of(self, *lists: str) -> Iterator[Found]:
        """The phrases that are in one of the lists, from left to right."""
        wanted = frozenset(lists)
        return (mark for mark in self.marks if mark.lists & wanted)

    def first(self, *lists: str) -> Found | None:
        """The first phrase of the lists."""
        return next(self.of(*lists), None)

    @property
    def targets(self) -> tuple[Quantity, ...]:
        """The figures that are to be reached."""
        return tuple(quantity for quantity in self.quantities if quantity not in self.baselines)

    def quote(self, span: Found | Time | Quantity | None) -> str:
        """The words of a span as they were written."""
        return self.text.quote(span.first, span.last) if span is not None else ""

    def measure_of(self, quantity: Quantity) -> Found | None:
        """The measure nearest to a figure in its own clause: before it or after it."""
        for low, high in (part_around(self.text, quantity.first), clause_around(self.text, quantity.first)):
            measure = self._nearest_measure(quantity, low, high)
            if measure is not None:
                return measure
        return None

    def _nearest_measure(self, quantity: Quantity, low: int, high: int) -> Found | None:
        near = [
            mark
            for mark in self.of("more", "less")
            if low <= mark.first < high and not _inside(mark, quantity)
        ]
        return min(near, key=lambda mark: _distance(mark, quantity), default=None)


def read_objective(raw: str, today: date, rules: Rules) -> Reading:
    """Read the sentence. Takes any ``str``."""
    text = read_text(raw)
    found = rules.lexicon.find(text)
    references = _references(text, found)
    times = tuple(time for time in find_times(text, today, references))
    timed = frozenset(at for time in times for at in range(time.first, time.last))
    marks = tuple(_nouns_and_verbs(text, found, timed | references))
    quantities = find_quantities(text, marks, timed | references, {mark.first: mark for mark in marks})
    return _sorted_out(text, today, marks, times, quantities, references)


def _references(text: Text, found: tuple[Found, ...]) -> frozenset[int]:
    """Tokens of names with numbers: ``Quyết định 19/2014/QĐ-TTg``, ``TCVN ISO 9001:2015``, ``mức độ 4``, ``thôn 3``."""
    taken: set[int] = set()
    for index in range(1, len(text.tokens)):  # "B2", "DV-3": a code, not a figure
        before = text.tokens[index - 1]
        glued = text.kind(index) == "number" and before.end == text.tokens[index].start
        hyphen = (
            before.bare == "-"
            and text.kind(index - 2) == "word"
            and text.tokens[index - 2].end == before.start
        )
        if glued and ((before.kind == "word" and before.bare not in {"q", "t"}) or hyphen):
            taken.add(index)
    for mark in found:
        if "labels" in mark.lists and text.kind(mark.last) in {"number", "date"}:
            last = mark.last + 1
            if text.bare(last) == "%" or text.says(last, "ngày", "giờ", "phút", "phần", "điểm"):
                continue
            taken.update(range(mark.last, _glued(text, last)))
    for index in range(len(text.tokens)):
        if (
            text.kind(index) in {"number", "date"}
            and text.bare(index + 1) == "/"
            and text.kind(index + 2) == "word"
        ) and (
            (
                len(text.bare(index + 2)) <= 4
                and text.bare(index + 2).isalpha()
                and text.tokens[index].kind == "date"
            )
            or text.bare(index + 2) in {"qd", "nd", "tt", "nq", "kh", "ct", "bc", "ubnd"}
        ):
            taken.update(range(index, _glued(text, index + 1)))
    return frozenset(taken)


def _glued(text: Text, index: int) -> int:
    """The index after the signs, numbers and words that follow without a space (at least one sign first)."""
    while index < len(text.tokens) and text.tokens[index].start == text.tokens[index - 1].end:
        if text.bare(index) in {".", ",", ";", "%", ")"}:
            break
        index += 1
    return index


def _nouns_and_verbs(text: Text, found: tuple[Found, ...], timed: frozenset[int]) -> Iterator[Found]:
    """``tổ chức`` is people, or a verb; phrases inside of a time are none (``tháng trước``)."""
    for mark in found:
        if mark.phrase == "tổ chức":
            heads = text.bare(mark.first - 1) in {"", ":", ";", ".", "\n", "+", "-"}
            follows = text.kind(mark.last) == "number" or text.says(
                mark.last, "các", "một", "hai", "ba", "ít", "tối"
            )
            yield replace(mark, lists=frozenset({"activity"})) if heads or follows else mark
        elif (
            mark.first in timed
            and not mark.lists
            & {
                "vague_times",
                "events",
                "baseline",
                "less",
                "at_most",
            }
        ) or (mark.first in timed and mark.last - mark.first == 1):
            continue
        else:
            yield mark


def clause_around(text: Text, index: int) -> tuple[int, int]:
    """The tokens between the full stops and semicolons around ``index``."""
    low = index
    while low > 0 and text.bare(low - 1) not in _ENDS:
        low -= 1
    high = index
    while high < len(text.tokens) and text.bare(high) not in _ENDS:
        high += 1
    return low, high


def part_around(text: Text, index: int) -> tuple[int, int]:
    """The tokens between ``và``, commas and the ends of the sentence around ``index``."""
    low, high = clause_around(text, index)
    cuts = [at for at in range(low, high) if text.bare(at) == "," or text.says(at, "và")]
    return max((at for at in cuts if at < index), default=low), min(
        (at for at in cuts if at > index), default=high
    )


def _sorted_out(
    text: Text,
    today: date,
    marks: tuple[Found, ...],
    times: tuple[Time, ...],
    quantities: tuple[Quantity, ...],
    references: frozenset[int],
) -> Reading:
    pairs: list[tuple[Quantity, Quantity]] = []
    for first, second in itertools.pairwise(quantities):
        if _from_to(text, first, second, times):
            pairs.append((first, second))
    baselines = [first for first, _ in pairs]
    for quantity in quantities:
        if any(quantity in pair for pair in pairs):
            continue
        if _stands_today(text, quantity, marks, times, today, quantities):
            baselines.append(quantity)
    changes = [
        quantity
        for quantity in quantities
        if quantity not in baselines and _is_change(text, quantity, bool(pairs))
    ]
    for base in baselines:
        if any(base is first for first, _ in pairs):
            continue
        others = [one for one in quantities if one not in baselines and _comparable(base, one)]
        if others:
            pairs.append((base, min(others, key=lambda one: abs(one.first - base.first))))
    return Reading(
        text, today, marks, times, quantities, tuple(baselines), tuple(changes), tuple(pairs),
        _times_of_baselines(text, times, marks, baselines, today, references),
    )  # fmt: skip


def _comparable(first: Quantity, second: Quantity) -> bool:
    kinds = {first.kind, second.kind}
    return len(kinds) == 1 or "bare" in kinds or kinds == {"percent", "points"}


def _from_to(text: Text, first: Quantity, second: Quantity, times: tuple[Time, ...]) -> bool:
    """``từ A lên B``, ``A xuống còn B``, ``A → B``; ``từ A đến B`` only after a verb of change."""
    if not _comparable(first, second) or second.first - first.last > 14:
        return False
    gap = [at for at in range(first.last, second.number_last or second.last) if not _in_time(at, times)]
    gap = [at for at in gap if text.kind(at) != "number"]
    starts = any(text.says(first.first - step, "từ") for step in (1, 2, 3)) or text.says(first.first, "từ")
    arrow = any(text.bare(at) in _ARROWS for at in gap)
    turned = any(text.says(at, "lên", "xuống", "còn") for at in gap)
    reached = any(text.says(at, *_TO) for at in gap) or second.kind == "points"
    if any(text.bare(at) in _ENDS for at in gap):
        return False
    if arrow:
        return True
    if starts and turned:
        return True
    changing = any(
        text.says(at, *_UP, *_DOWN, "ngắn", "đưa") for at in range(max(0, first.first - 25), first.first)
    )
    if starts and reached:
        return changing or first.kind == "percent"
    return turned and second.first - first.last <= 2 and changing and not first.limit


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
    for mark in marks:
        if "baseline" not in mark.lists:
            continue
        if previous <= mark.first and mark.last <= quantity.first and quantity.first - mark.last <= 14:
            between = range(mark.last, quantity.first)
            if not any(text.bare(at) in _ENDS or text.bare(at) in {")", ","} for at in between):
                return True
        if (
            quantity.last <= mark.first <= quantity.last + 8
            and mark.last <= following
            and mark.phrase != "so với"
        ):
            near_next = following - mark.last <= 2 and following < len(text.tokens)
            if not near_next:
                return True
    # "năm 2025 đạt 96 %, năm 2027 đạt 98 %": the year that is over, beside one that is not.
    future = any(time.end and time.end > today and time.end.year > today.year for time in times)
    for time in times:
        over = time.kind == "past" or (
            time.end is not None
            and time.kind != "duration"
            and time.end.year < today.year + future
            and (future or any(_comparable(quantity, one) and one is not quantity for one in quantities))
        )
        if not over:
            continue
        before = previous <= time.first and 0 <= quantity.first - time.last <= 8
        clear = not any(text.bare(at) in _ENDS | {")"} for at in range(time.last, quantity.first))
        bracketed = text.bare(quantity.last) == "(" and time.first <= quantity.last + 2
        if (before and clear) or bracketed:
            return True
    return False


def _is_change(text: Text, quantity: Quantity, paired: bool) -> bool:
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


def _times_of_baselines(
    text: Text,
    times: tuple[Time, ...],
    marks: tuple[Found, ...],
    baselines: list[Quantity],
    today: date,
    references: frozenset[int],
) -> tuple[Time, ...]:
    systems = {mark.last for mark in marks if "system" in mark.lists}
    found: list[Time] = []
    compared = set()
    for mark in marks:
        if "baseline" in mark.lists:
            after = [time for time in times if mark.last <= time.first <= mark.last + 6]
            if after and not any(
                text.bare(at) in _ENDS | {",", ")"} for at in range(mark.last, after[0].first)
            ):
                compared.add(after[0])
    for time in times:
        # A time that is over and stands beside the baseline dates the baseline.
        over = time.end is not None and time.end.year <= today.year
        beside = over and any(
            0 <= quantity.first - time.last <= 8 or 0 <= time.first - quantity.last <= 2
            for quantity in baselines
        )
        # "hồ sơ giai đoạn 2015-2020", "Kế hoạch số 45/KH-UBND ngày 15/3/2026": the years of files, a paper's date.
        dates_papers = time.end is not None and time.end < today and (
            (time.end.year < today.year and time.first in systems and text.says(time.first, "giai", "năm"))
            or (time.kind == "day" and time.first - 1 in references)
        )  # fmt: skip
        if time.kind == "past" or time in compared or beside or dates_papers:
            found.append(time)
    return tuple(found)


def _inside(mark: Found, quantity: Quantity) -> bool:
    return quantity.first <= mark.first < quantity.last and not quantity.zero and quantity.kind == "points"


def _distance(mark: Found, quantity: Quantity) -> int:
    if mark.last <= quantity.first:
        return quantity.first - mark.last
    return max(0, mark.first - quantity.last)
