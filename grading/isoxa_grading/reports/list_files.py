"""One call list as a file: a sheet ready to sort, filter and print, or a CSV; the columns are the page's.

Text is written as text, as in the report's own files: a name that begins with '=' stays a name.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, time
from typing import Any, BinaryIO

import xlsxwriter
from isoxa_courses.text import format_date

from .call_lists import CallList
from .csv_file import _lines
from .streamed_sheet import StreamedSheet

FORMATS = {"text": {"valign": "top"}, "number": {"num_format": "#,##0"}, "share": {"num_format": "0.0%"},
           "day": {"num_format": "dd/mm/yyyy", "align": "right"}}  # fmt: skip


def write_list_csv(made: CallList, stream: BinaryIO, *, separator: str = ";") -> None:
    """Headings in the first line, then a line a call; opens in a Vietnamese Excel (see ``csv_file``)."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    lines = _lines(made.columns, made.rows)
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(lines)
    text.detach()


def write_list_xlsx(made: CallList, stream: BinaryIO) -> None:
    """A workbook with the list as its one sheet: title and meaning above, frozen headings, a filter."""
    book = xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False})
    # The day of the report, not the clock's: the same list makes the same file.
    book.set_properties({"title": made.title, "created": datetime.combine(made.as_of, time())})
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#E8EEF4"}
    )
    formats = {kind: book.add_format(dict(settings)) for kind, settings in FORMATS.items()}
    sheet: Any = book.add_worksheet(made.title[:31], worksheet_class=StreamedSheet)
    above = [
        f"Khóa học: {made.course_title}",
        f"Phạm vi: {', '.join(made.scope_names) or 'không có đơn vị nào'}",
        f"Tính đến ngày: {format_date(made.as_of)}",
        made.means,
    ]
    sheet.write_string(0, 0, made.title, title)
    for row, line in enumerate(above, start=1):
        sheet.write_string(row, 0, line)
    top = len(above) + 2
    sheet.set_row(top, 32)
    for place, column in enumerate(made.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(top, place, column.heading, head)
    sheet.stream(top + 1, made.columns, formats, made.rows)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + len(made.rows), len(made.columns) - 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RTrang &P/&N")
    book.close()
