"""Chromium, and the real portal on a copy of the demo: at "/" or behind jupyter-server-proxy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.loading import load_lesson
from isoxa_courses.models import Lesson
from isoxa_courses.shipped import content_root
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.people import Cast
from tests.browser.records import COURSE, LESSON
from tests.browser.serving import Portal
from tests.chromium import FLAGS, chromium_path
from tests.conftest import Demo

PATIENCE_MS = 90_000

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def portal(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal at "/", one a module; each test takes officers of its own."""
    folder = copy_of(demo, tmp_path_factory.mktemp("portal"))
    running = Portal(folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def cast(portal: Portal, demo: Demo) -> Cast:
    return Cast(portal.engine, demo.accounts)


def copy_of(demo: Demo, place: Path) -> Path:
    return Path(shutil.copytree(demo.folder, place / "data"))


@pytest.fixture(scope="session")
def lesson() -> Lesson:
    return load_lesson(content_root().courses / COURSE, LESSON)


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """Each call is another computer. A script error on any page fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "vi-VN"} | options
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_context: NewContext) -> Page:
    return new_context().new_page()
