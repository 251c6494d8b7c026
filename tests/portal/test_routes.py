"""Every address of the portal, from its own list, asked for by nobody and by each role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from isoxa_grading.records.tables import Role
from isoxa_portal.routes import ALL_ROLES, Route, routes

from tests.portal.conftest import ACCOUNTS, Browser, Server
from tests.portal.tiny_course import COURSE, LESSON, QUIZ

# What stands for each named group: things that exist where a role may read them, else made-up ones.
PARTS = {
    "course": COURSE,
    "lesson": LESSON,
    "quiz": QUIZ,
    "item": "kt-1",
    "attempt": "0" * 32,
    "slot": "c1",
    "kernel_id": "00000000-0000-0000-0000-000000000000",
    "shared_id": "00000000-0000-8000-8000-000000000000",
    "name": "khong-co.css",
    "version": "0" * 16,
    "kind": "vong-pdca",
    "format_": "docx",
    "work": "1",
    "task": "0" * 32,
    "act": "ghi-danh",
    "batch": "0" * 32,
    "list_": "qua-han",
    "number": "ISOXA-2026-000123-8",
}
ROUTES = routes()
CATCH_ALL = (r"/api/.*", r"/.*")
WALKED = [route for route in ROUTES if route.pattern not in CATCH_ALL]
# Anything but these says "you may not": the role is let in, whatever the made-up ids lead to.
CLOSED = {401, 403}


def example(pattern: str) -> str:
    """A path that the pattern fits."""
    path = re.sub(r"\(\?:[^()]*(?:\([^()]*\))?[^()]*\)\?", "", pattern)
    while found := re.search(r"\(\?P<(\w+)>", path):
        depth = 0
        for end in range(found.start(), len(path)):
            depth += {"(": 1, ")": -1}.get(path[end], 0)
            if depth == 0:
                break
        inner = path[found.end() : end]
        made = next(
            part
            for part in (PARTS.get(found[1], "1"), "1", "0" * 32, "xlsx", "json")
            if re.fullmatch(inner, part)
        )
        path = path[: found.start()] + made + path[end + 1 :]
    path = path.replace("\\.", ".").replace("/?", "/")
    assert re.fullmatch(pattern, path), path
    return path


def methods(route: Route) -> list[str]:
    """The methods its handler answers."""
    from tornado.web import RequestHandler

    found = []
    for method in ("get", "post", "put", "delete"):
        if getattr(route.handler, method) is not getattr(RequestHandler, method):
            found.append(method.upper())
    return found


CASES = [
    pytest.param(route, method, id=f"{method} {route.pattern}")
    for route in WALKED
    for method in methods(route)
]


def ask(browser: Browser, route: Route, method: str) -> int:
    """The status; a refusal that says "you may look, but nothing is recorded" lets the role in."""
    path = example(route.pattern)
    answer = browser.get(path, stream=True) if method == "GET" else browser.change(method, path, {})
    with answer:
        if answer.status_code == 403 and '"preview"' in answer.text:
            return 200
        return int(answer.status_code)


@pytest.fixture(autouse=True)
def no_lesson_left_open(server: Server) -> Iterator[None]:
    yield
    server.call(server.app.portal.sessions.close_all)


@pytest.fixture(scope="module")
def roles(server: Server) -> dict[Role, Browser]:
    return {role: Browser(server).log_in(username) for username, role in ACCOUNTS.items()}


def test_every_route_has_a_method() -> None:
    assert all(methods(route) for route in WALKED)


def test_only_a_few_routes_are_open_to_anyone() -> None:
    """A route that is opened to everybody must be put here knowingly."""
    known = {
        r"/api/session",
        r"/api/login",
        r"/static/p/(?P<name>[\w.-]+)",
        r"/static/w/(?P<name>[\w.-]+)",
        r"/static/v/(?P<version>[0-9a-f]{16})/(?P<name>[\w@./-]+)",
        "/?",
        "/dang-nhap",
        "/kich-hoat",  # whoever has a code has no session yet
        "/quen-mat-khau",  # nor has who forgot the password
        "/oauth_callback",  # nor has who comes back from a Hub; without a Hub there is no such page
        "/ngon-ngu",
        "/vao-lop",  # in a hall people come in by name
        r"/vao-lop/don-vi\.json",
        r"/api/v1/workshops/reports",  # whoever has a class's code; pages of other origins may ask it
        "/xac-nhan/?",  # whoever holds a certificate
        r"/xac-nhan/(?P<number>[^/]{1,300})",
        *CATCH_ALL,
    }
    assert {route.pattern for route in ROUTES if route.roles is None} <= known


def test_nothing_of_voilas_or_jupyters_is_mounted(server: Server) -> None:
    """Every rule of the application is one of the list's, and each handler is a class of ours."""
    mounted = [rule for host in server.app.app.default_router.rules[:1] for rule in host.target.rules]
    assert len(mounted) == len(ROUTES)
    assert {rule.target for rule in mounted} == {route.handler for route in ROUTES}
    assert all(route.handler.__module__.startswith("isoxa_portal.") for route in ROUTES)


@pytest.mark.parametrize(("route", "method"), CASES)
def test_a_visitor_is_let_in_only_where_anyone_is(server: Server, route: Route, method: str) -> None:
    status = ask(Browser(server), route, method)
    if route.roles is None:
        # A change without a token is refused for that reason, in a visitor's hands too.
        assert status not in CLOSED or (method != "GET" and status == 403)
    elif route.kind == "page" and method == "GET":
        assert status == 302
    else:
        assert status in CLOSED


@pytest.mark.parametrize(("route", "method"), CASES)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_let_in_as_the_list_says(
    server: Server, roles: dict[Role, Browser], route: Route, method: str, role: Role
) -> None:
    ends_the_session = route.pattern in ("/api/logout", "/dang-xuat")
    browser = (
        Browser(server).log_in(next(n for n, r in ACCOUNTS.items() if r is role))
        if ends_the_session
        else roles[role]
    )
    status = ask(browser, route, method)
    assert status < 500, status
    if route.kind == "kernel" and method == "GET":
        # A websocket: 404 for the owner of no such lesson, who got past the role.
        assert status == (404 if role in (route.roles or ALL_ROLES) else 403)
    elif route.roles is not None and role not in route.roles:
        assert status == 403
    elif method == "GET":
        assert status not in CLOSED


@pytest.mark.parametrize(
    "path",
    [
        "voila/tree",
        "voila/render/x.ipynb",
        "voila/files/isoxa.toml",
        "voila/static/voila.js",
        "voila/api/contents/",
        "voila/templates/lab/static/x.js",
        "api/contents",
        "api/kernels",
        "api/terminals",
        "login",
        "logout",
        "static/../isoxa.toml",
        "static/v/0000000000000000/voila/../../x",
    ],
)
def test_what_is_not_mounted_is_not_there(as_role: Callable[[str], Browser], path: str) -> None:
    assert as_role("admin").get(path).status_code == 404
