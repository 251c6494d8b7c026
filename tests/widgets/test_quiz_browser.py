"""The quiz page in Chromium: every type by mouse and by keyboard, and everything that can go wrong on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.widgets import questions
from tests.widgets.conftest import serious_faults, until
from tests.widgets.portal_server import PortalServer

pytestmark = pytest.mark.browser
SignIn = Callable[..., BrowserContext]
SLOTS = [one["id"] for one in questions.BANK]
LEVELS = ("Khả năng xảy ra", "Mức ảnh hưởng")
PLACES = {"Mất mạng buổi sáng": (4, 3), "Lộ dữ liệu cá nhân của người dân": (3, 5)}
CELLS = {
    "Soạn quy trình – Ai làm": "Công chức một cửa",
    "Duyệt quy trình – Ai làm": "Chủ tịch UBND xã",
    "Duyệt quy trình – Hạn": "Trước ngày 31/3/2027",
}
TEXT = "Quý tới chúng tôi đặt mục tiêu 97% hồ sơ đúng hạn."


def group(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Câu {number}", exact=True)


def open_quiz(context: BrowserContext, portal: PortalServer, button: str = "Bắt đầu làm bài") -> Page:
    page = context.new_page()
    page.goto(f"{portal.url}quiz")
    page.get_by_role("button", name=button).click()
    expect(group(page, 1)).to_be_visible()
    return page


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()


def answer_by_mouse(page: Page) -> None:
    group(page, 1).get_by_label("Kiểm tra").check()
    group(page, 2).get_by_label("Hướng dẫn người ở quầy").check()
    group(page, 2).get_by_label("Ghi giờ trả hồ sơ").check()
    put_in_order(page, lambda button: button.click())
    group(page, 4).get_by_label("Hoạch định").select_option(
        label=option(page, "Hoạch định", "Ta muốn đạt gì?")
    )
    group(page, 4).get_by_label("Kiểm tra").select_option(label=option(page, "Kiểm tra", "Kết quả so"))
    group(page, 5).get_by_role("radiogroup", name="Tính tỷ lệ đúng hạn").get_by_label("Kiểm tra").check()
    group(page, 5).get_by_role("radiogroup", name="Sửa lịch trực").get_by_label("Hành động").check()
    group(page, 6).get_by_label("Kết quả của anh/chị").fill("96,0")
    group(page, 7).get_by_role("textbox").fill("kiem tra")
    group(page, 8).get_by_role("textbox").fill(TEXT)
    group(page, 8).get_by_role("textbox").blur()
    for name, levels in PLACES.items():
        for label, level in zip(LEVELS, levels, strict=True):
            risk(page, name).get_by_label(label).select_option(str(level))
    for cell, text in CELLS.items():
        select = group(page, 10).get_by_label(cell)
        select.select_option(label=option(page, cell, text, number=10))


def risk(page: Page, name: str) -> Locator:
    return group(page, 9).get_by_role("group", name=name, exact=True)


def option(page: Page, left: str, right: str, *, number: int = 4) -> str:
    texts = group(page, number).get_by_label(left).locator("option").all_inner_texts()
    return next(text for text in texts if right in text)


def order(page: Page) -> list[str]:
    return group(page, 3).locator(".ix-w-order-text").all_inner_texts()


def put_in_order(page: Page, press: Callable[[Locator], None]) -> None:
    wanted = [item["text"] for item in questions.BANK[2]["items"]]
    keep = group(page, 3).get_by_role("button", name="Giữ nguyên thứ tự này")
    if order(page) == wanted:
        press(keep)
    for place, text in enumerate(wanted):
        while order(page).index(text) > place:
            press(group(page, 3).get_by_role("button", name=f"Lên: {text}"))
    assert order(page) == wanted
    expect(keep).to_be_hidden()


def all_right(portal: PortalServer, username: str = "lan") -> bool:
    scored = [slot for slot in SLOTS if slot != "s8"]
    return all(questions.share(slot, portal.world.answer(username, slot)) for slot in scored) and (
        portal.world.answer(username, "s8") == TEXT
    )


def submit(page: Page) -> None:
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()


def test_every_type_by_mouse_then_submitted(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    answer_by_mouse(page)
    until(lambda: all_right(portal), "all answers at the server, all right")
    saved(page)
    expect(page.get_by_text("Đã trả lời 10 trên 10 câu")).to_be_visible()
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("dialog")).to_contain_text("Anh/chị đã trả lời đủ 10 câu.")
    page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
    page.wait_for_url(re.compile(r"/x/khoa-hoc/c/ket-qua/a1$"))
    assert portal.world.attempt_of("lan").status == "submitted"


def tab_to(page: Page, target: Locator) -> None:
    """Reach a control as a keyboard does; a control that Tab never reaches fails the test."""
    for _ in range(80):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached with Tab")


def test_every_type_by_keyboard_alone(sign_in: SignIn, portal: PortalServer) -> None:
    page = sign_in().new_page()
    page.goto(f"{portal.url}quiz")
    tab_to(page, page.get_by_role("button", name="Bắt đầu làm bài"))
    page.keyboard.press("Enter")
    expect(group(page, 1)).to_be_focused()

    radio = group(page, 1).get_by_label("Kiểm tra")
    tab_to(page, group(page, 1).get_by_role("radio").first)
    page.keyboard.press("Space")
    while not radio.is_checked():
        page.keyboard.press("ArrowDown")
    for text in ("Hướng dẫn người ở quầy", "Ghi giờ trả hồ sơ"):
        box = group(page, 2).get_by_label(text)
        box.focus()
        page.keyboard.press("Space")

    def press(button: Locator) -> None:
        button.focus()
        page.keyboard.press("Enter")
        if button.is_visible():
            assert button.evaluate("node => node === document.activeElement"), "the focus stays on the button"

    put_in_order(page, press)
    for left, right in (("Hoạch định", "Ta muốn đạt gì?"), ("Kiểm tra", "Kết quả so")):
        select = group(page, 4).get_by_label(left)
        tab_to(page, select)
        page.keyboard.type(option(page, left, right)[:2])
    for item, box_text in (("Tính tỷ lệ đúng hạn", "Kiểm tra"), ("Sửa lịch trực", "Hành động")):
        row = group(page, 5).get_by_role("radiogroup", name=item)
        row.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        while not row.get_by_label(box_text).is_checked():
            page.keyboard.press("ArrowRight")
    tab_to(page, group(page, 6).get_by_role("textbox"))
    page.keyboard.type("96")
    tab_to(page, group(page, 7).get_by_role("textbox"))
    page.keyboard.type("Kiểm tra")
    tab_to(page, group(page, 8).get_by_role("textbox"))
    page.keyboard.type(TEXT)
    for name, levels in PLACES.items():
        for label, level in zip(LEVELS, levels, strict=True):
            tab_to(page, risk(page, name).get_by_label(label))
            page.keyboard.type(str(level))
    for cell, text in CELLS.items():
        tab_to(page, group(page, 10).get_by_label(cell))
        page.keyboard.type(option(page, cell, text, number=10)[:2])
    until(lambda: all_right(portal), "all answers at the server, all right")
    tab_to(page, page.get_by_role("button", name="Nộp bài"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Nộp bài")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("button", name="Nộp bài"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("ket-qua"))


def test_half_a_risk_is_kept_and_the_picture_follows(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    place = risk(page, "Mất mạng buổi sáng")
    expect(place.get_by_role("img")).to_have_accessible_name("Lưới 5×5: rủi ro chưa có chỗ đứng.")
    place.get_by_label("Khả năng xảy ra").select_option("5")
    expect(place).to_contain_text("Chọn cả hai mức để tính điểm rủi ro.")
    until(lambda: portal.world.answer("lan", "s9") == {"m": [5, None]}, "half an item")
    place.get_by_label("Mức ảnh hưởng").select_option("3")
    expect(place).to_contain_text("Điểm rủi ro: 5 × 3 = 15, mức cao (thang minh họa)")
    expect(place.get_by_role("img")).to_have_accessible_name(
        "Lưới 5×5: rủi ro đứng ở khả năng 5, ảnh hưởng 3."
    )
    assert place.locator(".ix-w-grid-here").all_inner_texts() == ["15"]
    for label in LEVELS:
        place.get_by_label(label).select_option("")
    until(lambda: portal.world.answer("lan", "s9") is None, "the answer taken back")


def test_the_dialog_names_what_is_not_answered(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    answer_by_mouse(page)
    group(page, 2).get_by_label("Hướng dẫn người ở quầy").uncheck()
    group(page, 2).get_by_label("Ghi giờ trả hồ sơ").uncheck()
    group(page, 7).get_by_role("textbox").fill("   ")
    page.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("dialog")).to_contain_text("Chưa trả lời: Câu 2, Câu 7")
    page.get_by_role("dialog").get_by_role("button", name="Làm tiếp").click()
    expect(group(page, 2)).to_be_focused()
    assert portal.world.attempt_of("lan").status == "open"
    until(lambda: portal.world.answer("lan", "s2") is None, "the answer taken back")


def test_a_reload_in_the_middle_keeps_everything(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    answer_by_mouse(page)
    # Typed and not yet sent when the page goes: the last words of the page.
    group(page, 7).get_by_role("textbox").press("End")
    page.keyboard.type(" (C)")
    page.reload()
    page.get_by_role("button", name="Làm tiếp bài đang làm").click()
    expect(group(page, 1).get_by_label("Kiểm tra")).to_be_checked()
    assert order(page) == [item["text"] for item in questions.BANK[2]["items"]]
    expect(group(page, 4).get_by_label("Kiểm tra")).not_to_have_value("")
    expect(group(page, 7).get_by_role("textbox")).to_have_value("kiem tra (C)")
    expect(group(page, 8).get_by_role("textbox")).to_have_value(TEXT)
    expect(risk(page, "Mất mạng buổi sáng").get_by_label("Khả năng xảy ra")).to_have_value("4")
    expect(risk(page, "Mất mạng buổi sáng")).to_contain_text("4 × 3 = 12, mức trung bình (thang minh họa)")
    expect(group(page, 10).get_by_label("Duyệt quy trình – Hạn")).not_to_have_value("")
    expect(page.get_by_text("Đã trả lời 10 trên 10 câu")).to_be_visible()


def test_the_line_is_cut_and_comes_back(sign_in: SignIn, portal: PortalServer) -> None:
    context = sign_in()
    page = open_quiz(context, portal)
    context.set_offline(True)
    group(page, 1).get_by_label("Kiểm tra").check()
    status = page.get_by_role("status").filter(has_text="Mất kết nối – câu trả lời được giữ trên máy này")
    expect(status).to_be_visible()
    submit(page)
    expect(page.get_by_text("Chưa nộp được vì còn câu trả lời chưa gửi")).to_be_visible()
    assert portal.world.answer("lan", "s1") is None
    context.set_offline(False)
    until(
        lambda: questions.share("s1", portal.world.answer("lan", "s1")), "the answer after the line is back"
    )
    saved(page)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('isoxa.queue.'))") == []


def test_what_was_answered_without_a_line_survives_a_closed_window(
    sign_in: SignIn, portal: PortalServer
) -> None:
    context = sign_in()
    page = open_quiz(context, portal)
    portal.world.down = True
    group(page, 1).get_by_label("Kiểm tra").check()
    group(page, 7).get_by_role("textbox").fill("kiểm tra")
    expect(page.get_by_role("status").filter(has_text="Mất kết nối")).to_be_visible()
    keys = page.evaluate("Object.keys(localStorage)")
    assert all(key.startswith("isoxa.queue.k1.") for key in keys)
    page.close(run_before_unload=True)
    portal.world.down = False
    page = open_quiz(context, portal, "Làm tiếp bài đang làm")
    expect(group(page, 1).get_by_label("Kiểm tra")).to_be_checked()
    until(
        lambda: (
            questions.share("s1", portal.world.answer("lan", "s1"))
            and questions.share("s7", portal.world.answer("lan", "s7"))
        ),
        "the old window's answers, sent by the new one",
    )


def test_a_busy_server_is_asked_again(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    portal.world.fail_with = 503
    group(page, 1).get_by_label("Kiểm tra").check()
    expect(page.get_by_role("status").filter(has_text="Máy chủ đang bận")).to_be_visible()
    portal.world.fail_with = 0
    until(lambda: questions.share("s1", portal.world.answer("lan", "s1")), "the answer, sent again")
    keys = {body["key"] for method, path, body in portal.world.writes if path.endswith("slots/s1")}
    assert len(keys) == 1, "the same write keeps its key"


def test_signing_in_again_in_place(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    portal.world.sessions.clear()
    group(page, 7).get_by_role("textbox").fill("kiểm tra")
    dialog = page.get_by_role("dialog", name="Phiên đăng nhập đã hết")
    expect(dialog).to_be_visible()
    assert serious_faults(page) == []
    dialog.get_by_label("Tên đăng nhập").fill("lan")
    dialog.get_by_label("Mật khẩu").fill("sai-mat-khau")
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog.get_by_role("alert")).to_have_text("Tên đăng nhập hoặc mật khẩu chưa đúng.")
    dialog.get_by_label("Mật khẩu").fill("mat-khau-lan")
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog).to_be_hidden()
    until(lambda: questions.share("s7", portal.world.answer("lan", "s7")), "the answer under the new session")
    expect(group(page, 7).get_by_role("textbox")).to_have_value("kiểm tra")


def test_another_person_at_the_same_computer(sign_in: SignIn, portal: PortalServer) -> None:
    context = sign_in()
    page = open_quiz(context, portal)
    portal.world.sessions.clear()
    group(page, 7).get_by_role("textbox").fill("bí mật của Lan")
    dialog = page.get_by_role("dialog", name="Phiên đăng nhập đã hết")
    dialog.get_by_label("Tên đăng nhập").fill("minh")
    dialog.get_by_label("Mật khẩu").fill("mat-khau-minh")
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("status").filter(has_text="Người khác đang đăng nhập")).to_be_visible()
    before = len(portal.world.writes)
    page.get_by_role("button", name="Tải lại trang").click()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(group(page, 7).get_by_role("textbox")).to_have_value("")
    group(page, 1).get_by_label("Kiểm tra").check()
    until(lambda: questions.share("s1", portal.world.answer("minh", "s1")), "Minh's own answer")
    assert "bí mật" not in str(portal.world.writes[before:])
    assert portal.world.answer("lan", "s7") is None
    kept = page.evaluate("Object.keys(localStorage)")
    assert [key for key in kept if key.startswith("isoxa.queue.k1.")], "Lan's answer stays for Lan"
    # Lan comes back to this computer.
    context.add_cookies([{"name": "isoxa_session", "value": portal.world.sign_in("lan"), "url": portal.url}])
    page.goto(f"{portal.url}quiz")
    page.get_by_role("button", name="Làm tiếp bài đang làm").click()
    expect(group(page, 7).get_by_role("textbox")).to_have_value("bí mật của Lan")
    until(
        lambda: portal.world.answer("lan", "s7") == "bí mật của Lan", "Lan's answer, sent by Lan", seconds=30
    )


def test_a_session_taken_over_elsewhere_is_noticed_before_anything_is_sent(
    sign_in: SignIn, portal: PortalServer
) -> None:
    context = sign_in()
    page = open_quiz(context, portal)
    context.add_cookies([{"name": "isoxa_session", "value": portal.world.sign_in("minh"), "url": portal.url}])
    group(page, 7).get_by_role("textbox").fill("của Lan")
    expect(page.get_by_role("status").filter(has_text="Người khác đang đăng nhập")).to_be_visible()
    assert portal.world.answer("lan", "s7") is None
    assert len(portal.world.attempts) == 1


def test_two_computers_the_stale_one_is_told_and_may_insist(sign_in: SignIn, portal: PortalServer) -> None:
    first, second = open_quiz(sign_in(), portal), open_quiz(sign_in(), portal, "Làm tiếp bài đang làm")
    group(first, 7).get_by_role("textbox").fill("ở máy một")
    until(lambda: portal.world.answer("lan", "s7") == "ở máy một", "the first computer's answer")
    group(second, 7).get_by_role("textbox").fill("ở máy hai")
    notice = group(second, 7).get_by_text("Câu này vừa được sửa ở một cửa sổ khác")
    expect(notice).to_be_visible()
    expect(group(second, 7).get_by_role("textbox")).to_have_value("ở máy một")
    assert portal.world.answer("lan", "s7") == "ở máy một"
    group(second, 7).get_by_role("button", name="Dùng câu trả lời ở cửa sổ này").click()
    until(lambda: portal.world.answer("lan", "s7") == "ở máy hai", "the second computer insists")
    expect(notice).to_be_hidden()


def test_two_windows_of_one_browser_show_the_same(sign_in: SignIn, portal: PortalServer) -> None:
    context = sign_in()
    first, second = open_quiz(context, portal), open_quiz(context, portal, "Làm tiếp bài đang làm")
    group(first, 1).get_by_label("Kiểm tra").check()
    expect(group(second, 1).get_by_label("Kiểm tra")).to_be_checked()
    until(lambda: questions.share("s1", portal.world.answer("lan", "s1")), "the answer")
    group(second, 1).get_by_label("Hành động").check()
    expect(group(first, 1).get_by_label("Hành động")).to_be_checked()
    until(lambda: not questions.share("s1", portal.world.answer("lan", "s1")), "the second window's answer")
    keys = [body["key"] for _, path, body in portal.world.writes if path.endswith("slots/s1")]
    assert len(keys) == len(set(keys)) == 2, "each write is sent once"


def test_an_answer_that_makes_no_sense_is_said_at_the_question(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    group(page, 6).get_by_role("textbox").fill("chín sáu")
    group(page, 6).get_by_role("textbox").blur()
    expect(group(page, 6).get_by_role("alert")).to_contain_text("Câu này chưa được lưu.")
    sent = len(portal.world.writes)
    page.wait_for_timeout(1500)
    assert len(portal.world.writes) == sent, "a refused answer is not sent for ever"
    submit_dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Nộp bài").click()
    expect(submit_dialog).to_contain_text("Chưa lưu được: Câu 6")
    submit_dialog.get_by_role("button", name="Làm tiếp").click()
    group(page, 6).get_by_role("textbox").fill("96")
    until(lambda: questions.share("s6", portal.world.answer("lan", "s6")), "the corrected answer")
    expect(group(page, 6).get_by_role("alert")).to_be_hidden()


def test_submitted_elsewhere_meanwhile(sign_in: SignIn, portal: PortalServer) -> None:
    page = open_quiz(sign_in(), portal)
    portal.world.attempt_of("lan").status = "submitted"
    group(page, 1).get_by_label("Kiểm tra").check()
    expect(page.get_by_text("Bài này đã được nộp.")).to_be_visible()
    expect(page.get_by_role("link", name="Xem kết quả")).to_have_attribute("href", "/x/khoa-hoc/c/ket-qua/a1")


def test_a_browser_that_keeps_nothing(sign_in: SignIn, portal: PortalServer) -> None:
    context = sign_in()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page = open_quiz(context, portal)
    group(page, 1).get_by_label("Kiểm tra").check()
    saved(page)
    portal.world.down = True
    group(page, 7).get_by_role("textbox").fill("kiểm tra")
    words = "Mất kết nối – xin giữ trang này mở cho đến khi lưu được"
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
    portal.world.down = False
    until(lambda: questions.share("s7", portal.world.answer("lan", "s7")), "the answer from memory")


def test_rubbish_in_the_storage_harms_nothing(sign_in: SignIn, portal: PortalServer) -> None:
    context = sign_in()
    page = context.new_page()
    page.goto(f"{portal.url}quiz")
    page.evaluate(
        """() => {
          const root = 'isoxa.queue.k1./x/';
          localStorage.setItem(root + 'api/attempts/a1/slots/s1', 'not json');
          localStorage.setItem(root + 'api/attempts/a1/slots/s2', '{"path": 7}');
          localStorage.setItem(root + 'api/attempts/a1/slots/s3', JSON.stringify({
            path: 'api/attempts/a1/slots/s3', field: 'answer', value: { not: 'a list' }, seq: 1, key: 'k', at: 0
          }));
        }"""
    )
    page.reload()
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    group(page, 1).get_by_label("Kiểm tra").check()
    until(lambda: questions.share("s1", portal.world.answer("lan", "s1")), "the answer")


def test_a_locked_quiz_says_why_and_where_to_go(sign_in: SignIn, portal: PortalServer) -> None:
    portal.world.locked = "03-pdca"
    page = sign_in().new_page()
    page.goto(f"{portal.url}quiz")
    expect(page.get_by_text("Bài kiểm tra chưa mở.")).to_be_visible()
    expect(page.get_by_role("link", name="Mở bài học")).to_have_attribute("href", "/x/khoa-hoc/c/bai/03-pdca")
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_have_count(0)


def test_the_clock_is_the_servers(sign_in: SignIn, portal: PortalServer) -> None:
    portal.world.deadline = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
    context = sign_in()
    context.add_init_script("const real = Date.now; Date.now = () => real() + 36e5 * 5;")
    page = open_quiz(context, portal)
    expect(page.get_by_text(re.compile(r"Còn lại (19:\d\d|20:00)"))).to_be_visible()


def test_in_english_where_the_page_is(sign_in: SignIn, portal: PortalServer) -> None:
    portal.world.pages["quiz"] = portal.world.pages["quiz"].replace('"language": "vi"', '"language": "en"')
    page = sign_in().new_page()
    page.goto(f"{portal.url}quiz")
    page.get_by_role("button", name="Start the quiz").click()
    expect(page.get_by_role("group", name="Question 1", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_for_axe_and_nothing_too_wide(
    sign_in: SignIn, portal: PortalServer, width: int
) -> None:
    page = sign_in(viewport={"width": width, "height": 800}).new_page()
    page.goto(f"{portal.url}quiz")
    expect(page.get_by_role("button", name="Bắt đầu làm bài")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    answer_by_mouse(page)
    group(page, 6).get_by_role("textbox").fill("abc")
    group(page, 6).get_by_role("textbox").blur()
    expect(group(page, 6).get_by_role("alert")).to_contain_text("abc")
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll('main button, main select, main .ix-w-choice, main input[type=text]')]
             .filter((node) => node.offsetParent !== null && node.getBoundingClientRect().height < 44)
             .map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert small == []
    page.get_by_role("button", name="Nộp bài").click()
    assert serious_faults(page) == []
