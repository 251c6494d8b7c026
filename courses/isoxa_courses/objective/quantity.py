"""One figure of a sentence: what it is and what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .numbers import digits
from .words import Text

HUNDRED = Decimal(100)
MINUTES = {
    "phút": 1, "giờ": 60, "tiếng": 60, "buổi": 240, "ngày": 480, "tuần": 3_360, "tháng": 14_400, "quý": 43_680,
    "năm": 175_200,
}  # fmt: skip
"""Spans in minutes, eight hours a day, seven days a week: good enough to tell a longer one from a shorter one."""

COUNTED = ("trường", "lượt", "người", "điểm", "lần", "vụ", "việc", "đơn", "phiếu", "loại", "bản", "giấy", "dịch",
           "thủ", "hồ", "tthc", "ca", "ý", "bộ", "công", "cán", "khiếu", "quy", "lỗi", "bước", "nhóm", "hộ",
           "lớp", "buổi", "cuộc", "đợt", "chuyên", "khóa", "hội", "tổ", "mẫu", "lĩnh", "sai", "văn",
           "cơ", "thôn", "xóm", "chỗ", "ấp", "làng", "khu", "đầu", "thửa", "bàn", "máy", "hòm", "điều", "khâu",
           "cá", "nhân", "doanh", "rủi", "nội", "mục", "phản", "kiến", "thành", "đồng",
           "triệu", "trăm", "nghìn", "ngàn", "tỷ", "quầy", "phòng", "sổ", "trang", "tài", "cuốn", "thẻ", "chữ",
           "biểu", "bài", "cử", "câu", "con", "cây", "nhà", "tuyến", "mô", "sản", "xe", "km", "ha", "tấn", "tạ",
           "mét", "m2", "trẻ", "em", "đảng", "đoàn", "hành", "phát", "cụm", "bản", "xã", "biên", "cái", "tờ", "bữa",
           "bận", "hộp", "quyển", "chiếc", "bó", "đám", "cửa")  # fmt: skip
"""First syllables of what is counted: after them a number in words is a number, not ``năm`` the year."""

LINKS = ("là", "và", "lên", "xuống", "đến", "trong", "trước", "vào", "của", "so", "năm", "còn", "tới", "từ",
         "ở", "cho", "với", "để", "thì", "theo", "trên", "sang", "hoặc", "trở", "hơn", "do", "được",
         "đạt", "tăng", "giảm", "phấn", "không", "khi", "về", "thành", "nữa", "tại", "bằng", "đối", "có", "đã",
         "nhưng", "mà", "bị", "hiện", "này", "cuối", "quý", "tháng", "hết", "chậm", "thực", "hoàn", "mỗi",
         "như", "mà", "nếu", "nhằm", "cả", "rồi", "xong", "thêm", "cùng", "qua", "sau", "đều", "vẫn", "cũng", "hay",
         "bởi", "bây", "lúc", "đang", "sẽ", "vì", "kể", "nhờ", "giữa", "ngoài", "nhích")  # fmt: skip
"""What never is a unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """A figure at tokens ``first`` up to, not with, ``last``.

    ``kind``: ``"percent"``, ``"points"`` (percentage points), ``"minutes"`` (a span of working time, ``low`` and
    ``high`` in minutes), ``"count"`` (of ``unit``), ``"times"`` (gấp đôi), ``"rank"`` (xếp thứ 3), ``"blank"`` (left
    to be filled in: ``… %``) or ``"bare"`` (nothing says what it counts). ``limit`` is the list that the words before
    it are in, or empty; ``zero`` marks a nought in words (``không để …``).
    """

    first: int
    last: int
    low: Decimal
    high: Decimal
    kind: str
    unit: str = ""
    limit: str = ""
    number_last: int = 0
    total: Decimal | None = None
    zero: bool = False


def minutes_at(text: Text, index: int) -> Decimal:
    """The minutes of the unit of time at ``index``; 0 if there is none."""
    if text.says(index, "quý") and text.bare(index + 1) in {"trinh", "dinh", "hoach", "che", "mo"}:
        return Decimal(0)  # "35 quy trinh", typed without marks
    return next((Decimal(minutes) for unit, minutes in MINUTES.items() if text.says(index, unit)), Decimal(0))


def odd_minutes(text: Text, last: int, minutes: Decimal) -> tuple[Decimal, int]:
    """What a unit of time has more behind it, ``2 giờ rưỡi``, ``2 giờ 15 phút``, and the index after it."""
    rest = digits(text, last + 1) if text.says(last, "giờ", "tiếng") else None
    if rest is not None and text.says(rest[1], "phút"):
        return rest[0], rest[1] + 1
    return (minutes / 2, last + 2) if text.says(last + 1, "rưỡi") else (Decimal(0), last + 1)


def unit_at(text: Text, index: int) -> tuple[str, int]:
    """The word that is counted and the index after it."""
    if text.kind(index) != "word" or text.says(index, *LINKS):
        return "", index
    pair = (
        text.says(index, *COUNTED)
        and text.kind(index + 1) == "word"
        and not text.says(index + 1, *LINKS, "đầu", "kỳ", "đợt")
    )
    last = index + 1 + pair
    return text.quote(index, last), last
