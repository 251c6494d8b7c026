"""Signing in and out, the cookie, and the way back to where one came from."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isoxa_portal.links import safe_return

from tests.portal.conftest import PASSWORD, Browser, Server
from tests.portal.tiny_course import COURSE, LESSON

LINK = f"khoa-hoc/{COURSE}/bai/{LESSON}?tu=thu"


def test_the_session_tells_who_is_there(officer: Browser) -> None:
    account = officer.look()["account"]
    assert account["username"] == "officer"
    assert account["roles"] == ["officer"]
    assert account["key"] not in ("", "officer")


def test_accounts_have_different_keys_that_stay(as_role: Callable[[str], Browser]) -> None:
    keys = [as_role(name).look()["account"]["key"] for name in ("officer", "officer2", "officer")]
    assert keys[0] == keys[2] != keys[1]


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(visitor: Browser) -> None:
    visitor.look()
    answer = visitor.change("POST", "api/login", {"username": "officer", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("isoxa_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "x", lambda t: t + "x", lambda t: "x" * 5000, lambda t: "é"]
)
def test_a_tampered_cookie_is_nobody(officer: Browser, change: Callable[[str], str]) -> None:
    token = officer.cookies.cookies["isoxa_session"]
    stranger = Browser(officer.server)
    cookie = change(token).encode().decode("latin-1")
    assert (
        stranger.get("api/session", headers={"Cookie": f"isoxa_session={cookie}"}).json()["account"] is None
    )


def test_logging_out_ends_the_sign_in_on_the_server(officer: Browser) -> None:
    token = officer.cookies.cookies["isoxa_session"]
    assert officer.change("POST", "api/logout").json()["account"] is None
    thief = Browser(officer.server)
    assert thief.get("api/session", headers={"Cookie": f"isoxa_session={token}"}).json()["account"] is None


def test_a_wrong_password_is_refused_in_words(visitor: Browser) -> None:
    visitor.look()
    answer = visitor.change("POST", "api/login", {"username": "department", "password": "sai"})
    assert answer.status_code == 401
    assert answer.json()["error"]["message"]


def test_guessing_is_slowed_down(visitor: Browser) -> None:
    visitor.look()
    body = {"username": "khong-co-ai", "password": "sai"}
    statuses = [visitor.change("POST", "api/login", body).status_code for _ in range(6)]
    last = visitor.change("POST", "api/login", body)
    assert statuses[0] == 401
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0


def test_signing_in_again_in_place_gives_a_token_that_works(officer: Browser) -> None:
    officer.cookies.cookies.clear()
    assert officer.look()["account"] is None
    officer.log_in("officer")
    assert officer.change("POST", "api/logout").status_code == 200


def test_a_page_asked_for_by_a_visitor_leads_to_login_and_names_itself(visitor: Browser) -> None:
    answer = visitor.get(LINK)
    assert answer.status_code == 302
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/dang-nhap"
    assert parse_qs(target.query)["tiep"] == ["/" + LINK]


def test_login_by_the_page_returns_to_the_link(visitor: Browser, server: Server) -> None:
    login = visitor.get(visitor.get(LINK).headers["Location"].lstrip("/"))
    assert login.status_code == 200
    visitor.look()
    form = {"username": "officer", "password": PASSWORD, "_isoxa_xsrf": visitor.xsrf, "tiep": "/" + LINK}
    answer = visitor.ask("POST", "dang-nhap", data=form)
    assert answer.status_code in (302, 303), answer.text
    assert answer.headers["Location"] == "/" + LINK


@pytest.mark.parametrize(
    "link",
    [
        "https://noi-khac.example/",
        "//noi-khac.example/",
        "/\\noi-khac.example/",
        "\\\\noi-khac.example",
        "/\t/noi-khac.example",
        "javascript:alert(1)",
        " /khoa-hoc",
        "/../x",
        "khoa-hoc",
        "",
        None,
        "/" + "a" * 3000,
    ],
)
def test_no_link_leads_out_of_the_portal(link: str | None) -> None:
    assert safe_return("/", link) is None


def test_a_link_outside_the_base_path_is_refused() -> None:
    assert safe_return("/a/", "/b/khoa-hoc") is None
    assert safe_return("/a/", "/ab") is None
    assert safe_return("/a/", "/a/khoa-hoc?x=1#y") == "/a/khoa-hoc?x=1#y"
    assert safe_return("/a/", "/a") == "/a"


@given(st.text(max_size=60))
def test_a_link_let_through_stays_on_this_host(link: str) -> None:
    found = safe_return("/", link)
    if found is not None:
        parts = urlsplit(found)
        assert not parts.scheme
        assert not parts.netloc
        assert found.startswith("/")
        assert not found.startswith(("//", "/\\"))
