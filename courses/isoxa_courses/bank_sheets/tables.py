"""The rows of one sheet, cell by cell: headings found by their words, what cannot be read noted with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..text import clean, fold
from .cells import CellProblem, CellRefused, Place, is_blank, read_cell
from .layout import Column

MOST_ROWS = 10_000
MOST_COLUMNS = 60
_DEEPEST_HEADING = 10
_OWN_NOTES = "ghi chu"


@dataclass
class SheetRow:
    """One row that holds something: the values that could be read, the place of each column's cell."""

    values: dict[str, Any]
    places: dict[str, Place]
    blank: frozenset[str]
    """Columns whose cell is empty; one that holds something unreadable is neither here nor in ``values``."""

    def filled(self, keys: Sequence[str]) -> list[str]:
        """Those of ``keys`` whose cells hold something."""
        return [key for key in keys if key not in self.blank]


@dataclass
class SheetTable:
    """A sheet as rows below known headings; reading it adds to ``problems``."""

    file: str
    sheet: Worksheet
    columns: Sequence[Column]
    problems: list[CellProblem] = field(default_factory=list)

    def place(self, row: int = 1, column: int | None = None) -> Place:
        """A cell of the sheet; without a column, the sheet itself."""
        cell = f"{get_column_letter(column)}{row}" if column else ""
        return Place(self.file, self.sheet.title, row, cell)

    def complain(self, place: Place, reason: str) -> None:
        """Note a problem."""
        self.problems.append(place.problem(reason))

    def rows(self) -> Iterator[SheetRow]:
        """Every row that holds something, from the top."""
        if self.sheet.max_row > MOST_ROWS or self.sheet.max_column > MOST_COLUMNS:
            self.complain(
                self.place(),
                f"Trang kéo tới dòng {self.sheet.max_row}, cột {self.sheet.max_column}. "
                "Hãy xóa hẳn các dòng, cột trống ở cuối (chọn, bấm chuột phải, Xóa) rồi lưu lại.",
            )
            return
        heading = self._heading_row()
        found = self._find_columns(heading)
        self._refuse_merges(heading)
        if len(found) < len(self.columns):
            return
        known = {index for index, _column in found}
        for cells in self.sheet.iter_rows(min_row=heading + 1):
            if all(is_blank(cell) for cell in cells):
                continue
            self._refuse_strays(heading, cells, known)
            yield self._row(cells, found)

    def value(self, place: Place, column: Column) -> Any:
        """The value of one cell as ``column`` has it; None if it is empty or (noted) cannot be read."""
        cell = self.sheet[place.cell]
        assert isinstance(cell, Cell)
        try:
            return read_cell(cell, column)
        except CellRefused as refused:
            self.complain(place, str(refused))
            return None

    def _row(self, cells: Sequence[Any], found: list[tuple[int, Column]]) -> SheetRow:
        values: dict[str, Any] = {}
        places: dict[str, Place] = {}
        blank: set[str] = set()
        number = cells[0].row
        for index, column in found:
            cell = cells[index - 1] if index <= len(cells) else None
            places[column.key] = place = self.place(number, index)
            if not isinstance(cell, Cell) or is_blank(cell):
                blank.add(column.key)
                continue
            if (value := self.value(place, column)) is not None:
                values[column.key] = value
        return SheetRow(values, places, frozenset(blank))

    def _heading_row(self) -> int:
        wanted = {fold(column.heading) for column in self.columns}
        best, most = 1, 0
        for number, row in enumerate(
            self.sheet.iter_rows(max_row=_DEEPEST_HEADING, values_only=True), start=1
        ):
            hits = len(wanted & {fold(str(value)) for value in row if value is not None})
            if hits > most:
                best, most = number, hits
        return best

    def _find_columns(self, heading: int) -> list[tuple[int, Column]]:
        found: list[tuple[int, Column]] = []
        at: dict[str, int] = {}
        for index in range(1, self.sheet.max_column + 1):
            value = self.sheet.cell(heading, index).value
            name = fold(str(value)) if value is not None else ""
            if name in at:
                self.complain(self.place(heading, index), f"Có hai cột cùng tên “{clean(str(value))}”.")
            elif name:
                at[name] = index
        for column in self.columns:
            index = at.pop(fold(column.heading), 0)
            if index:
                found.append((index, column))
            else:
                self.complain(
                    self.place(), f"Thiếu cột “{column.heading}”. Hãy xuất lại tệp mẫu để xem đủ các cột."
                )
        for name, index in at.items():
            if not name.startswith(_OWN_NOTES):
                said = clean(str(self.sheet.cell(heading, index).value))
                self.complain(
                    self.place(heading, index),
                    f"Không có cột nào tên là “{said}”. Cột của riêng anh/chị thì đặt tên bắt đầu bằng “Ghi chú”.",
                )
        return sorted(found, key=lambda one: one[0])

    def _refuse_merges(self, heading: int) -> None:
        for area in self.sheet.merged_cells.ranges:
            if area.max_row >= heading:
                place = Place(self.file, self.sheet.title, area.min_row, area.coord.partition(":")[0])
                self.complain(
                    place, f"Các ô {area.coord} bị gộp. Hãy bỏ gộp ô và ghi nội dung vào từng dòng."
                )

    def _refuse_strays(self, heading: int, cells: Sequence[Any], known: set[int]) -> None:
        """What stands under no heading would be lost without a word."""
        for index, cell in enumerate(cells, start=1):
            if index in known or not isinstance(cell, Cell) or is_blank(cell):
                continue
            if is_blank(self.sheet.cell(heading, index)):
                self.complain(
                    self.place(cell.row, index), "Ô này nằm ngoài các cột có tên nên không biết là gì."
                )
