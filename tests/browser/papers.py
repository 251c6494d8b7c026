"""Documents as an office opens them: what stands where in a Word file and in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import docx
import openpyxl

from tests.browser.own_work import Paper

_A4 = (210, 297)


def check_paper(file: Path, paper: Paper, commune: str) -> None:
    """The officer's words in the right places, under the commune's head."""
    if paper.form == "docx":
        _check_word(file, paper, commune)
    else:
        _check_workbook(file, paper, commune)


def _check_word(file: Path, paper: Paper, commune: str) -> None:
    word = docx.Document(str(file))
    section = word.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    size = (round(section.page_width.mm), round(section.page_height.mm))
    assert size == (_A4[::-1] if paper.landscape else _A4)
    assert word.styles["Normal"].font.name == "Times New Roman"
    issuer, motto = (cell.text.split("\n") for cell in word.tables[0].rows[0].cells)
    assert issuer[:2] == ["ỦY BAN NHÂN DÂN", commune.upper()]
    assert motto[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    paragraphs = [paragraph.text for paragraph in word.paragraphs if paragraph.text]
    assert paragraphs[0] == paper.title
    assert [line for line in paper.lines if line not in paragraphs] == []
    rows: list[dict[str, str]] = []
    for table in word.tables[1:]:
        titles, *values = ([cell.text for cell in row.cells] for row in table.rows)
        rows += [dict(zip(titles, value, strict=True)) for value in values]
    _check_rows(rows, paper.rows)
    assert "(Ký, ghi rõ họ tên)" in word.tables[-1].rows[0].cells[-1].text, "no place to sign"


def _check_workbook(file: Path, paper: Paper, commune: str) -> None:
    rows: list[dict[str, str]] = []
    for sheet in openpyxl.load_workbook(file).worksheets:
        cells = list(sheet.iter_rows())
        assert all(cell.data_type != "f" for row in cells for cell in row), (
            "an officer's words became a formula"
        )
        assert cells[0][0].value == f"ỦY BAN NHÂN DÂN {commune.upper()}"
        assert cells[2][0].value == paper.title
        titles = [str(cell.value) for cell in cells[5]]
        rows += [dict(zip(titles, (_shown(cell.value) for cell in row), strict=True)) for row in cells[6:]]
    _check_rows(rows, paper.rows)


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _check_rows(found: list[dict[str, str]], wanted: Iterable[Mapping[str, str]]) -> None:
    for row in wanted:
        assert any(row.items() <= one.items() for one in found), (row, found)
