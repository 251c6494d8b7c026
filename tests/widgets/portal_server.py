"""A portal in memory: the JSON API of the contracts, with the real question types, for the browser tests.

It can be made to go away (``down``), to answer with an error (``fail_with``) and to end all sessions, as a real one
does.
"""

from __future__ import annotations

import json
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from isoxa_courses.errors import AnswerError
from isoxa_widgets.assets import bundle

from tests.widgets import questions

BASE = "/x/"
ACCOUNTS = {
    "lan": {"key": "k1", "password": "mat-khau-lan", "display_name": "Nguyễn Thị Lan"},
    "minh": {"key": "k2", "password": "mat-khau-minh", "display_name": "Trần Văn Minh"},
}


class Refused(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": code, "message": message}, **more}


@dataclass
class Attempt:
    """One attempt: slot → (answer, seq), and the acknowledgements by key."""

    id: str
    owner: str
    status: str = "open"
    deadline: str | None = None
    answers: dict[str, tuple[Any, int]] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    """Everything the server knows; tests read and change it."""

    down: bool = False
    fail_with: int = 0
    locked: str = ""
    deadline: str | None = None
    language: str = "vi"
    sessions: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    items: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    other_lessons: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What is saved in other lessons of the course: lesson → item → ``{"state", "seq", "done"}``."""
    kernel: Any = None
    pages: dict[str, str] = field(default_factory=dict)
    writes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def sign_in(self, username: str) -> str:
        token = secrets.token_hex(8)
        self.sessions[token] = username
        return token

    def attempt_of(self, username: str) -> Attempt:
        return next(one for one in self.attempts.values() if one.owner == username)

    def answer(self, username: str, slot: str) -> Any:
        """The newest stored answer, canonical."""
        return self.attempt_of(username).answers.get(slot, (None, 0))[0]


class Handler(BaseHTTPRequestHandler):
    """One request; ``world`` is set on the subclass of each server."""

    world: World
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def answer_all(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        if self.world.down and "/api/" in self.path:
            self.close_connection = True
            self.connection.close()
            return
        with self.world.lock:
            try:
                status, kind, content = self.route(body)
            except Refused as refused:
                status, kind, content = refused.status, "application/json", json.dumps(refused.body).encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in self.extra:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = answer_all

    def route(self, body: bytes) -> tuple[int, str, bytes]:
        self.extra: list[tuple[str, str]] = []
        path = self.path.split("?")[0].removeprefix(BASE)
        if path.startswith("api/"):
            reply = self.api(path.removeprefix("api/").split("/"), json.loads(body or b"null"))
            return 200, "application/json", json.dumps(reply).encode()
        if path.startswith("static/w/"):
            for asset in bundle().values():
                if asset.hashed_name == path.removeprefix("static/w/"):
                    return 200, asset.media_type, asset.content
        if path == "kernel":
            return 200, "application/json", json.dumps(self.world.kernel(json.loads(body))).encode()
        if path.startswith("khoa-hoc/"):
            return 200, "text/html", "<!doctype html><title>Kết quả</title><h1>Kết quả</h1>".encode()
        if path in self.world.pages:
            return (
                200,
                "text/html" if not path.endswith(".css") else "text/css",
                self.world.pages[path].encode(),
            )
        return 404, "text/plain", b""

    # ---- the API ----

    @property
    def token(self) -> str:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("isoxa_session")
        return cookie.value if cookie else ""

    def session(self) -> dict[str, Any]:
        username = self.world.sessions.get(self.token)
        account = None
        if username:
            account = {"username": username, "roles": ["officer"], **ACCOUNTS[username]}
            del account["password"]
        return {"account": account, "xsrf": f"x-{self.token}", "language": self.world.language}

    def api(self, path: list[str], body: Any) -> Any:
        world = self.world
        if path == ["session"]:
            return self.session()
        if path == ["login"]:
            return self.login(body)
        if self.command != "GET":
            world.writes.append((self.command, "/".join(path), body))
            if world.fail_with:
                raise Refused(world.fail_with, "busy", "Máy chủ đang bận.")
            if self.headers.get("X-Isoxa-Xsrf") != f"x-{self.token}":
                raise Refused(403, "xsrf", "Phiên đã đổi.")
        owner = world.sessions.get(self.token)
        if owner is None:
            raise Refused(401, "signed_out", "Phiên đăng nhập đã hết.")
        match [self.command, *path]:
            case ["GET", "courses", "c", "quizzes", "q"]:
                return self.info(owner)
            case ["POST", "attempts"]:
                return self.view(self.start(owner))
            case ["GET", "attempts", attempt]:
                return self.view(self.owned(owner, attempt))
            case ["PUT", "attempts", attempt, "slots", slot]:
                return self.save(self.owned(owner, attempt), slot, body)
            case ["POST", "attempts", attempt, "submit"]:
                self.owned(owner, attempt).status = "submitted"
                return self.view(self.owned(owner, attempt))
            case ["GET", "courses", "c", "lessons", "l", "state"]:
                return self.lesson(owner)
            case ["GET", "courses", "c", "lessons", lesson, "state"] if lesson in world.other_lessons:
                return {"items": world.other_lessons[lesson], "done": 0, "total": 1, "complete": False}
            case ["PUT", "courses", "c", "lessons", "l", "items", item]:
                return self.save_item(owner, item, body)
        raise Refused(404, "not_found", "Không tìm thấy.")

    def login(self, body: Any) -> Any:
        account = ACCOUNTS.get(body["username"])
        if account is None or account["password"] != body["password"]:
            raise Refused(401, "login", "Tên đăng nhập hoặc mật khẩu chưa đúng.")
        token = self.world.sign_in(body["username"])
        self.extra.append(("Set-Cookie", f"isoxa_session={token}; Path={BASE}; HttpOnly"))
        self.headers.replace_header("Cookie", f"isoxa_session={token}") if "Cookie" in self.headers else (
            self.headers.add_header("Cookie", f"isoxa_session={token}")
        )
        return self.session()

    def info(self, owner: str) -> Any:
        mine = [one for one in self.world.attempts.values() if one.owner == owner]
        open_attempt = next((one.id for one in mine if one.status == "open"), None)
        return {
            "title": "Bài kiểm tra 3. PDCA",
            "points": 32,
            "slots": len(questions.BANK),
            "pass_mark": 80,
            "attempts_used": len(mine),
            "attempts_allowed": 3,
            "open_attempt": open_attempt,
            "locked": self.world.locked or None,
            "waiting": None,
            "best": None,
        }

    def start(self, owner: str) -> Attempt:
        for one in self.world.attempts.values():
            if one.owner == owner and one.status == "open":
                return one
        attempt = Attempt(f"a{len(self.world.attempts) + 1}", owner, deadline=self.world.deadline)
        self.world.attempts[attempt.id] = attempt
        return attempt

    def owned(self, owner: str, attempt: str) -> Attempt:
        found = self.world.attempts.get(attempt)
        if found is None or found.owner != owner:
            raise Refused(404, "not_found", "Không tìm thấy bài làm này trong tài khoản của anh/chị.")
        return found

    def view(self, attempt: Attempt) -> Any:
        slots = []
        for number, raw in enumerate(questions.BANK, 1):
            answer, seq = attempt.answers.get(raw["id"], (None, 0))
            slots.append(
                {
                    **questions.show(raw["id"], number),
                    "answer": questions.publish(raw["id"], answer),
                    "seq": seq,
                }
            )
        closed = attempt.status != "open"
        return {
            "id": attempt.id,
            "title": "Bài kiểm tra 3. PDCA",
            "status": attempt.status,
            "number": 1,
            "deadline": attempt.deadline,
            "server_time": datetime.now(UTC).isoformat(),
            "slots": slots,
            "result": None,
            "result_url": f"{BASE}khoa-hoc/c/ket-qua/{attempt.id}" if closed else None,
        }

    def save(self, attempt: Attempt, slot: str, body: Any) -> Any:
        if body["key"] in attempt.acknowledged:
            return {"saved": True, "seq": attempt.acknowledged[body["key"]], "saved_at": "", "late": False}
        if attempt.status != "open":
            raise Refused(409, "closed", "Bài này đã nộp.")
        answer, seq = attempt.answers.get(slot, (None, 0))
        if body["seq"] <= seq:
            newer = {"answer": questions.publish(slot, answer), "seq": seq}
            raise Refused(409, "stale", "Câu này vừa được sửa ở một cửa sổ khác.", newer=newer)
        try:
            attempt.answers[slot] = (questions.parse(slot, body["answer"]), body["seq"])
        except AnswerError as error:
            raise Refused(400, "answer", str(error)) from error
        attempt.acknowledged[body["key"]] = body["seq"]
        return {"saved": True, "seq": body["seq"], "saved_at": "", "late": False}

    def lesson(self, owner: str) -> Any:
        mine = {item: value for (who, item), value in self.world.items.items() if who == owner}
        done = sum(1 for value in mine.values() if value["done"])
        return {"items": mine, "done": done, "total": 7, "complete": done >= 7}

    def save_item(self, owner: str, item: str, body: Any) -> Any:
        before = self.world.items.get((owner, item), {"state": None, "seq": 0, "done": False, "key": ""})
        if body["key"] != before["key"] and body["seq"] <= before["seq"]:
            newer = {"state": before["state"], "seq": before["seq"]}
            raise Refused(409, "stale", "Phần này vừa được sửa ở một cửa sổ khác.", newer=newer)
        done = before["done"] or bool(self.world.kernel and self.world.kernel.judge(item, body["state"]))
        self.world.items[owner, item] = {
            "state": body["state"],
            "seq": body["seq"],
            "done": done,
            "key": body["key"],
        }
        lesson = {name: self.lesson(owner)[name] for name in ("done", "total", "complete")}
        return {"saved": True, "seq": body["seq"], "done": done, "lesson": lesson}


class PortalServer:
    """``with PortalServer() as server``: ``server.url`` is the base address, ``server.world`` what it knows."""

    def __init__(self) -> None:
        self.world = World()
        handler = type("BoundHandler", (Handler,), {"world": self.world})
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}{BASE}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> PortalServer:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()
