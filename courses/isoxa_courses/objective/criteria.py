"""The five judgments. Each takes the one reading and gives a verdict, its reason and the words that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .quantities import Quantity
from .reading import Reading, clause_around
from .review import Verdict
from .words import Found

_HUNDRED = Decimal(100)
_OTHER_TIMES: tuple[tuple[str, Verdict, str], ...] = (
    ("start", "met", "start"),
    ("impossible", "cannot_tell", "impossible"),
    ("yearless", "cannot_tell", "no_year"),
    ("span", "cannot_tell", "no_start"),
)
"""Times that set no end, in the order in which they decide."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """A verdict, the code of its reason (see ``rules.REASONS``) and the words behind it."""

    verdict: Verdict
    reason: str
    words: tuple[str, ...] = ()


def _empty(reading: Reading) -> bool:
    return not any(token.kind == "word" for token in reading.text.tokens)


def main_activity(reading: Reading) -> Found | None:
    """The activity that the sentence states as its aim, if it states one: its first verb that says what is done."""
    for mark in reading.of("activity", "result", "turning", "more", "less", "system", "people"):
        if mark.lists & {"activity"}:
            return mark
        if mark.lists & {"result", "turning", "more", "less"} or result_figures(reading):
            return None
    return None


def counts_activities(reading: Reading, quantity: Quantity) -> bool:
    """``3 lớp``, ``2 cuộc kiểm tra``: a figure that counts what is done."""
    return any(
        "activity_units" in mark.lists and quantity.first <= mark.first <= quantity.last
        for mark in reading.marks
    )


def result_figures(reading: Reading) -> list[Quantity]:
    """The targets that measure a result."""
    return [quantity for quantity in reading.targets if not counts_activities(reading, quantity)]


def is_activity(reading: Reading) -> Found | None:
    """The activity mistaken for a result: no measure with a figure stands beside it."""
    activity = main_activity(reading)
    if activity is None:
        return None
    measured = any(
        quantity.zero
        or (quantity.kind in {"percent", "points", "minutes"} and reading.measure_of(quantity) is not None)
        for quantity in result_figures(reading)
    )
    return None if measured else activity


def indicators(reading: Reading) -> list[Found]:
    """What says which end state is meant: a measure, or a verb of a result."""
    return [*reading.of("result", "more", "less", "done")]


def names_object(reading: Reading) -> bool:
    """Whether something stands beside the indicator that it is about: ``số hóa 75 %`` alone does not say of what."""
    objects = [*reading.of("system", "people", "outside")]
    if len(objects) != 1:
        return bool(objects)
    (only,) = objects
    if "hài lòng" in only.phrase or only.phrase.startswith("chỉ số"):
        return True
    return any(mark is not only for mark in indicators(reading)) or not only.lists & {
        "more",
        "less",
        "result",
    }


def _names_a_level(reading: Reading, last: int) -> bool:
    """Whether ``tỷ lệ …`` or ``số …`` stands before token ``last``.

    ``hồ sơ`` and ``số hóa``, typed without diacritics, are neither.
    """
    text = reading.text
    return any(
        text.says(at, "tỷ", "số") and text.bare(at - 1) != "ho" and text.bare(at + 1) != "hoa"
        for at in range(last)
    )


def judge_specific(reading: Reading) -> Judgment:
    """Says what is to be reached, and on what."""
    if _empty(reading):
        return Judgment("not_met" if not reading.quantities else "cannot_tell", "empty")
    activity = is_activity(reading)
    if activity is not None and not reading.first("references"):
        counted = [q for q in reading.quantities if counts_activities(reading, q)]
        return Judgment("not_met", "activity", (reading.quote(activity), *map(reading.quote, counted[:1])))
    figures = result_figures(reading)
    objects, shown = [*reading.of("system", "people", "outside")], indicators(reading)
    outside, elsewhere, vague = reading.first("outside"), reading.first("references"), reading.first("vague")
    if names_object(reading) and (shown or (outside and figures)):
        level = _names_a_level(reading, len(reading.text.tokens))
        if figures or elsewhere or vague is None or (level and any(True for _ in reading.of("more", "less"))):
            words = [reading.quote(mark) for mark in (*shown[:1], *objects[:1])]
            return Judgment("met", "result", tuple(dict.fromkeys(words)))
    if figures:
        return Judgment(
            "cannot_tell", "no_object" if not objects else "no_result", (reading.quote(figures[0]),)
        )
    if elsewhere is not None:
        return Judgment("cannot_tell", "elsewhere", (reading.quote(elsewhere),))
    if vague is not None:
        return Judgment("not_met", "vague", (reading.quote(vague),))
    if not objects:
        return Judgment("not_met", "no_object", tuple(reading.quote(mark) for mark in shown[:1]))
    return Judgment("not_met", "no_result", (reading.quote(objects[0]),))


def judge_measurable(reading: Reading) -> Judgment:
    """A figure and what it counts, or a result that anyone can check."""
    figures = result_figures(reading)
    for quantity in figures:
        if _says_of_what(reading, quantity):
            return Judgment("met", "figure", (reading.quote(quantity),))
    if figures:
        return Judgment("cannot_tell", "no_unit", (reading.quote(figures[0]),))
    counted = [quantity for quantity in reading.quantities if quantity not in reading.baselines]
    if counted:
        return Judgment("met", "figure", (reading.quote(counted[0]),))
    for time in reading.times:
        if time.kind == "recurring" and any(char.isdigit() for char in reading.quote(time)):
            return Judgment("met", "figure", (reading.quote(time),))
    elsewhere = reading.first("references")
    if elsewhere is not None:
        return Judgment("cannot_tell", "elsewhere", (reading.quote(elsewhere),))
    vague = reading.first("vague")
    if vague is not None:
        return Judgment("not_met", "vague", (reading.quote(vague),))
    done, activity = reading.first("done"), is_activity(reading)
    if done is not None and activity is None and any(True for _ in reading.of("system", "people", "outside")):
        return Judgment("met", "checkable", (reading.quote(done),))
    return Judgment("not_met", "none")


def _says_of_what(reading: Reading, quantity: Quantity) -> bool:
    shown = indicators(reading)
    if quantity.kind == "bare":
        of_number = _names_a_level(reading, quantity.first)
        return (
            bool(shown)
            and names_object(reading)
            and (of_number or quantity.total is not None or any(True for _ in reading.of("less")))
        )
    if quantity.kind == "count" and not (quantity.unit and reading.text.says(quantity.number_last, "điểm")):
        return True
    if quantity.kind == "minutes" or quantity.zero:
        return True
    outside = reading.first("outside") is not None
    return names_object(reading) and (bool(shown) or outside)


def judge_achievable(reading: Reading) -> Judgment:
    """Only what the words themselves show: figures and days that cannot be, baseline against target."""
    over = _over_hundred(reading)
    if over is not None:
        return Judgment("not_met", "over_hundred", (reading.quote(over),))
    for quantity in reading.quantities:
        if quantity.total is not None and quantity.high > quantity.total:
            return Judgment("not_met", "impossible_ratio", (reading.quote(quantity),))
    deadlines = [time for time in reading.times if time.limits and time not in reading.baseline_times]
    dated = [(time.end, time) for time in deadlines if time.end is not None]
    if dated and len(dated) == len(deadlines):
        end, last = max(dated, key=lambda one: one[0])
        if end < reading.today:
            return Judgment("not_met", "past", (reading.quote(last),))
    for base, target in reading.pairs:
        if _wrong_way(reading, base, target):
            return Judgment("not_met", "wrong_way", (reading.quote(base), reading.quote(target)))
    if reading.pairs:
        base, target = reading.pairs[0]
        return Judgment("met", "possible", (reading.quote(base), reading.quote(target)))
    targets = reading.targets
    if targets:
        return Judgment("cannot_tell", "no_baseline", (reading.quote(targets[0]),))
    return Judgment("cannot_tell", "no_target")


def _over_hundred(reading: Reading) -> Quantity | None:
    text = reading.text
    for quantity in reading.quantities:
        if quantity.kind != "percent":
            continue
        strict = quantity.limit == "above" and quantity.low >= _HUNDRED
        low, high = clause_around(text, quantity.first)
        exempt = any(low <= mark.first < high for mark in reading.of("may_exceed"))
        falls = any(
            text.says(at, "giảm", "rút", "cắt") for at in range(max(low, quantity.first - 3), quantity.first)
        )
        if quantity in reading.changes:
            if falls and quantity.high > _HUNDRED:
                return quantity
        elif (strict or quantity.high > _HUNDRED) and not exempt:
            return quantity
    for base, target in reading.pairs:
        if target.kind == "points" and base.kind == "percent":
            falls = any(text.says(at, "giảm") for at in range(max(0, target.first - 12), target.first))
            if not falls and base.low + target.low > _HUNDRED:
                return target
    return None


def _wrong_way(reading: Reading, base: Quantity, target: Quantity) -> bool:
    """Whether the target is worse than today, by the measure; without one, by the verb."""
    if target in reading.changes or target.kind != base.kind:
        return False
    better = direction(reading, target)
    if better == 0:
        return False
    return (target.high - base.low) * better < 0


def direction(reading: Reading, target: Quantity) -> int:
    """1: more is better; -1: less is better; 0: cannot be told."""
    text = reading.text
    if target.kind == "minutes":
        return -1  # what takes less of people's time is better
    measure = reading.measure_of(target)
    if measure is not None:
        return 1 if "more" in measure.lists else -1
    low, _ = clause_around(text, target.first)
    for at in range(target.first, low - 1, -1):
        if text.says(at, "tăng", "nâng", "lên"):
            return 1
        if text.says(at, "giảm", "rút", "hạ", "xuống", "cắt"):
            return -1
    return 0


def judge_relevant(reading: Reading) -> Judgment:
    """Names the work or the people that the commune's system serves."""
    if _empty(reading):
        return Judgment("cannot_tell", "empty")
    served = [*reading.of("system")] or [*reading.of("people")]
    outside = reading.first("outside")
    if served and (outside is None or any("system" in mark.lists for mark in served)):
        return Judgment("met", "system", tuple(dict.fromkeys(reading.quote(mark) for mark in served))[:3])
    if outside is not None:
        return Judgment("not_met", "outside", (reading.quote(outside),))
    if any(True for _ in reading.of("more", "less")):
        return Judgment("cannot_tell", "unclear", (reading.quote(reading.first("more", "less")),))
    return Judgment("cannot_tell", "none")


def judge_time_bound(reading: Reading) -> Judgment:
    """A day, a period or a deadline."""
    limits = [time for time in reading.times if time.limits and time not in reading.baseline_times]
    if limits:
        return Judgment("met", "limit", (reading.quote(limits[-1]),))
    for kind, verdict, reason in _OTHER_TIMES:
        for time in reading.times:
            if time.kind == kind and time not in reading.baseline_times:
                return Judgment(verdict, reason, (reading.quote(time),))
    event = reading.first("events")
    if event is not None:
        return Judgment("cannot_tell", "event", (reading.quote(event),))
    for time in reading.times:
        if time.kind == "recurring":
            return Judgment("not_met", "no_end", (reading.quote(time),))
    vague = reading.first("vague_times")
    if vague is not None:
        return Judgment("not_met", "vague", (reading.quote(vague),))
    if reading.baseline_times:
        return Judgment("not_met", "baseline", (reading.quote(reading.baseline_times[0]),))
    return Judgment("not_met", "none")
