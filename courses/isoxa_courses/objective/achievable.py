"""Whether the words themselves show that an objective can, or cannot, be reached."""

from __future__ import annotations

from decimal import Decimal

from .clauses import clause_around, part_around
from .directions import wrong_way
from .elsewhere import of_plan
from .judgment import Judgment
from .pairing import Figures, turned_round
from .parts_of_all import cut_out_of, more_than_all
from .quantity import MINUTES, Quantity
from .reading import Reading
from .roles import led_to
from .timeliness import past_feast
from .times import Time

_HUNDRED = Decimal(100)
_A_DAY = MINUTES["ngày"]
_SIGNS = frozenset({",", ";", ".", "(", ")", "\n", "-", "–", "→"})
_STANDS = ("đã", "đang", "hiện", "nay", "vốn", "cũ", "rồi")
_AIMS = ("phấn", "mục", "đích", "sẽ", "lên", "xuống", "đặt", "đăng", "hướng")
_MOST_PAIRS = 12  # baselines and targets of an objective are few; each pair is looked at word by word


def judge_achievable(reading: Reading) -> Judgment:
    """Only what the words themselves show: figures and days that cannot be, baseline against target."""
    over = _over_hundred(reading)
    if over is not None:
        return Judgment("not_met", "over_hundred", (reading.quote(over),))
    impossible = more_than_all(reading)
    if impossible is not None:
        return Judgment("not_met", "impossible_ratio", (reading.quote(impossible),))
    deadlines = [time for time in reading.times if time.limits and time not in reading.baseline_times]
    deadlines = [time for time in deadlines if not _holds_a_day(reading, time, deadlines)]
    dated = [(time.end, time) for time in deadlines if time.end is not None]
    if dated and len(dated) == len(deadlines):
        first_half = _half_is_past(reading, deadlines)
        if first_half is not None:
            return Judgment("not_met", "past", (reading.quote(first_half),))
        end, last = max(dated, key=lambda one: one[0])
        if end < reading.today:
            return Judgment("not_met", "past", (reading.quote(last),))
    feast = past_feast(reading)
    if feast is not None and all(feast.first <= time.first <= feast.last for _, time in dated):
        return Judgment("not_met", "past", (reading.quote(feast),))
    for base, target in reading.roles.pairs[:_MOST_PAIRS]:
        if wrong_way(reading, base, target) and not _mistakable(reading, base, target):
            return Judgment("not_met", "wrong_way", (reading.quote(base), reading.quote(target)))
    if reading.roles.pairs:
        base, target = reading.roles.pairs[0]
        return Judgment("met", "possible", (reading.quote(base), reading.quote(target)))
    kept = _kept(reading)
    if kept is not None:
        return Judgment("met", "possible", (reading.quote(kept),))
    cut = cut_out_of(reading)
    if cut:
        return Judgment("met", "possible", tuple(map(reading.quote, cut)))
    told = _from_or_to_nought(reading) or _within_a_day(reading)
    if told:
        return Judgment("met", "possible", told)
    targets = reading.targets
    if targets:
        return Judgment("cannot_tell", "no_baseline", (reading.quote(targets[0]),))
    return Judgment("cannot_tell", "no_target")


def _holds_a_day(reading: Reading, period: Time, deadlines: list[Time]) -> bool:
    """``Trong vụ xuân 2026 … trước ngày 25/02/2026``: the day decides, not the year it lies in, nor ``trong năm``."""
    days = [one for one in deadlines if one.kind == "day" and one is not period and one.end]
    if period.kind == "period" and days and not any(map(str.isdigit, reading.quote(period))):
        return True
    return any(
        one.end and period.begin and period.end and period.begin <= one.end < period.end for one in days
    )


def _mistakable(reading: Reading, base: Quantity, target: Quantity) -> bool:
    """Whether the words leave open which of two figures is where things stand; ``từ 92 % lên 90 %`` does not."""
    text = reading.text
    if base.first < target.first and (text.says(base.first, "từ") or text.says(base.first - 1, "từ")):
        return False
    if led_to(text, target) and not led_to(text, base):
        return False
    if _told_apart(reading, base, target):
        return False
    figures = Figures(reading.text, reading.today, reading.marks, reading.times, reading.quantities)
    return reading.roles.weighed or turned_round(figures, base, target)


def _told_apart(reading: Reading, base: Quantity, target: Quantity) -> bool:
    """``97 % (đã đạt), 95 % (phấn đấu)``, ``2027: 35 phút, 2026: 25 phút``: each figure says itself what it is."""
    return _says(reading, base, aim=False) and _says(reading, target, aim=True)


def _says(reading: Reading, quantity: Quantity, *, aim: bool) -> bool:
    text = reading.text
    low, high = _own_part(reading, quantity)
    stands = any("baseline" in mark.lists and low <= mark.first < high for mark in reading.marks)
    stands = stands or text.among(range(low, high), *_STANDS)
    aims = text.among(range(low, high), *_AIMS)
    for time in reading.times:
        if low <= time.first < high and time.end is not None:
            aims = aims or time.end.year > reading.today.year
            stands = stands or time.end.year <= reading.today.year
    return aims and not stands if aim else stands and not aims


def _own_part(reading: Reading, quantity: Quantity) -> tuple[int, int]:
    """From the sign before a figure to the sign behind it, or to the end of the bracket that follows."""
    text = reading.text
    low, high = quantity.first, quantity.last
    while low > 0 and text.bare(low - 1) not in _SIGNS:
        low -= 1
    if text.bare(high) == "(":
        high += 1
    while high < len(text.tokens) and text.bare(high) not in _SIGNS:
        high += 1
    others = [one for one in reading.quantities if one is not quantity]
    low = max([low, *(one.last for one in others if one.last <= quantity.first)])
    return low, min([high, *(one.first for one in others if one.first >= quantity.last)])


def _kept(reading: Reading) -> Quantity | None:
    """``giữ nguyên 100 % … của năm 2026 suốt năm 2027``: the level of today is the target."""
    text = reading.text
    stated = [one for one in reading.quantities if one.kind != "blank"]
    if len(stated) != 1:
        return None
    (level,) = stated
    low, _ = clause_around(text, level.first)
    head = next((at + 1 for at in range(len(text.tokens)) if text.bare(at) == ":"), 0)
    near = text.among(range(max(low, level.first - 6), level.first), "giữ", "duy")
    if not near and not any(text.says(at, "giữ", "duy") for at in (0, head)):
        return None
    ends = [time for time in reading.times if time.end is not None and time.kind != "recurring"]
    of_today = any(
        (text.says(time.first - 1, "của", "như", "bằng") or text.sequence(time.first - 2, "đã", "đạt"))
        and time.end
        and time.end.year <= reading.today.year
        for time in ends
    )
    later = any(time.end and time.end.year > reading.today.year for time in ends)
    later = later or any(
        text.says(time.first - 1, "như", "của") for time in ends
    )  # "giữ mức 88 như năm 2026"
    return level if of_today and later else None


def _within_a_day(reading: Reading) -> tuple[str, ...]:
    """``hiện 3 ngày, từ 01/3/2027 trả ngay trong ngày``: a span of today, and a target told without a figure."""
    text = reading.text
    spans = [one for one in reading.quantities if not one.zero and one.kind != "blank"]
    if len(spans) != 1 or spans[0].kind != "minutes":
        return ()
    (span,) = spans
    started = text.says(span.first - 1, "từ") or text.says(span.first, "từ")
    waited = text.among(range(span.first - 4, span.first), "chờ", "đợi", "mất")
    today = span in reading.roles.baselines or started
    today = today or (
        waited and text.says(span.last, "như") and text.says(span.last + 1, "hiện", "trước", "cũ")
    )
    for at in range(len(text.tokens)):
        soon = text.says(at, "trong") and text.says(at + 1, "ngày", "buổi")
        closed = text.kind(at + 2) in {"", "sign"} or text.says(
            at + 2, "từ", "kể", "vào", "trước", "đối", "làm", "với"
        )
        if soon and today and closed and not span.first <= at < span.last and span.high > _A_DAY / 2:
            return (reading.quote(span), text.quote(at, at + 2))
    return ()


def _from_or_to_nought(reading: Reading) -> tuple[str, ...]:
    """``từ con số không … 12 biểu mẫu``, ``hiện 8 bộ, đưa về không``, ``tồn 11 phiếu, năm nay xóa sạch``."""
    text, targets = reading.text, reading.targets
    if targets and any(text.sequence(at, "từ", "con", "số", "không") for at in range(targets[-1].first)):
        return (reading.quote(targets[-1]),)
    if targets and _none_yet(reading, targets[-1]):
        return (reading.quote(targets[-1]),)
    bases = [base for base in reading.roles.baselines if base.kind in {"count", "percent", "bare"}]
    if targets or not bases:
        return ()
    for at in range(bases[-1].last, len(text.tokens)):
        closed = text.kind(at + 2) in {"", "sign"}
        if closed and (text.sequence(at, "về", "không") or text.sequence(at - 2, "về", "con", "số", "không")):
            return (reading.quote(bases[-1]), text.quote(at, at + 2))
        if closed and text.says(at, "xóa", "dứt", "hết") and text.says(at + 1, "sạch", "hết", "điểm"):
            return (reading.quote(bases[-1]), text.quote(at, at + 2))
    return ()


def _none_yet(reading: Reading, target: Quantity) -> bool:
    """``Chưa thôn nào có mã QR, … cả 9 thôn có``: nothing stands today."""
    text = reading.text
    low, _ = clause_around(text, 0)
    denied = next((at for at in range(low, min(target.first, low + 2)) if text.says(at, "chưa")), -1)
    none = denied >= 0 and text.among(range(denied + 1, denied + 4), "nào", "ai")
    later = any(text.bare(at) in {",", ";", "."} for at in range(denied, target.first))
    return none and later and target.kind in {"count", "percent"} and not target.limit and not target.zero


def _half_is_past(reading: Reading, deadlines: list[Time]) -> Time | None:
    """``Trước 30/6/2026 cấp xong …, rồi đến 31/12/2027 …``: the day that the first of two results had to be done by."""
    text = reading.text
    for time in deadlines:
        if time.kind != "day" or time.end is None or time.end >= reading.today or reading.roles.pairs:
            continue
        due = text.says(time.first, "trước", "chậm", "muộn", "hạn")
        _, high = part_around(text, time.first)
        later = any(other.first >= high and other.end and other.end > reading.today for other in deadlines)
        finished = text.among(range(time.last, high), "xong", "đủ", "hết", "tất", "thành")
        told = text.among(range(time.last, high), "đã", "mới", "chỉ", "còn")
        if due and later and finished and not told:
            return time
    return None


def _over_hundred(reading: Reading) -> Quantity | None:
    text = reading.text
    for quantity in reading.quantities:
        if quantity.kind != "percent":
            continue
        typed = text.kind(quantity.number_last - 1) != "word"  # "trên mọi lĩnh vực": where, not how many
        strict = quantity.limit == "above" and quantity.low >= _HUNDRED and typed
        low, _ = clause_around(text, quantity.first)
        verbs = range(max(low, quantity.first - 3), quantity.first)
        falls = text.among(verbs, "giảm", "rút", "cắt", "bớt", "hạ")
        compared = text.sequence(quantity.last, "so", "với") or text.says(quantity.first - 1, "bằng")
        of_all = text.says(quantity.first - 1, "bằng") and text.says(quantity.last, "số", "tổng")
        of_all = of_all or any(
            text.sequence(quantity.last, "so", "với", word) for word in ("tổng", "số")
        )  # "110 % so với tổng số hồ sơ"
        of_all = of_all and not _of_a_year_gone(reading, quantity)
        planned = text.says(quantity.first - 2, "kế", "chỉ") and text.says(
            quantity.first - 1, "hoạch", "tiêu"
        )
        planned = planned and text.says(quantity.first - 3, "thành", "đạt", "vượt", "hiện")
        exempt = of_plan(reading, quantity) or (compared and not falls and not of_all) or planned
        if quantity in reading.roles.changes:
            if falls and quantity.high > _HUNDRED:
                return quantity
        elif (strict or quantity.high > _HUNDRED) and not exempt:
            return quantity
    for base, target in reading.roles.pairs[:_MOST_PAIRS]:
        if target.kind == "points" and base.kind == "percent":
            falls = text.among(range(max(0, target.first - 12), target.first), "giảm")
            if not falls and base.low + target.low > _HUNDRED:
                return target
    return _added_beyond(reading)


def _of_a_year_gone(reading: Reading, quantity: Quantity) -> bool:
    """``bằng 130 % số hồ sơ nộp trực tuyến năm 2026``: a share of another year's number, which may well be passed."""
    _, high = part_around(reading.text, quantity.first)
    return any(
        quantity.last <= time.first < high and time.end is not None and time.end.year <= reading.today.year
        for time in reading.times
    )


def _added_beyond(reading: Reading) -> Quantity | None:
    """``đã là 95 %, cần cộng thêm 6 điểm phần trăm``, ``từ 94/100 cộng thêm 9 điểm``: more than there is to reach."""
    text, figures = reading.text, reading.quantities
    if len(figures) != 2:
        return None
    added, base = sorted(figures, key=lambda one: one not in reading.roles.changes)
    whole = _HUNDRED if base.kind == "percent" and added.kind == "points" else None
    whole = base.total if base.total is not None and added.unit.casefold() == "điểm" else whole
    more = text.among(range(max(0, added.first - 3), added.number_last), "thêm", "cộng")
    stands = text.among(
        range(base.first - 2, base.first + 1), "từ", "là", "được", "nền", "đã", "đang", "hiện", "mới", "vào"
    )
    stands = stands or text.says(added.last, "nữa")
    lifted = text.among(range(base.first - 3, base.first), "lên", "phải", "thành")
    if added in reading.roles.changes and whole is not None and more and stands and not lifted:
        return added if base.low + added.low > whole else None
    return None
