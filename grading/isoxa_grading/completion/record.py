"""Changes become facts: one function per kind of change, called in the transaction of that change.

Each may be called again and then adds nothing. All take the enrolment's row lock first (PostgreSQL; on
SQLite the writing transaction is already alone): two transactions that each meet one of the last two
conditions would otherwise both see the other one missing, and nobody would record the completion.

Times (``now``) are aware; a fact's ``on`` is that moment's day in Vietnam.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from isoxa_courses.text import VIETNAM
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.tables.training import CourseEdition, Enrolment, FactKind, TrainingFact

from .requirements import Requirements, add_months


def record_enrolled(session: Session, enrolment: Enrolment, *, now: datetime) -> None:
    """The person is enrolled; after a withdrawal, enrolled again."""
    _lock(session, enrolment)
    enrolled, withdrawn = _count(session, enrolment, FactKind.ENROLLED, FactKind.WITHDRAWN)
    if enrolled <= withdrawn:
        _add(session, enrolment, FactKind.ENROLLED, now, source_id="" if not enrolled else str(enrolled + 1))


def record_new_enrolments(session: Session, enrolments: Iterable[Enrolment], *, now: datetime) -> None:
    """``record_enrolled`` and ``record_due`` for enrolments added in this very transaction, in two statements:
    nobody else can see them yet, so there is nothing to lock and no earlier fact to look for.
    """
    new = list(enrolments)
    session.add_all(new)
    session.flush()
    for kind in (FactKind.ENROLLED, FactKind.DUE):
        session.add_all(
            TrainingFact(
                enrolment_id=enrolment.id,
                kind=kind,
                subject="",
                source_id="",
                on=_day(now),
                value=enrolment.due_on if kind is FactKind.DUE else None,
                recorded_at=now,
            )
            for enrolment in new
            if kind is FactKind.ENROLLED or enrolment.due_on is not None
        )
        session.flush()


def record_due(session: Session, enrolment: Enrolment, *, due_on: date | None, now: datetime) -> None:
    """The last day to complete on time is set, changed, or (``None``) taken away."""
    _lock(session, enrolment)
    newest = session.scalars(
        select(TrainingFact)
        .where(TrainingFact.enrolment_id == enrolment.id, TrainingFact.kind == FactKind.DUE)
        .order_by(TrainingFact.id.desc())
        .limit(1)
    ).first()
    if (newest.value if newest else None) == due_on:
        return
    (times,) = _count(session, enrolment, FactKind.DUE)
    _add(session, enrolment, FactKind.DUE, now, source_id="" if not times else str(times + 1), value=due_on)


def record_started(session: Session, enrolment: Enrolment, *, now: datetime) -> None:
    """The person opened the course's first lesson or quiz."""
    _lock(session, enrolment)
    _add_once(session, enrolment, FactKind.STARTED, now)


def record_checkpoint_done(
    session: Session, enrolment: Enrolment, *, lesson: str, item: str, now: datetime
) -> None:
    """A checkpoint or tool of a lesson was done for the first time."""
    record_started(session, enrolment, now=now)
    _add_once(session, enrolment, FactKind.CHECKPOINT_DONE, now, subject=f"{lesson}/{item}")


def record_lesson_completed(session: Session, enrolment: Enrolment, *, lesson: str, now: datetime) -> None:
    """All of a lesson's items are done. May complete the course."""
    record_started(session, enrolment, now=now)
    _add_once(session, enrolment, FactKind.LESSON_COMPLETED, now, subject=lesson)
    _complete_if_due(session, enrolment, now, source_id="")


def record_submitted(
    session: Session, enrolment: Enrolment, *, quiz: str, attempt_id: str, now: datetime
) -> None:
    """An attempt was submitted; it waits for grading until ``record_graded`` of the same attempt."""
    record_started(session, enrolment, now=now)
    _add_once(session, enrolment, FactKind.SUBMITTED, now, subject=quiz, source_id=attempt_id)


def record_graded(
    session: Session, enrolment: Enrolment, *, quiz: str, attempt_id: str, now: datetime
) -> None:
    """Every slot of an attempt has a score. May complete the course."""
    _lock(session, enrolment)
    _add_once(session, enrolment, FactKind.GRADED, now, subject=quiz, source_id=attempt_id)
    _complete_if_due(session, enrolment, now, source_id=attempt_id)


def record_quiz_passed(
    session: Session, enrolment: Enrolment, *, quiz: str, attempt_id: str, now: datetime
) -> None:
    """A graded attempt reached the pass mark. May complete the course, or renew its completion."""
    record_started(session, enrolment, now=now)
    _add_once(session, enrolment, FactKind.QUIZ_PASSED, now, subject=quiz, source_id=attempt_id)
    _complete_if_due(session, enrolment, now, source_id=attempt_id)


def record_waived(
    session: Session, enrolment: Enrolment, *, reason_audit_id: int | str, now: datetime
) -> None:
    """The person is excused from the course, for the reason that the audit event gives."""
    _lock(session, enrolment)
    _add_once(session, enrolment, FactKind.WAIVED, now, source_id=str(reason_audit_id))


def record_withdrawn(
    session: Session, enrolment: Enrolment, *, reason_audit_id: int | str, now: datetime
) -> None:
    """The person is taken off the course, for the reason that the audit event gives. Facts stay."""
    _lock(session, enrolment)
    enrolled, withdrawn = _count(session, enrolment, FactKind.ENROLLED, FactKind.WITHDRAWN)
    if enrolled > withdrawn:
        _add_once(session, enrolment, FactKind.WITHDRAWN, now, source_id=str(reason_audit_id))


def _complete_if_due(session: Session, enrolment: Enrolment, now: datetime, *, source_id: str) -> None:
    """Add COMPLETED (and VALID_UNTIL) once all that the edition requires is there.

    A course with a validity is completed anew when each required quiz was passed again after the last
    completion; lessons need not be repeated.
    """
    edition = session.get_one(CourseEdition, enrolment.edition_id)
    required = Requirements.from_manifest(edition.manifest)
    if not required.lessons and not required.quizzes:
        return
    facts = session.scalars(
        select(TrainingFact).where(
            TrainingFact.enrolment_id == enrolment.id,
            TrainingFact.kind.in_((FactKind.LESSON_COMPLETED, FactKind.QUIZ_PASSED, FactKind.COMPLETED)),
        )
    ).all()
    last = max((fact.id for fact in facts if fact.kind == FactKind.COMPLETED), default=0)
    if last and not (required.validity_months and required.quizzes):
        return
    lessons = _subjects(facts, FactKind.LESSON_COMPLETED)
    quizzes = _subjects((fact for fact in facts if fact.id > last), FactKind.QUIZ_PASSED)
    if not (lessons.issuperset(required.lessons) and quizzes.issuperset(required.quizzes)):
        return
    _add(session, enrolment, FactKind.COMPLETED, now, source_id=source_id)
    if required.validity_months:
        until = add_months(_day(now), required.validity_months)
        _add(session, enrolment, FactKind.VALID_UNTIL, now, source_id=source_id, value=until)


def _subjects(facts: Iterable[TrainingFact], kind: FactKind) -> set[str]:
    return {fact.subject for fact in facts if fact.kind == kind}


def _day(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()


def _lock(session: Session, enrolment: Enrolment) -> None:
    if enrolment.id is None:
        session.add(enrolment)
    session.flush()
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())


def _count(session: Session, enrolment: Enrolment, *kinds: FactKind) -> list[int]:
    rows = session.execute(
        select(TrainingFact.kind, func.count())
        .where(TrainingFact.enrolment_id == enrolment.id, TrainingFact.kind.in_(kinds))
        .group_by(TrainingFact.kind)
    )
    counted = dict(rows.all())
    return [counted.get(kind, 0) for kind in kinds]


def _add_once(
    session: Session,
    enrolment: Enrolment,
    kind: FactKind,
    now: datetime,
    *,
    subject: str = "",
    source_id: str = "",
) -> None:
    there = select(TrainingFact.id).where(
        TrainingFact.enrolment_id == enrolment.id,
        TrainingFact.kind == kind,
        TrainingFact.subject == subject,
        TrainingFact.source_id == source_id,
    )
    if session.scalar(there) is None:
        _add(session, enrolment, kind, now, subject=subject, source_id=source_id)


def _add(
    session: Session,
    enrolment: Enrolment,
    kind: FactKind,
    now: datetime,
    *,
    subject: str = "",
    source_id: str = "",
    value: date | None = None,
) -> None:
    fact = TrainingFact(
        enrolment_id=enrolment.id,
        kind=kind,
        subject=subject,
        source_id=source_id,
        on=_day(now),
        value=value,
        recorded_at=now,
    )
    session.add(fact)
    session.flush()
