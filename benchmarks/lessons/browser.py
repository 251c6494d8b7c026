"""What Chromium sees of a lesson: how much it fetches, when there is text, when one can begin, and what a click says.

A first visit is a context with nothing in its cache, a second another page of that context. Times count from the start
of the navigation and are taken inside the page, at the first frame that shows it: ``first_text_s`` when the lesson's
title is visible, ``interactive_s`` when every practice question and tool of the lesson is there and takes input.
Requests are those that went out to the server; bytes are what came over the wire for them, headers included. What the
websocket brought is counted by itself. Other hosts cannot be reached.
"""

from __future__ import annotations

import base64
import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, TimeoutError, sync_playwright

from .visit import HOST, Site

log = logging.getLogger(__name__)

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_PATIENCE_MS = 60_000
# Requests that come after the page can be worked with belong to the visit too.
_AFTERWARDS_MS = 1_500
# 1.6 Mbit/s, 150 ms there and back.
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}

_WATCH = """
(([title, items]) => {
  const seen = window.benchmarkSeen = {text: null, ready: null};
  const shown = (node) => node.checkVisibility() && node.getBoundingClientRect().height > 0;
  const ready = (id) => {
    const card = document.getElementById(`luyen-tap-${id}`);
    return card && !card.querySelector(".ix-w-is-disabled") && !card.textContent.includes("Đang mở…");
  };
  const look = () => {
    const titles = [...document.querySelectorAll("h1")].filter((one) => one.textContent.includes(title));
    if (seen.text === null && titles.some(shown)) seen.text = performance.now();
    if (items.every(ready)) seen.ready = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})(%s);
"""
# What only a portal has: whether an answer is kept, documents to take home, the way back to the course.
_TEXTS = """
(selector) => {
  const portals = document.querySelectorAll(".ix-w-status-place, .ix-w-documents, .ix-w-summary a");
  for (const place of portals) place.style.display = "none";
  return [...document.querySelectorAll(selector)].map((cell) => cell.innerText);
}
"""
CELLS = ".jp-Cell, .ix-cell"
CANNOT_WORK = f"the page took no input within {_PATIENCE_MS // 1000} s: no further visits, no clicks"


@dataclass(frozen=True)
class Lesson:
    """What is looked for: the title, the ids of questions and tools, and which of them are pressed."""

    title: str
    items: Sequence[str]
    question: str
    board: str


@dataclass
class Traffic:
    """What one page fetched."""

    requests: int = 0
    cached: int = 0
    bytes: int = 0
    websocket_bytes: int = 0
    elsewhere: int = 0
    _asked: dict[str, str] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)

    def listen(self, page: CDPSession) -> None:
        page.on("Network.requestWillBeSent", self._sent)
        page.on("Network.requestServedFromCache", lambda event: self._kept.add(event["requestId"]))
        page.on("Network.responseReceived", self._answered)
        page.on("Network.loadingFinished", self._finished)
        page.on("Network.webSocketFrameReceived", self._heard)
        page.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self._asked[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self._kept.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._asked:
            self.bytes += int(event["encodedDataLength"])

    def _heard(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        data = frame["payloadData"]
        self.websocket_bytes += len(base64.b64decode(data)) if frame["opcode"] == 2 else len(data.encode())

    def figures(self) -> dict[str, int]:
        """Requests that went out, what the cache gave, bytes."""
        here = {id_ for id_, url in self._asked.items() if urlsplit(url).hostname == HOST}
        return {
            "requests": len(here - self._kept),
            "from_cache": len(here & self._kept),
            "bytes": self.bytes,
            "websocket_bytes": self.websocket_bytes,
            "asked_elsewhere": len(self._asked) - len(here),
        }


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raises ``RuntimeError`` if there is none."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("Chromium is needed: make system-tools")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def context_of(browser: Browser, site: Site, cookie: str) -> BrowserContext:
    """A browser of one visitor's own, with an empty cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    context.set_default_timeout(_PATIENCE_MS)
    if cookie:
        name, _, value = cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": f"http://{HOST}:{site.port}"}])
    return context


def visit(
    context: BrowserContext, site: Site, lesson: Lesson, *, slow: bool = False
) -> tuple[Page, dict[str, Any]]:
    """Open the lesson in a new page; the page, and what it took."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    traffic = Traffic()
    traffic.listen(network)
    if slow:
        network.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.add_init_script(_WATCH % json.dumps([lesson.title, list(lesson.items)]))
    page.goto(site.url, wait_until="commit")
    try:
        page.wait_for_function("window.benchmarkSeen && window.benchmarkSeen.ready !== null")
    except TimeoutError:
        log.warning("%s: cannot be worked with after %s s", site.url, _PATIENCE_MS // 1000)
    seen = page.evaluate("window.benchmarkSeen")
    page.wait_for_timeout(_AFTERWARDS_MS)
    return page, {
        "first_text_s": _seconds(seen["text"]),
        "interactive_s": _seconds(seen["ready"]),
        **traffic.figures(),
    }


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 3)


def texts(page: Page, selector: str = CELLS) -> str:
    """What can be read in those places, one line a place, spaces and heading marks evened out."""
    found = [" ".join(text.replace("¶", " ").split()) for text in page.evaluate(_TEXTS, selector)]
    return "\n".join(text for text in found if text)


def press(page: Page, lesson: Lesson) -> list[str]:
    """Answer the question with its first choice, sort one card of the board, have both checked; what they then say."""
    question = page.locator(f"#luyen-tap-{lesson.question}")
    question.get_by_role("radio").first.check()
    question.get_by_role("button", name="Kiểm tra", exact=True).click()
    question.locator(".ix-w-verdict").wait_for()
    board = page.locator(f"#luyen-tap-{lesson.board}")
    boxes = board.get_by_role("group", name="Đặt việc đang chọn vào ô:")
    board.locator("[aria-pressed]").first.click()
    boxes.get_by_role("button").first.click()
    board.get_by_role("button", name="Kiểm tra bảng").click()
    page.wait_for_timeout(_AFTERWARDS_MS)
    return [texts(page, f"#luyen-tap-{item}") for item in (lesson.question, lesson.board)]


def look(browser: Browser, site: Site, cookies: Sequence[str], lesson: Lesson) -> dict[str, Any]:
    """First and second visit of one visitor, the same on a slow line by another, the text, and the clicks' answers."""
    context = context_of(browser, site, cookies[0])
    try:
        page, first = visit(context, site, lesson)
        if first["interactive_s"] is None:
            return {"first_visit": first, "text": None, "answers": None, "problem": CANNOT_WORK}
        text = texts(page)
        answers = press(page, lesson)
        page.close()
        page, second = visit(context, site, lesson)
    finally:
        context.close()
    context = context_of(browser, site, cookies[1])
    try:
        page, slow_first = visit(context, site, lesson, slow=True)
        page.close()
        _, slow_second = visit(context, site, lesson, slow=True)
    finally:
        context.close()
    return {
        "first_visit": first,
        "second_visit": second,
        "slow_first_visit": slow_first,
        "slow_second_visit": slow_second,
        "text": text,
        "answers": answers,
    }
