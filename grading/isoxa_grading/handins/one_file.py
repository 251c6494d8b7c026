"""What is wrong with one uploaded file, in a sentence: its name, its size, its first bytes.

Nothing is unpacked: of an office file, which is a zip, only the index is looked at. Names from outside are never paths:
of each the last part is taken, and only letters, digits and a few signs.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from isoxa_courses.text import nfc

__all__ = ["LIMITS", "TAKEN", "UploadLimits", "content_fault", "file_name", "name_fault"]

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class UploadLimits:
    """Sizes in bytes. Below the sandbox's own limits, so that what is taken here can be graded there."""

    notebook: int = 10 * _MEGABYTE
    other: int = 5 * _MEGABYTE
    together: int = 20 * _MEGABYTE
    files: int = 20
    parts: int = 20_000
    """Most braces in a notebook: each cell, output and piece of metadata has one, and reading costs by these."""


LIMITS = UploadLimits()


# What other files begin with that are taken for notebooks or data by mistake.
_KINDS = (
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"\x89PNG\r\n", "ảnh PNG"),
    (b"GIF8", "ảnh GIF"),
    (b"RIFF", "ảnh hoặc tệp âm thanh"),
    (b"%PDF", "tệp PDF"),
    (b"PK\x03\x04", "tệp nén hoặc tệp Word, Excel"),
    (b"\xd0\xcf\x11\xe0", "tệp Word hoặc Excel kiểu cũ"),
    (b"\x1f\x8b", "tệp nén"),
    (b"Rar!", "tệp nén"),
    (b"7z\xbc\xaf", "tệp nén"),
    (b"BZh", "tệp nén"),
    (b"\xfd7zXZ", "tệp nén"),
    (b"MZ", "chương trình Windows"),
    (b"\x7fELF", "chương trình"),
)
_TEXT = frozenset({"csv", "tsv", "txt", "json", "md", "py"})
_BEGINS = {"png": b"\x89PNG\r\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff", "pdf": b"%PDF"}
_OFFICE = frozenset({"xlsx", "docx"})
TAKEN = ("ipynb", *sorted(_TEXT | _OFFICE | set(_BEGINS)))
"""Endings of file names that are taken."""
_GOOD_NAME = re.compile(r"[\w][\w .()+-]{0,79}\Z")
_OWN_NAMES = frozenset({"timestamp.txt", "nbgrader_config.py", "gradebook.db"})
# An office file is a zip: what it says it unpacks to, in all and for each packed byte.
_UNPACKED, _RATIO = 60 * _MEGABYTE, 150


def file_name(sent: str) -> tuple[str, str]:
    """The last part of a name as browsers send it (old ones send a Windows path), and its ending in lower case."""
    name = nfc(re.split(r"[/\\]", sent)[-1]).strip()
    return name, name.rpartition(".")[2].lower() if "." in name else ""


def name_fault(sent: str, name: str, ending: str) -> str:
    """What is wrong with a name ("" if nothing): ``name`` and ``ending`` are what `file_name` makes of ``sent``."""
    shown = name[:80] or sent[:80]
    if name.casefold() in _OWN_NAMES:
        return f"Tên “{name}” do hệ thống dùng. Hãy đổi tên tệp rồi nộp lại."
    if ending not in TAKEN:
        ends = ", ".join(f".{one}" for one in TAKEN)
        return f"Không nhận tệp “{shown}”. Chỉ nhận sổ tay .ipynb và các tệp kèm theo: {ends}."
    if not _GOOD_NAME.match(name) or ".." in name:
        return (
            f"Tên tệp “{shown}” quá dài hoặc có ký tự lạ. Hãy đặt tên chỉ có chữ, số, dấu cách, “-”, “_”, “.” "
            "rồi nộp lại."
        )
    return ""


def content_fault(name: str, ending: str, content: bytes, limits: UploadLimits) -> str:
    """What is wrong with the content of a file of that name, "" if nothing."""
    if not content:
        return f"Tệp “{name}” rỗng (0 byte). Hãy lưu lại tệp rồi chọn lại."
    kind = next((words for begin, words in _KINDS if content.startswith(begin)), "")
    if ending == "ipynb":
        return _notebook_fault(name, content, kind, limits)
    if len(content) > limits.other:
        return f"Tệp “{name}” nặng hơn {limits.other // _MEGABYTE} MB nên chưa nhận. Hãy rút gọn số liệu rồi nộp lại."
    if ending in _OFFICE:
        return _office_fault(name, content)
    if ending in _BEGINS and not content.startswith(_BEGINS[ending]):
        return f"Tệp “{name}” không phải {ending.upper()} thật ({kind or 'nội dung khác'}, đổi tên). Hãy chọn đúng tệp."
    if ending in _TEXT:
        try:
            plain = "\0" not in content.decode("utf-8-sig")
        except UnicodeDecodeError:
            plain = False
        if not plain:
            said = kind or "tệp không phải chữ UTF-8"
            return f"Tệp “{name}” thật ra là {said}. Hãy lưu lại bằng mã UTF-8 hoặc chọn đúng tệp."
    return ""


def _notebook_fault(name: str, content: bytes, kind: str, limits: UploadLimits) -> str:
    again = "Trong JupyterLab, lưu sổ tay (Ctrl+S), chọn File → Download rồi nộp tệp vừa tải."
    if kind:
        return f"Tệp “{name}” thật ra là {kind} đổi tên, không phải sổ tay. {again}"
    clear = "trong JupyterLab, chọn Edit → Clear Outputs of All Cells, lưu lại rồi nộp."
    if len(content) > limits.notebook:
        size = f"{len(content) / _MEGABYTE:.1f}".replace(".", ",")
        return (
            f"Sổ tay “{name}” nặng {size} MB, lớn quá mức nhận ({limits.notebook // _MEGABYTE} MB). Thường là do "
            f"kết quả chạy: {clear}"
        )
    if content.count(b"{") > limits.parts:
        return (
            f"Sổ tay “{name}” có quá nhiều ô và kết quả chạy nên chưa nhận được. Để bớt kết quả chạy: {clear}"
        )
    if content.lstrip()[:1] == b"<":
        return f"Tệp “{name}” là trang web lưu từ trình duyệt, không phải sổ tay. {again}"
    try:
        read: Any = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return f"Sổ tay “{name}” bị hỏng hoặc bị cắt cụt, không đọc được đến hết. {again}"
    if not isinstance(read, dict) or not isinstance(read.get("cells"), list):
        return f"Tệp “{name}” không phải sổ tay Jupyter. {again}"
    return ""


def _office_fault(name: str, content: bytes) -> str:
    """A look into the zip's index alone; nothing is unpacked."""
    damaged = f"Tệp “{name}” không phải tệp Word, Excel hợp lệ. Hãy mở, lưu lại rồi chọn lại."
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return damaged
    unpacked = sum(one.file_size for one in entries)
    if unpacked > _UNPACKED or unpacked > _RATIO * len(content) or len(entries) > 2000:
        return f"Tệp “{name}” bung ra quá lớn ({unpacked // _MEGABYTE} MB) nên chưa nhận. Hãy rút gọn rồi nộp lại."
    if "[Content_Types].xml" not in {one.filename for one in entries}:
        return damaged
    return ""
