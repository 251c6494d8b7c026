"""The completion report as a page: its figures, its order, its reach, its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from bs4 import Tag

from tests.portal.pages.conftest import HOSTILE, Page, Reader, World


@pytest.fixture(scope="module")
def reader(portal) -> Reader:  # type: ignore[no-untyped-def]
    return Reader(portal).log_in("so.lamdong")


def tile(page: Page, words: str) -> str:
    (found,) = [
        one.select_one(".ix-tile-figure").get_text()
        for one in page.html.select(".ix-tile")
        if words in one.get_text()
    ]
    return found


def rows(page: Page) -> dict[str, dict[str, str]]:
    def of(row: Tag) -> dict[str, str]:
        return {cell["data-label"]: cell.get_text().strip() for cell in row.select("td")}

    caption = page.html.select_one("#bang-xa") or page.html.select_one("#bang-nguoi")
    found = caption.find_parent("table").select("tbody tr") if caption else []
    return {row.select_one("th").get_text().strip(): of(row) for row in found}


def test_the_report_says_who_finished(reader: Reader) -> None:
    page = reader.get("/bao-cao")
    assert page.one("h1").get_text() == "Báo cáo hoàn thành"
    assert "Tỉnh Lâm Đồng · Khóa học thử" in page.text
    assert tile(page, "người đăng ký học") == "4"
    assert tile(page, "người hoàn thành") == "0"
    assert tile(page, "người quá hạn") == "1"
    assert tile(page, "đơn vị chưa cử ai") == "1"
    assert tile(page, "đơn vị chỉ có một người") == "2"
    table = rows(page)
    # In Vietnamese order, whatever the type word; the hostile name begins with b.
    assert list(table) == ["Xã <b>Nậm Xé</b>", "Xã Đá Bạc", "Phường Hòn Rơm", "Xã Suối Lành"]
    assert table["Xã Suối Lành"]["Đăng ký"] == "2"
    assert table["Xã Suối Lành"]["Quá hạn"] == "1"
    assert table["Xã Đá Bạc"]["Đăng ký"] == "0"
    assert "Chưa cử ai 1 đơn vị" in page.text
    assert "Chỉ có một người 2 đơn vị" in page.text
    alone = reader.get(page.link("Chỉ có một người"))
    assert "Lê Một" in alone.text


def test_the_chart_says_its_finding_and_its_figures(reader: Reader) -> None:
    page = reader.get("/bao-cao")
    assert page.one("#hinh").get_text() == "Mới có 0 % hoàn thành; 4 người chưa bắt đầu"
    marks = [one.get_text() for one in page.html.select(".ix-chart svg text")]
    assert marks[:2] == ["Hoàn thành", "0 người (0 %)"]
    assert "4 người (100 %)" in marks


def test_hostile_names_are_only_names(reader: Reader, world: World) -> None:
    for path in (
        "/bao-cao/danh-sach/chi-co-mot-nguoi",
        f"/bao-cao?don-vi={world.units['nam-xe']}",
        f"/bao-cao/hoc-vien/{world.people['hostile']}",
    ):
        page = reader.get(path)
        assert not page.html.find_all("script", string="alert(1)")
        assert HOSTILE in page.html.get_text()
        assert not page.html.find_all("b")


def test_a_commune_shows_its_officers(reader: Reader, world: World) -> None:
    page = reader.get(reader.get("/bao-cao").link("Xã Suối Lành"))
    assert page.one("h1").get_text() == "Xã Suối Lành"
    table = rows(page)
    assert list(table) == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert table["Trần Thị Bình"]["Trạng thái"] == "Chưa bắt đầu"
    assert "(quá hạn)" in table["Trần Thị Bình"]["Hạn hoàn thành"]
    assert "quá hạn" not in table["Nguyễn Văn An"]["Hạn hoàn thành"]
    assert page.link("Báo cáo hoàn thành").startswith("/bao-cao")
    nobody = reader.get(f"/bao-cao?don-vi={world.units['da-bac']}")
    assert "Đơn vị này chưa có người nào trong danh sách học." in nobody.text
    one = reader.get(f"/bao-cao?don-vi={world.units['hon-rom']}")
    assert "Đơn vị dựa vào đúng một người" in one.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tim=suoi lanh", ["Xã Suối Lành"]),
        ("tim=TRẦN", ["Xã Suối Lành"]),
        ("trang-thai=qua-han", ["Xã Suối Lành"]),
        ("trang-thai=hoan-thanh", []),
        ("trang-thai=khong-co", ["Xã <b>Nậm Xé</b>", "Xã Đá Bạc", "Phường Hòn Rơm", "Xã Suối Lành"]),
        ("tim=%25%25", []),
        ("sap-xep=-dang-ky", ["Xã Suối Lành", "Xã <b>Nậm Xé</b>", "Phường Hòn Rơm", "Xã Đá Bạc"]),
        ("sap-xep=-don-vi", ["Xã Suối Lành", "Phường Hòn Rơm", "Xã Đá Bạc", "Xã <b>Nậm Xé</b>"]),
        ("sap-xep=' OR 1=1", ["Xã <b>Nậm Xé</b>", "Xã Đá Bạc", "Phường Hòn Rơm", "Xã Suối Lành"]),
        ("trang=999", ["Xã <b>Nậm Xé</b>", "Xã Đá Bạc", "Phường Hòn Rơm", "Xã Suối Lành"]),
    ],
)
def test_filter_search_and_order(reader: Reader, query: str, found: list[str]) -> None:
    page = reader.get(f"/bao-cao?{query}")
    assert page.status == 200
    assert list(rows(page)) == found
    if not found:
        assert "Anh/chị thử bớt điều kiện lọc." in page.text
        assert len(rows(reader.get(page.link("Bỏ lọc")))) == 4


def test_a_filter_keeps_what_was_asked(reader: Reader) -> None:
    page = reader.get("/bao-cao?tim=suối&trang-thai=chua-bat-dau")
    assert page.field_labelled("Tìm theo tên")["value"] == "suối"
    assert page.field_labelled("Trạng thái").find("option", selected=True)["value"] == "chua-bat-dau"
    head = page.one("#bang-xa").find_parent("table").find("th", class_="ix-n").find("a")["href"]
    assert "tim=su%E1%BB%91i" in head
    assert "sap-xep=-dang-ky" in head


@pytest.mark.parametrize("unit", ["gia-lai", "ia-kha"])
@pytest.mark.parametrize(
    "path", ["/bao-cao", *(f"/bao-cao/tai-ve.{kind}" for kind in ("xlsx", "csv", "pdf"))]
)
def test_a_unit_outside_is_not_found(reader: Reader, world: World, unit: str, path: str) -> None:
    page = reader.get(f"{path}?don-vi={world.units[unit]}")
    assert page.status == 404
    assert "Ia Kha" not in page.text
    assert "Rơ Châm" not in page.text


@pytest.mark.parametrize("query", ["don-vi=1 OR 1", "don-vi=999999", "khoa=khong-co", "don-vi=-5"])
def test_what_does_not_exist_is_not_found(reader: Reader, query: str) -> None:
    assert reader.get(f"/bao-cao?{query}").status == 404


def test_a_wider_scope_sees_provinces(as_user: Callable[[str], Reader], world: World) -> None:
    reader = as_user("trung-uong")
    page = reader.get("/bao-cao")
    assert list(rows(page)) == ["Tỉnh Gia Lai", "Tỉnh Lâm Đồng"]
    assert rows(page)["Tỉnh Lâm Đồng"]["Chưa cử ai"] == "1"
    # A commune is found from the top by its name.
    assert list(rows(reader.get("/bao-cao?tim=ia kha"))) == ["Xã Ia Kha (Tỉnh Gia Lai)"]
    assert [one.get_text() for one in page.field_labelled("Đơn vị").find_all("option")] == [
        "Tất cả đơn vị",
        "Tỉnh Gia Lai",
        "Tỉnh Lâm Đồng",
    ]
    page = reader.get(f"/bao-cao?don-vi={world.units['gia-lai']}")
    assert list(rows(page)) == ["Xã Ia Kha"]
    assert tile(page, "người đăng ký học") == "2"


def test_the_files_hold_the_same_figures(reader: Reader) -> None:
    page = reader.get("/bao-cao")
    workbook = openpyxl.load_workbook(
        io.BytesIO(reader.cookies.get(reader.server.root + page.link("Tải Excel"), timeout=60).content)
    )
    cells = [[cell.value for cell in row] for row in workbook["Theo xã"].iter_rows()]
    heads = next(row for row in cells if "Đơn vị" in row)
    registered = {
        row[heads.index("Đơn vị")]: row[heads.index("Đăng ký")] for row in cells[cells.index(heads) + 1 :]
    }
    shown = {name: int(values["Đăng ký"]) for name, values in rows(page).items()}
    assert {name: registered[name] for name in shown} == shown

    answer = reader.cookies.get(reader.server.root + page.link("Tải CSV"), timeout=60)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert 'filename="bao-cao-hoan-thanh-' in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert {line["Đơn vị"]: int(line["Đăng ký"]) for line in lines} == shown


def test_a_communes_file_names_its_officers(reader: Reader, world: World) -> None:
    page = reader.get(f"/bao-cao?don-vi={world.units['suoi-lanh']}")
    text = reader.cookies.get(reader.server.root + page.link("Tải CSV"), timeout=60).content.decode(
        "utf-8-sig"
    )
    assert "Nguyễn Văn An" in text
    assert "Lê Một" not in text
