"""What a sentence says of the thing that is counted: ``bị``, ``phải``, ``chưa``, ``không``, and of the figure: a cap.

No list can hold every fault. But who counts the papers that ``bị trả về``, the fields that people ``phải tự khai`` or
the slips that ``không ghi giờ`` wants fewer of them, and who says ``không quá 12`` or ``chỉ được 3`` names a cap.
"""

from __future__ import annotations

from .clauses import clause_around, part_around
from .quantity import COUNTED, HUNDRED, Quantity
from .reading import Reading
from .words import Text

_DEVICES = ("thiết", "chuẩn", "trang")
_SPARED = ("không", "chưa", "khỏi", "hết", "cần", "chẳng")
_REACHES = (
    "đạt", "có", "được", "là", "đủ", "xong", "nâng", "tăng", "giảm", "còn", "kéo", "đưa", "lên", "xuống", "hạ", "rút",
    "cắt", "co", "bằng", "trên", "dưới", "ít", "tối", "từ", "ở", "giữ", "hoàn", "bảo", "đảm", "bớt", "thấp",
    "cao", "về", "trong", "nhận", "tiến", "xử", "giải",
)  # fmt: skip
"""After ``phải``: what is demanded, not what a burden is."""
_WITHOUT = (
    "dùng", "tiền", "giấy", "phải", "bị", "cần", "phụ", "quá", "sai", "lỗi", "trễ", "chậm", "để", "gặp", "còn", "mất",
    "thiếu", "vướng", "tốn", "nhầm", "sót", "phát", "xảy", "thấp", "dưới", "hơn", "kém", "vượt", "ít", "khiếu", "trùng",
    "tồn", "nợ", "chờ", "ngừng", "gián", "gian", "khí", "nhỏ", "trên", "phiền", "muộn", "nhiều", "kể", "tính",
    "gồm", "phân", "lý", "tái", "ai", "nào", "một", "bỏ", "tăng", "giảm", "đổi", "qua", "in", "ùn", "lặp", "chỉ",
    "chuyên", "thường", "hành", "khó",
)  # fmt: skip
"""After ``không``: what is good to be without, or what is no predicate."""
_DONE_ABOUT = ("khắc", "xử", "giải", "sửa", "hỗ", "nhắc", "xin", "rà", "đôn", "biết", "hiểu")
_GOOD_TO_HAVE = frozenset({"thư xin lỗi", "xin lỗi", "giấy tờ", "thành phần hồ sơ"})
_OPENS = (("tình", "trạng"), ("trường", "hợp"), ("tỷ", "lệ"), ("tỷ", "trọng"), ("số", "lượng"))
_TURNS = ("giảm", "nâng", "tăng", "đưa", "kéo", "hạ", "rút", "cắt")
_CAPS = (
    ("chỉ", "được"), ("chỉ", "cho", "phép"), ("hạn", "mức"), ("không", "để", "quá"), ("không", "để", "vượt"),
    ("không", "vượt"), ("khống", "chế"), ("nhiều", "nhất"), ("cao", "nhất"), ("không", "quá"), ("không", "hơn"),
    ("tối", "đa"), ("chỉ", "để"), ("cùng", "lắm"),
)  # fmt: skip


def capped(text: Text, target: Quantity) -> bool:
    """``không quá 12 lượt``, ``chỉ được nợ ba việc``, ``còn dưới 5``: nobody caps what is good to have."""
    if (
        target.limit in {"below", "at_most"}
        and not floored(text, target)
        and not text.says(target.first, "còn", "chỉ")
    ):
        return True
    near = range(target.number_last - 1, max(-1, target.first - 5), -1)
    begin = next((at for at in near if at < target.first and text.kind(at) in {"number", "date"}), near.stop)
    return any(text.sequence(at, *words) for at in near if at > begin for words in _CAPS)


def floored(text: Text, target: Quantity) -> bool:
    """``không được dưới 95 %``: nobody sets a floor under what is bad."""
    return target.limit == "below" and text.among(range(target.first - 2, target.first), "không")


def complete(text: Text, target: Quantity) -> bool:
    """``đủ 100 %``, ``cả 20/20 hồ sơ``: nobody aims at the whole of something bad."""
    whole = target.kind == "percent" and target.high == HUNDRED
    return target.limit not in {"below", "at_most"} and (whole or target.high == target.total)


def said_of(reading: Reading, quantity: Quantity) -> int:
    """-1 where what is counted is a fault or a burden by its predicate, 1 where it is spared one, 0 where none is."""
    text = reading.text
    partners = _partners(reading, quantity)
    begin, headed = _head(reading, quantity, partners)
    end = min((one.first for one in partners if one.first > begin), default=quantity.first)
    _, high = part_around(text, quantity.first)
    tail = range(quantity.last, high)
    ahead = _scan(reading, range(begin, end), headed=headed)
    return ahead or (_scan(reading, tail, headed=quantity.kind in {"percent", "count"}) if tail else 0)


def counted_from(reading: Reading, quantity: Quantity) -> int:
    """Where the thing that a figure counts begins to be named: ``mức chênh lệch giữa sổ giấy và phần mềm …``."""
    return _head(reading, quantity, _partners(reading, quantity))[0]


def _partners(reading: Reading, quantity: Quantity) -> set[Quantity]:
    return {one for pair in reading.roles.pairs if quantity in pair for one in pair} | {quantity}


def _head(reading: Reading, quantity: Quantity, partners: set[Quantity]) -> tuple[int, bool]:
    """Where the thing that is counted begins, in the clause of the figure, and whether it is said to be counted."""
    text = reading.text
    first, _ = clause_around(text, quantity.first)
    strange = [one for one in reading.quantities if one not in partners and one.last <= quantity.first]
    first = max([first, *(one.last for one in strange if text.kind(one.first) != "word")])
    for at in range(quantity.first - 1, first - 1, -1):
        opened = at == first or text.kind(at - 1) == "sign" or text.says(at - 1, *_TURNS)
        counted = text.says(at, "số") and (text.says(at + 1, *COUNTED) or opened)
        if counted or any(text.sequence(at, *words) for words in _OPENS):
            return at, True
    earlier = min((one.first for one in partners if first <= one.first), default=quantity.first)
    commas = (at for at in range(earlier - 1, first - 1, -1) if text.bare(at) == ",")
    return next(commas, first), False


def _scan(reading: Reading, span: range, *, headed: bool) -> int:
    text, bad, good = reading.text, False, False
    for at in span:
        if text.bare(at) == "," or any(time.first <= at < time.last for time in reading.times):
            continue
        spared = text.says(at - 1, *_SPARED) or text.sequence(at - 2, "không", "còn")
        if (
            text.says(at, "bị")
            and not text.says(at - 1, *_DEVICES)
            and (text.marked or not text.says(at + 1, "thư"))
        ) or (
            headed
            and text.says(at, "phải")
            and not text.says(at + 1, *_REACHES)
            and text.kind(at + 1) == "word"
        ):
            good = good or spared
            bad = bad or not (spared or _dealt_with(text, span, at))
        elif text.says(at, "không", "chưa", "chẳng") and headed:
            bad = bad or _lacks(reading, at)
    return int(good and not bad) - int(bad and not good)


def _lacks(reading: Reading, at: int) -> bool:
    """``phiếu hẹn không ghi giờ``; not ``không dùng tiền mặt`` nor ``không sai sót``."""
    text = reading.text
    if text.kind(at + 1) != "word" or text.says(at + 1, *_WITHOUT):
        return False
    known = any(mark.first <= at < mark.last for mark in reading.of("more", "less"))
    fault = any(at < mark.first <= at + 2 and mark.phrase not in _GOOD_TO_HAVE for mark in reading.of("less"))
    return not known and not fault


def _dealt_with(text: Text, span: range, at: int) -> bool:
    """``khắc phục lỗi bị nhắc``, ``hồ sơ bị trễ được xin lỗi``: what is done about it is counted."""
    before = any(text.says(step, *_DONE_ABOUT) for step in range(span.start, at))
    later = any(text.says(step, "được", "đã", "xong") for step in range(at + 2, span.stop))
    return before or later
