"""All of a thing as a figure: ``toàn bộ hồ sơ``, ``mỗi thôn một …``, ``sửa hết các lỗi`` are 100 %."""

from __future__ import annotations

from collections.abc import Mapping

from .quantity import HUNDRED, Quantity
from .words import Found, Text

Starts = Mapping[int, Found]
"""The phrases by their first token."""
_NOT_ALL = ("khâu", "cấp", "ngành", "vì", "mặt", "điều", "nguồn", "lúc", "nơi")
_EACH_REACH = 9
_STRIVING = (
    ("quyết", "tâm"), ("đồng", "lòng"), ("đoàn", "kết"), ("nỗ", "lực"), ("ra", "sức"), ("chung", "sức"),
    ("hăng", "hái"), ("nêu", "cao"), ("đề", "cao"), ("phát", "huy"), ("chung", "tay"), ("một", "lòng"),
)  # fmt: skip


def read_all(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``toàn bộ hồ sơ``, ``mỗi hồ sơ đều có …``: 100 %."""
    mark = starts.get(index)
    if mark is not None and "all" in mark.lists:
        if text.kind(mark.last) == "number" or text.says(mark.last, *_NOT_ALL) or _strive(text, mark.last):
            return None
        if text.sequence(mark.last, "nhiệm", "vụ") and text.says(index - 1, "tốt", "sắc", "lợi"):
            return None  # "hoàn thành tốt mọi nhiệm vụ"
        if text.says(mark.last, "việc", "mặt") and not text.says(mark.last + 1, "được", "đều", "về", "liên"):
            return None  # "… trong mọi việc."
        return Quantity(index, mark.last, HUNDRED, HUNDRED, "percent", number_last=mark.last)
    every = text.says(index, "hết", "sạch", "đủ", "cả") and text.says(index + 1, "các", "những", "số")
    behind = text.kind(index - 1) == "word" and not text.says(index - 1, "đến", "trước", "tới", "sẽ")
    if every and behind:  # "sửa hết các lỗi"
        return Quantity(index, index + 1, HUNDRED, HUNDRED, "percent", number_last=index + 1)
    if text.says(index, "mỗi", "từng") and not text.says(
        index + 1, "ngày", "tháng", "năm", "quý", "tuần", "bước"
    ):
        each = range(index + 2, min(index + _EACH_REACH, len(text.tokens)))
        shared = text.says(index + 2, "một") and not text.says(index + 1, "người")  # "mỗi xóm một tủ thuốc"
        if shared or any(
            text.says(at, "đều", "có", "nhận") and not text.sequence(at, "có", "công") for at in each
        ):
            return Quantity(index, index + 1, HUNDRED, HUNDRED, "percent", number_last=index + 1)
    return None


def _strive(text: Text, first: int) -> bool:
    """``toàn thể cơ quan quyết tâm …``: all of them strive; nothing is measured."""
    near = range(first, min(first + _EACH_REACH, len(text.tokens)))
    return any(text.sequence(at, *words) for at in near for words in _STRIVING)
