"""Whether a sentence states a result: a figure that says of what, a change of something measured, an end state."""

from __future__ import annotations

from .content import indicators, names_object, objects
from .quantity import LINKS, MINUTES, Quantity
from .reading import Reading
from .unknown import unknown_code, unknown_work

_PREDICATES = (
    "có", "được", "bị", "đều", "qua", "thuộc", "đủ", "không", "chưa", "dùng", "biết", "phải", "ghi", "vượt",
    "in", "gắn", "kèm", "mang", "nằm", "dán",
)  # fmt: skip
_MARKS_OF = ("phần", "thang", "số", "đánh", "hài", "trung", "bình", "chuẩn", "tối", "khảo", "xếp", "chỉ")
"""After ``điểm`` these speak of marks, not of places."""
_CONDITIONS = ("khi", "nếu", "trước", "sau", "theo", "để", "nhằm")


def says_of_what(reading: Reading, quantity: Quantity) -> bool:
    """Whether a figure has both an object and an indicator."""
    named, shown = names_object(reading), bool(indicators(reading)) or reading.has("grades")
    outside = reading.has("outside") or (unknown_work(reading) is not None and not unknown_code(reading))
    text = reading.text
    own = any(quantity.last <= mark.first <= quantity.last + 1 for mark in objects(reading))
    if text.sequence(quantity.first - 2, "vượt", "mức") and not own:
        return False  # "hoàn thành vượt mức 10 %"
    if quantity.kind in {"percent", "bare"} and _field_alone(reading):
        outside = False
    finished = text.says(quantity.first, "hết", "sạch", "đủ", "cả") or text.says(
        quantity.first - 1, "lại", "đủ"
    )  # "vào sổ hết số công văn …"
    grown = quantity.kind == "count" and (
        text.says(quantity.first - 1, "thêm", "giảm", "bỏ", "bớt", "cắt")
        or text.among(range(quantity.last, len(text.tokens)), "mỗi")
    )
    if grown or finished or _counts_uses(reading, quantity) or _is_moved(reading, quantity):
        shown = True
    if quantity.kind == "minutes" or (quantity.kind == "blank" and text.says(quantity.last, *MINUTES)):
        return bool(objects(reading)) or outside
    if quantity.zero:
        whose = any(
            text.says(at, "người", "ai") or text.sequence(at, "cá", "nhân") for at in range(quantity.last)
        )
        return named or (whose and reading.has("less"))
    if quantity.kind == "rank":
        return reading.has("more", "less")
    if quantity.kind == "bare":
        if quantity.total is not None and any(one.total == quantity.total for one in reading.roles.baselines):
            return named  # "hiện có 3/9 công chức …, phải đủ 9/9"
        if any(
            quantity is target and base.kind == "count" and base.unit for base, target in reading.roles.pairs
        ):
            return named  # "đang có 14 thủ tục toàn trình; hết năm 2027 có 22"
        if quantity.total is not None and _numbers_things(reading):
            return named  # "Số công chức dùng chữ ký số: 15/15"
        levelled = text.says(quantity.number_last - 2, "thứ", "mức", "độ", "bậc", "cấp")
        if levelled and any(quantity is target for _, target in reading.roles.pairs):
            return named  # "từ mức độ 2 lên mức độ 4"
        of_number = names_a_level(reading, quantity.first) or text.says(0, "điểm")
        if (
            of_number
            and (reading.has("outside") or _numbers_things(reading))
            and any(quantity is target for _, target in reading.roles.pairs)
        ):
            return True  # "số sản phẩm OCOP từ 2 lên 4", "số thủ tục toàn trình từ 35 lên 60"
        less = any("less" in mark.lists and "system" not in mark.lists for mark in reading.of("less"))
        return shown and named and (of_number or quantity.total is not None or less)
    if (
        quantity.kind == "count"
        and text.says(quantity.number_last, "điểm", "sao")
        and not _counts_places(reading, quantity)
        and not _counts_work(reading, quantity)
    ):
        return named and reading.has("more")
    if quantity.kind == "count":
        level = names_a_level(reading, quantity.first) or text.among(range(quantity.first), "có")
        level = level or (text.says(quantity.number_last, "lượt") and bool(objects(reading)))
        level = level or (text.says(quantity.first - 1, "đạt") and _counts_work(reading, quantity))
        bounded = text.among(range(quantity.first), "phải", "để", "bị", "chỉ")
        grown = any(quantity is target and base.kind == "count" for base, target in reading.roles.pairs)
        told = (
            shown or outside or (named and (level or bounded or grown or _has_predicate(reading, quantity)))
        )
        return _counts_something(reading, quantity) and told
    if quantity.kind == "times":
        return named and shown
    if objects(reading):
        return named and (shown or (outside and reading.has("outside")) or _has_predicate(reading, quantity))
    return outside and not unknown_code(reading)


def _numbers_things(reading: Reading) -> bool:
    """``Số thủ tục có quy trình …``, ``nâng số dịch vụ …``: a number of things of the system."""
    return any(reading.text.says(mark.first - 1, "số") for mark in reading.of("system", "people"))


def _counts_something(reading: Reading, quantity: Quantity) -> bool:
    empty = reading.text.says(
        quantity.number_last, "bậc", "sao", "điểm", "mức", "phần", "việc", "nội", "mục", "đơn vị"
    )
    named = _counts_work(reading, quantity)
    parts = reading.text.says(quantity.number_last, "bước") and reading.text.says(quantity.last, "của")
    return bool(quantity.unit) and (not empty or named or parts or _counts_places(reading, quantity))


def _counts_work(reading: Reading, quantity: Quantity) -> bool:
    """``120 việc làm``, ``3 điểm không phù hợp``: what is counted is a work with a name."""
    figures = [quantity, *(base for base, target in reading.roles.pairs if target is quantity)]
    return any(
        mark.first == one.number_last and mark.last - mark.first > 1
        for mark in reading.of("outside", "system")
        for one in figures
    )


def _counts_places(reading: Reading, quantity: Quantity) -> bool:
    """``3 điểm tiếp nhận``: places, not marks."""
    text = reading.text
    if any(
        text.sequence(at, "số", "điểm")
        and text.kind(at + 2) == "word"
        and (text.says(at + 2, "không") or not text.says(at + 2, *LINKS, *_MARKS_OF))
        for at in range(quantity.first)
    ):
        return True  # "số điểm hỗ trợ dân … từ 2 lên 11 điểm"
    figures = [quantity, *(base for base, target in reading.roles.pairs if target is quantity)]
    return any(
        text.says(one.number_last, "điểm")
        and text.kind(one.number_last + 1) == "word"
        and not text.says(one.number_last + 1, *LINKS, *_MARKS_OF)
        for one in figures
    )


def _field_alone(reading: Reading) -> bool:
    """``Lĩnh vực lao động đạt 98 %``: a field, but not what of it."""
    text = reading.text
    headed = text.among(range(3), "lĩnh", "mảng", "khối")
    headed = headed or text.sequence(0, "bộ", "phận") or text.says(0, "phòng", "tổ", "ngành")
    works = list(reading.of("outside"))
    bare = works and all("fields" in mark.lists for mark in works) and not objects_served(reading)
    if (
        bare
        and unknown_work(reading) is None
        and not _turns(reading)
        and not names_a_level(reading, len(text.tokens))
    ):
        return not indicators(reading)
    return (headed or text.sequence(0, "công", "tác")) and not indicators(reading)


def _turns(reading: Reading) -> bool:
    """A change or a result, more than ``đạt`` and ``giữ``."""
    return any(
        not mark.phrase.startswith(("đạt", "giữ", "duy trì")) for mark in reading.of("turning", "result")
    )


def objects_served(reading: Reading) -> bool:
    """Whether a work or people of the system are named beside the other work."""
    return reading.has("system", "people")


def _is_moved(reading: Reading, quantity: Quantity) -> bool:
    """``Đưa 12 thủ tục lên dịch vụ công toàn trình``: put where they are to be."""
    text = reading.text
    led = text.among(range(max(0, quantity.first - 2), quantity.first), "đưa")
    after = range(quantity.last, min(quantity.last + 8, len(text.tokens) - 1))
    return led and any(text.says(at, "lên", "vào", "ra") and text.kind(at + 1) == "word" for at in after)


def _counts_uses(reading: Reading, quantity: Quantity) -> bool:
    """``Tăng 200 % lượt tra cứu``: the number of uses is the indicator."""
    text = reading.text
    near = range(quantity.last, quantity.last + 3)
    counted = text.among(near, "lượt") or (
        text.says(quantity.last, "số") and not text.says(quantity.last + 1, "hóa", "với")
    )
    if text.sequence(quantity.last, "tỷ", "lệ") and bool(objects(reading)):
        return True  # "lên 40 % tỷ lệ hồ sơ …"
    heads = [0, *(time.last for time in reading.times)]
    counted = counted or (any(text.says(at, "số", "lượng") for at in heads) and bool(objects(reading)))
    return quantity.kind in {"percent", "times"} and quantity in reading.roles.changes and counted


def _has_predicate(reading: Reading, quantity: Quantity) -> bool:
    """``100 % hồ sơ chứng thực có phiếu kiểm soát``: something is said of what the figure counts."""
    text = reading.text
    counted = any(quantity.last - 1 <= mark.first <= quantity.last + 1 for mark in objects(reading))
    if counted:
        for at in range(quantity.last + 1, len(text.tokens)):
            if text.says(at, *_CONDITIONS):
                break
            if text.says(at, *_PREDICATES):
                return True
    if not names_a_level(reading, quantity.first):
        return False
    return unknown_work(reading) is not None or text.among(range(quantity.first), *_PREDICATES)


def names_a_level(reading: Reading, last: int) -> bool:
    """Whether ``tỷ lệ …`` or ``số …`` stands before token ``last``.

    ``hồ sơ`` and ``số hóa``, typed without diacritics, are neither.
    """
    text = reading.text
    return any(
        text.says(at, "tỷ", "số")
        and text.bare(at - 1) not in {"ho", "dan"}
        and not text.says(at + 1, "hóa", "thứ")
        for at in range(last)
    )
