"""Draining the outbox in steps: it can be stopped and gone on with, and two at once write what one would."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from isoxa_grading.nbgrader_bridge import drain_outbox, outbox_length, student_name, warm_up
from isoxa_grading.records.database import writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import OutboxItem, Person
from isoxa_portal.cli import maintenance
from isoxa_portal.cli.common import counted, stop_on_ctrl_c
from sqlalchemy import update
from typer import Exit

from tests.grading.nbgrader_bridge.test_outbox import NOW, School, school  # noqa: F401  # a fixture


@pytest.fixture
def four(school: School) -> Iterator[School]:  # noqa: F811
    """Four officers who handed in, every second one with the choice right."""
    for number in range(4):
        another(school, f"Lò Thị {number}")
        school.take(right=number % 2 == 0, text=None, minutes=number)
    yield school
    school.attempts.close()


def another(school: School, name: str) -> None:  # noqa: F811
    with writing(school.engine) as session:
        person = Person(full_name=name, sort_key=name, created_at=NOW, made_up=True)
        session.add(person)
        session.flush()
        edition = latest_edition(session, "nho")
        assert edition is not None
        enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
        school.person = person.id


def in_book(school: School) -> dict[str, float | None]:  # noqa: F811
    """Student → score of the choice; a student twice would show as an error."""
    query = (
        "select s.student_id, g.auto_score from grade g join base_cell c on c.id = g.cell_id "
        "join submitted_notebook n on n.id = g.notebook_id "
        "join submitted_assignment s on s.id = n.assignment_id where c.name = 's1-diem'"
    )
    with sqlite3.connect(school.folder.root / "gradebook.db") as book:
        rows = book.execute(query).fetchall()
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def right_scores(school: School) -> dict[str, float]:  # noqa: F811
    return {student_name(school.person - 3 + number): 0.0 if number % 2 else 2.0 for number in range(4)}


def test_stopped_and_gone_on_with(four: School) -> None:
    told: list[int] = []
    settings = {"now": NOW, "progress": told.append, "batch": 1}
    done = drain_outbox(four.data, four.engine, four.library, stop=lambda: len(told) == 2, **settings)
    assert (done, told) == (2, [1, 2])
    assert outbox_length(four.engine) == 2
    first = in_book(four)
    assert len(first) == 2
    assert drain_outbox(four.data, four.engine, four.library, **settings) == 2
    assert outbox_length(four.engine) == 0
    assert in_book(four) == right_scores(four)
    assert first.items() <= in_book(four).items()
    assert drain_outbox(four.data, four.engine, four.library, **settings) == 0


def test_two_at_once_write_what_one_would(four: School) -> None:
    begin = threading.Barrier(3)

    def drain(_number: int) -> int:
        begin.wait()
        return drain_outbox(four.data, four.engine, four.library, now=NOW, batch=1)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(drain, range(3))) >= 4
    assert outbox_length(four.engine) == 0
    assert in_book(four) == right_scores(four)


def test_who_waited_for_the_lock_writes_what_is_true_then(school: School) -> None:  # noqa: F811
    school.take(right=False, text=None, minutes=0)
    with school.folder.lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = threading.Thread(target=school.drain)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        # Meanwhile the officer does better, and the other process has written that and marked it done.
        better = school.take(right=True, text=None, minutes=10)
        with writing(school.engine) as session:
            done = update(OutboxItem).where(OutboxItem.attempt_id == better).values(done_at=NOW)
            session.execute(done)
    waiting.join(60)
    assert list(in_book(school).values()) == [2.0]


def test_grade_tells_its_total_and_what_is_left(
    four: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    totals: list[int] = []

    def watched(title: str, total: int) -> object:
        totals.append(total)
        return counted(title, total)

    monkeypatch.setattr(maintenance, "counted", watched)
    monkeypatch.setattr(maintenance, "_AT_ONCE", 1)
    real = drain_outbox

    def interrupted(*arguments: Any, progress: Callable[[int], None], **settings: Any) -> int:
        def tell(done: int) -> None:
            progress(done)
            if done == 3:
                os.kill(os.getpid(), signal.SIGINT)

        return real(*arguments, progress=tell, **settings)

    monkeypatch.setattr("isoxa_grading.nbgrader_bridge.drain_outbox", interrupted)
    with pytest.raises(Exit) as stop:
        maintenance.grade(four.data.path)
    assert stop.value.exit_code == 130
    said = capsys.readouterr().err
    assert "ghi 3 bài" in said
    assert "còn 1 bài" in said
    monkeypatch.setattr("isoxa_grading.nbgrader_bridge.drain_outbox", real)
    maintenance.grade(four.data.path)
    assert "Đã ghi 1 bài" in capsys.readouterr().err
    assert totals == [4, 1]
    assert in_book(four) == right_scores(four)


def test_the_second_ctrl_c_interrupts_at_once() -> None:
    found = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a shell's background job has it ignored
    try:
        _interrupt_twice()
    finally:
        signal.signal(signal.SIGINT, found)


def _interrupt_twice() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stop_on_ctrl_c() as stopped:
        os.kill(os.getpid(), signal.SIGINT)
        assert stopped.wait(5)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_templates_are_made_when_a_server_starts_and_a_lost_edition_is_no_trouble(school: School) -> None:  # noqa: F811
    assert warm_up(school.data, school.engine, school.library) == 1
    assert warm_up(school.data, school.engine, school.library, stop=lambda: True) == 0
    for file in school.data.editions("nho", "1").rglob("*.yaml"):
        file.unlink()
    school.library = type(school.library)(school.data)
    assert warm_up(school.data, school.engine, school.library) == 0


def test_a_course_without_its_release_is_told_in_the_outbox(school: School) -> None:  # noqa: F811
    school.take(right=True, text=None, minutes=0)
    school.folder.release("q1-v1").unlink()
    with pytest.raises(FileNotFoundError):
        drain_outbox(school.data, school.engine, school.library, now=NOW + timedelta(minutes=1))
    assert outbox_length(school.engine) == 1
