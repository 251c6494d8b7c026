"""The administrative changes of ``record`` for many enrolments at once, in a few statements instead of a few each.

They add the same facts as one call an enrolment would (a test holds them to that), take the same locks, and called
again they add nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.tables.training import CourseEdition, Enrolment, FactKind, TrainingFact

from .record import _insert, _New, _nth, _row
from .standing import refresh

__all__ = [
    "record_due_all",
    "record_enrolled_again",
    "record_waived_all",
    "record_waiver_ended_all",
    "record_withdrawn_all",
]

CHUNK = 500


def record_enrolled_again(session: Session, enrolments: Sequence[Enrolment], *, now: datetime) -> None:
    """``record_enrolled`` for each: those that are withdrawn are enrolled again."""

    def facts(counted: Counter[FactKind], _one: Enrolment) -> _New | None:
        enrolled, withdrawn = counted[FactKind.ENROLLED], counted[FactKind.WITHDRAWN]
        return _New(FactKind.ENROLLED, source_id=_nth(enrolled)) if enrolled <= withdrawn else None

    _record(session, enrolments, now, facts, FactKind.ENROLLED, FactKind.WITHDRAWN)


def record_withdrawn_all(
    session: Session, enrolments: Sequence[Enrolment], audit_ids: dict[int, int], *, now: datetime
) -> None:
    """``record_withdrawn`` for each; ``audit_ids``: enrolment id → the audit event with its reason."""

    def facts(counted: Counter[FactKind], one: Enrolment) -> _New | None:
        if counted[FactKind.ENROLLED] <= counted[FactKind.WITHDRAWN]:
            return None
        return _New(FactKind.WITHDRAWN, source_id=str(audit_ids[one.id]))

    _record(session, enrolments, now, facts, FactKind.ENROLLED, FactKind.WITHDRAWN)


def record_waived_all(
    session: Session, enrolments: Sequence[Enrolment], audit_ids: dict[int, int], *, now: datetime
) -> None:
    """``record_waived`` for each; ``audit_ids``: enrolment id → the audit event with its reason."""
    _record(
        session,
        enrolments,
        now,
        lambda _counted, one: _New(FactKind.WAIVED, source_id=str(audit_ids[one.id])),
    )


def record_waiver_ended_all(
    session: Session, enrolments: Sequence[Enrolment], audit_ids: dict[int, int], *, now: datetime
) -> None:
    """``record_waiver_ended`` for each; ``audit_ids``: enrolment id → the audit event with its reason."""
    waived = {
        fact.enrolment_id
        for fact in _newest(session, enrolments, FactKind.WAIVED, FactKind.WAIVER_ENDED)
        if fact.kind == FactKind.WAIVED
    }

    def facts(_counted: Counter[FactKind], one: Enrolment) -> _New | None:
        return _New(FactKind.WAIVER_ENDED, source_id=str(audit_ids[one.id])) if one.id in waived else None

    _record(session, enrolments, now, facts)


def record_due_all(
    session: Session, enrolments: Sequence[Enrolment], *, due_on: date | None, now: datetime
) -> None:
    """``record_due`` for each: the same last day to complete on time for all of them (None: taken away)."""
    known = {fact.enrolment_id: fact.value for fact in _newest(session, enrolments, FactKind.DUE)}

    def facts(counted: Counter[FactKind], one: Enrolment) -> _New | None:
        if known.get(one.id) == due_on:
            return None
        return _New(FactKind.DUE, source_id=_nth(counted[FactKind.DUE]), value=due_on)

    _record(session, enrolments, now, facts, FactKind.DUE)


def _record(
    session: Session,
    enrolments: Sequence[Enrolment],
    now: datetime,
    fact: Callable[[Counter[FactKind], Enrolment], _New | None],
    *counted: FactKind,
) -> None:
    """Add ``fact`` (given how many of each counted kind there are) to each enrolment."""
    session.flush()
    rows: list[dict[str, Any]] = []
    times: dict[int, Counter[FactKind]] = {}
    for chunk in _chunks(enrolments):
        _lock_all(session, chunk)
        found = session.execute(
            select(TrainingFact.enrolment_id, TrainingFact.kind, func.count())
            .where(TrainingFact.enrolment_id.in_(chunk), TrainingFact.kind.in_(counted))
            .group_by(TrainingFact.enrolment_id, TrainingFact.kind)
        )
        for enrolment_id, kind, count in found:
            times.setdefault(enrolment_id, Counter())[kind] = count
    for one in enrolments:
        new = fact(times.get(one.id, Counter()), one)
        if new is not None:
            rows.append(_row(one, now, new))
    _insert(session, rows)
    editions: dict[int, list[int]] = {}
    for one in enrolments:
        editions.setdefault(one.edition_id, []).append(one.id)
    for edition_id, ids in editions.items():
        edition = session.get_one(CourseEdition, edition_id)
        refresh(session, edition, ids, enrolling=FactKind.WITHDRAWN in counted)


def _newest(
    session: Session, enrolments: Sequence[Enrolment], *kinds: FactKind
) -> Iterator[Row[int, FactKind, date | None]]:
    """Each enrolment's newest fact of these kinds: enrolment_id, kind, value."""
    fact = TrainingFact
    session.flush()
    for chunk in _chunks(enrolments):
        _lock_all(session, chunk)
        newest = (
            select(func.max(fact.id).label("id"))
            .where(fact.enrolment_id.in_(chunk), fact.kind.in_(kinds))
            .group_by(fact.enrolment_id)
            .subquery("newest")
        )
        yield from session.execute(
            select(fact.enrolment_id, fact.kind, fact.value).join(newest, newest.c.id == fact.id)
        )


def _lock_all(session: Session, ids: Sequence[int]) -> None:
    # In the order of ids: two batches over the same people wait for each other instead of locking crosswise.
    if session.get_bind().dialect.name != "sqlite":
        session.execute(
            select(Enrolment.id).where(Enrolment.id.in_(ids)).order_by(Enrolment.id).with_for_update()
        )


def _chunks(enrolments: Iterable[Enrolment]) -> list[list[int]]:
    ids = sorted(one.id for one in enrolments)
    return [ids[begin : begin + CHUNK] for begin in range(0, len(ids), CHUNK)]
