"""Marks given in formgrader reach the records, and nothing of ours is written over them."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from isoxa_grading.nbgrader_bridge import outbox as outbox_module
from isoxa_grading.nbgrader_bridge import take_formgrader_marks
from isoxa_grading.records.attempts.find import scores_of
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Attempt, AttemptStatus, SlotScore
from nbgrader.api import Gradebook

from tests.grading.nbgrader_bridge.test_outbox import NOW, School, school  # noqa: F401  # a fixture

ANSWER = "Một bài viết có số liệu 12 hồ sơ."


def formgrade(school: School, score: float | None, comment: str | None = None, cell: str = "s2") -> None:  # noqa: F811
    """What formgrader does when a trainer types into its fields."""
    with Gradebook(school.folder.gradebook_url, "default_course") as book:
        student = book.students[0].id
        grade = book.find_grade(cell, "q1-v1", "q1-v1", student)
        grade.manual_score = score
        grade.needs_manual_grade = False
        if comment is not None:
            book.find_comment("s2", "q1-v1", "q1-v1", student).manual_comment = comment
        book.db.commit()


def take(school: School, minutes: int = 30) -> int:  # noqa: F811
    return take_formgrader_marks(
        school.data, school.engine, school.library, now=NOW + timedelta(minutes=minutes)
    )


def score(school: School, attempt: str, slot: str = "s2") -> SlotScore | None:  # noqa: F811
    with reading(school.engine) as session:
        return scores_of(session, [attempt])[attempt].get(slot)


def comment_in_book(school: School) -> str | None:  # noqa: F811
    query = "select c.manual_comment from comment c join base_cell b on b.id = c.cell_id where b.name = 's2'"
    with sqlite3.connect(school.folder.root / "gradebook.db") as book:
        (found,) = book.execute(query).fetchone()
    return str(found) if found is not None else None


@pytest.fixture
def attempt(school: School) -> str:  # noqa: F811
    made = school.take(right=True, text=ANSWER, minutes=1)
    school.drain()
    return made


def test_a_mark_completes_the_attempt_once(school: School, attempt: str) -> None:  # noqa: F811
    assert take(school) == 0
    formgrade(school, 0.5, "Thiếu hạn.")
    assert take(school) == 1
    assert take(school) == 0
    found = score(school, attempt)
    assert found is not None
    assert (found.points, found.comment, found.source, found.revision) == (
        Decimal("0.5"),
        "Thiếu hạn.",
        "formgrader",
        1,
    )
    with reading(school.engine) as session:
        assert session.get_one(Attempt, attempt).status is AttemptStatus.GRADED
    school.drain()
    assert take(school) == 0
    assert school.grades()["s2"] == (None, 0.5, 0)
    assert comment_in_book(school) == "Thiếu hạn."


def test_our_own_marks_are_not_taken_for_formgraders(school: School, attempt: str) -> None:  # noqa: F811
    school.attempts.grade_slot(
        attempt, "s2", Decimal("0.25"), "Của ta", school.trainer, NOW + timedelta(minutes=5)
    )
    assert take(school) == 0  # not yet in the gradebook
    school.drain()
    assert take(school) == 0
    school.attempts.grade_slot(
        attempt, "s2", Decimal(1), "", school.trainer, NOW + timedelta(minutes=9), reason="Sót ý"
    )
    assert take(school) == 0  # the gradebook still holds the mark before
    school.drain()
    assert take(school) == 0
    assert comment_in_book(school) is None
    # Back to a value that was ours once: now it is formgrader's.
    formgrade(school, 0.25, "Của ta")
    assert take(school) == 1


def test_draining_never_writes_over_a_mark(school: School, attempt: str) -> None:  # noqa: F811
    formgrade(school, 1.0, "Tốt.")
    school.attempts.grade_slot(attempt, "s2", Decimal("0.25"), "", school.trainer, NOW + timedelta(minutes=5))
    school.drain()
    found = score(school, attempt)
    assert found is not None
    assert (found.points, found.source, found.revision) == (Decimal(1), "formgrader", 2)
    assert school.grades()["s2"] == (None, 1.0, 0)


def test_a_mark_between_the_look_and_the_write_is_kept_out_by_the_lock(
    school: School,  # noqa: F811
    attempt: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    school.attempts.grade_slot(attempt, "s2", Decimal("0.25"), "", school.trainer, NOW + timedelta(minutes=5))
    look, tried = outbox_module.new_marks, []

    def late(*arguments: object) -> object:
        found = look(*arguments)  # type: ignore[arg-type]
        with sqlite3.connect(school.folder.root / "gradebook.db", timeout=0.1) as other:
            try:
                other.execute("update grade set manual_score = 1")
            except sqlite3.OperationalError as refused:
                tried.append(str(refused))
        return found

    monkeypatch.setattr(outbox_module, "new_marks", late)
    school.drain()
    assert tried == ["database is locked"]


def test_a_comment_without_a_score_is_left_alone(school: School, attempt: str) -> None:  # noqa: F811
    formgrade(school, None, "Đang đọc")
    assert take(school) == 0
    assert score(school, attempt) is None
    school.attempts.after_commit.request()
    with reading(school.engine) as session:
        assert session.get_one(Attempt, attempt).status is AttemptStatus.SUBMITTED


def test_the_machines_mark_can_be_overruled(school: School, attempt: str) -> None:  # noqa: F811
    formgrade(school, 1.0, cell="s1-diem")
    assert take(school) == 1
    found = score(school, attempt, "s1")
    assert found is not None
    assert (found.points, found.source, found.revision) == (Decimal(1), "formgrader", 2)
    school.drain()
    assert school.grades()["s1-diem"][1] == 1.0


@pytest.mark.parametrize(("typed", "counted"), [(7.0, 1), (-2.0, 0)])
def test_beyond_the_points_counts_as_the_nearest(
    school: School,  # noqa: F811
    attempt: str,
    typed: float,
    counted: int,
) -> None:
    formgrade(school, typed)
    assert take(school) == 1
    assert take(school) == 0
    school.drain()
    found = score(school, attempt)
    assert found is not None
    assert found.points == counted
    assert found.reason is not None
    assert "ngoài thang" in found.reason
    assert school.grades()["s2"][1] == counted


def test_no_gradebook_is_nothing_to_take(school: School) -> None:  # noqa: F811
    assert take(school) == 0
    Path(school.folder.root / "gradebook.db").unlink()
    assert take(school) == 0
