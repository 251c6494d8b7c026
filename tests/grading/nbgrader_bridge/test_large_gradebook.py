"""A province fills the gradebook with a million rows: handing one attempt in must not read them from end to end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.nbgrader_bridge.gradebook import _engine
from isoxa_grading.nbgrader_bridge.manual_scores import manual_scores
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.grading.nbgrader_bridge.test_draining import another
from tests.grading.nbgrader_bridge.test_formgrader import formgrade
from tests.grading.nbgrader_bridge.test_outbox import NOW, School, school  # noqa: F401  # a fixture

GROWS = ("grade", "comment", "submitted_assignment", "submitted_notebook", "student")


@pytest.fixture
def asked(school: School) -> Iterator[list[tuple[str, Any]]]:  # noqa: F811
    """Every statement that goes to the gradebook, with its values."""
    engine, found = _engine(school.folder.gradebook_url), []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        found.append((statement, values[0] if many else values))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def read_through(school: School, asked: list[tuple[str, Any]]) -> list[str]:  # noqa: F811
    """What of these statements reads a table that grows with the officers from end to end."""
    with sqlite3.connect(school.folder.root / "gradebook.db") as book:
        plans = [
            (step[3], statement)
            for statement, values in asked
            if statement.startswith(("SELECT", "UPDATE"))
            for step in book.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert plans
    return [statement for step, statement in plans if any(step.startswith(f"SCAN {one}") for one in GROWS)]


def test_handing_in_reads_by_the_indexes(school: School, asked: list[tuple[str, Any]]) -> None:  # noqa: F811
    school.take(right=False, text="Có 3 hồ sơ trễ", minutes=0)
    assert school.drain() == 1
    assert read_through(school, asked) == []


def test_a_mark_and_the_attempt_after_it_too(school: School, asked: list[tuple[str, Any]]) -> None:  # noqa: F811
    attempt = school.take(right=False, text="Có 3 hồ sơ trễ", minutes=0)
    school.drain()
    school.attempts.grade_slot(attempt, "s2", Decimal("0.5"), "Được.", school.trainer, NOW)
    school.drain()
    school.take(right=True, text=None, minutes=9)  # better, and nothing in it waits
    asked.clear()
    school.drain()
    assert any(statement.startswith("UPDATE") for statement, _values in asked)
    assert read_through(school, asked) == []


def test_marks_are_found_among_some_and_among_all(school: School) -> None:  # noqa: F811
    school.take(right=True, text="Một", minutes=0)
    another(school, "Lò Thị Hai")
    school.take(right=True, text="Hai", minutes=1)
    school.drain()
    formgrade(school, 0.5, "Được.")
    with Session(_engine(school.folder.gradebook_url)) as rows:
        (only,) = manual_scores(rows)
        assert (only.slot, only.score, only.comment) == ("s2", 0.5, "Được.")
        (other,) = {school.person, school.person - 1} - {only.person_id}
        theirs, others = student_name(only.person_id), student_name(other)
        assert list(manual_scores(rows, [(theirs, "q1-v1"), (others, "q1-v1")])) == [only]
        assert list(manual_scores(rows, [(others, "q1-v1")])) == []
        assert list(manual_scores(rows, [(theirs, "q2-v1")])) == []
        assert list(manual_scores(rows, [])) == []
