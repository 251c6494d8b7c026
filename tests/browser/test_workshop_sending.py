"""Two portals in Chromium: a participant's container under an odd address, and the organiser's on another port.

What was done in the one is sent with the code on the wall and stands in the other's report; its hall screen shows the
room; and of all other hosts exactly that one address is asked. Without the setting none is. Pages are looked at with
axe at both widths; ``ISOXA_SCREENSHOTS=FOLDER`` keeps the pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from isoxa_portal.links import REPORTS_PATH
from isoxa_portal.workshop.folder import WorkshopFolder
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.people import Login
from tests.browser.steps import sign_in
from tests.browser.test_workshop import Looker
from tests.made_once import copy_of
from tests.portal.conftest import PASSWORD, Server
from tests.portal.tiny_course import COURSE, LESSON, QUIZ
from tests.portal.workshop.conftest import office, released

__all__ = ["office", "released"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
BASE = "/user/lop~9-k3v9.x/proxy/8866/isoxa/"


@pytest.fixture(scope="module")
def container(released: Path, office: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = WorkshopFolder(copy_of(released, tmp_path_factory.mktemp("container") / "data"))
    text = data.settings_file.read_text("utf-8")
    data.settings_file.write_text(text.replace('organiser = ""', f'organiser = "{office.url}"'), "utf-8")
    served = Server(data, BASE)
    yield served
    served.stop()


def addresses_elsewhere(context: BrowserContext, home: Server) -> list[str]:
    """Fills with every address of another host that a page of this context asks."""
    seen: list[str] = []
    context.on(
        "request",
        lambda asked: (
            seen.append(asked.url) if not asked.url.startswith((home.root, "data:", "blob:")) else None
        ),
    )
    return seen


def come_in(page: Page, container: Server, name: str, code: str) -> None:
    page.goto(container.url)
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Xã, phường, đặc khu").fill("Xã Suối Lành, Lâm Đồng")
    page.get_by_label("Mã lớp (nếu có)").fill(code)
    page.get_by_role("button", name="Vào lớp").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def test_from_a_container_to_the_organisers_portal(
    container: Server, office: Server, new_context: NewContext
) -> None:
    looker = Looker()
    desk = new_context().new_page()
    desk.goto(f"{office.url}lop-tap-huan")
    sign_in(desk, Login("trainer", PASSWORD, "trainer"))
    desk.get_by_label("Tên lớp").fill("Tập huấn TCVN ISO 9001:2015 trên Binder")
    desk.get_by_label("Địa điểm").fill("Hội trường xã Suối Lành")
    desk.get_by_role("button", name="Mở lớp và lấy mã").click()
    class_page, code = desk.url, desk.locator(".ix-class-code").inner_text()
    desk.get_by_role("button", name="Tôi có mặt và theo dõi: ghi ngay tệp khớp danh sách").click()
    expect(desk.get_by_text("bảo đảm có mặt và theo dõi")).to_be_visible()
    looker.look(desk, "lop-gui-ve")
    desk.get_by_role("link", name="Mở màn hình lớp").click()
    expect(desk.get_by_text("Chưa trang nào của người học báo về cổng này.")).to_be_visible()
    looker.look(desk, "man-hinh-chua-ai")

    context = new_context()
    elsewhere = addresses_elsewhere(context, container)
    page = context.new_page()
    come_in(page, container, "Nguyễn Văn An", code)
    course = page.url
    # The screen fills by itself.
    expect(desk.locator(".ix-screen-tiles strong").first).to_have_text("1")
    page.goto(f"{course}/kiem-tra/{QUIZ}")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.get_by_role("radio", name="Phương án hai", exact=True).check()
    expect(page.get_by_role("status").filter(has_text="Đã lưu").first).to_be_visible()
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("button", name="Nộp bài").last.click()
    expect(page).to_have_url(re.compile(r"/ket-qua/"))
    # A lesson's page reports too, under its own policy.
    with page.expect_response(lambda answer: answer.url.endswith(REPORTS_PATH)) as reported:
        page.goto(f"{course}/bai/{LESSON}")
    assert reported.value.ok
    page.get_by_role("link", name="Mang kết quả về").click()

    send = page.get_by_role("button", name="Gửi về cổng")
    expect(send).to_be_visible()
    field = page.get_by_label("Mã lớp giảng viên chiếu lên")
    expect(field).to_have_value(code)
    looker.look(page, "gui-ve-cong")
    # A code that no class has; then the line is cut; then it goes.
    field.fill("2222-2222-2222")
    send.click()
    expect(page.get_by_role("alert").filter(has_text="Không mất gì")).to_be_focused()
    field.fill(code)
    context.route(re.compile(re.escape(office.root)), lambda route: route.abort())
    send.click()
    expect(page.get_by_role("alert").filter(has_text="chưa liên lạc được với cổng")).to_be_focused()
    context.unroute_all()
    send.focus()
    page.keyboard.press("Enter")
    receipt = page.locator("[data-ix-receipt]")
    expect(receipt).to_contain_text("1 bài kiểm tra được tính điểm")
    expect(receipt).to_contain_text("Nguyễn Văn An, Xã Suối Lành")
    looker.look(page, "bien-nhan")
    digest = receipt.locator("[data-ix-of=sha256]").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Lưu tệp vừa gửi").click()
    assert digest[:8] in download.value.suggested_filename
    assert set(elsewhere) == {office.root + REPORTS_PATH}
    # The policy lets the page ask that address alone, and nothing else of the same host.
    refused = page.evaluate(
        "address => fetch(address, {mode: 'no-cors'}).then(() => '', error => error.name)",
        f"{office.url}api/session",
    )
    assert refused == "TypeError"

    # Others of the room, as their pages would report them.
    for number, at in enumerate([f"lesson/{LESSON}", f"quiz/{QUIZ}", None, None, f"lesson/{LESSON}"]):
        done = [f"lesson/{LESSON}", f"quiz/{QUIZ}"] if at is None else []
        answers = {f"{QUIZ}/c1/v1": [1, 1]} if at is None else {}
        body = {
            "kind": "presence", "code": code, "key": f"{number:064x}",
            "courses": {COURSE: {"at": at, "done": done, "answers": answers}},
        }  # fmt: skip
        assert requests.post(office.root + REPORTS_PATH, json=body, timeout=60).ok
    expect(desk.locator(".ix-screen-tiles strong").first).to_have_text("6")
    expect(desk.locator(".ix-screen-question strong")).to_have_text("100 %")
    looker.look(desk, "man-hinh-binder")
    # The trainer leads, and the container's page hears it.
    desk.get_by_role("button", name="Dẫn lớp từ bài đầu").click()
    late = new_context().new_page()
    with late.expect_response(
        lambda answer: answer.url.endswith("/standing") and "heard" in (answer.request.post_data or "")
    ):
        come_in(late, container, "Lò Thị Muộn", code)
    late.goto(f"{container.url}khoa-hoc/{COURSE}/kiem-tra/{QUIZ}")
    expect(late.get_by_role("heading", name="Giảng viên chưa mở bài này")).to_be_visible()

    desk.goto(class_page)
    expect(desk.get_by_role("row").filter(has_text="Nguyễn Văn An")).to_contain_text("tính điểm")
    department = new_context().new_page()
    department.goto(f"{office.url}bao-cao")
    sign_in(department, Login("department", PASSWORD, "department"))
    department.get_by_role("link", name="Xã Suối Lành").first.click()
    department.get_by_role("link", name="Nguyễn Văn An").first.click()
    expect(department.get_by_role("region", name="Lớp tập huấn")).to_contain_text("Hội trường xã Suối Lành")
    looker.look(department, "minh-chung-tap-huan")
    assert looker.faults == []
