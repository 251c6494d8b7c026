"""Below a path: behind a proxy that passes the prefix on, and behind one that takes it away."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from tests.portal.conftest import PASSWORD, Browser, Server
from tests.portal.test_lessons import kernel_of, open_channel
from tests.portal.tiny_course import COURSE, LESSON, QUIZ

BASE = "/nguoi/lan/proxy/9/"


def test_the_journey_below_a_prefix(prefixed: Server) -> None:
    browser = Browser(prefixed).log_in("officer")
    page = browser.get(f"khoa-hoc/{COURSE}/bai/{LESSON}")
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="(/[^"]*)"', page.text):
        assert address.startswith(BASE)
    channel = open_channel(browser, kernel_of(page.text))
    channel.close()
    quiz = browser.get(f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}").text
    for address in re.findall(r'(?:src|href)="(/[^"]*static[^"]*)"', quiz):
        assert requests.get(prefixed.root + address, timeout=30).status_code == 200
    found = browser.get(f"api/courses/{COURSE}").json()
    assert found["lessons"][0]["url"].startswith(BASE)


def test_the_cookie_stays_below_the_prefix(prefixed: Server) -> None:
    browser = Browser(prefixed)
    browser.look()
    answer = browser.change("POST", "api/login", {"username": "officer", "password": PASSWORD})
    assert f"Path={BASE}" in answer.headers["Set-Cookie"]


def test_a_proxy_that_takes_the_prefix_away_reaches_the_same_pages(prefixed: Server) -> None:
    browser = Browser(prefixed).log_in("officer")
    cookies = {"isoxa_session": browser.cookies.cookies["isoxa_session"]}
    stripped = f"{prefixed.root}/khoa-hoc/{COURSE}/kiem-tra/{QUIZ}"
    page = requests.get(stripped, cookies=cookies, timeout=30)
    assert page.status_code == 200
    assert f'"base": "{BASE}"' in page.text
    visitor = requests.get(stripped, allow_redirects=False, timeout=30)
    # Relative to the address the browser asked for, whatever the proxy does to absolute ones.
    target = urlsplit(urljoin(f"{BASE}khoa-hoc/{COURSE}/kiem-tra/{QUIZ}", visitor.headers["Location"]))
    assert target.path == f"{BASE}dang-nhap"
    assert parse_qs(target.query)["tiep"] == [f"{BASE}khoa-hoc/{COURSE}/kiem-tra/{QUIZ}"]
