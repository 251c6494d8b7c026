"""Reading roster files: well-formed ones in every shape, and everything that is not one."""

from __future__ import annotations

import contextlib
import io
import os
import random
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.records.roster import RosterError, RosterRow, read_roster
from isoxa_grading.records.tables import QualityRole

Xlsx = Callable[..., bytes]
CSV = "Họ và tên,Đơn vị,Tỉnh,Ngày sinh\nNguyễn Văn An,Xã Di Linh,Lâm Đồng,05/09/1985\n"


def only(content: bytes, name: str = "danh-sach.xlsx") -> RosterRow:
    [row] = read_roster(content, name).rows
    return row


def test_every_column(xlsx: Xlsx) -> None:
    row = only(
        xlsx(
            ("  Nguyễn  Văn An ", "Xã Di Linh", "Lâm Đồng", "CB 01", datetime(1985, 9, 5), "Chủ tịch UBND",
             "thư ký iso", "+84 912.345.678", "An@Example.VN")
        )
    )  # fmt: skip
    assert row == RosterRow(
        "Danh sách", 2, "Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB 01", date(1985, 9, 5), "Chủ tịch UBND",
        QualityRole.ISO_SECRETARY, "0912345678", "an@example.vn",
    )  # fmt: skip


def test_columns_in_any_order_under_a_title(xlsx: Xlsx) -> None:
    content = xlsx(
        (1, "lâm đồng", "An Văn", None, "di linh"),
        columns=("STT", "TỈNH / THÀNH PHỐ", "Họ tên", "Ghi chú", "đơn vị *"),
        above=[("UBND TỈNH LÂM ĐỒNG",), (), ("Đơn vị", "DANH SÁCH CÁN BỘ")],
    )
    row = only(content)
    assert (row.number, row.full_name, row.unit, row.province) == (5, "An Văn", "di linh", "lâm đồng")


def test_numbers_in_text_columns(xlsx: Xlsx) -> None:
    row = only(xlsx(("An", "Xã Di Linh", "Lâm Đồng", 12.0, None, 5, None, 912345678, None)))
    assert (row.staff_code, row.position, row.phone) == ("12", "5", "0912345678")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv(encoding: str, delimiter: str, newline: str) -> None:
    content = CSV.replace(",", delimiter).replace("\n", newline).encode(encoding)
    row = only(content, "x.csv")
    assert (row.full_name, row.birth_date) == ("Nguyễn Văn An", date(1985, 9, 5))


def test_csv_in_decomposed_unicode_with_quotes() -> None:
    text = unicodedata.normalize(
        "NFD", 'Đơn vị,Họ và tên,Tỉnh\n"Xã Di Linh, ""cũ""",Trần Thị Bưởi,Lâm Đồng\n'
    )
    row = only(text.encode(), "x.csv")
    assert (row.full_name, row.unit) == ("Trần Thị Bưởi", 'Xã Di Linh, "cũ"')


def test_several_sheets_are_read_and_others_left_out() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, rows in {
        "Đợt 1": [("Họ và tên", "Đơn vị", "Tỉnh"), ("An", "x", "y")],
        "Ghi chú": [("chỉ là ghi chú",)],
        "Đợt 2": [("Họ và tên", "Đơn vị", "Tỉnh"), (), ("Bình", "x", "y")],
    }.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    assert [(r.sheet, r.number, r.full_name) for r in read_roster(stream.getvalue(), "x").rows] == [
        ("Đợt 1", 2, "An"),
        ("Đợt 2", 3, "Bình"),
    ]


def test_path_and_name(tmp_path: Path) -> None:
    file = tmp_path / "danh sách.csv"
    file.write_text(CSV)
    assert read_roster(file).name == "danh sách.csv"
    assert read_roster(file.read_bytes(), "../../etc/x.csv").name == "x.csv"
    with pytest.raises(RosterError, match="không mở được"):
        read_roster(tmp_path / "none.xlsx")
    with pytest.raises(RosterError, match="không mở được"):
        read_roster(tmp_path)


@pytest.mark.parametrize(
    ("column", "value", "reason", "nearest"),
    [
        (0, None, "còn trống", ""),
        (0, "  ", "còn trống", ""),
        (0, "12345", "không phải họ và tên", ""),
        (0, "=cmd|' /C calc'!A0", "", ""),
        (0, "<script>", "không phải họ và tên", ""),
        (0, "A" * 201, "Dài quá", ""),
        (4, "31/02/1985", "không phải ngày", ""),
        (4, "9/1985/5", "không phải ngày", ""),
        (4, 12, "không phải ngày", ""),
        (4, "#N/A", "lỗi công thức", ""),
        (4, "05/09/1885", "không hợp lý", ""),
        (4, "05/09/2985", "không hợp lý", ""),
        (5, "@SUM(1)", "công thức", ""),
        (6, "Thư ký ISOO", "Không có vai trò", "Thư ký ISO"),
        (7, "12", "không phải số điện thoại", ""),
        (7, "0912x45678", "không phải số điện thoại", ""),
        (7, "9,12E+08", "mất chữ số", ""),
        (8, "hộp thư", "không phải địa chỉ", ""),
        (8, "a@b@c.vn", "không phải địa chỉ", ""),
    ],
)
def test_cells_that_cannot_be_read(xlsx: Xlsx, column: int, value: object, reason: str, nearest: str) -> None:
    cells: list[object] = [
        "An",
        "Xã Di Linh",
        "Lâm Đồng",
        "1",
        "05/09/1985",
        "x",
        "Một cửa",
        "0912345678",
        "a@b.vn",
    ]
    cells[column] = value
    row = only(xlsx(cells))
    [problem] = row.problems
    assert reason in problem.reason
    assert problem.nearest == nearest
    assert (problem.sheet, problem.row) == ("Danh sách", 2)
    assert problem.to_json()["column"] in str(problem)


def test_all_problems_of_a_row_are_said_at_once(xlsx: Xlsx) -> None:
    row = only(xlsx((None, "Xã Di Linh", "Lâm Đồng", None, "hôm qua", None, "vua", "1", "y")))
    assert len(row.problems) == 5


def test_formulas_are_never_run(xlsx: Xlsx) -> None:
    row = only(xlsx(('=HYPERLINK("http://x","An")', "Xã Di Linh", "Lâm Đồng")))
    assert row.full_name == ""  # Excel never computed it, so there is nothing to read
    assert row.problems


def test_without_a_column_of_names_there_is_no_list(xlsx: Xlsx) -> None:
    with pytest.raises(RosterError, match="không thấy dòng tiêu đề"):
        read_roster(xlsx(("x", "y"), columns=("Đơn vị", "Ngày sinh")), "x.xlsx")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("-", None), ("không có", None), ("0", None), (912345678, "0912345678"), ("84912345678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"), ("0912345678; 0987654321", "0912345678"),
        ("02633822123 - 0912.345.678", "0912345678"), ("ĐT: 0912 345 678", "0912345678"),
        ("0263.3822.123 (CQ)", "02633822123"), ("0912345678 0987654321", "0912345678"), ("01234567890", "01234567890"),
    ],
)  # fmt: skip
def test_telephones(xlsx: Xlsx, cell: object, read: str | None) -> None:
    assert only(xlsx(("An", "Xã Di Linh", "Lâm Đồng", None, None, None, None, cell))).phone == read


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"), ("nguyễn văn an", "Nguyễn Văn An"), ("K'BRÊU", "K'Brêu"),
        ("Ông Nguyễn An", "Nguyễn An"), ("Bà: Trần Thị B", "Trần Thị B"), ("Đ/c Lê Văn Cam", "Lê Văn Cam"),
        ("PGS.TS. Lê Văn Cam", "Lê Văn Cam"), ("1. Lê Văn Cam", "Lê Văn Cam"), ("Lê Văn Cam (Nam)", "Lê Văn Cam"),
        ("Lê Văn Cam (A)", "Lê Văn Cam A"), ("Lê Văn Cam - Phó Chủ tịch", "Lê Văn Cam"), ("Bà Ba", "Bà Ba"),
        ("Anh Đức", "Anh Đức"), ("Cam\nLê Văn", None), ("Lê Văn Cam\nTrần Thị Đào", None),
        ("Lê Văn Cam; Lê Thị Đào", None),
    ],
)  # fmt: skip
def test_names(xlsx: Xlsx, cell: str, name: str | None) -> None:
    row = only(xlsx((cell, "Xã Di Linh", "Lâm Đồng")))
    assert (row.full_name or None) == name
    assert bool(row.problems) == (name is None)


def test_a_column_twice(xlsx: Xlsx) -> None:
    with pytest.raises(RosterError, match="hai cột “Họ và tên”"):
        read_roster(xlsx(columns=("Họ và tên", "Họ tên", "Đơn vị", "Tỉnh")), "x.xlsx")


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        for number in range(11):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b"\0" * 10 * 2**20)
    return stream.getvalue()


def archive(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr(name, "<x/>")
    return stream.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600


def with_entities(declaration: str, encoding: str = "utf-8") -> bytes:
    """A workbook whose strings declare entities, as an attack would."""
    import openpyxl

    stream, made = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Họ và tên", "Đơn vị"])
    book.save(stream)
    with zipfile.ZipFile(stream) as before, zipfile.ZipFile(made, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            if part.filename.endswith("sheet1.xml"):
                said = content.decode().partition("?>")[2] or content.decode()
                content = f"<?xml version='1.0' encoding='{encoding}'?>{declaration}{said}".encode(encoding)
            after.writestr(part.filename, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "tệp trống"),
        (b" \n\n", "tệp trống"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "hình ảnh"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "đời cũ"),
        (b"PK\x03\x04 broken", "hỏng"),
        (archive("word/document.xml"), "tệp Word, không phải bảng tính Excel"),
        (bomb(), "quá lớn"),
        (b"x" * (20 * 2**20 + 1), "lớn hơn 20 MB"),
        (os.urandom(3000).replace(b"PK", b"\xff\xfe\xfd"), "không"),
        (ole("EncryptedPackage"), "đặt mật khẩu.*xóa mật khẩu"),
        (ole("Workbook"), "đời cũ.*Lưu thành"),
        (ole("WordDocument"), "tệp Word"),
        (b"<html><body><p>x</p></body></html>", "trang web.*Lưu thành"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "XML.*Lưu thành",
        ),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "mht"),
        (b"{\\rtf1 x}", "RTF"),
        (archive("content.xml"), "OpenDocument"),
        (archive("xl/workbook.bin"), "xlsb"),
        (archive("danh-sach.xlsx"), "tệp nén"),
        (with_entities("<!DOCTYPE x [<!ENTITY a 'b'>]>"), "XML không an toàn"),
        (with_entities("<!DOCTYPE x [<!ENTITY a 'b'>]>", "utf-16"), "XML không an toàn|hỏng"),
        (b"H? v? t?n,??n v?\nNguy?n V?n An,x", "mất"),
        (b"abc\0def", "không phải bảng tính"),
        ("chỉ là văn bản".encode(), "không thấy dòng tiêu đề"),
        ("Họ và tên,Đơn vị,Tỉnh\n".encode(), "không có dòng nào"),
        ("Họ và tên,Đơn vị,Tỉnh\n,,\n\n".encode(), "không có dòng nào"),
        ('Họ và tên,Đơn vị,Tỉnh\n"An'.encode(), "CSV không đúng định dạng"),
        (("Họ và tên,Đơn vị,Tỉnh\n" + "a,b,c\n" * 50_001).encode(), "nhiều hơn 50000 dòng"),
        ("Họ và tên,Đơn vị,Tỉnh\n".encode() + b"a" * 200_000, "CSV không đúng định dạng"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_not_a_roster(content: bytes, reason: str) -> None:
    with pytest.raises(RosterError, match=reason):
        read_roster(content, "danh-sach.xlsx")


def test_damaged_workbooks_are_refused_in_words(xlsx: Xlsx) -> None:
    good = xlsx(("An", "Xã Di Linh", "Lâm Đồng"))
    chance = random.Random(1)
    for _ in range(60):
        damaged = bytearray(good)
        for _ in range(chance.randint(1, 40)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with contextlib.suppress(RosterError):  # some damage goes unnoticed; none may raise anything else
            read_roster(bytes(damaged), "x.xlsx")
    for cut in range(0, len(good), 211):
        with pytest.raises(RosterError):
            read_roster(good[:cut], "x.xlsx")


@settings(deadline=None, max_examples=80)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_a_roster_or_refused_in_words(content: bytes) -> None:
    with pytest.raises(RosterError):
        read_roster(content, "x")
