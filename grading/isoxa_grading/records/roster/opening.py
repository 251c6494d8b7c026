"""Opens a roster file: bytes in, sheets of plain cells out, and a clear refusal of everything else.

The kind of file is told from its first bytes, not its name: XLSX (``xlsx_file``), CSV (``csv_text``), the HTML tables
that some software saves as ``.xls`` (``html_table``); any other kind (``kinds``) is refused with what to do in Excel.
"""

from __future__ import annotations

from . import csv_text, html_table, xlsx_file
from .kinds import about_ole, other_kind
from .sheets import LARGEST_FILE, MOST_ROWS, Cell, RosterError, Sheet

__all__ = ["LARGEST_FILE", "MOST_ROWS", "Cell", "RosterError", "Sheet", "check_size", "open_sheets"]


def open_sheets(content: bytes, name: str) -> list[Sheet]:
    """The sheets of an XLSX, the one of a CSV, or the tables of an HTML page. Raises ``RosterError``."""
    check_size(len(content), name)
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise RosterError(f"{name}: tệp trống.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterError(f"{name}: {about_ole(content)}")
    if content.startswith(b"PK"):
        return xlsx_file.open_xlsx(content, name)
    if html_table.is_html(content):
        return html_table.open_html(content, name)
    if reason := other_kind(content):
        raise RosterError(f"{name}: {reason}")
    return [csv_text.open_csv(content, name)]


def check_size(size: int, name: str) -> None:
    """Raises ``RosterError`` for a file that is too large to be a roster."""
    if size > LARGEST_FILE:
        raise RosterError(
            f"{name}: tệp lớn hơn {LARGEST_FILE // 2**20} MB. Hãy chép riêng danh sách sang một tệp mới, "
            "bỏ hình ảnh, rồi nhập lại; hoặc tách thành nhiều tệp nhỏ hơn."
        )
