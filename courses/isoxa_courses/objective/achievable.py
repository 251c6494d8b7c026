"""Whether the words themselves show that an objective can, or cannot, be reached."""

from __future__ import annotations

import itertools
from decimal import Decimal

from .clauses import clause_around
from .directions import wrong_way
from .elsewhere import of_plan
from .judgment import Judgment
from .quantity import Quantity
from .reading import Reading

_HUNDRED = Decimal(100)


def judge_achievable(reading: Reading) -> Judgment:
    """Only what the words themselves show: figures and days that cannot be, baseline against target."""
    over = _over_hundred(reading)
    if over is not None:
        return Judgment("not_met", "over_hundred", (reading.quote(over),))
    impossible = _more_than_all(reading)
    if impossible is not None:
        return Judgment("not_met", "impossible_ratio", (reading.quote(impossible),))
    deadlines = [time for time in reading.times if time.limits and time not in reading.baseline_times]
    dated = [(time.end, time) for time in deadlines if time.end is not None]
    if dated and len(dated) == len(deadlines):
        end, last = max(dated, key=lambda one: one[0])
        if end < reading.today:
            return Judgment("not_met", "past", (reading.quote(last),))
    for base, target in reading.roles.pairs:
        if wrong_way(reading, base, target):
            return Judgment("not_met", "wrong_way", (reading.quote(base), reading.quote(target)))
    if reading.roles.pairs:
        base, target = reading.roles.pairs[0]
        return Judgment("met", "possible", (reading.quote(base), reading.quote(target)))
    kept = _kept(reading)
    if kept is not None:
        return Judgment("met", "possible", (reading.quote(kept),))
    targets = reading.targets
    if targets:
        return Judgment("cannot_tell", "no_baseline", (reading.quote(targets[0]),))
    return Judgment("cannot_tell", "no_target")


def _kept(reading: Reading) -> Quantity | None:
    """``giữ nguyên 100 % … của năm 2026 suốt năm 2027``: the level of today is the target."""
    text = reading.text
    if not text.says(0, "giữ", "duy") or len(reading.targets) != 1 or reading.targets[0].kind == "blank":
        return None
    ends = [time for time in reading.times if time.end is not None]
    of_today = any(
        (text.says(time.first - 1, "của", "như", "bằng") or text.sequence(time.first - 2, "đã", "đạt"))
        and time.end
        and time.end.year <= reading.today.year
        for time in ends
    )
    later = any(time.end and time.end.year > reading.today.year for time in ends)
    return reading.targets[0] if of_today and later else None


def _over_hundred(reading: Reading) -> Quantity | None:
    text = reading.text
    for quantity in reading.quantities:
        if quantity.kind != "percent":
            continue
        strict = quantity.limit == "above" and quantity.low >= _HUNDRED
        low, _ = clause_around(text, quantity.first)
        verbs = range(max(low, quantity.first - 3), quantity.first)
        falls = any(text.says(at, "giảm", "rút", "cắt", "bớt", "hạ") for at in verbs)
        compared = text.sequence(quantity.last, "so", "với") or text.says(quantity.first - 1, "bằng")
        exempt = of_plan(reading, quantity) or (compared and not falls)
        if quantity in reading.roles.changes:
            if falls and quantity.high > _HUNDRED:
                return quantity
        elif (strict or quantity.high > _HUNDRED) and not exempt:
            return quantity
    for base, target in reading.roles.pairs:
        if target.kind == "points" and base.kind == "percent":
            falls = any(text.says(at, "giảm") for at in range(max(0, target.first - 12), target.first))
            if not falls and base.low + target.low > _HUNDRED:
                return target
    return None


def _more_than_all(reading: Reading) -> Quantity | None:
    """``1.260/1.250 hồ sơ``, ``130 hồ sơ trong tổng số 120``, ``giảm 5 hồ sơ so với 3 hồ sơ``."""
    text = reading.text
    for quantity in reading.quantities:
        if quantity.total is not None and quantity.high > quantity.total:
            return quantity
    for whole, part in itertools.pairwise(reading.quantities):
        told_all = any(
            text.sequence(whole.first - 2, *words)
            for words in (("tất", "cả"), ("tổng", "cộng"), ("cả", "thảy"))
        )
        whole_of = text.says(whole.first - 1, "có") and text.says(whole.first - 3, "toàn", "cả")
        own = any(
            text.sequence(part.last, word, place) for word in ("của", "trong") for place in ("xã", "phường")
        )
        told_all = told_all or (whole_of and own)
        within = told_all or any(
            text.sequence(at, "trong", "số", word)
            for at in range(part.first - 3, part.last + 3)
            for word in ("đó", "này", "ấy")
        )
        if within and part.kind == whole.kind == "count" and _same_unit(part, whole) and part.low > whole.low:
            return part  # "có 11 công chức, … 13 công chức trong số đó"
    for part, whole in itertools.pairwise(reading.quantities):
        between = range(part.last, whole.first)
        of_all = any(
            text.says(at, "trong", "trên")
            and text.says(at + 1, "tổng", "số")
            and not text.says(at + 2, "đài")
            for at in between
        )
        among = text.says(part.first - 1, "trong") and any(
            text.says(at, "có", "phải", "đúng", "đạt", "xong") for at in between
        )
        given = text.says(part.first - 1, "giao") and text.says(whole.first - 1, "xong")
        among = among or given  # "đã giao 9 việc, phải xong 11 việc"
        same = part.kind == whole.kind == "count" and _same_unit(part, whole)
        if among and same and whole.low > part.low:  # "trong 150 hồ sơ có 160 hồ sơ …"
            return whole
        ahead = text.sequence(part.first - 3, "trong", "tổng", "số") or text.sequence(
            part.first - 2, "trong", "số"
        )
        ahead = ahead and text.bare(whole.first - 1) != "("
        if ahead and part.kind == whole.kind == "count" and _same_unit(part, whole) and whole.low > part.low:
            return whole  # "trong tổng số 640 hồ sơ chứng thực …, trả đúng hẹn 655 hồ sơ"
        cut = text.says(part.first - 1, "cắt", "giảm", "bớt", "rút", "bỏ")
        of_all = of_all or (cut and len(between) == 1 and text.says(part.last, "trong", "trên"))
        if of_all and part.kind == whole.kind and part.kind in {"count", "minutes"} and part.low > whole.low:
            return part
    for base, target in reading.roles.pairs:
        falls = any(
            text.says(at, "giảm", "rút", "bớt", "cắt") for at in range(max(0, target.first - 4), target.first)
        )
        same = target.kind == base.kind and target.kind in {"count", "minutes"}
        if falls and same and target in reading.roles.changes and target.low > base.low:
            return target
    return None


def _same_unit(one: Quantity, other: Quantity) -> bool:
    """``hồ sơ`` and ``hồ sơ chứng thực``: the shorter name is the longer one's beginning."""
    short, long = sorted((one.unit.casefold(), other.unit.casefold()), key=len)
    return bool(short) and (long.startswith(short) or short.startswith("người") or long.startswith("người"))
