"""The completion report as a workbook ("Tải Excel"): figures, communes, officers, then a sheet for each call list.

Each table is ready to sort, filter and print. Text is always written as text: a name that begins with '=' stays a
name. Shares are numbers shown as per cent and days are dates shown as dd/mm/yyyy, so Excel can calculate and filter
with them. Rows go from the database to the file as they come, so that a whole country fits into little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO, TypeVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from . import columns
from .call_rows import ListKind
from .columns import Column, Value, heading_lines
from .report import CompletionReport
from .streamed_sheet import StreamedSheet

R = TypeVar("R")


def write_xlsx(report: CompletionReport, stream: BinaryIO) -> None:
    """Write the report to ``stream`` as XLSX. The report's session must still be open (officers, lists)."""
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False})
    # The day of the report, not the clock's: the same report makes the same file.
    book.set_properties({"title": "Báo cáo hoàn thành", "created": datetime.combine(report.as_of, time())})
    writer = _Writer(book, report)
    writer.summary()
    writer.table("Theo xã", "Kết quả theo xã", columns.COMMUNES, report.communes)
    writer.table("Học viên", "Học viên", columns.OFFICERS, report.each_officer())
    for kind in ListKind:
        made = report.call_list(kind)
        writer.table(made.title[:31], f"{made.title}: {made.means}", made.columns, made.rows)
    book.close()


class _Writer:
    """The workbook with its cell formats."""

    def __init__(self, book: Workbook, report: CompletionReport) -> None:
        self.book = book
        self.report = report
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#E8EEF4"}
        )
        self.formats: dict[str, Format] = {
            "text": book.add_format({"valign": "top"}),
            "number": book.add_format({"num_format": "#,##0"}),
            "share": book.add_format({"num_format": "0.0%"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "right"}),
        }

    def summary(self) -> None:
        """The first sheet: the figures, and what the words mean."""
        sheet = self.book.add_worksheet("Tổng hợp")
        row = self._top(sheet, "Báo cáo hoàn thành")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 14)
        sheet.write_string(row, 0, "Chỉ tiêu", self.head)
        sheet.write_string(row, 1, "Số liệu", self.head)
        for column in columns.FIGURES:
            row += 1
            sheet.write_string(row, 0, column.heading, self.formats["text"])
            self._cell(sheet, row, 1, column.kind, column.value(self.report))
        row += 1
        for meaning in (
            columns.NOBODY_SENT_MEANS,
            columns.ONE_PERSON_MEANS,
            columns.OVERDUE_MEANS,
            columns.SHARE_MEANS,
        ):
            row += 1
            sheet.write_string(row, 0, meaning)
        self._print(sheet)

    def table(self, name: str, title: str, shown: Sequence[Column[R]], rows: Iterable[R]) -> None:
        """A sheet with one table: frozen headings, a filter, one row a record."""
        sheet: Any = self.book.add_worksheet(name, worksheet_class=StreamedSheet)
        top = self._top(sheet, title)
        sheet.set_row(top, 32)
        for place, column in enumerate(shown):
            sheet.set_column(place, place, column.width)
            sheet.write_string(top, place, column.heading, self.head)
        number = sheet.stream(top + 1, shown, self.formats, rows)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, top + number, len(shown) - 1)
        sheet.repeat_rows(top)
        self._print(sheet)

    def _top(self, sheet: Worksheet, title: str) -> int:
        """Title and heading lines; returns the row (from 0) where the table begins."""
        sheet.write_string(0, 0, title, self.title)
        lines = heading_lines(self.report)
        for row, line in enumerate(lines, start=1):
            sheet.write_string(row, 0, line)
        return len(lines) + 2

    def _cell(self, sheet: Worksheet, row: int, place: int, kind: str, value: Value) -> None:
        cell_format = self.formats[kind]
        if value is None:
            sheet.write_blank(row, place, None, cell_format)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, cell_format)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, datetime.combine(value, time()), cell_format)
        else:
            sheet.write_number(row, place, value, cell_format)

    def _print(self, sheet: Worksheet) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RTrang &P/&N")
