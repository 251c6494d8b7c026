"""Formgrader's marks are looked for only where somebody else wrote; what another process wrote is always found."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest
from isoxa_grading.nbgrader_bridge import GradebookWatch, drain_outbox, take_formgrader_marks
from isoxa_grading.nbgrader_bridge.gradebook_watch import state_of
from isoxa_grading.records.attempts.find import scores_of
from isoxa_grading.records.database import reading

from tests.grading.nbgrader_bridge.test_outbox import NOW, School, school  # noqa: F401  # a fixture

MARK = """
import sys
from nbgrader.api import Gradebook
with Gradebook(sys.argv[1], "default_course") as book:
    grade = book.find_grade("s2", "q1-v1", "q1-v1", book.students[0].id)
    grade.manual_score, grade.needs_manual_grade = float(sys.argv[2]), False
    book.db.commit()
"""


@pytest.fixture
def attempt(school: School) -> str:  # noqa: F811
    """Submitted; its written answer waits."""
    return school.take(right=True, text="Có 3 hồ sơ trễ", minutes=0)


@pytest.fixture
def watch(school: School, attempt: str) -> GradebookWatch:  # noqa: F811
    """It knows the gradebook as it is after that submit."""
    made = GradebookWatch(school.data)
    drain(school, made)
    assert list(made.stirred()) == ["nho"], "what it never looked at has to be looked at"
    made.known(made.stirred())
    assert not made.stirred()
    return made


def grade(school: School, attempt: str, points: str, minutes: int) -> None:  # noqa: F811
    at = NOW + timedelta(minutes=minutes)
    school.attempts.grade_slot(attempt, "s2", Decimal(points), "", school.trainer, at, reason="Đọc lại")


def drain(school: School, watch: GradebookWatch) -> None:  # noqa: F811
    drain_outbox(school.data, school.engine, school.library, now=NOW, watch=watch)


def formgrader(school: School, score: float) -> None:  # noqa: F811
    """A mark as another process gives it, through nbgrader itself."""
    command = [sys.executable, "-c", MARK, school.folder.gradebook_url, str(score)]
    subprocess.run(command, check=True, capture_output=True)


def test_what_we_write_ourselves_needs_no_look(
    school: School,  # noqa: F811
    watch: GradebookWatch,
    attempt: str,
) -> None:
    for minutes, points in ((2, "0.5"), (4, "0.75")):
        before = state_of(school.folder.root / "gradebook.db")
        grade(school, attempt, points, minutes)
        drain(school, watch)
        assert state_of(school.folder.root / "gradebook.db") != before
        assert not watch.stirred()


def test_a_mark_of_another_process_is_found(
    school: School,  # noqa: F811
    watch: GradebookWatch,
    attempt: str,
) -> None:
    formgrader(school, 0.5)
    stirred = watch.stirred()
    assert list(stirred) == ["nho"]
    later = NOW + timedelta(minutes=30)
    assert take_formgrader_marks(school.data, school.engine, school.library, now=later, among=["khac"]) == 0
    assert take_formgrader_marks(school.data, school.engine, school.library, now=later, among=stirred) == 1
    watch.known(stirred)
    assert not watch.stirred()
    with reading(school.engine) as session:
        score = scores_of(session, [attempt])[attempt]["s2"]
    assert (score.points, score.source) == (Decimal("0.5"), "formgrader")
    # What follows from it is our own again.
    drain(school, watch)
    assert not watch.stirred()


def test_our_own_transactions_do_not_hide_anothers(
    school: School,  # noqa: F811
    watch: GradebookWatch,
    attempt: str,
) -> None:
    with closing(sqlite3.connect(school.folder.root / "gradebook.db")) as other:
        other.execute(
            "update grade set manual_score = 0.25, needs_manual_grade = 0 where manual_score is null"
        )
        other.commit()
    for minutes in (40, 50):
        grade(school, attempt, "1", minutes)
        drain(school, watch)
    assert watch.stirred()


def test_a_write_ahead_log_and_a_restored_file_are_looked_at(school: School, watch: GradebookWatch) -> None:  # noqa: F811
    book = school.folder.root / "gradebook.db"
    with closing(sqlite3.connect(book)) as other:
        other.execute("pragma journal_mode = wal")
        stirred = watch.stirred()
        assert stirred
        watch.known(stirred)
        other.execute("update grade set manual_score = 0.5, needs_manual_grade = 0")
        other.commit()
        assert watch.stirred()
        other.execute("pragma journal_mode = delete")
    watch.known(watch.stirred())
    shutil.copy(book, book.with_name("copy"))
    book.with_name("copy").replace(book)
    assert watch.stirred(), "another file, though with the same count"


def test_what_is_no_gradebook_is_passed_over(school: School, watch: GradebookWatch) -> None:  # noqa: F811
    book = school.folder.root / "gradebook.db"
    for content in (b"", b"half a gradebook", b"x" * 200):
        book.write_bytes(content)
        assert state_of(book) is None
        assert not watch.stirred()
    book.unlink()
    assert not watch.stirred()
