"""The department's report in a browser: from the country to one officer by keyboard, filters kept, files opened.

One browser, one sign-in, over the demo's province; looked at with axe at both widths on the way.
With ``ISOXA_SCREENSHOTS=FOLDER`` each page is also written there as a picture.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Role
from isoxa_grading.records.units import country
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.people import PASSWORD, Login
from tests.browser.report_page import download
from tests.browser.serving import Portal
from tests.browser.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
CENTRE = Login("trung.uong", PASSWORD)
FOCUSED = "document.activeElement.getAttribute('aria-label')"


@dataclass
class Visit:
    """The one page of this module; ``look`` examines it at both widths."""

    portal: Portal
    page: Page
    faults: list[str] = field(default_factory=list)

    def look(self, name: str) -> None:
        for size in (WIDE, PHONE):
            self.page.set_viewport_size(size)
            folder = os.environ.get("ISOXA_SCREENSHOTS")
            if folder:
                self.page.screenshot(path=Path(folder) / f"report-{name}-{size['width']}.png", full_page=True)
            for fault in Axe().run(self.page).response["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    nodes = [node["html"][:160] for node in fault["nodes"]]
                    self.faults.append(f"{name} at {size['width']}: {fault['id']} {nodes}")
        over = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if over > 0:
            self.faults.append(f"{name} scrolls sideways by {over} px on a phone")
        self.page.set_viewport_size(WIDE)
        assert self.faults == []


@pytest.fixture(scope="module")
def visit(portal: Portal, chromium: Browser) -> Iterator[Visit]:
    now = datetime.now(UTC)
    with writing(portal.engine) as session:
        account = create_account(
            session, username=CENTRE.username, password=PASSWORD, display_name="Ủy ban Tiêu chuẩn", person=None,
            actor=None, now=now,
        )  # fmt: skip
        grant_role(session, account, Role.DEPARTMENT, country(session), actor=None, now=now)
    context = chromium.new_context(viewport=WIDE, locale="vi-VN", accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(portal.url)
    sign_in(page, CENTRE)
    yield Visit(portal, page)
    context.close()
    assert errors == []


def test_from_the_country_to_one_officer_by_keyboard(visit: Visit) -> None:
    page = visit.page
    answer = page.goto(f"{visit.portal.url}bao-cao")
    assert answer is not None
    map_ = page.locator("svg[data-ix-map]")
    assert map_.locator("a").count() == 34
    assert len(map_.evaluate("svg => svg.outerHTML")) < 150_000
    visit.look("country")

    # The map is one stop of the Tab key; arrows go to neighbours, and what is pointed at is said below.
    page.get_by_role("link", name="Bỏ qua bản đồ, đến bảng số liệu").focus()
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    page.keyboard.press("ArrowDown")
    second = page.evaluate(FOCUSED)
    assert first != second
    expect(page.locator("[data-ix-map-said]")).to_have_text(second)
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) != second
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('svg[data-ix-map]').contains(document.activeElement)")
    map_.get_by_role("link", name="Tỉnh Lâm Đồng").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Tỉnh Lâm Đồng", level=1)).to_be_visible()
    assert page.locator("svg[data-ix-map] a").count() == 124
    visit.look("province")
    busy = page.locator("svg[data-ix-map] a:not([aria-label*='chưa cử ai'])").first
    commune = (busy.get_attribute("aria-label") or "").split(":")[0]
    busy.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=commune, level=1)).to_be_visible()
    visit.look("commune")
    officer = page.locator("tbody th a").first
    name = officer.inner_text()
    officer.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Bài học")).to_be_visible()
    visit.look("officer")
    page.get_by_label("Anh/chị đang ở đây").get_by_role("link", name="Tỉnh Lâm Đồng").click()
    expect(page.get_by_role("heading", name="Tỉnh Lâm Đồng", level=1)).to_be_visible()


def test_filters_are_kept_on_reload_and_on_the_way_down(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.portal.url}bao-cao")
    page.get_by_label("Đơn vị", exact=True).select_option(label="Tỉnh Lâm Đồng")
    page.get_by_label("Vai trò", exact=True).select_option(label="Thư ký ISO")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("heading", name="Tỉnh Lâm Đồng", level=1)).to_be_visible()
    page.get_by_label("Trạng thái", exact=True).select_option(label="Hoàn thành")
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.get_by_role("link", name="Bỏ lọc").first).to_be_visible()
    shown = page.locator(".ix-units-table caption").inner_text()
    assert not shown.startswith("124 ")
    page.reload()
    assert page.locator(".ix-units-table caption").inner_text() == shown
    assert page.get_by_label("Vai trò", exact=True).input_value() == "thu-ky-iso"
    assert page.get_by_label("Trạng thái", exact=True).input_value() == "hoan-thanh"
    address = page.url
    page.locator(".ix-units-table tbody th a").first.click()
    expect(page.get_by_label("Vai trò", exact=True)).to_have_value("thu-ky-iso")
    page.go_back()
    assert page.url == address
    page.get_by_role("link", name="Bỏ lọc").first.click()
    expect(page.locator(".ix-units-table caption")).to_have_text("124 trên 124 đơn vị")


def test_lists_and_files_open_and_hold_the_same(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{visit.portal.url}bao-cao")
    page.get_by_label("Đơn vị", exact=True).select_option(label="Tỉnh Lâm Đồng")
    page.get_by_role("button", name="Xem", exact=True).click()
    registered = page.locator(".ix-tile-figure").first.inner_text()
    paper = PdfReader(download(page, "Tải PDF để họp", tmp_path))
    text = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    assert "Tỉnh Lâm Đồng" in text
    assert f"{registered} người đăng ký học" in text
    page.get_by_label("Cần gọi ai").get_by_role("link", name="Quá hạn").click()
    expect(page.get_by_role("heading", name="Quá hạn", level=1)).to_be_visible()
    visit.look("list")
    counted = int(page.locator("#bang-goi").inner_text().split()[0].replace(".", ""))
    book = openpyxl.load_workbook(download(page, "Tải Excel", tmp_path))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if "Đơn vị" in row)
    filed = csv.DictReader(
        io.StringIO(download(page, "Tải CSV", tmp_path).read_text("utf-8-sig")), delimiter=";"
    )
    assert len(rows) - top - 1 == len(list(filed)) == counted
    page.get_by_role("link", name="Số ngày quá hạn").click()
    days = [int(one) for one in page.locator("td[data-label='Số ngày quá hạn']").all_inner_texts()]
    assert days == sorted(days, reverse=True)


def test_the_papers_of_a_commune_open(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.goto(f"{visit.portal.url}bao-cao")
    page.get_by_label("Đơn vị", exact=True).select_option(label="Tỉnh Lâm Đồng")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_label("Cần gọi ai").get_by_role("link", name="Quá hạn").click()
    page.locator(".ix-call-table tbody th a").first.click()
    commune = page.get_by_role("heading", level=1).inner_text()
    overdue = {
        row.locator("th").inner_text()
        for row in page.locator("tbody tr").filter(has=page.locator(".ix-overdue")).all()
    }
    assert overdue
    letter = docx.Document(str(download(page, "Công văn đôn đốc: quá hạn", tmp_path)))
    assert any(one.text.startswith("Kính gửi") and commune[1:] in one.text for one in letter.paragraphs), (
        commune
    )
    assert {row.cells[1].text for row in letter.tables[1].rows[1:]} == overdue
    with zipfile.ZipFile(download(page, "Tải hồ sơ minh chứng", tmp_path)) as pack:
        assert pack.testzip() is None
        assert {"muc-luc.xlsx"} <= {name.rsplit("/", 1)[-1] for name in pack.namelist()}


def test_keeping_figures(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.portal.url}bao-cao")
    page.get_by_role("link", name="Số liệu đã chốt qua các kỳ").click()
    page.get_by_role("button", name="Chốt số liệu").click()
    expect(page.get_by_text("Số liệu tính đến hết ngày")).to_be_visible()
    visit.look("kept")
    page.get_by_label("Tính đến hết ngày").fill("2020-01-01")
    page.get_by_role("button", name="Chốt số liệu").click()
    expect(page.get_by_role("heading", name="Cần xem lại")).to_be_visible()
    visit.look("kept-errors")
