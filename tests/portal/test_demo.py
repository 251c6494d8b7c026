"""``isoxa demo``: one JSON line when it is ready, logins that work, and what is there stays."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import requests
from isoxa_courses.loading import load_course
from isoxa_courses.practice import practice_done
from isoxa_courses.questions import question_type
from isoxa_courses.shipped import content_root
from isoxa_courses.text import VIETNAM
from isoxa_grading.handins import assignments_of, new_work
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import (
    Account,
    Answer,
    Attempt,
    Base,
    Enrolment,
    FactKind,
    HandIn,
    OutboxItem,
    Person,
    TrainingFact,
)
from isoxa_grading.reports import snapshots
from isoxa_portal.demo.exercise import NAME as EXERCISE
from isoxa_portal.demo.fill import COURSE
from isoxa_portal.demo.history import wrong_answer
from isoxa_portal.demo.practice import finished_states
from sqlalchemy import func, select

from tests.conftest import Demo

ISOXA = Path(sys.executable).parent / "isoxa"
HOMES = {"officer": "khoa-hoc", "trainer": "cham-bai", "department": "bao-cao", "admin": "quan-tri"}


def counts(folder: Path) -> dict[str, int]:
    """How many rows each table holds that a demo fills."""
    tables: list[type[Base]] = [Account, Answer, Attempt, Enrolment, OutboxItem, Person, TrainingFact]
    engine = DataFolder(folder).engine()
    with reading(engine) as session:
        found = {one.__tablename__: session.scalar(select(func.count()).select_from(one)) for one in tables}
    engine.dispose()
    return {name: count or 0 for name, count in found.items()}


def test_a_port_that_is_taken_is_said_before_anything_is_filled(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        command = [str(ISOXA), "demo", "--data", str(tmp_path / "d"), "--port", port, "--no-browser"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f"cổng {port}" in done.stderr
    assert not (tmp_path / "d" / "isoxa.db").exists()


def log_in(url: str, username: str, password: str) -> str:
    """The page one comes to, as its path below the portal."""
    browser = requests.Session()
    token = browser.get(f"{url}api/session", timeout=60).json()["xsrf"]
    form = {"username": username, "password": password, "_isoxa_xsrf": token}
    answer = browser.post(f"{url}dang-nhap", data=form, timeout=60)
    assert answer.status_code == 200
    return answer.url.removeprefix(url)


def test_the_demo_says_when_it_is_ready_and_keeps_what_is_there(demo_copy: Demo) -> None:
    before = counts(demo_copy.folder)
    assert before["person"] > 300
    command = [ISOXA, "demo", "--json", "--port", "0", "--data", demo_copy.folder, "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said.keys() == {"url", "accounts"}
        logins = {one["role"]: (one["username"], one["password"]) for one in said["accounts"]}
        assert all(one.keys() == {"role", "username", "password"} for one in said["accounts"])
        assert logins == demo_copy.accounts, "a second run gives the same logins"
        assert {role: log_in(said["url"], *login) for role, login in logins.items()} == HOMES
    finally:
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest) == (0, "")
    assert "Traceback" not in errors
    assert counts(demo_copy.folder) == before
    assert last_month_end() in kept_month_ends(demo_copy.folder), (
        "a server keeps the figures of each month's end"
    )


def last_month_end() -> date:
    return datetime.now(VIETNAM).date().replace(day=1) - timedelta(days=1)


def kept_month_ends(folder: Path) -> set[date]:
    engine = DataFolder(folder).engine()
    with reading(engine) as session:
        found = {one.as_of for one in snapshots(session, COURSE)}
    engine.dispose()
    return found


def test_the_officer_of_the_demo_has_not_begun(demo: Demo) -> None:
    engine = DataFolder(demo.folder).engine()
    query = (
        select(TrainingFact.kind)
        .join(Enrolment, Enrolment.id == TrainingFact.enrolment_id)
        .join(Account, Account.person_id == Enrolment.person_id)
        .where(Account.username == demo.accounts["officer"][0])
    )
    with reading(engine) as session:
        kinds = set(session.scalars(query))
    engine.dispose()
    assert FactKind.ENROLLED in kinds
    assert FactKind.STARTED not in kinds


def test_the_demo_has_an_exercise_with_work_that_waits_for_the_button(demo_copy: Demo) -> None:
    data = DataFolder(demo_copy.folder)
    engine = data.engine()
    try:
        with reading(engine) as session:
            (exercise,) = assignments_of(data, session, COURSE)
            people = list(session.scalars(select(HandIn.person_id)))
        assert exercise.name == EXERCISE
        assert exercise.due is not None
        assert exercise.max_points == 10
        assert [file.name for file in exercise.files] == ["ho-so-quy-3.csv", f"{EXERCISE}.ipynb"]
        assert not any("Thiếu" in cell.source or "thiếu 35" in cell.source for cell in exercise.cells)
        assert len(people) == len(set(people)) == 3
        (waiting,) = new_work(data, engine)
        assert waiting.students == tuple(sorted(student_name(one) for one in people))
    finally:
        engine.dispose()


def test_the_demo_knows_how_to_finish_every_lesson() -> None:
    course = load_course(content_root().courses / COURSE)
    unfinished = [
        (lesson.id, item)
        for lesson in course.lessons
        for item, state in finished_states(lesson)
        if not practice_done(lesson, item, state)
    ]
    assert not unfinished
    assert {lesson.id: len(finished_states(lesson)) for lesson in course.lessons} == {
        lesson.id: len(lesson.items) for lesson in course.lessons
    }


@pytest.mark.parametrize("tolerance", [0, 1])
@pytest.mark.parametrize("others", [[], [(4, 4), (3, 3)]])
def test_a_made_up_mistake_is_one(tolerance: int, others: list[tuple[int, int]]) -> None:
    kind = question_type("matrix_score")
    for place in [(1, 5), (3, 3), (4, 4)]:
        items = [
            {"id": f"i{n}", "text": "Rủi ro", "likelihood": a, "severity": b, "tolerance": tolerance}
            for n, (a, b) in enumerate([place, *others])
        ]
        asked = {"id": "v", "type": "matrix_score", "prompt": "Chấm", "explanation": "Vì.", "items": items}
        variant = kind.model.model_validate(asked)
        made = [wrong_answer(kind.right_answer(variant), variant, Random(seed)) for seed in range(30)]
        given = [one for one in made if one is not None]
        assert given
        assert all(kind.score(variant, one, Decimal(2)).points != 2 for one in given)
