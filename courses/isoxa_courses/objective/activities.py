"""An activity in the place of the result: ``tổ chức 3 lớp tập huấn``, ``rà soát quy trình``."""

from __future__ import annotations

from functools import lru_cache

from .quantity import Quantity
from .reading import Reading
from .words import Found

_BREAKS = ("để", "nhằm", "giúp", "bảo", "đảm", "đưa", "nâng", "đạt", "giảm", "rút", "qua")
_ARROWS = frozenset({"->", "=>", "→"})
_PUSHING = frozenset({"tăng cường", "đẩy mạnh"})
_LOOSE = frozenset({"phối hợp", "đào tạo", "bồi dưỡng", "học tập", "trao đổi", "tham mưu"})
"""Doings too general to be one: to push them is a slogan."""
_MEASURES = (("số", "cuộc"), ("chỉ", "số"), ("số", "lần"), ("số", "người"), ("số", "hộ"), ("thời", "gian"))
_CLOSING = frozenset({"ban hành", "hoàn thành", "công bố", "phê duyệt", "hoàn tất"})
_SHORT = frozenset({"mở", "mua", "đăng", "họp"})
_RESULT_KINDS = frozenset({"percent", "points", "minutes", "blank", "bare", "rank"})


def counts_activities(reading: Reading, quantity: Quantity) -> bool:
    """``3 lớp``, ``2 cuộc kiểm tra``: a figure that counts what is done."""
    if quantity.total is not None or reading.text.says(quantity.first - 1, "cả"):
        return False
    lowered = reading.text.says(quantity.first - 1, "xuống", "còn") or reading.text.says(
        quantity.first, "còn"
    )
    if lowered and any(quantity is target for _, target in reading.roles.pairs):
        return False  # "10/12 phiên tiếp công dân": a share
    for mark in reading.of("activity_units"):
        if quantity.kind == "count" and quantity.first <= mark.first <= quantity.last:
            bounded = reading.text.among(range(quantity.first + 1), "chỉ")
            travelled = mark.phrase == "lần" and (reading.has("less") or bounded)  # "đi lại 2 lần" measures
            return not travelled and not reading.text.says(0, "số", "tỷ", "mức")
    return False


def result_figures(reading: Reading) -> list[Quantity]:
    """The targets that measure a result."""
    return [quantity for quantity in reading.targets if not counts_activities(reading, quantity)]


@lru_cache(maxsize=4)
def is_activity(reading: Reading) -> Found | None:
    """The activity mistaken for a result: no result with a figure follows it."""
    activity = _stated(reading)
    if activity is None or _is_finished(reading, activity):
        return None
    if activity.first > 1 and any(
        base.kind == target.kind and target.high < base.low for base, target in reading.roles.pairs
    ):
        return None  # "phải gọi điện nhắc 3 cuộc …, rút xuống 1 cuộc": the doing is what is counted
    return None if _leads_to_figure(reading, activity) or _leads_to_change(reading, activity) else activity


def _stated(reading: Reading) -> Found | None:
    """The activity that the sentence states as its aim: its first verb says what is done."""
    figures = result_figures(reading)
    if reading.text.says(0, "tỷ") or any(reading.text.sequence(0, *words) for words in _MEASURES):
        return None  # "Tỷ lệ hộ tham gia …": a measure
    for mark in reading.of(
        "activity", "result", "turning", "limiting", "most", "done", "more", "less", "vague", "none"
    ):
        if "activity" in mark.lists:
            before = [one for one in figures if one.last <= mark.first and one.kind != "count"]
            text = reading.text
            if text.says(mark.last, "xong", "đủ", "hết") and not _held(reading, mark.last):
                return None  # "Mở xong quầy số 7", "đăng đủ bộ câu hỏi"
            if mark.phrase in _SHORT and any(one.last == mark.first for one in reading.of("system")):
                continue  # "cửa quầy tiếp nhận mở từ 7 giờ"
            if any(text.says(one.first - 1, "và") and one.phrase in _CLOSING for one in reading.of("done")):
                return None  # "họp xem xét … và ban hành thông báo kết luận"
            if mark.phrase == "hội nghị" and reading.has("done"):
                return None  # "Hội nghị … ra kết luận trước …"
            if reading.text.says(mark.last, "được") and any(one.first > mark.last for one in figures):
                return None  # "vận động được 45 suất học bổng"
            passive = reading.text.says(
                mark.first - 1,
                "được",
                "qua",
                "có",
                "bài",
                "kết",
                "kỳ",
                "khi",
                "đã",
                "việc",
                "luận",
                "cách",
                "phiếu",
                "bảng",
                "sổ",
                "biểu",
                "cột",
                "mục",
            )
            passive = passive or text.among(range(mark.first - 3, mark.first), "do")
            if text.says(mark.first - 1, "qua", "sau", "nhờ") and mark.first == 1:
                continue  # "Qua rà lại còn 270 thửa …": where the figures come from
            headed = (
                mark.first in {0, 1} and not reading.text.says(0, "phiếu", "bảng", "sổ", "biểu", "cột")
            ) or not passive
            return mark if headed and not before else None
        if mark.phrase in _PUSHING and _pushed(reading, mark.last):
            continue  # "tăng cường kiểm tra …"
        if mark.lists & {"vague"} and mark.phrase in {
            "tiếp tục",
            "phấn đấu",
            "thường xuyên",
            "tích cực",
            "chủ động",
        }:
            continue
        if mark.lists & {"more", "less"} and not mark.lists & {"result", "done"} and not figures:
            continue  # "hồ sơ trực tuyến": part of what the activity is about
        break
    units = [one for one in reading.targets if counts_activities(reading, one)]
    finished = reading.first("done") is not None or reading.text.says(0, "hoàn")
    measured = reading.text.says(0, "số", "tỷ", "mức", "thời") or any(
        one in units and reading.text.says(one.number_last, "cuộc", "lượt", "lần")
        for _, one in reading.roles.pairs
    )
    if units and not figures and not finished and not measured:
        first = reading.first("activity_units")
        return first if first is None or _names_doing(reading, first) else None
    return None


def _is_finished(reading: Reading, activity: Found) -> bool:
    """``Họp xem xét của lãnh đạo hoàn thành trước 20/12``: the doing is the subject, its end is stated."""
    begins = {time.first for time in reading.times}
    return any(
        mark.phrase in {"hoàn thành", "hoàn tất", "xong"} and mark.last in begins
        for mark in reading.of("done")
        if mark.first > activity.last + 1 and reading.text.kind(mark.first - 1) == "word"
    )


def _held(reading: Reading, at: int) -> bool:
    """``Tham gia đủ 3 buổi tập huấn``: all that is completed is the doing."""
    return any(at <= unit.first <= at + 3 for unit in reading.of("activity_units"))


def _pushed(reading: Reading, at: int) -> bool:
    return any(one.first == at and one.phrase not in _LOOSE for one in reading.of("activity"))


def _names_doing(reading: Reading, unit: Found) -> bool:
    """``lần``, ``lượt`` count anything; beside a verb of doing, or for units of activities alone, something is done."""
    return unit.phrase not in {"lần", "lượt"} or reading.text.among(range(unit.first), "thực", "đánh", "kiểm")


def _leads_to_change(reading: Reading, activity: Found) -> bool:
    """``… để giảm số hồ sơ trễ hạn``: a change of something measured stands behind the activity."""
    text = reading.text
    for at in range(activity.last, len(text.tokens) - 2):
        if not text.says(at, "để", "nhằm") or not text.says(
            at + 1, "giảm", "tăng", "nâng", "rút", "hạ", "kéo"
        ):
            continue
        level = text.among(range(at + 2, at + 4), "số", "tỷ", "thời")
        if level and any(mark.first > at for mark in reading.of("more", "less")):
            return True
    return False


def _leads_to_figure(reading: Reading, activity: Found) -> bool:
    """``… để 100 % công chức …``: a result with a figure stands behind the activity."""
    text = reading.text
    for quantity in result_figures(reading):
        if quantity.first < activity.last or not (
            quantity.kind in {*_RESULT_KINDS, "count"} or quantity.zero
        ):
            continue
        between = range(activity.last, quantity.first)
        broken = any(text.says(at, *_BREAKS) or text.bare(at) in {",", ";", ":", *_ARROWS} for at in between)
        if broken and _is_reached(reading, quantity, between):
            return True
        if (
            broken
            and (quantity.kind != "count" or quantity.zero)
            and (quantity.kind != "minutes" or reading.measure_of(quantity) is not None)
        ):
            return True
    return False


def _is_reached(reading: Reading, quantity: Quantity, between: range) -> bool:
    """``…, đưa số hồ sơ tồn còn dưới 10 bộ``, ``…, ban hành đầy đủ 82 quy trình``: things counted behind a comma."""
    text = reading.text
    if quantity.total is not None:
        return True  # "tập huấn nội bộ -> 15/15 công chức tra đúng"
    comma = next((at for at in reversed(between) if text.bare(at) in {",", ";", ":"}), None)
    return (
        quantity.kind == "count"
        and comma is not None
        and any(
            comma < mark.first < quantity.first
            and (mark.lists & {"done"} or text.says(mark.first, "đưa", "giảm", "hạ", "kéo", "rút", "nâng"))
            for mark in reading.of("done", "turning")
        )
    )
