"""Where each enrolment stands: one row that says on every later day what a pass over its facts would say.

``record`` has the row made anew, from the enrolment's own facts, in the transaction that adds one; so a report of
today reads a row a person instead of all that was ever recorded. A day before an enrolment's last fact
(``last_fact_on``) is not the row's to answer: ``select`` passes over the facts then.

The rule is that of the package docstring with every fact known, once for a day on which what was completed is still
valid (``state``) and once for one after it (``lapsed_state``); ``state_on`` chooses. ``standing_of`` says it in
Python, ``standing_select`` in SQL; a property test holds these and ``state_at`` together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    distinct,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from isoxa_grading.records.tables.reporting import EnrolmentStanding
from isoxa_grading.records.tables.training import CourseEdition, Enrolment, FactKind, TrainingFact

from .requirements import Requirements
from .select import gathered_columns, state_case, waiting_rounds
from .state import (
    ACTIVITY,
    OPEN_STATES,
    FactLike,
    State,
    due_on,
    rounds_that_wait,
    state_of,
    valid_until,
)

_AT_ONCE = 500
_STEP_KINDS = (FactKind.CHECKPOINT_DONE, FactKind.LESSON_COMPLETED, FactKind.QUIZ_PASSED)
_IDS = "enrolment_ids"
_ROWS = cast(Table, EnrolmentStanding.__table__)
Steps = tuple[tuple[FactKind, str], ...]


@dataclass(frozen=True)
class Standing:
    """An enrolment's standing without a database; fields as in ``EnrolmentStanding``."""

    state: State
    lapsed_state: State
    valid_until: date | None
    due_on: date | None
    completed_on: date | None
    last_completed_on: date | None
    waiting: int
    done: int
    last_activity: date | None
    last_fact_on: date

    def state_on(self, day: date) -> State:
        """The state on ``day``, which is not before the last fact."""
        return self.state if self.valid_until is None or self.valid_until >= day else self.lapsed_state


def standing_of(facts: Iterable[FactLike], required: Requirements) -> Standing | None:
    """What these facts of one enrolment say; ``None`` of none."""
    known = list(facts)
    if not known:
        return None
    last = max(fact.on for fact in known)
    completed = [fact.on for fact in known if fact.kind == FactKind.COMPLETED]
    until = valid_until(known)
    lapses = until is not None and bool(completed) and max(completed) <= until
    return Standing(
        state=state_of(known, valid=True),
        lapsed_state=state_of(known, valid=False),
        valid_until=until if lapses else None,
        due_on=due_on(known, last),
        completed_on=min(completed, default=None),
        last_completed_on=max(completed, default=None),
        waiting=rounds_that_wait(known),
        done=len({(fact.kind, fact.subject) for fact in known} & set(required.steps())),
        last_activity=max((fact.on for fact in known if fact.kind in ACTIVITY), default=None),
        last_fact_on=last,
    )


def state_on(day: date) -> ColumnElement[str]:
    """The state of an ``EnrolmentStanding`` row on ``day``, not before its last fact."""
    row = EnrolmentStanding
    return case((row.valid_until < day, row.lapsed_state), else_=row.state)


def overdue_on(day: date) -> ColumnElement[bool]:
    """Whether an ``EnrolmentStanding`` row is overdue on ``day``. An open state never lapses."""
    row = EnrolmentStanding
    return and_(row.due_on < day, row.state.in_([state.value for state in OPEN_STATES]))


def standing_select(edition_id: int, steps: Steps) -> Select[Any]:
    """One row an enrolment of the edition that has facts: the columns of ``EnrolmentStanding``.

    ``current`` is false throughout: it hangs on the person's other enrolments (``_mark_current``).
    """
    fact = TrainingFact
    subjects = {kind: [subject for step, subject in steps if step == kind] for kind in _STEP_KINDS}
    done = [
        func.count(distinct(case((and_(fact.kind == kind, fact.subject.in_(of_kind)), fact.subject))))
        for kind, of_kind in subjects.items()
    ]
    known = (
        select(
            Enrolment.person_id,
            Enrolment.edition_id,
            Enrolment.id.label("enrolment_id"),
            *gathered_columns(),
            (done[0] + done[1] + done[2]).label("done"),
            func.max(case((fact.kind.in_(ACTIVITY), fact.on)), type_=Date).label("last_activity"),
            func.max(fact.on, type_=Date).label("last_fact_on"),
        )
        .join(fact, fact.enrolment_id == Enrolment.id)
        .where(Enrolment.edition_id == edition_id)
        .group_by(Enrolment.person_id, Enrolment.edition_id, Enrolment.id)
        .subquery("known")
    )
    due = aliased(TrainingFact, name="due")
    waiting = waiting_rounds(known.c.enrolment_id, None)
    completed, until = known.c.last_completed, known.c.valid_until
    return (
        select(
            known.c.person_id,
            known.c.edition_id,
            known.c.enrolment_id,
            false().label("current"),
            state_case(known, due_on=due.value, waits=waiting > 0, valid=true()).label("state"),
            state_case(known, due_on=due.value, waits=waiting > 0, valid=false()).label("lapsed_state"),
            case((completed <= until, until)).label("valid_until"),
            due.value.label("due_on"),
            known.c.first_completed.label("completed_on"),
            completed.label("last_completed_on"),
            waiting.label("waiting"),
            known.c.done,
            known.c.last_activity,
            known.c.last_fact_on,
        )
        .outerjoin(due, due.id == known.c.due_id)
        .where(known.c.enrolment_id.is_not(None))  # else SQLite reads "ON CONFLICT" as the join's condition
    )


def refresh(session: Session, edition: CourseEdition, enrolments: Sequence[int], *, enrolling: bool) -> None:
    """Make the rows of these enrolments of an edition anew; ``enrolling``: somebody came or went."""
    statement = _upsert(session.get_bind().dialect.name, edition.id, _steps(edition), True)
    for start in range(0, len(enrolments), _AT_ONCE):
        some = enrolments[start : start + _AT_ONCE]
        session.execute(statement, {_IDS: some})
        if enrolling:
            of = select(Enrolment.person_id).where(Enrolment.id.in_(some))
            _mark_current(session, EnrolmentStanding.person_id.in_(of))


def rebuild(session: Session) -> int:
    """Make every row anew from the facts; returns how many there are."""
    session.execute(delete(EnrolmentStanding))
    dialect = session.get_bind().dialect.name
    for edition in session.scalars(select(CourseEdition)):
        session.execute(_upsert(dialect, edition.id, _steps(edition), False))
    _mark_current(session, true())
    return session.scalar(select(func.count()).select_from(EnrolmentStanding)) or 0


def differing(session: Session) -> int:
    """How many enrolments stand otherwise than their facts say, have no row, or have one without facts."""
    wrong = set(session.scalars(select(EnrolmentStanding.enrolment_id).where(_wrongly_current())))
    kept = {row.enrolment_id: tuple(row) for row in session.execute(select(*_compared()))}
    names = [column.name for column in _compared()]
    for edition in session.scalars(select(CourseEdition)):
        for row in session.execute(standing_select(edition.id, _steps(edition))):
            if kept.pop(row.enrolment_id, None) != tuple(row._mapping[name] for name in names):
                wrong.add(row.enrolment_id)
    return len(wrong | set(kept))


def _compared() -> list[Any]:
    return [column for column in _ROWS.c if column.name != "current"]


def _steps(edition: CourseEdition) -> Steps:
    return tuple(Requirements.from_manifest(edition.manifest).steps())


@lru_cache(maxsize=32)
def _upsert(dialect: str, edition_id: int, steps: Steps, of_some: bool) -> Any:
    """The statement; made once, since a lesson saved item by item comes here with every item."""
    rows = standing_select(edition_id, steps)
    if of_some:
        known = rows.selected_columns["enrolment_id"]
        rows = rows.where(known.in_(bindparam(_IDS, expanding=True)))
    names = [column.name for column in _ROWS.c]
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(_ROWS)
    insert = insert.from_select(names, rows)
    kept = ("person_id", "edition_id", "enrolment_id", "current")
    changed = {name: insert.excluded[name] for name in names if name not in kept}
    row = _ROWS.c
    return insert.on_conflict_do_update(
        index_elements=["person_id", "edition_id"],
        set_=changed,
        # A row that stays as it is counts as no change for those who keep a report in memory.
        where=or_(*(row[name].is_distinct_from(value) for name, value in changed.items())),
    )


def _mark_current(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        update(EnrolmentStanding)
        .where(which, _wrongly_current())
        .values(current=~EnrolmentStanding.current)
        .execution_options(synchronize_session=False)
    )


def _wrongly_current() -> ColumnElement[bool]:
    """Whether ``current`` is not what the rule says: enrolled, and in no newer edition of the same course."""
    row, newer = EnrolmentStanding, aliased(EnrolmentStanding, name="newer")
    mine, theirs = aliased(CourseEdition, name="mine"), aliased(CourseEdition, name="theirs")
    gone = State.NOT_ENROLLED.value
    superseded = (
        exists()
        .where(
            newer.person_id == row.person_id,
            newer.edition_id != row.edition_id,
            newer.state != gone,
            theirs.id == newer.edition_id,
            mine.id == row.edition_id,
            mine.course == theirs.course,
            or_(
                theirs.published_at > mine.published_at,
                and_(theirs.published_at == mine.published_at, theirs.id > mine.id),
            ),
        )
        .correlate(row)
    )
    return row.current != and_(row.state != gone, ~superseded)
