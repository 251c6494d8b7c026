"""Each export of one small province, kept under tests/goldens/reports as text: a change of any cell is seen in review.

``ISOXA_WRITE_GOLDENS=1 pytest tests/grading/reports/test_goldens.py`` writes them anew.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from isoxa_grading.reports import call_lists, write_csv, write_xlsx
from isoxa_grading.reports.list_files import write_list_csv, write_list_xlsx
from isoxa_grading.reports.pdf import write_pdf
from pypdf import PdfReader

from .conftest import LamDong

GOLDENS = Path(__file__).parents[2] / "goldens" / "reports"


@pytest.fixture
def backend() -> str:
    """One database is enough here: what files are made from is compared on both elsewhere."""
    return "sqlite"


def same(name: str, text: str) -> None:
    golden = GOLDENS / name
    if os.environ.get("ISOXA_WRITE_GOLDENS"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8", newline="")
    assert text == golden.read_bytes().decode(), f"{golden.name} differs; see the module's docstring"


def in_lines(workbook: bytes) -> str:
    """A workbook as text: each sheet's frozen pane and filter, then type, number format and value of each cell."""
    lines = []
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook)):
        lines.append(f"== {sheet.title} | frozen {sheet.freeze_panes} | filter {sheet.auto_filter.ref}")
        for row in sheet.iter_rows():
            lines += [
                f"{cell.coordinate} {cell.data_type} {cell.number_format} {cell.value!s}"
                for cell in row
                if cell.value is not None
            ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("table", ["communes", "officers", "results"])
def test_csv(lam_dong: Callable[..., LamDong], table: Any) -> None:
    stream = io.BytesIO()
    write_csv(lam_dong().report, stream, table=table)
    same(f"{table}.csv", stream.getvalue().decode())


def test_workbook(lam_dong: Callable[..., LamDong]) -> None:
    stream = io.BytesIO()
    write_xlsx(lam_dong().report, stream)
    same("workbook.txt", in_lines(stream.getvalue()))


def test_json(lam_dong: Callable[..., LamDong]) -> None:
    made = lam_dong().report.to_json(officers=True)
    same("report.json", json.dumps(made, ensure_ascii=False, indent=1) + "\n")


def test_call_lists(lam_dong: Callable[..., LamDong]) -> None:
    found = lam_dong()
    day = found.report.as_of
    for one in call_lists(found.world.session, course="iso", scope_paths=[found.province.path], as_of=day):
        text, book = io.BytesIO(), io.BytesIO()
        write_list_csv(one, text)
        write_list_xlsx(one, book)
        same(f"{one.kind.value}.csv", text.getvalue().decode())
        same(f"{one.kind.value}.txt", in_lines(book.getvalue()))


def test_the_meetings_paper(lam_dong: Callable[..., LamDong]) -> None:
    found = lam_dong()
    stream = io.BytesIO()
    write_pdf(
        found.world.session, stream, course="iso", scope_paths=[found.province.path], as_of=found.report.as_of
    )
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(stream.getvalue())).pages]
    same("meeting.txt", "\f".join(pages) + "\n")
