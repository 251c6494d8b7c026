"""The plan table in Chromium: by mouse, by keyboard alone, with the objective of another lesson, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.courses.objective_tools import GOOD, GOOD_TOO, PLAN, plan, plan_done
from tests.widgets.conftest import serious_faults, until
from tests.widgets.lesson_page_stub import LessonKernel
from tests.widgets.portal_server import PortalServer

pytestmark = pytest.mark.browser
SignIn = Callable[..., BrowserContext]
LESSON = PLAN["objective_from"]["lesson"]
FIELDS = {
    "Làm gì (What)": "Soạn phiếu hướng dẫn",
    "Vì sao (Why)": "Người dân thiếu giấy tờ",
    "Ai làm (Who)": "Ông Bình",
    "Ở đâu (Where)": "Bộ phận một cửa",
    "Bắt đầu (When)": "2027-02-01",
    "Hoàn thành (When)": "2027-02-28",
    "Làm thế nào (How)": "Soạn, hỏi thử, in",
    "Nguồn lực": "2 ngày công",
    "Cách đánh giá kết quả": "Đếm hồ sơ bổ sung hằng tuần",
}


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel.of_tools(plan())
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    return kernel


def wrote_objectives(portal: PortalServer, *texts: str) -> None:
    """What the officer has in the SMART builder of the earlier lesson."""
    objectives = [{"id": f"r{index}", "text": text} for index, text in enumerate(texts)]
    item = {"state": {"objectives": objectives}, "seq": 1, "done": True}
    portal.world.other_lessons[LESSON] = {"muc-tieu": item}


def open_tool(context: BrowserContext, portal: PortalServer) -> tuple[Page, Locator]:
    page = context.new_page()
    page.goto(f"{portal.url}lesson")
    page.wait_for_function("window.allDrawn")
    expect(page.get_by_text("Đang mở…")).to_have_count(0)
    return page, page.get_by_role("region", name="Bảng kế hoạch")


def saved(portal: PortalServer) -> dict[str, Any]:
    state = portal.world.items.get(("lan", "ke-hoach"), {}).get("state")
    return state if state is not None else {}


def keep(portal: PortalServer, state: Any) -> None:
    portal.world.items["lan", "ke-hoach"] = {"state": state, "seq": 1, "done": False, "key": "k"}


def is_done(portal: PortalServer) -> bool:
    return bool(portal.world.items.get(("lan", "ke-hoach"), {}).get("done"))


def gap(tool: Locator, count: int) -> Locator:
    return tool.get_by_role("group", name=f"Dòng {count}:")


def fill_row(record: Locator, **changes: str) -> None:
    for label, value in {**FIELDS, **changes}.items():
        record.get_by_label(label, exact=True).fill(value)


def test_by_mouse_from_gaps_to_a_plan_of_ones_own(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    wrote_objectives(portal, GOOD)
    _page, tool = open_tool(sign_in(), portal)
    objective = tool.get_by_label("Mục tiêu của kế hoạch")
    expect(objective).to_have_value(GOOD)
    expect(tool.get_by_text("Câu này lấy từ bài 6a; anh/chị sửa được tại đây.")).to_be_visible()
    assert saved(portal) == {}, "opening a page saves nothing"
    # A wrong tick, a missed one.
    gap(tool, 1).get_by_text("(để trống)").click()
    gap(tool, 3).get_by_role("checkbox", name="Làm gì").check()
    tool.get_by_role("button", name="Kiểm tra kế hoạch mẫu").click()
    verdict = tool.locator(".ix-w-verdict")
    expect(verdict).to_contain_text("1 trên 3 dòng đã tìm đúng")
    expect(verdict).to_be_focused()
    expect(gap(tool, 1)).to_contain_text("✓ Đúng, cần viết lại ô này.")
    expect(gap(tool, 1)).to_contain_text("Còn 1 cột chưa tìm ra.")
    expect(gap(tool, 2)).to_contain_text("Dòng này đủ các cột.")
    expect(gap(tool, 3)).to_contain_text("✗ Ô này đã đủ rõ.")
    why = gap(tool, 3).get_by_text("thì không ai chịu trách nhiệm")
    expect(why).to_be_hidden()
    gap(tool, 3).get_by_text("Xem giải thích").click()
    expect(why).to_be_visible()
    gap(tool, 1).get_by_role("checkbox", name="Cách đánh giá").check()
    gap(tool, 3).get_by_role("checkbox", name="Làm gì").uncheck()
    gap(tool, 3).get_by_role("checkbox", name="Ai làm").check()
    tool.get_by_role("button", name="Kiểm tra kế hoạch mẫu").click()
    expect(verdict).to_contain_text("3 trên 3 dòng đã tìm đúng")
    # One's own: the first row whole, the second without the two that are often forgotten.
    fill_row(tool.locator(".ix-w-record").nth(0))
    tool.get_by_role("button", name="Thêm việc").click()
    second = tool.locator(".ix-w-record").nth(1)
    fill_row(second, **{"Nguồn lực": "", "Cách đánh giá kết quả": "", "Bắt đầu (When)": "2027-03-05"})
    picture = tool.get_by_role("img")
    expect(picture).to_have_attribute(
        "aria-label", "Sơ đồ thời gian: việc 1, Soạn phiếu hướng dẫn: 01/02/2027 đến 28/02/2027"
    )
    expect(tool.get_by_role("table")).to_contain_text("hoàn thành trước khi bắt đầu")
    tool.get_by_role("button", name="Kiểm tra kế hoạch của tôi").click()
    own = tool.locator(".ix-w-verdict").last
    expect(own).to_contain_text("1 việc đã đủ các cột, cần ít nhất 2")
    expect(own).to_contain_text("nguồn lực (việc 2); cách đánh giá kết quả (việc 2)")
    expect(own).to_contain_text("Việc 2: ngày hoàn thành trước ngày bắt đầu.")
    expect(second.get_by_text("Ngày hoàn thành đang trước ngày bắt đầu.")).to_be_visible()
    expect(second.get_by_label("Nguồn lực", exact=True)).to_have_attribute("aria-invalid", "true")
    assert not is_done(portal)
    fill_row(second, **{"Làm gì (What)": "Dán phiếu", "Hoàn thành (When)": "2027-04-15"})
    tool.get_by_role("button", name="Kiểm tra kế hoạch của tôi").click()
    expect(own).to_contain_text("Anh/chị đã tìm đúng chỗ thiếu và lập xong kế hoạch")
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: is_done(portal), "done at the server")
    expect(tool.get_by_text("Kế hoạch từ 01/02/2027 đến 15/04/2027; việc 2 xong sau cùng")).to_be_visible()
    link = tool.get_by_role("link", name="Tải kế hoạch thực hiện (Excel)")
    assert (link.get_attribute("href") or "").endswith("/tai-lieu/ke-hoach/ke-hoach-thuc-hien.xlsx")
    # Tomorrow, on another machine.
    _page, tool = open_tool(sign_in(), portal)
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(gap(tool, 3).get_by_role("checkbox", name="Ai làm")).to_be_checked()
    record = tool.locator(".ix-w-record").nth(1)
    expect(record.get_by_label("Hoàn thành (When)")).to_have_value("2027-04-15")
    expect(record.get_by_label("Cách đánh giá kết quả")).to_have_value(FIELDS["Cách đánh giá kết quả"])
    assert saved(portal)["found"] == {
        "dong-1": ["resources", "evaluation"],
        "dong-2": [],
        "dong-3": ["who"],
    }


def press_until(page: Page, words: str, most: int = 40) -> None:
    """Press Tab until a control of that name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => {
              const node = document.activeElement;
              return node.labels && node.labels.length ? node.labels[0].textContent : node.textContent;
            }"""
        )
        if name.strip().startswith(words):
            return
    raise AssertionError(f"the focus never reached {words}")


def test_by_keyboard_alone(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    keep(portal, {**plan_done(), "found": {}, "objective": "", "rows": plan_done()["rows"][:1]})
    page, tool = open_tool(sign_in(), portal)
    for words in ("Nguồn lực", "Cách đánh giá"):
        press_until(page, words)
        page.keyboard.press("Space")
    press_until(page, "Làm gì")  # row 2
    press_until(page, "Ai làm")
    press_until(page, "Ai làm")  # row 3
    page.keyboard.press("Space")
    press_until(page, "Kiểm tra kế hoạch mẫu")
    page.keyboard.press("Enter")
    verdict = tool.locator(".ix-w-verdict")
    expect(verdict).to_contain_text("3 trên 3 dòng đã tìm đúng")
    expect(verdict).to_be_focused()
    press_until(page, "Mục tiêu của kế hoạch")
    page.keyboard.insert_text(GOOD_TOO)
    press_until(page, "Thêm việc")
    page.keyboard.press("Enter")
    for label, value in FIELDS.items():
        expect(tool.locator(".ix-w-record").nth(1).get_by_label(label, exact=True)).to_be_focused()
        if label.endswith("(When)"):
            # Day and month are one number, so the browser's order of the parts of a date does not matter.
            day = "02" if label.startswith("Bắt đầu") else "03"
            page.keyboard.type(f"{day}{day}2027")
            assert page.evaluate("document.activeElement.value") == f"2027-{day}-{day}"
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.labels[0].textContent") == label:
                page.keyboard.press("Tab")  # the calendar's button
        else:
            page.keyboard.insert_text(value)
            page.keyboard.press("Tab")
    press_until(page, "Kiểm tra kế hoạch của tôi")
    page.keyboard.press("Enter")
    expect(tool.locator(".ix-w-verdict").last).to_contain_text("lập xong kế hoạch của đơn vị mình")
    expect(tool.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: is_done(portal), "done at the server")


def test_the_objective_is_chosen_changed_and_brought_back(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    wrote_objectives(portal, GOOD, "", GOOD_TOO, GOOD)
    keep(portal, {"objective": "Mục tiêu tự viết"})
    _page, tool = open_tool(sign_in(), portal)
    objective = tool.get_by_label("Mục tiêu của kế hoạch")
    expect(objective).to_have_value("Mục tiêu tự viết")
    tool.get_by_role("button", name="Lấy mục tiêu từ bài 6a").click()
    expect(tool.get_by_text("Có 2 mục tiêu ở bài 6a. Anh/chị chọn một câu:")).to_be_visible()
    expect(tool.get_by_role("button", name=GOOD)).to_be_focused()
    tool.get_by_role("button", name=GOOD_TOO).click()
    expect(objective).to_have_value(GOOD_TOO)
    expect(objective).to_be_focused()
    until(lambda: saved(portal)["objective"] == GOOD_TOO, "the one that was chosen")
    tool.get_by_role("button", name="Lấy lại câu cũ").click()
    expect(objective).to_have_value("Mục tiêu tự viết")
    until(lambda: saved(portal)["objective"] == "Mục tiêu tự viết", "the old one")


def test_no_objective_in_the_other_lesson_is_told_calmly(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    _page, tool = open_tool(sign_in(), portal)
    objective = tool.get_by_label("Mục tiêu của kế hoạch")
    expect(objective).to_have_value("")
    tool.get_by_role("button", name="Lấy mục tiêu từ bài 6a").click()
    expect(tool.get_by_text("Chưa thấy mục tiêu nào ở bài 6a.")).to_be_visible()
    tool.get_by_role("button", name="Kiểm tra kế hoạch của tôi").click()
    expect(tool.get_by_text("Chưa có mục tiêu: kế hoạch này để đạt điều gì?")).to_be_visible()
    # Cleared on purpose stays cleared, whatever the other lesson holds by then.
    until(lambda: saved(portal).get("objective") == "", "saved empty")
    wrote_objectives(portal, GOOD)
    _page, tool = open_tool(sign_in(), portal)
    expect(tool.get_by_label("Mục tiêu của kế hoạch")).to_have_value("")


@pytest.mark.parametrize(
    "state",
    [
        {"found": [1], "objective": 5, "rows": "x"},
        {
            "found": {"dong-1": "who", "dong-3": [7]},
            "objective": None,
            "rows": [None, {"id": 4}, {"id": "r1", "start": 20270101}],
        },
    ],
)
def test_a_state_of_another_shape_opens_as_far_as_it_makes_sense(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel, state: Any
) -> None:
    keep(portal, state)
    _page, tool = open_tool(sign_in(), portal)
    expect(tool.get_by_role("checkbox", checked=True)).to_have_count(0)
    expect(tool.locator(".ix-w-record")).to_have_count(1)
    tool.get_by_label("Làm gì (What)").fill("Soạn phiếu")
    until(lambda: "Soạn phiếu" in str(saved(portal)["rows"]), "saved")
    assert [row["what"] for row in saved(portal)["rows"]] == ["Soạn phiếu"]
    assert saved(portal)["found"] == {"dong-1": [], "dong-2": [], "dong-3": []}


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_for_axe_and_nothing_sideways(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel, width: int
) -> None:
    state = plan_done()
    state["rows"][0].update(what="g" * 90, resources="", start="1900-01-01", end="2199-12-31")
    state["found"]["dong-2"] = ["how"]
    keep(portal, state)
    page, tool = open_tool(sign_in(viewport={"width": width, "height": 800}), portal)
    tool.get_by_role("button", name="Kiểm tra kế hoạch mẫu").click()
    expect(tool.get_by_text("✗ Ô này đã đủ rõ.")).to_be_visible()
    tool.get_by_role("button", name="Kiểm tra kế hoạch của tôi").click()
    expect(tool.get_by_text("Chưa có nguồn lực:")).to_be_visible()
    tool.get_by_text("Xem một dòng mẫu đủ các cột").click()
    expect(tool.get_by_role("table")).to_have_count(1 if width == 1280 else 0)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overflowing = tool.evaluate(
        """node => [...node.querySelectorAll("*:not(svg *)")]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert overflowing == 0
    # The line of time is drawn again to the width there is.
    page.set_viewport_size({"width": 700, "height": 800})
    drawn = "node => node.clientWidth - node.firstElementChild.getBoundingClientRect().width"
    place = tool.locator(".ix-w-timeline-place")
    until(lambda: abs(place.evaluate(drawn)) < 2, "drawn to the new width")
