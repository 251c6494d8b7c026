"""Nothing an officer can reach before submitting holds a key: pages, API, released files, widgets, namespaces."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal.routes import routes

from tests.portal.conftest import Browser, Server
from tests.portal.test_lessons import heard, kernel_of, message, open_channel
from tests.portal.test_routes import CATCH_ALL, PARTS, example, methods
from tests.portal.tiny_course import CANARIES, COURSE, LESSON, QUIZ


def leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


@pytest.fixture(scope="module")
def officer(server: Server) -> Browser:
    return Browser(server).log_in("officer2")


def test_the_tokens_are_in_the_keys_and_would_be_seen(data_folder: DataFolder) -> None:
    """The test itself can fail: the frozen edition, which only the server reads, holds every token."""
    files = data_folder.editions(COURSE, "2025.1").rglob("*.yaml")
    assert leaks("".join(file.read_text("utf-8") for file in files)) == CANARIES


def answers(officer: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Everything the portal answers to GET for this officer, with their own attempt where an id is asked for."""
    attempt = officer.change("POST", "api/attempts", {"course": COURSE, "quiz": QUIZ})
    assert attempt.status_code == 200, attempt.text
    yield "POST api/attempts", attempt.text
    monkeypatch.setitem(PARTS, "attempt", attempt.json()["id"])
    saved = officer.change(
        "PUT",
        f"api/attempts/{attempt.json()['id']}/slots/c2",
        {"answer": "thử", "seq": 5000, "key": "canary"},
    )
    assert saved.status_code == 200, saved.text
    yield "PUT slot", saved.text
    for route in routes():
        if route.pattern in CATCH_ALL or route.kind == "kernel" or "GET" not in methods(route):
            continue
        yield route.pattern, officer.get(example(route.pattern)).text


def test_no_answer_of_the_portal_holds_a_key(officer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {where: leaks(text) for where, text in answers(officer, monkeypatch)}
    assert len(found) > 10
    assert {where: tokens for where, tokens in found.items() if tokens} == {}


def test_no_file_a_lesson_process_is_given_holds_a_key(data_folder: DataFolder) -> None:
    released = list((data_folder.path / "released").rglob("*"))
    assert any(file.name.endswith(".ipynb") and file.parent.name == "quizzes" for file in released)
    for file in released:
        if file.is_file():
            assert leaks(file.read_text("utf-8")) == [], file


def test_no_widget_of_a_lesson_holds_a_key(officer: Browser) -> None:
    kernel = kernel_of(officer.get(f"khoa-hoc/{COURSE}/bai/{LESSON}").text)
    channel = open_channel(officer, kernel)
    opened = message(
        "comm_open",
        {"comm_id": "hoi", "target_name": "jupyter.widget.control", "data": {"method": "request_states"}},
    )
    channel.send(opened.replace('"metadata": {}', '"metadata": {"version": "1.0.0"}'))
    channel.send(message("comm_msg", {"comm_id": "hoi", "data": {"method": "request_states"}}))
    channel.settimeout(10)
    texts: list[str] = []
    while not any("IntSliderModel" in text for text in texts):
        texts.append(str(channel.recv()))
    assert leaks("".join(texts)) == []
    assert heard(channel, "nothing", seconds=0.2) is not None
    channel.close()
