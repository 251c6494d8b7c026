"""Walks down a sheet and tells what each row is: a person, the head of a section, or nothing that concerns us.

Below the header stand people; between them heads ("I. XÃ DI LINH", "Lãnh đạo"), totals, remarks, the numbers of columns
and the header again; at the end the part where one signs, with names that are no officers. A row is only taken for a
person if it looks like one, and a head that names a unit holds for the rows below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from isoxa_courses.text import clean, fold

from ..unit_text import plain
from ..words import Words
from .columns import Header, header_at
from .sheets import Cell, Sheet

__all__ = ["PersonLine", "SheetLines", "read_lines"]

_NUMBER_MARK = re.compile(r"^\s*(?:[IVXLC]{1,6}|[A-ZĐ]|\d{1,3}(?:\.\d{1,2})*)\s*[.)/:-]\s*(?=\S)")
_ROMAN = re.compile(r"[IVXLC]+\.?|[A-ZĐ]\.?")
_COUNT = re.compile(
    r"\s*[:–-]?\s*\(?\s*(?:gồm|có|tổng số)?\s*\d+\s*(?:người|cán bộ|đ/c|đồng chí|đại biểu)?\s*\)?\s*$", re.I
)
_SIGNED_AT = re.compile(r".{0,60}ngày\s*[\d.…_ ]{0,6}\s*tháng\s*[\d.…_ ]{0,6}\s*năm", re.IGNORECASE)
_COMMUNE_WORDS = ("xã", "phường", "thị trấn", "đặc khu", "x.", "p.", "tt.")
_DISTRICT_WORDS = ("huyện", "quận", "thị xã", "thành phố", "tp.", "tp", "tx.", "h.", "q.")
# What a cell must look like to count as a person's data: a total's number may stand in any column.
_PERSONAL = {
    "staff_code": re.compile(r"\w*\d\w+|\w+\d\w*"),
    "birth_date": re.compile(r"\d{4}|\d\s*[/.-]\s*\d"),
    "birth_year": re.compile(r"\d{4}"),
    "phone": re.compile(r"(?:\D*\d){8}"),
    "office_phone": re.compile(r"(?:\D*\d){8}"),
    "email": re.compile("@"),
}


@dataclass(frozen=True)
class PersonLine:
    """A row that is a person: its cells by field, and what the heads above it say of its unit."""

    number: int
    cells: dict[str, list[Cell]]
    section_unit: str = ""
    section_district: str = ""
    section_province: str = ""


@dataclass
class SheetLines:
    """What a sheet holds. ``titles``: texts above the header; ``names``: field → what the file calls it."""

    sheet: Sheet
    people: list[PersonLine] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    has_header: bool = False
    has_unit: bool = False


@dataclass
class _Heads:
    """The heads that hold where we are."""

    unit: str = ""
    district: str = ""
    province: str = ""


def read_lines(sheet: Sheet, words: Words) -> SheetLines:
    """The people of a sheet. Raises ``RosterError`` for a header with two columns of names."""
    found = SheetLines(sheet)
    header: Header | None = None
    heads = _Heads()
    signing = False
    for index, (number, cells) in enumerate(sheet.rows):
        if header is not None and number <= header.last:
            continue
        new = header_at(sheet, index, words, again=header is not None)
        if new is not None:
            header, signing = new, False
            found.has_header = True
            found.has_unit = found.has_unit or new.has_unit
            found.names |= {name: text for name, text in new.names.items() if name not in found.names}
            continue
        if header is None:
            found.titles += [
                clean(cell, lines=True) for cell in cells if isinstance(cell, str) and cell.strip()
            ]
            continue
        line = _Row(sheet, number, cells, header, words)
        if line.is_numbers_of_columns() or line.is_total():
            continue
        if line.begins_signing():
            signing = True
        elif not signing and line.is_head():
            line.apply(heads)
        elif line.is_person(signing):
            found.people.append(PersonLine(number, line.by_field, heads.unit, heads.district, heads.province))
    return found


class _Row:
    """One row below a header, and the questions one asks of it."""

    def __init__(self, sheet: Sheet, number: int, cells: list[Cell], header: Header, words: Words) -> None:
        self.words = words
        self.number = number
        self.across = sheet.width(number)
        self.by_field = {name: self._of(sheet, cells, columns) for name, columns in header.places.items()}
        self.texts = [clean(str(cell)) for cell in cells if cell is not None and str(cell).strip()]
        running = (
            cells[header.numbers] if header.numbers is not None and header.numbers < len(cells) else None
        )
        self.running = clean(str(running)) if running is not None else ""
        self.name = " ".join(
            clean(str(cell)) for cell in self.by_field["full_name"] if cell is not None
        ).strip()
        self.has_unit = any(self._has(name) for name in ("unit", "commune", "old_commune"))

    def _of(self, sheet: Sheet, cells: list[Cell], columns: tuple[int, ...]) -> list[Cell]:
        return [
            cells[column]
            if column < len(cells) and cells[column] not in (None, "")
            else sheet.above(self.number, column)
            for column in columns
        ]

    def _has(self, name: str) -> bool:
        return any(cell is not None and str(cell).strip() for cell in self.by_field.get(name, ()))

    @property
    def _numbered(self) -> bool:
        return re.fullmatch(r"\d+([.,]0+)?\.?", self.running) is not None

    @property
    def _personal(self) -> int:
        """How many cells look like a person's data, and not only stand in such a column."""
        return sum(
            any(cell is not None and sign.search(str(cell)) for cell in self.by_field.get(name, ()))
            for name, sign in _PERSONAL.items()
        )

    def is_numbers_of_columns(self) -> bool:
        """(1) (2) (3) … or A B 1 2 … below a header."""
        marks = [text.strip("()[] .") for text in self.texts]
        if len(marks) < 3:
            return False
        digits = [int(float(mark)) for mark in marks if re.fullmatch(r"\d{1,2}(\.0)?", mark)]
        letters = [mark for mark in marks if re.fullmatch(r"[A-Za-z]", mark)]
        in_order = digits == list(range(digits[0], digits[0] + len(digits))) if digits else False
        return in_order and len(digits) + len(letters) == len(marks)

    def is_total(self) -> bool:
        """A total or a remark, which may stand in any column."""
        first = next((text for text in self.texts if re.search(r"[^\W\d_]", text)), "")
        said = _NUMBER_MARK.sub("", first).lstrip("(*-– ")
        if self._personal or not (self.words.totals.match(said) or self.words.remarks.match(said)):
            return False
        # "Tổng Thị Hoa" may be a person: a total has a number, a colon, or nothing else.
        if (
            plain(first).startswith(("tổng cộng", "tổng số", "cộng", "danh sách", "ấn định", "total"))
            or ":" in first
        ):
            return True
        return not (
            self.name == first
            and (self.has_unit or self._has("position") or self._numbered)
            and len(self.name.split()) > 2
        )

    def begins_signing(self) -> bool:
        """The row above the signatures: "Người lập biểu … CHỦ TỊCH", "Di Linh, ngày … tháng … năm …"."""
        if self._personal or self._numbered:
            return False
        if any(
            _SIGNED_AT.match(text) and not re.search(r"\d{4}\s*$", text.split("năm")[0])
            for text in self.texts
        ):
            return True
        signs = [bool(self.words.signatures.match(text)) for text in self.texts]
        if not any(signs):
            return False
        if self.name and not self.words.signatures.match(self.name):
            return False
        return not self.has_unit or all(signs)

    def is_head(self) -> bool:
        """Whether it heads a section: one text, and no person's data."""
        if self._personal or not self.texts:
            return False
        if self._numbered:
            said = self.texts[1] if len(self.texts) == 2 else ""
            return bool(said) and (self.words.sections.match(said) or self._is_unit_head(said))
        texts = self._said()
        distinct = list(dict.fromkeys(texts))
        if len(distinct) != 1:
            return False
        text = _NUMBER_MARK.sub("", distinct[0])
        if self._is_unit_head(text) or self.words.sections.match(text):
            return True
        roman = len(texts) < len(self.texts) and bool(_ROMAN.fullmatch(self.texts[0].upper()))
        return (
            self.across >= 3
            or roman
            or not self.name
            or (text != distinct[0] and not distinct[0][0].isdigit())
        )

    def _said(self) -> list[str]:
        """The texts without the numbers of sections and counts of people."""
        return [
            text
            for text in self.texts
            if not _ROMAN.fullmatch(text.upper()) and not re.fullmatch(r"[\d.,]+\s*(người)?", text)
        ]

    def _is_unit_head(self, text: str) -> bool:
        lowered = f"{text.casefold()} "
        if lowered.startswith(
            tuple(
                f"{word} "
                for word in (
                    *_COMMUNE_WORDS,
                    *_DISTRICT_WORDS,
                    "tỉnh",
                    "ubnd",
                    "ủy ban nhân dân",
                    "uỷ ban nhân dân",
                    "đảng ủy",
                )
            )
        ):
            return True
        folded = fold(text)
        if folded == text.casefold():  # typed without diacritics
            return folded.startswith(
                ("xa ", "phuong ", "thi tran ", "dac khu ", "huyen ", "quan ", "ubnd ", "tinh ")
            )
        return re.match(r"(?:x|p|h|q|tx|tp|tt)\.\s*\w", lowered) is not None

    def apply(self, heads: _Heads) -> None:
        """Let this head hold from here on, if it names a unit and not a group of people."""
        texts = self._said()
        text = _COUNT.sub("", _NUMBER_MARK.sub("", texts[0])).strip(" :.-–")
        if not self._is_unit_head(text) and self.words.sections.match(text):
            return
        word = f"{text.casefold()} "
        if word.startswith("tỉnh "):
            heads.province, heads.district, heads.unit = text, "", ""
        elif word.startswith(tuple(f"{one} " if not one.endswith(".") else one for one in _DISTRICT_WORDS)):
            heads.district, heads.unit = text, ""
        else:
            heads.unit = text

    def is_person(self, signing: bool) -> bool:
        """Whether it is to be read as a person, even if something in it cannot be."""
        if signing:
            return bool(self.name) and (self.has_unit or self._personal > 0) and len(self.texts) > 2
        if self.name:
            return True
        filled = sum(self._has(name) for name in self.by_field)
        return filled >= 2 or self._personal > 0 or (self.has_unit and self._numbered)
