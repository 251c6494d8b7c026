"""What is announced but stands elsewhere: things and levels told by reference, shares of a plan, blanks, titles."""

from __future__ import annotations

from functools import lru_cache

from .clauses import clause_around, preamble
from .numbers import year
from .quantity import HUNDRED, Quantity
from .reading import Reading
from .unknown import unknown_runs
from .words import Found

_POINTS_WITHIN = 9
_LEVELS = frozenset({"tỷ lệ", "mức", "chỉ số", "hệ số"})
_LEVEL_NOUNS = (
    ("con", "số"), ("số", "lượng"), ("tỷ", "lệ"), ("thời", "gian"), ("thời", "hạn"), ("ngưỡng",),
    ("số", "liệu"), ("số", "ngày"), ("số", "giờ"), ("bằng", "số"), ("vào", "loại"), ("vào", "nhóm"),
)  # fmt: skip
_NO_LEVEL = frozenset({"còn lại", "này", "còn nợ", "còn thiếu", "dở dang"})
_ASKED = frozenset({"câu hỏi", "ý kiến"})
_WORSE = ("dài", "muộn", "nhỏ", "lớn", "thấp", "cao", "kém", "thua", "ít", "nhiều", "lâu", "chậm")
_PLACES = ("ở", "tại", "khâu", "phận", "về", "của")
_MEASURES = (
    ("tỷ", "lệ"),
    ("thời", "gian"),
    ("chỉ", "số"),
    ("mức", "độ"),
    ("số", "lượt"),
    ("số", "lần"),
    ("số", "hồ"),
)
_IN_TIME = (
    "hạn",
    "hẹn",
    "thời",
    "ngày",
    "giờ",
    "mẫu",
    "thẩm",
    "quy",
    "tiến",
    "ngay",
    "biểu",
    "thành",
    "lịch",
    "hướng",
)
_OTHERS = (
    "số",
    "dòng",
    "cột",
    "bảng",
    "ô",
    "phường",
    "đơn",
    "kết",
    "xã",
    "tỉnh",
    "huyện",
    "năm",
    "mức",
    "phường",
    "kết",
    "lần",
    "kỳ",
    "quý",
    "tháng",
    "cùng",
)
_LIKE = (
    "đợt",
    "kỳ",
    "quý",
    "tháng",
    "năm",
    "lần",
    "mức",
    "cũ",
    "trước",
    "đơn",
    "các",
    "xã",
    "phường",
    "cuối",
    "đầu",
)
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
        counted = any(one.first <= mark.first <= one.last and not one.zero for one in reading.quantities)
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
            and any(text.says(at, "có") for at in range(mark.first - 1, pointer.first))
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
    return None


def asks_level(reading: Reading) -> Found | None:
    """The level that stands elsewhere: ``đạt chỉ tiêu tỉnh giao``, ``như năm trước``, ``110 % kế hoạch``."""
    found = reading.first("elsewhere")
    if found is not None:
        return found
    text = reading.text
    for mark in reading.of("pointing"):
        near = range(max(0, mark.first - 6), mark.first + 1)
        if any(
            text.says(
                at, "như", "bằng", "theo", "đạt", "mức", "hơn", "vượt", "đủ", "đúng", "khung", "chuẩn", "sát"
            )
            for at in near
        ):
            return mark
        led = range(mark.first - 5, mark.first)
        if mark.phrase not in _NO_LEVEL and any(
            text.sequence(at, *words) for at in led for words in _LEVEL_NOUNS
        ):
            return mark
    for at in range(len(text.tokens)):
        if text.says(at, "bằng", "ngang", "như") and text.says(at + 1, *_OTHERS):
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    like = _likened(reading)
    if like is not None:
        return like
    measured = _measure_told(reading)
    if measured is not None:
        return measured
    open_limit = _open_limit(reading)
    if open_limit is not None:
        return open_limit
    for mark in reading.of("levels"):
        before = range(max(0, mark.first - 4), mark.first)
        reached = any(
            text.says(
                at,
                "đạt",
                "vượt",
                "bằng",
                "theo",
                "hơn",
                "thành",
                "với",
                "hiện",
                "đúng",
                "sát",
                "kịp",
                "xong",
                "đủ",
            )
            for at in before
        )
        counted = any(
            one.last <= mark.first <= one.last + 2 and one.kind == "percent" for one in reading.quantities
        )
        if (reached or counted) and not text.says(mark.first - 1, "cho"):
            return mark
    return None


def _likened(reading: Reading) -> Found | None:
    """``giữ được như đợt khảo sát gần đây``, ``tương đương phường kế bên``, ``giữ số ở ô B7 không đổi``."""
    text = reading.text
    kept = any(text.says(at, "giữ", "đạt", "duy", "bằng", "ngang") for at in range(len(text.tokens)))
    for at in range(1, len(text.tokens) - 1):
        if text.kind(at + 1) == "word" and (
            (text.sequence(at, "tương", "đương") and at + 2 < len(text.tokens))
            or (kept and text.says(at, "như") and text.says(at + 1, *_LIKE))
        ):
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    for at in range(1, len(text.tokens) - 1):
        unchanged = text.says(at, "không", "chẳng") and text.says(at + 1, "đổi", "giảm", "tụt", "sụt")
        if unchanged and text.says(0, "giữ", "duy") and not reading.quantities:
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    return None


def _measure_told(reading: Reading) -> Found | None:
    """``Thời gian chờ … đúng chuẩn …``, ``Tỷ lệ … ngang các xã``: no figure, but something it is to equal."""
    text = reading.text
    heads = [0, *(time.last for time in reading.times), *(time.last + 1 for time in reading.times)]
    headed = any(any(text.sequence(at, *words) for words in _MEASURES) for at in heads)
    if not headed or reading.quantities or reading.has("vague"):
        return None
    for at in range(2, len(text.tokens) - 1):
        like = text.says(at, "ngang", "bằng", "như", "sát", "kịp")
        right = text.says(at, "đúng", "theo") and not text.says(at + 1, *_IN_TIME)
        right = right or (text.sequence(at, "đúng", "quy", "định") and text.says(at + 3, "của", "tại"))
        if (like or right) and text.kind(at + 1) == "word":
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    return None


def _open_limit(reading: Reading) -> Found | None:
    """``không quá thời hạn quy định``, ``không thấp hơn năm 2026``, ``đạt mức khoán``: a limit without a figure."""
    text = reading.text
    starts = {one.first for one in reading.quantities}
    for mark in reading.of("at_most", "below", "at_least", "above"):
        if mark.first in starts or not text.says(mark.first, "không") or mark.last >= len(text.tokens):
            continue
        if text.kind(mark.last) not in {"number", "blank"} and not text.says(mark.last, "một", "nửa"):
            return mark
    begins = {time.first for time in reading.times}
    for at in range(1, len(text.tokens) - 1):
        told = text.sequence(at - 1, "kết", "quả") or text.says(at, "mức")
        dated = at + 1 in begins or year(text, at + 1)
        if told and dated and any(text.says(step, "giữ", "duy") for step in range(at)):
            return Found(at, at + 2, frozenset({"elsewhere"}), "")  # "giữ nguyên kết quả 2026"
        worse = text.says(at, *_WORSE) and text.says(at + 1, "hơn") and text.kind(at + 2) == "word"
        if worse and any(text.says(step, "không", "chẳng", "chớ") for step in (at - 2, at - 1)):
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    for at in range(len(text.tokens) - 1):
        if text.says(at, "đạt") and (text.says(at + 1, "theo") or text.sequence(at + 1, "đúng", "theo")):
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
        if not (
            text.says(at, "đạt", "ở", "giữ", "về", "lên", "xuống") and text.says(at + 1, "mức", "ngưỡng")
        ):
            continue
        figured = any(one.first <= at + 4 and one.last > at for one in reading.quantities)
        if text.kind(at + 2) == "word" and not figured:
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    return None


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
        for mark in reading.of("pointing")
    ):
        return True  # "130 % số hồ sơ mà Sở giao"
    near = 5 if text.sequence(quantity.last, "so", "với") else 3
    low = max(0, quantity.first - 7)
    if text.sequence(quantity.first - 2, "vượt", "mức"):
        return True
    exceeds = any(text.says(at, "vượt") for at in range(low, quantity.first + 1))
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
