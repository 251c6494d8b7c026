"""The outbox as people of a scope see it: how many letters stand where, and each letter with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ...records.account_scope import inside
from ...records.tables import Enrolment, Membership, Person, Reminder, ReminderKind, ReminderStatus, Unit
from .rows import send_again

__all__ = ["LetterRow", "OutboxStatus", "again_within", "outbox_status"]


@dataclass(frozen=True)
class LetterRow:
    """One letter; ``why``: why it has not gone (yet)."""

    id: int
    name: str
    unit: str
    phone: str
    kind: ReminderKind
    on: date
    status: ReminderStatus
    tries: int
    next_try_at: datetime
    finished_at: datetime | None
    why: str


@dataclass(frozen=True)
class OutboxStatus:
    """``counts``: letters by status; ``rows``: the newest first; ``trouble``: why letters wait, or ""."""

    counts: dict[ReminderStatus, int]
    rows: list[LetterRow]
    trouble: str


def _within(scope_paths: Sequence[str], since: date) -> Select[int]:
    """Ids of the letters to people who serve in the scope now."""
    serving = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.valid_to.is_(None), inside(scope_paths))
    )
    return (
        select(Reminder.id)
        .join(Enrolment, Enrolment.id == Reminder.enrolment_id)
        .where(Enrolment.person_id.in_(serving), Reminder.on >= since)
    )


def outbox_status(
    session: Session,
    scope_paths: Sequence[str],
    *,
    since: date,
    only: ReminderStatus | None = None,
    limit: int = 5000,
) -> OutboxStatus:
    """The letters since a day; ``only``: rows with this status. ``trouble``: why letters wait, or ""."""
    mine = _within(scope_paths, since)
    counted = select(Reminder.status, func.count()).where(Reminder.id.in_(mine)).group_by(Reminder.status)
    counts = {row[0]: row[1] for row in session.execute(counted)}
    trouble = session.scalar(
        select(Reminder.error)
        .where(Reminder.id.in_(mine), Reminder.status == ReminderStatus.WAITING, Reminder.error.is_not(None))
        .order_by(Reminder.next_try_at.desc())
        .limit(1)
    )
    post = (
        select(Membership.person_id, func.max(Membership.unit_id).label("unit_id"))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.valid_to.is_(None), inside(scope_paths))
        .group_by(Membership.person_id)
        .subquery("post")
    )
    query = (
        select(Reminder, Person.full_name, Person.phone, Unit.name)
        .join(Enrolment, Enrolment.id == Reminder.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(post, post.c.person_id == Person.id)
        .join(Unit, Unit.id == post.c.unit_id)
        .where(Reminder.id.in_(mine))
        .order_by(Reminder.id.desc())
        .limit(limit)
    )
    if only is not None:
        query = query.where(Reminder.status == only)
    rows = [
        LetterRow(
            one.id, name, unit, phone or "", one.kind, one.on, one.status, one.tries, one.next_try_at,
            one.finished_at, one.error or "",
        )
        for one, name, phone, unit in session.execute(query)
    ]  # fmt: skip
    return OutboxStatus(counts, rows, trouble or "")


def again_within(
    session: Session, scope_paths: Sequence[str], ids: Sequence[int], *, since: date, now: datetime
) -> int:
    """``send_again`` for those of these letters that are the scope's; how many."""
    mine = _within(scope_paths, since).where(Reminder.id.in_(ids))
    return send_again(session, list(session.scalars(mine)), now)
