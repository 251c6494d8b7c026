"""Which way the nouns lean where the lists of measures are silent or unsure: scores, takings, what is left undone.

The lists know ``phản ánh`` and ``đơn thư`` as something to have less of. So they are where they are counted; but who
grades how they are dealt with (``giải quyết phản ánh: 88 %``) wants more.
"""

from __future__ import annotations

from functools import lru_cache

from .clauses import part_around
from .quantity import COUNTED, Quantity
from .reading import Reading
from .words import Found, Text

_NO_SCORES = ("trừ", "phạt", "nghẽn", "đen", "tiếp", "niêm", "truy", "thu", "lấy", "phát", "ngập", "nóng", "bẩn",
              "rủi", "nguy", "yếu", "lỗi")  # fmt: skip
"""After ``điểm`` these make a place or a fault of it."""
_FIELD_NAMES = (
    ("công", "tác"), ("mảng",), ("phần",), ("lĩnh", "vực"), ("tiêu", "chí"), ("hạng", "mục"), ("nhiệm", "vụ"),
)  # fmt: skip
_FAULTY = ("rớt", "lệch", "kẹt", "nợ", "vướng", "sót", "hỏng", "chưa", "nhòe", "rách", "mốc")
_LEFT = (*_FAULTY, "còn", "bị", "vẫn", "bắt", "mờ")
_DEALT_WITH = ("quyết", "lý", "lời", "nhận", "thoại", "đáp", "dân")
_CUT = ("cắt", "rút", "giảm", "bớt", "miễn", "lược", "bỏ")
_SOFT = frozenset({"vụ việc", "số vụ việc", "số vụ", "số đơn", "đơn", "vụ"})
MERE_COUNTS = frozenset({"số lượt", "số lần"})
_TOPS = frozenset({5, 10, 100})
_LOADS = ("ký", "nộp", "đi", "khai", "qua", "chờ", "mang", "chạy", "gặp", "điền", "chép", "in",
          "đến", "xuất", "trình", "viết", "kê", "chuẩn", "cung")  # fmt: skip
"""After ``phải``: what it costs somebody."""
_STEPS = ("bước", "khâu")
_PROVISOS = (("trong", "điều", "kiện"), ("trong", "bối", "cảnh"), ("dù",), ("mặc", "dù"), ("tuy",))


@lru_cache(maxsize=64)
def segment(reading: Reading, quantity: Quantity) -> tuple[int, int]:
    """The part of the sentence a figure stands in; behind a colon that leads to a measure of its own, a new one."""
    text = reading.text
    low, high = part_around(text, quantity.first)
    for at in range(quantity.first - 1, low, -1):
        if text.bare(at) == ":" and names_measured(text, at + 1):
            return at + 1, high
    return low, high


def names_measured(text: Text, at: int) -> bool:
    """``số hồ sơ …``, ``tỷ lệ …``, with a verb ahead of it or none."""
    return any(
        text.sequence(step, "tỷ", "lệ") or (text.says(step, "số") and text.says(step + 1, *COUNTED))
        for step in range(at, at + 4)
    )


def own_measure(reading: Reading, quantity: Quantity) -> Found | None:
    """The measure of a figure, unless it belongs to another part and this part has something measured of its own."""
    measure = reading.measure_of(quantity)
    if measure is None:
        return None
    low, high = segment(reading, quantity)
    if _is_seat(reading.text, measure) or (
        measure.phrase == "số đơn" and reading.text.says(measure.last, "vị")
    ):
        return None
    if low <= measure.first < high:
        return None if _is_purpose(reading.text, measure) else measure
    if _of_other_pair(reading, measure, quantity, high) or _is_proviso(reading.text, measure):
        return None
    begin = low + (reading.text.kind(low) == "sign" or reading.text.says(low, "và"))
    if low > 0 and names_measured(reading.text, begin) and begin + 3 < quantity.first:
        return None
    method = measure.first >= high and reading.text.among(range(high, measure.first), "đo", "căn", "kiểm")
    label = (
        measure.first >= quantity.last and reading.text.bare(measure.last) == ":"
    )  # "…, thời gian: quý II"
    return None if method or label else measure


def _is_seat(text: Text, measure: Found) -> bool:
    """``chỗ ngồi chờ``, ``ghế chờ``, ``phòng chờ``: where people wait, not how long."""
    return measure.phrase == "chờ" and text.says(
        measure.first - 1, "ngồi", "ghế", "phòng", "sảnh", "khu", "chỗ"
    )


def _is_purpose(text: Text, measure: Found) -> bool:
    """``nham nang cao``, typed without marks: in order to, no mistake."""
    return (
        measure.phrase == "nhầm" and not text.marked and text.says(measure.last, "nâng", "đảm", "bảo", "phục")
    )


def _of_other_pair(reading: Reading, measure: Found, quantity: Quantity, high: int) -> bool:
    """``… có mẫu điền sẵn từ 6 lên 25 và hạ tỷ lệ ghi sai từ 14 % xuống 4 %``: what the next two figures measure."""
    return measure.first >= high and any(
        quantity not in pair and min(one.first for one in pair) > measure.first
        for pair in reading.roles.pairs
    )


def _is_proviso(text: Text, measure: Found) -> bool:
    """``Trong điều kiện biên chế chưa được bổ sung, …``: what stands ahead of the objective is not measured."""
    opened = any(text.sequence(0, *words) for words in _PROVISOS)
    return opened and measure.last <= part_around(text, 0)[1] < len(text.tokens)


def counts_faults(reading: Reading, quantity: Quantity, measure: Found | None) -> bool:
    """``số hồ sơ rớt mạng liên thông``: what is counted is what went wrong, whatever it is that went wrong."""
    text = reading.text
    if (measure is not None and "less" in measure.lists) or not text.marked:
        return False  # without marks "vẫn" may be "văn", and "kẹt" is mostly "kết"
    low, high = segment(reading, quantity)
    head = next((at for at in range(low, quantity.first) if names_measured(text, at)), -1)
    words = _LEFT if measure is None else _FAULTY
    within = range(head, quantity.first - 1) if head >= 0 else range(0)
    for at in within:
        if text.says(at, "được", "đạt", "từ"):
            break
        joins = text.says(at, "còn") and names_measured(
            text, at + 1
        )  # "…, còn số trang đã quét thì từ 9.000"
        joins = joins or (text.says(at, "bị") and text.says(at - 1, "thiết", "chuẩn", "trang"))
        if text.says(at, *words) and not text.says(at + 1, "đến", "từ") and not joins:
            return True
    if measure is not None:
        undone = range(measure.last, min(measure.last + 1, len(text.tokens)))
        return text.among(undone, "chưa")
    ahead = range(max(low, 0), high)
    again = [
        at for at in ahead if text.says(at, "phải") and not text.says(at + 1, "đạt", "có", "được", "xong")
    ]
    return any(text.says(step, "lại") for at in again for step in range(at + 2, min(at + 5, high)))


def is_score(reading: Reading, quantity: Quantity) -> bool:
    """``từ 90 điểm``, ``Điểm hộ tịch từ 8,5``: points are good to have, but for those that are places or faults."""
    text = reading.text
    if quantity.kind == "count":
        words = quantity.unit.casefold().split()
        behind = text.says(quantity.last, *_NO_SCORES) or text.says(quantity.number_last + 1, *_NO_SCORES)
        named = any(text.says(at, "điểm") and text.says(at + 1, *_NO_SCORES) for at in range(quantity.first))
        return words[:1] == ["điểm"] and not behind and not named
    low, _ = segment(reading, quantity)
    heads = [at for at in range(low, quantity.first) if text.says(at, "điểm")]
    scored = bool(heads) and not text.says(heads[-1] + 1, *_NO_SCORES) and not text.says(heads[-1] - 1, "địa")
    return quantity.kind == "bare" and (
        scored or (quantity.total in _TOPS and quantity.high < quantity.total)
    )


def grades_a_field(reading: Reading, quantity: Quantity) -> bool:
    """``Công tác tiếp dân từ 71 lên 85``: a grade of the whole work, of which more is better."""
    text = reading.text
    if not any(text.sequence(0, *words) for words in _FIELD_NAMES):
        return False
    low, _ = segment(reading, quantity)
    lowered = text.among(range(low, quantity.first + 1), "giảm", "xuống", "về", "hạ", "rút", "còn")
    return (
        quantity.kind == "percent" or is_score(reading, quantity) or (quantity.kind == "bare" and not lowered)
    )  # "Lĩnh vực tố cáo giảm từ 11 xuống 4": cases, no grade


def is_soft(measure: Found) -> bool:
    """Whether a measure is a matter of the office (``phản ánh``, ``đơn thư``, ``giấy tờ``) and no fault by itself."""
    return "less" in measure.lists and (
        bool(measure.lists & {"system", "outside"}) or measure.phrase in _SOFT
    )


def soft_leaning(reading: Reading, quantity: Quantity, measure: Found) -> int:
    """1 where what is done about the matter is graded or wanted, 0 where the matter itself is counted."""
    text = reading.text
    graded = quantity.kind in {"percent", "bare"} or is_score(reading, quantity)
    dealt = any(
        text.says(at, *_DEALT_WITH) and text.says(at - 1, "giải", "xử", "trả", "tiếp", "đối", "hỏi")
        for at in range(measure.first - 3, measure.first)
    )
    counted = text.says(measure.first - 1, "số") or text.says(measure.first, "số") or text.says(0, "số")
    if graded and dealt and not counted:
        return 1
    colon = any(text.bare(at) == ":" for at in range(measure.last, measure.last + 3))
    if quantity.kind == "percent" and measure.first <= 4 and colon and "outside" not in measure.lists:
        return 1  # "Khiếu nại, tố cáo: 76 %"
    low, _ = segment(reading, quantity)
    if quantity.kind == "percent" and text.among(range(low, quantity.first), "nâng"):
        return 1  # nobody speaks of raising a share of complaints
    raised = text.among(range(low, quantity.first), "nâng", "tăng")
    named = text.says(measure.first - 1, "số", "dân", "nghiệp", "tri", *COUNTED) or text.says(
        measure.first, "số"
    )
    forced = text.says(measure.first - 1, "phải", "bị")
    if raised and not forced and quantity.kind == "count" and (not named or text.says(measure.last, "được")):
        return 1  # "tăng số người dân biết địa chỉ gửi phản ánh"
    cut = range(max(0, measure.first - 6), min(measure.last + 5, len(text.tokens)))
    if any(text.says(at, "được") and text.says(at + 1, *_CUT) for at in cut):
        return 1  # "số thủ tục được rút gọn thành phần giấy tờ"
    behind = range(measure.last, min(measure.last + 6, len(text.tokens)))
    ahead = range(1, measure.first) if measure.phrase in _SOFT else ()
    return int(quantity.kind == "percent" and any(text.says(at, "được") for at in (*behind, *ahead)))


def counts_steps(text: Text, quantity: Quantity) -> bool:
    """``đang 9 bước, … còn 5 bước``: steps of a procedure, unless it is told what was done with them."""
    steps = quantity.unit.casefold().split()[:1] in [[word] for word in _STEPS]
    return steps and not text.among(range(len(text.tokens)), "được", "đã", "có", "đạt")


def is_burden(text: Text, quantity: Quantity) -> bool:
    """``5 bước``, ``dân đợi 2 buổi``: fewer of them is better."""
    unit = quantity.unit.casefold().split()[:1]
    waited = text.among(range(quantity.first), "đợi", "chờ", "mất", "tốn")
    if quantity.kind == "count" and any(
        text.says(at, "phải") and text.says(at + 1, *_LOADS) for at in range(quantity.first)
    ):
        return True
    return unit in [[word] for word in _STEPS] or (unit == ["buổi"] and waited)
