"""Lesson and quiz pages, whose a live lesson is, and which messages reach it."""

from __future__ import annotations

import json
import re
import socket
import time
import uuid
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
import requests
import websocket
from isoxa_grading.records.database import DatabaseBusy
from notebook_sessions import CellResult, HostLimits, WorkerLost

from tests.portal.conftest import Browser, Server
from tests.portal.tiny_course import COURSE, HANGING_LESSON, LESSON, QUIZ

PAGE = f"khoa-hoc/{COURSE}/bai/{LESSON}"
Enter = Callable[[str], Browser]
HEX_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b")


def kernel_of(page: str) -> str:
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page)
    assert found is not None
    return str(json.loads(found[1])["kernelId"])


def open_channel(browser: Browser, kernel: str, **headers: str) -> websocket.WebSocket:
    address = browser.server.url.replace("http", "ws") + f"api/kernels/{kernel}/channels?session_id=x"
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.cookies.items())
    return websocket.create_connection(
        address, cookie=cookies, header=[f"{name}: {value}" for name, value in headers.items()], timeout=5
    )


def refusal(browser: Browser, kernel: str, **headers: str) -> int:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        open_channel(browser, kernel, **headers)
    return int(refused.value.status_code)


def message(kind: str, content: dict[str, Any], channel: str = "shell") -> str:
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": kind,
        "username": "",
        "session": "x",
        "date": "2025-11-21T00:00:00Z",
        "version": "5.3",
    }
    return json.dumps(
        {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": channel,
            "buffers": [],
        }
    )


def heard(channel: websocket.WebSocket, until: str, seconds: float = 10) -> list[str]:
    """Types of the messages up to and with the one named, or all within the time."""
    kinds: list[str] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end and until not in kinds:
        channel.settimeout(max(0.1, end - time.monotonic()))
        try:
            kinds.append(json.loads(channel.recv())["msg_type"])
        except websocket.WebSocketTimeoutException:
            break
    return kinds


@pytest.fixture(scope="module")
def owner(server: Server) -> Browser:
    return Browser(server).log_in("officer")


@pytest.fixture(scope="module")
def page(owner: Browser) -> requests.Response:
    """A lesson that its owner has open; no test ends it."""
    return owner.get(PAGE)


@pytest.fixture(scope="module")
def lesson(page: requests.Response) -> str:
    """The kernel id of that lesson."""
    return kernel_of(page.text)


@pytest.fixture
def reader(as_role: Enter) -> Browser:
    """Another officer, who opens and closes lessons of their own."""
    return as_role("officer2")


def test_text_is_there_without_scripts_and_after_a_broken_cell(page: requests.Response) -> None:
    assert page.status_code == 200
    assert "Chữ đọc được ngay." in page.text
    assert "Vẫn đọc được." in page.text
    assert "chưa mở được" in page.text
    assert "bí mật của lỗi" not in page.text
    assert "display: none" not in page.text
    assert "IntSlider(description" not in page.text, "sources are not shown"


def test_no_request_leaves_for_another_host(owner: Browser, page: requests.Response) -> None:
    for text in (page.text, owner.get(f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}").text):
        addresses = re.findall(r'(?:src|href)="([^"]+)"', text)
        assert addresses
        assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in addresses)


def test_two_officers_pages_differ_in_ids_alone(
    owner: Browser, reader: Browser, page: requests.Response
) -> None:
    mine, theirs = page.text, reader.get(PAGE).text
    assert mine != theirs
    assert HEX_ID.sub("ID", mine) == HEX_ID.sub("ID", theirs)
    quiz = f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}"
    assert owner.get(quiz).text == reader.get(quiz).text


def test_a_lesson_process_knows_nothing_of_the_machine(page: requests.Response) -> None:
    printed = re.findall(r'<pre class="ix-output">(.*?)</pre>', page.text, re.DOTALL)[0]
    assert "ISOXA_PORTAL" in printed
    assert "ISOXA_RELEASE_DIR" in printed
    assert f"released/{COURSE}/2025.1" in printed
    for name in ("ISOXA_DATA", "SECRET", "TOKEN", "PASSWORD", "VOILA_REQUEST_URL", "PWD"):
        assert f"{name}&#39;" not in printed


def test_a_page_for_an_officer_who_is_not_enrolled_says_so(as_role: Enter) -> None:
    assert as_role("department").get(PAGE).status_code == 403


@pytest.mark.parametrize("path", [f"khoa-hoc/{COURSE}/bai/99", "khoa-hoc/khong-co/bai/1", f"{PAGE}/../x"])
def test_a_lesson_that_is_not_there(owner: Browser, path: str) -> None:
    assert owner.get(path).status_code == 404


def test_the_owner_sees_the_kernel_and_others_do_not(owner: Browser, lesson: str, as_role: Enter) -> None:
    assert owner.get(f"api/kernels/{lesson}").json()["id"] == lesson
    for name in ("officer2", "trainer", "admin"):
        stranger = as_role(name)
        assert stranger.get(f"api/kernels/{lesson}").status_code == 404
        assert refusal(stranger, lesson) == 404
        assert stranger.ask("POST", f"voila/api/shutdown/{lesson}").status_code == 404
    assert as_role("department").get(f"api/kernels/{lesson}").status_code == 403
    assert owner.get(f"api/kernels/{lesson}").status_code == 200, "nobody ended it"


def test_a_visitor_gets_no_channel(visitor: Browser, lesson: str) -> None:
    assert refusal(visitor, lesson) == 403


def test_a_page_of_another_site_gets_no_channel(owner: Browser, lesson: str) -> None:
    assert refusal(owner, lesson, Origin="https://noi-khac.example") == 403


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST"])
def test_a_kernel_cannot_be_changed_over_http(owner: Browser, lesson: str, method: str) -> None:
    assert owner.change(method, f"api/kernels/{lesson}").status_code in (404, 405)


def test_only_comm_and_info_messages_pass(owner: Browser, lesson: str) -> None:
    channel = open_channel(owner, lesson)
    channel.send(message("kernel_info_request", {}))
    assert "kernel_info_reply" in heard(channel, "kernel_info_reply")
    code = {"code": "import os; os._exit(1)", "silent": False, "store_history": True, "allow_stdin": False}
    for kind, content, where in (
        ("execute_request", code, "shell"),
        ("execute_request", code, "control"),
        ("shutdown_request", {"restart": False}, "control"),
        ("complete_request", {"code": "os.", "cursor_pos": 3}, "shell"),
        ("inspect_request", {"code": "os", "cursor_pos": 2}, "shell"),
        ("history_request", {"hist_access_type": "tail", "n": 9}, "shell"),
        ("debug_request", {}, "control"),
        ("input_reply", {"value": "x"}, "stdin"),
    ):
        channel.send(message(kind, content, where))
    channel.send(message("comm_info_request", {}))
    kinds = heard(channel, "comm_info_reply")
    assert "comm_info_reply" in kinds, "the kernel lives and answers"
    assert not {"execute_reply", "execute_input", "complete_reply", "history_reply", "shutdown_reply"} & set(
        kinds
    )
    channel.close()


def test_the_beacon_of_a_page_ends_its_lesson(reader: Browser) -> None:
    kernel = kernel_of(reader.get(PAGE).text)
    # As Voilà's front end sends it: a form with a cookie's value that is not ours.
    goodbye = reader.ask("POST", f"voila/api/shutdown/{kernel}", files={"_xsrf": (None, "")})
    assert goodbye.status_code == 204
    assert uuid.UUID(kernel) not in reader.server.app.portal.lessons_running.host
    assert reader.ask("POST", f"voila/api/shutdown/{kernel}").status_code == 404


def test_a_page_whose_session_is_gone_comes_back_under_the_same_id(reader: Browser, owner: Browser) -> None:
    page = reader.get(PAGE).text
    kernel = kernel_of(page)
    reader.ask("POST", f"voila/api/shutdown/{kernel}")
    assert refusal(owner, kernel) == 404, "it is nobody else's, not even when it is gone"
    assert reader.get(f"api/kernels/{kernel}").status_code == 200
    channel = open_channel(reader, kernel)
    channel.send(message("comm_info_request", {}))
    answer = {}
    while answer.get("msg_type") != "comm_info_reply":
        answer = json.loads(channel.recv())
    channel.close()
    shown = set(re.findall(r'"model_id": "(\w+)"', page))
    assert shown
    assert shown <= set(answer["content"]["comms"]), "the widgets have the ids that the page knows"


@pytest.mark.slow
def test_a_thousand_sockets_opened_and_left_cost_nobody_else_anything(
    owner: Browser, lesson: str, reader: Browser
) -> None:
    """Half of them say nothing, half begin to ask for a lesson's channel and go no further."""
    host, port = owner.server.url.split("/")[2].split(":")
    begun = f"GET /api/kernels/{lesson}/channels HTTP/1.1\r\nHost: {host}:{port}\r\n".encode()
    left: list[socket.socket] = []
    try:
        for number in range(1000):
            one = socket.create_connection((host, int(port)), timeout=20)
            left.append(one)
            if number % 2:
                one.sendall(begun)
        channel = open_channel(owner, lesson)
        channel.send(message("kernel_info_request", {}))
        assert "kernel_info_reply" in heard(channel, "kernel_info_reply")
        channel.close()
        assert reader.get(PAGE).status_code == 200
    finally:
        for one in left:
            one.close()
    assert reader.get(PAGE).status_code == 200


def test_an_id_that_nobody_was_given_is_none(reader: Browser) -> None:
    kernel = kernel_of(reader.get(PAGE).text)
    guessed = kernel[:-1] + ("0" if kernel[-1] != "0" else "1")
    assert refusal(reader, guessed) == 404
    assert reader.get(f"api/kernels/{guessed}").status_code == 404
    assert refusal(reader, str(uuid.uuid4())) == 404


def test_a_beacon_from_another_site_ends_nothing(owner: Browser, lesson: str) -> None:
    headers = {"Origin": "https://noi-khac.example"}
    assert owner.ask("POST", f"voila/api/shutdown/{lesson}", headers=headers).status_code == 403
    assert owner.get(f"api/kernels/{lesson}").status_code == 200


def test_logging_out_ends_the_lessons(reader: Browser) -> None:
    kernel = kernel_of(reader.get(PAGE).text)
    channel = open_channel(reader, kernel)
    reader.change("POST", "api/logout")
    assert uuid.UUID(kernel) not in reader.server.app.portal.lessons_running.host
    assert channel.recv_data()[0] == websocket.ABNF.OPCODE_CLOSE
    assert refusal(reader, kernel) == 403


def test_when_no_more_lessons_fit_the_page_tells_ones_place_in_the_queue(
    owner: Browser, reader: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner.server.app.portal.sessions, "most", 0)
    first, second = owner.get(PAGE), reader.get(PAGE)
    assert first.status_code == second.status_code == 503
    assert "vẫn còn nguyên" in first.text
    assert "đứng thứ 1" in first.text
    assert "đứng thứ 2" in second.text
    assert int(first.headers["Retry-After"]) > 0
    assert int(first.headers["Refresh"]) > 0
    monkeypatch.undo()
    assert reader.get(PAGE).status_code == owner.get(PAGE).status_code == 200


@pytest.mark.parametrize(("problem", "status"), [(DatabaseBusy(), 503), (OSError("mở quá nhiều tệp"), 500)])
def test_a_lesson_that_cannot_be_opened_now_tries_again_by_itself(
    reader: Browser, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int
) -> None:
    async def fail(*_: Any) -> str:
        raise problem

    monkeypatch.setattr(reader.server.app.portal.sessions, "open", fail)
    page = reader.get(PAGE)
    assert page.status_code == status
    assert int(page.headers["Refresh"]) > 0
    assert "Traceback" not in page.text
    assert "Refresh" not in reader.get(f"khoa-hoc/{COURSE}/bai/99").headers, "what is not there will not come"


def test_cells_that_never_came_are_marked_for_the_page_to_try_again(
    reader: Browser, page: requests.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both workers died under its opening: the text is whole, and the page loads itself anew (lesson_return.js)."""

    async def lose(_session: uuid.UUID) -> AsyncGenerator[CellResult, None]:
        if lost:
            raise WorkerLost("the worker ended")
        yield CellResult(0, [], failed=False)

    lost = [True]
    monkeypatch.setattr(reader.server.app.portal.lessons_running.host, "run", lose)
    text = reader.get(PAGE).text
    assert "Chữ đọc được ngay." in text
    assert text.rstrip().endswith("</html>")
    assert "data-ix-lost" in text
    assert "data-ix-lost" not in page.text, "a cell that fails by itself would fail again"


def test_a_cell_that_never_ends_is_given_up_and_the_page_goes_on(
    reader: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader.server.app.portal.lessons_running.host, "limits", HostLimits(cell_seconds=1))
    page = reader.get(f"khoa-hoc/{COURSE}/bai/{HANGING_LESSON}").text
    assert "chưa mở được" in page
    assert "còn sống" in page


def test_the_quiz_page_has_no_kernel(owner: Browser) -> None:
    before = len(owner.server.app.kernel_manager.list_kernel_ids())
    page = owner.get(f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}")
    assert page.status_code == 200
    assert 'id="isoxa-quiz"' in page.text
    assert "jupyter-config-data" not in page.text
    assert page.text.count("Mục tiêu 1") == 1
    shown, hidden = page.text.index("<noscript>"), page.text.index("Mục tiêu 1")
    assert shown < hidden < page.text.index("</noscript>")
    assert len(owner.server.app.kernel_manager.list_kernel_ids()) == before


def test_pages_carry_the_security_headers(owner: Browser, page: requests.Response) -> None:
    policy = page.headers["Content-Security-Policy"]
    script = re.search(r"script-src ([^;]*)", policy)
    assert script is not None
    assert "'unsafe-inline'" not in script[1]
    assert "frame-ancestors 'self'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    assert (
        "'unsafe-eval'"
        not in owner.get(f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}").headers["Content-Security-Policy"]
    )
