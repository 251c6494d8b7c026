"""A crowd of officers who hand in at once, as light as can be, and what each processor did meanwhile (Linux)."""

from __future__ import annotations

import os
import re
import selectors
import socket
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import requests

PASSWORD = "nop-bai-cung-luc-1"  # noqa: S105 - made-up accounts in a scratch folder
BODY = '{"round":1,"brief":true}'  # as the quiz page sends it
PRESENT = """
select submitted_assignment.student_id from submitted_assignment
join assignment on assignment.id = submitted_assignment.assignment_id
join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
where assignment.name = ?
and exists (select 1 from grade where grade.notebook_id = submitted_notebook.id)
"""


class Officer:
    """A browser that is signed in, with a connection that is open; no more of a browser than a submit needs."""

    def __init__(self, port: int, number: int) -> None:
        root = f"http://127.0.0.1:{port}/"
        session = requests.Session()
        token = session.get(f"{root}api/session", timeout=60).json()["xsrf"]
        body = {"username": f"nop{number}", "password": PASSWORD}
        answer = session.post(f"{root}api/login", json=body, headers={"X-Isoxa-Xsrf": token}, timeout=60)
        answer.raise_for_status()
        self._headers = (
            f"Host: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n"
            f"Accept-Encoding: gzip\r\nX-Isoxa-Xsrf: {answer.json()['xsrf']}\r\n"
            f"Cookie: {'; '.join(f'{one.name}={one.value}' for one in session.cookies)}\r\n\r\n{BODY}"
        )
        session.close()
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def prepare(self, attempt: str) -> None:
        """Make the submit, to be sent by `press`."""
        self.received = b""
        self.request = f"POST /api/attempts/{attempt}/submit HTTP/1.1\r\n{self._headers}".encode()

    def press(self) -> None:
        """Send the submit."""
        self.socket.sendall(self.request)

    def hear(self) -> bool:
        """Take what has come; whether the answer is whole. Raises ``RuntimeError`` if it is not 200."""
        self.received += self.socket.recv(1 << 20)
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(self.received.decode(errors="replace"))
        if b"chunked" in head:
            return body.endswith(b"0\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        return length is not None and len(body) >= int(length[1])


class Book:
    """The gradebook as another program sees it."""

    def __init__(self, file: Path, assignment: str) -> None:
        self._file, self._journal, self._assignment = file, Path(f"{file}-journal"), assignment
        self._book = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=0)
        self._seen = file.stat().st_mtime_ns

    def students(self) -> set[str]:
        """Who has grades in it, if a transaction has ended since it was asked last: a reader holds the writer up."""
        changed = self._file.stat().st_mtime_ns
        if changed == self._seen or self._journal.exists():
            return set()
        try:
            there = {student for (student,) in self._book.execute(PRESENT, (self._assignment,))}
        except sqlite3.OperationalError:  # the next one has begun
            return set()
        self._seen = changed
        return there

    def close(self) -> None:
        self._book.close()


def hand_in(
    officers: list[Officer], attempts: list[str], students: list[str], gradebook: Path, assignment: str
) -> tuple[list[float], list[float]]:
    """Everyone presses at once; seconds from the first press to each answer, and to each place in the gradebook."""
    book = Book(gradebook, assignment)
    answered: dict[int, float] = {}
    written: dict[str, float] = {}
    with selectors.DefaultSelector() as selector:
        for number, officer in enumerate(officers):
            selector.register(officer.socket, selectors.EVENT_READ, number)
        for officer, attempt in zip(officers, attempts, strict=True):
            officer.prepare(attempt)
        begun = time.perf_counter()
        for officer in officers:
            officer.press()
        while len(answered) < len(officers) or len(written) < len(officers):
            for key, _events in selector.select(0.001):
                if officers[key.data].hear():
                    answered[key.data] = time.perf_counter() - begun
            there = book.students()
            now = time.perf_counter() - begun
            written |= dict.fromkeys(there.intersection(students) - written.keys(), now)
            if now > 60:
                raise RuntimeError(f"{len(officers) - len(written)} submissions never reached the gradebook")
    book.close()
    return list(answered.values()), list(written.values())


def processor_seconds(process: int) -> float:
    """What a process has used of the processors so far (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def machine_seconds() -> float:
    """What all programs together, and whoever else has this machine's processors, have used of them (Linux)."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split(maxsplit=11)[1:9]]
    idle, waiting = fields[3:5]
    return (sum(fields) - idle - waiting) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Clocks:
    """Processor seconds so far: of the server, of the officers (this process), of the whole machine; and the time."""

    server: float
    officers: float
    machine: float
    wall: float

    @classmethod
    def now(cls, server: int) -> Clocks:
        return cls(processor_seconds(server), time.process_time(), machine_seconds(), time.perf_counter())

    def __sub__(self, before: Clocks) -> Clocks:
        return Clocks(
            self.server - before.server,
            self.officers - before.officers,
            self.machine - before.machine,
            self.wall - before.wall,
        )


@dataclass
class Used:
    """Processor seconds of the counted rounds: of the server with what it does afterwards, of the officers; and while
    they waited (``wall`` seconds), of other programs."""

    server: float = 0.0
    officers: float = 0.0
    others: float = 0.0
    wall: float = 0.0
