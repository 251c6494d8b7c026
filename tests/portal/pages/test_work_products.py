"""Documents: the officer takes theirs away, a trainer looks at those of their units, and nobody at anyone else's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest

from tests.portal.pages.conftest import Page, Reader
from tests.portal.tiny_course import COURSE, LESSON, TOOL, TOOL_LESSON

FILE = f"/khoa-hoc/{COURSE}/bai/{TOOL_LESSON}/tai-lieu/{TOOL}/vong-pdca"
SEEN = "/cham-bai/san-pham"
WORDS = 'Trả kết quả chậm <b>& "khẩn"</b>\n=HYPERLINK("x")'


@pytest.fixture
def saved(as_user: Callable[[str], Reader]) -> Reader:
    """An officer who has written in the tool."""
    reader = as_user("an")
    state = {"placed": {}, "cycle": {"problem": WORDS, "plan": "Lập lịch ký thay", "do": 7}}
    newest = reader.api("GET", f"courses/{COURSE}/lessons/{TOOL_LESSON}/state")["items"].get(TOOL, {"seq": 0})
    seq = newest["seq"] + 1
    reader.api(
        "PUT",
        f"courses/{COURSE}/lessons/{TOOL_LESSON}/items/{TOOL}",
        {"state": state, "seq": seq, "key": f"key-{seq:08d}"},
    )
    return reader


def text_of(page: Page) -> str:
    word = docx.Document(io.BytesIO(page.answer.content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in word.paragraphs)])


def test_an_officer_takes_their_words_away(saved: Reader) -> None:
    page = saved.get(f"/khoa-hoc/{COURSE}/tai-lieu")
    assert page.one("h1").get_text() == "Tài liệu của tôi"
    assert page.link("Tải vòng PDCA (Word)") == f"{FILE}.docx"
    assert page.link("Mở lại để sửa: Bảng thử") == f"/khoa-hoc/{COURSE}/bai/{TOOL_LESSON}#luyen-tap-{TOOL}"
    assert "Bài 4a. Công cụ" in page.text
    file = saved.get(f"{FILE}.docx")
    assert file.status == 200
    text = text_of(file)
    for words in (WORDS, "Lập lịch ký thay", "ỦY BAN NHÂN DÂN", "XÃ SUỐI LÀNH", "KẾ HOẠCH CẢI TIẾN"):
        assert words in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Suối Lành, ngày …… tháng …… năm" in text


def test_what_there_is_not_is_said_in_words(saved: Reader, as_user: Callable[[str], Reader]) -> None:
    wrong = (
        f"{FILE}.xlsx",
        FILE.replace("vong-pdca", "khong-co") + ".docx",
        f"/khoa-hoc/{COURSE}/bai/{LESSON}/tai-lieu/kt-1/vong-pdca.docx",
        f"/khoa-hoc/khong-co/bai/{TOOL_LESSON}/tai-lieu/{TOOL}/vong-pdca.docx",
    )
    for path in wrong:
        page = saved.get(path)
        assert page.status == 404, path
        assert "Chưa có văn bản này" in page.text, path
    other = as_user("binh")
    assert other.get(f"{FILE}.docx").status == 404
    assert "Chưa có tài liệu nào" in other.get(f"/khoa-hoc/{COURSE}/tai-lieu").text
    assert as_user("ngoai").get(f"{FILE}.docx").status == 404


def test_a_page_can_ask_whether_there_is_a_document(saved: Reader, as_user: Callable[[str], Reader]) -> None:
    """The lesson's button asks with HEAD before it leads the browser to the file."""

    def asked(reader: Reader, path: str) -> tuple[int, bytes]:
        answer = reader.cookies.head(reader.server.root + path, timeout=60)
        return answer.status_code, answer.content

    assert asked(saved, f"{FILE}.docx") == (200, b"")
    assert asked(saved, f"{FILE}.xlsx") == (404, b"")
    assert asked(as_user("binh"), f"{FILE}.docx") == (404, b"")
    assert asked(as_user("ngoai"), f"{FILE}.docx") == (404, b"")


def test_a_trainer_looks_at_the_work_of_their_units(saved: Reader, as_user: Callable[[str], Reader]) -> None:
    trainer = as_user("giang-vien")
    listed = trainer.get(SEEN)
    link = listed.link("Nguyễn Văn An: Bảng thử")
    page = trainer.get(link)
    assert "Lập lịch ký thay" in page.text
    assert not page.html.select("main b")
    assert WORDS in page.html.select("dd")[0].get_text()
    file = trainer.get(f"{link}/vong-pdca.docx")
    assert zipfile.is_zipfile(io.BytesIO(file.answer.content))
    assert WORDS in text_of(file)
    assert trainer.get(f"{link}/khong-co.docx").status == 404
    assert trainer.get(f"{SEEN}/999999999999").status == 404
    elsewhere = as_user("giang-vien.gialai")
    assert "Nguyễn Văn An" not in elsewhere.get(SEEN).text
    assert elsewhere.get(link).status == 404
    assert elsewhere.get(f"{link}/vong-pdca.docx").status == 404
