"""The cause tree in Chromium: by mouse, by keyboard alone, reopened on another machine, on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from isoxa_courses.tools.cause_tree import CauseTree
from isoxa_widgets.cause_tree import CauseTreeWidget
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.courses.test_tool_cause_tree import OWN, STATE, TREE
from tests.widgets.conftest import open_lesson, serious_faults, until
from tests.widgets.lesson_page_stub import LessonKernel
from tests.widgets.portal_server import PortalServer

SignIn = Callable[..., BrowserContext]
ITEM = "cay-thu"
FIELDS = {
    "Điểm không phù hợp": "problem",
    "Yêu cầu không được đáp ứng": "requirement",
    "Bằng chứng": "evidence",
    "Sự khắc phục: đã sửa ngay": "correction",
    "Trường hợp tương tự": "similar",
}


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel.of_tools(CauseTree.model_validate(TREE))
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    return kernel


def saved(portal: PortalServer) -> dict[str, Any]:
    state: dict[str, Any] = portal.world.items.get(("lan", ITEM), {}).get("state") or {}
    return state


def statement(page: Page, text: str) -> Locator:
    return page.get_by_role("radiogroup", name=text)


def drawing(page: Page) -> Locator:
    return page.locator(".ix-w-cause-drawing")


def test_nothing_sent_to_the_page_tells_what_is_right() -> None:
    widget = CauseTreeWidget(CauseTree.model_validate(TREE))
    sent = json.dumps({"sort": widget.sort, "chain": widget.chain}, ensure_ascii=False)
    assert "correct" not in sent
    assert "Dừng ở người" not in sent
    assert all(set(one) == {"id", "text"} for one in widget.sort)


@pytest.mark.browser
def test_by_mouse_from_sorting_to_the_slip(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    page = open_lesson(sign_in(), portal)
    statement(page, "In lại giấy hẹn").get_by_label("Sự khắc phục", exact=True).check()
    statement(page, "Lập lịch ký thay").get_by_label("Hành động khắc phục").check()
    statement(page, "Yêu cầu rút kinh nghiệm").get_by_label("Hành động khắc phục").check()
    page.get_by_role("button", name="Kiểm tra cách xếp").click()
    expect(page.locator(".ix-w-verdict")).to_contain_text("2 trên 3 việc đúng loại")
    expect(statement(page, "Yêu cầu rút kinh nghiệm")).to_contain_text(
        "Nên xếp vào “Không phải hai loại trên”. Không gì khác đi."
    )
    statement(page, "Yêu cầu rút kinh nghiệm").get_by_label("Không phải hai loại trên").check()

    second = page.get_by_role("group", name="Vì sao mẫu cũ còn trong khay?")
    expect(second).to_be_hidden()
    page.get_by_label("Vì thiếu chú ý").check()
    expect(page.get_by_text("Dừng ở người. Anh/chị thử ý khác.")).to_be_visible()
    expect(second).to_be_hidden()
    page.get_by_label("Vì mẫu cũ còn trong khay").check()
    expect(second).to_be_visible()
    page.get_by_label("Vì chưa ai được giao thu").check()
    expect(page.get_by_text("Đã đi hết chuỗi")).to_be_visible()

    for label, name in FIELDS.items():
        page.get_by_label(label).fill(OWN[name])
    page.get_by_role("button", name="Thêm một nguyên nhân").click()
    page.get_by_label("1. Vì sao chuyện ấy xảy ra?").fill("Chờ ký")
    page.get_by_role("button", name="Hỏi tiếp vì sao 1", exact=True).click()
    page.get_by_label("1.1. Vì sao “Chờ ký”?").fill("Chưa có lịch ký thay")
    page.get_by_role("button", name="Hỏi tiếp vì sao 1", exact=True).click()
    page.get_by_label("1.2. Vì sao “Chờ ký”?").fill("Trình ký theo tập")
    page.get_by_label("Chọn 1 làm nguyên nhân gốc").check()
    page.get_by_role("button", name="Thêm hành động").click()
    action = page.locator(".ix-w-record")
    action.get_by_label("Hành động khắc phục").fill("Nhắc nhở cán bộ, rút kinh nghiệm")
    action.get_by_label("Người phụ trách").fill("Chánh Văn phòng")
    action.get_by_label("Xong ngày").fill("2027-01-15")
    page.get_by_label("Đo hiệu lực bằng gì?").fill("Tỷ lệ đúng hạn ba tháng")
    page.get_by_label("Ngày kiểm tra hiệu lực").fill("2027-01-10")
    page.get_by_role("button", name="Kiểm tra phiếu").click()
    verdict = page.locator(".ix-w-verdict")
    expect(verdict.last).to_contain_text("Phiếu còn 3 chỗ cần xem lại")
    expect(page.get_by_text("chưa đủ 2 lần hỏi vì sao")).to_be_visible()
    expect(action.get_by_text("Đây mới là nhắc nhở")).to_be_visible()
    expect(page.get_by_text("Ngày kiểm tra phải sau ngày xong các hành động.")).to_be_visible()
    page.get_by_label("Chọn 1.1 làm nguyên nhân gốc").check()
    action.get_by_label("Hành động khắc phục").fill("Lập lịch ký thay, trình duyệt")
    page.get_by_label("Ngày kiểm tra hiệu lực").fill("2027-04-20")
    expect(drawing(page)).to_have_attribute(
        "aria-label",
        "Cây nguyên nhân: 3 nguyên nhân, nhánh sâu nhất 2 lần hỏi vì sao. "
        "Nguyên nhân gốc: 1.1. Chưa có lịch ký thay",
    )
    page.get_by_role("button", name="Kiểm tra phiếu").click()
    expect(page.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: bool(portal.world.items[("lan", ITEM)].get("done")), "done at the server")
    assert serious_faults(page) == []
    # Tomorrow, on another machine: a branch is taken out and taken back.
    page = open_lesson(sign_in(), portal)
    expect(page.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(page.get_by_text("Có bằng chứng.")).to_be_visible()
    expect(page.get_by_label("Vì chưa ai được giao thu")).to_be_checked()
    expect(page.get_by_label("1.1. Vì sao “Chờ ký”?")).to_have_value("Chưa có lịch ký thay")
    expect(page.get_by_label("Chọn 1.1 làm nguyên nhân gốc")).to_be_checked()
    page.get_by_role("button", name="Xóa nguyên nhân 1", exact=True).click()
    expect(page.get_by_text("Đã xóa nguyên nhân 1 và 2 nguyên nhân ở dưới.")).to_be_visible()
    until(lambda: saved(portal)["own"]["causes"] == [], "taken out")
    page.get_by_role("button", name="Lấy lại").click()
    expect(page.get_by_label("Chọn 1.1 làm nguyên nhân gốc")).to_be_checked()
    until(lambda: len(saved(portal)["own"]["causes"]) == 3, "taken back")


def tab_to(page: Page, place: Locator) -> None:
    """Go on with Tab until ``place`` has the focus."""
    for _ in range(80):
        if place.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {place}")


@pytest.mark.browser
def test_by_keyboard_alone(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    page = open_lesson(sign_in(), portal)
    steps = {"correction": 0, "corrective_action": 1, "neither": 2}
    texts = {item["id"]: item["text"] for item in TREE["sort"]}
    for shown in CauseTreeWidget(CauseTree.model_validate(TREE)).sort:
        radios = statement(page, texts[shown["id"]]).get_by_role("radio")
        tab_to(page, radios.first)
        page.keyboard.press("Space")
        for _ in range(steps[STATE["sorted"][shown["id"]]]):
            page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Kiểm tra cách xếp"))
    page.keyboard.press("Enter")
    expect(page.locator(".ix-w-verdict")).to_contain_text("3 trên 3 việc đúng loại")
    for text in ("Vì mẫu cũ còn trong khay", "Vì chưa ai được giao thu"):
        wanted = page.get_by_label(text)
        expect(wanted).to_be_visible()
        tab_to(page, page.get_by_role("group").filter(has=wanted).last.get_by_role("radio").first)
        page.keyboard.press("Space")
        if not wanted.is_checked():
            page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()
    expect(page.get_by_text("Đã đi hết chuỗi")).to_be_visible()
    tab_to(page, page.get_by_label("Điểm không phù hợp"))
    for name in FIELDS.values():
        page.keyboard.type(OWN[name])
        page.keyboard.press("Tab")
    tab_to(page, page.get_by_role("button", name="Thêm một nguyên nhân"))
    page.keyboard.press("Enter")
    page.keyboard.type("Chờ ký")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("1.1. Vì sao “Chờ ký”?")).to_be_focused()
    page.keyboard.type("Chưa có lịch ký thay")
    tab_to(page, page.get_by_label("Chọn 1.1 làm nguyên nhân gốc"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Thêm hành động"))
    page.keyboard.press("Enter")
    page.keyboard.type("Lập lịch ký thay")
    page.keyboard.press("Tab")
    page.keyboard.type("Chánh Văn phòng")
    tab_to(page, page.get_by_label("Xong ngày"))
    page.keyboard.type(
        "01152027"
    )  # the parts in the order of the browser's own language, which is English here
    tab_to(page, page.get_by_label("Đo hiệu lực bằng gì?"))
    page.keyboard.type("Tỷ lệ đúng hạn")
    tab_to(page, page.get_by_label("Ngày kiểm tra hiệu lực"))
    page.keyboard.type("04202027")
    tab_to(page, page.get_by_role("button", name="Kiểm tra phiếu"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: saved(portal)["own"]["effect"]["date"] == "2027-04-20", "the slip saved")


@pytest.mark.browser
def test_on_a_phone_with_whatever_was_saved(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    deep = [
        {"id": f"c{n}", "parent": f"c{n - 1}" if n else "", "text": "Vì chưa phân công " * 4}
        for n in range(10)
    ]
    strange = [
        {"id": "x", "parent": "y", "text": "vòng"},
        {"id": "y", "parent": "x", "text": 5},
        {"id": 3},
        None,
    ]
    own = {**OWN, "causes": [*deep, *strange, {"id": "w", "parent": "", "text": "dài" * 150}], "root": "c4"}
    state = {"sorted": {"v1": 7}, "chain": {"s1": "b", "s9": "a"}, "own": own}
    portal.world.items[("lan", ITEM)] = {"state": state, "seq": 1, "done": False, "key": "k"}
    page = open_lesson(sign_in(viewport={"width": 390, "height": 844}), portal)
    expect(page.get_by_label("2.1. Vì sao “vòng”?")).to_have_value("")
    expect(drawing(page)).to_be_visible()
    expect(page.get_by_role("group", name="Vì sao mẫu cũ còn trong khay?")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_faults(page) == []


@pytest.mark.browser
def test_the_chain_goes_on_without_a_kernel(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    portal.world.pages["lesson"] = kernel.page(portal=True, dead=True)
    page = open_lesson(sign_in(), portal)
    page.get_by_label("Vì mẫu cũ còn trong khay").check()
    expect(page.get_by_role("group", name="Vì sao mẫu cũ còn trong khay?")).to_be_visible(timeout=9000)
    page.get_by_label("Vì chưa ai được giao thu").check()
    until(lambda: saved(portal).get("chain") == STATE["chain"], "saved all the same")
