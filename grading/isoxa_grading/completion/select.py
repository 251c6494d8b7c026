"""The state of all enrolments on a day, in one SQL statement: the package docstring's rule in SQL.

One pass over the facts gathers what the rule needs for each enrolment; only the due day and the attempts
that wait need a second look, by index. Runs on SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from isoxa_grading.records.tables.training import Enrolment, FactKind, TrainingFact

from .state import OPEN_STATES, PROGRESS_KINDS, WAIT_ENDS, State


def state_select(day: date, *, enrolments: Select[int] | None = None) -> Select[int, str]:
    """A select of ``enrolment_id`` and ``state`` (a ``State`` value): every enrolment, or the given ones."""
    summary = summary_select(day, enrolments=enrolments).subquery()
    return select(summary.c.enrolment_id, summary.c.state)


def summary_select(
    day: date, *, enrolments: Select[int] | None = None
) -> Select[int, str, date | None, bool, date | None, date | None]:
    """As ``state_select``, with ``due_on``, ``overdue``, ``completed_on`` (the first completion) and ``valid_until``
    (the last day of what was completed, if it has one).

    ``enrolments`` (a select of enrolment ids) keeps the pass over the facts to those that a report asks for.
    """
    fact = TrainingFact
    gathered = select(fact.enrolment_id, *gathered_columns()).where(fact.on <= day)
    if enrolments is not None:
        gathered = gathered.where(fact.enrolment_id.in_(enrolments))
    known = gathered.group_by(fact.enrolment_id).subquery("known")

    due = aliased(TrainingFact, name="due")
    valid = or_(
        known.c.valid_until.is_(None),
        known.c.valid_until >= day,
        known.c.last_completed > known.c.valid_until,
    )
    waits = waiting_rounds(Enrolment.id, day) > 0
    state = state_case(known, due_on=due.value, waits=waits, valid=valid)
    stated = (
        select(
            Enrolment.id.label("enrolment_id"),
            state.label("state"),
            due.value.label("due_on"),
            known.c.first_completed.label("completed_on"),
            case((known.c.last_completed <= known.c.valid_until, known.c.valid_until)).label("valid_until"),
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
        states.c.valid_until,
    )


def gathered_columns() -> list[ColumnElement[Any]]:
    """What one pass over an enrolment's facts gathers for the rule."""
    fact = TrainingFact
    return [
        _count(FactKind.ENROLLED).label("enrolled"),
        _count(FactKind.WITHDRAWN).label("withdrawn"),
        func.max(case((fact.kind == FactKind.WAIVED, fact.id)), type_=Integer).label("waived_id"),
        func.max(case((fact.kind == FactKind.WAIVER_ENDED, fact.id)), type_=Integer).label("waiver_ended_id"),
        _count(*PROGRESS_KINDS).label("progress"),
        func.min(case((fact.kind == FactKind.COMPLETED, fact.on)), type_=Date).label("first_completed"),
        func.max(case((fact.kind == FactKind.COMPLETED, fact.on)), type_=Date).label("last_completed"),
        func.max(case((fact.kind == FactKind.VALID_UNTIL, fact.value)), type_=Date).label("valid_until"),
        func.max(case((fact.kind == FactKind.DUE, fact.id)), type_=Integer).label("due_id"),
    ]


def state_case(
    known: Subquery,
    *,
    due_on: InstrumentedAttribute[date | None],
    waits: ColumnElement[bool],
    valid: ColumnElement[bool],
) -> ColumnElement[str]:
    """The rule over gathered columns; ``valid``: what was completed, if anything was, has not lapsed."""
    completed = and_(known.c.first_completed.is_not(None), valid)
    on_time = or_(due_on.is_(None), known.c.first_completed <= due_on)
    return case(
        (
            or_(known.c.enrolled.is_(None), known.c.enrolled <= known.c.withdrawn),
            _state(State.NOT_ENROLLED),
        ),
        (and_(completed, on_time), _state(State.COMPLETED)),
        (completed, _state(State.COMPLETED_LATE)),
        (known.c.waived_id > func.coalesce(known.c.waiver_ended_id, 0), _state(State.WAIVED)),
        (known.c.first_completed.is_not(None), _state(State.EXPIRED)),
        (waits, _state(State.WAITING_FOR_GRADING)),
        (known.c.progress > 0, _state(State.IN_PROGRESS)),
        else_=_state(State.NOT_STARTED),
    )


def waiting_rounds(
    enrolment_id: ColumnElement[int] | InstrumentedAttribute[int], day: date | None
) -> ColumnElement[int]:
    """How many rounds of attempts are submitted and neither graded nor reopened, until ``day`` (``None``: ever)."""
    submitted = aliased(TrainingFact, name="submitted")
    ended = aliased(TrainingFact, name="ended")
    end = exists().where(
        ended.enrolment_id == submitted.enrolment_id,
        ended.kind.in_(WAIT_ENDS),
        ended.source_id == submitted.source_id,
    )
    waiting = select(func.count()).where(
        submitted.enrolment_id == enrolment_id, submitted.kind == FactKind.SUBMITTED
    )
    if day is not None:
        end = end.where(ended.on <= day)
        waiting = waiting.where(submitted.on <= day)
    return waiting.where(~end).scalar_subquery()


def _count(*kinds: FactKind) -> ColumnElement[int]:
    return func.count(case((TrainingFact.kind.in_(kinds), 1)))


def _state(state: State) -> ColumnElement[str]:
    return literal(state.value, String(20))
