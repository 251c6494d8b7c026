"""The forms of a sample roster: its rows and pages, and how each kind of file is written.

In a sample a row is a tuple of cells; ``P(...)`` is one that is a person, with what importing it should come to.
What is not ``P`` is nobody.
"""

from __future__ import annotations

import csv
import html as escaping
import io
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl

LAM_DONG = "tỉnh Lâm Đồng"


class P(tuple[Any, ...]):
    """A row that is a person."""

    kind: str
    unit: str
    name: str
    known: bool

    def __new__(cls, *cells: Any, kind: str = "new", unit: str = "", name: str = "", known: bool = True) -> P:
        """``unit``: what it should come to ("" for none); ``known``: whether the cells do name a unit of today."""
        row = super().__new__(cls, cells)
        row.kind, row.unit, row.name, row.known = kind, unit, name, known
        return row


Row = Sequence[Any]


@dataclass
class Page:
    """A sheet: rows from row 1 on; ``merges``: areas like "A1:C1"."""

    name: str
    rows: list[Row]
    merges: Sequence[str] = ()
    hidden: bool = False


@dataclass
class Fixture:
    """A file with what is expected of it.

    ``before``: rows (name, unit, code, birth, phone, position) that were recorded earlier.
    """

    name: str
    pages: list[Page]
    write: Callable[[list[Page]], bytes] = field(default=lambda pages: xlsx(pages))
    scope: str = LAM_DONG
    before: Sequence[tuple[Any, ...]] = ()
    suffix: str = ".xlsx"

    @property
    def content(self) -> bytes:
        return self.write(self.pages)

    @property
    def expected(self) -> Iterator[tuple[str, int, P]]:
        """(sheet, row number, row) of each person."""
        for page in self.pages:
            for number, row in enumerate(page.rows, 1):
                if isinstance(row, P):
                    yield page.name, number, row


def xlsx(pages: list[Page]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.name)
        for row in page.rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for area in page.merges:
            sheet.merge_cells(area)
        if page.hidden:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def text(pages: list[Page], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(
        [["" if cell is None else cell for cell in row] for row in pages[0].rows]
    )
    return stream.getvalue()


def encoded(encoding: str, delimiter: str = ",") -> Callable[[list[Page]], bytes]:
    return lambda pages: text(pages, delimiter).encode(encoding)


def vietnamese_1258(pages: list[Page]) -> bytes:
    """As Excel writes it under Vietnamese Windows: a tone stands as a mark after its letter."""
    out = bytearray()
    for letter in text(pages, ";"):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            for mark in unicodedata.normalize("NFD", letter):
                if mark in "\u0300\u0301\u0303\u0309\u0323":
                    base = unicodedata.normalize(
                        "NFC", unicodedata.normalize("NFD", letter).replace(mark, "")
                    )
                    out += base.encode("cp1258") + mark.encode("cp1258")
                    break
    return bytes(out)


def html(pages: list[Page]) -> bytes:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escaping.escape(str(cell or ''))}</td>" for cell in row) + "</tr>"
        for row in pages[0].rows
    )
    return (
        "<html><head><meta charset='utf-8'><style>td{mso-number-format:'\\@'}</style><script>alert(1)</script></head>"
        f"<body><table border=1>{rows}</table></body></html>"
    ).encode()
