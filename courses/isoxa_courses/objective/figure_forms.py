"""The forms of a figure: a share, a ratio, a number with its unit, a rank, a level left blank.

Each reader takes the text, the index where the figure would begin and the phrases by their first token; it gives the
figure, or ``None``.
"""

from __future__ import annotations

from decimal import Decimal

from .numbers import digits, fraction, in_words, is_saying, stands_alone, year
from .quantity import COUNTED, HUNDRED, LINKS, MINUTES, Quantity, minutes_at, odd_minutes, unit_at
from .ratios import shares
from .wholes import Starts
from .words import Text

_RANGE = frozenset({"-", "–", "—"})
_PERCENT_WORDS = (("phần", "trăm"), ("phần", "nghìn"))
_TOPS = frozenset({Decimal(5), Decimal(10), Decimal(100)})
"""The most that the usual scales have."""
_MINUTE_SIGNS = frozenset({"'", "’", "′"})
_WITHIN = ("trong", "quá", "mất", "sau", "còn", "xuống", "dưới", "đa", "từ", "lên", "hơn", "thành", "nhất")
_ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"})
_SHORT_SPANS = ("phút", "giờ", "ngày", "tiếng", "buổi")
_BEFORE_RATIO = (
    "đạt", "điểm", "là", "lên", "từ", "xuống", "còn", "mức", "đủ", "cả", "đấu", "tiêu", "phải",
)  # fmt: skip
_SLOGANS = ("cấp", "rõ", "xin", "luôn", "dám", "nhất")
"""After a number these make a name or a slogan: ``chính quyền địa phương 2 cấp``, ``6 rõ``."""


def read_share(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``ba phần tư``, ``một nửa``; ``nửa ngày`` is a span of time."""
    share = fraction(text, index)
    if share is None:
        month = text.says(index + 1, "tháng") and not text.says(index + 2, "đầu", "cuối", "sau")
        if text.says(index, "nửa") and (month or text.says(index + 1, *_SHORT_SPANS)):
            return _span(text, index, index + 1, Decimal("0.5"))
        return None
    if text.says(share[1], *_SHORT_SPANS):
        return _span(text, index, share[1], share[0])
    value = share[0] * HUNDRED
    return Quantity(index, share[1], value, value, "percent", number_last=share[1])


def _span(text: Text, index: int, unit: int, share: Decimal) -> Quantity:
    spent = minutes_at(text, unit) * share
    return Quantity(index, unit + 1, spent, spent, "minutes", text.quote(index, unit + 1), number_last=unit)


def read_times(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``gấp đôi``, ``gấp 1,5 lần``."""
    if not text.says(index, "gấp"):
        return None
    if text.says(index + 1, "đôi", "ba", "rưỡi", "hai", "bốn"):
        return Quantity(index, index + 2, Decimal(2), Decimal(2), "times", number_last=index + 2)
    count = digits(text, index + 1) or in_words(text, index + 1)
    if count and text.says(count[1], "lần"):
        return Quantity(index, count[1] + 1, count[0], count[0], "times", number_last=count[1] + 1)
    return None


def read_ratio(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``9/10 người dân``: a date by its looks, a share by what follows; ``chín trên mười người``."""
    if text.kind(index) == "word":
        return _ratio_in_words(text, index)
    if text.kind(index) != "date":
        return None
    part, _, total = text.bare(index).partition("/")
    if not (part.isdigit() and total.isdigit()) or len(total) > 3:
        return None
    unit, last = unit_at(text, index + 1)
    no_day = index in shares(text) or (
        int(total) > 12 and (text.kind(index - 1) == "word" or text.bare(index - 1) == ",")
    )  # "đạt tối thiểu 20/25"
    if not unit and not no_day and not text.says(index - 1, *_BEFORE_RATIO) and text.bare(index - 1) != ":":
        return None
    kind = "count" if unit else "bare"
    return Quantity(index, last, Decimal(part), Decimal(part), kind, unit, "", index + 1, Decimal(total))


def _ratio_in_words(text: Text, index: int) -> Quantity | None:
    """``tám trên mười người``, ``năm trên mười``: out of ten, twenty, a hundred."""
    part = in_words(text, index)
    if part is None or not text.says(part[1], "trên", "trong"):
        return None
    whole = in_words(text, part[1] + 1)
    if whole is None or not part[0] <= whole[0] or whole[0] % 10:
        return None
    unit, last = unit_at(text, whole[1])
    return Quantity(index, last, part[0], part[0], "count" if unit else "bare", unit, "", whole[1], whole[0])


def read_number(text: Text, index: int, starts: Starts) -> Quantity | None:
    """``98,5 %``, ``2 ngày làm việc``, ``5 điểm phần trăm``, ``chín mươi hồ sơ``."""
    mark = starts.get(index)
    number = digits(text, index)
    if number is None:
        if mark is not None and mark.last > index + 1:
            return None  # phrases of the lists are not numbers
        if text.sequence(index, "một", "năm") and not text.says(index - 1, "trong", "còn", "quá", "xuống"):
            return None  # "một năm bứt phá"
        if text.says(index, "một") and text.says(index - 1, "quân", "bình"):
            return None  # "bình quân một hồ sơ"
        later = range(index + 2, index + 9)
        if text.says(index, "một") and any(
            text.says(at, "mất", "tốn") and text.kind(at + 1) == "number" for at in later
        ):
            return None  # "kiểm tra một bộ hồ sơ mất 3 buổi"
        spent = text.says(index + 1, *_SHORT_SPANS) and text.says(index - 1, "cho", "với", "vì")
        if (
            text.says(index, "một")
            and not spent
            and text.says(index - 1, "của", "cho", "với", "như", "vì", "cùng")
        ):
            return None  # "công suất của một công chức"
        led = next((one for one in starts.values() if one.last == index), None)
        if (
            text.says(index, "một")
            and led is not None
            and led.lists & {"more", "less"}
            and "result" not in led.lists
        ):
            return None  # "thời lượng một cuộc gọi"
        if text.sequence(index, "một", "bước") and text.says(index - 1, "lên", "thêm"):
            return None  # "nâng lên một bước"
        if is_saying(text, index):
            return None
        words = in_words(text, index)
        if words is None or not (stands_alone(text, index, *words) or _counts(text, words[1], starts)):
            return None
        number = words
    elif _heads_a_list(text, index, number[1]) or text.says(number[1], *_SLOGANS):
        return None
    measured = _measured(text, index, number, starts)
    return None if measured.kind == "bare" and year(text, index) else measured


def _heads_a_list(text: Text, index: int, last: int) -> bool:
    """``1. …``, ``2) …``, ``Mục tiêu 1: …``, ``STT 9``, ``Mục II.3``."""
    if text.bare(index - 1) == "stt" or (
        text.bare(index - 1) == "." and text.bare(index - 2) in _ROMAN and not text.apart(index - 1)
    ):
        return True
    aside = any(text.bare(at) == "(" for at in range(index - 6, index))  # "(năm 2026 có 6)"
    if (
        text.bare(last) in {":", ")"}
        and not aside
        and text.bare(index).isdigit()
        and text.bare(last - 2) != "("
    ):
        return index == 0 or (
            text.kind(index - 1) == "word" and not text.says(index - 1, "đạt", "là", "còn", "quá")
        )
    return (index == 0 and text.bare(last) == ".") or (
        text.bare(last) in {".", ")"} and text.bare(index - 1) == "\n"
    )


def _counts(text: Text, index: int, starts: Starts) -> bool:
    """Whether what stands at ``index`` is a unit, so that the word before it is a number."""
    if text.sequence(index, "phần", "trăm") or text.bare(index) == "%":
        return True
    if text.sequence(index, "công", "tác"):
        return False  # "nang tam cong tac": "tầm", not "tám"
    if text.says(index, *MINUTES):
        return text.marked or text.kind(index + 1) not in {"number", "date"}
    mark = starts.get(index)
    counted = bool(mark and mark.lists & {"system", "people", "activity_units", "outside"})
    counted = counted or bool(text.marked and mark and "things" in mark.lists)
    plain = text.marked or text.kind(index + 1) == "word" or text.says(index, "người", "lượt", "bộ")
    return counted or (text.says(index, *COUNTED) and plain)


def _measured(text: Text, index: int, number: tuple[Decimal, int], starts: Starts) -> Quantity:
    low, last = number
    high, last = _range_end(text, low, last)
    total = None
    if high == low:
        total, last = _total(text, last)
    if text.bare(last) == "%":
        return Quantity(index, last + 1, low, high, "percent", "", number_last=last + 1)
    if any(text.sequence(last, *words) for words in _PERCENT_WORDS):
        return Quantity(index, last + 2, low, high, "percent", "", number_last=last + 2)
    if text.bare(last) in _MINUTE_SIGNS:  # "34'"
        return Quantity(index, last + 1, low, high, "minutes", text.quote(last, last + 1), "", last)
    if text.says(last, "điểm"):
        if text.bare(last + 1) == "%":
            return Quantity(index, last + 2, low, high, "points", "", number_last=last + 2)
        if text.sequence(last + 1, "phần", "trăm"):
            return Quantity(index, last + 3, low, high, "points", "", number_last=last + 3)
    minutes = minutes_at(text, last)
    if text.says(last, "năm") and year(text, last + 1):
        minutes = Decimal(0)  # "12 năm 2026": twelve, in 2026
    compared = text.sequence(index - 2, "so", "với") and text.sequence(last + 1, "làm", "việc")
    often = text.bare(last + 1) == "/" and text.says(
        last + 2, "tháng", "tuần", "quý", "năm"
    )  # "2 ngày/tháng"
    meetings = often or (
        text.says(last, "buổi")
        and not compared
        and (
            not text.says(index - 1, *_WITHIN) or any(text.sequence(at, "số", "buổi") for at in range(index))
        )
    )
    if minutes and not meetings:
        half, after = odd_minutes(text, last, minutes)
        after += 2 * text.sequence(after, "làm", "việc")
        spent = low * minutes + half, high * minutes + half
        return Quantity(index, after, *spent, "minutes", text.quote(last, after), "", last, total)
    unit, after = unit_at(text, last)
    if total is None:
        total = _scale(text, last + text.says(last, "điểm", "sao"))
    mark = starts.get(last)
    if mark is not None and mark.lists & {"system", "people", "activity_units", "outside"}:
        unit, after = text.quote(mark.first, mark.last), mark.last
    if unit and total is None and text.says(after, "trong", "trên"):
        second = digits(text, after + 1)  # "310 phiếu trong 1.000 phiếu"
        if second is not None and text.says(second[1], unit.split()[0].casefold()):
            total, after = second[0], second[1] + 1
    return Quantity(index, after, low, high, "count" if unit else "bare", unit, "", last, total)


def _range_end(text: Text, low: Decimal, last: int) -> tuple[Decimal, int]:
    """``60-70 %``, ``90% - 95%``: the upper figure and the index after it."""
    if _told_in_turn(text, last):
        return low, last
    if text.bare(last) == "%" and text.bare(last + 1) in _RANGE:
        second = digits(text, last + 2)
        if second and text.bare(second[1]) == "%":
            return second[0], second[1]
    elif text.bare(last) in _RANGE:
        second = digits(text, last + 1)
        if second and second[0] >= low and (not year(text, last + 1) or len(text.bare(last - 1)) == 4):
            return second
    return low, last


def _told_in_turn(text: Text, last: int) -> bool:
    """``71 % – 90 % (thực hiện 2026 – mục tiêu 2027)``: where things stand and where to, told behind both."""
    opened = next((at for at in range(last, last + 6) if text.bare(at) == "("), -1)
    if opened < 0 or not text.says(opened + 1, "thực", "hiện", "cũ", "nay", "trước", "năm", "đầu"):
        return False
    inside = range(opened + 1, opened + 12)
    parted = next((at for at in inside if text.bare(at) in {"-", "–", "—", "/", ",", "→"}), -1)
    return parted > 0 and text.says(
        parted + 1, "mục", "kế", "mới", "đến", "chỉ", "phấn", "cuối", "năm", "sau"
    )


def _total(text: Text, last: int) -> tuple[Decimal | None, int]:
    """``4,5/5``, ``115 trên 100 điểm``, ``120 trên tổng số 110 thủ tục``: the whole and the index after it."""
    if text.bare(last) == "/" or text.says(last, "trên", "trong"):
        at = last + 1 + text.says(last + 1, "tổng")
        at += text.says(at, "số", "cộng")
        at += text.says(at, "thang") + text.sequence(at, "thang", "điểm")
        second = digits(text, at)
        told = text.bare(last) == "/" or at > last + 1
        counted = second is not None and text.says(second[1], *COUNTED) and not text.says(second[1], "lần")
        counted = counted or (second is not None and text.says(second[1], "quyển", "ngày"))
        counted = counted and (
            text.says(last, "trên") or not text.says(second[1] if second else last, "người")
        )
        whole = text.bare(last + 1)
        again = any(text.says(step, "trong") and text.bare(step + 1) == whole for step in range(last - 1))
        counted = counted or (second is not None and again and text.says(second[1], "người"))
        counted = counted or (second is not None and _out_of_ten(text, last, second))
        if second and (told or counted or text.says(second[1], "điểm", "hồ", "phiếu", "thủ")):
            return second[0], second[1]
    return None, last


def _out_of_ten(text: Text, last: int, whole: tuple[Decimal, int]) -> bool:
    """``8,1 trên 10``, ``3 trong 10 người``: out of the round number that scales and samples have."""
    value, behind = whole
    if value not in _TOPS or not text.says(last, "trên", "trong") or text.says(behind, *MINUTES):
        return False
    people = text.says(last, "trong") and text.says(behind, "người")
    return people or text.kind(behind) != "word" or text.says(behind, *LINKS)


def _scale(text: Text, at: int) -> Decimal | None:
    """``11 điểm trên thang 10``, ``5,2 (thang điểm 5)``: the most that the scale has."""
    at += text.bare(at) == "(" or text.says(at, "trên", "theo")
    if not text.says(at, "thang"):
        return None
    top = digits(text, at + 1 + text.says(at + 1, "điểm"))
    return top[0] if top else None
