"""Enrolment in batches (who chose whom, for what, and what came of it) and the outbox of reminders.

A batch is written before it is confirmed, so that its preview has an address and its confirmation happens once. It
names people by selection, never by name; what a list had that fits nobody is kept a day for whoever sent it.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .training import CourseEdition, Enrolment


class BatchKind(enum.StrEnum):
    """What a batch does to each person of its selection."""

    ENROL = "enrol"
    DUE = "due"
    WAIVE = "waive"
    END_WAIVER = "end_waiver"
    WITHDRAW = "withdraw"
    REMIND = "remind"


class ReminderKind(enum.StrEnum):
    """Why somebody is reminded."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    NOT_STARTED = "not_started"


class ReminderStatus(enum.StrEnum):
    """``waiting``: to be sent, now or at ``next_try_at``. ``sending``: being handed to the mail server. ``sent``: it
    took the letter. ``written``: no mail server is set, so the letter is a file. ``uncertain``: the connection broke
    after the text was sent and before the answer; it is not sent again unless a person says so. ``refused``: the
    address or the letter was refused for good. ``dropped``: there was no longer any reason to send it.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    WRITTEN = "written"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    DROPPED = "dropped"


def _values(kinds: type[enum.Enum]) -> list[str]:
    return [kind.value for kind in kinds]


class EnrolmentBatch(Base):
    """One act on many people: prepared, and (``done_at``) done."""

    __tablename__ = "enrolment_batch"
    __table_args__ = (Index("ix_enrolment_batch_account_id_created_at", "account_id", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, doc="uuid4 hex: cannot be guessed")
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), doc="None: the machine's operator"
    )
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"))
    kind: Mapped[BatchKind] = mapped_column(
        Enum(BatchKind, native_enum=False, length=16, values_callable=_values)
    )
    selection: Mapped[dict[str, Any]] = mapped_column(
        JSON, doc="isoxa_grading.enrolment.Selection as JSON: unit ids, roles, person ids"
    )
    due_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text, doc="why, for a waiver, its end or a withdrawal")
    unmatched: Mapped[list[dict[str, str]]] = mapped_column(
        JSON, doc="lines of the list that fit nobody; emptied after a day"
    )
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, doc="what was done, once it is")
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    edition: Mapped[CourseEdition] = relationship()


class Reminder(Base):
    """A letter owed to somebody, at most one a day of a kind. Its text is made when it is sent."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind", "on"),
        Index("ix_reminder_status_next_try_at", "status", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("enrolment_batch.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[ReminderKind] = mapped_column(
        Enum(ReminderKind, native_enum=False, length=16, values_callable=_values)
    )
    on: Mapped[date] = mapped_column(doc="the day it was asked for (in Vietnam)")
    status: Mapped[ReminderStatus] = mapped_column(
        Enum(ReminderStatus, native_enum=False, length=16, values_callable=_values)
    )
    message_id: Mapped[str] = mapped_column(String(200), unique=True, doc="made of enrolment, kind and day")
    address: Mapped[str | None] = mapped_column(String(254), doc="where it went; cleared when erased")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None] = mapped_column(doc="while sending")
    error: Mapped[str | None] = mapped_column(Text, doc="why not yet, or why never (Vietnamese)")
    finished_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
