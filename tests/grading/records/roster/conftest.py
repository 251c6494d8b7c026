"""Rosters made in a line: ``xlsx(*rows)`` as XLSX bytes, with the columns of the first row; an edition to enrol in."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from isoxa_grading.records.tables import CourseEdition
from sqlalchemy.orm import Session

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


@pytest.fixture
def edition(places: Session, now: datetime) -> CourseEdition:
    made = CourseEdition(
        course="c",
        edition="1",
        title="t",
        manifest={"lessons": [], "quizzes": []},
        content_sha256="",
        published_at=now,
    )
    places.add(made)
    places.flush()
    return made
