"""The workbook and the CSV hold the report's figures, open correctly, and carry no formula."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from isoxa_grading.completion import State
from isoxa_grading.reports import CompletionReport, columns, write_csv, write_xlsx
from isoxa_grading.reports.csv_file import _text
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SHEETS = [
    "Tổng hợp", "Theo xã", "Học viên", "Chưa cử ai", "Chỉ có một người", "Quá hạn", "Sắp đến hạn", "Chờ chấm",
    "Đạt nhưng sắp hết hiệu lực", "Vai trò chưa có ai",
]  # fmt: skip


@pytest.fixture
def backend() -> str:
    """One database is enough here: files are made from the report alone."""
    return "sqlite"


def workbook_of(report: CompletionReport) -> Workbook:
    stream = io.BytesIO()
    write_xlsx(report, stream)
    stream.seek(0)
    return openpyxl.load_workbook(stream)


def table_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """The sheet's table, found as a reader finds it: under the frozen headings."""
    top = int("".join(c for c in str(sheet.freeze_panes) if c.isdigit())) - 1
    headings = [cell.value for cell in sheet[top]]
    return [
        dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=top + 1, values_only=True)
    ]


def csv_of(report: CompletionReport, **options: Any) -> list[dict[str, str]]:
    stream = io.BytesIO()
    write_csv(report, stream, **options)
    text = stream.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=options.get("separator", ";")))


def test_the_workbooks_figures_are_the_reports(lam_dong: Callable[..., Any]) -> None:
    report = lam_dong().report
    book = workbook_of(report)
    assert book.sheetnames == SHEETS
    summary = {row[0]: row[1] for row in book["Tổng hợp"].iter_rows(values_only=True)}
    figures = report.figures
    assert summary["Số đơn vị cấp xã"] == figures.communes == 4
    assert summary["Đơn vị chưa cử ai"] == figures.communes_nobody_sent == 1
    assert summary["Đơn vị chỉ có một người"] == figures.communes_one_person_only == 2
    assert summary["Người đăng ký"] == figures.registered == 10
    assert summary["Chưa bắt đầu"] == figures.not_started
    assert summary["Học dở dang"] == figures.in_progress
    assert summary["Chờ chấm"] == figures.waiting_for_grading
    assert summary["Hoàn thành"] == figures.completed == 4
    assert summary["Quá hạn"] == figures.overdue == 5
    assert summary["Tỷ lệ hoàn thành"] == figures.share_completed == 0.4


def test_the_workbooks_tables_are_the_reports(lam_dong: Callable[..., Any]) -> None:
    report = lam_dong().report
    book = workbook_of(report)
    communes = table_of(book["Theo xã"])
    assert [row["Đơn vị"] for row in communes] == [row.name for row in report.communes]
    for shown, row in zip(communes, report.communes, strict=True):
        assert shown["Đăng ký"] == row.registered
        assert shown["Hoàn thành"] == row.completed
        assert shown["Quá hạn"] == row.overdue
        assert shown["Tỷ lệ hoàn thành"] == row.share_completed
        assert shown["Đã học được (bình quân)"] == row.progress_share
    officers = table_of(book["Học viên"])
    assert len(officers) == report.figures.registered
    late = next(row for row in officers if row["Họ và tên"] == "Hoàng Văn Ớt")
    assert late["Trạng thái"] == "Hoàn thành muộn"
    assert late["Ngày hoàn thành"] == datetime(2026, 3, 8)
    assert [row["Đơn vị"] for row in table_of(book["Chưa cử ai"])] == ["Xã Di Linh"]
    one_only = {row["Đơn vị"]: (row["Họ và tên"], row["Lý do"]) for row in table_of(book["Chỉ có một người"])}
    assert one_only == {
        "Xã Đức Trọng": ("Đỗ Thị Một", "Chỉ cử một người"),
        "Phường 1 Bảo Lộc": ("Vũ Thị Hai", "Chỉ một người đã hoàn thành"),
    }


def test_a_sheet_says_what_it_is_and_is_ready_to_work_with(lam_dong: Callable[..., Any]) -> None:
    book = workbook_of(lam_dong(state=State.COMPLETED, text="Đạ Tẻh").report)
    for sheet in book.worksheets:
        top = [sheet.cell(row, 1).value for row in range(1, 7)]
        assert "Khóa học: ISO cho cấp xã" in top
        assert "Phạm vi: Tỉnh Lâm Đồng" in top
        assert "Tính đến ngày: 12/03/2026" in top
        assert "Bảng theo xã và học viên đã lọc: trạng thái hoàn thành, tìm “Đạ Tẻh”" in top
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None
        assert sheet.column_dimensions["C"].width >= 20
    sheet = book["Học viên"]
    formats = {
        cell.number_format for row in sheet.iter_rows(min_row=8) for cell in row if cell.value is not None
    }
    assert {"dd/mm/yyyy", "0.0%"} <= formats
    assert table_of(sheet)[0]["Họ và tên"] == "Phạm Thị Yến"


HOSTILE = [
    "=1+1",
    "+84 90",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://x","y")',
    "http://x",
    "{=1}",
    'a;b"c\nd',
    "\t=1",
]


def test_no_cell_is_a_formula(world: Any) -> None:
    province = world.province("=Tỉnh A")
    commune = world.commune("=Xã Một", province)
    for name in HOSTILE:
        world.enrol(world.person(name, commune, position=name))
    report = world.report(province)
    book = workbook_of(report)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    assert sorted(row["Họ và tên"] for row in table_of(book["Học viên"])) == sorted(HOSTILE)
    stream = io.BytesIO()
    write_xlsx(report, stream)
    with zipfile.ZipFile(stream) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())

    rows = csv_of(report, table="officers")
    assert {row["Họ và tên"] for row in rows} == {
        "'" + name if name[0] in "=+-@\t" else name for name in HOSTILE
    }
    for row in rows:
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_holds_the_reports_rows(lam_dong: Callable[..., Any], separator: str) -> None:
    report = lam_dong().report
    rows = csv_of(report, separator=separator)
    assert list(rows[0]) == [column.heading for column in columns.COMMUNES]
    assert [row["Đơn vị"] for row in rows] == [row.name for row in report.communes]
    assert [int(row["Hoàn thành"]) for row in rows] == [row.completed for row in report.communes]
    mixed = next(row for row in rows if row["Đơn vị"] == "Xã Đạ Tẻh")
    assert mixed["Tỷ lệ hoàn thành"] == "33%"
    assert mixed["Hoạt động gần nhất"] == "2026-03-08"
    nobody = next(row for row in rows if row["Đơn vị"] == "Xã Di Linh")
    assert (nobody["Tỷ lệ hoàn thành"], nobody["Hoạt động gần nhất"]) == ("", "")
    assert len(csv_of(report, table="officers")) == report.figures.registered


def test_csv_begins_as_excel_needs_it(lam_dong: Callable[..., Any]) -> None:
    stream = io.BytesIO()
    write_csv(lam_dong().report, stream)
    data = stream.getvalue()
    assert data.startswith("\ufeffTỉnh, thành phố;Mã đơn vị;Đơn vị;".encode())
    assert data.count(b"\xef\xbb\xbf") == 1
    assert data.endswith(b"\r\n")


def test_an_empty_report_still_makes_both_files(world: Any) -> None:
    report = world.report([])
    book = workbook_of(report)
    assert book["Tổng hợp"].cell(3, 1).value == "Phạm vi: không có đơn vị nào"
    assert all(table_of(book[name]) == [] for name in SHEETS[1:])
    assert csv_of(report) == []


def test_the_same_report_makes_the_same_file(lam_dong: Callable[..., Any]) -> None:
    report = lam_dong().report
    first, second = io.BytesIO(), io.BytesIO()
    write_xlsx(report, first)
    write_xlsx(report, second)
    assert first.getvalue() == second.getvalue()


def test_every_state_and_role_has_a_word() -> None:
    assert set(columns.STATE_WORDS) == set(State)
    assert len(set(columns.STATE_WORDS.values())) == len(State)


def test_csv_values_read_the_same_under_any_settings() -> None:
    for thousandths in range(1001):
        assert _text("share", thousandths / 1000) == f"{thousandths // 10}%"
    assert _text("day", date(2026, 11, 3)) == "2026-11-03"
