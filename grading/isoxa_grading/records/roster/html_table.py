"""Opens the tables of an HTML page: what many programs write when they "export to Excel" as ``.xls``.

Only text, rows and cells are taken; scripts, styles and links are nothing to us, and no address is followed.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from .csv_text import decode
from .sheets import MOST_COLUMNS, MOST_ROWS, Cell, Merge, RosterError, Sheet, numbered

__all__ = ["is_html", "open_html"]

_BEGINNING = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|style)\b",
    re.I | re.S,
)
_SILENT = {"script", "style", "title", "head", "template"}
_MOST_TABLES = 60


def is_html(content: bytes) -> bool:
    """Whether it begins as an HTML page does."""
    head = content[:3000]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _BEGINNING.match(head.decode("utf-16", "ignore").lstrip("\ufeff")) is not None
    return _BEGINNING.match(head.decode("utf-8-sig", "ignore")) is not None


def open_html(content: bytes, name: str) -> list[Sheet]:
    """A sheet for each table. Raises ``RosterError``."""
    reader = _Tables(name)
    reader.feed(decode(content, name))
    reader.close()
    sheets = []
    for number, (rows, merges) in enumerate(reader.tables, 1):
        title = f"Bảng {number}" if len(reader.tables) > 1 else name
        sheets.append(Sheet(title, numbered(rows, name), merges))
    if not sheets:
        raise RosterError(
            f"{name}: đây là trang web, không có bảng nào đọc được. Hãy mở bằng Excel, chọn Tệp → Lưu thành… "
            "và chọn loại “Excel Workbook (*.xlsx)”."
        )
    return sheets


class _Tables(HTMLParser):
    """Collects the cells of tables; a table within a cell is read as text of that cell."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.tables: list[tuple[list[list[Cell]], list[Merge]]] = []
        self._depth = 0
        self._silent = 0
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._taken: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += tag != "head"
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                if len(self.tables) >= _MOST_TABLES:
                    raise RosterError(
                        f"{self.name}: có quá nhiều bảng trong một tệp. Hãy chép riêng danh sách sang .xlsx."
                    )
                self.tables.append(([], []))
                self._taken = set()
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            if len(self.tables[-1][0]) > MOST_ROWS:
                raise RosterError(f"{self.name}: nhiều hơn {MOST_ROWS} dòng. Hãy tách thành nhiều tệp.")
            self.tables[-1][0].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self._text = []
            values = dict(attrs)
            self._span = (_number(values.get("rowspan")), _number(values.get("colspan")))
        elif tag in ("br", "p", "div") and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and tag != "head":
            self._silent = max(0, self._silent - 1)
        if tag == "table" and self._depth:
            if self._depth == 1:
                self._end_cell()
            self._depth -= 1
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._silent:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None:
            return
        rows, merges = self.tables[-1]
        if not rows:
            rows.append([])
        row, number = rows[-1], len(rows)
        while (number, len(row)) in self._taken:
            row.append(None)
        if len(row) < MOST_COLUMNS:
            column = len(row)
            down, across = self._span[0], min(self._span[1], MOST_COLUMNS - column)
            text = "\n".join(" ".join(line.split()) for line in "".join(self._text).split("\n")).strip()
            row.extend([text or None, *[None] * (across - 1)])
            if down > 1 or across > 1:
                merges.append(Merge(number, column, number + down - 1, column + across - 1))
                self._taken.update(
                    (number + below, column + right) for below in range(1, down) for right in range(across)
                )
        self._text = None


def _number(text: str | None) -> int:
    return (
        max(1, min(1000, int(text))) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 1
    )
