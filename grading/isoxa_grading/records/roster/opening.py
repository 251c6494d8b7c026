"""Opens a roster file: bytes in, sheets of plain cells out, and a clear refusal of everything else.

The kind of file is told from its first bytes, not its name. An XLSX is a zip archive: what it would unpack to is
read from its directory before anything is unpacked. Formulas are not run: a cell has the value that Excel last
showed in it.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

__all__ = ["Cell", "RosterError", "Sheet", "open_sheets"]

Cell = str | int | float | bool | date | datetime | None

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 50_000
MOST_COLUMNS = 60

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# What the XML and zip readers below openpyxl raise on a damaged file; each means just that.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


class RosterError(Exception):
    """The file as a whole cannot be used; ``str()`` says why and what to do (Vietnamese). Nothing was written."""


@dataclass(frozen=True)
class Sheet:
    """``rows``: (row number as the spreadsheet shows it, cells)."""

    name: str
    rows: list[tuple[int, list[Cell]]]


def open_sheets(content: bytes, name: str) -> list[Sheet]:
    """The sheets of an XLSX, or the one of a CSV. Raises ``RosterError``."""
    if len(content) > LARGEST_FILE:
        raise RosterError(
            f"{name}: tệp lớn hơn {LARGEST_FILE // 2**20} MB. Hãy tách thành nhiều tệp nhỏ hơn."
        )
    if not content.strip():
        raise RosterError(f"{name}: tệp trống.")
    if content.startswith(_OLD_EXCEL):
        raise RosterError(
            f"{name}: tệp Excel đời cũ (.xls) hoặc có đặt mật khẩu. "
            "Hãy mở bằng Excel, bỏ mật khẩu và lưu lại thành .xlsx."
        )
    if content.startswith(b"PK"):
        return _open_xlsx(content, name)
    return [Sheet(name, _open_csv(content, name))]


def _open_xlsx(content: bytes, name: str) -> list[Sheet]:
    try:
        _check_archive(content, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out
            with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
                return [Sheet(sheet.title, _numbered(_cells(sheet), name)) for sheet in book.worksheets]
    except _DAMAGED as error:
        raise RosterError(f"{name}: không phải tệp Excel (.xlsx) đọc được, hoặc tệp bị hỏng.") from error


def _check_archive(content: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise RosterError(f"{name}: không phải bảng tính Excel (.xlsx). Hãy chọn tệp .xlsx hoặc .csv.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise RosterError(
            f"{name}: bảng tính bung ra quá lớn so với một danh sách. Hãy chép riêng danh sách sang tệp mới."
        )


def _cells(sheet: object) -> Iterator[list[Cell]]:
    # The size a file states of itself may be wrong, or a trap.
    sheet.reset_dimensions()  # type: ignore[attr-defined]
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):  # type: ignore[attr-defined]
        yield list(row)


def _open_csv(content: bytes, name: str) -> list[tuple[int, list[Cell]]]:
    text = _decode(content, name)
    head = "\n".join(text.splitlines()[:20])
    delimiter = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return _numbered((list(row[:MOST_COLUMNS]) for row in reader), name)
    except csv.Error as error:
        raise RosterError(f"{name}: tệp CSV không đúng định dạng ({error}).") from error


def _decode(content: bytes, name: str) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RosterError(
            f"{name}: không phải bảng tính .xlsx, cũng không phải CSV mã UTF-8. "
            "Nếu là CSV, hãy lưu lại dạng “CSV UTF-8”."
        ) from error
    if "\0" in text:
        raise RosterError(f"{name}: không phải bảng tính. Hãy chọn tệp .xlsx hoặc .csv.")
    return text


def _numbered(rows: Iterable[list[Cell]], name: str) -> list[tuple[int, list[Cell]]]:
    found = []
    for number, cells in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise RosterError(f"{name}: nhiều hơn {MOST_ROWS} dòng. Hãy tách thành nhiều tệp.")
        if any(cell is not None and cell != "" for cell in cells):
            found.append((number, cells))
    return found
