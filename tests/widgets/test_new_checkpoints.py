"""A matrix score and a table to fill as checkpoints of their lessons, on a phone, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from isoxa_courses.loading import load_lesson
from isoxa_courses.questions import type_of
from isoxa_courses.shipped import content_root
from isoxa_widgets import lesson
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.widgets.conftest import serious_faults, until
from tests.widgets.lesson_page_stub import COURSE, LessonKernel
from tests.widgets.portal_server import PortalServer

pytestmark = pytest.mark.browser
SignIn = Callable[..., BrowserContext]
LEVELS = ("Khả năng xảy ra", "Mức ảnh hưởng")


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(40):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("not reached with Tab")


def keys(place: Locator, question: Any, answer: Any) -> Iterator[tuple[Locator, str]]:
    """Each list of the question, with what to type to choose the right entry."""
    if question.type == "matrix_score":
        texts = {item.id: item.text for item in question.items}
        for item, levels in answer.items():
            risk = place.get_by_role("group", name=texts[item], exact=True)
            yield from ((risk.get_by_label(name), str(n)) for name, n in zip(LEVELS, levels, strict=True))
    else:
        for cell, text in answer.items():
            select = place.get_by_label(question.cell_title(cell), exact=True)
            options = select.locator("option").all_inner_texts()
            yield select, next(o for o in options if o.endswith(question.bank_texts[text])).split()[0]


@pytest.mark.parametrize(
    ("lesson_id", "item"), [("06b-ke-hoach-5w1h", "dien-bang"), ("07-rui-ro-co-hoi", "cham-mau-cu")]
)
def test_answered_wrongly_then_rightly(
    sign_in: SignIn, portal: PortalServer, lesson_id: str, item: str
) -> None:
    kernel = LessonKernel()
    kernel.content = load_lesson(content_root().courses / COURSE, lesson_id)
    kernel.widgets = [lesson(lesson_id, COURSE).checkpoint(item)]
    question = kernel.content.checkpoint(item).question
    right = type_of(question).right_answer(question)
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    page = sign_in(viewport={"width": 390, "height": 800}).new_page()
    page.goto(f"{portal.url}lesson")
    page.wait_for_function("window.allDrawn")
    place = page.locator(f"#luyen-tap-{item}")
    expect(place.get_by_text("Đang mở…")).to_have_count(0)
    check = place.get_by_role("button", name="Kiểm tra", exact=True)

    moves = [*keys(place, question, right)]
    tab_to(page, moves[0][0])
    page.keyboard.type(moves[0][1])  # the first part only: half an answer
    tab_to(page, check)
    page.keyboard.press("Enter")
    expect(place.locator(".ix-w-verdict")).to_be_focused()
    expect(place.locator(".ix-w-verdict")).to_contain_text("Chưa đúng")
    parts = len(question.items) if question.type == "matrix_score" else len(question.cells)
    expect(place.locator(".ix-w-note")).to_have_count(parts)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    tab_to(page, place.get_by_role("button", name="Làm lại"))
    page.keyboard.press("Enter")
    for select, typed in moves:
        tab_to(page, select)
        page.keyboard.type(typed)
    tab_to(page, check)
    page.keyboard.press("Enter")
    expect(place.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: portal.world.items[("lan", item)]["done"], "done at the server")
