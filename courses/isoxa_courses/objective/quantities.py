"""Figures in a sentence: what they are, what they count, and whether they are limits, changes or today's state.

``98,5 % hồ sơ``, ``không quá 2 ngày``, ``từ 96,0 lên 98,5 %``, ``tăng thêm 5 điểm %``, ``một nửa``, ``1.232/1.250 hồ
sơ``, ``không để hồ sơ trễ hạn`` (a zero) are figures. Dates, numbers of decrees and list numbers are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .numbers import digits, in_words
from .words import Found, Text

_MINUTES = {
    "phút": 1, "giờ": 60, "tiếng": 60, "buổi": 240, "ngày": 480, "tuần": 2_400, "tháng": 10_560, "quý": 31_680,
    "năm": 126_720,
}  # fmt: skip
"""Spans of working time in minutes: good enough to tell a longer one from a shorter one."""

_COUNTED = ("trường", "lượt", "người", "điểm", "lần", "vụ", "việc", "đơn", "phiếu", "loại", "bản", "giấy", "dịch",
            "thủ", "hồ", "tthc", "ca", "ý", "bộ", "công", "cán", "khiếu", "quy", "lỗi", "bước", "nhóm", "hộ",
            "lớp", "buổi", "cuộc", "đợt", "chuyên", "khóa", "hội", "tổ", "mẫu", "lĩnh", "sai", "văn",
            "cơ", "thôn", "cá", "nhân", "doanh", "rủi", "nội", "mục", "phản", "kiến", "thành", "đồng",
            "triệu")  # fmt: skip
_LINKS = ("là", "và", "lên", "xuống", "đến", "trong", "trước", "vào", "của", "so", "năm", "còn", "tới", "từ",
          "ở", "cho", "với", "để", "thì", "theo", "trên", "sang", "hoặc", "trở", "hơn", "do", "được",
          "đạt", "tăng", "giảm", "phấn", "không",
          "khi", "về")  # fmt: skip
_RANGE = frozenset({"-", "–", "—"})
_PERCENT_WORDS = (("phần", "trăm"), ("phần", "nghìn"))
_LIMITS = ("at_most", "below", "at_least", "above")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure at tokens ``first`` up to, not with, ``last``.

    ``kind``: ``"percent"``, ``"points"`` (percentage points), ``"minutes"`` (a span of working time, ``low`` and
    ``high`` in minutes), ``"count"`` (of ``unit``), ``"times"`` (gấp đôi) or ``"bare"`` (nothing says what it
    counts). ``limit`` is the list that the words before it are in, or empty.
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


def find_quantities(
    text: Text, marks: Sequence[Found], taken: frozenset[int], following: dict[int, Found]
) -> tuple[Quantity, ...]:
    """The figures from left to right; tokens in ``taken`` (times, references) are passed over."""
    starts = {mark.first: mark for mark in marks}
    found: list[Quantity] = []
    index = 0
    while index < len(text.tokens):
        quantity = None if index in taken else _at(text, index, starts, following)
        if quantity is None or any(at in taken for at in range(index, quantity.number_last)):
            mark = starts.get(index)
            index = mark.last if mark and not mark.lists & {"none", "at_least", "at_most"} else index + 1
            continue
        found.append(_with_limit(text, quantity, marks, found[-1].last if found else 0))
        index = max(quantity.last, index + 1)
    return tuple(_inherit_units(text, found))


def _at(text: Text, index: int, starts: dict[int, Found], following: dict[int, Found]) -> Quantity | None:
    mark = starts.get(index)
    if mark is not None and mark.lists & {"all", "half", "none"}:
        if "all" in mark.lists and text.kind(mark.last) != "number":
            return Quantity(
                index, mark.last, Decimal(100), Decimal(100), "percent", "", number_last=mark.last
            )
        if "half" in mark.lists and not text.says(mark.last, "năm", "đầu", "cuối", "tháng"):
            return Quantity(index, mark.last, Decimal(50), Decimal(50), "percent", "", number_last=mark.last)
        if "none" in mark.lists:
            return _zero(text, mark, starts)
    if text.says(index, "gấp"):
        if text.says(index + 1, "đôi", "ba"):
            return Quantity(index, index + 2, Decimal(2), Decimal(2), "times", number_last=index + 2)
        count = digits(text, index + 1) or in_words(text, index + 1)
        if count and text.says(count[1], "lần"):
            return Quantity(index, count[1] + 1, count[0], count[0], "times", number_last=count[1] + 1)
    if text.kind(index) == "date":
        return _ratio(text, index)
    number = digits(text, index)
    if number is None:
        if mark is not None and mark.last > index + 1:
            return None  # "một cửa", "hai mươi" is read below, phrases of the lists are not numbers
        words = in_words(text, index)
        if words is None or not _counts(text, words[1], starts):
            return None
        number = words
    elif _heads_a_list(text, index, number[1]):
        return None
    return _measured(text, index, number, following)


def _heads_a_list(text: Text, index: int, last: int) -> bool:
    """``1. …``, ``2) …``, ``Mục tiêu 1: …``."""
    if text.bare(last) in {":", ")"} and text.bare(index).isdigit() and text.bare(last - 2) != "(":
        return index == 0 or (
            text.kind(index - 1) == "word" and not text.says(index - 1, "đạt", "là", "còn", "quá")
        )
    return (index == 0 and text.bare(last) == ".") or (
        text.bare(last) in {".", ")"} and text.bare(index - 1) == "\n"
    )


def _counts(text: Text, index: int, starts: dict[int, Found]) -> bool:
    """Whether what stands at ``index`` is a unit, so that the word before it is a number."""
    if text.sequence(index, "phần", "trăm") or text.bare(index) == "%":
        return True
    if text.says(index, *_MINUTES):
        return text.marked or text.kind(index + 1) not in {"number", "date"}
    mark = starts.get(index)
    return bool(mark and mark.lists & {"system", "people", "activity_units"}) or (
        (text.says(index, "trường") and text.says(index + 1, "hợp"))
        or text.says(index, "lượt", "lần", "điểm")
    )


def _ratio(text: Text, index: int) -> Quantity | None:
    """``12/15 hồ sơ``."""
    part, _, total = text.bare(index).partition("/")
    if not (part.isdigit() and total.isdigit()) or len(total) > 3:
        return None
    unit, last = _unit(text, index + 1)
    if not unit:
        return None
    return Quantity(index, last, Decimal(part), Decimal(part), "count", unit, "", index + 1, Decimal(total))


def _measured(text: Text, index: int, number: tuple[Decimal, int], following: dict[int, Found]) -> Quantity:
    low, last = number
    high, total = low, None
    if text.bare(last) == "%" and text.bare(last + 1) in _RANGE:
        second = digits(text, last + 2)
        if second and text.bare(second[1]) == "%":
            high, last = second[0], second[1]
    elif text.bare(last) in _RANGE:
        second = digits(text, last + 1)
        if second and second[0] >= low:
            high, last = second
    elif text.bare(last) == "/" or text.says(last, "trên"):
        second = digits(text, last + 1)
        if second and (text.bare(last) == "/" or text.says(second[1], "điểm", "hồ", "phiếu")):
            total, last = second
    if text.bare(last) == "%":
        return Quantity(index, last + 1, low, high, "percent", "", number_last=last + 1)
    if any(text.sequence(last, *words) for words in _PERCENT_WORDS):
        return Quantity(index, last + 2, low, high, "percent", "", number_last=last + 2)
    if text.says(last, "điểm"):
        if text.bare(last + 1) == "%":
            return Quantity(index, last + 2, low, high, "points", "", number_last=last + 2)
        if text.sequence(last + 1, "phần", "trăm"):
            return Quantity(index, last + 3, low, high, "points", "", number_last=last + 3)
    for unit, minutes in _MINUTES.items():
        if text.says(last, unit) and not (unit == "buổi" and text.kind(last + 1) == "word"):
            after = last + 1 + 2 * text.sequence(last + 1, "làm", "việc")
            name = text.quote(last, after)
            return Quantity(index, after, low * minutes, high * minutes, "minutes", name, "", last, total)
    unit, after = _unit(text, last)
    mark = following.get(last)
    if mark is not None and mark.lists & {"system", "people", "activity_units"}:
        unit, after = text.quote(mark.first, mark.last), mark.last
    return Quantity(index, after, low, high, "count" if unit else "bare", unit, "", last, total)


def _unit(text: Text, index: int) -> tuple[str, int]:
    """The word that is counted and the index after it."""
    if text.kind(index) != "word" or text.says(index, *_LINKS):
        return "", index
    pair = (
        text.says(index, *_COUNTED) and text.kind(index + 1) == "word" and not text.says(index + 1, *_LINKS)
    )
    last = index + 1 + pair
    return text.quote(index, last), last


def _zero(text: Text, mark: Found, starts: dict[int, Found]) -> Quantity | None:
    """``không để … trễ hạn``: nothing of a kind that nobody wants is the figure 0."""
    index = mark.last
    while index < min(mark.last + 9, len(text.tokens)):
        if text.kind(index) == "sign" and text.bare(index) not in {"/", "-", "(", ","}:
            break
        inner = starts.get(index)
        if inner is not None and inner.lists & {"less"}:
            unit = text.quote(mark.last, inner.last)
            return Quantity(
                mark.first, inner.last, Decimal(0), Decimal(0), "count", unit, "", mark.last, zero=True
            )
        if inner is not None and inner.lists & {"vague", "activity", "none"} and index > mark.last:
            return None
        index = inner.last if inner is not None else index + 1
    return _none_left(text, mark)


def _none_left(text: Text, mark: Found) -> Quantity | None:
    """``không để xảy ra …``, ``không còn …``: what must not be left is counted, whatever it is."""
    if not any(word in mark.phrase for word in ("để", "còn", "phát sinh", "xảy ra")):
        return None
    last = mark.last
    while last < mark.last + 4 and text.kind(last) == "word":
        last += 1
    if last == mark.last:
        return None
    unit = text.quote(mark.last, last)
    return Quantity(mark.first, last, Decimal(0), Decimal(0), "count", unit, "", mark.last, zero=True)


def _with_limit(text: Text, quantity: Quantity, marks: Sequence[Found], floor: int) -> Quantity:
    """The figure with the words that make it a limit: ``không quá``, ``từ … trở lên``."""
    first, limit = quantity.first, ""
    for mark in reversed(marks):
        if mark.last > quantity.first or mark.first < floor:
            continue
        lists = [name for name in _LIMITS if name in mark.lists]
        gap = quantity.first - mark.last
        if (
            not lists
            or gap > 1
            or (gap == 1 and not text.says(mark.last, "là", "ở", "mức", "khoảng", "tới", "từ"))
        ):
            break
        first, limit = mark.first, lists[0]
        break
    last = quantity.last
    for at in (quantity.last, quantity.number_last):
        if text.says(at, "trở") and text.says(at + 1, "lên", "xuống"):
            limit = "at_least" if text.says(at + 1, "lên") else "at_most"
            last = max(last, at + 2)
    if limit == "at_least" and text.says(first, "từ") and last == quantity.last:
        return quantity  # "từ 96 %": where it starts from, not a limit
    return replace(quantity, first=first, limit=limit, last=last)


def _inherit_units(text: Text, found: list[Quantity]) -> list[Quantity]:
    """``từ 96,0 lên 98,5 %``: the first figure counts what the second does."""
    units = list(found)
    for at in range(len(units) - 2, -1, -1):
        first, second = units[at], units[at + 1]
        if first.kind != "bare" or second.kind == "bare" or second.first - first.last > 6:
            continue
        between = range(first.last, second.number_last)
        if any(text.says(step, "lên", "xuống", "đến", "còn", "tới", "thành") or text.bare(step) in {"→", "->", "-", "–"}
               for step in between):  # fmt: skip
            scale = Decimal(1)
            if second.kind == "minutes":
                scale = next(
                    (Decimal(m) for u, m in _MINUTES.items() if text.says(second.number_last, u)), scale
                )
            units[at] = replace(
                first, kind=second.kind, unit=second.unit, low=first.low * scale, high=first.high * scale
            )
    return units
