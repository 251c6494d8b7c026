"""The level that stands elsewhere: ``chỉ tiêu tỉnh giao``, ``như năm trước``, ``không quá thời hạn quy định``.

A level is told by what the result is to equal, or by a limit without a figure; which things are meant is judged in
``elsewhere``.
"""

from __future__ import annotations

from .numbers import year
from .reading import Reading
from .words import Found

_LEVEL_NOUNS = (
    ("con", "số"), ("số", "lượng"), ("tỷ", "lệ"), ("thời", "gian"), ("thời", "hạn"), ("ngưỡng",),
    ("số", "liệu"), ("số", "ngày"), ("số", "giờ"), ("bằng", "số"), ("vào", "loại"), ("vào", "nhóm"),
)  # fmt: skip
_NO_LEVEL = frozenset({"còn lại", "này", "còn nợ", "còn thiếu", "dở dang"})
_WORSE = ("dài", "muộn", "nhỏ", "lớn", "thấp", "cao", "kém", "thua", "ít", "nhiều", "lâu", "chậm")
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


def asks_level(reading: Reading) -> Found | None:
    """The level that stands elsewhere: ``đạt chỉ tiêu tỉnh giao``, ``như năm trước``, ``110 % kế hoạch``."""
    text = reading.text
    figured = {one.first for one in reading.quantities if not one.zero}
    found = next(
        (mark for mark in reading.of("elsewhere") if mark.last not in figured or text.says(mark.last, "một")),
        None,
    )
    if found is not None:
        return found
    for mark in reading.of("pointing"):
        near = range(max(0, mark.first - 6), mark.first + 1)
        if text.among(
            near, "như", "bằng", "theo", "đạt", "mức", "hơn", "vượt", "đủ", "đúng", "khung", "chuẩn", "sát"
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
        reached = text.among(
            before,
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
        counted = any(
            one.last <= mark.first <= one.last + 2 and one.kind == "percent" for one in reading.quantities
        )
        if (reached or counted) and not text.says(mark.first - 1, "cho"):
            return mark
    return None


def _likened(reading: Reading) -> Found | None:
    """``giữ được như đợt khảo sát gần đây``, ``tương đương phường kế bên``, ``giữ số ở ô B7 không đổi``."""
    text = reading.text
    kept = text.among(range(len(text.tokens)), "giữ", "đạt", "duy", "bằng", "ngang")
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
        if told and dated and text.among(range(at), "giữ", "duy"):
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
