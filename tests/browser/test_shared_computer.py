"""One computer, several people: nobody's answers are lost, seen or sent by the next; a sign-in that ends is renewed in
place; the quiz needs no kernel."""

from __future__ import annotations

import re

import pytest
from isoxa_courses.models import Lesson
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.people import Cast, Login, finish_lesson
from tests.browser.records import COURSE, QUIZ, Asked, asked, end_sign_ins, stored
from tests.browser.serving import Portal, until
from tests.browser.steps import OFFLINE, answer, answer_slots, expect_answer, group, right, saved, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SLOTS = re.compile(r"/api/attempts/\w+/slots/")


@pytest.fixture
def officer(portal: Portal, cast: Cast, lesson: Lesson) -> Login:
    """Someone for whom the quiz is open."""
    return ready(portal, cast, lesson)


def ready(portal: Portal, cast: Cast, lesson: Lesson) -> Login:
    login = cast.officer()
    finish_lesson(portal.data, portal.engine, login, lesson)
    return login


def open_quiz(
    page: Page, portal: Portal, login: Login, button: str = "Bắt đầu làm bài"
) -> tuple[str, list[Asked]]:
    """Sign in on the way to the quiz, and open the paper."""
    page.goto(f"{portal.url}khoa-hoc/{COURSE}/kiem-tra/{QUIZ}")
    sign_in(page, login)
    page.get_by_role("button", name=button).click()
    expect(group(page, 1)).to_be_visible()
    return asked(portal.data, portal.engine, login.username)


def expect_nothing_answered(page: Page, questions: list[Asked]) -> None:
    expect(page.get_by_text(f"Đã trả lời 0 trên {len(questions)} câu")).to_be_visible()


def test_answers_not_sent_stay_their_owners(
    portal: Portal, cast: Cast, officer: Login, lesson: Lesson, page: Page
) -> None:
    attempt, questions = open_quiz(page, portal, officer)
    page.context.route(SLOTS, lambda route: route.abort())
    answer(group(page, 1), questions[0].question, right(questions[0]))
    expect(page.get_by_role("status").filter(has_text=OFFLINE)).to_be_visible()

    out = page.get_by_role("button", name="Đăng xuất")
    out.click()
    warning = page.get_by_role("dialog", name="Còn câu trả lời chưa gửi")
    expect(warning).to_contain_text("được giữ lại trên máy này")
    warning.get_by_role("button", name="Ở lại").click()
    expect(warning).to_be_hidden()
    expect(out).to_be_visible()
    out.click()
    warning.get_by_role("button", name="Vẫn đăng xuất").click()
    expect(page.get_by_text("Anh/chị đã đăng xuất.")).to_be_visible()
    page.context.unroute(SLOTS)

    other = ready(portal, cast, lesson)
    others_attempt, others_questions = open_quiz(page, portal, other)
    expect_nothing_answered(page, others_questions)
    expect(page.locator("body")).not_to_contain_text(officer.name)
    answer_slots(page, others_questions[1:2])
    out.click()
    expect(page.get_by_text("Anh/chị đã đăng xuất.")).to_be_visible()
    assert stored(portal.engine, others_attempt).keys() == {others_questions[1].slot}
    assert stored(portal.engine, attempt) == {}

    open_quiz(page, portal, officer, "Làm tiếp bài đang làm")
    expect_answer(group(page, 1), questions[0].question, right(questions[0]))
    until(lambda: questions[0].slot in stored(portal.engine, attempt), "the answer kept on this computer")
    assert stored(portal.engine, attempt) == {questions[0].slot: questions[0].right}


def test_a_sign_in_that_ended_is_renewed_in_place(portal: Portal, officer: Login, page: Page) -> None:
    attempt, questions = open_quiz(page, portal, officer)
    end_sign_ins(portal.engine, officer.username)
    answer(group(page, 1), questions[0].question, right(questions[0]))
    dialog = page.get_by_role("dialog", name="Phiên đăng nhập đã hết")
    expect(dialog).to_contain_text("Những gì đã làm vẫn được giữ trên máy này.")
    expect(dialog.get_by_label("Tên đăng nhập")).to_have_value(officer.username)
    dialog.get_by_label("Mật khẩu").fill("không phải mật khẩu")
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    assert stored(portal.engine, attempt) == {}
    dialog.get_by_label("Mật khẩu").fill(officer.password)
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog).to_be_hidden()
    saved(page)
    assert stored(portal.engine, attempt) == {questions[0].slot: questions[0].right}
    expect_answer(group(page, 1), questions[0].question, right(questions[0]))


def test_somebody_else_signing_in_sends_nothing_of_ours(
    portal: Portal, cast: Cast, officer: Login, page: Page
) -> None:
    attempt, questions = open_quiz(page, portal, officer)
    end_sign_ins(portal.engine, officer.username)
    answer(group(page, 1), questions[0].question, right(questions[0]))
    dialog = page.get_by_role("dialog", name="Phiên đăng nhập đã hết")
    other = cast.officer()
    dialog.get_by_label("Tên đăng nhập").fill(other.username)
    dialog.get_by_label("Mật khẩu").fill(other.password)
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("status").filter(has_text="Người khác đang đăng nhập")).to_be_visible()
    page.get_by_role("button", name="Tải lại trang").click()
    expect(page.get_by_text("Bài kiểm tra chưa mở.")).to_be_visible()
    assert stored(portal.engine, attempt) == {}


def test_the_quiz_works_with_the_kernels_unreachable(
    portal: Portal, officer: Login, new_context: NewContext
) -> None:
    context = new_context()
    asked_for: list[str] = []

    def refuse(place: str) -> None:
        asked_for.append(place)

    context.route("**/api/kernels/**", lambda route: (refuse(route.request.url), route.abort())[1])
    context.route_web_socket(
        re.compile("/api/kernels/"), lambda socket: (refuse(socket.url), socket.close())[1]
    )
    page = context.new_page()
    page.on("websocket", lambda socket: refuse(socket.url))
    attempt, questions = open_quiz(page, portal, officer)
    answer_slots(page, questions)
    assert stored(portal.engine, attempt).keys() == {one.slot for one in questions}
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("dialog", name="Nộp bài").get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Kết quả", level=1)).to_be_visible()
    assert asked_for == [], "the quiz page asks for no kernel at all"
