"""Gains and losses that no list of measures has: ``năng suất``, ``được nhấc máy``, ``chênh lệch``, ``chồng chéo``."""

from __future__ import annotations

from functools import lru_cache

from .clauses import part_around
from .leanings import MERE_COUNTS, is_soft, names_measured, segment
from .predicates import counted_from
from .quantity import Quantity
from .reading import Reading
from .words import Text

_GAINS = (
    ("tổng", "thu"), ("doanh", "thu"), ("thu", "ngân", "sách"), ("thu", "nhập"), ("năng", "suất"), ("sản", "lượng"),
    ("thành", "công"), ("thạo",), ("khen",), ("trả", "sớm"), ("giỏi",), ("trả", "trước"), ("trước", "hạn"),
    ("đúng", "hạn"), ("đúng", "thời", "hạn"), ("trong", "hạn"), ("đúng", "thể", "thức"), ("đúng", "mẫu"),
    ("đúng", "cách"), ("hiểu",), ("làm", "được"), ("nhấc", "máy"), ("đúng", "trình", "tự"), ("sáng", "kiến"),
    ("ổn", "định"), ("thông", "suốt"), ("rõ", "ràng"), ("an", "toàn"), ("qua", "cổng"), ("mức", "tốt"), ("mức", "khá"),
    ("che", "phủ"), ("đến", "lớp"), ("đến", "trường"), ("tiêm", "phòng"),
)  # fmt: skip
_LOSSES = (
    ("chênh", "lệch"), ("chồng", "chéo"), ("khoảng", "cách"), ("mâu", "thuẫn"), ("số", "rủi", "ro"), ("vắng", "mặt"),
    ("trung", "gian"), ("bỏ", "dở"), ("dở", "dang"), ("quá", "tải"), ("viết", "tay"), ("rút", "lại"), ("rút", "đơn"),
    ("sai", "lệch"), ("gián", "đoạn"), ("bỏ", "không"), ("tẩy", "xóa"), ("phụ", "thuộc"),
    ("muộn",), ("mức", "kém"), ("mức", "yếu"), ("trùng", "nhau"), ("ngoài", "quy", "định"), ("bỏ", "ra"),
    ("điểm", "trừ"), ("điểm", "phạt"),
)  # fmt: skip
_USED = ("dùng", "biết", "tham", "đạt")


def gains(reading: Reading, quantity: Quantity) -> bool:
    """``tổng thu``, ``tra cứu thành công``: more is better, though no list of measures has it."""
    text = reading.text
    low, high = segment(reading, quantity)
    first = min(low, counted_from(reading, quantity)) if len(reading.roles.pairs) == 1 else low
    return any(first <= at < high for at in _gain_places(reading)) or _counts_done(text, quantity, low)


@lru_cache(maxsize=4)
def _gain_places(reading: Reading) -> tuple[int, ...]:
    text = reading.text
    return tuple(at for at in range(len(text.tokens)) if any(text.sequence(at, *words) for words in _GAINS))


def loses(reading: Reading, quantity: Quantity, before: int | None = None) -> bool:
    """``mức chênh lệch giữa …``, ``số quy định chồng chéo``: less is better, though no list of measures has it."""
    text = reading.text
    _, high = segment(reading, quantity)
    low = counted_from(reading, quantity)
    within = range(low, high if before is None else before)
    found = [at for at in within if any(text.sequence(at, *words) for words in _LOSSES)]
    found = [at for at in found if not text.says(at + 1, "nhất")]
    return bool(found) and not text.among(range(low, high), "được", "đã", "không") and text.marked


def _counts_done(text: Text, quantity: Quantity, low: int) -> bool:
    """``số hộ đã có …``, ``tỷ lệ tài liệu được …``: what is had or done is counted, and no fault is known of it."""
    head = next((at for at in range(low, quantity.first) if names_measured(text, at)), -1)
    within = range(head, quantity.first) if head >= 0 else range(0)
    done = [
        at
        for at in within
        if _is_served(text, at)
        or (text.says(at, *_USED) and (text.marked or not text.says(at - 1, "xây")))
        or (text.says(at, "đã") and not text.says(at + 1, "quá", "trễ", "hết", "bị"))
    ]
    return bool(done) and not any(text.says(at, "chưa", "không", "bị", "phải") for at in within)


def _is_served(text: Text, at: int) -> bool:
    """``cuộc gọi được nhấc máy``; not ``việc được giao`` nor ``chỉ được``."""
    return (
        text.says(at, "được")
        and not text.says(at - 1, "chỉ", "mới", "không", "chưa", "giảm", "bớt")
        and text.kind(at + 1) == "word"
        and not text.says(at + 1, "giao", "gia", "phép", "đến", "tới", "dưới", "hoãn", "lùi", "bao", "hưởng")
    )


def titled(reading: Reading, base: Quantity, target: Quantity) -> int:
    """``Chỉ tiêu: hồ sơ phải gia hạn. Năm 2026: 4 %. …``: the one measure there is stands ahead of both figures."""
    first = min(base.first, target.first)
    ahead = [mark for mark in reading.of("more", "less") if mark.last <= first]
    plain = [mark for mark in ahead if not is_soft(mark) and mark.phrase not in MERE_COUNTS]
    if len(reading.roles.pairs) > 1 or len(plain) != 1:
        return 0
    begin, _ = part_around(reading.text, plain[0].first)
    if reading.text.among(range(begin, plain[0].first + 1), "do", "vì", "bởi", "khi", "nếu", "nhờ"):
        return 0  # "Do thiếu người trực quầy, …"
    return int("more" in plain[0].lists) - int("less" in plain[0].lists)
