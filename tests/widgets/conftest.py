"""Chromium and the portal in memory, for the widgets' browser tests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from isoxa_widgets.assets import bundle, styles_of
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.chromium import FLAGS, chromium_path
from tests.widgets.portal_server import BASE, PortalServer

STATIC = Path(__file__).parents[2] / "portal" / "isoxa_portal" / "static"


def page_html(
    body: str, page: dict[str, Any], modules: list[str], styles: list[str], *, portal: bool = True
) -> str:
    """A page as the portal writes it: context, tokens, hashed files."""
    links = [f"{BASE}tokens.css", f"{BASE}portal.css"] if portal else []
    links += [f"{BASE}static/w/{bundle()[name].hashed_name}" for name in styles]
    sheets = "".join(f'<link rel="stylesheet" href="{link}">' for link in links)
    sources = [f"{BASE}static/w/{bundle()[name].hashed_name}" for name in modules]
    scripts = "".join(f'<script type="module" src="{source}"></script>' for source in sources)
    context = json.dumps({"base": BASE, **page})
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Thử</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<script type="application/json" id="isoxa-page">{context}</script>{sheets}{scripts}</head>'
        f'<body><main id="noi-dung" class="ix-wrap"><h1>Bài kiểm tra 3. PDCA</h1>{body}</main></body></html>'
    )


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as server:
        for name in ("tokens.css", "portal.css"):
            file = STATIC / name
            server.world.pages[name] = file.read_text("utf-8") if file.exists() else ""
        server.world.pages["quiz"] = page_html(
            "<div data-ix-quiz></div>",
            {"course": "c", "quiz": "q", "language": "vi"},
            ["start_quiz.js"],
            [*styles_of("quiz_page")],
        )
        yield server


@pytest.fixture
def sign_in(chromium: Browser, portal: PortalServer) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of its own in which somebody is signed in; each call is another PC. Console errors fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(username: str = "lan", **options: Any) -> BrowserContext:
        context = chromium.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "locale": "vi-VN", **options}
        )
        context.set_default_timeout(8000)
        token = portal.world.sign_in(username)
        context.add_cookies([{"name": "isoxa_session", "value": token, "url": portal.url}])
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


def open_lesson(context: BrowserContext, portal: PortalServer) -> Page:
    """The lesson's page with everything drawn and loaded."""
    page = context.new_page()
    page.goto(f"{portal.url}lesson")
    page.wait_for_function("window.allDrawn")
    expect(page.get_by_text("Đang mở…")).to_have_count(0)
    return page


def serious_faults(page: Page) -> list[str]:
    """What axe finds on the page that is serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def until(check: Callable[[], bool], what: str, seconds: float = 8) -> None:
    """Wait for something on the server's side."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, f"still waiting for: {what}"
        time.sleep(0.02)
