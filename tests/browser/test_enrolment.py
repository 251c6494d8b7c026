"""A department's Monday in Chromium: units found by a few letters, a due day changed, and the list of whom to call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from isoxa_courses.text import VIETNAM, fold, format_date
from playwright.sync_api import expect

from tests.browser.conftest import NewContext
from tests.browser.people import Cast
from tests.browser.serving import Portal
from tests.browser.steps import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def test_from_choosing_a_commune_to_whom_to_call(
    portal: Portal, cast: Cast, new_context: NewContext, tmp_path: Path
) -> None:
    officer = cast.officer()
    page = new_context().new_page()
    page.goto(f"{portal.url}ghi-danh/doi-han")
    sign_in(page, cast.staff("department"))

    units = page.get_by_role("group", name="Đơn vị")
    expect(units, "what was not chosen does not crowd the form").to_be_hidden()
    page.get_by_label("Những đơn vị chọn dưới đây").check()
    every = units.get_by_role("listitem").count()
    page.get_by_label("Tìm trong danh sách").fill(fold(officer.commune))
    assert 1 <= units.get_by_role("listitem").count() < every
    units.get_by_label(officer.commune, exact=True).press("Space")
    expect(page.get_by_text("Đã chọn 1 đơn vị")).to_be_visible()
    yesterday = datetime.now(UTC).astimezone(VIETNAM).date() - timedelta(days=1)
    page.get_by_label("Hạn mới").fill(format_date(yesterday))
    page.get_by_role("button", name="Xem trước").click()

    expect(page.get_by_text("Chưa có gì được ghi.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=officer.name)).to_be_visible()
    page.get_by_role("button", name="Đổi hạn của").click()
    expect(page.get_by_role("status")).to_contain_text("Đã đổi hạn của")

    page.goto(f"{portal.url}ghi-danh/nhac-hoc?don-vi={officer.commune}")
    expect(page.get_by_role("row").filter(has_text=officer.name)).to_contain_text("Chưa có thư điện tử")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải danh sách cần gọi (Excel)").click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    names = [row[0] for row in openpyxl.load_workbook(file).active.iter_rows(min_row=2, values_only=True)]
    assert officer.name in names
