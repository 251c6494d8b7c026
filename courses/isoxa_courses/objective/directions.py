"""Which way is better, and whether a target is worse than its baseline: by the measure; without one, by the verb."""

from __future__ import annotations

from .clauses import clause_around
from .gains import gains, loses, titled
from .leanings import (
    MERE_COUNTS,
    counts_faults,
    counts_steps,
    grades_a_field,
    is_burden,
    is_score,
    is_soft,
    own_measure,
    segment,
    soft_leaning,
)
from .predicates import capped, complete, floored, said_of
from .quantity import Quantity
from .reading import Reading
from .spans import ahead_of_time, calendar, offered
from .words import Found

_BETTER_BY_LIMIT = {"at_most": -1, "below": -1, "at_least": 1, "above": 1}
_REMEDIES = ("phục", "quyết", "lý", "lời", "sửa", "hồi")
_SETTLING = (
    "giải", "xử", "khắc", "xin", "nhắc", "báo", "thông",
    "trả", "chỉnh", "ghi", "sửa", "đính", "đóng", "phản", "tháo", "số", "hòa", "rà", "thu",
)  # fmt: skip
"""How words begin that say what is done about a fault: ``được giải quyết``, ``đã khắc phục``."""


def wrong_way(reading: Reading, base: Quantity, target: Quantity) -> bool:
    """Whether the target is worse than today, by the measure; without one, by the verb."""
    if target in reading.roles.changes or (
        target.kind != base.kind and not ("bare" in {base.kind, target.kind} or base.zero or target.zero)
    ):
        return False
    if target.kind == base.kind == "minutes":
        base_time, target_time = calendar(base, target), calendar(target, base)
        given = offered(reading) or ahead_of_time(reading, target)
        return target_time < base_time if given else target_time > base_time
    better = direction(reading, base if _points_back(reading, target) else target)
    told = _told(reading)
    if _made_up(reading, target):
        better = 1
    elif target.high == 0:
        better = -1  # nobody aims at nought of something good
    elif told:
        better = told
    elif capped(reading.text, target):
        better = -1
    elif complete(reading.text, target) or floored(reading.text, target) or _raised(reading, target):
        better = 1
    elif base.zero and reading.text.says(target.first - 1, "cả", "đủ"):
        better = 1  # "từ không … phòng nào đến cả 4 phòng"
    elif base.high == 0 and target.low > 0 and not reading.has("less"):
        better = 1  # "năm 2026 không có ai, năm 2027 là 30 người"
    elif _undone(reading, base) and target.high < base.low:
        better = -1
    elif base.zero and reading.text.says(base.first, "chưa"):
        better = 1
    elif (reading.text.says(base.first - 1, "mới") or reading.text.says(base.first, "mới")) and _turned(
        reading, target
    ) > 0:
        better = 1  # "mới 1 thủ tục": too few
    elif target.kind == base.kind == "bare" and target.limit in {"below", "at_most"} and better == 0:
        better = -1  # "đất đai trước đây 31, … còn 12"
    elif better == 0:
        better = (
            direction(reading, base)
            or _turned(reading, target)
            or _BETTER_BY_LIMIT.get(target.limit, 0)
            or _only(reading, base, target)
            or _had(reading, target)
            or _share(reading, target)
            or titled(reading, base, target)
        )
    if base.total and target.total and base.total != target.total and base.kind == target.kind:
        return (target.high / target.total - base.low / base.total) * better < 0  # "2/3", "3/5"
    return (target.high - base.low) * better < 0


def _made_up(reading: Reading, target: Quantity) -> bool:
    """``bổ sung cho đủ 65 thủ tục``: what is added to is wanted."""
    text = reading.text
    near = range(target.first - 5, target.first)
    added = any(text.sequence(at, "bổ", "sung") and not text.says(at - 1, "phải") for at in near)
    return added and text.says(target.first - 1, "đủ", "thêm", "thành")


def _told(reading: Reading) -> int:
    """``càng thấp càng tốt``: the sentence says itself which way is better."""
    text = reading.text
    for at in range(1, len(text.tokens) - 2):
        if text.says(at, "càng") and text.sequence(at + 2, "càng", "tốt"):
            up, down = (
                text.says(at + 1, "cao", "nhiều", "lớn"),
                text.says(at + 1, "thấp", "ít", "nhỏ", "ngắn"),
            )
            return int(up) - int(down)
    return 0


def _raised(reading: Reading, target: Quantity) -> bool:
    """``nâng … lên 15 dữ liệu``: nobody speaks of raising what is bad."""
    low, _ = segment(reading, target)
    plain = target.kind not in {"rank", "minutes"}  # "nâng hạng từ thứ 18 lên thứ 33"
    return plain and reading.text.marked and reading.text.among(range(low, target.first), "nâng")


def _undone(reading: Reading, base: Quantity) -> bool:
    """``7 bản chưa có người giúp``: what is counted today is what is not done yet."""
    return reading.text.says(base.last, "chưa") or reading.text.says(base.last - 1, "chưa")


def _points_back(reading: Reading, target: Quantity) -> bool:
    """``…; kéo tỷ lệ này xuống 10 %``: the measure is the one named with the baseline."""
    near = range(max(0, target.first - 5), target.first)
    return any(reading.text.says(at, "lệ", "số", "gian") and reading.text.says(at + 1, "này") for at in near)


def _only(reading: Reading, base: Quantity, target: Quantity) -> int:
    """``6 loại sổ …, chỉ còn dùng 2 loại sổ``: fewer is meant to be better."""
    text = reading.text
    near = range(max(base.last, target.first - 2), target.number_last)
    merely = any(text.says(at, "chỉ") and not text.says(at + 1, "tiêu", "số", "đạo", "đạt") for at in near)
    left = any(text.sequence(at, "chỉ", "còn") for at in range(base.last, target.number_last))
    return -int(left or (merely and target.high < base.low))


def _share(reading: Reading, target: Quantity) -> int:
    """A share of which nothing bad is said: more of it is better."""
    text = reading.text
    bad = reading.has("less") or text.among(range(len(text.tokens)), "chưa", "không", "bị", "còn", "phải")
    return int(
        (target.kind == "percent" or target.total is not None)
        and (not bad or any(text.sequence(at, "xin", "lỗi") for at in range(len(text.tokens))))
    )


def _had(reading: Reading, target: Quantity) -> int:
    """``số hộ có điện lưới``: what is had is better had by more, if no fault is named."""
    text = reading.text
    if not reading.has("less") and text.among(range(target.first), "chưa"):
        return -1  # "có 130 đơn chưa phân loại, … chỉ để lại 15 đơn"
    if is_burden(text, target):
        return -1
    had = [at for at in range(target.first) if text.says(at, "có", "được", "dùng", "đạt", "trình")]
    had = [
        at for at in had if not text.sequence(at - 1, "quy", "trình") and not text.sequence(at, "có", "công")
    ]
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
    told = any(text.sequence(at, "có", word, "xin", "lỗi") for at in behind for word in ("thư", "phiếu"))
    return told or any(text.says(at, "được", "đã") and text.says(at + 1, *_SETTLING) for at in behind)


def direction(reading: Reading, target: Quantity) -> int:
    """1: more is better; -1: less is better; 0: cannot be told."""
    text = reading.text
    ranked = (text.says(0, "hạng") and not text.says(1, "mục", "chục")) or text.sequence(0, "thứ", "hạng")
    if target.zero or target.kind in {"minutes", "rank"} or (ranked and target.kind == "bare"):
        return -1  # what takes less of people's time is better, and the first place is
    if target.unit == "sao":
        return 1
    measure = own_measure(reading, target)
    unsure = (
        measure is not None and {"more", "less"} <= measure.lists
    )  # "chậm" and "chấm", typed without marks
    if counts_steps(text, target):
        return -1
    if said := said_of(reading, target):
        return said
    if counts_faults(reading, target, measure) or _opens_with_fault(reading, target, measure):
        return -1
    done = measure is not None and "done" in measure.lists
    if done and measure is not None and text.sequence(measure.first - 2, "quá", "hạn"):
        return -1  # "số quy trình quá hạn cập nhật"
    if (measure is None or is_soft(measure)) and grades_a_field(reading, target):
        return 1
    if measure is not None and not unsure and measure.phrase not in MERE_COUNTS:
        caught = text.says(measure.first - 1, "bắt") or text.sequence(measure.first - 2, "phát", "hiện")
        if caught and target.kind == "percent" and "less" in measure.lists:
            return 1  # "camera bắt lỗi"
        if is_soft(measure):
            lean = soft_leaning(reading, target, measure)
            if lean or gains(reading, target):
                return 1
        waived = any(text.sequence(at, "không", "phải") for at in range(measure.first - 4, measure.first))
        spared = text.says(measure.first - 1, "không", "chưa") or any(
            text.sequence(measure.first - 2, "không", word) for word in ("bị", "cần")
        )
        if "less" in measure.lists and (waived or spared or _settled(reading, measure, target)):
            return 1
        denied = text.among(range(measure.first - 3, measure.first), "chưa", "không")
        return 1 if ("more" in measure.lists) != (denied and "more" in measure.lists) else -1
    if is_score(reading, target) or gains(reading, target):
        return 1
    if loses(reading, target):
        return -1
    return _turned(reading, target)


def _opens_with_fault(reading: Reading, target: Quantity, measure: Found | None) -> bool:
    """``Sai sót khi nhập hồ sơ trên phần mềm``: the fault that is named first, not what stands behind it."""
    if measure is None or "less" in measure.lists:
        return False
    text = reading.text
    low, _ = segment(reading, target)
    faults = [one for one in reading.of("less") if low <= one.first < low + 4 and one.last <= measure.first]
    faults = [one for one in faults if one.phrase not in MERE_COUNTS]
    faults = [one for one in faults if not is_soft(one) and not text.says(one.first - 1, "không", "hết")]
    if not faults and not loses(reading, target, before=measure.first):
        return False
    first = faults[0].last if faults else low
    done = range(first, max(first, min(target.first, len(text.tokens))))
    return not text.among(done, "được", "đã", "khắc", "xử")


def _turned(reading: Reading, target: Quantity) -> int:
    """Which way the verb of a target turns, in its own part or in the whole clause: 1 up, -1 down, 0 none."""
    low, _ = segment(reading, target)
    return _verb(reading, target, low) or _verb(reading, target, clause_around(reading.text, target.first)[0])


def _verb(reading: Reading, target: Quantity, low: int) -> int:
    text = reading.text
    back = range(target.first, low - 1, -1)
    lifted = text.among(range(low, target.first), "lên")
    for at in back:
        if (
            text.says(at, "tăng", "nâng")
            or (text.marked and text.says(at, "nới"))
            or text.sequence(at, "mở", "rộng")
            or text.sequence(at, "nhân", "rộng")
        ):
            return 1
        if text.says(at, "kéo", "đẩy") and lifted:
            return 1  # "kéo lên 85 %"
        if text.sequence(at, "bổ", "sung") or text.sequence(at, "mở", "thêm"):
            return 1
        if text.says(at, "cắt", "rút", "giảm") and text.among(range(at - 2, at), "được"):
            return 1  # "số thủ tục được cắt giảm một bước"
        if text.says(at, "giảm") and text.says(at - 1, "miễn"):
            continue
        if text.says(at, "giảm", "rút", "hạ", "cắt", "kéo") and text.bare(at - 1) != "/":
            return -1
    for at in back:
        if text.says(at, "lên") and not text.says(at - 1, "trở"):
            return 1
        if text.says(at, "xuống"):
            return -1
    return 0
