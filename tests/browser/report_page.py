"""Reading the department's report: the page's table, the workbook, the CSV file, each as {commune: {heading: text}}."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from isoxa_courses.text import format_date, format_number
from playwright.sync_api import Page, expect

Rows = dict[str, dict[str, str]]
# The page's alone: what changed since figures were kept.
SINCE = "So với kỳ trước"

_READ_TABLE = """table => {
  const heads = [...table.querySelectorAll('thead th')].map(th => th.innerText.trim());
  return [...table.querySelectorAll('tbody tr')].map(tr => {
    const cells = [...tr.children].map(cell => cell.innerText.trim());
    return Object.fromEntries(heads.map((head, index) => [head, cells[index]]));
  });
}"""


def rows_shown(page: Page) -> Rows:
    """Every row of the report, leafing through its pages."""
    found: Rows = {}
    while True:
        for row in page.locator(".ix-units-table").evaluate(_READ_TABLE):
            found[row.pop("Đơn vị")] = row
        onward = page.get_by_role("link", name="Trang sau")
        if onward.count() == 0:
            return found
        wanted = onward.get_attribute("href") or ""
        onward.click()
        page.wait_for_url(f"**{wanted}")


def commune_row(page: Page, commune: str) -> dict[str, int]:
    """The figures of one commune, found by the search box as somebody would."""
    page.get_by_label("Tìm theo tên").fill(commune)
    page.get_by_role("button", name="Lọc").click()
    expect(page.get_by_role("link", name="Bỏ lọc").first).to_be_visible()
    row = rows_shown(page)[commune]
    page.get_by_role("link", name="Bỏ lọc").first.click()
    expect(page.get_by_role("link", name="Bỏ lọc")).to_have_count(0)
    return {head: int(text) for head, text in row.items() if text.isdigit() and head != SINCE}


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


def rows_of_workbook(file: Path) -> Rows:
    """The sheet that lists the communes, written as the page writes it."""
    book = openpyxl.load_workbook(file)
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        heads = next((row for row in rows if "Đơn vị" in row and "Chưa bắt đầu" in row), None)
        if heads is not None:
            below = rows[rows.index(heads) + 1 :]
            return _by_commune([dict(zip(heads, row, strict=True)) for row in below])
    raise AssertionError(f"no table of communes in {book.sheetnames}")


def rows_of_csv(file: Path) -> Rows:
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel knows UTF-8 by its mark only"
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    rows = []
    for row in reader:
        day = row["Hoạt động gần nhất"]
        rows.append(row | {"Hoạt động gần nhất": date.fromisoformat(day) if day else None})
    return _by_commune(rows)


def same_figures(shown: Rows, filed: Rows) -> None:
    """The file has the page's communes, with the page's figures."""
    assert shown.keys() == filed.keys()
    for commune, row in shown.items():
        for head, text in row.items():
            if head == SINCE:
                continue
            column = "Đã học được (bình quân)" if head == "Đã học được" else head
            assert filed[commune][column] == text, (commune, head)


def _by_commune(rows: list[dict[Any, Any]]) -> Rows:
    return {
        row["Đơn vị"]: {head: _text(head, value) for head, value in row.items()}
        for row in rows
        if row["Đơn vị"]
    }


def _text(head: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, date):
        return format_date(value.date() if isinstance(value, datetime) else value)
    if isinstance(value, int | float) and ("học được" in head or "Tỷ lệ" in head):
        return f"{round(value * 1000) // 10} %"
    if isinstance(value, str):
        return value.replace("%", " %") if value.endswith("%") else value
    return format_number(round(value))
