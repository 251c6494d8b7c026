"""Numbers in a sentence: in digits (Vietnamese format) and in words (``"chín mươi lăm"``)."""

from __future__ import annotations

from decimal import Decimal

from ..text import parse_number
from .words import Text

_ONES = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "nhăm": 5,
}  # fmt: skip
_BARE_ONES = frozenset({"mot", "hai", "ba", "bon", "tu", "nam", "lam", "sau", "bay", "tam", "chin", "nham"})
_LARGEST_DENOMINATOR = 10
_LEADING = ("là", "đạt", "lên", "từ", "đang", "nhất", "còn", "xuống", "được")
_ARROWS = frozenset({"→", "->", "=>"})
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def digits(text: Text, index: int) -> tuple[Decimal, int] | None:
    """The number in digits at ``index`` and the index after it; ``"1 250"`` with a space is one number too."""
    if text.kind(index) != "number":
        return None
    token = text.tokens[index]
    last, typed = index + 1, token.bare
    while (
        len(token.bare) <= 3
        and text.kind(last) == "number"
        and len(text.bare(last).split(",")[0]) == 3
        and "." not in text.bare(last)
        and text.source[text.tokens[last - 1].end : text.tokens[last].start] in (" ", "\u00a0", "\u202f")
    ):
        typed += text.bare(last)
        last += 1
    return _value(typed), last


def _value(typed: str) -> Decimal:
    try:
        return parse_number(typed)
    except ValueError:  # "1,250.5", "1.2.3": the digits stand for a figure all the same
        whole = (
            typed.replace(",", "")
            if "," in typed and "." in typed
            else typed.replace(".", "").replace(",", "")
        )
        return Decimal(whole[:40])


def in_words(text: Text, index: int) -> tuple[Decimal, int] | None:
    """The number from 1 to 999 written in words at ``index``, and the index after it."""
    if text.bare(index) in {"lam", "nham"}:
        return None  # "lăm" never stands first; "lam", typed without marks, is "làm"
    one = 0 if text.says(index, "tư") else _one(text, index)  # "tư" alone is mostly "từ" without its mark
    if not one and text.says(index, "tư"):
        return None
    value, last = (one, index + 1) if one else (0, index)
    if one and text.says(last, "trăm"):
        value, last = one * 100, last + 1
        if text.says(last, "linh", "lẻ"):
            last += 1
        rest = _below_hundred(text, last)
        return Decimal(value + rest[0]), rest[1] if rest[0] else last
    below, last = _below_hundred(text, index)
    if below and text.says(last, "phẩy") and (tenths := _one(text, last + 1)):
        return Decimal(below) + Decimal(tenths) / 10, last + 2
    return (Decimal(below), last) if below else None


def _below_hundred(text: Text, index: int) -> tuple[int, int]:
    one = _one(text, index)
    if one and text.says(index + 1, "mươi", "chục"):
        ones = _after_ten(text, index + 2) or 4 * text.says(index + 2, "tư")
        return one * 10 + ones, index + (3 if ones else 2)
    if text.says(index, "mười"):
        ones = _after_ten(text, index + 1)
        return 10 + ones, index + (2 if ones else 1)
    if one and text.says(index + 1, "lăm", "nhăm") and text.marked:
        return one * 10 + 5, index + 2  # "bảy lăm phần trăm"
    return (one, index + 1) if one else (0, index)


def _after_ten(text: Text, index: int) -> int:
    """``mười lăm``; ``năm`` behind a ten is a year: ``tháng mười năm 2026``."""
    return 0 if text.says(index, "năm") else _one(text, index)


def _one(text: Text, index: int) -> int:
    if text.bare(index) not in _BARE_ONES:
        return 0
    return next((value for word, value in _ONES.items() if text.says(index, word)), 0)


def fraction(text: Text, index: int) -> tuple[Decimal, int] | None:
    """``một nửa``, ``ba phần tư``, ``2/3 số …`` as a share from 0 to 1, and the index after it."""
    for words in (("hơn", "một", "nửa"), ("một", "nửa"), ("phân", "nửa"), ("nửa", "số"), ("quá", "nửa")):
        if text.sequence(index, *words) and not text.says(
            index + len(words), "năm", "đầu", "cuối", "tháng", "ngày"
        ):
            return Decimal("0.5"), index + len(words)
    if text.kind(index) == "date" and text.says(index + 1, "số", "tổng"):
        part, _, total = text.bare(index).partition("/")
        if (
            part.isdigit()
            and total.isdigit()
            and 1 < int(total) <= _LARGEST_DENOMINATOR
            and int(part) <= int(total)
        ):
            return Decimal(part) / Decimal(total), index + 1
    if text.sequence(index, "mười", "phần", "mười"):
        return Decimal(1), index + 3
    above = _one(text, index)
    if above and text.says(index + 1, "phần"):
        below = 10 if text.says(index + 2, "mười") else _one(text, index + 2)
        if below >= above:
            return Decimal(above) / Decimal(below), index + 3
    return None


def small(text: Text, index: int, most: int) -> tuple[int, int] | None:
    """A whole number from 1 to ``most``: digits, Roman up to IV, or words; for months and quarters."""
    if text.kind(index) == "number" and text.bare(index).isascii() and text.bare(index).isdigit():
        value, last = int(text.bare(index)[:6]), index + 1
    elif text.bare(index) in _ROMAN:
        value, last = _ROMAN[text.bare(index)], index + 1
    else:
        read = in_words(text, index)
        if read is None:
            return None
        value, last = int(read[0]), read[1]
    return (value, last) if 1 <= value <= most else None


def year_in_words(text: Text, index: int) -> tuple[int, int] | None:
    """``hai nghìn không trăm hai mươi bảy``, ``hai không hai bảy`` as a year, and the index after it."""
    if not text.says(index, "hai"):
        return None
    if text.says(index + 1, "nghìn", "ngàn"):
        at = index + 2 + 2 * text.sequence(index + 2, "không", "trăm")
        at += text.says(at, "linh", "lẻ")
        rest, last = _below_hundred(text, at)
    elif text.says(index + 1, "không"):
        rest, last = _below_hundred(text, index + 2)
    else:
        return None
    ones = _one(text, last) if 0 < rest < 10 else 0
    if ones:  # "hai bảy": twenty-seven, digit by digit
        rest, last = rest * 10 + ones, last + 1
    return (2000 + rest, last) if 20 <= rest <= 99 else None


def year(text: Text, index: int) -> int | None:
    """A year in four digits at ``index``."""
    typed = text.bare(index)
    if text.kind(index) == "number" and len(typed) == 4 and typed.isascii() and typed.isdigit():
        return int(typed) if 1990 <= int(typed) <= 2100 else None
    return None


def is_saying(text: Text, index: int) -> bool:
    """``năm lần bảy lượt``: time and again."""
    return text.sequence(index, "năm", "lần", "bảy", "lượt") or text.sequence(index - 2, "năm", "lần", "bảy")


def stands_alone(text: Text, index: int, value: Decimal, last: int) -> bool:
    """``từ mười hai lên …``, ``đang là bảy mươi``: a number in words that counts nothing."""
    if text.says(index - 1, "từ") and text.says(last, "lên", "xuống", "còn") and text.marked:
        return True  # "nhích từ ba lên năm người"
    if text.marked and value > 1 and (text.bare(last) in _ARROWS or text.bare(index - 1) in _ARROWS):
        return True  # "bốn → mười một người"
    if value < 10:
        return False
    if text.says(last, "lên", "xuống", "còn"):
        return True
    closed = text.kind(last) in {"", "sign"} or text.says(last, "nâng", "tăng", "giảm")
    return text.marked and closed and text.says(index - 1, *_LEADING)
