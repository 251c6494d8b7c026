"""Changes become facts: one function per kind of change, called in the transaction of that change.

Each may be called again and then adds nothing. With the facts goes the enrolment's standing (``standing``), which
reports of today read instead of them. All take the enrolment's row lock first (PostgreSQL; on
SQLite the writing transaction is already alone): two transactions that each meet one of the last two
conditions would otherwise both see the other one missing, and nobody would record the completion.

Times (``now``) are aware; a fact's ``on`` is that moment's day in Vietnam.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import Row, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from isoxa_grading.certificates.issuing import issue_newest
from isoxa_grading.records.tables.training import CourseEdition, Enrolment, FactKind, TrainingFact

from .requirements import Requirements, add_months
from .standing import refresh


def record_enrolled(session: Session, enrolment: Enrolment, *, now: datetime) -> None:
    """The person is enrolled; after a withdrawal, enrolled again."""
    _lock(session, enrolment)
    enrolled, withdrawn = _count(session, enrolment, FactKind.ENROLLED, FactKind.WITHDRAWN)
    if enrolled <= withdrawn:
        _add(session, enrolment, now, _New(FactKind.ENROLLED, source_id=_nth(enrolled)))


def record_new_enrolments(session: Session, enrolments: Iterable[Enrolment], *, now: datetime) -> None:
    """``record_enrolled`` and ``record_due`` for enrolments added in this very transaction, all at once.

    Nobody else can see them yet, so there is nothing to lock and no earlier fact to look for.
    """
    new = list(enrolments)
    session.add_all(new)
    session.flush()
    enrolled = _New(FactKind.ENROLLED)
    rows = [_row(enrolment, now, enrolled) for enrolment in new]
    rows += [
        _row(enrolment, now, _New(FactKind.DUE, value=enrolment.due_on))
        for enrolment in new
        if enrolment.due_on is not None
    ]
    _insert(session, rows)
    by_edition: dict[int, list[int]] = {}
    for enrolment in new:
        by_edition.setdefault(enrolment.edition_id, []).append(enrolment.id)
    for edition_id, ids in by_edition.items():
        refresh(session, session.get_one(CourseEdition, edition_id), ids, enrolling=True)


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
    _add(session, enrolment, now, _New(FactKind.DUE, source_id=_nth(times), value=due_on))


def record_started(session: Session, enrolment: Enrolment, *, now: datetime) -> None:
    """The person opened the course's first lesson or quiz."""
    _lock(session, enrolment)
    _add(session, enrolment, now, _STARTED)


def record_checkpoint_done(
    session: Session, enrolment: Enrolment, *, lesson: str, item: str, now: datetime
) -> None:
    """A checkpoint or tool of a lesson was done for the first time."""
    _lock(session, enrolment)
    _add(session, enrolment, now, _STARTED, _New(FactKind.CHECKPOINT_DONE, f"{lesson}/{item}"))


def record_lesson_completed(session: Session, enrolment: Enrolment, *, lesson: str, now: datetime) -> None:
    """All of a lesson's items are done. May complete the course."""
    _lock(session, enrolment)
    _add(session, enrolment, now, _STARTED, _New(FactKind.LESSON_COMPLETED, lesson))
    _complete_if_due(session, enrolment, now, source_id="")


def record_submitted(
    session: Session,
    enrolment: Enrolment,
    *,
    quiz: str,
    attempt_id: str,
    now: datetime,
    attempt_round: int = 1,
) -> None:
    """A round of an attempt was submitted; it waits until ``record_graded`` or ``record_reopened`` of that round."""
    _lock(session, enrolment)
    _add(session, enrolment, now, _STARTED, _New(FactKind.SUBMITTED, quiz, _of(attempt_id, attempt_round)))


def record_graded(
    session: Session,
    enrolment: Enrolment,
    *,
    quiz: str,
    attempt_id: str,
    now: datetime,
    attempt_round: int = 1,
) -> None:
    """Every slot of an attempt has a score in this round. May complete the course."""
    _lock(session, enrolment)
    _add(session, enrolment, now, _New(FactKind.GRADED, quiz, _of(attempt_id, attempt_round)))
    _complete_if_due(session, enrolment, now, source_id=attempt_id)


def record_reopened(
    session: Session, enrolment: Enrolment, *, quiz: str, attempt_id: str, now: datetime, attempt_round: int
) -> None:
    """A trainer gave a submitted attempt back; ``attempt_round`` is the one that this ended.

    It takes nothing back: a pass or a completion that the round gave stands. Facts are only ever added (the package's
    first rule), so what was reported yesterday is still true of yesterday; and the officer has built on it, as in
    ``attempts.scores``, where a pass once given stands when a mark is lowered.
    """
    _lock(session, enrolment)
    _add(session, enrolment, now, _New(FactKind.REOPENED, quiz, _of(attempt_id, attempt_round)))


def record_quiz_passed(
    session: Session, enrolment: Enrolment, *, quiz: str, attempt_id: str, now: datetime
) -> None:
    """A graded attempt reached the pass mark. May complete the course, or renew its completion.

    Once for an attempt, whichever round: to pass the same questions again renews no completion.
    """
    _lock(session, enrolment)
    _add(session, enrolment, now, _STARTED, _New(FactKind.QUIZ_PASSED, quiz, attempt_id))
    _complete_if_due(session, enrolment, now, source_id=attempt_id)


def record_waived(
    session: Session, enrolment: Enrolment, *, reason_audit_id: int | str, now: datetime
) -> None:
    """The person is excused from the course, for the reason that the audit event gives."""
    _lock(session, enrolment)
    _add(session, enrolment, now, _New(FactKind.WAIVED, source_id=str(reason_audit_id)))


def record_waiver_ended(
    session: Session, enrolment: Enrolment, *, reason_audit_id: int | str, now: datetime
) -> None:
    """The person is excused no longer, for the reason that the audit event gives; who is not excused stays so."""
    _lock(session, enrolment)
    about = (FactKind.WAIVED, FactKind.WAIVER_ENDED)
    newest = session.scalar(
        select(TrainingFact.kind)
        .where(TrainingFact.enrolment_id == enrolment.id, TrainingFact.kind.in_(about))
        .order_by(TrainingFact.id.desc())
        .limit(1)
    )
    if newest == FactKind.WAIVED:
        _add(session, enrolment, now, _New(FactKind.WAIVER_ENDED, source_id=str(reason_audit_id)))


def record_withdrawn(
    session: Session, enrolment: Enrolment, *, reason_audit_id: int | str, now: datetime
) -> None:
    """The person is taken off the course, for the reason that the audit event gives. Facts stay."""
    _lock(session, enrolment)
    enrolled, withdrawn = _count(session, enrolment, FactKind.ENROLLED, FactKind.WITHDRAWN)
    if enrolled > withdrawn:
        _add(session, enrolment, now, _New(FactKind.WITHDRAWN, source_id=str(reason_audit_id)))


def _complete_if_due(session: Session, enrolment: Enrolment, now: datetime, *, source_id: str) -> None:
    """Add COMPLETED (and VALID_UNTIL), and certify it, once all that the edition requires is there.

    A course with a validity is completed anew when each required quiz was passed again after the last
    completion; lessons need not be repeated.
    """
    edition = session.get_one(CourseEdition, enrolment.edition_id)
    required = Requirements.from_manifest(edition.manifest)
    if not required.lessons and not required.quizzes:
        return
    facts = session.execute(
        select(TrainingFact.id, TrainingFact.kind, TrainingFact.subject).where(
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
    new = [_New(FactKind.COMPLETED, source_id=source_id)]
    if required.validity_months:
        until = add_months(_day(now), required.validity_months)
        new.append(_New(FactKind.VALID_UNTIL, source_id=source_id, value=until))
    _add(session, enrolment, now, *new)
    issue_newest(session, enrolment, now=now)


def _subjects(facts: Iterable[Row[int, FactKind, str]], kind: FactKind) -> set[str]:
    return {fact.subject for fact in facts if fact.kind == kind}


def _day(now: datetime) -> date:
    return now.astimezone(VIETNAM).date()


def _lock(session: Session, enrolment: Enrolment) -> None:
    if enrolment.id is None:
        session.add(enrolment)
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())


def _count(session: Session, enrolment: Enrolment, *kinds: FactKind) -> list[int]:
    rows = session.execute(
        select(TrainingFact.kind, func.count())
        .where(TrainingFact.enrolment_id == enrolment.id, TrainingFact.kind.in_(kinds))
        .group_by(TrainingFact.kind)
    )
    counted = dict(rows.all())
    return [counted.get(kind, 0) for kind in kinds]


@dataclass(frozen=True)
class _New:
    """A fact to add, unless the enrolment has one of the same kind, subject and source."""

    kind: FactKind
    subject: str = ""
    source_id: str = ""
    value: date | None = None


_STARTED = _New(FactKind.STARTED)
_ENROLLING = (FactKind.ENROLLED, FactKind.WITHDRAWN)

# A lesson saved item by item comes here often: one statement, which leaves alone what is there.
_ADD_NEW = {
    "sqlite": sqlite.insert(TrainingFact).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(TrainingFact).on_conflict_do_nothing(),
}


def _of(attempt_id: str, attempt_round: int) -> str:
    """The source of a fact about one round of an attempt: the attempt's id for the first, then ID.2, ID.3, …"""
    return attempt_id if attempt_round == 1 else f"{attempt_id}.{attempt_round}"


def _nth(before: int) -> str:
    """The source of a fact that may come again: '' for the first, then '2', '3', …"""
    return str(before + 1) if before else ""


def _add(session: Session, enrolment: Enrolment, now: datetime, *facts: _New) -> None:
    _insert(session, [_row(enrolment, now, fact) for fact in facts])
    edition = session.get_one(CourseEdition, enrolment.edition_id)
    refresh(session, edition, [enrolment.id], enrolling=any(fact.kind in _ENROLLING for fact in facts))


def _row(enrolment: Enrolment, now: datetime, fact: _New) -> dict[str, Any]:
    return {
        "enrolment_id": enrolment.id,
        "kind": fact.kind,
        "subject": fact.subject,
        "source_id": fact.source_id,
        "on": _day(now),
        "value": fact.value,
        "recorded_at": now,
    }


def _insert(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(_ADD_NEW[session.get_bind().dialect.name], rows)
