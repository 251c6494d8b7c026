"""Vietnamese text, numbers and dates: read from people, written for people.

Everything that enters the system passes :func:`clean` once, so that two spellings of the same letters
(composed and decomposed Unicode, stray zero-width characters from Word and Zalo) are equal everywhere behind
the border. Numbers follow the Vietnamese habit: a dot groups thousands, a comma opens the decimals.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

VIETNAM: tzinfo = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has kept UTC+7 without summer time since 1975, so no time zone database is needed."""

_LONGEST_NUMBER = 40
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs"})  # control, invisible formatting, lone surrogates (not even UTF-8)
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # never a character in Unicode, and refused by XML
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "‐": "-", "‑": "-"})

_SHAPES = {"\u0306": "2", "\u0302": "3", "\u031b": "4"}  # breve (ă), circumflex (â ê ô), horn (ơ ư)
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền hỏi ngã sắc nặng


def nfc(s: str) -> str:
    """The composed form (NFC), in which Vietnamese letters are one code point each."""
    return unicodedata.normalize("NFC", s)


def clean(s: str, *, lines: bool = False) -> str:
    """NFC, invisible characters out, white space folded to single spaces and trimmed.

    With ``lines`` the line breaks stay (two in a row at most); without, they are white space like any other.
    """
    text = _LINE_ENDS.sub("\n", s)
    if not text.isprintable():  # else there is nothing to take out, and most texts are so
        text = _NO_CHARACTER.sub("", text)
        text = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _NOT_TEXT)
    text = nfc(text)
    if not lines:
        return " ".join(text.split())
    folded = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", folded).strip("\n")


def fold(s: str) -> str:
    """For search and comparison: lower case, no diacritics, đ→d, white space folded."""
    lowered = clean(s).casefold().replace("đ", "d").replace("ð", "d")  # Eth is a common mistyping of Đ
    if lowered.isascii():
        return lowered
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(bare.split())


def _letter_key(letter: str) -> tuple[str, str]:
    """One lower-case composed letter as (two ASCII characters for base letter and shape, tone digits)."""
    if letter in "đð":
        return "d2", ""
    decomposed = unicodedata.normalize("NFKD", letter)
    shape, tone, key = "1", "", ""
    for char in decomposed:
        if char in _SHAPES:
            shape = _SHAPES[char]
        elif char in _TONES:
            tone += _TONES[char]
        elif "a" <= char <= "z":
            key += char + "1"
        elif "0" <= char <= "9":
            key += "1" + char
        elif not unicodedata.combining(char):
            key += f"zz{ord(char):06x}"
    return (key[:-1] + shape if key and key[-2].isalpha() else key), tone


def sort_key(s: str) -> str:
    """An ASCII key that sorts as a Vietnamese dictionary does, in any database and under any collation.

    Syllable by syllable: first the letters (a ă â b c d đ e ê … o ô ơ … u ư …), then the tone (ngang huyền
    hỏi ngã sắc nặng), so "Hà Bình" comes before "Hạ An". The key holds only ``a-z0-9``: PostgreSQL's
    locales would skip punctuation and fold case. Every letter takes two places, so none begins another.
    """
    syllables: list[str] = []
    letters, tones = "", ""
    for char in clean(s).lower() + " ":
        if char.isalnum() or unicodedata.combining(char):
            key, tone = _letter_key(char)
            letters, tones = letters + key, tones + tone
        elif letters:
            syllables.append(f"{letters}0{tones}0")
            letters, tones = "", ""
    return "".join(syllables)


def name_sort_key(full_name: str) -> str:
    """Key for lists of people: by given name (the last word), then family name and middle names."""
    words = clean(full_name).split(" ")
    return sort_key(" ".join([words[-1], *words[:-1]]))


def parse_number(text: str) -> Decimal:
    """Read a number typed in the Vietnamese way: ``"1.250"`` is 1250, ``"98,5"`` is 98.5.

    One lenient reading: a single dot that cannot group thousands (``"98.5"``, ``"0.125"``, ``"1.25"``) is
    taken as a decimal comma, since phone keyboards often offer only the dot. ``"98.500"`` groups thousands:
    98500. Raises ``ValueError`` with a message for the person who typed it.
    """
    typed = clean(text)
    if not typed:
        raise ValueError("Chưa có số nào. Hãy nhập một số, ví dụ 98,5.")
    if len(typed) > _LONGEST_NUMBER:
        raise ValueError(f"Số quá dài (hơn {_LONGEST_NUMBER} ký tự). Hãy kiểm tra lại.")
    number = re.sub(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))", ".", typed.translate(_MINUS_SIGNS))
    match = re.fullmatch(r"([+-]?) ?([0-9][0-9.]*)(?:,([0-9]+))?", number)
    if match is None:
        raise ValueError(f"“{typed}” không phải là số. Hãy viết như 98,5 hoặc 1.250.")
    sign, whole, decimals = match.group(1), match.group(2), match.group(3)
    if re.fullmatch(r"[0-9]+|[1-9][0-9]{0,2}(\.[0-9]{3})+", whole):
        value = whole.replace(".", "") + (f".{decimals}" if decimals else "")
    elif decimals is None and re.fullmatch(r"[0-9]+\.[0-9]+", whole):
        value = whole
    else:
        raise ValueError(f"Dấu chấm, dấu phẩy trong “{typed}” đặt chưa đúng. Hãy viết như 1.250 hoặc 98,5.")
    return Decimal(("-" if sign == "-" else "") + value)


def format_number(value: Decimal | int, places: int | None = None) -> str:
    """``1250`` → ``"1.250"``, ``Decimal("98.50")`` → ``"98,5"``; ``places`` fixes the number of decimals."""
    number = Decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, decimals = format(abs(number), "f").partition(".")
    if places is None:
        decimals = decimals.rstrip("0")
    sign = "-" if number < 0 else ""
    return sign + f"{int(whole):,}".replace(",", ".") + (f",{decimals}" if decimals else "")


def format_date(day: date) -> str:
    """``"21/11/2026"``; an aware datetime is shown as its day in Vietnam."""
    if isinstance(day, datetime):
        day = _in_vietnam(day).date()
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_datetime(moment: datetime) -> str:
    """``"21/11/2026 14:30"``, Vietnam time. Raises ``ValueError`` for a datetime without a time zone."""
    local = _in_vietnam(moment)
    return f"{format_date(local)} {local.hour:02d}:{local.minute:02d}"


def _in_vietnam(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone has no time in Vietnam")
    return moment.astimezone(VIETNAM)


def round_points(value: Decimal | Fraction | int) -> Decimal:
    """Points to 0.01, half up. Exact: pass a ``Fraction`` for shares, so that no earlier rounding adds up."""
    hundredths = Fraction(value) * 100
    return Decimal(
        (2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)
    ).scaleb(-2)
