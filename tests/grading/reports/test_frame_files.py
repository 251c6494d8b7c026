"""The analysts' export: of one scope, no formula in it, read back as it was; and the notebook that answers from it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.reports import FRAME_COLUMNS, frames
from isoxa_grading.reports.csv_file import guarded, unguarded
from isoxa_grading.reports.frame_files import NoExport, read_frames, write_frames
from nbclient import NotebookClient
from pandas.testing import assert_frame_equal

DAY = date(2026, 3, 12)
NOTEBOOK = Path(__file__).parents[3] / "notebooks/reports/completion-analysis.ipynb"
HOSTILE = ('=HYPERLINK("http://x")', "'=1+1", "NA", "-", 'a;"b"\nc', "<script>alert(1)</script>", "Dài" * 100)


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def export(
    lam_dong: Callable[..., Any], world: Any, tmp_path: Path
) -> tuple[Any, dict[str, pd.DataFrame], Path]:
    here = lam_dong()
    unit = here.units["Xã Đạ Tẻh"]
    for name in HOSTILE:
        world.enrol(world.person(name, unit), due=date(2026, 3, 7))
    world.enrol(world.person("Người Gia Lai", world.commune("Xã Ia Kha", world.province("Tỉnh Gia Lai"))))
    tables = frames(world.session, course="iso", scope_paths=[here.province.path], as_of=DAY)
    about = {"course_title": "ISO cho cấp xã", "scope": ("Tỉnh Lâm Đồng",), "as_of": DAY}
    write_frames(tables, tmp_path / "xuat", course="iso", **about)
    return here, tables, tmp_path / "xuat"


def plain(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(object).where(table.notna(), None)


def test_an_export_is_of_one_scope_and_comes_back_as_it_was(export: Any) -> None:
    _here, tables, folder = export
    files = {file.name: file.read_text("utf-8-sig") for file in folder.iterdir()}
    assert not any("Gia Lai" in text or "Ia Kha" in text for text in files.values())
    assert folder.stat().st_mode & 0o077 == 0
    for name in tables:
        rows = list(csv.reader(files[f"{name}.csv"].splitlines(keepends=True), delimiter=";"))
        assert rows[0] == list(FRAME_COLUMNS[name])
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    read = read_frames(folder)
    assert (read.course, read.scope, read.as_of) == ("iso", ("Tỉnh Lâm Đồng",), DAY)
    for name, table in tables.items():
        # What is missing is missing, as None or as NaN.
        assert_frame_equal(plain(read.tables[name]), plain(table))
    assert set(HOSTILE) <= set(read.tables["officers"]["full_name"])


@pytest.mark.parametrize("about", [None, "", "[]", '{"types": {"officers": {}}}'])
def test_a_folder_without_an_export_says_how_to_make_one(tmp_path: Path, about: str | None) -> None:
    if about is not None:
        (tmp_path / "pham-vi.json").write_text(about)
    with pytest.raises(NoExport, match="isoxa report"):
        read_frames(tmp_path)


@settings(deadline=None)
@given(st.text(st.sampled_from("'=+-@\t\r\nab"), max_size=6))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_the_notebook_answers_the_six_questions(export: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here, _tables, folder = export
    book = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells)
    assert len({cell.id for cell in book.cells}) == len(book.cells)
    monkeypatch.setenv("ISOXA_EXPORT", str(folder))
    NotebookClient(book, timeout=120, resources={"metadata": {"path": os.fspath(folder)}}).execute()
    shown = {cell.id: json.dumps(cell.get("outputs", []), ensure_ascii=False) for cell in book.cells}
    assert "Xã Di Linh" in shown["chua-cu-ai"]
    assert "Đỗ Thị Một" in shown["mot-nguoi"]
    assert "5" in shown["qua-han"]
    assert "Lê Văn Ân" in shown["qua-han"]
    assert "Lãnh đạo" in shown["vai-tro"]
    assert "q1" in shown["bai-kiem-tra"] or "Bài" in shown["bai-kiem-tra"]
    assert "03/2026" in shown["theo-thang"]
    figures = here.report.figures
    assert f">{figures.communes}<" in shown["bon-so"]
    assert "Gia Lai" not in "".join(shown.values())
    pages = [
        one["data"].get("text/html", "")
        for cell in book.cells
        for one in cell.get("outputs", [])
        if "data" in one
    ]
    assert any("&lt;script&gt;alert" in page for page in pages)
    assert not any("<script>alert" in page for page in pages)
