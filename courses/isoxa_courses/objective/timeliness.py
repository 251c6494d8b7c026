"""Whether an objective says by when: a day, a period or a deadline."""

from __future__ import annotations

from .clauses import part_around
from .judgment import Judgment
from .numbers import year
from .occasions import is_of_event, occasion
from .reading import Reading
from .review import Verdict
from .schedules import scheduled_elsewhere
from .times import Time
from .words import Found

_OTHER_TIMES: tuple[tuple[str, Verdict, str], ...] = (
    ("start", "met", "start"),
    ("impossible", "cannot_tell", "impossible"),
    ("blank", "cannot_tell", "blank"),
    ("yearless", "cannot_tell", "no_year"),
    ("span", "cannot_tell", "no_start"),
)
"""Times that set no end, in the order in which they decide."""
_SPRING = 5  # the last month of spring, feasts of the lunar year included
_NO_EVENT = (
    "mắt", "hết", "tiên", "đây", "đó", "hạn", "hẹn", "dân", "người", "thời", "sau", "mặt", "nay", "giờ", "là",
    "đảng", "nhân", "pháp", "cử", "lãnh", "mọi", "ủy", "tập", "toàn", "bà",
)  # fmt: skip

_CASES = frozenset({"sau khi", "trước khi", "ngay sau khi", "đến khi", "cho đến khi", "cho tới khi"})
_WEIGHING = (
    ("đối", "chiếu"), ("cân", "nhắc"), ("cân", "đối"), ("xem", "xét"), ("trao", "đổi"), ("thảo", "luận"),
    ("bàn", "bạc"), ("thống", "nhất"), ("tham", "khảo"), ("nghiên", "cứu"), ("tính", "toán"), ("lắng", "nghe"),
)  # fmt: skip
_LASTING = (
    "chuyển", "sửa", "xây", "dời", "di", "nâng", "sắp", "sáp", "bàn", "thi", "thí", "chỉnh", "diễn", "nghỉ",
)  # fmt: skip
_IN_CASES = (
    "cấp",
    "dân",
    "khách",
    "công",
    "trình",
    "ban",
    "đóng",
    "in",
    "phải",
    "mở",
    "giải",
    "trễ",
    "quá",
    "nộp",
    "nhận",
    "tiếp",
    "phát",
    "trả",
    "gửi",
    "xảy",
    "ký",
    "ra",
    "rời",
    "về",
    "chờ",
)


def judge_time_bound(reading: Reading) -> Judgment:
    """A day, a period or a deadline."""
    own = [time for time in reading.times if time not in reading.baseline_times]
    limits = [time for time in own if time.limits]
    unfilled = next((time for time in limits if _has_no_day(reading, time)), None)
    if unfilled is not None and len(limits) == 1:
        return Judgment("cannot_tell", "blank", (reading.quote(unfilled),))
    events = [time for time in limits if _is_sitting(reading, time)]
    if len(limits) > len(events):
        limits = [time for time in limits if time not in events]
        return Judgment("met", "limit", (reading.quote(limits[-1]),))
    for kind, verdict, reason in _OTHER_TIMES:
        for time in own:
            if time.kind == kind:
                return Judgment(verdict, reason, (reading.quote(time),))
    dated = next((mark for mark in reading.of("events") if _of_a_year(reading, mark)), None)
    if dated is not None:
        return Judgment("met", "limit", (reading.text.quote(dated.first, dated.last + 1),))
    event = next((mark for mark in reading.of("events") if not _sets_no_day(reading, mark)), None)
    named = (
        reading.quote(event)
        or reading.quote(next(iter(events), None))
        or _before_something(reading)
        or _while_something(reading)
        or occasion(reading.text)
    )
    if named:
        return Judgment("cannot_tell", "event", (named,))
    announced = scheduled_elsewhere(reading.text)
    if announced:
        return Judgment("cannot_tell", "elsewhere", (announced,))
    for time in own:
        if time.kind == "recurring":
            return Judgment("not_met", "no_end", (reading.quote(time),))
    vague = reading.first("vague_times")
    if vague is not None:
        return Judgment("not_met", "vague", (reading.quote(vague),))
    if reading.baseline_times:
        return Judgment("not_met", "baseline", (reading.quote(reading.baseline_times[0]),))
    return Judgment("not_met", "none")


def _has_no_day(reading: Reading, time: Time) -> bool:
    """``trước ngày … tháng … năm 2027``: the year is there, the day is not."""
    text = reading.text
    of_year = next((at for at in range(time.first, time.last) if text.says(at, "năm")), -1)
    return text.kind(of_year - 1) == "blank" and text.says(of_year - 2, "tháng", "ngày", "quý")


def past_feast(reading: Reading) -> Found | None:
    """``trước Tết Nguyên đán 2026``: a feast that is over."""
    for mark in reading.of("events"):
        told = _of_a_year(reading, mark)
        feast = reading.text.says(mark.last - 1, "đán", "tết")
        over = told == reading.today.year and reading.today.month > _SPRING
        if feast and told and (told < reading.today.year or over):
            last = next(at for at in range(mark.last, mark.last + 4) if year(reading.text, at) == told)
            return Found(mark.first, last + 1, mark.lists, mark.phrase)
    return None


def _of_a_year(reading: Reading, mark: Found) -> int | None:
    """``vụ xuân 2027``, ``Trước Tết Nguyên đán 2026``: the year of a season or feast, if it is told."""
    text = reading.text
    seasonal = text.says(mark.last - 1, "xuân", "thu", "mùa", "đông", "đán", "tết", "khô", "mưa", "chiêm")
    compared = text.says(mark.first - 1, "với", "hơn", "như", "của", "bằng")
    last = mark.last + 2 * text.sequence(mark.last, "nguyên", "đán")
    last += text.says(last, "năm")
    return year(text, last) if seasonal and not compared else None


def _sets_no_day(reading: Reading, mark: Found) -> bool:
    """Whether a phrase of the events says something else here than by when."""
    return (
        reading.text.says(mark.first - 1, "với")
        or _is_no_time(reading, mark)
        or _of_each_case(reading, mark)
        or _is_weighing(reading, mark)
        or _promised_at(reading, mark)
        or _of_today(reading, mark)
        or _comes_back(reading, mark)
    )


def _is_sitting(reading: Reading, time: Time) -> bool:
    """``trước kỳ họp giữa năm``: which one is meant; a year that is named settles when it is."""
    return time.kind == "period" and time.end is None and is_of_event(reading.text, time.first)


def _comes_back(reading: Reading, mark: Found) -> bool:
    """``mỗi thứ Sáu cuối tháng``, ``kỳ đánh giá trước``, ``diễn ra đúng lịch``, ``hồ sơ kết hôn``: no event ahead."""
    text = reading.text
    if text.says(mark.first, "lần") and text.says(mark.first - 1, "một"):
        return True  # "6 tháng một lần đánh giá …"
    _, high = part_around(text, mark.first)
    if any(text.says(at, "hằng", "hàng") and text.says(at + 1, "năm") for at in range(mark.last, high)):
        return True  # "mùa cao điểm tuyển sinh hằng năm"
    each = any(
        text.says(at, "mỗi", "mọi", "từng")
        and text.says(at + 1, "thứ", "ngày", "dịp", "đợt", "kỳ", "cuối", "lần")
        for at in range(mark.first - 3, mark.first)
    )
    gone = text.says(mark.last, "trước", "rồi", "qua") or text.sequence(mark.last, "vừa", "qua")
    gone = gone or text.sequence(mark.last, "vừa", "rồi")
    punctual = mark.phrase == "đúng lịch" and (
        text.sequence(mark.first - 2, "diễn", "ra") or text.says(mark.first - 1, "họp", "trực", "dân")
    )
    return each or gone or punctual or (mark.phrase == "sơ kết" and text.says(mark.first - 1, "hồ"))


def _of_each_case(reading: Reading, mark: Found) -> bool:
    """``thư xin lỗi gửi sau khi trễ hẹn``: what happens in every case, and no day."""
    text = reading.text
    told = text.says(mark.last, *_IN_CASES) or text.sequence(mark.last, "hết", "hạn")
    ahead = text.says(mark.first - 1, "ngày", "giờ", "buổi") and text.kind(mark.first - 2) == "number"
    return mark.phrase in _CASES and (told or ahead)  # "1 ngày trước khi hồ sơ hết hạn"


def _is_no_time(reading: Reading, mark: Found) -> bool:
    """``làm đích đến khi …``; ``sẽ được bổ sung sau khi …``: when the sentence itself will be filled in."""
    text = reading.text
    later = text.says(mark.first, "sau") and text.sequence(mark.first - 3, "được", "bổ", "sung")
    return later or (text.says(mark.first, "đến") and text.says(mark.first - 1, "đích"))


def _is_weighing(reading: Reading, mark: Found) -> bool:
    """``Sau khi cân nhắc …, đơn vị …``: how the objective was come to."""
    text = reading.text
    if mark.phrase not in {"sau khi", "ngay sau khi"}:
        return False
    weighed = any(text.sequence(mark.last, *words) for words in _WEIGHING)
    return weighed and any(text.bare(at) == "," for at in range(mark.last, len(text.tokens) - 1))


def _promised_at(reading: Reading, mark: Found) -> bool:
    """``những việc đã hứa trước hội nghị``: in front of it, not by then."""
    text = reading.text
    told = text.says(mark.first - 1, "hứa") or text.sequence(mark.first - 2, "cam", "kết")
    return (
        text.says(mark.first, "trước")
        and told
        and text.says(mark.first + 1, "hội", "đại", "cử", "kỳ", "cuộc")
    )


def _of_today(reading: Reading, mark: Found) -> bool:
    """``Sau sáp nhập dân phải đi 2,6 lượt, nay kéo xuống còn 1,5 lượt``: when the level of today came about."""
    text = reading.text
    base = next((one for one in reading.quantities if one.first >= mark.last), None)
    return (
        text.says(mark.first, "sau", "từ")
        and base in reading.roles.baselines
        and base is not None
        and not any(text.kind(at) == "sign" for at in range(mark.last, base.first))
        and any(text.bare(at) in {",", ";"} for at in range(base.last, len(text.tokens)))
    )


def _while_something(reading: Reading) -> str:
    """``trong thời gian chuyển kho``: as long as something lasts."""
    text = reading.text
    for at in range(len(text.tokens) - 3):
        if text.sequence(at, "trong", "thời", "gian") and text.says(at + 3, *_LASTING):
            return text.quote(at, min(at + 5, len(text.tokens)))
    return ""


def _before_something(reading: Reading) -> str:
    """``…, trước sinh nhật Bác``, ``hoàn thành trước …``: a deadline set by something without a day."""
    text = reading.text
    for at in range(1, len(text.tokens) - 1):
        led = text.bare(at - 1) in {",", ";", "("} or text.says(at - 1, "thành", "xong")
        if (
            text.says(at, "trước")
            and led
            and text.kind(at + 1) == "word"
            and not text.says(at + 1, *_NO_EVENT)
        ):
            return text.quote(at, min(at + 3, len(text.tokens)))
    return ""
