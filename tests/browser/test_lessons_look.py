"""Every lesson's page with all its work done: contents that lead somewhere, nothing serious for axe, nothing sideways
on a phone, no letters too small to read, no error in the browser's log.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from isoxa_courses.loading import load_course
from isoxa_courses.models import Lesson
from isoxa_courses.shipped import content_root
from isoxa_grading.records.database import reading
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Account
from isoxa_portal.demo.practice import finished_states
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.conftest import NewContext
from tests.browser.people import Cast, Login
from tests.browser.records import COURSE
from tests.browser.serving import Portal
from tests.browser.steps import sign_in, wait_for_tools

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
LESSONS = load_course(content_root().courses / COURSE).lessons
SMALLEST = 12
"""CSS pixels, also in a picture that shrinks with the phone."""
SMALL_LETTERS = """(smallest) => {
  const words = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (words.nextNode()) {
    const node = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !node.getClientRects().length) continue;
    const picture = node.closest("svg");
    const scale = picture ? picture.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(node).fontSize) * scale;
    if (size < smallest) found.add(`${words.currentNode.data.trim().slice(0, 30)}: ${size.toFixed(1)}`);
  }
  return [...found];
}"""


@pytest.fixture(scope="module")
def officer(portal: Portal, cast: Cast) -> Login:
    """One who has done everything, through the code the portal uses."""
    login = cast.officer()
    service = LessonService(portal.engine, CourseLibrary(portal.data))
    with reading(portal.engine) as session:
        person = session.scalars(select(Account.person_id).where(Account.username == login.username)).one()
    assert person is not None
    for lesson in LESSONS:
        for item, state in finished_states(lesson):
            service.save(person, COURSE, lesson.id, item, state, 1, f"nhin-{item}", datetime.now(UTC))
    return login


def test_every_lesson_on_a_phone(portal: Portal, officer: Login, new_context: NewContext) -> None:
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    errors: list[str] = []
    page.on(
        "console",
        # A page that is left says goodbye to its process, which may be gone already.
        lambda message: (
            errors.append(message.text)
            if message.type == "error" and "/voila/api/shutdown/" not in message.location.get("url", "")
            else None
        ),
    )
    page.goto(portal.url)
    sign_in(page, officer)
    faults: list[str] = []
    for lesson in LESSONS:
        page.goto(f"{portal.url}khoa-hoc/{COURSE}/bai/{lesson.id}")
        wait_for_tools(page, lesson)
        expect(page.get_by_role("region", name="Kết quả của bài học")).to_contain_text(
            "Anh/chị đã hoàn thành"
        )
        faults += [f"{lesson.id}: {fault}" for fault in looked_at(page, lesson)]
    assert faults == []
    assert errors == []


def looked_at(page: Page, lesson: Lesson) -> list[str]:
    faults = []
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        faults.append(f"scrolls sideways by {over} px")
    faults += [f"too small: {one}" for one in page.evaluate(SMALL_LETTERS, SMALLEST)]
    for fault in Axe().run(page).response["violations"]:
        if fault["impact"] in ("serious", "critical"):
            faults.append(f"{fault['id']} {[node['html'][:160] for node in fault['nodes']]}")
    return faults + wrong_contents(page)


def wrong_contents(page: Page) -> list[str]:
    """The contents name the page's parts, all of them, in order, and lead to them."""
    parts = [
        re.sub("¶$", "", text.strip()) for text in page.locator("main h2:not(.ix-w *)").all_inner_texts()
    ]
    contents = page.locator("main p:has(strong:text-is('Trong bài này')) + ol a")
    faults = []
    if len(parts) < 5 or contents.all_inner_texts() != parts:
        faults.append(f"contents {contents.all_inner_texts()} but parts {parts}")
    targets = contents.evaluate_all("all => all.map(one => decodeURIComponent(one.hash.slice(1)))")
    return faults + [f"no place called {id_}" for id_ in targets if page.locator(f"#{id_}").count() != 1]
