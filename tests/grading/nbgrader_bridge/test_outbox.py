"""From submitted attempts to the gradebook: the right rows, once, whatever crashed in between."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import nbformat
import pytest
from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.questions import type_of
from isoxa_grading.nbgrader_bridge import NbgraderFolder, drain_outbox, student_name
from isoxa_grading.records.attempts import AttemptService, CourseLibrary
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import Account, Attempt, OutboxItem, Person
from sqlalchemy import Engine, select
from sqlalchemy.exc import DatabaseError

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


class School:
    """A data folder with the tiny course, one officer and one trainer."""

    def __init__(self, data: DataFolder, engine: Engine) -> None:
        self.data, self.engine = data, engine
        self.library = CourseLibrary(data)
        self.attempts = AttemptService(engine, self.library, b"k" * 32)
        self.folder = NbgraderFolder(data.nbgrader("nho"))
        with writing(engine) as session:
            person = Person(full_name="Nguyễn Thị Thử", sort_key="thu", created_at=NOW, made_up=True)
            trainer = Account(username="gv", display_name="Giảng viên", created_at=NOW)
            session.add_all([person, trainer])
            session.flush()
            edition = latest_edition(session, "nho")
            assert edition is not None
            enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
            self.person, self.trainer = person.id, trainer.id

    def take(self, *, right: bool, text: str | None, minutes: int) -> str:
        """One attempt, submitted; returns its id."""
        at = NOW + timedelta(minutes=minutes)
        view = self.attempts.start(self.person, "nho", "q1", at)
        with reading(self.engine) as session:
            attempt = session.get_one(Attempt, view.id)
            drawn, seed = DrawnQuiz.from_json(attempt.drawn), attempt.seed
        quiz = self.library.quiz("nho", "1", "q1")
        choice = quiz.slot("s1").variants[0]
        answers: dict[str, Any] = {"s1": type_of(choice).right_answer(choice) if right else "b", "s2": text}
        for number, (slot, answer) in enumerate(answers.items(), start=1):
            if answer is not None:
                raw = publish_answer(quiz, drawn, slot, seed, answer)
                self.attempts.save(view.id, self.person, slot, raw, number, f"k{number}", at)
        self.attempts.submit(view.id, self.person, at)
        return view.id

    def drain(self) -> int:
        return drain_outbox(self.data, self.engine, self.library, now=NOW)

    def grades(self) -> dict[str, tuple[float | None, float | None, int]]:
        """Cell name → (auto, manual, needs manual grade)."""
        query = (
            "select c.name, g.auto_score, g.manual_score, g.needs_manual_grade from grade g "
            "join base_cell c on c.id = g.cell_id"
        )
        with sqlite3.connect(self.folder.root / "gradebook.db") as book:
            return {name: (auto, manual, needs) for name, auto, manual, needs in book.execute(query)}


@pytest.fixture
def school(built_tiny: DataFolder) -> School:
    return School(built_tiny, built_tiny.engine())


def test_a_submit_reaches_gradebook_and_notebooks(school: School) -> None:
    school.take(right=True, text="Có 3 hồ sơ trễ", minutes=0)
    assert school.drain() == 1
    assert school.grades() == {"s1-diem": (2.0, None, 0), "s2": (None, None, 1)}
    student = student_name(school.person)
    submitted = nbformat.read(school.folder.submitted(student, "q1-v1"), as_version=4)
    assert any("'Có 3 hồ sơ trễ'" in cell.source for cell in submitted.cells)
    assert school.folder.autograded(student, "q1-v1").exists()


def test_draining_twice_writes_nothing_twice(school: School) -> None:
    school.take(right=True, text=None, minutes=0)
    school.drain()
    before = school.grades()
    assert school.drain() == 0
    with writing(school.engine) as session:
        for item in session.scalars(select(OutboxItem)):
            item.done_at = None
    school.drain()
    assert school.grades() == before == {"s1-diem": (2.0, None, 0), "s2": (0.0, None, 0)}


def test_a_crash_before_the_gradebook_leaves_the_row_and_the_next_run_finishes(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    from isoxa_grading.nbgrader_bridge import outbox

    def crash(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    school.take(right=True, text=None, minutes=0)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "write_notebooks", crash)
        with pytest.raises(OSError, match="No space"):
            school.drain()
    with reading(school.engine) as session:
        (item,) = session.scalars(select(OutboxItem)).all()
        assert item.done_at is None
        assert item.tries == 1
        assert "No space left" in (item.error or "")
    assert school.grades() == {}, "the gradebook's transaction was not committed half"
    assert school.drain() == 1
    assert school.grades()["s1-diem"] == (2.0, None, 0)


def test_a_crash_after_the_gradebook_leaves_the_row_and_the_next_run_writes_what_is_missing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    from isoxa_grading.nbgrader_bridge import outbox

    real = outbox.write_notebooks

    def crash(folder: Any, made: Any, step: Any) -> None:
        if step == "autograded":
            raise OSError(28, "No space left on device")
        real(folder, made, step)

    school.take(right=True, text=None, minutes=0)
    student = student_name(school.person)
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "write_notebooks", crash)
        with pytest.raises(OSError, match="No space"):
            school.drain()
    written = school.grades()
    assert written["s1-diem"] == (2.0, None, 0)
    assert school.folder.submitted(student, "q1-v1").is_file()
    assert not school.folder.autograded(student, "q1-v1").exists()
    with reading(school.engine) as session:
        (item,) = session.scalars(select(OutboxItem)).all()
        assert (item.done_at, item.tries) == (None, 1)
    assert school.drain() == 1
    assert school.folder.autograded(student, "q1-v1").is_file()
    assert school.grades() == written


def test_the_best_attempt_is_what_nbgrader_holds(school: School) -> None:
    first = school.take(right=True, text=None, minutes=0)
    school.take(right=False, text=None, minutes=10)
    school.drain()
    assert school.grades()["s1-diem"][0] == 2.0
    with sqlite3.connect(school.folder.root / "gradebook.db") as book:
        (stamp,) = book.execute("select timestamp from submitted_assignment").fetchone()
    with reading(school.engine) as session:
        submitted_at = session.get_one(Attempt, first).submitted_at
    assert submitted_at is not None
    assert stamp.startswith(submitted_at.strftime("%Y-%m-%d %H:%M"))


def test_a_trainers_mark_and_comment_reach_the_gradebook(school: School) -> None:
    attempt = school.take(right=True, text="Có số liệu", minutes=0)
    school.drain()
    at = NOW + timedelta(days=1)
    school.attempts.grade_slot(attempt, "s2", Decimal("0.5"), "Thêm số liệu", school.trainer, at)
    assert school.drain() == 1
    assert school.grades()["s2"] == (None, 0.5, 0)
    with sqlite3.connect(school.folder.root / "gradebook.db") as book:
        comments = [
            row[0]
            for row in book.execute("select manual_comment from comment where manual_comment is not null")
        ]
    assert comments == ["Thêm số liệu"]


def test_a_locked_gradebook_delays_and_loses_nothing(school: School) -> None:
    school.take(right=True, text=None, minutes=0)
    school.drain()
    school.take(right=False, text=None, minutes=10)
    blocker = sqlite3.connect(school.folder.root / "gradebook.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(Exception, match="locked"):
            school.drain()
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()
    assert school.drain() == 1


def test_a_half_written_gradebook_delays_and_loses_nothing(school: School) -> None:
    school.take(right=True, text="Có 3 hồ sơ trễ", minutes=0)
    assert school.drain() == 1
    book = school.folder.root / "gradebook.db"
    whole = book.read_bytes()
    book.write_bytes(whole[: len(whole) // 2])
    (attempt,) = _attempts(school)
    school.attempts.grade_slot(attempt, "s2", Decimal("0.5"), "", school.trainer, NOW + timedelta(minutes=5))
    with pytest.raises(DatabaseError):
        school.drain()
    with reading(school.engine) as session:
        (waiting,) = session.scalars(select(OutboxItem).where(OutboxItem.done_at.is_(None)))
    assert waiting.tries == 1
    assert waiting.error
    book.write_bytes(whole)
    assert school.drain() == 1
    assert school.grades()["s2"] == (None, 0.5, 0)


def _attempts(school: School) -> list[str]:
    with reading(school.engine) as session:
        return list(session.scalars(select(Attempt.id)))
