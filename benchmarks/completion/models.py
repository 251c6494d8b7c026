"""Model officers: each goes through the course by the real services, on made-up days.

What they leave in the records is what the country's officers are given copies of, so no row is written as this
benchmark imagines the code to write it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.models import Course, Quiz
from isoxa_courses.questions import type_of
from isoxa_courses.shipped import content_root
from isoxa_courses.text import name_sort_key
from isoxa_grading.completion import record_waived, record_withdrawn
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Attempt, Person, Role
from isoxa_grading.records.units import country, load_units
from isoxa_portal.demo.practice import finished_states
from sqlalchemy import Engine

COURSE = "iso-9001-cap-xa"
BEGUN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AS_OF = date(2026, 11, 20)


@dataclass(frozen=True)
class Story:
    """``share``: per mille of the officers; ``lessons`` done with their quizzes; ``due`` days after enrolling."""

    name: str
    share: int
    lessons: int = 0
    items: int = 0
    due: int | None = 120
    waits: bool = False
    fails_first: bool = False
    pace: int = 3
    ending: str = ""


STORIES = (
    Story("not started", 200),
    Story("not started, no due day", 60, due=None),
    Story("not started, due later", 60, due=300),
    Story("opened one lesson", 60, items=2),
    Story("one lesson", 60, lessons=1),
    Story("two lessons and a bit", 50, lessons=2, items=3),
    Story("four lessons", 40, lessons=4),
    Story("waits after the first", 30, lessons=1, waits=True),
    Story("waits at the end", 40, lessons=6, waits=True),
    Story("completed", 180, lessons=6),
    Story("completed fast", 80, lessons=6, pace=1),
    Story("completed after failing", 60, lessons=6, fails_first=True),
    Story("completed late", 50, lessons=6, pace=25),
    Story("excused", 20, ending="waived"),
    Story("withdrawn", 10, lessons=1, ending="withdrawn"),
)


@dataclass(frozen=True)
class Models:
    """``people``: a person for each of ``STORIES``, in that order."""

    people: list[int]
    edition_id: int


def make_models(data: DataFolder, engine: Engine) -> Models:
    """An empty folder becomes one with units, the built course and the model officers."""
    migrate(engine)
    shipped = content_root()
    with writing(engine) as session:
        load_units(session)
        build_course(data, session, shipped.courses / COURSE, shipped.lessons, now=BEGUN)
        edition = latest_edition(session, COURSE)
        assert edition is not None
        trainer = create_account(
            session, username="giang-vien", password=None, display_name="Giảng viên", actor=None, now=BEGUN
        )
        grant_role(session, trainer, Role.TRAINER, country(session), actor=None, now=BEGUN)
        people = []
        for story in STORIES:
            name = f"Mẫu {story.name}"
            person = Person(full_name=name, sort_key=name_sort_key(name), made_up=True, created_at=BEGUN)
            session.add(person)
            session.flush()
            due = None if story.due is None else BEGUN.date() + timedelta(days=story.due)
            enrolled = enrol(session, person, edition, due_on=due, source="benchmark", actor=None, now=BEGUN)
            if story.ending == "waived":
                record_waived(session, enrolled, reason_audit_id=1, now=BEGUN + timedelta(days=9))
            people.append((person.id, enrolled))
    library = CourseLibrary(data)
    course = library.edition(COURSE, edition.edition)
    player = _Player(engine, library, course, data.secret("attempts"), trainer.id)
    for story, (person_id, _enrolled) in zip(STORIES, people, strict=True):
        player.play(story, person_id)
    player.attempts.close()
    with writing(engine) as session:
        for story, (_person_id, enrolled) in zip(STORIES, people, strict=True):
            if story.ending == "withdrawn":
                record_withdrawn(session, enrolled, reason_audit_id=2, now=BEGUN + timedelta(days=90))
    return Models([person_id for person_id, _enrolled in people], edition.id)


class _Player:
    def __init__(
        self, engine: Engine, library: CourseLibrary, course: Course, secret: bytes, trainer: int
    ) -> None:
        self.engine = engine
        self.course = course
        self.attempts = AttemptService(engine, library, secret)
        self.lessons = LessonService(engine, library)
        self.trainer = trainer

    def play(self, story: Story, person_id: int) -> None:
        clock = _clock(story.pace)
        for place, lesson in enumerate(self.course.lessons):
            states = finished_states(lesson)
            whole = place < story.lessons
            wanted = len(states) if whole else story.items if place == story.lessons else 0
            for item, state in states[:wanted]:
                self.lessons.save(
                    person_id, self.course.id, lesson.id, item, state, 1, f"m-{item}", next(clock)
                )
            for quiz in self.course.quizzes if whole else ():
                if quiz.after == lesson.id:
                    if story.fails_first and place == 0:
                        self.take(person_id, quiz, clock, skill=0.3)
                    last = place == story.lessons - 1
                    self.take(person_id, quiz, clock, skill=1.0, grade=not (story.waits and last))

    def take(
        self, person_id: int, quiz: Quiz, clock: Iterator[datetime], *, skill: float, grade: bool = True
    ) -> None:
        view = self.attempts.start(person_id, self.course.id, quiz.id, next(clock))
        with reading(self.engine) as session:
            attempt = session.get_one(Attempt, view.id)
            drawn, seed = DrawnQuiz.from_json(attempt.drawn), attempt.seed
        chance = random.Random(f"{quiz.id} {skill}")
        for slot in quiz.slots:
            variant = slot.variant(drawn.slot(slot.id).variant)
            written = slot.judged_by_trainer
            if written or chance.random() < skill:
                right = getattr(variant, "sample", "") if written else type_of(variant).right_answer(variant)
                raw = publish_answer(quiz, drawn, slot.id, seed, right)
                self.attempts.save(view.id, person_id, slot.id, raw, 1, f"m-{slot.id}", next(clock))
        self.attempts.submit(view.id, person_id, next(clock))
        for slot in quiz.slots:
            if grade and slot.judged_by_trainer:
                points = Decimal(slot.points) if skill > 0.5 else Decimal(0)
                self.attempts.grade_slot(
                    view.id, slot.id, points, "Đã xem.", self.trainer, next(clock) + timedelta(days=1)
                )


def _clock(pace: int) -> Iterator[datetime]:
    """Moments on whole seconds; every twenty acts ``pace`` days go by."""
    number = 0
    while True:
        number += 1
        yield BEGUN + timedelta(days=1 + number // 20 * pace, seconds=40 * (number % 20))
