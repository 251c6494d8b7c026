"""Reads the rows of a roster into typed values; what cannot be read is said with sheet, row, column and reason."""

from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from isoxa_courses.text import clean

from ..tables import QualityRole
from ..unit_text import without_office
from ..words import Words, shipped_words
from .cells import (
    BirthDate,
    NotReadable,
    order_of_dates,
    read_birth_date,
    read_bounded,
    read_email,
    read_name,
    read_phone,
    read_quality_role,
    text_of,
)
from .columns import COLUMNS
from .lines import PersonLine, SheetLines, read_lines
from .opening import check_size, open_sheets
from .sheets import Cell, RosterError

__all__ = ["RosterFile", "RosterRow", "RowProblem", "SheetContext", "read_roster"]

_LONGEST = 200
_LONGEST_CODE = 40
_IN_POSITION = re.compile(r"\b((?:xã|phường|thị trấn|đặc khu)\s+(?!hội\b|viên\b|đội\b)\w.*)$", re.IGNORECASE)


@dataclass(frozen=True)
class RowProblem:
    """Why a row is left out. ``column``: as the file names it, or ""; ``nearest``: what may have been meant;
    ``kind``: refused, or doubtful where a person can decide.
    """

    sheet: str
    row: int
    column: str
    reason: str
    nearest: str = ""
    kind: str = "refused"

    def to_json(self) -> dict[str, Any]:
        """Plain fields."""
        return dict(self.__dict__)

    def __str__(self) -> str:
        column = f", cột “{self.column}”" if self.column else ""
        return f"Trang “{self.sheet}”, dòng {self.row}{column}: {self.reason}"


@dataclass(frozen=True)
class RosterRow:
    """One person as the file has them; None where the cell is empty. With ``problems`` the row is refused.

    ``unit``: what the unit cell says, or the section head above; ``other_unit``: what a second unit column says;
    ``in_commune_column``: whether ``unit`` stands in a column for communes alone.
    ``raw``: field → text of the cells, to give a refused row back as it was. ``names``: field → the file's own header.
    """

    sheet: str
    number: int
    full_name: str
    unit: str
    province: str
    staff_code: str | None = None
    birth_date: date | None = None
    position: str | None = None
    quality_role: QualityRole | None = None
    phone: str | None = None
    email: str | None = None
    problems: tuple[RowProblem, ...] = ()
    district: str = ""
    other_unit: str = ""
    birth_year: int | None = None
    in_commune_column: bool = False
    raw: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    names: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> str:
        """Names the row within its file."""
        return f"{self.sheet}!{self.number}"

    def problem(self, column: str, reason: str, nearest: str = "", kind: str = "refused") -> RowProblem:
        """A problem of this row."""
        name = self.names.get(column) or COLUMNS.get(column, "")
        return RowProblem(self.sheet, self.number, name, reason, nearest, kind)


@dataclass(frozen=True)
class SheetContext:
    """What stands around a sheet's list: its own name, the titles above, whether a column names units."""

    name: str
    titles: tuple[str, ...]
    has_unit: bool


@dataclass(frozen=True)
class RosterFile:
    """A roster that was read; nothing in it was looked up yet. ``notes``: what was not read, and why."""

    name: str
    sha256: str
    rows: tuple[RosterRow, ...]
    sheets: Mapping[str, SheetContext] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_roster(
    source: Path | str | bytes, name: str | None = None, *, words: Words | None = None
) -> RosterFile:
    """Read an XLSX, CSV or HTML roster. Raises ``RosterError`` when the file as a whole cannot be used."""
    name = clean(Path(name or (source if isinstance(source, Path | str) else "danh sách")).name)[:255]
    content = source if isinstance(source, bytes) else _read(Path(source), name)
    words = words or shipped_words()
    rows: list[RosterRow] = []
    notes: list[str] = []
    contexts: dict[str, SheetContext] = {}
    sheets = open_sheets(content, name)
    for sheet in sheets:
        lines = read_lines(sheet, words)
        if lines.has_header:
            contexts[sheet.name] = SheetContext(sheet.name, tuple(lines.titles), lines.has_unit)
            rows += _rows(lines, words)
            notes += sheet.notes
        elif sheet.rows and len(sheets) > 1:
            notes.append(f"Trang “{sheet.name}” không có dòng tiêu đề nên không được đọc.")
    if not contexts:
        raise RosterError(
            f"{name}: không thấy dòng tiêu đề. Danh sách cần một dòng tiêu đề có cột “Họ và tên” và các cột khác, "
            "ví dụ “Đơn vị”, “Ngày sinh”, “Chức danh”, “Điện thoại”."
        )
    if not rows:
        raise RosterError(f"{name}: có dòng tiêu đề nhưng không có dòng nào bên dưới.")
    return RosterFile(name, hashlib.sha256(content).hexdigest(), tuple(rows), contexts, tuple(notes))


def _read(path: Path, name: str) -> bytes:
    try:
        check_size(path.stat().st_size, name)
        return path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path}: không mở được tệp ({error.strerror}).") from error


def _rows(lines: SheetLines, words: Words) -> list[RosterRow]:
    grouped = _is_grouped(lines.people, words)
    dates = [cell for line in lines.people for cell in line.cells.get("birth_date", ())]
    reader = _Reader(lines, words, *order_of_dates(dates))
    rows = []
    above = ""
    for line in lines.people:
        row, above = reader.read(line, above, grouped)
        rows.append(row)
    return rows


def _is_grouped(people: list[PersonLine], words: Words) -> bool:
    """Whether the unit is written once for the rows below it, which a CSV cannot say otherwise.

    Only where every unit that is written is followed by rows without one: a single empty cell is a row without a unit.
    """
    said = [_unit_text(line, words) for line in people]
    if any(line.section_unit for line in people) or sum(bool(text) for text in said) < 2:
        return False
    followed = all(not after for text, after in itertools.pairwise(said) if text)
    return followed and bool(said[0]) and not said[-1] and said.count("") >= sum(bool(text) for text in said)


def _unit_text(line: PersonLine, words: Words) -> str:
    for name in ("commune", "unit", "old_commune"):
        if text := _joined(line.cells.get(name, ()), words):
            return text
    return ""


def _joined(cells: Iterable[Cell], words: Words) -> str:
    for cell in cells:
        try:
            text = text_of(cell, words, lines=True)
        except NotReadable as error:
            return str(error)
        if text:
            return text
    return ""


class _Reader:
    """Reads the lines of one sheet."""

    def __init__(self, lines: SheetLines, words: Words, month_first: bool, doubtful_order: bool) -> None:
        self.sheet, self.names, self.words = lines.sheet.name, dict(lines.names), words
        self.has_unit = lines.has_unit
        if "commune" in self.names or "old_commune" in self.names:
            self.names["unit"] = (
                self.names.get("commune") or self.names.get("unit") or self.names["old_commune"]
            )
        self.names.setdefault("position", self.names.get("job_title", COLUMNS["position"]))
        self.order = {"month_first": month_first, "doubtful_order": doubtful_order}

    def read(self, line: PersonLine, above: str, grouped: bool) -> tuple[RosterRow, str]:
        """The row, and the unit text that a "như trên" below it would mean."""
        problems: list[RowProblem] = []

        def attempt(column: str, read: Callable[[], Any]) -> Any:
            try:
                return read()
            except NotReadable as error:
                name = self.names.get(column) or COLUMNS[column]
                problems.append(RowProblem(self.sheet, line.number, name, str(error), error.nearest))
                return None

        cells, words = line.cells, self.words
        name_and_position = attempt("full_name", lambda: self._name(cells.get("full_name", ())))
        full_name, after_name = name_and_position or ("", "")
        birth = attempt("birth_date", lambda: self._birth(cells)) or BirthDate()
        position = attempt("position", lambda: self._first(cells, ("position", "job_title"), _LONGEST))
        position = position or after_name or None
        unit, other = self._unit(line, position, attempt, above, grouped)
        if not full_name and not any(problem.column == self.names.get("full_name") for problem in problems):
            column = self.names.get("full_name") or COLUMNS["full_name"]
            problems.insert(0, RowProblem(self.sheet, line.number, column, "Ô này còn trống."))
        row = RosterRow(
            self.sheet,
            line.number,
            full_name,
            unit,
            attempt("province", lambda: self._first(cells, ("province",), _LONGEST)) or line.section_province,
            staff_code=attempt("staff_code", lambda: self._first(cells, ("staff_code",), _LONGEST_CODE)),
            birth_date=birth.day,
            birth_year=birth.year,
            position=position,
            quality_role=attempt(
                "quality_role", lambda: read_quality_role(_one(cells, "quality_role"), words)
            ),
            phone=attempt("phone", lambda: self._phone(cells)),
            email=attempt("email", lambda: read_email(_one(cells, "email"), words)),
            district=attempt("district", lambda: self._first(cells, ("district",), _LONGEST))
            or line.section_district,
            other_unit=other,
            in_commune_column=bool(unit) and _shown(_one(cells, "commune")) == unit,
            problems=tuple(problems),
            raw=self._raw(cells, unit),
            names=self.names,
        )
        return row, unit or above

    def _name(self, cells: Iterable[Cell]) -> tuple[str, str]:
        text = " ".join(part for part in (text_of(cell, self.words, lines=True) for cell in cells) if part)
        if text.startswith(("=", "@", "+")):
            raise NotReadable("Là công thức, không phải nội dung. Hãy ghi nội dung vào ô.")
        return read_name(text, self.words)

    def _birth(self, cells: dict[str, list[Cell]]) -> BirthDate:
        parts = [_one(cells, name) for name in ("birth_day", "birth_month", "birth_year")]
        if any(part is not None for part in parts):
            texts = [text_of(part, self.words) for part in parts]
            said = "/".join(texts) if all(texts) else texts[2]
            return read_birth_date(said, self.words)
        for cell in cells.get("birth_date", ()):
            found = read_birth_date(cell, self.words, **self.order)
            if found != BirthDate():
                return found
        return BirthDate()

    def _first(self, cells: dict[str, list[Cell]], fields: tuple[str, ...], longest: int) -> str | None:
        for name in fields:
            for cell in cells.get(name, ()):
                if text := read_bounded(cell, self.words, longest):
                    return text
        return None

    def _phone(self, cells: dict[str, list[Cell]]) -> str | None:
        for name in ("phone", "office_phone"):
            for cell in cells.get(name, ()):
                if found := read_phone(cell, self.words):
                    return found
        return None

    def _unit(
        self,
        line: PersonLine,
        position: str | None,
        attempt: Callable[[str, Callable[[], Any]], Any],
        above: str,
        grouped: bool,
    ) -> tuple[str, str]:
        """What is said of the unit, and what a second unit column says."""
        said = []
        for name in ("commune", "unit", "old_commune"):
            text = attempt("unit", functools.partial(self._first, line.cells, (name,), _LONGEST))
            if text and text.casefold() in self.words.ditto:
                text = above
            if text:
                said.append(text)
        if said:
            # "Phòng Kinh tế" under the head "XÃ DI LINH" is of that commune.
            bare = not without_office(said[0], self.words)
            return (line.section_unit if bare and line.section_unit else said[0]), (
                said[1] if len(said) > 1 else ""
            )
        if line.section_unit or line.section_district:
            return line.section_unit or line.section_district, ""
        if grouped:
            return above, ""
        if not self.has_unit and position and (found := _IN_POSITION.search(position)):
            return found[1], ""
        return "", ""

    def _raw(self, cells: dict[str, list[Cell]], unit: str) -> dict[str, str]:
        raw = {"unit": unit}
        for name in COLUMNS:
            sources: tuple[str, ...] = {
                "position": ("position", "job_title"),
                "phone": ("phone", "office_phone"),
            }.get(name, (name,))
            if name == "birth_date" and "birth_day" in cells:
                sources = ("birth_day", "birth_month", "birth_year")
            texts = [_shown(cell) for source in sources for cell in cells.get(source, ())]
            joiner = "/" if len(sources) == 3 else " "
            said = (
                joiner.join(text for text in texts if text)
                if name in ("full_name", "birth_date")
                else next(filter(None, texts), "")
            )
            if said and name != "unit":
                raw[name] = said[:500]
        return raw


def _one(cells: dict[str, list[Cell]], name: str) -> Cell:
    return next((cell for cell in cells.get(name, ()) if cell is not None and cell != ""), None)


def _shown(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else clean(str(cell))
