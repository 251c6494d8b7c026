"""Changes of many letters of the outbox at once: those left in their middle, those too old, a server that is down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from ...records.tables import Reminder, ReminderStatus

__all__ = ["back_off", "drop_stale", "mark_lost", "put_off_all", "send_again"]

_MINUTES = (1, 5, 15, 30, 60)
_STALE = timedelta(days=7)


def send_again(session: Session, ids: Sequence[int], now: datetime) -> int:
    """Put letters back that a person decided about: those that nobody knows of, or that were put off; how many."""
    again = update(Reminder).where(
        Reminder.id.in_(ids), Reminder.status.in_((ReminderStatus.UNCERTAIN, ReminderStatus.WAITING))
    )
    done: CursorResult[Any] = session.connection().execute(
        again.values(status=ReminderStatus.WAITING, next_try_at=now, error=None, finished_at=None, tries=0)
    )
    return int(done.rowcount)


def back_off(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    return timedelta(minutes=_MINUTES[min(tries, len(_MINUTES) - 1)])


def mark_lost(session: Session, now: datetime) -> int:
    """Letters whose sender stopped in their middle: nobody knows of them; how many."""
    lost = update(Reminder).where(Reminder.status == ReminderStatus.SENDING, Reminder.claimed_until < now)
    why = "Máy chủ dừng giữa lúc gửi nên chưa rõ thư đã đi chưa."
    done: CursorResult[Any] = session.connection().execute(
        lost.values(status=ReminderStatus.UNCERTAIN, claimed_until=None, error=why, finished_at=now)
    )
    return int(done.rowcount)


def drop_stale(session: Session, now: datetime) -> int:
    """Letters that could not go out for a week are given up; how many."""
    day = (now - _STALE).astimezone(VIETNAM).date()
    stale = update(Reminder).where(Reminder.status == ReminderStatus.WAITING, Reminder.on < day)
    done: CursorResult[Any] = session.connection().execute(
        stale.values(
            status=ReminderStatus.DROPPED,
            finished_at=now,
            error="Quá 7 ngày chưa gửi được nên không gửi nữa; hãy gọi điện hoặc nhắc lại.",
        )
    )
    return int(done.rowcount)


def put_off_all(session: Session, why: str, began: datetime, now: datetime) -> None:
    """The server is down for everybody: nobody is tried again before the first of them may be."""
    due = (Reminder.status == ReminderStatus.WAITING, Reminder.next_try_at <= began)
    for tries in session.scalars(select(Reminder.tries).where(*due).distinct()).all():
        session.execute(
            update(Reminder)
            .where(*due, Reminder.tries == tries)
            .values(next_try_at=now + back_off(tries), tries=tries + 1, error=why)
            .execution_options(synchronize_session=False)
        )
