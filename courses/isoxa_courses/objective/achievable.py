"""Whether the words themselves show that an objective can, or cannot, be reached."""

from __future__ import annotations

import itertools
from decimal import Decimal

from .clauses import clause_around
from .elsewhere import of_plan
from .judgment import Judgment
from .quantity import Quantity
from .reading import Reading
from .words import Found

_HUNDRED = Decimal(100)
_WEEK_OF_WORK = Decimal(7) / Decimal(5)
_LONG_SPANS = frozenset({"tuần", "tháng", "quý", "năm"})
_BETTER_BY_LIMIT = {"at_most": -1, "below": -1, "at_least": 1, "above": 1}
_REMEDIES = ("phục", "quyết", "lý", "lời", "sửa", "hồi")
_SETTLING = (
    "giải", "xử", "khắc", "xin", "nhắc", "báo", "thông",
    "trả", "chỉnh", "ghi", "sửa", "đính", "đóng", "phản", "tháo", "số", "hòa", "rà", "thu",
)  # fmt: skip
"""How words begin that say what is done about a fault: ``được giải quyết``, ``đã khắc phục``."""
_MERE_COUNTS = frozenset({"số lượt", "số lần"})


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
        if _wrong_way(reading, base, target):
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
        within = told_all or any(
            text.sequence(at, "trong", "số", word)
            for at in range(part.first - 3, part.last + 3)
            for word in ("đó", "này", "ấy")
        )
        if within and part.kind == whole.kind == "count" and _same_unit(part, whole) and part.low > whole.low:
            return part  # "có 11 công chức, … 13 công chức trong số đó"
    for part, whole in itertools.pairwise(reading.quantities):
        between = range(part.last, whole.first)
        of_all = any(text.says(at, "trong", "trên") and text.says(at + 1, "tổng", "số") for at in between)
        among = text.says(part.first - 1, "trong") and any(
            text.says(at, "có", "phải", "đúng", "đạt") for at in between
        )
        same = part.kind == whole.kind == "count" and part.unit.casefold() == whole.unit.casefold()
        if among and same and whole.low > part.low:  # "trong 150 hồ sơ có 160 hồ sơ …"
            return whole
        ahead = text.sequence(part.first - 3, "trong", "tổng", "số") and text.bare(whole.first - 1) != "("
        if ahead and part.kind == whole.kind == "count" and _same_unit(part, whole) and whole.low > part.low:
            return whole  # "trong tổng số 640 hồ sơ chứng thực …, trả đúng hẹn 655 hồ sơ"
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


def _wrong_way(reading: Reading, base: Quantity, target: Quantity) -> bool:
    """Whether the target is worse than today, by the measure; without one, by the verb."""
    if target in reading.roles.changes or (
        target.kind != base.kind and not ("bare" in {base.kind, target.kind} or base.zero or target.zero)
    ):
        return False
    better = direction(reading, base if _points_back(reading, target) else target)
    if target.kind == base.kind == "minutes":
        base_time, target_time = _calendar(base, target), _calendar(target, base)
        return target_time > base_time
    if base.zero and reading.text.says(base.first, "chưa"):
        better = 1
    elif reading.text.says(base.first - 1, "mới") or reading.text.says(base.first, "mới"):
        better = 1  # "mới 1 thủ tục": too few
    elif better == 0:
        better = (
            direction(reading, base)
            or _turned(reading, target)
            or _BETTER_BY_LIMIT.get(target.limit, 0)
            or _only(reading, base, target)
            or _had(reading, target)
            or _share(reading, target)
        )
    return (target.high - base.low) * better < 0


def _points_back(reading: Reading, target: Quantity) -> bool:
    """``…; kéo tỷ lệ này xuống 10 %``: the measure is the one named with the baseline."""
    near = range(max(0, target.first - 5), target.first)
    return any(reading.text.says(at, "lệ", "số", "gian") and reading.text.says(at + 1, "này") for at in near)


def _only(reading: Reading, base: Quantity, target: Quantity) -> int:
    """``6 loại sổ …, chỉ còn dùng 2 loại sổ``: fewer is meant to be better."""
    return -int(any(reading.text.sequence(at, "chỉ", "còn") for at in range(base.last, target.number_last)))


def _share(reading: Reading, target: Quantity) -> int:
    """A share of which nothing bad is said: more of it is better."""
    text = reading.text
    bad = reading.has("less") or any(
        text.says(at, "chưa", "không", "bị", "còn", "phải") for at in range(len(text.tokens))
    )
    return int(
        target.kind == "percent"
        and (not bad or any(text.sequence(at, "xin", "lỗi") for at in range(len(text.tokens))))
    )


def _had(reading: Reading, target: Quantity) -> int:
    """``số hộ có điện lưới``: what is had is better had by more, if no fault is named."""
    text = reading.text
    if not reading.has("less") and any(text.says(at, "chưa") for at in range(target.first)):
        return -1  # "có 130 đơn chưa phân loại, … chỉ để lại 15 đơn"
    had = [at for at in range(target.first) if text.says(at, "có", "được", "dùng", "đạt", "trình")]
    if had and not reading.has("less") and text.says(had[0] - 1, "chưa", "không"):
        return -1  # "số thủ tục chưa có quy trình"
    return int(bool(had) and not reading.has("less"))


def _settled(reading: Reading, fault: Found, target: Quantity) -> bool:
    """``hồ sơ tồn được giải quyết``, ``tỷ lệ khắc phục sai sót``: what is done about a fault, not the fault."""
    text = reading.text
    if text.says(fault.first - 1, *_REMEDIES) and any(
        text.sequence(at, "tỷ", "lệ") for at in range(fault.first - 4, fault.first - 2)
    ):
        return True
    last = target.first if target.first > fault.last else len(text.tokens)
    behind = range(fault.last, min(fault.last + 6, last))
    return any(text.says(at, "được", "đã") and text.says(at + 1, *_SETTLING) for at in behind)


def _calendar(quantity: Quantity, other: Quantity) -> Decimal:
    """Its minutes; working days beside weeks or months count for the days off between them too."""
    span = quantity.high
    working = "việc" in quantity.unit and "việc" not in other.unit
    return span * _WEEK_OF_WORK if working and other.unit.casefold() in _LONG_SPANS else span


def direction(reading: Reading, target: Quantity) -> int:
    """1: more is better; -1: less is better; 0: cannot be told."""
    text = reading.text
    if target.zero or target.kind in {"minutes", "rank"}:
        return -1  # what takes less of people's time is better, and the first place is
    measure = reading.measure_of(target)
    if measure is not None and measure.phrase not in _MERE_COUNTS:
        waived = any(text.sequence(at, "không", "phải") for at in range(measure.first - 4, measure.first))
        spared = text.says(measure.first - 1, "không", "chưa") or any(
            text.sequence(measure.first - 2, "không", word) for word in ("bị", "cần")
        )
        if "less" in measure.lists and (waived or spared or _settled(reading, measure, target)):
            return 1
        denied = any(text.says(at, "chưa", "không") for at in range(measure.first - 3, measure.first))
        return 1 if ("more" in measure.lists) != (denied and "more" in measure.lists) else -1
    return _turned(reading, target)


def _turned(reading: Reading, target: Quantity) -> int:
    """Which way the verb in the clause of a target turns: 1 up, -1 down, 0 none."""
    text = reading.text
    low, _ = clause_around(text, target.first)
    for at in range(target.first, low - 1, -1):
        if text.says(at, "tăng", "nâng"):
            return 1
        if text.says(at, "giảm", "rút", "hạ", "cắt", "kéo") and text.bare(at - 1) != "/":
            return -1
    for at in range(target.first, low - 1, -1):
        if text.says(at, "lên"):
            return 1
        if text.says(at, "xuống"):
            return -1
    return 0
