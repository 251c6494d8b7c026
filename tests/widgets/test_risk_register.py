"""The risk register in Chromium: by mouse, by keyboard alone, reopened on another machine, on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from isoxa_courses.tools.risk_register import RiskRegister
from isoxa_widgets.risk_register import RiskRegisterWidget
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.courses.test_tool_risk_register import LINE, OPPORTUNITY, REGISTER
from tests.widgets.conftest import open_lesson, serious_faults, until
from tests.widgets.lesson_page_stub import LessonKernel
from tests.widgets.portal_server import PortalServer

SignIn = Callable[..., BrowserContext]
ITEM = "so-thu"


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel.of_tools(RiskRegister.model_validate(REGISTER))
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    return kernel


def saved(portal: PortalServer) -> dict[str, Any]:
    state: dict[str, Any] = portal.world.items.get(("lan", ITEM), {}).get("state") or {}
    return state


def worked(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Rủi ro {number}", exact=True)


def card(page: Page, name: str) -> Locator:
    return page.locator(".ix-w-record").filter(has=page.get_by_role("heading", name=name, exact=True))


def test_nothing_sent_to_the_page_tells_the_places() -> None:
    widget = RiskRegisterWidget(RiskRegister.model_validate(REGISTER))
    assert all(set(one) == {"id", "cause", "event", "effect"} for one in widget.worked)
    sent = json.dumps({name: value for name, value in widget.get_state().items() if name != "layout"})
    assert "14 lần" not in json.loads(json.dumps(sent))


@pytest.mark.browser
def test_by_mouse_from_the_matrix_to_a_register(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    page = open_lesson(sign_in(), portal)
    first, second = worked(page, 1), worked(page, 2)
    first.locator("[data-cell='1x1']").click()
    second.locator("[data-cell='2x4']").click()
    expect(second.get_by_label("Khả năng xảy ra")).to_have_value("2")
    expect(second.get_by_label("Mức ảnh hưởng")).to_have_value("4")
    expect(second.get_by_text("Điểm: 2 × 4 = ◇ 8 – trung bình")).to_be_visible()
    page.get_by_role("button", name="Kiểm tra ma trận").click()
    verdict = page.locator(".ix-w-verdict")
    expect(verdict).to_contain_text("1 trên 2 rủi ro ở đúng chỗ")
    expect(verdict).to_be_focused()
    expect(first).to_contain_text("Khả năng xảy ra: chọn hơi thấp.")
    expect(first).to_contain_text("14 lần là rất thường xuyên")
    expect(second).to_contain_text("Xã đã làm: Lập lịch làm thay")
    expect(second.get_by_role("img")).to_have_attribute(
        "aria-label",
        "Ma trận 5×5: Rủi ro 2 ở khả năng 2, ảnh hưởng 4, điểm ◇ 8 – trung bình. Sau khi xử lý: ▽ 2 – thấp.",
    )
    first.locator("[data-cell='5x3']").click()
    page.get_by_role("button", name="Kiểm tra ma trận").click()
    expect(verdict).to_contain_text("2 trên 2 rủi ro ở đúng chỗ")

    page.get_by_label("Lấy một dòng thường gặp").select_option(label="Quầy phát mẫu đơn đã hết hiệu lực")
    page.get_by_role("button", name="Thêm vào sổ").click()
    risk = card(page, "Rủi ro 1")
    expect(risk.get_by_label("Nguyên nhân")).to_have_value("Không ai được giao rà mẫu đơn")
    expect(risk).to_contain_text(
        "Đọc liền một câu: Vì không ai được giao rà mẫu đơn, có thể quầy phát mẫu đơn đã hết hiệu lực, "
        "dẫn đến người dân phải khai lại."
    )
    page.get_by_role("button", name="Kiểm tra sổ").click()
    expect(page.locator(".ix-w-verdict").last).to_contain_text("0 rủi ro (cần 1), 0 cơ hội (cần 1)")
    expect(risk.get_by_text("Chọn khả năng xảy ra.")).to_be_visible()
    risk.get_by_label("Khả năng xảy ra").select_option("3")
    risk.get_by_label("Mức ảnh hưởng", exact=True).select_option("4")
    expect(risk.get_by_text("Điểm trước: ◇ 12 – trung bình")).to_be_visible()
    risk.get_by_label("Hành động xử lý").fill("Nhắc nhở cán bộ")
    risk.get_by_label("Người phụ trách").fill("Công chức tư pháp")
    risk.get_by_label("Thời hạn").fill("2027-03-31")
    risk.get_by_label("Khả năng sau xử lý").select_option("4")
    risk.get_by_label("Ảnh hưởng sau xử lý").select_option("4")
    page.get_by_role("button", name="Kiểm tra sổ").click()
    expect(risk.get_by_text("Điểm sau cao hơn điểm trước.")).to_be_visible()
    expect(risk.get_by_text("Gợi ý: hành động này mới là nhắc nhở.")).to_be_visible()
    risk.get_by_label("Khả năng sau xử lý").select_option("1")
    page.get_by_label("Lấy một dòng thường gặp").select_option(label="Báo cho người dân khi có kết quả")
    page.get_by_role("button", name="Thêm vào sổ").click()
    chance = card(page, "Cơ hội 1")
    chance.get_by_label("Khả năng xảy ra").select_option("1")
    chance.get_by_label("Mức lợi ích").select_option(label="4 – Lớn")
    expect(chance).to_contain_text("Nhờ phần mềm một cửa có nhắn tin, có thể báo cho người dân")
    page.get_by_role("button", name="Kiểm tra sổ").click()
    expect(page.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    overview = page.get_by_role("img", name="Ma trận rủi ro. R1")
    expect(overview).to_have_attribute(
        "aria-label", "Ma trận rủi ro. R1 ◇ 12 – trung bình, sau hành động ▽ 4 – thấp."
    )
    expect(page.get_by_role("row", name="C1 Báo cho người dân khi có kết quả ▽ 4 – thấp –")).to_be_visible()
    until(lambda: bool(portal.world.items[("lan", ITEM)].get("done")), "done at the server")
    assert serious_faults(page) == []
    # Tomorrow, on another machine; then a line is taken out, and taken back.
    page = open_lesson(sign_in(), portal)
    expect(page.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(worked(page, 1).get_by_label("Khả năng xảy ra")).to_have_value("5")
    expect(card(page, "Rủi ro 1").get_by_label("Thời hạn")).to_have_value("2027-03-31")
    expect(card(page, "Cơ hội 1").get_by_label("Mức lợi ích")).to_have_value("4")
    page.get_by_role("button", name="Xóa Rủi ro 1").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Lấy lại").click()
    expect(card(page, "Rủi ro 1").get_by_label("Mức ảnh hưởng", exact=True)).to_have_value("4")
    until(lambda: len(saved(portal)["risks"]) == 2, "both lines saved again")


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
    for number, likelihood, severity in ((1, "5", "3"), (2, "1", "4")):
        tab_to(page, worked(page, number).get_by_label("Khả năng xảy ra"))
        page.keyboard.type(likelihood)
        page.keyboard.press("Tab")
        page.keyboard.type(severity)
    tab_to(page, page.get_by_role("button", name="Kiểm tra ma trận"))
    page.keyboard.press("Enter")
    expect(page.locator(".ix-w-verdict")).to_contain_text("2 trên 2 rủi ro ở đúng chỗ")
    tab_to(page, page.get_by_role("button", name="Thêm một dòng trống"))
    page.keyboard.press("Enter")
    expect(card(page, "Rủi ro 1").get_by_label("Loại")).to_be_focused()
    page.keyboard.press("Tab")
    for words in ("Một người nắm việc", "Người ấy vắng", "Hồ sơ quá hạn", "1", "2"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    expect(card(page, "Rủi ro 1").get_by_text("Điểm trước: ▽ 2 – thấp")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Thêm một dòng trống"))
    page.keyboard.press("Enter")
    page.keyboard.type("C")
    page.keyboard.press("Tab")
    for words in ("Có chức năng mới", "Dùng chức năng ấy", "Dân đỡ đi lại", "1", "3"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    tab_to(page, page.get_by_role("button", name="Kiểm tra sổ"))
    page.keyboard.press("Space")
    expect(page.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: [one["kind"] for one in saved(portal)["risks"]] == ["risk", "opportunity"], "both saved")


@pytest.mark.browser
def test_on_a_phone_with_whatever_was_saved(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    lines = [{**LINE, "id": f"r{number}"} for number in range(12)]
    strange = [{"id": "x", "kind": 7, "likelihood": "3", "severity": 9, "cause": ["?"]}, {"no": "id"}, None]
    state = {"placed": {"giay-hen": {"likelihood": 99}, "vang": []}, "risks": [*lines, OPPORTUNITY, *strange]}
    portal.world.items[("lan", ITEM)] = {"state": state, "seq": 1, "done": False, "key": "k"}
    page = open_lesson(sign_in(viewport={"width": 390, "height": 844}), portal)
    expect(page.locator(".ix-w-record")).to_have_count(14)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(card(page, "Rủi ro 13").get_by_label("Khả năng xảy ra")).to_have_value("")
    # Twelve in one cell and twelve in another: what has no room is counted.
    expect(page.locator(".ix-w-m-rest")).to_have_text(["+4", "+4"])
    page.get_by_role("button", name="Kiểm tra ma trận").click()
    expect(page.locator(".ix-w-verdict")).to_contain_text("2 rủi ro chưa chọn đủ hai mức.")
    assert serious_faults(page) == []
