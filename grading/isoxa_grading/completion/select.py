"""The state of all enrolments on a day, in one SQL statement: the package docstring's rule in SQL.

One pass over the facts gathers what the rule needs for each enrolment; only the due day and the attempts
that wait need a second look, by index. Runs on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from isoxa_grading.records.tables.training import Enrolment, FactKind, TrainingFact

from .state import OPEN_STATES, PROGRESS_KINDS, WAIT_ENDS, State


def state_select(day: date, *, enrolments: Select[int] | None = None) -> Select[int, str]:
    """A select of ``enrolment_id`` and ``state`` (a ``State`` value): every enrolment, or the given ones."""
    summary = summary_select(day, enrolments=enrolments).subquery()
    return select(summary.c.enrolment_id, summary.c.state)


def summary_select(
    day: date, *, enrolments: Select[int] | None = None
) -> Select[int, str, date | None, bool, date | None]:
    """As ``state_select``, with ``due_on``, ``overdue`` and ``completed_on`` (the first completion).

    ``enrolments`` (a select of enrolment ids) keeps the pass over the facts to those that a report asks for.
    """
    fact = TrainingFact
    gathered = select(
        fact.enrolment_id,
        _count(FactKind.ENROLLED).label("enrolled"),
        _count(FactKind.WITHDRAWN).label("withdrawn"),
        _count(FactKind.WAIVED).label("waived"),
        _count(*PROGRESS_KINDS).label("progress"),
        func.min(case((fact.kind == FactKind.COMPLETED, fact.on)), type_=Date).label("first_completed"),
        func.max(case((fact.kind == FactKind.COMPLETED, fact.on)), type_=Date).label("last_completed"),
        func.max(case((fact.kind == FactKind.VALID_UNTIL, fact.value)), type_=Date).label("valid_until"),
        func.max(case((fact.kind == FactKind.DUE, fact.id)), type_=Integer).label("due_id"),
    ).where(fact.on <= day)
    if enrolments is not None:
        gathered = gathered.where(fact.enrolment_id.in_(enrolments))
    known = gathered.group_by(fact.enrolment_id).subquery("known")

    due = aliased(TrainingFact, name="due")
    completed = and_(
        known.c.first_completed.is_not(None),
        or_(
            known.c.valid_until.is_(None),
            known.c.valid_until >= day,
            known.c.last_completed > known.c.valid_until,
        ),
    )
    on_time = or_(due.value.is_(None), known.c.first_completed <= due.value)
    state: ColumnElement[str] = case(
        (
            or_(known.c.enrolled.is_(None), known.c.enrolled <= known.c.withdrawn),
            _state(State.NOT_ENROLLED),
        ),
        (and_(completed, on_time), _state(State.COMPLETED)),
        (completed, _state(State.COMPLETED_LATE)),
        (known.c.waived > 0, _state(State.WAIVED)),
        (known.c.first_completed.is_not(None), _state(State.EXPIRED)),
        (_waits(day), _state(State.WAITING_FOR_GRADING)),
        (known.c.progress > 0, _state(State.IN_PROGRESS)),
        else_=_state(State.NOT_STARTED),
    )
    stated = (
        select(
            Enrolment.id.label("enrolment_id"),
            state.label("state"),
            due.value.label("due_on"),
            known.c.first_completed.label("completed_on"),
        )
        .outerjoin(known, known.c.enrolment_id == Enrolment.id)
        .outerjoin(due, due.id == known.c.due_id)
    )
    if enrolments is not None:
        stated = stated.where(Enrolment.id.in_(enrolments))
    states = stated.subquery("states")
    overdue = case(
        (and_(states.c.due_on < day, states.c.state.in_([s.value for s in OPEN_STATES])), literal(True)),
        else_=literal(False),
    )
    return select(
        states.c.enrolment_id,
        states.c.state,
        states.c.due_on,
        type_coerce(overdue, Boolean).label("overdue"),
        states.c.completed_on,
    )


def _count(*kinds: FactKind) -> ColumnElement[int]:
    return func.count(case((TrainingFact.kind.in_(kinds), 1)))


def _state(state: State) -> ColumnElement[str]:
    return literal(state.value, String(20))


def _waits(day: date) -> ColumnElement[bool]:
    """Whether a round of an attempt of the enrolment is submitted and neither graded nor reopened."""
    submitted = aliased(TrainingFact, name="submitted")
    ended = aliased(TrainingFact, name="ended")
    return exists().where(
        submitted.enrolment_id == Enrolment.id,
        submitted.kind == FactKind.SUBMITTED,
        submitted.on <= day,
        ~exists().where(
            ended.enrolment_id == submitted.enrolment_id,
            ended.kind.in_(WAIT_ENDS),
            ended.source_id == submitted.source_id,
            ended.on <= day,
        ),
    )
