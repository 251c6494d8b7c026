"""Checkpoints, the PDCA board and the summary in Chromium: on the portal, and alone as in JupyterLab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.widgets.conftest import open_lesson, serious_faults, until
from tests.widgets.lesson_page_stub import LessonKernel
from tests.widgets.portal_server import PortalServer

pytestmark = pytest.mark.browser
SignIn = Callable[..., BrowserContext]
WORDS = "Ba tháng qua có 18 hồ sơ quá hạn ở xã"
STEPS = ("plan", "do", "check", "act")
NAMES = ("P – Hoạch định", "D – Thực hiện", "C – Kiểm tra", "A – Hành động")


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel("rut-kinh-nghiem", "ty-le", "don-gian-hay-rut-ngan", "bang-pdca", "summary")
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    return kernel


def checkpoint(page: Page, item: str) -> Locator:
    return page.locator(f"#luyen-tap-{item}")


def board(page: Page) -> Locator:
    return page.get_by_role("region", name="Bảng PDCA")


def state(portal: PortalServer, item: str) -> Any:
    return portal.world.items.get(("lan", item), {}).get("state")


def is_done(portal: PortalServer, item: str) -> bool:
    return bool(portal.world.items.get(("lan", item), {}).get("done"))


def test_a_checkpoint_is_checked_explained_redone_and_kept(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    context = sign_in()
    page = open_lesson(context, portal)
    place = checkpoint(page, "rut-kinh-nghiem")
    check = place.get_by_role("button", name="Kiểm tra", exact=True)
    check.click()
    expect(place.get_by_role("alert")).to_have_text("Anh/chị chọn hoặc viết câu trả lời rồi bấm Kiểm tra.")
    place.get_by_label("Ghi nhận, quý sau").check()
    until(lambda: state(portal, "rut-kinh-nghiem") == {"draft": "d"}, "the draft")
    check.click()
    verdict = place.locator(".ix-w-verdict")
    expect(verdict).to_contain_text("Chưa đúng")
    expect(verdict).to_be_focused()
    expect(place.get_by_text("Chờ thêm một quý thì cách làm vẫn như cũ")).to_be_visible()
    expect(place.get_by_text("Nên chọn ý này. Có việc mới")).to_be_visible()
    place.get_by_role("button", name="Làm lại").click()
    expect(verdict).to_have_count(0)
    place.get_by_label("Từ thứ Hai, Phó Chủ tịch ký thay").check()
    page.wait_for_timeout(300)
    expect(place.get_by_text("✓ Đã hoàn thành")).to_have_count(0)
    check.click()
    expect(place.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(place.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()
    until(lambda: is_done(portal, "rut-kinh-nghiem"), "done at the server")
    expect(page.locator("[data-ix-progress]")).to_contain_text("1 trên 7 phần thực hành")
    # Tomorrow, on another machine.
    page = open_lesson(sign_in(), portal)
    place = checkpoint(page, "rut-kinh-nghiem")
    expect(place.get_by_label("Từ thứ Hai, Phó Chủ tịch ký thay")).to_be_checked()
    expect(place.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(place.locator(".ix-w-verdict")).to_contain_text("Đúng rồi")


def test_a_silent_kernel_is_told_calmly_and_costs_nothing(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    portal.world.pages["lesson"] = kernel.page(portal=True, dead=True)
    page = open_lesson(sign_in(), portal)
    place = checkpoint(page, "ty-le")
    place.get_by_role("textbox").fill("96")
    place.get_by_role("button", name="Kiểm tra", exact=True).click()
    until(lambda: is_done(portal, "ty-le"), "judged by the server")
    expect(place.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(place.get_by_text("Chưa có phản hồi lúc này – câu trả lời đã được lưu")).to_be_visible(
        timeout=9000
    )
    banner = page.locator(".ix-w-banner")
    expect(banner).to_contain_text("tạm thời không trả lời")
    page.evaluate("window.kernelDead = false")
    place.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(place.locator(".ix-w-verdict")).to_contain_text("Đúng rồi")
    expect(banner).to_be_hidden()


def right_boxes(kernel: LessonKernel) -> dict[str, str]:
    return {item.id: item.box for item in kernel.content.tool("bang-pdca").items}  # type: ignore[attr-defined]


def texts(kernel: LessonKernel) -> dict[str, str]:
    return {item.id: item.text for item in kernel.content.tool("bang-pdca").items}  # type: ignore[attr-defined]


def test_the_board_by_keyboard(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    page = open_lesson(sign_in(), portal)
    boxes, names = right_boxes(kernel), {text: id_ for id_, text in texts(kernel).items()}
    tasks = board(page).locator(".ix-w-tray .ix-w-task-face")
    tasks.first.focus()
    for count in range(len(boxes)):
        focused = page.evaluate("document.activeElement.textContent")
        step = STEPS.index(boxes[names[focused]])
        wrong = count == 0
        # The first one goes into a wrong box, the second by choosing it and then a box's button.
        if count == 1:
            page.keyboard.press("Enter")
            for _ in range(step):
                page.keyboard.press("Tab")
            expect(board(page).get_by_role("button", name=NAMES[step], exact=True)).to_be_focused()
            page.keyboard.press("Enter")
        else:
            page.keyboard.press(str((step + 1) % 4 + 1 if wrong else step + 1))
    expect(tasks).to_have_count(0)
    until(lambda: len((state(portal, "bang-pdca") or {}).get("placed", {})) == len(boxes), "the whole board")
    check = board(page).get_by_role("button", name="Kiểm tra bảng")
    check.focus()
    page.keyboard.press("Enter")
    verdict = board(page).locator(".ix-w-verdict")
    expect(verdict).to_contain_text(f"{len(boxes) - 1} trên {len(boxes)} việc ở đúng ô")
    expect(verdict).to_be_focused()
    wrong_one = board(page).locator(".ix-w-part-bad")
    expect(wrong_one).to_have_count(1)
    expect(wrong_one).to_contain_text("Chưa đúng ô.")
    # Put right; 0 takes it out, the number puts it in.
    face = wrong_one.locator(".ix-w-task-face")
    text = face.inner_text()
    face.focus()
    page.keyboard.press("0")
    expect(tasks).to_have_count(1)
    page.keyboard.press(str(STEPS.index(boxes[names[text]]) + 1))
    check.click()
    expect(verdict).to_contain_text("Bảng đã đúng.")
    assert state(portal, "bang-pdca")["placed"] == boxes
    for field in board(page).get_by_role("textbox").all():
        field.fill(WORDS)
    expect(board(page).get_by_text("✓ Đã hoàn thành")).to_be_visible()
    assert is_done(portal, "bang-pdca")
    summary = page.get_by_role("region", name="Kết quả của bài học")
    expect(summary.get_by_text("Đã làm 1 trên 7 phần thực hành.")).to_be_visible()
    expect(summary.locator("dd").first).to_have_text(WORDS)


def test_the_board_by_mouse(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    page = open_lesson(sign_in(), portal)
    task = board(page).locator(".ix-w-tray .ix-w-task-face").first
    text = task.inner_text()
    target = board(page).locator('[data-box="check"]')
    board(page).locator(".ix-w-sorting-table").evaluate("node => node.scrollIntoView({ block: 'center' })")
    before = target.bounding_box()
    task.drag_to(target)
    expect(target.get_by_text(text)).to_be_visible()
    after = target.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 1, "nothing jumps"
    names = {text: id_ for id_, text in texts(kernel).items()}
    until(lambda: (state(portal, "bang-pdca") or {}).get("placed") == {names[text]: "check"}, "saved")
    # Clicking a task and then a box does the same; the next task is chosen already.
    following = board(page).locator('.ix-w-tray [aria-pressed="true"]').inner_text()
    board(page).locator('[data-box="act"]').click()
    expect(board(page).locator('[data-box="act"]').get_by_text(following)).to_be_visible()
    board(page).locator('[data-box="check"] .ix-w-task-face').drag_to(board(page).locator(".ix-w-tray"))
    expect(target.locator(".ix-w-task")).to_have_count(0)


def test_the_board_by_touch_on_a_phone(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    context = sign_in(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = open_lesson(context, portal)
    first = board(page).locator(".ix-w-tray .ix-w-task-face").first
    text = first.inner_text()
    first.tap()
    bar = board(page).locator(".ix-w-bar")
    expect(bar).to_be_in_viewport(ratio=1)
    bar.get_by_role("button", name=NAMES[1]).tap()
    expect(board(page).locator('[data-box="do"]').get_by_text(text)).to_have_count(1)
    for name in (NAMES[0], NAMES[2], NAMES[3]):
        # The next task is chosen; one tap places it, and the bar stays under the thumb.
        expect(bar).to_be_in_viewport(ratio=1)
        bar.get_by_role("button", name=name).tap()
    until(lambda: len((state(portal, "bang-pdca") or {}).get("placed", {})) == 4, "four tasks saved")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_two_windows_on_one_board(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    first, second = open_lesson(sign_in(), portal), open_lesson(sign_in(), portal)
    field = "Vấn đề: chuyện gì đang xảy ra"
    board(first).get_by_label(field).fill("viết ở máy một")
    until(
        lambda: (state(portal, "bang-pdca") or {}).get("cycle", {}).get("problem") == "viết ở máy một",
        "saved",
    )
    board(second).get_by_label(field).fill("viết ở máy hai")
    expect(board(second).get_by_text("Phần này vừa được sửa ở một cửa sổ khác")).to_be_visible()
    expect(board(second).get_by_label(field)).to_have_value("viết ở máy một")
    board(second).get_by_role("button", name="Dùng bản ở cửa sổ này").click()
    until(
        lambda: state(portal, "bang-pdca")["cycle"]["problem"] == "viết ở máy hai", "the second one insists"
    )


def test_writing_goes_on_without_a_line(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    context = sign_in()
    page = open_lesson(context, portal)
    portal.world.down = True
    board(page).get_by_label("Vấn đề: chuyện gì đang xảy ra").fill(WORDS)
    expect(board(page).get_by_role("status").filter(has_text="Mất kết nối")).to_be_visible()
    page.reload()
    portal.world.down = False
    expect(board(page).get_by_label("Vấn đề: chuyện gì đang xảy ra")).to_have_value(WORDS, timeout=10000)
    until(
        lambda: (state(portal, "bang-pdca") or {}).get("cycle", {}).get("problem") == WORDS, "sent after all"
    )


def test_alone_as_in_jupyterlab(chromium: Browser, portal: PortalServer, kernel: LessonKernel) -> None:
    portal.world.pages["alone"] = kernel.page(portal=False, tokens=False)
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{portal.url}alone")
    page.wait_for_function("window.allDrawn")
    place = checkpoint(page, "ty-le")
    place.get_by_role("textbox").fill("96")
    place.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(place.locator(".ix-w-verdict")).to_contain_text("Đúng rồi")
    expect(place.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    accent = place.evaluate("node => getComputedStyle(node).borderLeftColor")
    assert accent == "rgb(11, 90, 107)", "colours without the portal's tokens"
    assert not [url for url in asked if "/api/" in url or "/static/" in url]
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_for_axe(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel, width: int
) -> None:
    page = open_lesson(sign_in(viewport={"width": width, "height": 800}), portal)
    place = checkpoint(page, "rut-kinh-nghiem")
    place.get_by_label("Ghi nhận, quý sau").check()
    place.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(place.locator(".ix-w-verdict")).to_be_visible()
    board(page).locator(".ix-w-tray .ix-w-task-face").first.click()
    board(page).get_by_role("button", name=NAMES[0], exact=True).click()
    board(page).get_by_role("button", name="Kiểm tra bảng").click()
    expect(board(page).locator(".ix-w-verdict")).to_be_visible()
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
