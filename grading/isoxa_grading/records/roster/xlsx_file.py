"""Opens an XLSX. It is a zip archive of XML, so it may be a trap: what it would unpack to is read from its directory
before anything is unpacked, and a part with a document type or entities is refused before any parser sees it.

Formulas are not run: a cell has the value that Excel last showed in it. Hidden sheets are not read.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from .kinds import describe_archive
from .sheets import MOST_COLUMNS, MOST_ROWS, Cell, Merge, RosterError, Sheet, numbered

__all__ = ["open_xlsx"]

LARGEST_UNPACKED = 100 * 1024 * 1024
LARGEST_STRINGS = 40 * 1024 * 1024
MOST_PARTS = 1000
MOST_MERGES = 20_000
_CHUNK = 1 << 20
_OVERLAP = 200

# What the XML and zip readers below openpyxl raise on a damaged file; each means just that.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError, struct.error, AssertionError,
)  # fmt: skip
_DECLARATIONS = tuple(
    text.encode(encoding)
    for text in ("<!DOCTYPE", "<!ENTITY", "<!doctype", "<!entity")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_EMPTY_FORMULA = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|</(?:\w+:)?c>)")


def open_xlsx(content: bytes, name: str) -> list[Sheet]:
    """The visible sheets. Raises ``RosterError``."""
    # Not above: with it comes numpy, and a portal that starts need not wait for them.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        merges, uncounted = _check_archive(content, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out
            with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
                sheets = [
                    _sheet(sheet, name, merges, uncounted)
                    for sheet in book.worksheets
                    if sheet.sheet_state == "visible"
                ]
    except (*_DAMAGED, InvalidFileException) as error:
        raise RosterError(
            f"{name}: không phải tệp Excel (.xlsx) đọc được, hoặc tệp bị hỏng, tải về chưa hết. "
            "Hãy mở thử bằng Excel; nếu mở được thì lưu lại thành .xlsx rồi nhập."
        ) from error
    if not sheets:
        raise RosterError(
            f"{name}: không có trang tính nào đang hiện. Hãy bỏ ẩn trang tính có danh sách rồi lưu lại."
        )
    return sheets


def _sheet(sheet: Any, name: str, merges: dict[str, list[Merge]], uncounted: set[str]) -> Sheet:
    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    notes = []
    if part in uncounted:
        notes.append(
            f"Trang “{sheet.title}” có ô công thức chưa được tính nên được coi là ô trống. "
            "Hãy mở tệp bằng Excel, lưu lại rồi nhập."
        )
    return Sheet(sheet.title, numbered(_cells(sheet), name), merges.get(part, []), notes)


def _check_archive(content: bytes, name: str) -> tuple[dict[str, list[Merge]], set[str]]:
    """The merged areas of each sheet part, and the parts with formulas that were never computed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise RosterError(f"{name}: {describe_archive(names)}")
        strings = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
        too_large = sum(part.file_size for part in parts) > LARGEST_UNPACKED or strings > LARGEST_STRINGS
        if len(parts) > MOST_PARTS or too_large:
            raise RosterError(
                f"{name}: bảng tính bung ra quá lớn so với một danh sách. Hãy chép riêng danh sách sang tệp mới."
            )
        merges: dict[str, list[Merge]] = {}
        uncounted: set[str] = set()
        for part in parts:
            if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            found: list[Merge] = []
            for chunk in _chunks(archive, part):
                if any(sign in chunk for sign in _DECLARATIONS):
                    raise RosterError(
                        f"{name}: tệp có khai báo XML không an toàn nên không đọc. "
                        "Hãy mở bằng Excel, chép danh sách sang tệp mới rồi lưu thành .xlsx."
                    )
                if part.filename.startswith("xl/worksheets/"):
                    found += [_merge(ref.decode()) for ref in _MERGE.findall(chunk)]
                    if _EMPTY_FORMULA.search(chunk):
                        uncounted.add(part.filename)
            merges[part.filename] = list(dict.fromkeys(found))[:MOST_MERGES]
    return merges, uncounted


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part unpacked piece by piece, each with the end of the one before."""
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield before + piece
            before = piece[-_OVERLAP:]


def _merge(ref: str) -> Merge:
    from openpyxl.utils.cell import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return Merge(int(top or 1), int(left or 1) - 1, int(bottom or 1), int(right or 1) - 1)


def _cells(sheet: Any) -> Iterator[list[Cell]]:
    # The size a file states of itself may be wrong, or a trap.
    sheet.reset_dimensions()
    empty = 0
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        yield list(row)
        # Formatting that reaches down to row 1,048,576 is no content.
        empty = 0 if any(cell is not None for cell in row) else empty + 1
        if empty > MOST_ROWS:
            return
