"""Rosters made in a line: ``roster([...rows])`` as XLSX bytes, with the columns of the first row."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pytest

COLUMNS = (
    "Họ và tên",
    "Đơn vị",
    "Tỉnh",
    "Mã cán bộ",
    "Ngày sinh",
    "Chức danh",
    "Vai trò",
    "Điện thoại",
    "Thư điện tử",
)


@pytest.fixture
def xlsx() -> Callable[..., bytes]:
    def make(
        *rows: Sequence[Any], columns: Sequence[str] = COLUMNS, above: Sequence[Sequence[Any]] = ()
    ) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "Danh sách"
        for row in (*above, columns, *rows):
            sheet.append(list(row))
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    return make
