"""The desk, formgrader's marks and a submit on the same answers at once: they take turns and never wait crosswise."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from isoxa_grading.nbgrader_bridge.formgrader import FormgraderMark, keep_marks
from isoxa_grading.records.attempts import scores
from isoxa_grading.records.attempts.find import scores_of
from isoxa_grading.records.database import reading
from isoxa_grading.records.desk import AlreadyGraded
from isoxa_grading.records.desk.marks import Mark
from sqlalchemy import text

MARK = Mark(points=Decimal("3.5"), comment="Được.", rubric=("r2",), revision=0)


def until_somebody_waits(engine) -> None:
    """Another transaction waits for a lock; on SQLite nobody can tell, so they are given a moment."""
    if engine.dialect.name == "sqlite":
        time.sleep(0.1)
        return
    waits = text("select count(*) from pg_locks where not granted")
    for _try in range(200):
        with reading(engine) as session:
            if session.scalar(waits):
                return
        time.sleep(0.02)


@pytest.fixture
def hold_up(world, monkeypatch):
    """Hold the next one up that settles marks, with the attempts locked and their answers not yet, until another waits;
    gives the event of getting there."""
    reached, real = threading.Event(), scores.settle_tasks

    def slowly(session, works):
        if not reached.is_set():
            reached.set()
            until_somebody_waits(world.school.engine)
        real(session, works)

    def begin() -> threading.Event:
        monkeypatch.setattr(scores, "settle_tasks", slowly)
        return reached

    return begin


def taken_over(world, attempts) -> int:
    marks = [FormgraderMark(attempt, "s3", Decimal(2), "Từ formgrader") for attempt in attempts]
    return keep_marks(world.school.engine, world.school.library, marks, world.school.now)


def kept(world, attempt):
    with reading(world.school.engine) as session:
        return scores_of(session, [attempt])[attempt]["s3"]


def test_a_mark_from_formgrader_and_one_at_the_desk(world, hold_up):
    attempt = world.submitted()
    task = world.next(world.an).task
    reached = hold_up()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(taken_over, world, [attempt])
        assert reached.wait(10)
        with pytest.raises(AlreadyGraded):
            world.desk.give(world.an, task, MARK, world.school.now)
        assert first.result(20) == 1
    assert (kept(world, attempt).source, kept(world, attempt).revision) == ("formgrader", 1)


def test_a_mark_at_the_desk_and_one_from_formgrader(world, hold_up):
    attempt = world.submitted()
    task = world.next(world.an).task
    reached = hold_up()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(world.desk.give, world.an, task, MARK, world.school.now)
        assert reached.wait(10)
        assert taken_over(world, [attempt]) == 1
        assert first.result(20) == 1
    assert (kept(world, attempt).source, kept(world, attempt).revision) == ("formgrader", 2)


def test_reopening_while_a_mark_is_given(world, hold_up):
    attempt = world.submitted()
    task = world.next(world.an).task
    reached = hold_up()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(world.desk.give, world.an, task, MARK, world.school.now)
        assert reached.wait(10)
        world.desk.reopen(
            world.binh, attempt, "Viết lại câu 3", last_day=None, seen_round=1, now=world.school.now
        )
        assert first.result(20) == 1
    with reading(world.school.engine) as session:
        assert scores_of(session, [attempt])[attempt] == {}, "nothing of the new round is graded"


def test_marks_of_the_same_officers_in_another_order(world, hold_up):
    attempts = [world.submitted() for _ in range(2)]
    reached = hold_up()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(taken_over, world, attempts)
        assert reached.wait(10)
        assert taken_over(world, attempts[::-1]) == 2
        assert first.result(20) == 2
    assert [kept(world, attempt).revision for attempt in attempts] == [2, 2]
