"""The SMART builder in Chromium: by mouse, by keyboard alone, on a second PC, on a phone, with a silent kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.courses.objective_tools import BUILDER, GOOD, GOOD_TOO, IMPOSSIBLE, builder, builder_done
from tests.widgets.conftest import serious_faults, until
from tests.widgets.lesson_page_stub import LessonKernel
from tests.widgets.portal_server import PortalServer

pytestmark = pytest.mark.browser
SignIn = Callable[..., BrowserContext]
FIRST, SECOND, OWN = "Viết lại câu 1", "Viết lại câu 2", "Câu mục tiêu"


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel.of_tools(builder())
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    return kernel


def open_tool(context: BrowserContext, portal: PortalServer) -> tuple[Page, Locator]:
    page = context.new_page()
    page.goto(f"{portal.url}lesson")
    page.wait_for_function("window.allDrawn")
    expect(page.get_by_text("Đang mở…")).to_have_count(0)
    return page, page.get_by_role("region", name="Bàn viết mục tiêu")


def saved(portal: PortalServer) -> dict[str, Any]:
    state = portal.world.items.get(("lan", "muc-tieu"), {}).get("state")
    return state if state is not None else {}


def is_done(portal: PortalServer) -> bool:
    return bool(portal.world.items.get(("lan", "muc-tieu"), {}).get("done"))


def card(tool: Locator, count: int) -> Locator:
    return tool.locator(".ix-w-repair").nth(count - 1)


def test_by_mouse_from_weak_sentences_to_an_objective_of_ones_own(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    _page, tool = open_tool(sign_in(), portal)
    first = card(tool, 1)
    expect(first.get_by_text("Xem một cách viết")).to_be_hidden()
    first.get_by_role("button", name="Chép câu gốc xuống để sửa").click()
    field = first.get_by_label(FIRST)
    expect(field).to_have_value(BUILDER["repairs"][0]["text"])
    expect(field).to_be_focused()
    # Read without a button, and the cursor stays where it is.
    expect(first.get_by_role("listitem").filter(has_text="T Có hạn")).to_contain_text("Chưa đạt")
    expect(first.get_by_role("listitem").filter(has_text="T Có hạn")).to_contain_text("trong thời gian tới")
    expect(first.locator("mark").filter(has_text="trong thời gian tới")).to_contain_text("T✗")
    expect(field).to_be_focused()
    expect(first.get_by_text("Xem một cách viết")).to_be_visible()
    expect(first.get_by_role("button", name="Chép câu gốc xuống để sửa")).to_be_hidden()
    field.fill(IMPOSSIBLE)
    expect(first.get_by_role("listitem").filter(has_text="A Vừa sức")).to_contain_text("Chưa đạt")
    tool.get_by_role("button", name="Xem nhận xét", exact=True).click()
    verdict = tool.locator(".ix-w-verdict")
    expect(verdict).to_contain_text("0 trên 2 câu đã đủ ý")
    expect(verdict).to_contain_text("Câu 1: cần xem lại chữ A.")
    expect(verdict).to_contain_text("Câu 2: chưa viết.")
    expect(verdict).to_be_focused()
    field.fill(GOOD)
    card(tool, 2).get_by_label(SECOND).fill(GOOD_TOO)
    expect(first.get_by_role("img")).to_have_attribute(
        "aria-label", "S Cụ thể: Đạt; M Đo được: Đạt; A Vừa sức: Đạt; R Thiết thực: Đạt; T Có hạn: Đạt"
    )
    expect(card(tool, 2).get_by_role("img")).to_have_attribute(
        "aria-label",
        "S Cụ thể: Đạt; M Đo được: Đạt; A Vừa sức: Chưa đủ thông tin để nói; R Thiết thực: Đạt; T Có hạn: Đạt",
    )
    tool.get_by_role("button", name="Xem nhận xét", exact=True).click()
    expect(verdict).to_contain_text("2 trên 2 câu đã đủ ý")
    expect(verdict).to_contain_text("viết tiếp mục tiêu của đơn vị mình")
    assert not is_done(portal)
    tool.get_by_label(OWN).fill("Tổ chức 3 lớp tập huấn trong năm 2099")
    record = tool.locator(".ix-w-record").last
    expect(record.get_by_text("Mục tiêu nói kết quả; việc làm thuộc về kế hoạch")).to_be_visible()
    tool.get_by_label(OWN).fill(GOOD)
    tool.get_by_label("Mức hiện nay").fill("96,0% (1.200 trên 1.250 hồ sơ)")
    tool.get_by_label("Nguồn số liệu").fill("Phần mềm một cửa")
    tool.get_by_label("Người phụ trách").fill("Bà An")
    tool.get_by_role("button", name="Xem nhận xét mục tiêu của đơn vị").click()
    expect(tool.locator(".ix-w-verdict").last).to_contain_text("Anh/chị đã sửa xong các câu")
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: is_done(portal), "done at the server")
    link = tool.get_by_role("link", name="Tải mục tiêu chất lượng (Word)")
    assert (link.get_attribute("href") or "").endswith(
        "/khoa-hoc/c/bai/l/tai-lieu/muc-tieu/muc-tieu-chat-luong.docx"
    )
    # Tomorrow, on another machine: everything is there, with what was said of it.
    _page, tool = open_tool(sign_in(), portal)
    expect(tool.get_by_label(FIRST)).to_have_value(GOOD)
    expect(tool.get_by_label("Người phụ trách")).to_have_value("Bà An")
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(card(tool, 2).get_by_text("4 trên 5 chữ đạt.")).to_be_visible()
    assert saved(portal)["objectives"] == [
        {
            "id": "r1",
            "text": GOOD,
            "baseline": "96,0% (1.200 trên 1.250 hồ sơ)",
            "source": "Phần mềm một cửa",
            "owner": "Bà An",
        }
    ]


def tab_to(page: Page, words: str, most: int = 30) -> None:
    """Press Tab until a control of that accessible name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => {
              const node = document.activeElement;
              return node.labels && node.labels.length ? node.labels[0].textContent : node.textContent;
            }"""
        )
        if name.strip() == words:
            return
    raise AssertionError(f"the focus never reached {words}")


def test_by_keyboard_alone(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    page, tool = open_tool(sign_in(), portal)
    tab_to(page, "Gợi ý")
    page.keyboard.press("Enter")
    expect(tool.get_by_text("Bao nhiêu hồ sơ, đến khi nào?")).to_be_visible()
    tab_to(page, FIRST)
    page.keyboard.insert_text(GOOD)
    tab_to(page, SECOND)
    page.keyboard.insert_text(GOOD_TOO)
    tab_to(page, "Xem nhận xét")
    page.keyboard.press("Enter")
    verdict = tool.locator(".ix-w-verdict")
    expect(verdict).to_contain_text("2 trên 2 câu đã đủ ý")
    expect(verdict).to_be_focused()
    tab_to(page, "Thêm mục tiêu")
    page.keyboard.press("Enter")
    expect(tool.get_by_label(OWN).nth(1)).to_be_focused()
    page.keyboard.insert_text(GOOD_TOO)
    tab_to(page, "Xem nhận xét mục tiêu của đơn vị")
    page.keyboard.press("Enter")
    expect(tool.locator(".ix-w-verdict").last).to_contain_text("1 mục tiêu đủ ý")
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: is_done(portal), "done at the server")
    assert [one["text"] for one in saved(portal)["objectives"]] == ["", GOOD_TOO]


def test_a_silent_kernel_is_told_calmly_and_what_is_written_is_judged_by_the_server(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    portal.world.pages["lesson"] = kernel.page(portal=True, dead=True)
    portal.world.items["lan", "muc-tieu"] = {
        "state": {**builder_done(), "objectives": []},
        "seq": 1,
        "done": False,
        "key": "k",
    }
    page, tool = open_tool(sign_in(), portal)
    tool.get_by_label(OWN).fill(GOOD)
    until(lambda: is_done(portal), "judged by the server")
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(tool.get_by_text("Chưa có nhận xét lúc này")).to_be_visible(timeout=9000)
    page.evaluate("window.kernelDead = false")
    tool.get_by_label(OWN).press_sequentially(".")
    expect(tool.get_by_text("Chưa có nhận xét lúc này")).to_have_count(0)
    expect(tool.locator(".ix-w-record").last.get_by_text("5 trên 5 chữ đạt.")).to_be_visible()


@pytest.mark.parametrize(
    "state",
    [
        {"repairs": ["cau-1"], "objectives": {"id": "r1"}},
        {
            "repairs": {"cau-1": 7, "khac": "x"},
            "objectives": [None, 3, {"text": "không có mã"}, {"id": "r9", "text": ["x"]}],
        },
    ],
)
def test_a_state_of_another_shape_opens_as_far_as_it_makes_sense(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel, state: Any
) -> None:
    portal.world.items["lan", "muc-tieu"] = {"state": state, "seq": 1, "done": False, "key": "k"}
    _page, tool = open_tool(sign_in(), portal)
    expect(tool.get_by_label(FIRST)).to_have_value("")
    tool.get_by_label(FIRST).fill(GOOD)
    expect(card(tool, 1).get_by_text("5 trên 5 chữ đạt.")).to_be_visible()
    until(lambda: GOOD in str(saved(portal)["repairs"]), "saved")
    assert saved(portal)["repairs"] == {"cau-1": GOOD, "cau-2": ""}


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_for_axe_and_nothing_sideways(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel, width: int
) -> None:
    state = builder_done()
    state["repairs"]["cau-1"] = f"Nâng cao, {IMPOSSIBLE}, trong thời gian tới"
    state["objectives"].append({"id": "r2", "text": "Tổ chức 3 lớp tập huấn" + "g" * 120})
    portal.world.items["lan", "muc-tieu"] = {"state": state, "seq": 1, "done": False, "key": "k"}
    page, tool = open_tool(sign_in(viewport={"width": width, "height": 800}), portal)
    expect(tool.locator(".ix-w-smart-picture")).to_have_count(4)
    tool.get_by_role("button", name="Xem nhận xét", exact=True).click()
    expect(tool.locator(".ix-w-verdict")).to_be_visible()
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overflowing = tool.evaluate(
        """node => [...node.querySelectorAll("*")]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert overflowing == 0
