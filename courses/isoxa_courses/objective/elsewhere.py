"""What is announced but stands elsewhere: things and levels told by reference, shares of a plan, blanks, titles."""

from __future__ import annotations

from functools import lru_cache

from .clauses import clause_around, preamble
from .quantity import HUNDRED, Quantity
from .reading import Reading
from .referred import referred_object
from .unknown import unknown_runs
from .words import Found

_POINTS_WITHIN = 9
_SCALES = (5, 10, 100, 1000)
_LEVELS = frozenset({"tỷ lệ", "mức", "chỉ số", "hệ số"})
_ASKED = frozenset({"câu hỏi", "ý kiến"})
_PLACES = ("ở", "tại", "khâu", "phận", "về", "của")
_OF_PLAN = ("theo", "so", "với", "của", "số", "các", "mức", "những")


@lru_cache(maxsize=4)
def pointed_thing(reading: Reading) -> Found | None:
    """``6 kiến nghị tại Thông báo 27``, ``nhiệm vụ được giao``, ``nội dung thứ ba``: a thing told by reference."""
    text = reading.text
    told = [mark for mark in reading.of("system", "outside", "more", "less") if "papers" not in mark.lists]
    begin = preamble(text)
    for mark in reading.of("things"):
        if mark.first < begin:
            continue
        _, high = clause_around(text, mark.first)
        if any(one.first <= mark.first < one.number_last for one in reading.quantities):
            continue  # "chín phần mười"
        counts = [one for one in reading.quantities if one.first <= mark.first <= one.last and not one.zero]
        if any(one.high == 0 or (one.total in _SCALES and mark.phrase == "điểm") for one in counts):
            continue  # "0 trường hợp phải thu hồi", "80/100 điểm"
        counted = bool(counts)
        before = [one for one in told if one.last <= mark.first]
        whatever = text.says(mark.last - 1, "gì", "điều")
        if (
            not counted
            and not whatever
            and any(one.lists & {"more", "less"} and "done" not in one.lists for one in before)
        ):
            continue  # "tỷ lệ hồ sơ đúng hạn … như kết quả đã báo cáo": a level told by reference, not a thing
        ordered = text.says(mark.last, "số", "thứ") and text.kind(mark.last + 1) == "number"
        ordered = ordered or (text.marked and text.sequence(mark.last, "thứ"))
        if mark.phrase in _LEVELS and before and text.kind(mark.last) != "number":
            continue  # "tỷ lệ công chức đạt chuẩn … theo tỷ lệ Sở đề ra"
        if not counted and text.says(mark.first - 1, "số") and any("system" in one.lists for one in told):
            continue  # "kéo số kiến nghị của cử tri còn nợ xuống …": a measure
        if (
            before
            and text.says(mark.first - 1, "như", "bằng", "đạt", "sát", "về")
            and not counted
            and not whatever
        ):
            continue  # "phải đủ như danh sách kèm tờ trình"
        if mark.phrase == "khối lượng" and before:
            continue  # "số hóa hồ sơ đủ khối lượng ghi trong hợp đồng"
        if mark.phrase in _ASKED and (reading.has("people") or not counted):
            continue  # "100 % câu hỏi của người dân": told whose they are
        heading = mark.first < 2 and any(text.bare(at) == ":" for at in range(mark.last, mark.last + 5))
        if heading and len(told) > 0:
            continue  # "Tiêu chí 17.3: tỷ lệ …"
        if mark.last in reading.names or ordered:
            return mark
        described = mark.last in {first for first, _ in unknown_runs(reading)}  # "5 điểm đen …"
        if counted and not described and not any(one.lists & {"system", "outside"} for one in told):
            return mark
        within = range(mark.last, high if counted else min(mark.last + _POINTS_WITHIN, high))
        pointer = next((one for one in reading.of("pointing") if one.first in within), None)
        attached = (
            pointer is not None
            and pointer.phrase.startswith("kèm")
            and text.among(range(mark.first - 1, pointer.first), "có")
        )
        if (
            pointer
            and not attached
            and (
                counted
                or not any(
                    mark.last <= one.first < pointer.first and not text.says(one.first - 1, *_PLACES)
                    for one in told
                )
            )
        ):
            return mark
    for mark in reading.of("system", "outside"):
        at = mark.last + text.says(mark.last, "thuộc")
        coded = text.kind(at + 1) == "number" or len(text.bare(at + 1)) == 1
        if text.says(at, "loại", "nhóm", "diện", "hạng") and coded:
            return mark  # "hồ sơ loại 3"
    for one in reading.quantities:  # "đóng đủ 6/6 phiếu do ông Lực mở"
        led = [mark for mark in reading.of("pointing") if one.last <= mark.first <= one.last + 1]
        if (
            one.kind == "count"
            and one.unit
            and not one.zero
            and led
            and not reading.has("system", "outside", "people")
        ):
            return Found(one.number_last, max(one.last, one.number_last + 1), frozenset({"things"}), "")
    for mark in reading.of("system", "outside"):  # "thủ tục nói trên", "hồ sơ nêu tại Phụ lục 2"
        if text.says(mark.first - 1, "có"):
            continue  # "có phiếu kiểm soát kèm theo": what the thing is to have
        if any(one.first == mark.last and "pointing_back" in one.lists for one in reading.of("pointing")):
            return mark
    return referred_object(reading)


def of_plan(reading: Reading, quantity: Quantity) -> bool:
    """``110 % kế hoạch``, ``vượt 5 % chỉ tiêu``: a share of what somebody else sets."""
    if quantity.kind != "percent":
        return False
    text = reading.text
    _, high = clause_around(text, quantity.first)
    if quantity.high > HUNDRED and any(
        quantity.last <= mark.first < high
        and text.says(mark.last - 1, "giao", "khoán", "bổ", "định")
        and (
            mark.last - mark.first > 1
            or text.says(mark.first - 1, "sở", "tỉnh", "trên", "được", "xã", "tịch", "đạo")
        )
        and not any(text.bare(at) == "," for at in range(quantity.last, mark.first))
        for mark in reading.of("pointing")
    ):
        return True  # "130 % số hồ sơ mà Sở giao"; not "105 % hồ sơ …, vượt chỉ tiêu tỉnh giao"
    near = 5 if text.sequence(quantity.last, "so", "với") else 3
    low = max(0, quantity.first - 7)
    if text.sequence(quantity.first - 2, "vượt", "mức"):
        return True
    exceeds = text.among(range(low, quantity.first + 1), "vượt")
    for mark in reading.of("levels"):
        between = range(quantity.last, mark.first)
        if quantity.last <= mark.first <= quantity.last + near and all(
            text.says(at, *_OF_PLAN) for at in between
        ):
            return True
        if exceeds and low <= mark.first and mark.last <= quantity.first + 1:
            return True
    return False


def blank_object(reading: Reading) -> str:
    """``hồ sơ lĩnh vực …… được trả``: what is left to be filled in, if it is no level and no day."""
    text = reading.text
    filled = {at for quantity in reading.quantities for at in range(quantity.first, quantity.last)}
    filled |= {at for time in reading.times for at in range(time.first, time.last)}
    for at in range(1, len(text.tokens) - 1):
        if text.kind(at) == "blank" and at not in filled and text.kind(at - 1) == text.kind(at + 1) == "word":
            return text.quote(at - 1, at + 1)
    return ""


def title_or_grade(reading: Reading) -> Found | None:
    """``đạt danh hiệu …``, ``được xếp loại hoàn thành tốt nhiệm vụ``."""
    title = reading.first("titles")
    if title is not None or not reading.quantities:
        return title
    return reading.first("yearly")
