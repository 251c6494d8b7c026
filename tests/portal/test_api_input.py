"""What the API answers to bodies that are too large, broken or of the wrong kind, and that its answers are words."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from isoxa_grading.records.database import DatabaseBusy, DiskFull

from tests.portal.conftest import Browser
from tests.portal.tiny_course import COURSE, LESSON, QUIZ

ITEM = f"api/courses/{COURSE}/lessons/{LESSON}/items/kt-1"


@pytest.fixture
def attempt(officer: Browser) -> dict[str, Any]:
    return dict(officer.change("POST", "api/attempts", {"course": COURSE, "quiz": QUIZ}).json())


def error_of(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    error = answer.json()["error"]
    assert any(letter in error["message"] for letter in "ăâđêôơưàáảãạèéẻìíòóùúếệộậ"), error
    assert "Traceback" not in answer.text
    return str(error["code"])


def test_a_body_of_ten_megabytes_gets_words_and_the_connection_survives(officer: Browser) -> None:
    place = urlsplit(officer.server.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=30)
    cookie = f"isoxa_session={officer.cookies.cookies['isoxa_session']}"
    headers = {"Cookie": cookie, "X-Isoxa-Xsrf": officer.xsrf, "Content-Type": "application/json"}
    body = json.dumps({"answer": "x" * 10_000_000, "seq": 1, "key": "k"})
    connection.request("PUT", "/" + ITEM, body, headers)
    answer = connection.getresponse()
    found = json.loads(answer.read())
    assert answer.status == 413
    assert found["error"]["code"] == "too_large"
    connection.request("GET", "/api/session", headers={"Cookie": cookie})
    again = connection.getresponse()
    assert again.status == 200
    assert json.loads(again.read())["account"]["username"] == "officer"
    connection.close()


def test_a_visitor_with_ten_megabytes_is_refused_as_a_visitor(visitor: Browser) -> None:
    assert error_of(visitor.change("PUT", ITEM, {"state": "x" * 10_000_000}), 401) == "signed_out"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/desk/piles", 403),
        ("GET", "/api/khong-co", 404),
        ("PUT", f"/{ITEM}", 403),
        ("POST", "/api/desk/next", 403),
    ],
)
def test_a_refusal_leaves_the_connection_open(officer: Browser, method: str, path: str, status: int) -> None:
    """Refused before the body was read: it is read all the same, so the next request on the connection is answered."""
    place = urlsplit(officer.server.url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=30)
    headers = {"Cookie": f"isoxa_session={officer.cookies.cookies['isoxa_session']}"}
    for _again in range(3):
        if method == "GET":
            connection.request("GET", path, headers=headers)
        else:
            # In two parts, as a slow line brings it; without the token that would let it in.
            connection.putrequest(method, path)
            for name, value in {**headers, "Content-Length": "7", "Content-Type": "application/json"}.items():
                connection.putheader(name, value)
            connection.endheaders(b'{"a"')
            time.sleep(0.05)
            connection.send(b":1}")
        answer = connection.getresponse()
        assert answer.status == status
        assert json.loads(answer.read())["error"]["message"]
        assert not answer.will_close
    connection.close()


@pytest.mark.parametrize("path", ["/quan-tri/danh-sach", "/lop-tap-huan/1/nhap"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_form_with_files_that_is_refused_says_when_it_ends_the_connection(
    officer: Browser, method: str, path: str
) -> None:
    """Tornado ends it under an answer that comes before the body was read, even of a GET: the browser must know."""
    place = urlsplit(officer.server.url)
    headers = {"Cookie": f"isoxa_session={officer.cookies.cookies['isoxa_session']}"}
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 0, timeout=30)
    for _again in range(6):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (403, 404, 405)
        if answer.will_close:
            connection.close()
        time.sleep(0.02)
    connection.close()


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 100_000],
    ids=["empty", "cut", "list", "null", "string", "bytes", "half-surrogate", "deep"],
)
def test_a_malformed_body(officer: Browser, body: bytes) -> None:
    headers = {"X-Isoxa-Xsrf": officer.xsrf, "Content-Type": "application/json"}
    assert error_of(officer.ask("PUT", ITEM, data=body, headers=headers), 400) == "malformed"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type(officer: Browser, kind: str) -> None:
    headers = {"X-Isoxa-Xsrf": officer.xsrf, "Content-Type": kind}
    assert error_of(officer.ask("PUT", ITEM, data=b"{}", headers=headers), 415) == "content_type"


@pytest.mark.parametrize(
    "body", [{}, {"state": 1}, {"state": 1, "seq": "1", "key": "k"}, {"state": 1, "seq": True, "key": "k"}]
)
def test_a_write_without_sequence_or_key(officer: Browser, body: dict[str, Any]) -> None:
    assert error_of(officer.change("PUT", ITEM, body), 400) == "bad_write"


def test_an_answer_of_the_wrong_type_costs_nothing(officer: Browser, attempt: dict[str, Any]) -> None:
    slot = f"api/attempts/{attempt['id']}/slots/c1"
    assert error_of(officer.change("PUT", slot, {"answer": 5, "seq": 900, "key": "sai"}), 400) == "answer"


def test_a_slot_that_is_not_there(officer: Browser, attempt: dict[str, Any]) -> None:
    slot = f"api/attempts/{attempt['id']}/slots/khong-co"
    assert error_of(officer.change("PUT", slot, {"answer": None, "seq": 1, "key": "k"}), 404) == "not_found"


def test_another_officers_attempt_is_not_there(
    as_role: Callable[[str], Browser], attempt: dict[str, Any]
) -> None:
    stranger = as_role("officer2")
    place = f"api/attempts/{attempt['id']}"
    assert error_of(stranger.get(place), 404) == "not_found"
    assert error_of(stranger.change("PUT", f"{place}/slots/c1", {"answer": None, "seq": 1, "key": "k"}), 404)
    assert error_of(stranger.change("POST", f"{place}/submit"), 404) == "not_found"


def test_a_stale_answer_is_refused_with_the_newer_one(officer: Browser, attempt: dict[str, Any]) -> None:
    slot = f"api/attempts/{attempt['id']}/slots/c2"
    newest = {"answer": "mới hơn", "seq": 1000, "key": "moi"}
    assert officer.change("PUT", slot, newest).json()["saved"] is True
    assert officer.change("PUT", slot, newest).json()["saved"] is True
    stale = officer.change("PUT", slot, {"answer": "cũ", "seq": 999, "key": "cu"})
    assert error_of(stale, 409) == "stale"
    assert stale.json()["newer"] == {"answer": "mới hơn", "seq": 1000}


def test_lesson_work_is_saved_and_there_again(officer: Browser) -> None:
    before = officer.get(f"api/courses/{COURSE}/lessons/{LESSON}/state").json()
    seq = before["items"].get("kt-1", {"seq": 0})["seq"] + 1
    saved = officer.change("PUT", ITEM, {"state": {"answer": "a"}, "seq": seq, "key": f"k{seq}"}).json()
    assert saved["saved"] is True
    after = officer.get(f"api/courses/{COURSE}/lessons/{LESSON}/state").json()
    assert after["items"]["kt-1"]["state"] == {"answer": "a"}
    assert error_of(officer.change("PUT", ITEM, {"state": {}, "seq": seq, "key": "khac"}), 409) == "stale"


def test_a_trainer_may_look_but_nothing_is_recorded(as_role: Callable[[str], Browser]) -> None:
    trainer = as_role("trainer")
    state = trainer.get(f"api/courses/{COURSE}/lessons/{LESSON}/state").json()
    assert state == {"items": {}, "done": 0, "total": 1, "complete": False}
    assert error_of(trainer.change("PUT", ITEM, {"state": 1, "seq": 1, "key": "k"}), 403) == "preview"


@pytest.mark.parametrize(
    "path", ["api/courses/khong-co", "api/courses/khong-co/lessons/x/state", "api/khong-co"]
)
def test_what_is_not_there(officer: Browser, path: str) -> None:
    assert officer.get(path).status_code in (403, 404)


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (DatabaseBusy(), 503, "busy"),
        (DiskFull(), 507, "disk_full"),
        (RuntimeError("bí mật"), 500, "unexpected"),
    ],
)
def test_trouble_below_is_said_in_words(
    officer: Browser, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, code: str
) -> None:
    def fail(*_: Any) -> None:
        raise problem

    monkeypatch.setattr(officer.server.app.portal.lessons, "save", fail)
    answer = officer.change("PUT", ITEM, {"state": 1, "seq": 1, "key": "k"})
    assert error_of(answer, status) == code
    assert "bí mật" not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)
    assert ("incident" in answer.json()) == (status == 500)


def test_the_course_says_where_its_parts_are(officer: Browser) -> None:
    found = officer.get(f"api/courses/{COURSE}").json()
    assert found["lessons"][0]["url"] == f"/khoa-hoc/{COURSE}/bai/{LESSON}"
    assert found["quizzes"][0]["url"] == f"/khoa-hoc/{COURSE}/kiem-tra/{QUIZ}"
    quiz = officer.get(f"api/courses/{COURSE}/quizzes/{QUIZ}").json()
    assert quiz["slots"] == 5
    assert quiz["attempts_allowed"] == 3
