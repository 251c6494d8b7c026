"""Finds the header row of a sheet, and which column holds what, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isoxa_courses.text import fold

from .opening import Cell, RosterError, Sheet

__all__ = ["COLUMNS", "Header", "find_header"]

REQUIRED = ("full_name", "unit", "province")

COLUMNS = {
    "full_name": "Họ và tên",
    "unit": "Đơn vị",
    "province": "Tỉnh",
    "staff_code": "Mã cán bộ",
    "birth_date": "Ngày sinh",
    "position": "Chức danh",
    "quality_role": "Vai trò",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
}

_ALSO = {
    "full_name": ("Họ tên", "Họ, tên"),
    "unit": ("Tên đơn vị", "Đơn vị công tác", "Cơ quan, đơn vị"),
    "province": ("Tỉnh, thành phố", "Tỉnh/Thành phố"),
    "staff_code": ("Mã số cán bộ", "Mã công chức"),
    "birth_date": ("Ngày, tháng, năm sinh", "Ngày tháng năm sinh"),
    "position": ("Chức vụ", "Chức vụ, chức danh"),
    "quality_role": ("Vai trò ISO",),
    "phone": ("Số điện thoại", "Điện thoại di động"),
    "email": ("Email", "E-mail", "Hộp thư"),
}

# Titles and the name of the issuing office often stand above the header.
_HEADER_WITHIN = 20


@dataclass(frozen=True)
class Header:
    """``row``: its number; ``places``: column name → index of the cell."""

    row: int
    places: dict[str, int]


def find_header(sheet: Sheet) -> Header | None:
    """The first row near the top that has all required columns; None if no row has any of them.

    Raises ``RosterError`` that names the missing columns, or one that stands twice.
    """
    nearest: Header | None = None
    for number, cells in sheet.rows[:_HEADER_WITHIN]:
        places = _places(sheet, number, cells)
        if all(column in places for column in REQUIRED):
            return Header(number, places)
        # A title such as "Đơn vị" alone is no header: two columns are.
        if len(places) > (len(nearest.places) if nearest else 1):
            nearest = Header(number, places)
    if nearest is None:
        return None
    missing = ", ".join(f"“{COLUMNS[column]}”" for column in REQUIRED if column not in nearest.places)
    raise RosterError(
        f"Trang “{sheet.name}”, dòng {nearest.row}: thiếu cột {missing}. Hãy thêm cột rồi nhập lại."
    )


def _places(sheet: Sheet, number: int, cells: list[Cell]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, cell in enumerate(cells):
        column = _BY_NAME.get(_name(cell)) if isinstance(cell, str) else None
        if column is None:
            continue
        if column in places:
            raise RosterError(
                f"Trang “{sheet.name}”, dòng {number}: có hai cột “{COLUMNS[column]}”. Hãy giữ một cột."
            )
        places[column] = index
    return places


def _name(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


_BY_NAME = {_name(name): column for column, first in COLUMNS.items() for name in (first, *_ALSO[column])}
