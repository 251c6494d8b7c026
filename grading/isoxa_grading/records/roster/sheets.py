"""What every kind of file becomes: sheets of cells with merged areas; and the error of a file that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

__all__ = ["LARGEST_FILE", "MOST_COLUMNS", "MOST_ROWS", "Cell", "Merge", "RosterError", "Sheet", "numbered"]

Cell = str | int | float | bool | date | datetime | time | None

LARGEST_FILE = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 60
_MOST_MERGED = 300_000


class RosterError(Exception):
    """The file as a whole cannot be used; ``str()`` says why and what to do (Vietnamese). Nothing was written."""


@dataclass(frozen=True)
class Merge:
    """A merged area: rows as the spreadsheet numbers them, columns from 0, both ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Sheet:
    """``rows``: (row number as the spreadsheet shows it, cells), empty ones left out; ``notes``: what to tell of it."""

    name: str
    rows: list[tuple[int, list[Cell]]]
    merges: list[Merge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cells = dict(self.rows)
        self._across: dict[int, int] = {}
        self._down: dict[tuple[int, int], Merge] = {}
        room = _MOST_MERGED
        for merge in self.merges:
            right = min(merge.right, MOST_COLUMNS)
            room -= (merge.bottom - merge.top + 1) * (right - merge.left + 1)
            if room < 0:
                break  # no list has so many; whoever made them meant the memory
            for row in range(merge.top, merge.bottom + 1):
                self._across[row] = max(self._across.get(row, 1), right - merge.left + 1)
                for column in range(merge.left, right + 1):
                    self._down[row, column] = merge

    def width(self, row: int) -> int:
        """How many columns the widest merged area of that row covers."""
        return self._across.get(row, 1)

    def filled(self, row: int, cells: list[Cell]) -> list[Cell]:
        """The row with what a merge hides: each cell of a merged area has its value."""
        last = max([len(cells), *(merge.right + 1 for merge in self._merges_in(row))])
        return [self._value(row, column, cells) for column in range(min(last, MOST_COLUMNS))]

    def above(self, row: int, column: int) -> Cell:
        """The value of a merged area that reaches down into this cell from an earlier row; else None."""
        merge = self._down.get((row, column))
        if merge is None or merge.top == row or merge.left != column:
            return None
        return self._at(merge.top, merge.left)

    def _merges_in(self, row: int) -> Iterator[Merge]:
        seen: set[Merge] = set()
        if row in self._across:
            for column in range(MOST_COLUMNS + 1):
                merge = self._down.get((row, column))
                if merge is not None and merge not in seen:
                    seen.add(merge)
                    yield merge

    def _value(self, row: int, column: int, cells: list[Cell]) -> Cell:
        merge = self._down.get((row, column))
        if merge is not None:
            return self._at(merge.top, merge.left)
        return cells[column] if column < len(cells) else None

    def _at(self, row: int, column: int) -> Cell:
        cells = self._cells.get(row, [])
        return cells[column] if column < len(cells) else None


def numbered(rows: Iterable[list[Cell]], name: str) -> list[tuple[int, list[Cell]]]:
    """Rows with their numbers, from 1, empty ones left out. Raises ``RosterError`` for too many."""
    found: list[tuple[int, list[Cell]]] = []
    for number, cells in enumerate(rows, 1):
        if any(cell is not None and cell != "" for cell in cells):
            if len(found) >= MOST_ROWS:
                raise RosterError(f"{name}: nhiều hơn {MOST_ROWS} dòng. Hãy tách thành nhiều tệp.")
            found.append((number, cells))
    return found
