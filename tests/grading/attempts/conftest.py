"""A small course of two lessons and two quizzes, a commune with officers, and the services on them.

Quiz ``01-mo-dau`` (behind lesson 1): single choice 2, multiple choice 3, written 5 points; three attempts.
Quiz ``02-nhanh``: numeric 4, short text 1; two attempts, ten minutes, not locked.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from isoxa_courses.manifest import manifest_of
from isoxa_grading.records.attempts import AttemptService, CourseLibrary
from isoxa_grading.records.attempts.find import find_attempt
from isoxa_grading.records.attempts.paper import Paper
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import enrol, publish_edition
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.tables import (
    Account,
    CourseEdition,
    Membership,
    Person,
    QuizVersion,
    Unit,
)
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import Engine, select

COURSE = "khoa-thu"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # nine in the morning in Vietnam
SECRET = b"only for tests" * 3
_numbers = count(1000)  # beyond the sequence numbers that tests give themselves


@pytest.fixture(scope="session")
def course_folder() -> Path:
    return Path(__file__).with_name("course")


@pytest.fixture(scope="session")
def data(tmp_path_factory, course_folder) -> DataFolder:
    made = DataFolder(tmp_path_factory.mktemp("data"))
    made.create()
    shutil.copytree(course_folder, made.editions(COURSE, "2026.1"))
    return made


@pytest.fixture(scope="session")
def library(data) -> CourseLibrary:
    return CourseLibrary(data)


def right_raw(question, shown):
    """The right answer in browser form, found by the texts that the browser shows."""
    if question.type == "single_choice":
        texts = {choice.text for choice in question.choices if choice.correct}
        return next(choice["id"] for choice in shown["choices"] if choice["text"] in texts)
    if question.type == "multiple_choice":
        texts = {choice.text for choice in question.choices if choice.correct}
        return [choice["id"] for choice in shown["choices"] if choice["text"] in texts]
    if question.type == "numeric":
        return str(question.answer)
    if question.type == "short_text":
        return question.accepted[0]
    return "Phân công người dự phòng cho bộ phận một cửa."


def wrong_raw(question, shown):
    """An answer that earns nothing."""
    if question.type == "single_choice":
        right = right_raw(question, shown)
        return next(choice["id"] for choice in shown["choices"] if choice["id"] != right)
    if question.type == "multiple_choice":
        right = right_raw(question, shown)
        return [choice["id"] for choice in shown["choices"] if choice["id"] not in right]
    if question.type == "numeric":
        return "1"
    return "sai hẳn"


@dataclass
class School:
    """Everything a test needs; ``now`` moves only when told to."""

    engine: Engine
    library: CourseLibrary
    service: AttemptService
    lessons: LessonService
    province: Unit
    commune: Unit
    trainer_account: int
    edition: CourseEdition
    now: datetime = START
    hook_calls: list[int] = field(default_factory=list)

    def officer(self, name="Nguyễn Thị Thử", *, unit=None, enrolled=True, due_on=None) -> int:
        with writing(self.engine) as session:
            person = Person(full_name=name, sort_key="thu", created_at=self.now, made_up=True)
            session.add(person)
            session.flush()
            session.add(
                Membership(
                    person_id=person.id, unit_id=(unit or self.commune).id, valid_from=date(2025, 7, 1)
                )
            )
            if enrolled:
                edition = session.get_one(CourseEdition, self.edition.id)
                enrol(session, person, edition, due_on=due_on, source="test", actor=None, now=self.now)
            return person.id

    def pass_time(self, **spans) -> datetime:
        self.now += timedelta(**spans)
        return self.now

    def start(self, person, quiz="02-nhanh"):
        return self.service.start(person, COURSE, quiz, self.now)

    def save(self, attempt, person, slot, raw, seq, key=None):
        key = key or f"k-{next(_numbers)}"
        return self.service.save(attempt, person, slot, raw, seq, key, self.now)

    def submit(self, attempt, person):
        return self.service.submit(attempt, person, self.now)

    def view(self, attempt, person):
        return self.service.view(attempt, person, self.now)

    def paper(self, attempt_id) -> Paper:
        with reading(self.engine) as session:
            return Paper.of(self.library, find_attempt(session, attempt_id))

    def answer(self, view, person, *, right=(), wrong=()):
        """Answer these slots rightly or wrongly, with the next sequence of each."""
        paper = self.paper(view.id)
        now = self.view(view.id, person)
        for slot in now.slots:
            make = right_raw if slot.slot in right else wrong_raw if slot.slot in wrong else None
            if make is not None:
                raw = make(paper.question(slot.slot), slot.shown)
                self.save(view.id, person, slot.slot, raw, slot.seq + 1)

    def do_lesson(self, person, lesson="01-mo-dau"):
        """Do every checkpoint of a lesson."""
        content = self.library.lesson(COURSE, "2026.1", lesson)
        for checkpoint in content.checkpoints:
            seq = next(_numbers)
            self.lessons.save(
                person, COURSE, lesson, checkpoint.id, done_state(checkpoint), seq, f"l-{seq}", self.now
            )

    def rows(self, query):
        with reading(self.engine) as session:
            return list(session.scalars(query))


def done_state(checkpoint):
    """The state of a checkpoint that was answered rightly, as the lesson's widget saves it."""
    question = checkpoint.question
    answer = {
        "single_choice": lambda: next(choice.id for choice in question.choices if choice.correct),
        "ordering": lambda: [item.id for item in question.items],
        "numeric": lambda: str(question.answer),
    }[question.type]()
    return {"answer": answer}


@pytest.fixture
def school(engine, library) -> School:
    course = library.edition(COURSE, "2026.1")
    with writing(engine) as session:
        country = _unit(session, "VN", UnitKind.COUNTRY, "Việt Nam", None)
        province = _unit(session, "68", UnitKind.PROVINCE, "Tỉnh Thử", country)
        commune = _unit(session, "24000", UnitKind.COMMUNE, "Xã Thử", province)
        trainer = Account(username="giang-vien", display_name="Giảng viên", created_at=START)
        session.add(trainer)
        edition = publish_edition(session, manifest_of(course), "0" * 64, START)
        for quiz in course.quizzes:
            session.add(
                QuizVersion(
                    course=COURSE,
                    quiz=quiz.id,
                    version=quiz.version,
                    assignment=f"{quiz.id}-v{quiz.version}",
                    content_sha256="0" * 64,
                    built_at=START,
                )
            )
        session.flush()
    calls: list[int] = []
    service = AttemptService(engine, library, SECRET, lambda: calls.append(1))
    made = School(
        engine,
        library,
        service,
        LessonService(engine, library),
        province,
        commune,
        trainer.id,
        edition,
        hook_calls=calls,
    )
    yield made
    service.close()


@pytest.fixture
def other_commune(school) -> Unit:
    with writing(school.engine) as session:
        other = _unit(
            session,
            "99",
            UnitKind.PROVINCE,
            "Tỉnh Khác",
            session.scalar(select(Unit).where(Unit.code == "VN")),
        )
        return _unit(session, "30000", UnitKind.COMMUNE, "Xã Khác", other)


def _unit(session, code, kind, name, parent) -> Unit:
    unit = Unit(
        code=code,
        kind=kind,
        type_word=name.split()[0].lower(),
        name=name,
        short_name=name,
        parent_id=parent.id if parent else None,
        path="",
        valid_from=date(1900, 1, 1),
        sort_key=code,
        search_key=code,
    )
    session.add(unit)
    session.flush()
    unit.path = (parent.path if parent else "/") + f"{unit.id}/"
    session.flush()
    return unit


@pytest.fixture
def raw_answers():
    """(right_raw, wrong_raw): ``make(question, shown) -> browser form``."""
    return right_raw, wrong_raw
