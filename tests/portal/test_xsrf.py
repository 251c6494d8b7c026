"""Forged requests: a change needs a token of this very session, and must come from a page of this host."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isoxa_portal import xsrf
from tornado.httputil import HTTPHeaders

from tests.portal.conftest import PASSWORD, Browser
from tests.portal.tiny_course import COURSE, QUIZ

START = {"course": COURSE, "quiz": QUIZ}
Enter = Callable[[str], Browser]


def refused(browser: Browser, **headers: str) -> str:
    answer = browser.ask("POST", "api/attempts", json=START, headers=headers)
    assert answer.status_code == 403, answer.text
    assert answer.json()["error"]["message"]
    return str(answer.json()["error"]["code"])


def test_without_a_token(officer: Browser) -> None:
    assert refused(officer) == "xsrf"


@pytest.mark.parametrize("token", ["", ".", "x", "a.b", "é", "0123456789abcdef." + "0" * 64])
def test_with_a_wrong_token(officer: Browser, token: str) -> None:
    assert refused(officer, **{"X-Isoxa-Xsrf": token.encode().decode("latin-1")}) == "xsrf"


def test_with_the_token_of_another_account(officer: Browser, as_role: Enter) -> None:
    assert refused(officer, **{"X-Isoxa-Xsrf": as_role("officer2").xsrf}) == "xsrf"


def test_with_the_token_of_an_earlier_sign_in(as_role: Enter) -> None:
    assert refused(as_role("officer"), **{"X-Isoxa-Xsrf": as_role("officer").xsrf}) == "xsrf"


def test_with_a_token_from_before_signing_in(visitor: Browser) -> None:
    before = visitor.look()["xsrf"]
    visitor.log_in("officer")
    assert refused(visitor, **{"X-Isoxa-Xsrf": before}) == "xsrf"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://noi-khac.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_from_another_site_even_with_the_token(officer: Browser, headers: dict[str, str]) -> None:
    assert refused(officer, **{"X-Isoxa-Xsrf": officer.xsrf}, **headers) == "xsrf"


def test_from_here_with_the_token(officer: Browser) -> None:
    origin = officer.server.root
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert officer.change("POST", "api/attempts", START, headers=headers).status_code == 200


def test_login_needs_a_token_too(visitor: Browser) -> None:
    body = {"username": "officer", "password": PASSWORD}
    assert visitor.ask("POST", "api/login", json=body).status_code == 403
    assert visitor.look()["account"] is None


def test_the_token_is_never_in_a_page_of_a_course(officer: Browser) -> None:
    for page in ("bai/02-tiep", f"kiem-tra/{QUIZ}"):
        text = officer.get(f"khoa-hoc/{COURSE}/{page}").text
        assert "xsrf" not in text.lower()


def test_tornados_own_cookie_is_not_used(officer: Browser) -> None:
    officer.get(f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}")
    assert set(officer.cookies.cookies.keys()) <= {"isoxa_session", "isoxa_visitor", "isoxa_lang"}


@given(st.binary(min_size=1, max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_a_token_fits_its_own_binding_alone(secret: bytes, binding: str, other: str) -> None:
    try:
        binding.encode()
        other.encode()
    except UnicodeEncodeError:
        return
    token = xsrf.make_token(secret, binding)
    assert xsrf.token_fits(secret, binding, token)
    assert xsrf.token_fits(secret, other, token) == (other == binding)
    assert not xsrf.token_fits(secret + b"x", binding, token)


@given(st.text(max_size=100).filter(lambda text: text.isascii()))
def test_no_made_up_token_fits(token: str) -> None:
    assert not xsrf.token_fits(b"secret", "binding", token)


def test_a_program_without_origin_is_let_through() -> None:
    assert xsrf.comes_from_here(HTTPHeaders(), "x:1")
    assert xsrf.comes_from_here(HTTPHeaders({"Origin": "https://X:1"}), "x:1")
