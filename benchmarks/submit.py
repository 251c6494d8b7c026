"""Grading on submit: from the officer's request to the committed gradebook, with 20 officers handing in at once.

Work: a real portal (`isoxa serve`) with the shipped course; 20 officers have answered every question of a quiz and
press "Nộp bài" in the same moment, quiz after quiz. Two times are taken for each, from the first of the 20 requests on:
until the result is answered, and until nbgrader's gradebook holds the submission (seen by this process in
gradebook.db, committed). Figures in milliseconds.

Real officers press on machines of their own; here they share the server's. So they are as light as can be: one process
with 20 open connections, requests made beforehand, answers taken as bytes, and the gradebook asked only when a
transaction on it has ended (its journal is gone). Told beside the times: the processor time of server and officers, the
machine's load, and how many processors other programs kept busy in the very milliseconds that were measured.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.models import Course
from isoxa_courses.questions import type_of
from isoxa_grading.nbgrader_bridge import assignment_name, student_name
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Attempt
from isoxa_portal.demo.practice import finished_states
from sqlalchemy import Engine

from benchmarks.crowd import PASSWORD, Clocks, Officer, Used, hand_in, processor_seconds
from benchmarks.officers import COURSE, filled

SETTLE = 0.5


def prepare(data: DataFolder, engine: Engine, officers: int) -> tuple[Course, list[int]]:
    """The course, and officers with every lesson done; returns their ids."""
    now = datetime.now(UTC)
    with filled(data, engine, officers, now=now, username="nop", password=PASSWORD) as made:
        people = [account.person_id for account in made.accounts if account.person_id is not None]
        edition = made.edition.edition
    library = CourseLibrary(data)
    course = library.edition(COURSE, edition)
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
            used = Used()
            gradebook = data.nbgrader(COURSE) / "gradebook.db"
            students = [student_name(one) for one in people]
            time.sleep(SETTLE)  # the server reads its courses; the machine forgets that it was prepared
            for place, quiz in enumerate(course.quizzes):
                before = Clocks.now(server.pid)
                times = hand_in(browsers, opened[quiz.id], students, gradebook, assignment_name(quiz))
                after = Clocks.now(server.pid)
                time.sleep(SETTLE)  # what the server does afterwards is its own work too
                if place:  # the first round is not counted: every cache is cold
                    answered += times[0]
                    written += times[1]
                    meanwhile = after - before
                    used.server += processor_seconds(server.pid) - before.server
                    used.officers += meanwhile.officers
                    used.others += max(0.0, meanwhile.machine - meanwhile.server - meanwhile.officers)
                    used.wall += meanwhile.wall
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
        "server_cpu_ms_per_submission": round(used.server * 1000 / len(answered), 1),
        "officers_cpu_ms_per_submission": round(used.officers * 1000 / len(answered), 1),
        "processors": os.cpu_count(),
        "busy_with_others": round(used.others / used.wall, 2),
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
            f"in the gradebook p95 {found['gradebook_p95_ms']} ms; of processor, a submission takes the server "
            f"{found['server_cpu_ms_per_submission']} ms and this program {found['officers_cpu_ms_per_submission']} "
            f"ms; of {found['processors']} processors {found['busy_with_others']} were busy with others, "
            f"load {found['load']}"
        )
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
