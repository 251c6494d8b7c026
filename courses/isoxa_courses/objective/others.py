"""Levels that somebody else sets or has: ``tỉnh giao 94 %``, ``xã bên đạt 97 %``, ``kế hoạch năm 2026 là 90 %``.

They tell where others stand, or what was asked, and not where things stand: no baseline.
"""

from __future__ import annotations

from datetime import date

from .numbers import year
from .quantity import Quantity
from .words import Text

_CUTS = frozenset({",", ";", ".", "\n", "(", ")", "→", "->"})
_REACH = 12
_GIVERS = (
    ("tỉnh",), ("sở",), ("huyện",), ("cấp", "trên"), ("trung", "ương"), ("thành", "phố"), ("nghị", "định"), ("luật",),
    ("quy", "chế"), ("pháp", "luật"), ("thông", "tư"), ("hđnd", "xã"), ("quy", "định", "của"),
)  # fmt: skip
_SETTING = (
    "giao", "cho", "yêu", "đề", "đặt", "khống", "buộc", "ấn", "đòi", "ghi", "quy", "tỉnh", "sở", "luật",
)  # fmt: skip
_NEIGHBOURS = (
    ("xã", "bên"), ("xã", "bạn"), ("phường", "bên"), ("phường", "bạn"), ("toàn", "tỉnh"), ("cụm", "thi", "đua"),
    ("mặt", "bằng", "chung"), ("bình", "quân", "tỉnh"), ("các", "xã", "khác"), ("xã", "đứng"),
)  # fmt: skip
_PLANS = (("kế", "hoạch"), ("chỉ", "tiêu"), ("lộ", "trình"), ("mục", "tiêu"), ("nghị", "quyết"))
_OLD = ("cũ", "trước", "tỉnh", "sở", "ngành", "ngoái")
_STANDING = ("thực", "hiện", "nay", "đang", "mới", "đã", "từ", "được", "đạt", "phải", "ghi", "sang")


def set_by_others(text: Text, quantity: Quantity, today: date) -> bool:
    """Whether the words of its own part say that a figure is what others set or have."""
    started = text.among(range(quantity.first - 2, quantity.first + 1), "từ")
    if quantity.kind == "rank" or started or not text.marked:
        return False
    low = quantity.first
    while low > max(0, quantity.first - _REACH) and text.bare(low - 1) not in _CUTS:
        low -= 1
    ahead = range(low, quantity.first)
    high = min(quantity.last + _REACH, len(text.tokens))
    behind = range(quantity.number_last, high)
    behind = range(behind.start, next((at for at in behind if text.bare(at) in _CUTS), high))
    if any(text.sequence(at, *words) for at in ahead for words in _NEIGHBOURS):
        return True
    if text.among(range(max(low, quantity.first - 3), quantity.first), *_STANDING):
        return False
    given = any(_given(text, at, span.stop) for span in (ahead, behind) for at in span)
    return given or _planned(text, ahead, today)


def _given(text: Text, at: int, end: int) -> bool:
    """``tỉnh giao 94 %``, ``10 ngày làm việc do pháp luật quy định``."""
    for words in _GIVERS:
        if text.sequence(at, *words):
            last = at + len(words)
            return text.among(range(last, min(last + 2, end)), *_SETTING)
    return False


def _planned(text: Text, ahead: range, today: date) -> bool:
    """``kế hoạch năm 2026 là 90 %``, ``chỉ tiêu của tỉnh là 80 %``: what an older plan, or the province's, asks for."""
    for at in ahead:
        if any(text.sequence(at, *words) for words in _PLANS):
            near = range(at + 2, min(at + 5, ahead.stop))
            years = [named for step in near if text.says(step - 1, "năm") and (named := year(text, step))]
            return any(named <= today.year for named in years) or text.among(near, *_OLD)
    return False
