"""Giving a submitted attempt back to its officer: the same questions, their answers as they stand, a new round.

Nothing of the ended round is lost: a `Reopening` row keeps what it came to, its scores stay with their round, its
answers are answers still, and those that came late stay marked late. The attempt's own row goes on: open, with a
deadline of its own, no points until it is submitted again; only its last round counts. It uses up no attempt.

What was given stands: a pass, and the completion that it led to (`completion.record_reopened`).

This module is the mechanism; who may reopen what, and what is said to the trainer, is `desk.reopening`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from isoxa_courses.text import VIETNAM
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from isoxa_grading.completion import record_reopened

from ..tables import (
    Account,
    Attempt,
    AttemptStatus,
    Enrolment,
    GradingTask,
    OutboxItem,
    Reopening,
)
from .find import scores_of_round


@dataclass(frozen=True, kw_only=True)
class Reopened:
    """What is told of a reopening. ``by``: who did it; ``points``: of the round that it ended, None if it waited.

    ``comments``: slot → what a trainer wrote about the answer of that round, for who now writes it again.
    """

    at: datetime
    by: str
    reason: str
    deadline: datetime | None
    points: Decimal | None
    comments: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """``reopened`` of ``GET /api/attempts/A``."""
        return {
            "at": self.at.isoformat(),
            "by": self.by,
            "reason": self.reason,
            "comments": dict(self.comments),
        }


def new_deadline(last_day: date | None, limit_minutes: int | None, now: datetime) -> datetime | None:
    """The end of the day that the trainer set (in Vietnam), else the quiz's time limit from now, else none."""
    if last_day is not None:
        return datetime.combine(last_day + timedelta(days=1), time.min, VIETNAM)
    return now + timedelta(minutes=limit_minutes) if limit_minutes else None


def reopen(
    session: Session,
    attempt: Attempt,
    *,
    reason: str,
    deadline: datetime | None,
    account_id: int,
    now: datetime,
) -> None:
    """Open a submitted attempt again, which the caller has locked (`find.find_attempt`) and found fit for it."""
    assert attempt.submitted_at is not None, "an attempt that is not open was submitted"
    ended = attempt.round
    session.add(
        Reopening(
            attempt_id=attempt.id,
            round=ended,
            reason=reason,
            reopened_by_account_id=account_id,
            reopened_at=now,
            deadline_at=deadline,
            submitted_at=attempt.submitted_at,
            graded_at=attempt.graded_at,
            points=attempt.points,
            passed=attempt.passed,
            former_deadline_at=attempt.deadline_at,
        )
    )
    attempt.round = ended + 1
    attempt.status = AttemptStatus.OPEN
    attempt.submitted_at = attempt.graded_at = attempt.points = None
    attempt.passed = attempt.passed or None
    attempt.deadline_at = deadline
    for task in session.scalars(select(GradingTask).where(GradingTask.attempt_id == attempt.id)):
        # Who still has the answer open knows it by the old id, and can no more mark what they have not read.
        task.id, task.waiting = uuid4().hex, False
        task.claimed_by_account_id = task.claimed_until = None
    # nbgrader may have to hold another attempt now: the best of those that are left.
    session.add(OutboxItem(kind="attempt", attempt_id=attempt.id, created_at=now))
    session.flush()
    record_reopened(
        session, attempt.enrolment, quiz=attempt.quiz, attempt_id=attempt.id, now=now, attempt_round=ended
    )


def ended_rounds(session: Session, attempt_id: str) -> list[Reopening]:
    """The rounds of an attempt that a reopening ended, first to last."""
    query = select(Reopening).where(Reopening.attempt_id == attempt_id).order_by(Reopening.round)
    return list(session.scalars(query))


def last_reopened(session: Session, attempt: Attempt) -> Reopened | None:
    """The reopening that the attempt's present round began with; None in its first round."""
    if attempt.round == 1:
        return None
    before = scores_of_round(session, attempt.id, attempt.round - 1)
    comments = {slot: score.comment for slot, score in before.items() if score.comment}
    return replace(told(session, attempt.id)[-1], comments=comments)


def told(session: Session, attempt_id: str) -> list[Reopened]:
    """All reopenings of an attempt as they are told, first to last."""
    query = (
        select(Reopening, Account.display_name)
        .join(Account, Account.id == Reopening.reopened_by_account_id)
        .where(Reopening.attempt_id == attempt_id)
        .order_by(Reopening.round)
    )
    return [
        Reopened(at=one.reopened_at, by=name, reason=one.reason, deadline=one.deadline_at, points=one.points)
        for one, name in session.execute(query)
    ]


def open_again(session: Session, person_id: int) -> list[Attempt]:
    """The person's attempts that were reopened and not yet submitted again, the earliest begun first."""
    query = (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.edition)
        .where(Enrolment.person_id == person_id, Attempt.status == AttemptStatus.OPEN, Attempt.round > 1)
        .order_by(Attempt.started_at, Attempt.id)
        .options(contains_eager(Attempt.enrolment).contains_eager(Enrolment.edition))
    )
    return list(session.scalars(query))
