"""A nought in words: ``không để hồ sơ trễ hạn``, ``không còn biểu mẫu cũ``, ``chấm dứt tình trạng …``.

What is ruled out is counted, whatever it is; to limit a fault (``hạn chế``) rules nothing out.
"""

from __future__ import annotations

from decimal import Decimal

from .quantity import Quantity
from .words import Found, Text

_REACH = 10
_RULING_OUT = ("để", "còn", "phát sinh", "xảy ra", "không có", "chưa có", "chấm dứt", "một")
_NO_NOUGHT = (
    "ngừng",
    "tăng",
    "giảm",
    "tụt",
    "sụt",
    "chỉ",
    "những",
    "quá",
    "vượt",
    "dưới",
    "thấp",
    "ít",
    "cần",
    "thể",
    "dùng",
    "gian",
    "sợ", "ngại", "đùn", "né", "quản", "nề", "lùi", "chùn", "chủ", "phụ", "say", "bằng", "khó",
)  # fmt: skip
_STALE = ("phù", "giá", "đúng", "cần", "dùng", "sử", "áp", "đủ", "hiệu", "nhu")
_BURDENS = (
    "nộp",
    "sửa",
    "chép",
    "photo",
    "hỏi",
    "đi",
    "chờ",
    "quay",
    "bổ",
    "đến",
    "xếp",
    "khai",
    "mang",
    "làm",
    "trả",
    "sao",
    "xuất",
    "hẹn",
    "người",
)


def nought(text: Text, mark: Found, starts: dict[int, Found]) -> Quantity | None:
    """The figure 0 at a phrase of the list ``none``, or ``None`` if it only denies a verb (``không cần``)."""
    later = text.says(mark.last, "muộn", "chậm", "lâu", "nhiều", "cao") and text.says(mark.last + 1, "hơn")
    if text.sequence(mark.first - 2, "hướng", "tới") or text.sequence(mark.first - 2, "hướng", "đến"):
        return None
    if text.says(mark.last, "dần"):
        return None  # "chấm dứt dần": by and by
    if later or text.says(mark.last, *_NO_NOUGHT) or text.kind(mark.last) == "number":
        return None
    if mark.phrase == "không còn" and text.says(mark.last, *_STALE):
        return None  # "thủ tục không còn phù hợp": which ones
    if mark.phrase in {"không phải", "không yêu cầu"}:
        burdened = text.among(range(mark.last, mark.last + 2), *_BURDENS)
        return _left(text, mark) if burdened else None
    index = mark.last
    while index < min(mark.last + _REACH, len(text.tokens)):
        if text.kind(index) == "sign" and text.bare(index) not in {"/", "-", "(", ","}:
            break
        inner = starts.get(index)
        if inner is not None and "less" in inner.lists and text.bare(index - 1) != ",":
            return _zero(text, mark, inner.last)
        if inner is not None and inner.lists & {"at_most", "at_least"} and text.kind(inner.last) == "number":
            return None  # "không để quá 3 hồ sơ": the figure follows
        if inner is not None and inner.lists & {"vague", "activity", "none"} and index > mark.last:
            break
        index = inner.last if inner is not None else index + 1
    if text.says(index, "nào") or any(word in mark.phrase for word in _RULING_OUT):
        return _left(text, mark)
    following = text.among(range(mark.last, min(mark.last + _REACH, len(text.tokens))), "nào")
    return _left(text, mark) if following else None


def _left(text: Text, mark: Found) -> Quantity | None:
    last = mark.last
    while (
        last < mark.last + 4
        and text.kind(last) == "word"
        and not text.says(last, "lên", "đến", "sang", "thành")
    ):
        last += 1
    moved = text.says(last, "lên", "thành")  # "từ không có lên 40 %"
    alone = text.bare(mark.first - 1) == ":"  # "Hồ sơ trễ hạn năm 2027: không có"
    return _zero(text, mark, last) if last > mark.last or moved or alone else None


def _zero(text: Text, mark: Found, last: int) -> Quantity:
    unit = text.quote(mark.last, last)
    return Quantity(mark.first, last, Decimal(0), Decimal(0), "count", unit, "", mark.last, zero=True)
