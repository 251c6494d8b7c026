"""Reads the rows of a roster into typed values; what cannot be read is said with sheet, row, column and reason."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from isoxa_courses.text import clean, fold

from ..tables import QualityRole
from .columns import COLUMNS, REQUIRED, Header, find_header
from .opening import LARGEST_FILE, Cell, RosterError, Sheet, open_sheets

__all__ = ["RosterFile", "RosterRow", "RowProblem", "read_roster"]

_OLDEST = date(1930, 1, 1)

QUALITY_ROLES = {
    "Lãnh đạo": QualityRole.LEADER,
    "Thư ký ISO": QualityRole.ISO_SECRETARY,
    "Thư ký": QualityRole.ISO_SECRETARY,
    "Một cửa": QualityRole.ONE_STOP,
    "Bộ phận một cửa": QualityRole.ONE_STOP,
    "Chuyên môn": QualityRole.SPECIALIST,
    "Công chức chuyên môn": QualityRole.SPECIALIST,
    "Đánh giá viên nội bộ": QualityRole.INTERNAL_AUDITOR,
    "Đánh giá nội bộ": QualityRole.INTERNAL_AUDITOR,
}


@dataclass(frozen=True)
class RowProblem:
    """Why a row is refused. ``column``: as the header names it, or ""; ``nearest``: what may have been meant."""

    sheet: str
    row: int
    column: str
    reason: str
    nearest: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain fields."""
        return dict(self.__dict__)

    def __str__(self) -> str:
        column = f", cột “{self.column}”" if self.column else ""
        return f"Trang “{self.sheet}”, dòng {self.row}{column}: {self.reason}"


@dataclass(frozen=True)
class RosterRow:
    """One person as the file has them; None where the cell is empty. With ``problems`` the row is refused."""

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

    def problem(self, column: str, reason: str, nearest: str = "") -> RowProblem:
        """A problem of this row."""
        return RowProblem(self.sheet, self.number, COLUMNS.get(column, ""), reason, nearest)


@dataclass(frozen=True)
class RosterFile:
    """A roster that was read; nothing in it was looked up yet."""

    name: str
    sha256: str
    rows: tuple[RosterRow, ...]


class _NotReadable(ValueError):
    def __init__(self, reason: str, nearest: str = "") -> None:
        super().__init__(reason)
        self.nearest = nearest


def read_roster(source: Path | str | bytes, name: str | None = None) -> RosterFile:
    """Read an XLSX or CSV roster. Raises ``RosterError`` when the file as a whole cannot be used."""
    name = Path(name or (source if isinstance(source, Path | str) else "danh sách")).name
    content = source if isinstance(source, bytes) else _read(Path(source), name)
    rows: list[RosterRow] = []
    headers = 0
    for sheet in open_sheets(content, name):
        header = find_header(sheet)
        if header is not None:
            headers += 1
            rows += [
                _row(sheet, number, cells, header) for number, cells in sheet.rows if number > header.row
            ]
    if not headers:
        columns = ", ".join(f"“{COLUMNS[column]}”" for column in REQUIRED)
        raise RosterError(f"{name}: không thấy dòng tiêu đề. Danh sách cần có các cột {columns}.")
    if not rows:
        raise RosterError(f"{name}: có dòng tiêu đề nhưng không có dòng nào bên dưới.")
    return RosterFile(name[:255], hashlib.sha256(content).hexdigest(), tuple(rows))


def _read(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise RosterError(
                f"{name}: tệp lớn hơn {LARGEST_FILE // 2**20} MB. Hãy tách thành nhiều tệp nhỏ hơn."
            )
        return path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path}: không mở được tệp ({error.strerror}).") from error


def _row(sheet: Sheet, number: int, cells: list[Cell], header: Header) -> RosterRow:
    values: dict[str, Any] = {}
    problems = []
    for column, index in header.places.items():
        cell = cells[index] if index < len(cells) else None
        try:
            values[column] = _READERS[column](cell)
        except _NotReadable as error:
            problems.append(RowProblem(sheet.name, number, COLUMNS[column], str(error), error.nearest))
    for column in REQUIRED:
        if not values.get(column):
            values[column] = ""
            if not any(problem.column == COLUMNS[column] for problem in problems):
                problems.append(RowProblem(sheet.name, number, COLUMNS[column], "Ô này còn trống."))
    return RosterRow(sheet.name, number, problems=tuple(problems), **values)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # Excel keeps "12" typed into a code column as 12.0
    return clean(str(cell))


def _bounded(longest: int) -> Callable[[Cell], str | None]:
    def read(cell: Cell) -> str | None:
        text = _text(cell)
        if len(text) > longest:
            raise _NotReadable(f"Dài quá {longest} ký tự.")
        if text.startswith(("=", "@", "+")):
            raise _NotReadable("Là công thức, không phải nội dung. Hãy ghi nội dung vào ô.")
        return text or None

    return read


def _full_name(cell: Cell) -> str | None:
    text = _bounded(200)(cell)
    if text and (re.search(r"[^\w .'’-]|[\d_]", text) or not re.search(r"\w", text)):
        raise _NotReadable(f"“{text}” không phải họ và tên.")
    return text


def _birth_date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    else:
        text = _text(cell)
        if not text:
            return None
        match = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
        parts = match.groups()[::-1] if match else tuple(text.split("-"))
        try:
            year, month, of_month = (int(part) for part in parts)
            day = date(year, month, of_month)
        except ValueError:
            raise _NotReadable(
                f"“{text}” không phải ngày. Hãy ghi đủ ngày/tháng/năm, ví dụ 05/09/1985."
            ) from None
    if not _OLDEST <= day < date.today():
        raise _NotReadable(f"Ngày sinh {day:%d/%m/%Y} không hợp lý.")
    return day


def _quality_role(cell: Cell) -> QualityRole | None:
    text = _text(cell)
    if not text:
        return None
    folded = {fold(name): name for name in QUALITY_ROLES}
    if fold(text) not in folded:
        near = difflib.get_close_matches(fold(text), folded, n=1)
        known = "Lãnh đạo, Thư ký ISO, Một cửa, Chuyên môn, Đánh giá viên nội bộ"
        raise _NotReadable(
            f"Không có vai trò “{text}”. Hãy ghi một trong: {known}.", folded[near[0]] if near else ""
        )
    return QUALITY_ROLES[folded[fold(text)]]


def _phone(cell: Cell) -> str | None:
    text = _text(cell)
    if not text:
        return None
    digits = re.sub(r"[\s.()-]", "", text)
    digits = re.sub(r"^(\+|00)?84(?=\d{9,10}$)", "0", digits)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        digits = "0" + digits  # a number cell has lost its leading zero
    if not re.fullmatch(r"0\d{9,10}", digits):
        raise _NotReadable(f"“{text}” không phải số điện thoại. Ví dụ đúng: 0912 345 678.")
    return digits


def _email(cell: Cell) -> str | None:
    text = _text(cell).lower()
    if text and (len(text) > 254 or not re.fullmatch(r"[^@\s,;<>\"]+@[a-z0-9.-]+\.[a-z]{2,}", text)):
        raise _NotReadable(f"“{text}” không phải địa chỉ thư điện tử.")
    return text or None


_READERS: dict[str, Callable[[Cell], Any]] = {
    "full_name": _full_name,
    "unit": _bounded(200),
    "province": _bounded(200),
    "staff_code": _bounded(40),
    "birth_date": _birth_date,
    "position": _bounded(200),
    "quality_role": _quality_role,
    "phone": _phone,
    "email": _email,
}
