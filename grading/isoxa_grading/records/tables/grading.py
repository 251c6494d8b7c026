"""What trainers do: the answers that a person must judge, who holds which of them, and what helps them along.

A ``GradingTask`` is made when an attempt is submitted, for each answer that no program can score. It stays after it
was graded: its id is how the desk speaks of an answer without saying whose it is. When the attempt is reopened it gets
another id, so that who still has the old answer on the screen cannot mark the new one unseen.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class GradingTask(Base):
    """One written answer of a submitted attempt, and the trainer who holds it, if any.

    Person, course, quiz and time are those of the attempt: kept here too, so that the pile is counted from one index.
    """

    __tablename__ = "grading_task"
    __table_args__ = (
        UniqueConstraint("attempt_id", "slot"),
        Index("ix_grading_task_pile", "waiting", "course", "quiz", "slot", "submitted_at", "id", "person_id"),
        Index("ix_grading_task_waiting_submitted_at_id", "waiting", "submitted_at", "id"),
    )

    id: Mapped[str] = mapped_column(
        String(32), primary_key=True, doc="uuid4 hex: says nothing of whose it is"
    )
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    slot: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    quiz: Mapped[str] = mapped_column(String(80))
    submitted_at: Mapped[datetime]
    waiting: Mapped[bool] = mapped_column(doc="no score counts for it yet")
    claimed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_until: Mapped[datetime | None] = mapped_column(doc="then anybody may take it")


class BankComment(Base):
    """A comment that a trainer keeps to use again in a course."""

    __tablename__ = "bank_comment"
    __table_args__ = (Index("ix_bank_comment_account_id_course", "account_id", "course"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    course: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class ExtraAttempt(Base):
    """One more attempt at a quiz than the edition allows, given by a trainer for a reason."""

    __tablename__ = "extra_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    quiz: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    granted_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]


class Reopening(Base):
    """A submitted attempt was given back to its officer, for a reason: this ended a round of it and began the next.

    Kept here is what the ended round came to, since the attempt's own row goes on with the new one. ``deadline_at`` is
    the new round's.
    """

    __tablename__ = "reopening"
    __table_args__ = (UniqueConstraint("attempt_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    round: Mapped[int] = mapped_column(doc="the one that ended; 1 for the first")
    reason: Mapped[str] = mapped_column(Text)
    reopened_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reopened_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    graded_at: Mapped[datetime | None]
    points: Mapped[Decimal | None]
    passed: Mapped[bool | None]
    former_deadline_at: Mapped[datetime | None]
