"""A hall in Chromium: in by name, a commune found by keyboard, the results taken home and brought in by a trainer.

Each page is looked at with axe at both widths; ``ISOXA_SCREENSHOTS=FOLDER`` keeps the pictures.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.people import Login
from tests.browser.steps import sign_in
from tests.portal.conftest import PASSWORD, Server
from tests.portal.tiny_course import LESSON, QUIZ
from tests.portal.workshop.conftest import hall, office, released

__all__ = ["hall", "office", "released"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
# Contrast takes most of axe's time, and colours do not change with the width.
AXE: dict[int, dict[str, Any]] = {
    1280: {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}},
    390: {"resultTypes": ["violations"]},
}
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class Looker:
    """What is wrong with the pages that were looked at."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def look(self, page: Page, name: str) -> None:
        for size in (PHONE, WIDE):
            page.set_viewport_size(size)
            if folder := os.environ.get("ISOXA_SCREENSHOTS"):
                Path(folder).mkdir(exist_ok=True)
                page.screenshot(path=f"{folder}/{name}-{size['width']}.png", full_page=True)
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over > 0:
                self.faults.append(f"{name} at {size['width']}: {over} px too wide")
            for fault in Axe().run(page, options=AXE[size["width"]]).response["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    nodes = [node["html"][:200] for node in fault["nodes"]]
                    self.faults.append(f"{name} at {size['width']}: {fault['id']} {nodes}")


def test_from_the_door_to_the_roster(
    hall: Server, office: Server, new_context: NewContext, tmp_path: Path
) -> None:
    looker = Looker()
    desk = new_context().new_page()
    desk.goto(f"{office.url}lop-tap-huan")
    sign_in(desk, Login("trainer", PASSWORD, "trainer"))
    desk.get_by_label("Tên lớp").fill("Tập huấn TCVN ISO 9001:2015 cho cán bộ cấp xã, đợt 1")
    desk.get_by_label("Địa điểm").fill("Hội trường xã Suối Lành")
    looker.look(desk, "mo-lop")
    desk.get_by_role("button", name="Mở lớp và lấy mã").click()
    class_page = desk.url
    code = desk.locator(".ix-class-code").inner_text()
    desk.get_by_role("link", name="Chiếu mã lên tường").click()
    looker.look(desk, "ma-lop")

    visitor = new_context()
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    page = visitor.new_page()
    page.goto(hall.url)
    looker.look(page, "vao-lop")
    page.get_by_label("Họ và tên").fill("Nguyễn Văn An")
    unit = page.get_by_label("Xã, phường, đặc khu")
    unit.press_sequentially("suoi")
    expect(page.get_by_role("option", name="Xã Suối Lành, tỉnh Lâm Đồng")).to_be_visible()
    looker.look(page, "vao-lop-don-vi")
    expect(page.get_by_role("status").filter(has_text="1 đơn vị phù hợp")).to_be_attached()
    unit.press("ArrowDown")
    unit.press("Enter")
    expect(unit).to_have_value("Xã Suối Lành, tỉnh Lâm Đồng")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.get_by_label("Mã lớp (nếu có)").fill(code)
    page.get_by_role("button", name="Vào lớp").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
    looker.look(page, "khoa-hoc-trong-lop")

    page.goto(f"{page.url}/bai/{LESSON}")
    expect(page.get_by_text("lớp kết thúc, nơi này xóa hết")).to_be_visible()
    page.goto(page.url.replace(f"bai/{LESSON}", f"kiem-tra/{QUIZ}"))
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.get_by_role("radio", name="Phương án một", exact=True).check()
    expect(page.get_by_role("status").filter(has_text="Đã lưu").first).to_be_visible()
    # The browser is closed in the middle, and opened again.
    state = page.context.storage_state()
    returned = new_context(storage_state=state)
    returned.on("request", lambda request: asked.append(request.url))
    again = returned.new_page()
    again.goto(page.url)
    again.get_by_role("button", name="Làm tiếp bài đang làm").click()
    expect(again.get_by_role("radio", name="Phương án một", exact=True)).to_be_checked()
    page.close()
    again.get_by_role("button", name="Nộp bài").click()
    again.get_by_role("button", name="Nộp bài").last.click()
    expect(again).to_have_url(re.compile(r"/ket-qua/"))
    again.get_by_role("link", name="Mang kết quả về").click()
    looker.look(again, "mang-ket-qua-ve")
    with again.expect_download() as download:
        again.get_by_role("link", name="Tải tệp kết quả").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "ket-qua-nguyen-van-an-xa-suoi-lanh.isoxa.json"
    # A hall whose settings name no organiser asks nobody else.
    assert [url for url in asked if not url.startswith((hall.root, "data:", "blob:"))] == []

    photo = tmp_path / "anh.isoxa.json"
    photo.write_bytes(b"\xff\xd8\xff\xe0")
    desk.goto(class_page)
    desk.get_by_label("Các tệp kết quả").set_input_files([file, photo])
    desk.get_by_role("button", name="Xem trước").click()
    expect(desk.get_by_text("2/10 điểm")).to_be_visible()
    looker.look(desk, "xem-truoc")
    desk.get_by_role("button", name="Xác nhận ghi").click()
    expect(desk.get_by_text("Đã ghi kết quả của 1 người")).to_be_visible()
    looker.look(desk, "lop-da-ghi")
    assert looker.faults == []
