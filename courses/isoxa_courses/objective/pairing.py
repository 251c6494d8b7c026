"""Baseline and target that no rule knows: what stands around two figures, weighed by a table (``pairs.tsv``).

A baseline is told in more ways than rules can be written for. So where the rules find none, each two figures that can
stand for the same thing are looked at: the words ahead of, between and behind them, the times beside them, what the
figures are. The table tells whether the first or the second is where things stand today, or neither.
``python -m benchmarks.objective_pairs`` makes it from the open sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from .baselines import comparable
from .others import set_by_others
from .quantity import Quantity
from .times import Time
from .untold import alike_parts
from .weights import ALWAYS, load_rows
from .words import Found, Text

PAIRS_FILE = Path(__file__).with_name("pairs.tsv")
APART, FIRST, SECOND = range(3)
"""The columns of the table: two figures of different things, or the first, or the second, is where things stand."""
_MOST_FIGURES = 6
_AHEAD, _BEHIND = 8, 8
_SHORT = 6
SURE = 0.8
"""How much more must speak for a pair than against it: a target without a baseline is the common case."""


@dataclass(frozen=True)
class Figures:
    """What of a sentence is looked at."""

    text: Text
    today: date
    marks: tuple[Found, ...]
    times: tuple[Time, ...]
    quantities: tuple[Quantity, ...]


def candidates(figures: Figures) -> list[tuple[Quantity, Quantity]]:
    """Each two figures that can stand for the same thing, from left to right."""
    stated = [one for one in figures.quantities if one.kind not in {"blank", "points", "times"}]
    pairs = combinations(stated[:_MOST_FIGURES], 2)
    return [
        pair
        for pair in pairs
        if comparable(*pair) and not _listed(figures, *pair) and not alike_parts(figures.text, *pair)
    ]


def turned_round(figures: Figures, base: Quantity, target: Quantity) -> bool:
    """Whether more speaks for the target to be where things stand.

    An objective that goes the wrong way is rarer than one whose order the rules mistake.
    """
    behind = target.first < base.first
    pair = (target, base) if behind else (base, target)
    _, first, second = shipped_pairs().scores(pair_features(figures, *pair))
    return (second - first if behind else first - second) < 0


def _listed(figures: Figures, first: Quantity, second: Quantity) -> bool:
    """``Mục 4: 80; mục 5: 85``: bare figures of a list, with nothing that tells them by time."""
    between = range(first.last, second.first)
    apart = any(figures.text.bare(at) == ";" for at in between)
    timed = any(first.last <= time.first for time in figures.times)
    timed = timed or any("baseline" in mark.lists and first.last <= mark.first for mark in figures.marks)
    return first.kind == second.kind == "bare" and apart and not timed


def likeliest_pair(figures: Figures) -> tuple[Quantity, Quantity] | None:
    """Baseline and target of the two figures that most speaks for; ``None`` if too little does."""
    best, found = SURE, None
    for first, second in candidates(figures):
        apart, ahead, behind = shipped_pairs().scores(pair_features(figures, first, second))
        pair = (first, second) if ahead >= behind else (second, first)
        if max(ahead, behind) - apart > best and not set_by_others(figures.text, pair[0], figures.today):
            best = max(ahead, behind) - apart
            found = pair
    return found


def pair_features(figures: Figures, first: Quantity, second: Quantity) -> frozenset[str]:
    """What is seen of two figures, as names that a table can weigh."""
    ends = max(first.number_last, first.first + 1), max(second.number_last, second.first + 1)
    before = _words(figures, max(0, first.first - _AHEAD), first.first)
    between = _words(figures, ends[0], second.first)
    behind = _words(figures, ends[1], min(len(figures.text.tokens), second.last + _BEHIND))
    found = {f"m3={' '.join(between)}"} if len(between) <= _SHORT else set()
    found.update(_runs("m", ["^", *between, "$"], 3))
    found.update(_runs("p", ["^", *before, "$"][-_SHORT - 1 :], 2))
    found.update(_runs("s", ["^", *behind, "$"][:_AHEAD], 2))
    found.update(f"p end {' '.join(before[-count:])}" for count in (1, 3))
    found.update(f"m end {' '.join(between[-count:])}" for count in (2, 3))
    found.update(f"m begin {' '.join(between[:count])}" for count in (2, 3))
    found.update(f"first led {word}" for word in _words(figures, first.first, ends[0])[:-1])
    found.update(f"second led {word}" for word in _words(figures, second.first, ends[1])[:-1])
    found.add(f"m length {min(_SHORT, len(between) // 3)}")
    found.update(_of_figures(figures, first, second))
    found.update(_of_times(figures, first, second))
    found.update(_of_phrases(figures, first, second))
    return frozenset(found)


def _of_figures(figures: Figures, first: Quantity, second: Quantity) -> Iterator[str]:
    units = first.unit.casefold(), second.unit.casefold()
    alike = str(units[0] == units[1]) if all(units) else "untold"
    yield f"kinds {first.kind} {second.kind}"
    yield f"kind {first.kind} unit {alike}"
    yield f"limits {first.limit}|{second.limit}"
    yield f"noughts {first.zero} {second.zero}"
    yield f"rises {(first.low < second.low) - (first.low > second.low)}"
    yield f"one whole {first.total is not None and first.total == second.total}"
    yield f"figures {min(5, sum(one.kind != 'blank' for one in figures.quantities))}"
    yield f"side by side {not any(first.first < one.first < second.first for one in figures.quantities)}"


def _of_times(figures: Figures, first: Quantity, second: Quantity) -> Iterator[str]:
    ahead = [_age(figures, time) for time in figures.times if time.last <= first.first][-1:]
    inner = [_age(figures, t) for t in figures.times if first.first <= t.first and t.last <= second.first]
    behind = [_age(figures, time) for time in figures.times if time.first >= second.first][:1]
    yield f"times {ahead} {inner[:2]} {behind}"
    yield f"times {ahead} {inner}"
    yield f"times {inner} {behind} end"
    yield f"time ahead {ahead}"
    yield f"time between {inner}"
    yield f"time behind {behind}"


def _of_phrases(figures: Figures, first: Quantity, second: Quantity) -> Iterator[str]:
    for mark in figures.marks:
        for name in ("baseline", "turning"):
            if name in mark.lists:
                before = mark.first < first.first
                where = "ahead" if before else "between" if mark.first < second.first else "behind"
                yield f"{name} {where}"
                yield f"{name} {where} {mark.phrase}"
    signs = (
        figures.text.bare(at) for at in range(first.last, second.first) if figures.text.kind(at) == "sign"
    )
    yield f"signs {''.join(signs)[:_SHORT]}"


def _age(figures: Figures, time: Time) -> str:
    """Whether a time is over, is now, or is to come; of others what they are."""
    if time.end is None or time.kind in {"past", "duration", "recurring", "span", "start"}:
        return time.kind
    if time.end < figures.today:
        return "past"
    return "now" if time.end.year == figures.today.year else "next"


def _words(figures: Figures, first: int, last: int) -> list[str]:
    """The words without diacritics; times told by their age, numbers left out."""
    times = {at: time for time in figures.times for at in range(time.first, time.last)}
    found: list[str] = []
    at = first
    while at < last:
        time = times.get(at)
        if time is not None:
            found.append(f"<{_age(figures, time)}>")
            at = max(at + 1, time.last)
            continue
        kind = figures.text.kind(at)
        found.append("<#>" if kind in {"number", "date", "blank"} else figures.text.bare(at))
        at += 1
    return found


def _runs(name: str, items: list[str], longest: int) -> Iterator[str]:
    for count in range(1, longest + 1):
        for at in range(len(items) - count + 1):
            yield f"{name}{count}={' '.join(items[at : at + count])}"


@dataclass(frozen=True)
class PairWeights:
    """The table: by feature a whole number for each column, in hundredths."""

    rows: dict[str, tuple[int, ...]]

    def scores(self, found: frozenset[str]) -> list[float]:
        """What speaks for each column: the sum over the features, by the root of their number."""
        rows = [self.rows[name] for name in (*found, ALWAYS) if name in self.rows]
        return [sum(column) / 100 / (len(found) + 1) ** 0.5 for column in zip(*rows, strict=True)]


@lru_cache(maxsize=1)
def shipped_pairs() -> PairWeights:
    """The table that comes with isoxa, read once."""
    return PairWeights(load_rows(PAIRS_FILE, SECOND + 1))
