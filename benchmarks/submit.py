"""Grading on submit: from the officer's request to the committed gradebook, with 20 officers handing in at once.

Work: a real portal (`isoxa serve`) with the shipped course; 20 officers have answered every question of a quiz and
press "Nộp bài" in the same moment, quiz after quiz. Two times are taken for each, from the first of the 20 requests on:
until the result is answered, and until nbgrader's gradebook holds the submission (seen by this process in
gradebook.db). Figures in milliseconds. Officer and server share this machine, so the load that it had while measured
is told beside them, and the processor time that the server itself took.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import selectors
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import requests
from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.models import Course
from isoxa_courses.questions import type_of
from isoxa_courses.shipped import content_root
from isoxa_courses.text import name_sort_key
from isoxa_grading.nbgrader_bridge import assignment_name, build_course, student_name
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Attempt, Membership, Person, Role
from isoxa_grading.records.units import country, load_units
from isoxa_portal.demo.practice import finished_states
from sqlalchemy import Engine

COURSE = "iso-9001-cap-xa"
PASSWORD = "nop-bai-cung-luc-1"  # noqa: S105 - made-up accounts in a scratch folder
BODY = '{"round":1,"brief":true}'  # as the quiz page sends it
PRESENT = """
select submitted_assignment.student_id from submitted_assignment
join assignment on assignment.id = submitted_assignment.assignment_id
join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
where assignment.name = ?
and exists (select 1 from grade where grade.notebook_id = submitted_notebook.id)
"""


def prepare(data: DataFolder, engine: Engine, officers: int) -> tuple[Course, list[int]]:
    """The course, and officers with every lesson done; returns their ids."""
    now = datetime.now(UTC)
    migrate(engine)
    shipped = content_root()
    people = []
    with writing(engine) as session:
        load_units(session)
        build_course(data, session, shipped.courses / COURSE, shipped.lessons, now=now)
        edition = latest_edition(session, COURSE)
        assert edition is not None
        unit = country(session)
        for number in range(officers):
            name = f"Lò Thị Nộp {number}"
            person = Person(full_name=name, sort_key=name_sort_key(name), made_up=True, created_at=now)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=unit.id, valid_from=date(2025, 7, 1)))
            enrol(session, person, edition, due_on=None, source="benchmark", actor=None, now=now)
            account = create_account(
                session, username=f"nop{number}", password=PASSWORD, display_name=name, person=person,
                actor=None, now=now,
            )  # fmt: skip
            grant_role(session, account, Role.OFFICER, unit, actor=None, now=now)
            people.append(person.id)
    library = CourseLibrary(data)
    course = library.edition(COURSE, edition.edition)
    lessons = LessonService(engine, library)
    for person_id in people:
        for lesson in course.lessons:
            for item, state in finished_states(lesson):
                lessons.save(person_id, COURSE, lesson.id, item, state, 1, f"work-{item}", now)
    return course, people


def answer_all(service: AttemptService, engine: Engine, course: Course, person_id: int, quiz_id: str) -> str:
    """An open attempt with every question answered, three in four rightly; returns its id."""
    now = datetime.now(UTC)
    view = service.start(person_id, COURSE, quiz_id, now)
    quiz = course.quiz(quiz_id)
    chance = random.Random(f"{person_id} {quiz_id}")
    with reading(engine) as session:
        attempt = session.get_one(Attempt, view.id)
        drawn, seed = DrawnQuiz.from_json(attempt.drawn), attempt.seed
    for slot in quiz.slots:
        variant = slot.variant(drawn.slot(slot.id).variant)
        if chance.random() < 0.75:
            right = type_of(variant).right_answer(variant)
            raw = publish_answer(quiz, drawn, slot.id, seed, right)
            service.save(view.id, person_id, slot.id, raw, 1, f"answer-{slot.id}", now)
    return view.id


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

    def press(self, attempt: str) -> None:
        """Send the submit."""
        self.received = b""
        self.socket.sendall(f"POST /api/attempts/{attempt}/submit HTTP/1.1\r\n{self._headers}".encode())

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
        self._file, self._assignment, self._seen, self._again = file, assignment, 0, 0
        self._book = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=0)

    def students(self) -> set[str]:
        """Who has grades in it, asked only while it changes: a reader holds the writer up."""
        changed = self._file.stat().st_mtime_ns
        if changed != self._seen:
            self._seen, self._again = changed, 50
        if not self._again:
            return set()
        self._again -= 1
        try:
            return {student for (student,) in self._book.execute(PRESENT, (self._assignment,))}
        except sqlite3.OperationalError:  # it is being written
            return set()

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
        begun = time.perf_counter()
        for officer, attempt in zip(officers, attempts, strict=True):
            officer.press(attempt)
        while len(answered) < len(officers) or len(written) < len(officers):
            for key, _events in selector.select(0.002):
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(root: str, server: subprocess.Popen[bytes]) -> None:
    """Until the portal answers. Raises ``RuntimeError`` if it ended instead, or takes more than a minute."""
    for _try in range(600):
        if server.poll() is not None:
            break
        try:
            requests.get(f"{root}api/session", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError("the portal did not start")


def p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1] * 1000, 1)


def measure(officers: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        data = DataFolder(Path(scratch) / "data")
        data.create()
        engine = data.engine()
        course, people = prepare(data, engine, officers)
        service = AttemptService(engine, CourseLibrary(data), data.secret("attempts"))
        opened = {
            quiz.id: [answer_all(service, engine, course, one, quiz.id) for one in people]
            for quiz in course.quizzes
        }
        service.close()
        engine.dispose()
        port = free_port()
        isoxa = str(Path(sys.executable).with_name("isoxa"))
        command = [isoxa, "serve", "--data", str(data.path), "--port", str(port), "--no-browser"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            root = f"http://127.0.0.1:{port}/"
            wait_for(root, server)
            browsers = [Officer(port, number) for number in range(officers)]
            answered: list[float] = []
            written: list[float] = []
            loads = [os.getloadavg()[0]]
            used = 0.0
            gradebook = data.nbgrader(COURSE) / "gradebook.db"
            students = [student_name(one) for one in people]
            for place, quiz in enumerate(course.quizzes):
                before = processor_seconds(server.pid)
                times = hand_in(browsers, opened[quiz.id], students, gradebook, assignment_name(quiz))
                time.sleep(0.5)  # the server finishes what it does afterwards
                if place:  # the first round is not counted: every cache is cold
                    answered += times[0]
                    written += times[1]
                    used += processor_seconds(server.pid) - before
                loads.append(os.getloadavg()[0])
        finally:
            server.terminate()
            server.wait(30)
    return {
        "officers_at_once": officers,
        "submissions": len(answered),
        "answered_p50_ms": round(statistics.median(answered) * 1000, 1),
        "answered_p95_ms": p95(answered),
        "gradebook_p50_ms": round(statistics.median(written) * 1000, 1),
        "gradebook_p95_ms": p95(written),
        "server_cpu_ms_per_submission": round(used * 1000 / len(answered), 1),
        "processors": os.cpu_count(),
        "load": round(max(loads), 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--officers", type=int, default=20)
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    asked = parser.parse_args()
    found = measure(asked.officers)
    if not asked.json:
        print(
            f"{found['officers_at_once']} officers at once: answered p95 {found['answered_p95_ms']} ms, "
            f"in the gradebook p95 {found['gradebook_p95_ms']} ms; {found['server_cpu_ms_per_submission']} ms of "
            f"processor a submission; load {found['load']} on {found['processors']} processors"
        )
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
