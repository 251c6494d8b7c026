"""How far each person has come in a course, on a day: one row a person, from standings or, where need be, from facts.

Of several editions of a course a person's newest one counts, leaving aside those they were withdrawn from. A standing
says all that is known of an enrolment from its last fact on; so for a day on which nobody's last fact lies ahead, all
rows come from standings. For an earlier day they do for those who have done nothing since, and only the others' facts
are passed over. A property test holds the two ways together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Subquery,
    and_,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from isoxa_grading.completion import State, summary_select
from isoxa_grading.completion.standing import overdue_on, state_on
from isoxa_grading.completion.state import ACTIVITY
from isoxa_grading.records.tables.reporting import EnrolmentStanding
from isoxa_grading.records.tables.training import Enrolment, FactKind, TrainingFact

from .editions import Edition
from .tally import DONE_STATES

Editions = Sequence[Edition]
EditionId = ColumnElement[int] | InstrumentedAttribute[int]


def is_past(session: Session, editions: Editions, day: date) -> bool:
    """Whether somebody's last fact lies after ``day``, so that standings alone cannot tell of it."""
    return bool(session.scalar(select(exists(_busy(editions, day)))))


def statuses(editions: Editions, day: date, *, past: bool) -> Subquery:
    """person_id, enrolment_id, edition_id, state, due_on, overdue, completed_on, valid_until, done, last_activity.

    ``past``: as ``is_past`` says; True is always right.
    """
    if not past:
        return _from_standings(editions, day).subquery("status")
    busy = _busy(editions, day)
    quiet = _from_standings(editions, day).where(EnrolmentStanding.person_id.not_in(busy))
    return union_all(quiet, _from_facts(editions, day, busy)).subquery("status")


def _busy(editions: Editions, day: date) -> Select[int]:
    return select(EnrolmentStanding.person_id).where(
        EnrolmentStanding.last_fact_on > day, _of(EnrolmentStanding.edition_id, editions)
    )


def _from_standings(editions: Editions, day: date) -> Select[Any]:
    row = EnrolmentStanding
    # Of one edition that was asked for by name, the standing in it counts, whatever came after.
    chosen = row.current if len(editions) > 1 else row.state != State.NOT_ENROLLED.value
    # Only an edition with a validity has completions that lapse.
    lapses = any(edition.required.validity_months for edition in editions)
    state = state_on(day) if lapses else row.state
    return select(
        row.person_id,
        row.enrolment_id,
        row.edition_id,
        state.label("state"),
        row.due_on,
        overdue_on(day).label("overdue"),
        row.completed_on,
        row.valid_until,
        case((state.in_(_DONE), total_steps(row.edition_id, editions)), else_=row.done).label("done"),
        row.last_activity,
    ).where(_of(row.edition_id, editions), chosen)


_DONE = [state.value for state in DONE_STATES]


def _from_facts(editions: Editions, day: date, busy: Select[int]) -> Select[Any]:
    mine = _of(Enrolment.edition_id, editions)
    enrolments = select(Enrolment.id).where(mine, Enrolment.person_id.in_(busy))
    summary = summary_select(day, enrolments=enrolments).subquery("summary")
    progress = _progress(editions, day, enrolments)
    withdrawn = case((summary.c.state == State.NOT_ENROLLED.value, 1), else_=0)
    newest_first = _by_edition(Enrolment.edition_id, ((e.id, place) for place, e in enumerate(editions)))
    ranked = (
        select(
            Enrolment.person_id,
            Enrolment.id.label("enrolment_id"),
            Enrolment.edition_id,
            summary.c.state,
            summary.c.due_on,
            summary.c.overdue,
            summary.c.completed_on,
            summary.c.valid_until,
            case(
                (summary.c.state.in_(_DONE), total_steps(Enrolment.edition_id, editions)),
                else_=func.coalesce(progress.c.done, 0),
            ).label("done"),
            progress.c.last_activity,
            func.row_number()
            .over(partition_by=Enrolment.person_id, order_by=(withdrawn, newest_first))
            .label("rank"),
        )
        .join(summary, summary.c.enrolment_id == Enrolment.id)
        .outerjoin(progress, progress.c.enrolment_id == Enrolment.id)
        .subquery("ranked")
    )
    kept = [column for column in ranked.c if column.name != "rank"]
    return select(*kept).where(ranked.c.rank == 1, ranked.c.state != State.NOT_ENROLLED.value)


def _progress(editions: Editions, day: date, enrolments: Select[int]) -> Subquery:
    fact = TrainingFact
    done = [
        func.count(distinct(case((and_(fact.kind == kind, _is_step(editions, kind)), fact.subject))))
        for kind in (FactKind.CHECKPOINT_DONE, FactKind.LESSON_COMPLETED, FactKind.QUIZ_PASSED)
    ]
    return (
        select(
            fact.enrolment_id,
            (done[0] + done[1] + done[2]).label("done"),
            func.max(fact.on, type_=Date).label("last_activity"),
        )
        .join(Enrolment, Enrolment.id == fact.enrolment_id)
        .where(fact.enrolment_id.in_(enrolments), fact.on <= day, fact.kind.in_(ACTIVITY))
        .group_by(fact.enrolment_id)
        .subquery("progress")
    )


def _is_step(editions: Editions, kind: FactKind) -> ColumnElement[bool]:
    return or_(
        *(
            and_(
                Enrolment.edition_id == edition.id,
                TrainingFact.subject.in_([s for k, s in edition.required.steps() if k == kind]),
            )
            for edition in editions
        )
    )


def total_steps(edition_id: EditionId, editions: Editions) -> ColumnElement[int]:
    """How many steps the edition in that column requires."""
    return _by_edition(edition_id, ((e.id, len(list(e.required.steps()))) for e in editions))


def _by_edition(edition_id: EditionId, values: Iterable[tuple[int, int]]) -> ColumnElement[int]:
    return case(*((edition_id == edition, value) for edition, value in values))


def _of(edition_id: EditionId, editions: Editions) -> ColumnElement[bool]:
    ids = [edition.id for edition in editions]
    return edition_id == ids[0] if len(ids) == 1 else edition_id.in_(ids)
