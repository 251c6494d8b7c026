"""The tables of a document as a workbook: one sheet a table, with who made it and when above.

Text is always written as text, so that nothing an officer typed is read as a formula. Dates are dates, numbers numbers.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import BinaryIO

import xlsxwriter
from isoxa_courses.documents import Column, Document, Table
from isoxa_courses.text import clean, parse_number
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from .letterhead import Letterhead

_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CHARACTERS = 110
"""What fits across a printed page at the table's letter size."""


def write_xlsx(document: Document, letterhead: Letterhead, stream: BinaryIO, *, saved_at: datetime) -> None:
    """Write the document's tables to ``stream``; ``saved_at`` becomes the file's date."""
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": document.about, "created": saved_at.replace(tzinfo=None, microsecond=0)})
    for number, table in enumerate(document.tables, start=1):
        _sheet(book, document, letterhead, table, _sheet_name(table, number))
    book.close()


def _sheet_name(table: Table, number: int) -> str:
    """Excel allows 31 characters and not these signs."""
    name = re.sub(r"[\[\]:*?/\\']", " ", clean(table.caption))[:28].strip()
    return name or f"Bảng {number}"


def _sheet(book: Workbook, document: Document, letterhead: Letterhead, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    font = {"font_name": "Times New Roman", "font_size": 12}
    bold = book.add_format({**font, "bold": True})
    title = book.add_format({**font, "bold": True, "font_size": 14, "align": "center"})
    head = book.add_format(
        {**font, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        | {"bg_color": "#EDEDED"}
    )
    body = {**font, "text_wrap": True, "valign": "top", "border": 1}
    formats = {
        "text": book.add_format(body),
        "number": book.add_format({**body, "align": "center"}),
        "date": book.add_format({**body, "align": "center", "num_format": "dd/mm/yyyy"}),
    }
    last = len(table.columns) - 1
    sheet.write_string(0, 0, " ".join(letterhead.issuer), bold)
    for row, text in ((2, document.title), (3, document.about)):
        if last > 0:
            sheet.merge_range(row, 0, row, last, clean(text), title)
        else:
            sheet.write_string(row, 0, clean(text), title)
    top = 5
    total = sum(column.width for column in table.columns)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, max(6, _CHARACTERS * column.width / total))
        sheet.write_string(top, place, clean(column.title), head)
    for number, values in enumerate(table.rows, start=top + 1):
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            _cell(sheet, number, place, column, clean(value, lines=True), formats)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + len(table.rows), last)
    sheet.repeat_rows(top)
    sheet.set_paper(9)  # A4
    if document.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    place: int,
    column: Column,
    value: str,
    formats: dict[str, Format],
) -> None:
    cell_format = formats[column.kind]
    if column.kind == "date" and (day := _day(value)) is not None:
        sheet.write_datetime(row, place, datetime.combine(day, time()), cell_format)
        return
    if column.kind == "number":
        try:
            sheet.write_number(row, place, float(parse_number(value)), cell_format)
        except ValueError:
            sheet.write_string(row, place, value, cell_format)
        return
    sheet.write_string(row, place, value, cell_format)


def _day(value: str) -> date | None:
    found = _DAY.fullmatch(value)
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
