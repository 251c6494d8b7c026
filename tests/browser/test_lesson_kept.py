"""What is done in a lesson is there on another computer, and a lost kernel loses nothing."""

from __future__ import annotations

import os
import re

import psutil
import pytest
from isoxa_courses.models import Lesson
from isoxa_courses.questions import type_of
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import PATIENCE_MS, NewContext
from tests.browser.people import Cast, Login
from tests.browser.records import COURSE, LESSON, lesson_states
from tests.browser.serving import Portal, until
from tests.browser.steps import answer, do_checkpoint, expect_answer, part, saved, sign_in, wait_for_tools

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
PROBLEM = "Ba tháng qua có 14 hồ sơ chứng thực bị trả trễ"


def open_lesson(page: Page, portal: Portal, login: Login, lesson: Lesson) -> None:
    page.goto(f"{portal.url}khoa-hoc/{COURSE}/bai/{LESSON}")
    sign_in(page, login)
    wait_for_tools(page, lesson)


def test_lesson_work_is_there_on_another_computer(
    portal: Portal, cast: Cast, lesson: Lesson, new_context: NewContext
) -> None:
    officer = cast.officer()
    first, second = lesson.checkpoints[:2]
    (board,) = lesson.tools
    task, field = board.items[0], board.cycle.fields[0]
    here = new_context().new_page()
    open_lesson(here, portal, officer, lesson)
    do_checkpoint(here, lesson, first.id)
    draft = type_of(second.question).right_answer(second.question)
    answer(part(here, second.id), second.question, draft)
    sorting = part(here, board.id)
    sorting.get_by_role("button", name=task.text, exact=True).click()
    sorting.get_by_role("button", name="P – Hoạch định", exact=True).click()
    sorting.get_by_label(field.label, exact=True).fill(PROBLEM)
    here.keyboard.press("Tab")
    saved(here)
    until(lambda: PROBLEM in str(lesson_states(portal.engine, officer.username)), "the cycle to be stored")

    there = new_context().new_page()
    open_lesson(there, portal, officer, lesson)
    expect(part(there, first.id)).to_contain_text("Đã hoàn thành")
    expect_answer(part(there, first.id), first.question, type_of(first.question).right_answer(first.question))
    expect_answer(part(there, second.id), second.question, draft)
    expect(part(there, second.id)).not_to_contain_text("Đã hoàn thành")
    box = part(there, board.id).get_by_role("list", name="P – Hoạch định")
    expect(box.get_by_role("button", name=task.text, exact=True)).to_be_visible()
    expect(part(there, board.id).get_by_label(field.label, exact=True)).to_have_value(PROBLEM)


def is_dead(process: psutil.Process) -> bool:
    """Gone, or only waiting to be buried by the portal."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_lost_worker_goes_unnoticed(portal: Portal, cast: Cast, lesson: Lesson, page: Page) -> None:
    officer = cast.officer()
    open_lesson(page, portal, officer, lesson)
    do_checkpoint(page, lesson, lesson.checkpoints[0].id)
    processes = portal.lesson_processes()
    assert processes
    for process in processes:
        process.kill()
    until(lambda: all(map(is_dead, processes)), "the processes to end")
    # Explained as before, with nothing reloaded: the session is made again by the question itself.
    do_checkpoint(page, lesson, lesson.checkpoints[1].id)
    expect(part(page, lesson.checkpoints[0].id)).to_contain_text("Đã hoàn thành")
    expect(page.get_by_role("status").filter(has_text="tạm thời không trả lời")).to_have_count(0)


def test_a_silent_line_loses_nothing(portal: Portal, cast: Cast, lesson: Lesson, page: Page) -> None:
    """As behind a proxy that swallows what goes over the socket: the server judges the answer all the same."""
    officer = cast.officer()
    silent = False

    def connect(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(lambda message: None if silent else server.send(message))

    page.route_web_socket("**/channels*", connect)
    open_lesson(page, portal, officer, lesson)
    silent = True
    first = lesson.checkpoints[0]
    card = part(page, first.id)
    wanted = type_of(first.question).right_answer(first.question)
    answer(card, first.question, wanted)
    card.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(card).to_contain_text("Chưa có phản hồi lúc này – câu trả lời đã được lưu.")
    expect(card).to_contain_text("Đã hoàn thành")
    expect(page.get_by_role("status").filter(has_text="tạm thời không trả lời")).to_be_visible()
    assert lesson_states(portal.engine, officer.username).keys() == {first.id}
    silent = False
    page.get_by_role("button", name="Tải lại trang").click()
    wait_for_tools(page, lesson)
    expect_answer(card, first.question, wanted)


def test_a_line_that_was_cut_is_joined_again(portal: Portal, cast: Cast, lesson: Lesson, page: Page) -> None:
    """As when a laptop wakes up: the socket is gone, and the session meanwhile ended at the server."""
    officer = cast.officer()
    lines: list[WebSocketRoute] = []

    def connect(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server()

    page.route_web_socket("**/channels*", connect)
    open_lesson(page, portal, officer, lesson)
    first = lesson.checkpoints[0]
    card = part(page, first.id)
    wanted = type_of(first.question).right_answer(first.question)
    answer(card, first.question, wanted)
    assert lines
    lines[-1].close()
    card.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(card).to_contain_text("Đã hoàn thành")
    do_checkpoint(page, lesson, lesson.checkpoints[1].id)
    assert len(lines) > 1, "the page has connected again by itself"
    expect_answer(card, first.question, wanted)


def test_a_page_open_over_an_upgrade_loads_itself_anew(
    portal: Portal, cast: Cast, lesson: Lesson, page: Page
) -> None:
    """The portal stops, its lesson is replaced, and it starts again: the page's widgets are no longer the server's."""
    officer = cast.officer()
    open_lesson(page, portal, officer, lesson)
    first, (board,) = lesson.checkpoints[0], lesson.tools
    field = board.cycle.fields[0]
    do_checkpoint(page, lesson, first.id)
    page.evaluate("window.olderPage = true")
    portal.stop()
    released = list((portal.data.path / "released" / COURSE).rglob(f"lessons/{LESSON}.ipynb"))
    assert released
    for notebook in released:
        os.utime(notebook)
    part(page, board.id).get_by_label(field.label, exact=True).fill(PROBLEM)
    portal.start()
    page.wait_for_function("window.olderPage === undefined", timeout=PATIENCE_MS)
    wait_for_tools(page, lesson)
    expect(part(page, first.id)).to_contain_text("Đã hoàn thành")
    expect(part(page, board.id).get_by_label(field.label, exact=True)).to_have_value(PROBLEM)
    do_checkpoint(page, lesson, lesson.checkpoints[1].id)
    expect(page.locator("body")).not_to_contain_text("Error displaying widget")


def sessions(page: Page, portal: Portal) -> int:
    """How many lessons are open, as the administrators' figures say."""
    page.goto(f"{portal.url}so-do")
    found = re.search(r"^isoxa_lesson_sessions (\d+)", page.inner_text("body"), re.MULTILINE)
    assert found is not None
    return int(float(found[1]))


def test_leaving_a_lesson_ends_its_session(
    portal: Portal, cast: Cast, lesson: Lesson, page: Page, new_context: NewContext
) -> None:
    figures = new_context().new_page()
    figures.goto(f"{portal.url}quan-tri")
    sign_in(figures, cast.staff("admin"))
    expect(figures.get_by_role("heading", level=1)).to_be_visible()
    open_lesson(page, portal, cast.officer(), lesson)
    before = sessions(figures, portal)
    assert before > 0
    page.get_by_role("navigation", name="Anh/chị đang ở đây").get_by_role(
        "link", name="Khóa học của tôi"
    ).click()
    expect(page.get_by_role("heading", name="Khóa học của tôi", level=1)).to_be_visible()
    until(lambda: sessions(figures, portal) < before, "the lesson's session to end")
