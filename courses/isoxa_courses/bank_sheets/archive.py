"""Opens the workbook of a bank, which comes from outside: an XLSX is a zip of XML and may be a trap.

What it would unpack to is read from its directory before anything is unpacked; a file with macros, with a document type
or with entities is refused before any parser sees it. A bank is some hundred kilobytes, so the limits are low.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from .cells import BankSheetError, Place

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 300
_CHUNK = 1 << 20
_OVERLAP = 32
_SAVE_AS = "Hãy mở tệp bằng Excel, chọn Tệp → Lưu thành…, loại “Excel Workbook (*.xlsx)”, rồi nhập lại."

# What the XML and zip readers below openpyxl raise on a damaged file; each means just that.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, NotImplementedError, RuntimeError, struct.error, AssertionError,
)  # fmt: skip
_DECLARATIONS = tuple(
    text.encode(encoding)
    for text in ("<!DOCTYPE", "<!ENTITY", "<!doctype", "<!entity")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)


def open_bank(path: Path) -> Workbook:
    """The workbook; formulas stay formulas. Raises :class:`BankSheetError`; OSError if it cannot be opened."""
    whole = Place(path.name, "")
    with path.open("rb") as stream:
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BankSheetError([whole.problem("Tệp lớn hơn 5 MB; một ngân hàng câu hỏi nhỏ hơn nhiều.")])
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BankSheetError([whole.problem(f"Tệp Excel đời cũ (.xls) hoặc có đặt mật khẩu. {_SAVE_AS}")])
    try:
        reason = _refusal(content)
        if reason:
            raise BankSheetError([whole.problem(reason)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it leaves out
            return load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except _DAMAGED as error:
        reason = f"Không phải tệp Excel (.xlsx) đọc được, hoặc tệp bị hỏng, tải về chưa hết. {_SAVE_AS}"
        raise BankSheetError([whole.problem(reason)]) from error


def _refusal(content: bytes) -> str:
    """Why the archive is not opened; "" if it may be."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename.lower() for part in parts}
        if "xl/workbook.xml" not in names:
            return f"Không phải bảng tính Excel (.xlsx). {_SAVE_AS}"
        if any(name.endswith("vbaproject.bin") for name in names):
            return f"Tệp có macro nên không nhập. {_SAVE_AS}"
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            return (
                "Bảng tính bung ra quá lớn so với một ngân hàng câu hỏi. Hãy xuất lại tệp mẫu rồi chép sang."
            )
        for part in parts:
            if not part.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            if any(sign in chunk for chunk in _chunks(archive, part) for sign in _DECLARATIONS):
                return "Tệp có khai báo XML không an toàn nên không đọc. Hãy xuất lại tệp mẫu rồi chép sang."
    return ""


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part unpacked piece by piece, each with the end of the one before."""
    before = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield before + piece
            before = piece[-_OVERLAP:]
