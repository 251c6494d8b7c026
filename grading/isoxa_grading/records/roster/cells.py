"""Reads one cell into a typed value, or says why it cannot (``NotReadable``, Vietnamese).

An empty cell is None, and so are the signs that people put for "nothing" ("-", "không có"). What can be read in one way
only is read: a telephone number that Excel took for a number gets its leading zero back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from isoxa_courses.text import clean
from rapidfuzz import fuzz, process

from ..tables import QualityRole
from ..words import Words, words_key
from .sheets import Cell

__all__ = [
    "BirthDate",
    "NotReadable",
    "read_bounded",
    "read_email",
    "read_name",
    "read_phone",
    "read_quality_role",
    "text_of",
]

LONGEST_NAME = 200
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", re.IGNORECASE)
_EXCEL_TEXT = re.compile(r'="([^"]*)"')
_NOT_OF_A_NAME = re.compile(r"[^\w .'’‘`-]|[\d_]")
_MOBILE = re.compile(r"0[35789]\d{8}|01\d{9}")


class NotReadable(ValueError):
    """``nearest``: what may have been meant."""

    def __init__(self, reason: str, nearest: str = "") -> None:
        super().__init__(reason)
        self.nearest = nearest


def text_of(cell: Cell, words: Words, *, lines: bool = False) -> str:
    """The cleaned text of a cell; "" where it is empty or says "nothing". Raises ``NotReadable`` for Excel's errors."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # Excel keeps "12" typed into a code column as 12.0
    if isinstance(cell, datetime):
        cell = f"{cell:%d/%m/%Y}"
    text = cell if isinstance(cell, str) else str(cell)
    text = clean(text, lines=lines)
    if found := _EXCEL_TEXT.fullmatch(text):
        text = found[1].strip()  # how Excel itself keeps a leading zero in a CSV
    if _ERRORS.fullmatch(text):
        raise NotReadable(f"Ô này là lỗi công thức {text} của Excel. Hãy ghi nội dung vào ô.")
    return "" if text.casefold() in words.blanks else text


def read_bounded(cell: Cell, words: Words, longest: int) -> str | None:
    """A text of at most ``longest`` characters."""
    text = text_of(cell, words)
    if len(text) > longest:
        raise NotReadable(f"Dài quá {longest} ký tự.")
    if text.startswith(("=", "@", "+")):
        raise NotReadable("Là công thức, không phải nội dung. Hãy ghi nội dung vào ô.")
    return text or None


def read_name(text: str, words: Words) -> tuple[str, str]:
    """A person's name, without title or number, and the position that is written after it ("" if none)."""
    position = ""
    lines = [line for line in text.split("\n") if line]
    if len(lines) > 1:
        rest = " ".join(lines[1:])
        if words.positions.match(rest):
            text, position = lines[0], rest
        elif len(lines) == 2 and " " not in lines[1] and " " in lines[0]:
            text = " ".join(lines)
        else:
            raise NotReadable("Ô này có nhiều dòng. Hãy ghi mỗi người một dòng.")
    name = re.sub(r"^\d{1,4}\s*[.)/-]\s*", "", clean(text)).strip(" .,;:-–")
    while found := words.titles.match(name):
        if len(name[found.end() :].split()) < 2:
            break
        name = name[found.end() :]
    for cut in (r"\s+[-–]\s+", r"\s*[,;(]\s*"):
        before, after = [*re.split(cut, name, maxsplit=1), ""][:2]
        if after and words.positions.match(after):
            name, position = before, position or after.strip(" )")
            break
    name = re.sub(r"\s*\((?:nam|nữ|ông|bà)\)$", "", name, flags=re.IGNORECASE).strip(" .,;:-–*")
    # "An (A)" and "An (B)" tell two people of one name apart: the letter stays.
    name = re.sub(r"\s*\(\s*(\w)\s*\)$", r" \1", name)
    if len(name) > LONGEST_NAME:
        raise NotReadable(f"Dài quá {LONGEST_NAME} ký tự.")
    if name and (_NOT_OF_A_NAME.search(name) or not re.search(r"\w", name)):
        shown = name if len(name) <= 60 else name[:60] + "…"
        raise NotReadable(f"“{shown}” không phải họ và tên.")
    return _cased(name), position


def _cased(name: str) -> str:
    """A name in capitals or small letters as names are written: ``NGUYỄN VĂN AN``, ``k'brêu`` → ``Nguyễn Văn An``."""
    if not (name.isupper() or name.islower()) or len(name) < 2:
        return name
    return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), name)


def read_phone(cell: Cell, words: Words) -> str | None:
    """Digits with the leading 0; of two numbers in one cell the mobile one, or else the first."""
    text = text_of(cell, words)
    if not text:
        return None
    if re.search(r"\d[,.]?\d*E\+\d", text, re.IGNORECASE):
        raise NotReadable(
            f"“{text}” đã bị Excel rút gọn, mất chữ số. Hãy định dạng cột là Text rồi gõ lại số."
        )
    refused = NotReadable(f"“{text[:60]}” không phải số điện thoại. Ví dụ đúng: 0912 345 678.")
    if re.search(r"\d[^\W\d_]+\d", text):
        raise refused
    # "0912 345 678 (Zalo)", "ĐT: 0912.345.678"
    bare = re.sub(r"\((?!\s*\+?\d)[^()]*\)|[^\W\d_]+[.:]*", " ", text.lstrip("'")).strip()
    numbers = [_digits(bare)]
    for cut in (r"[/;,\n|]|\s[-–]\s|\s{2,}", r"[/;,\n|]|\s[-–]\s|\s+"):
        if not any(numbers):
            numbers = [_digits(piece) for piece in re.split(cut, bare) if piece.strip()]
    found = [one for one in numbers if one]
    if not found:
        raise refused
    return next((one for one in found if _MOBILE.fullmatch(one)), found[0])


def _digits(text: str) -> str | None:
    digits = re.sub(r"[\s.()–-]", "", text)
    digits = re.sub(r"^(?:\+|00)?84(?:0(?=\d{9}$)|(?=\d{9,10}$))", "0", digits)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        digits = "0" + digits  # a number cell has lost its leading zero
    return digits if re.fullmatch(r"0\d{9,10}", digits) else None


def read_email(cell: Cell, words: Words) -> str | None:
    """Lower case; the first of several."""
    text = text_of(cell, words).lower()
    if not text:
        return None
    candidates = [
        re.sub(r"^mailto:", "", piece).strip(" .<>\"'") for piece in re.split(r"[;,/|]|\s+(?=\S+@\S)", text)
    ]
    candidates.append(text.replace(" ", ""))
    for one in candidates:
        if len(one) <= 254 and re.fullmatch(r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", one):
            return one
    raise NotReadable(f"“{text[:80]}” không phải địa chỉ thư điện tử.")


def read_quality_role(cell: Cell, words: Words) -> QualityRole | None:
    """A role in the quality system; of several in one cell the first."""
    text = text_of(cell, words)
    if not text:
        return None
    known = words.quality_roles
    for said in (text, *re.split(r"[,;/+]|\s[-–]\s|\bkiêm\b", text)):
        role = known.get(words_key(said))
        if role is not None:
            return role
    names = {words_key(name): name for group in words.file.quality_roles.values() for name in group}
    nearest = process.extractOne(words_key(text), list(names), scorer=fuzz.ratio, score_cutoff=70)
    choices = "Lãnh đạo, Thư ký ISO, Một cửa, Chuyên môn, Đánh giá viên nội bộ"
    raise NotReadable(
        f"Không có vai trò “{text[:60]}”. Hãy ghi một trong: {choices}.", names[nearest[0]] if nearest else ""
    )


@dataclass(frozen=True)
class BirthDate:
    """A day, or only a year; both None where the cell is empty."""

    day: date | None = None
    year: int | None = None


OLDEST = 1930
YOUNGEST = 15
_EPOCH = date(1899, 12, 30)


def read_birth_date(
    cell: Cell, words: Words, *, month_first: bool = False, doubtful_order: bool = False
) -> BirthDate:
    """Reads a date or a year. ``month_first``: the column is known to be month/day/year; ``doubtful_order``: it has
    dates of both orders, so one that can be read both ways is not.
    """
    if isinstance(cell, datetime):
        return BirthDate(_plausible(cell.date()))
    if isinstance(cell, date):
        return BirthDate(_plausible(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(cell)
    text = "" if isinstance(cell, time) else text_of(cell, words)
    if not text:
        return BirthDate()
    text = re.sub(r"\s+\d{1,2}:\d{2}(:\d{2})?(\s*[AaPp][Mm])?$", "", text.lstrip("'"))
    if re.fullmatch(r"\d{4,5}(\.0)?", text):
        return _from_number(float(text))
    if found := re.fullmatch(r"(?:tháng\s*)?\d{1,2}\s*[/.-]\s*(?:năm\s*)?(\d{4})", text, re.IGNORECASE):
        return BirthDate(year=_plausible_year(int(found[1]), text))
    compact = re.sub(r"\s*([/.-])\s*", r"\1", text)
    compact = re.sub(
        r"^(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})$",
        r"\1/\2/\3",
        compact,
        flags=re.IGNORECASE,
    )
    if found := re.fullmatch(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})", compact):
        return BirthDate(_date(int(found[1]), int(found[2]), int(found[3]), text))
    found = re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})", compact)
    if found is None:
        raise _no_date(text)
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if year < 100:
        year += 1900 if year >= OLDEST - 1900 else 2000
    ambiguous = first <= 12 and second <= 12 and first != second
    if ambiguous and doubtful_order:
        raise NotReadable(
            f"“{text}”: cột này có chỗ ghi tháng trước ngày, nên không rõ đâu là ngày. Hãy ghi lại dạng ngày/tháng/năm."
        )
    if second > 12 or (month_first and ambiguous):
        first, second = second, first
    return BirthDate(_date(year, second, first, text))


def order_of_dates(cells: list[Cell]) -> tuple[bool, bool]:
    """(month_first, doubtful_order) of a column: what the dates in it that can be read in one way only say."""
    day_first = month_first = 0
    for cell in cells:
        found = (
            re.match(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*\d{2,4}\s*$", cell)
            if isinstance(cell, str)
            else None
        )
        if found:
            day_first += int(found[1]) > 12 >= int(found[2])
            month_first += int(found[2]) > 12 >= int(found[1])
    return month_first > 0 and day_first == 0, month_first > 0 and day_first > 0


def _from_number(number: float) -> BirthDate:
    whole = int(number)
    if OLDEST <= whole <= 2100:
        return BirthDate(year=_plausible_year(whole, str(whole)))
    if 10_000 <= whole <= 60_000:
        return BirthDate(_plausible(_EPOCH + timedelta(days=whole)))  # a date whose cell lost its format
    if 1_010_000 <= whole <= 31_129_999 and whole == number:
        text = f"{whole:08d}"
        return BirthDate(_date(int(text[4:]), int(text[2:4]), int(text[:2]), text))
    raise _no_date(f"{number:g}")


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return _plausible(date(year, month, day))
    except ValueError as error:
        if isinstance(error, NotReadable):
            raise
        raise _no_date(text) from None


def _plausible(day: date) -> date:
    today = date.today()
    if day.year < OLDEST or day.year > today.year - YOUNGEST:
        raise NotReadable(f"Ngày sinh {day:%d/%m/%Y} không hợp lý.")
    return day


def _plausible_year(year: int, text: str) -> int:
    if not OLDEST <= year <= date.today().year - YOUNGEST:
        raise NotReadable(f"Năm sinh {text} không hợp lý.")
    return year


def _no_date(text: str) -> NotReadable:
    return NotReadable(f"“{text[:40]}” không phải ngày. Hãy ghi đủ ngày/tháng/năm, ví dụ 05/09/1985.")
