"""From the tool to the office: in each lesson an officer writes about their own unit, finds it on another computer,
takes the documents away, opens them; a trainer looks at the same. One lesson is done by keyboard alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from isoxa_courses.loading import load_lesson
from isoxa_courses.models import Lesson
from isoxa_courses.shipped import content_root
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.own_work import EVERY_TOOL, PDCA, SMART, OwnWork, Part
from tests.browser.papers import check_paper
from tests.browser.people import Cast, Login, finish_lesson
from tests.browser.records import COURSE, end_sign_ins, lesson_states
from tests.browser.serving import Portal, until
from tests.browser.steps import part, sign_in, wait_for_tools

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
NOTHING_YET = "Chưa có gì để lập văn bản này."
# Answers that Chromium writes down as errors: there is no document yet; a page that is left says goodbye twice.
EXPECTED = re.compile("/tai-lieu/|/voila/api/shutdown/")


@dataclass(frozen=True)
class Room:
    """One officer at two computers, and a trainer at a third; signed in once for the whole module."""

    portal: Portal
    officer: Login
    here: Page
    there: Page
    trainer: Page

    def open(self, page: Page, work: OwnWork) -> Locator:
        """The lesson's tool, ready to be worked with."""
        page.goto(f"{self.portal.url}khoa-hoc/{COURSE}/bai/{work.lesson}")
        wait_for_tools(page, load_lesson(content_root().courses / COURSE, work.lesson))
        return part(page, work.tool)

    def stored(self, work: OwnWork) -> str:
        """What the server holds of the officer's work."""
        states = lesson_states(self.portal.engine, self.officer.username, work.lesson)
        return str(states.get(work.tool, ""))


@pytest.fixture(scope="module")
def room(chromium: Browser, portal: Portal, cast: Cast) -> Iterator[Room]:
    errors: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.location.get("url", "")):
            errors.append(f"{message.text} {message.location}")

    def computer(login: Login) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", heard)
        page = context.new_page()
        page.goto(portal.url)
        sign_in(page, login)
        return page

    officer = cast.officer()
    room = Room(portal, officer, computer(officer), computer(officer), computer(cast.staff("trainer")))
    yield room
    for page in (room.here, room.there, room.trainer):
        page.context.close()
    assert errors == []


@pytest.mark.parametrize("work", EVERY_TOOL, ids=lambda work: work.lesson)
def test_what_is_written_in_a_tool_becomes_documents(room: Room, work: OwnWork, tmp_path: Path) -> None:
    card = room.open(room.here, work)
    nothing_to_take_yet(room, card, work)
    if work is SMART:
        write_by_keyboard(room, card, work)
    else:
        for one in work.parts:
            write(card, one)
    room.here.keyboard.press("Tab")
    last = list(work.parts[-1].fields.values())[-1]
    until(lambda: last in room.stored(work), "the last field to be stored")
    expect(card.get_by_role("status").filter(has_text="Đã lưu")).to_be_visible()
    room.here.goto(f"{room.portal.url}khoa-hoc/{COURSE}")

    card = room.open(room.there, work)
    for one in work.parts:
        find_again(card, one)
    for paper in work.papers:
        with room.there.expect_download() as download:
            card.get_by_role("link", name=paper.words, exact=True).click()
        file = tmp_path / download.value.suggested_filename
        assert file.suffix == f".{paper.form}"
        download.value.save_as(file)
        check_paper(file, paper, room.officer.commune)
    expect(room.there.get_by_role("heading", level=1)).to_contain_text("Bài ")

    a_trainer_looks(room, work, tmp_path)


def test_a_session_that_ended_is_opened_again_in_place(
    portal: Portal, cast: Cast, lesson: Lesson, page: Page, tmp_path: Path
) -> None:
    officer = cast.officer()
    finish_lesson(portal.data, portal.engine, officer, lesson)
    page.goto(f"{portal.url}khoa-hoc/{COURSE}/bai/{lesson.id}")
    sign_in(page, officer)
    wait_for_tools(page, lesson)
    end_sign_ins(portal.engine, officer.username)
    page.get_by_role("link", name=PDCA.papers[0].words, exact=True).click()
    dialog = page.get_by_role("dialog", name="Phiên đăng nhập đã hết")
    dialog.get_by_label("Mật khẩu").fill(officer.password)
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Đăng nhập").click()
    file = tmp_path / "vong-pdca.docx"
    download.value.save_as(file)
    check_paper(file, replace(PDCA.papers[0], lines=()), officer.commune)


def nothing_to_take_yet(room: Room, card: Locator, work: OwnWork) -> None:
    """The page says so in words; the officer stays where they are."""
    address = room.here.url
    card.get_by_role("link", name=work.papers[0].words, exact=True).click()
    expect(card.get_by_text(NOTHING_YET)).to_be_visible()
    assert room.here.url == address


def write(card: Locator, one: Part) -> None:
    if one.begin is not None:
        one.begin(card)
    for label, text in one.fields.items():
        field = one.place(card).get_by_label(label, exact=True)
        if field.evaluate("node => node.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def find_again(card: Locator, one: Part) -> None:
    for label, text in one.fields.items():
        expect(one.place(card).get_by_label(label, exact=True)).to_have_value(text)


def write_by_keyboard(room: Room, card: Locator, work: OwnWork) -> None:
    """From the contents to the tool, through its fields, to the file: no mouse."""
    keyboard = room.here.keyboard
    room.open(room.here, work)
    tab_to(room.here, room.here.get_by_role("link", name=work.heading, exact=True))
    keyboard.press("Enter")
    for one in work.parts:
        for label, text in one.fields.items():
            tab_to(room.here, one.place(card).get_by_label(label, exact=True))
            keyboard.type(text)
    tab_to(room.here, card.get_by_role("link", name=work.papers[0].words, exact=True))
    with room.here.expect_download() as download:
        keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".docx")


def tab_to(page: Page, wanted: Locator, most: int = 120) -> None:
    for _step in range(most):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {wanted}")


def a_trainer_looks(room: Room, work: OwnWork, tmp_path: Path) -> None:
    page = room.trainer
    page.goto(f"{room.portal.url}cham-bai")
    page.get_by_role("link", name="Xem sản phẩm của học viên").click()
    made = page.get_by_role("row").filter(has_text=room.officer.commune).filter(has_text=work.title)
    made.get_by_role("link", name=room.officer.name).first.click()
    expect(page.get_by_role("heading", name=work.title, level=1)).to_be_visible()
    expect(page.get_by_text(room.officer.commune).first).to_be_visible()
    for row in work.papers[0].rows:
        for text in row.values():
            if text:
                expect(page.get_by_role("cell", name=text, exact=True).first).to_be_visible()
    for line in work.papers[0].lines:
        expect(page.get_by_text(line.rsplit(": ", 1)[-1], exact=True).first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=work.papers[0].words, exact=True).click()
    file = tmp_path / "giang-vien.docx"
    download.value.save_as(file)
    check_paper(file, work.papers[0], room.officer.commune)
