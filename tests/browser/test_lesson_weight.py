"""What a lesson's page costs an officer on a slow line, and that a formula is shown as one. Served below a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, NewContext, copy_of
from tests.browser.people import Cast, Login
from tests.browser.record_front_end import chunks
from tests.browser.records import COURSE
from tests.browser.serving import Portal
from tests.browser.steps import sign_in
from tests.browser.wire import Relay, add_formula, requests_of
from tests.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TYPICAL, HEAVIEST, WITH_FORMULA = "03-pdca", "07-rui-ro-co-hoi", "12-hanh-dong-khac-phuc"
BASE = "/don/vi/"
# The limits are 1.2 MB, 40 requests, 60 KB and 10 requests. These are what was reached, with a little room.
FIRST_BYTES, FIRST_REQUESTS = 950_000, 24
SECOND_BYTES, SECOND_REQUESTS = 60_000, 8
RECORD_ANEW = (
    "the front end asks for files one by one that could stand in its script; record them: "
    "python -m tests.browser.record_front_end"
)


@dataclass
class Place:
    """The portal behind the relay."""

    url: str
    relay: Relay
    officer: Login


@pytest.fixture(scope="module")
def place(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = copy_of(demo, tmp_path_factory.mktemp("weight"))
    (notebook,) = Path(folder).glob(f"released/{COURSE}/*/lessons/{WITH_FORMULA}.ipynb")
    add_formula(notebook)
    portal = Portal(folder, base=BASE)
    at = urlsplit(portal.url)
    assert at.port is not None
    relay = Relay(at.port)
    yield Place(
        f"http://127.0.0.1:{relay.port}{BASE}", relay, Cast(portal.engine, demo.accounts).demo_officer()
    )
    relay.stop()
    portal.stop()


def signed_in(context: BrowserContext, place: Place) -> Page:
    page = context.new_page()
    page.goto(place.url)
    sign_in(page, place.officer)
    return page


def lesson(place: Place, name: str) -> str:
    return f"{place.url}khoa-hoc/{COURSE}/bai/{name}"


def visit(page: Page, place: Place, name: str) -> tuple[list[str], int]:
    """Open a lesson and wait until every tool of it is there: the addresses asked for, the bytes that passed."""
    before = place.relay.bytes
    with requests_of(page) as asked:
        page.goto(lesson(place, name))
        tools = page.locator(".ix-tool")
        expect(tools.locator(".ix-w").first).to_be_visible(timeout=PATIENCE_MS)
        expect(tools.filter(has_not=page.locator(".ix-w"))).to_have_count(0)
        expect(tools.get_by_role("button", disabled=False).first).to_be_visible()
        page.wait_for_load_state("networkidle")
    return asked, place.relay.bytes - before


@pytest.mark.parametrize("name", [TYPICAL, HEAVIEST])
def test_a_first_and_a_second_visit_stay_light(name: str, place: Place, new_context: NewContext) -> None:
    context = new_context()
    page = signed_in(context, place)
    # As if the link came by mail: nothing of the portal is in the browser but who is here.
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto("about:blank")

    asked, weight = visit(page, place, name)
    print(f"{name}: first visit {len(asked)} requests, {weight} bytes")
    assert chunks(asked) == [], RECORD_ANEW
    assert all(url.startswith(place.url) for url in asked)
    assert len(asked) <= FIRST_REQUESTS, asked
    assert weight <= FIRST_BYTES

    page.goto("about:blank")
    asked, weight = visit(page, place, name)
    print(f"{name}: second visit {len(asked)} requests, {weight} bytes")
    assert not [url for url in asked if "/static/" in url], "what is named by its content is asked for once"
    assert len(asked) <= SECOND_REQUESTS, asked
    assert weight <= SECOND_BYTES


def test_the_text_is_there_before_any_script(place: Place, new_context: NewContext) -> None:
    page = signed_in(new_context(), place)
    held: list[Route] = []
    page.route("**/*.js", lambda route: held.append(route))  # a built-in will not do
    page.goto(lesson(place, TYPICAL), wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("article p").last).to_be_visible()
    assert len(held) > 2
    for route in held:
        route.abort()


def test_a_formula_is_set_by_our_own_mathjax_and_only_there(place: Place, new_context: NewContext) -> None:
    page = signed_in(new_context(), place)
    asked, _ = visit(page, place, TYPICAL)
    assert not [url for url in asked if "formulas.js" in url], "MathJax came without a formula"

    asked, _ = visit(page, place, WITH_FORMULA)
    formulas = page.locator(".ix-cell mjx-container")
    expect(formulas).to_have_count(2)
    expect(formulas.first.locator("mjx-mfrac")).to_be_visible()
    # What a screen reader gets.
    expect(formulas.first.locator("mjx-assistive-mml mfrac")).to_have_count(1)
    assert "$" not in page.locator(".ix-cell").last.inner_text()
    assert len([url for url in asked if "formulas.js" in url]) == 1
    assert chunks(asked) == [], RECORD_ANEW
    assert all(url.startswith(place.url) for url in asked)
