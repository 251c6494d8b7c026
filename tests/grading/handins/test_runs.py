"""Grading by a button: one run at a time, gone on with after a restart, within the scope; and what is news of marks."""

from __future__ import annotations

import fcntl
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from isoxa_grading.handins import (
    RunUnderWay,
    ask_for_run,
    carry_out,
    last_run,
    mark_seen,
    new_work,
    own_work,
    run_under_way,
    why_no_run,
)
from isoxa_grading.nbgrader_bridge import sandbox, student_name
from isoxa_grading.nbgrader_bridge.sandbox import Outcome
from isoxa_grading.nbgrader_bridge.sandbox.cages import available
from isoxa_grading.nbgrader_bridge.sandbox.grade import _digest
from isoxa_grading.records.database import connect, reading
from isoxa_grading.records.tables import AuditEvent, GradingRun
from nbgrader import api
from sqlalchemy import Engine, select

from tests.grading.conftest import Databases
from tests.grading.handins.conftest import COURSE, NOW, World
from tests.grading.sandbox.world import NAME

pytestmark = pytest.mark.filterwarnings("ignore:Object of type")
SCORES: dict[str, float | None] = {"kiem-tra": 2.0, "luon-dung": 1.0, "nhan-xet": None, "so-do": None}


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    made = connect(databases.fresh("sqlite", "schema"))
    yield made
    made.dispose()


def clock() -> datetime:
    return NOW + timedelta(hours=1)


@pytest.fixture
def ran(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who was run, in place of the cage (its own tests run it): marks and a report, as a run leaves them."""
    students: list[str] = []
    people = {student_name(one): number for number, one in enumerate(world.people)}

    def grade(
        _data: Any, folder: Any, name: str, *, students: Any, progress: Any, stop: Any, **_more: Any
    ) -> list[Outcome]:
        for student in students:
            if stop():
                break
            world.mark(people[student], NOW, SCORES)
            outcome = Outcome(student, name, True, f"Bài của {student}: 3/7 điểm.")
            report = folder.root / "grading_reports" / name / f"{student}.json"
            report.parent.mkdir(parents=True, exist_ok=True)
            report.write_text(json.dumps({"digest": _digest(folder, name, student), **vars(outcome)}))
            done.append(student)
            progress(outcome)
        return []

    done = students
    monkeypatch.setattr(sandbox, "grade_assignment", grade)
    return students


def shown(world: World, trainer: int) -> tuple[Any, Any]:
    with reading(world.engine) as session:
        return run_under_way(session), last_run(session, trainer)


def test_a_run_from_the_press_to_its_end(world: World, trainer: int, ran: list[str]) -> None:
    world.give()
    world.give(person=1)
    assert shown(world, trainer) == (None, None)
    run_id = ask_for_run(world.engine, trainer, [world.unit_path], NOW)
    running, _last = shown(world, trainer)
    assert (running.by, running.total, running.done, running.ended_at) == ("Cô Hoa", None, 0, None)
    assert carry_out(world.data, world.engine, now=clock)
    assert ran == [student_name(one) for one in world.people[:2]]
    running, last = shown(world, trainer)
    assert running is None
    assert (last.total, last.done, last.graded, last.ended_at, last.problem) == (2, 2, 2, clock(), "")
    assert not carry_out(world.data, world.engine, now=clock)
    with reading(world.engine) as session:
        events = [
            (one.action, one.actor_account_id, one.subject_id, one.detail)
            for one in session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("assignment.")))
        ]
    assert events == [
        ("assignment.run_asked", trainer, str(run_id), {}),
        ("assignment.graded", trainer, NAME, {"course": COURSE, "graded": 2}),
    ]
    # Nothing is left: the next press has nothing to do, and says so.
    ask_for_run(world.engine, trainer, [world.unit_path], NOW)
    assert carry_out(world.data, world.engine, now=clock)
    assert shown(world, trainer)[1].done == 0
    assert len(ran) == 2


def test_a_second_press_is_refused_also_in_the_same_moment(world: World, trainer: int) -> None:
    gate, outcomes = threading.Barrier(4), []

    def press() -> None:
        gate.wait()
        try:
            outcomes.append(ask_for_run(world.engine, trainer, ["/"], NOW))
        except RunUnderWay as refusal:
            outcomes.append(refusal.message)

    threads = [threading.Thread(target=press) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(isinstance(one, int) for one in outcomes) == 1
    assert sum("Đang có một lượt chấm" in str(one) for one in outcomes) == 3
    with reading(world.engine) as session:
        assert len(session.scalars(select(GradingRun)).all()) == 1


def test_a_run_that_was_cut_off_is_gone_on_with(world: World, trainer: int, ran: list[str]) -> None:
    world.give()
    world.give(person=1)
    ask_for_run(world.engine, trainer, [world.unit_path], NOW)
    # The portal is told to stop after the first submission.
    assert carry_out(world.data, world.engine, now=clock, stop=lambda: len(ran) == 1)
    running, last = shown(world, trainer)
    assert (running.total, running.done, last) == (2, 1, None)
    assert carry_out(world.data, world.engine, now=clock)
    running, last = shown(world, trainer)
    assert (running, last.total, last.done, last.graded) == (None, 2, 2, 2)
    assert len(ran) == len(set(ran)) == 2


def test_while_another_process_has_it_in_hand_nothing_is_done(
    world: World, trainer: int, ran: list[str]
) -> None:
    world.give()
    ask_for_run(world.engine, trainer, ["/"], NOW)
    with (world.data.path / "grading-run.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not carry_out(world.data, world.engine, now=clock)
    assert not ran
    assert carry_out(world.data, world.engine, now=clock)
    assert len(ran) == 1


def test_only_officers_of_the_scope_are_run(world: World, trainer: int, ran: list[str]) -> None:
    world.give()
    (world.folder.root / "submitted" / "bitdiddle" / NAME).mkdir(parents=True)
    everybody = [one.students for one in new_work(world.data, world.engine)]
    assert everybody == [("bitdiddle", student_name(world.people[0]))]
    for scope in (["/999/"], []):
        assert new_work(world.data, world.engine, scope) == []
    ask_for_run(world.engine, trainer, ["/999/"], NOW)
    carry_out(world.data, world.engine, now=clock)
    assert not ran


def broken(*_arguments: Any, **_more: Any) -> None:
    raise RuntimeError("nbgrader broke")


def refused(*_arguments: Any, **_more: Any) -> None:
    raise sandbox.AssignmentRefused("Sổ điểm đang bị phần mềm khác giữ.")


@pytest.mark.parametrize(
    ("happens", "words"), [(broken, "vì lỗi của máy chủ"), (refused, "Sổ điểm đang bị phần mềm khác giữ")]
)
def test_a_run_that_cannot_go_on_says_why_and_the_next_may_begin(
    world: World, trainer: int, monkeypatch: pytest.MonkeyPatch, happens: Callable[..., None], words: str
) -> None:
    world.give()
    monkeypatch.setattr(sandbox, "grade_assignment", happens)
    ask_for_run(world.engine, trainer, ["/"], NOW)
    assert carry_out(world.data, world.engine, now=clock)
    running, last = shown(world, trainer)
    assert running is None
    assert words in last.problem
    ask_for_run(world.engine, trainer, ["/"], NOW)


def test_without_a_cage_it_says_why_until_there_is_one(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        available.cache_clear()
        assert "apt install bubblewrap" in why_no_run(world.data)
    # bubblewrap was installed meanwhile: nobody has to restart anything.
    monkeypatch.setattr(
        "isoxa_grading.nbgrader_bridge.sandbox.cages.holds", lambda kind: kind == "bubblewrap"
    )
    assert why_no_run(world.data) == ""
    available.cache_clear()


def news(world: World, person: int = 0) -> bool:
    assignment = world.assignment
    with reading(world.engine) as session:
        return own_work(session, assignment, world.people[person]).news


def look(world: World) -> None:
    assignment = world.assignment
    with reading(world.engine) as session:
        own = own_work(session, assignment, world.people[0])
    mark_seen(world.engine, own, world.people[0], NOW)


def test_marks_and_comments_are_news_until_they_were_seen(world: World) -> None:
    assert not news(world)
    world.give()
    assert not news(world)
    world.mark(0, NOW, SCORES)
    assert news(world)
    assert not news(world, 1)
    look(world)
    assert not news(world)
    with api.Gradebook(world.folder.gradebook_url) as book:
        comment = book.find_comment("nhan-xet", NAME, NAME, student_name(world.people[0]))
        comment.manual_comment = "Nêu thêm số liệu."
        book.db.commit()
    assert news(world)
    look(world)
    look(world)
    assert not news(world)
    # A newer version that waits says nothing new of the earlier one's marks.
    world.give(content=world.work("x = 2"), now=NOW + timedelta(1))
    assert not news(world)
    (world.folder.root / "gradebook.db").write_bytes(b"half a gradebook")
    assert not news(world)
