"""Documents as files: the officer's words in the right cells, laid out as the decree asks, whatever was typed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import docx
import openpyxl
from docx.document import Document as Word
from docx.shared import Length
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.documents import Column, Document, Fields, Heading, Signature, Table, Text
from isoxa_courses.text import clean
from isoxa_grading.records.tables import Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.work_products import Letterhead, letterhead_of, write_docx, write_xlsx

HEAD = Letterhead(("ỦY BAN NHÂN DÂN", "XÃ SUỐI LÀNH"), "Suối Lành", 2026)
SAVED = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
COLUMNS = (
    Column("STT", 1, "number"),
    Column("Nội dung công việc", 6),
    Column("Hạn", 3, "date"),
)
FORMULA = '=HYPERLINK("http://x","Bấm")'


def document(*rows: tuple[str, ...], landscape: bool = False) -> Document:
    blocks = (
        Heading("I. Căn cứ"),
        Text("Dòng một.\nDòng hai."),
        Fields((("Người lập", "Lò Thị Thử"), ("Kết quả", ""))),
        Table(COLUMNS, rows, "Bảng 1. Việc cần làm"),
    )
    signatures = (Signature("Người lập", "Lò Thị Thử"), Signature("Chủ tịch"))
    return Document("ke-hoach", "KẾ HOẠCH", "Thực hiện mục tiêu năm 2027", blocks, signatures, landscape)


def word_of(made: Document) -> Word:
    stream = io.BytesIO()
    write_docx(made, HEAD, stream, saved_at=SAVED)
    return docx.Document(io.BytesIO(stream.getvalue()))


def rows_of(made: Document) -> list[list[object]]:
    stream = io.BytesIO()
    write_xlsx(made, HEAD, stream, saved_at=SAVED)
    sheet = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]


def millimetres(*lengths: Length | None) -> tuple[int, ...]:
    """Word keeps twentieths of a point."""
    return tuple(round(length.mm) for length in lengths if length is not None)


def test_a_word_file_is_laid_out_as_the_decree_asks() -> None:
    word = word_of(document(("1", "Niêm yết TTHC", "31/03/2027")))
    section = word.sections[0]
    assert millimetres(section.page_width, section.page_height) == (210, 297)
    assert millimetres(section.left_margin, section.right_margin) == (30, 15)
    assert millimetres(section.top_margin, section.bottom_margin) == (20, 20)
    assert word.styles["Normal"].font.name == "Times New Roman"
    head = word.tables[0].rows[0].cells
    assert head[0].text.split("\n")[:2] == ["ỦY BAN NHÂN DÂN", "XÃ SUỐI LÀNH"]
    assert head[1].text.split("\n")[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert "Độc lập - Tự do - Hạnh phúc" in head[1].text
    assert "Suối Lành, ngày …… tháng …… năm 2026" in head[1].text
    body = [paragraph.text for paragraph in word.paragraphs if paragraph.text]
    assert body[:2] == ["KẾ HOẠCH", "Thực hiện mục tiêu năm 2027"]
    assert "Dòng hai." in body
    assert "Người lập: Lò Thị Thử" in body
    assert any(line.startswith("Kết quả: …") for line in body)
    table = word.tables[1]
    assert [cell.text for cell in table.rows[0].cells] == ["STT", "Nội dung công việc", "Hạn"]
    assert [cell.text for cell in table.rows[1].cells] == ["1", "Niêm yết TTHC", "31/03/2027"]
    signers = [cell.text for cell in word.tables[2].rows[0].cells]
    assert signers[0].startswith("NGƯỜI LẬP\n(Ký, ghi rõ họ tên)")
    assert signers[0].endswith("Lò Thị Thử")
    assert signers[1].startswith("CHỦ TỊCH")


def test_a_wide_table_lies_across() -> None:
    section = word_of(document(("1", "x", ""), landscape=True)).sections[0]
    assert millimetres(section.page_width, section.page_height) == (297, 210)


def test_a_workbook_has_dates_numbers_and_no_formula() -> None:
    rows = rows_of(
        document(("1", FORMULA, "31/03/2027"), ("hai", "Dòng\nđôi", "31/02/2027"), ("1.250", "", ""))
    )
    assert rows[0] == ["STT", "Nội dung công việc", "Hạn"]
    assert rows[1] == [1, FORMULA, datetime.combine(date(2027, 3, 31), datetime.min.time())]
    assert rows[2] == ["hai", "Dòng\nđôi", "31/02/2027"]
    assert rows[3][0] == 1250


words = st.text(max_size=80) | st.sampled_from(
    [FORMULA, "\x00\x1b\ufffe", "<w:p/>&", "e\u0302\u0323", "a\r\nb"]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(words, words, words), max_size=4))
def test_whatever_was_typed_makes_a_file_that_opens(rows: list[tuple[str, ...]]) -> None:
    made = document(*rows)
    cells = [[cell.text for cell in row.cells] for row in word_of(made).tables[1].rows[1:]]
    assert cells == [[clean(value, lines=True) for value in row] for row in rows]
    assert [row[1] or "" for row in rows_of(made)[1:]] == [clean(row[1], lines=True) for row in rows]


def unit(kind: UnitKind, name: str, short: str) -> Unit:
    return Unit(kind=kind, name=name, short_name=short)


def test_who_issues_it() -> None:
    commune = letterhead_of(unit(UnitKind.COMMUNE, "Phường Hòa Cường", "Hòa Cường"), 2027)
    assert commune.issuer == ("ỦY BAN NHÂN DÂN", "PHƯỜNG HÒA CƯỜNG")
    assert commune.dateline == "Hòa Cường, ngày …… tháng …… năm 2027"
    agency = letterhead_of(unit(UnitKind.AGENCY, "Sở Khoa học và Công nghệ", "Sở KH&CN"), 2027)
    assert agency.issuer == ("SỞ KHOA HỌC VÀ CÔNG NGHỆ",)
    assert "…" in letterhead_of(None, 2027).dateline
