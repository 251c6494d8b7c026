"""Which answers wait for a trainer: kept as rows, so that a pile is counted and taken from without reading attempts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from ..tables import Attempt, GradingTask
from .paper import Paper

# Made once: each submit comes here. The attempts are locked already, and their answers' rows after them, as
# everywhere: so nobody waits for each other, and a claim made at this moment is seen.
_OF_ATTEMPTS = (
    select(GradingTask)
    .where(GradingTask.attempt_id.in_(bindparam("attempts", expanding=True)))
    .order_by(GradingTask.id)
    .with_for_update()
)
_NEW = insert(cast(Table, GradingTask.__table__))


def settle_tasks(session: Session, works: Sequence[tuple[Attempt, Paper, Collection[str]]]) -> None:
    """Each slot without a score waits; each with one waits no more and is nobody's to hold.

    ``works``: attempt, its paper, and the slots that have a score. Called in the transaction that wrote the scores.
    """
    asked = {"attempts": [attempt.id for attempt, _, _ in works]}
    tasks = {(task.attempt_id, task.slot): task for task in session.scalars(_OF_ATTEMPTS, asked)}
    new = []
    for attempt, paper, scored in works:
        for slot in paper.slots:
            task = tasks.get((attempt.id, slot.id))
            if task is not None:
                task.waiting = slot.id not in scored
                # Of a reopened attempt: it waits anew, from its new submission.
                task.submitted_at = attempt.submitted_at or attempt.started_at
                if not task.waiting:
                    task.claimed_by_account_id = task.claimed_until = None
            elif slot.id not in scored:
                new.append(_row(attempt, slot.id))
    if new:
        session.execute(_NEW, new)


def _row(attempt: Attempt, slot: str) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "attempt_id": attempt.id,
        "slot": slot,
        "person_id": attempt.enrolment.person_id,
        "course": attempt.enrolment.edition.course,
        "quiz": attempt.quiz,
        "submitted_at": attempt.submitted_at or attempt.started_at,
        "waiting": True,
    }
