"""Where the pages of a hall say to be, on the organiser's portal: one row a participant, without a name.

Each page tells the step it is at, the steps that are through, and how often which question was answered wrong. It is
what somebody's own machine says: figures for a screen, never a record. The key is made of the participant's own and is
in no file (`standing.presence_key`), so a row leads to nobody. Rows go a month after the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.models import Course
from isoxa_courses.text import VIETNAM
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.tables import Workshop, WorkshopPresence

from .class_codes import known_class, workshop_of
from .errors import ReportRefused
from .pacing import runs_on
from .whereabouts import Question, Step

__all__ = [
    "MOST_PRESENT",
    "Pace",
    "Reported",
    "Standing",
    "forget_presence",
    "reported_by",
    "take_presence",
]

MOST_PRESENT = 1000
_FRESH = timedelta(seconds=60)
"""A row is not written anew within this time if nothing in it changed."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=260, pattern="^[A-Za-z0-9._/-]+$")]
Counts = tuple[Annotated[int, msgspec.Meta(ge=0, le=50)], Annotated[int, msgspec.Meta(ge=0, le=50)]]


class Standing(msgspec.Struct, frozen=True):
    """What a page reports of one course. ``at`` and ``done``: ``lesson/ID`` or ``quiz/ID``, ``at`` None: through with
    everything; ``answers``: ``QUIZ/SLOT/VARIANT`` → how many answers were not fully right, of how many."""

    at: Name | None = None
    done: Annotated[list[Name], msgspec.Meta(max_length=300)] = []
    answers: Annotated[dict[Name, Counts], msgspec.Meta(max_length=600)] = {}


@dataclass(frozen=True)
class Pace:
    """What the page is told: how many steps of the course the room may go; None: nobody leads it."""

    course: str
    open_steps: int | None


@dataclass(frozen=True)
class Reported:
    """One participant, for the screen."""

    at: Step | None
    done: frozenset[Step]
    answers: dict[Question, tuple[int, int]]
    seen_at: datetime


def take_presence(
    engine: Engine,
    library: CourseLibrary,
    code: str,
    key: str,
    courses: dict[str, Standing],
    *,
    address: str,
    now: datetime,
) -> Pace:
    """Note where a participant is; the answer carries the pace. Writes only what is news.

    Raises ``CodeRefused``, and `ReportRefused` on a day that is none of the class's or where the room is full.
    """
    with reading(engine) as session:
        workshop = known_class(session, code, address=address, now=now)
        if workshop is not None:
            row, plain = _compared(session, library, workshop, key, courses, now)
            if row is not None and row.standing == plain and row.seen_at > now - _FRESH:
                return Pace(workshop.course, workshop.open_steps)
    with writing(engine) as session:
        workshop = workshop_of(session, code, address=address, now=now)
        row, plain = _compared(session, library, workshop, key, courses, now)
        if row is None:
            # One newcomer after the other, on any database: the same page may ask twice.
            session.refresh(workshop, with_for_update=True)
            row, plain = _compared(session, library, workshop, key, courses, now)
        if row is None:
            _check_room(session, workshop)
            row = WorkshopPresence(workshop_id=workshop.id, key=key, first_seen_at=now)
            session.add(row)
        row.standing, row.seen_at = plain, now
        return Pace(workshop.course, workshop.open_steps)


def reported_by(session: Session, workshop: Workshop) -> list[Reported]:
    """Everybody whose page reported in this class."""
    rows = session.scalars(select(WorkshopPresence).where(WorkshopPresence.workshop_id == workshop.id))
    return [_as_reported(one) for one in rows]


def _compared(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    key: str,
    courses: dict[str, Standing],
    now: datetime,
) -> tuple[WorkshopPresence | None, dict[str, Any]]:
    """The participant's row, and what it is to hold: of the class's course, and of what that course has, alone."""
    if not runs_on(workshop, now.astimezone(VIETNAM).date()):
        raise ReportRefused("not_today", "Hôm nay không phải ngày tổ chức của lớp này.")
    row = session.scalar(
        select(WorkshopPresence).where(
            WorkshopPresence.workshop_id == workshop.id, WorkshopPresence.key == key
        )
    )
    said = courses.get(workshop.course, Standing())
    edition = latest_edition(session, workshop.course)
    known, questions = set[str](), set[str]()
    if edition is not None:
        manifest = EditionManifest.from_json(edition.manifest)
        known = {f"{StepKind.LESSON}/{one.id}" for one in manifest.lessons}
        known |= {f"{StepKind.QUIZ}/{one.id}" for one in manifest.quizzes}
        if said.answers:
            # What is kept is read at each look at the screen: names that somebody made up must not fill it.
            questions = _questions(library.edition(edition.course, edition.edition))
    plain = {
        "at": said.at if said.at is None or said.at in known else "",
        "done": sorted(known.intersection(said.done)),
        "answers": {
            question: [min(counts), counts[1]]
            for question, counts in sorted(said.answers.items())
            if question in questions and counts[1]
        },
    }
    return row, plain


def _questions(course: Course) -> set[str]:
    return {
        f"{quiz.id}/{slot.id}/{variant.id}"
        for quiz in course.quizzes
        for slot in quiz.slots
        for variant in slot.variants
    }


def _check_room(session: Session, workshop: Workshop) -> None:
    query = select(func.count(WorkshopPresence.id)).where(WorkshopPresence.workshop_id == workshop.id)
    if (session.scalar(query) or 0) >= MOST_PRESENT:
        raise ReportRefused("full", "Lớp này đã đủ số máy báo về; màn hình lớp không đếm thêm.")


def _as_reported(row: WorkshopPresence) -> Reported:
    said = row.standing
    return Reported(
        None if said["at"] is None else _step(said["at"]),
        frozenset(_step(one) for one in said["done"]),
        {_question(name): (counts[0], counts[1]) for name, counts in said["answers"].items()},
        row.seen_at,
    )


def _step(name: str) -> Step:
    kind, _, id_ = name.partition("/")
    return (StepKind(kind) if kind in list(StepKind) else StepKind.LESSON, id_)


def _question(name: str) -> Question:
    quiz, slot, variant = name.split("/")
    return quiz, slot, variant


def forget_presence(session: Session, before: datetime) -> None:
    """Forget who reported in classes that ended before that day."""
    over = select(Workshop.id).where(Workshop.held_until < before.astimezone(VIETNAM).date())
    session.execute(delete(WorkshopPresence).where(WorkshopPresence.workshop_id.in_(over)))
