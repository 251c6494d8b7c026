"""A trainer grades written answers by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.portal.conftest import Server
from tests.portal.pages.conftest import Page, Reader
from tests.portal.pages.test_officer_pages import RIGHT, take
from tests.portal.tiny_course import CANARIES

ANSWER = "Dòng một\n<script>alert(1)</script>\nDòng ba"


@pytest.fixture(scope="module")
def submitted(portal: Server) -> dict[str, Page]:
    """Result pages of three officers, two of them in Lâm Đồng."""
    return {
        name: take(Reader(portal).log_in(name), RIGHT | {"c5": f"{ANSWER} của {name}"})
        for name in ("an", "binh", "xa")
    }


def test_what_waits_is_listed_in_scope_oldest_first(
    submitted: dict[str, Page], as_user: Callable[[str], Reader]
) -> None:
    page = as_user("giang-vien").get("/cham-bai")
    assert page.one("h1").get_text() == "Chấm bài"
    assert "2 câu viết đang chờ chấm" in page.text
    assert [row.select_one("th").get_text() for row in page.html.select("tbody tr")] == [
        "Nguyễn Văn An",
        "Trần Thị Bình",
    ]
    assert "Rơ Châm Xa" not in page.text
    other = as_user("giang-vien.gialai").get("/cham-bai")
    assert "Rơ Châm Xa" in other.text
    assert "Nguyễn Văn An" not in other.text


def test_another_provinces_answer_is_not_found(
    submitted: dict[str, Page], as_user: Callable[[str], Reader]
) -> None:
    url = as_user("giang-vien.gialai").get("/cham-bai").link("Rơ Châm Xa")
    reader = as_user("giang-vien")
    assert reader.get(url).status == 404
    assert reader.get(url.rsplit("/", 1)[0] + "/khong-co").status == 404
    # A question the machine has scored is not for this form, and shows no key.
    mine = reader.get("/cham-bai").link("Nguyễn Văn An")
    machine = reader.get(mine.rsplit("/", 1)[0] + "/c2")
    assert machine.status == 404
    assert CANARIES[3] not in machine.answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("11", "Điểm phải từ 0 đến 2; anh/chị đã nhập 11."),
        ("-1", "Điểm phải từ 0 đến 2"),
        ("abc", "“abc” không phải là số"),
        ("", "Chưa có số nào"),
        ("1,555", "tối đa hai chữ số sau dấu phẩy"),
        ("1.000.000", "Điểm phải từ 0 đến 2"),
        ("<b>1</b>", "không phải là số"),
        ("9" * 5000, "Số quá dài"),
    ],
)
def test_a_wrong_mark_is_said_beside_the_field(
    submitted: dict[str, Page], as_user: Callable[[str], Reader], typed: str, said: str
) -> None:
    reader = as_user("giang-vien")
    page = reader.get(reader.get("/cham-bai").link("Trần Thị Bình"))
    page = reader.send(page, "Lưu điểm", points=typed, comment="Giữ lại\nhai dòng")
    assert page.status == 400
    field = page.field_labelled("Điểm")
    assert field["aria-invalid"] == "true"
    assert said in page.html.find(id="points-error").get_text()
    assert said in page.one(".ix-errors").get_text()
    assert page.one(".ix-errors a")["href"] == "#points"
    assert field["value"] == typed
    assert page.field_labelled("Nhận xét").get_text().split() == ["Giữ", "lại", "hai", "dòng"]
    assert "2 câu viết" in reader.get("/cham-bai").text


def test_grading_one_after_the_other(submitted: dict[str, Page], as_user: Callable[[str], Reader]) -> None:
    reader = as_user("giang-vien")
    page = reader.get(reader.get("/cham-bai").link("Chấm bài chờ lâu nhất"))
    assert "Nguyễn Văn An" in page.text
    assert "<script>alert(1)</script>\nDòng ba" in page.html.select(".ix-written")[0].get_text()
    assert not page.html.find_all("script", string="alert(1)")
    assert "Nêu đủ ý" in page.text
    page = reader.send(page, "Lưu điểm", points="1,5", comment="Được.\n<i>Thêm</i> số liệu.")
    assert "Đã lưu điểm. Đây là bài tiếp theo." in page.text
    assert "Trần Thị Bình" in page.text
    page = reader.send(page, "Lưu điểm", points="0", comment="")
    assert page.path == "/cham-bai?da-luu=1"
    assert "Không có bài nào chờ chấm" in page.text

    result = as_user("an").get(submitted["an"].path)
    assert "9,5 trên 10 điểm – 95 %" in result.text
    assert "Đạt" in result.one(".ix-score").get_text()
    assert "1,5 trên 2 điểm" in result.html.select(".ix-slot")[4].get_text()
    assert "<i>Thêm</i> số liệu." in result.html.select(".ix-slot")[4].get_text()
    assert not result.html.find_all("i")
    assert "Khóa học thử" in as_user("an").get("/khoa-hoc").text


def test_grading_again_needs_a_reason(submitted: dict[str, Page], as_user: Callable[[str], Reader]) -> None:
    reader = as_user("giang-vien.gialai")
    url = reader.get("/cham-bai").link("Rơ Châm Xa")
    reader.send(reader.get(url), "Lưu điểm", points="1", comment="Lần một")
    page = reader.get(url)
    assert "Câu này đã được chấm 1 điểm." in page.text
    assert page.field_labelled("Điểm")["value"] == "1"
    page = reader.send(page, "Lưu điểm", points="2")
    assert page.status == 400
    assert page.one(".ix-errors a")["href"] == "#reason"
    page = reader.send(page, "Lưu điểm", points="2", reason="Chấm sót ý")
    assert page.path == "/cham-bai?da-luu=1"
    assert "10 trên 10 điểm – 100 %" in as_user("xa").get(submitted["xa"].path).text
