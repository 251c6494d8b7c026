"""Whom to remind, who can be written to, and letters put in the outbox: at most one a person, reason and day.

The three lists leave nobody out and name nobody twice: overdue; else due within 14 days; else not started. Who cannot
be written to (no e-mail address, an address that is none, no account to sign in with) is told apart with the reason
and the telephone, to be called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..completion import OPEN_STATES, State
from ..records.audit import audit
from ..records.tables import BatchKind, EnrolmentBatch, Reminder, ReminderKind, ReminderStatus
from .batches import plan_lock
from .learners import Learner, learners, owing
from .selection import Selection

__all__ = [
    "DUE_SOON_DAYS",
    "ToRemind",
    "cannot_write",
    "is_due_reminder",
    "queue_reminders",
    "reminder_lists",
    "reminder_message_id",
]

DUE_SOON_DAYS = 14
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_GONE_OUT = (ReminderStatus.SENT, ReminderStatus.WRITTEN, ReminderStatus.UNCERTAIN)
_ADD_NEW = {
    "sqlite": sqlite.insert(Reminder).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Reminder).on_conflict_do_nothing(),
}
_CHUNK = 500


@dataclass(frozen=True)
class ToRemind:
    """Somebody to be reminded. ``call``: why they cannot be written to, or ""; ``last``: when a letter last went out;
    ``today``: one of this kind was asked for today already.
    """

    learner: Learner
    call: str
    last: date | None
    today: bool


def is_due_reminder(kind: ReminderKind, one: Learner, day: date) -> bool:
    """Whether this person is on the list of this kind on the day."""
    if not one.enrolled or one.state not in OPEN_STATES:
        return False
    if one.overdue(day):
        return kind is ReminderKind.OVERDUE
    if one.due_on is not None and one.due_on <= day + timedelta(days=DUE_SOON_DAYS):
        return kind is ReminderKind.DUE_SOON
    return kind is ReminderKind.NOT_STARTED and one.state is State.NOT_STARTED


def cannot_write(one: Learner) -> str:
    """Why a letter would not reach this person or not help them (Vietnamese), or ""."""
    if not one.email:
        return "Chưa có thư điện tử"
    if not _ADDRESS.fullmatch(one.email) or len(one.email) > 254:
        return "Thư điện tử ghi không đúng"
    return "" if one.has_account else "Chưa có tài khoản để đăng nhập"


def reminder_lists(
    session: Session, selection: Selection, *, course: str, scope_paths: Sequence[str], day: date
) -> dict[ReminderKind, list[ToRemind]]:
    """The three lists, each by unit and name."""
    found = learners(session, selection, course=course, scope_paths=scope_paths, day=day, among=owing(course))
    last, today = _letters(session, [one.enrolment_id or 0 for one in found], day)
    return {
        kind: [
            ToRemind(
                one,
                cannot_write(one),
                last.get(one.enrolment_id or 0),
                (one.enrolment_id or 0, kind) in today,
            )
            for one in found
            if is_due_reminder(kind, one, day)
        ]
        for kind in ReminderKind
    }


def queue_reminders(
    session: Session,
    batch: EnrolmentBatch,
    kind: ReminderKind,
    *,
    scope_paths: Sequence[str],
    unit_id: int | None,
    domain: str,
    now: datetime,
) -> EnrolmentBatch:
    """Put a letter in the outbox for everybody on the list who can be written to; once: a batch that is done is left.

    ``unit_id``: where the audit event belongs; ``domain``: of the message ids.
    """
    plan_lock(session, batch)
    if batch.done_at is not None:
        return batch
    if batch.kind is not BatchKind.REMIND:
        raise ValueError(f"no batch of reminders: {batch.kind}")
    day = now.astimezone(VIETNAM).date()
    selection = Selection.from_json(batch.selection)
    course = batch.edition.course
    found = reminder_lists(session, selection, course=course, scope_paths=scope_paths, day=day)[kind]
    write = [one.learner for one in found if not one.call and not one.today]
    rows = [_row(batch, kind, one.enrolment_id or 0, day, domain, now) for one in write]
    if rows:
        session.connection().execute(_ADD_NEW[session.get_bind().dialect.name], rows)
    batch.counts = {
        "kind": kind.value,
        "total": len(found),
        "queued": len(rows),
        "today": sum(one.today for one in found),
        "to_call": sum(bool(one.call) for one in found),
    }
    batch.done_at = now
    session.flush()
    detail = {**batch.counts, "course": batch.edition.course, "batch": batch.id}
    audit(session, batch.account_id, "reminder.queued", "enrolment_batch", batch.id, unit_id, detail, now)
    return batch


def reminder_message_id(kind: ReminderKind, enrolment_id: int, day: date, domain: str) -> str:
    """The same for the same letter, so that a mail system which sees it twice can tell."""
    return f"<isoxa.{kind.value.replace('_', '-')}.{enrolment_id}.{day:%Y%m%d}@{domain}>"


def _row(
    batch: EnrolmentBatch, kind: ReminderKind, enrolment_id: int, day: date, domain: str, now: datetime
) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "enrolment_id": enrolment_id,
        "kind": kind,
        "on": day,
        "status": ReminderStatus.WAITING,
        "message_id": reminder_message_id(kind, enrolment_id, day, domain),
        "tries": 0,
        "next_try_at": now,
    }


def _letters(
    session: Session, enrolment_ids: Sequence[int], day: date
) -> tuple[dict[int, date], set[tuple[int, ReminderKind]]]:
    """Enrolment id → the last day a letter went out; and what was asked for today: enrolment id and kind."""
    last: dict[int, date] = {}
    today: set[tuple[int, ReminderKind]] = set()
    for begin in range(0, len(enrolment_ids), _CHUNK):
        chunk = enrolment_ids[begin : begin + _CHUNK]
        went = (
            select(Reminder.enrolment_id, func.max(Reminder.on))
            .where(Reminder.enrolment_id.in_(chunk), Reminder.status.in_(_GONE_OUT))
            .group_by(Reminder.enrolment_id)
        )
        last |= {row[0]: row[1] for row in session.execute(went)}
        asked = select(Reminder.enrolment_id, Reminder.kind).where(
            Reminder.enrolment_id.in_(chunk), Reminder.on == day
        )
        today |= {(row[0], row[1]) for row in session.execute(asked)}
    return last, today
