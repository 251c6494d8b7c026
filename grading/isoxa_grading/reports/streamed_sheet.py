"""A worksheet that takes any number of rows: they go to a temporary file at once, as the XML that Excel reads.

XlsxWriter's own ``constant_memory`` keeps as little, but spends ten times as long on a cell, and a country has two
million of them. Everything else of the sheet (titles, widths, panes, filter) is XlsxWriter's. A text is written as an
inline string whatever it begins with, so that nothing here can be read as a formula.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import IO, Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from .columns import Column, Value

MOST_ROWS = 1_048_576
_LONGEST = 32_767
_DAY_ZERO = date(1899, 12, 30)
# What XML cannot hold, and what Excel would read as such an escape: both as XlsxWriter writes them.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class StreamedSheet(Worksheet):
    """A ``Worksheet`` with streamed rows below the ordinary ones; made by ``book.add_worksheet(worksheet_class=…)``."""

    def __init__(self) -> None:
        super().__init__()
        self._streamed: IO[str] | None = None
        self._last_row = 0

    def stream(
        self, top: int, columns: Sequence[Column[Any]], formats: dict[str, Format], rows: Iterable[Any]
    ) -> int:
        """Write ``rows`` from row ``top`` (from 0) on; returns how many. Once a sheet.

        Raises ``OverflowError`` when there are more than a sheet can hold.
        """
        # Open until the workbook is closed: ``_write_rows`` reads it then.
        file = self._streamed = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        cells = [
            _cell_writer(column, xl_col_to_name(place), formats[column.kind])
            for place, column in enumerate(columns)
        ]
        number = top
        for row in rows:
            number += 1
            if number > MOST_ROWS:
                raise OverflowError(
                    "Danh sách dài hơn một trang tính của Excel chứa được. Hãy thu hẹp phạm vi."
                )
            file.write(f'<row r="{number}">{"".join([cell(row, number) for cell in cells])}</row>')
        self._last_row = number - 1
        return number - top

    def _write_dimension(self) -> None:
        own: Any = self
        head, own.dim_rowmax = own.dim_rowmax, max(own.dim_rowmax or 0, self._last_row)
        super()._write_dimension()
        own.dim_rowmax = head

    def _write_rows(self) -> None:
        super()._write_rows()
        if self._streamed is not None:
            self._streamed.seek(0)
            target: Any = self.fh
            shutil.copyfileobj(self._streamed, target, 1 << 20)
            self._streamed.close()


def _cell_writer(column: Column[Any], letter: str, shown: Format) -> Callable[[Any, int], str]:
    value_of, style = column.value, shown._get_xf_index()  # type: ignore[no-untyped-call]

    def text(row: Any, number: int) -> str:
        value = value_of(row)
        if value is None or value == "":
            return ""
        return f'<c r="{letter}{number}" s="{style}" t="inlineStr">{_inline(str(value))}</c>'

    def numeral(row: Any, number: int) -> str:
        value = value_of(row)
        return "" if value is None else f'<c r="{letter}{number}" s="{style}"><v>{_number(value)}</v></c>'

    return text if column.kind == "text" else numeral


def _number(value: Value) -> int | float:
    if isinstance(value, date):
        return (value - _DAY_ZERO).days
    if not isinstance(value, int | float):
        raise TypeError(f"not a number: {value!r}")
    return value


@lru_cache(maxsize=50_000)
def _inline(text: str) -> str:
    text = text[:_LONGEST]
    if not text.isprintable() or "_x" in text:
        text = _UNSPEAKABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<is><t{space}>{text}</t></is>"
