"""One officer as a department may see them: where they serve, how far they have come, what they took and when.

Read within the reader's scope and as of a day: who does not serve in it on that day is not found. Lessons follow from
the dated facts, so that a past day shows what was done by then. Neither answers nor a trainer's comments are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from isoxa_courses.fields import lesson_order
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from isoxa_grading.completion import State, state_at
from isoxa_grading.records.tables import (
    Attempt,
    AttemptStatus,
    Certificate,
    CourseEdition,
    Enrolment,
    FactKind,
    Membership,
    Person,
    TrainingFact,
    Unit,
    Workshop,
    WorkshopResult,
)

from .completion import completion_report
from .editions import published_editions
from .report import Filters, OfficerRow
from .scope import NotInScope, UnitRef, communes_select


@dataclass(frozen=True)
class LessonLine:
    """A lesson; ``done`` of ``total`` things to do in it. ``completed_on``: the day all was done, or None."""

    number: int | str
    title: str
    required: bool
    done: int
    total: int
    completed_on: date | None


@dataclass(frozen=True)
class AttemptLine:
    """A submitted attempt. ``points`` and ``passed`` are None while a written answer waits for its mark."""

    number: int
    submitted_on: date
    points: Decimal | None
    max_points: Decimal
    passed: bool | None


@dataclass(frozen=True)
class QuizLine:
    """A quiz with its attempts, first to last; ``pass_mark`` in per cent."""

    title: str
    required: bool
    pass_mark: int
    attempts: tuple[AttemptLine, ...]


@dataclass(frozen=True)
class Event:
    """A dated fact; ``value``: the due day or last day of validity that it sets."""

    on: date
    kind: FactKind
    value: date | None


@dataclass(frozen=True)
class CertificateLine:
    """A certificate that was issued by the day; ``revoked``: taken back since."""

    number: str
    completed_on: date
    valid_until: date | None
    revoked: bool


@dataclass(frozen=True)
class WorkshopLine:
    """A workshop whose result was recorded for the officer by the day. ``coded``: with its code; ``attempts``:
    quizzes handed in there, ``counted``: those that became attempts here."""

    title: str
    place: str
    trainer: str
    held_on: date
    held_until: date
    recorded_on: date
    coded: bool
    attempts: int
    counted: int


@dataclass(frozen=True)
class OfficerRecord:
    """``row``: the officer's line in the report, None for somebody who is not registered."""

    person_id: int
    full_name: str
    position: str | None
    unit: UnitRef
    course_title: str
    as_of: date
    row: OfficerRow | None
    lessons: tuple[LessonLine, ...]
    quizzes: tuple[QuizLine, ...]
    events: tuple[Event, ...]
    certificates: tuple[CertificateLine, ...]
    workshops: tuple[WorkshopLine, ...]


EVENTS = frozenset(
    {FactKind.ENROLLED, FactKind.STARTED, FactKind.DUE, FactKind.COMPLETED, FactKind.VALID_UNTIL, FactKind.WAIVED,
     FactKind.WAIVER_ENDED, FactKind.WITHDRAWN}
)  # fmt: skip
"""What happened to the enrolment as a whole; the rest is told by lesson and quiz."""


def officer_record(
    session: Session,
    person_id: int,
    *,
    course: str,
    scope_paths: Sequence[str],
    as_of: date,
    unit_id: int | None = None,
) -> OfficerRecord:
    """What the department sees of a person. ``unit_id``: the commune, for somebody who serves in several.

    Raises ``NotInScope`` for somebody who does not serve in the scope on the day, and ``UnknownCourse``.
    """
    title = published_editions(session, course, None)[0].title
    person, membership, unit = _serving(session, person_id, scope_paths, as_of, unit_id)
    report = completion_report(
        session, course=course, scope_paths=[unit.path], as_of=as_of, filters=Filters(unit_id=unit.id)
    )
    row = next((one for one in report.officers(unit.id) if one.person_id == person_id), None)
    enrolment = _enrolment(session, person_id, course, as_of)
    lessons: tuple[LessonLine, ...] = ()
    quizzes: tuple[QuizLine, ...] = ()
    facts: list[TrainingFact] = []
    certificates: tuple[CertificateLine, ...] = ()
    if enrolment is not None:
        facts = _facts(session, enrolment.id, as_of)
        manifest = EditionManifest.from_json(enrolment.edition.manifest)
        lessons = tuple(_lessons(manifest, facts))
        quizzes = tuple(_quizzes(session, manifest, enrolment.id, as_of))
        certificates = tuple(_certificates(session, enrolment.id, as_of))
    return OfficerRecord(
        person_id=person.id,
        full_name=person.full_name,
        position=membership.position,
        unit=UnitRef(unit.id, unit.code, unit.name, unit.kind, unit.path),
        course_title=title,
        as_of=as_of,
        row=row,
        lessons=lessons,
        quizzes=quizzes,
        events=tuple(Event(fact.on, fact.kind, fact.value) for fact in facts if fact.kind in EVENTS),
        certificates=certificates,
        workshops=tuple(workshops_of(session, person_id, course, as_of)),
    )


def workshops_of(session: Session, person_id: int, course: str, as_of: date) -> list[WorkshopLine]:
    """The workshops of a course that somebody brought a result from, as recorded by the end of the day; by date. Of one
    workshop the newest file alone: it holds what was in those before."""
    morning_after = datetime.combine(as_of + timedelta(days=1), time(), VIETNAM)
    found = session.scalars(
        select(WorkshopResult)
        .join(Enrolment, Enrolment.id == WorkshopResult.enrolment_id)
        .join(Workshop, Workshop.id == WorkshopResult.workshop_id)
        .where(
            Enrolment.person_id == person_id,
            Workshop.course == course,
            WorkshopResult.imported_at < morning_after,
        )
        .order_by(Workshop.held_on, Workshop.id, WorkshopResult.made_at, WorkshopResult.id)
        .options(joinedload(WorkshopResult.workshop))
    )
    newest = {one.workshop_id: one for one in found}
    return [
        WorkshopLine(
            one.workshop.title,
            one.workshop.place,
            one.workshop.trainer,
            one.workshop.held_on,
            one.workshop.held_until,
            one.imported_at.astimezone(VIETNAM).date(),
            one.coded,
            len(one.figures["attempts"]),
            sum(attempt["counted"] for attempt in one.figures["attempts"]),
        )
        for one in newest.values()
    ]


def _serving(
    session: Session, person_id: int, scope_paths: Sequence[str], as_of: date, unit_id: int | None
) -> tuple[Person, Membership, Unit]:
    rows = session.execute(
        select(Person, Membership, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Person.id == person_id,
            Unit.id.in_(communes_select(as_of, scope_paths)),
            Membership.valid_from <= as_of,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= as_of),
        )
        .order_by(Membership.id.desc())
    ).all()
    wanted = [row for row in rows if unit_id is None or row[2].id == unit_id] or rows
    if not wanted:
        raise NotInScope
    return wanted[0][0], wanted[0][1], wanted[0][2]


def _enrolment(session: Session, person_id: int, course: str, as_of: date) -> Enrolment | None:
    """In the newest edition of those that the person was not withdrawn from by the day."""
    found = session.scalars(
        select(Enrolment)
        .join(CourseEdition, CourseEdition.id == Enrolment.edition_id)
        .where(Enrolment.person_id == person_id, CourseEdition.course == course)
        .order_by(CourseEdition.published_at.desc(), CourseEdition.id.desc())
    )
    for enrolment in found:
        if state_at(_facts(session, enrolment.id, as_of), as_of) is not State.NOT_ENROLLED:
            return enrolment
    return None


def _facts(session: Session, enrolment_id: int, as_of: date) -> list[TrainingFact]:
    return list(
        session.scalars(
            select(TrainingFact)
            .where(TrainingFact.enrolment_id == enrolment_id, TrainingFact.on <= as_of)
            .order_by(TrainingFact.on, TrainingFact.id)
        )
    )


def _lessons(manifest: EditionManifest, facts: Sequence[TrainingFact]) -> list[LessonLine]:
    done = {fact.subject for fact in facts if fact.kind is FactKind.CHECKPOINT_DONE}
    completed = {fact.subject: fact.on for fact in reversed(facts) if fact.kind is FactKind.LESSON_COMPLETED}
    return [
        LessonLine(
            number=lesson.number,
            title=lesson.title,
            required=lesson.required,
            done=sum(f"{lesson.id}/{item}" in done for item in lesson.items),
            total=len(lesson.items),
            completed_on=completed.get(lesson.id),
        )
        for lesson in sorted(manifest.lessons, key=lambda one: lesson_order(one.number))
    ]


def _quizzes(session: Session, manifest: EditionManifest, enrolment_id: int, as_of: date) -> list[QuizLine]:
    morning_after = datetime.combine(as_of + timedelta(days=1), time(), VIETNAM)
    attempts = session.scalars(
        select(Attempt)
        .where(
            Attempt.enrolment_id == enrolment_id,
            Attempt.submitted_at.is_not(None),
            Attempt.submitted_at < morning_after,
        )
        .order_by(Attempt.number)
    ).all()

    def line(one: Attempt) -> AttemptLine:
        assert one.submitted_at is not None
        graded = (
            one.status is AttemptStatus.GRADED and one.graded_at is not None and one.graded_at < morning_after
        )
        return AttemptLine(
            number=one.number,
            submitted_on=one.submitted_at.astimezone(VIETNAM).date(),
            points=one.points if graded else None,
            max_points=one.max_points,
            passed=one.passed if graded else None,
        )

    return [
        QuizLine(
            title=quiz.title,
            required=quiz.required,
            pass_mark=quiz.pass_mark,
            attempts=tuple(line(one) for one in attempts if one.quiz == quiz.id),
        )
        for quiz in manifest.quizzes
    ]


def _certificates(session: Session, enrolment_id: int, as_of: date) -> list[CertificateLine]:
    morning_after = datetime.combine(as_of + timedelta(days=1), time(), VIETNAM)
    issued = session.scalars(
        select(Certificate)
        .where(Certificate.enrolment_id == enrolment_id, Certificate.issued_at < morning_after)
        .order_by(Certificate.id)
    )
    return [
        CertificateLine(one.number, one.completed_on, one.valid_until, one.revoked_at is not None)
        for one in issued
    ]
