"""Which answers wait for a trainer: kept as rows, so that a pile is counted and taken from without reading attempts."""

from __future__ import annotations

from collections.abc import Collection
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..tables import Attempt, GradingTask
from .paper import Paper


def settle_tasks(session: Session, attempt: Attempt, paper: Paper, scored: Collection[str]) -> None:
    """Each slot without a score waits; each with one waits no more and is nobody's to hold.

    Called in the transaction that wrote the scores.
    """
    query = select(GradingTask).where(GradingTask.attempt_id == attempt.id)
    tasks = {task.slot: task for task in session.scalars(query)}
    for slot in paper.slots:
        task = tasks.get(slot.id)
        if task is not None:
            task.waiting = slot.id not in scored
            # Of a reopened attempt: it waits anew, from its new submission.
            task.submitted_at = attempt.submitted_at or attempt.started_at
            if not task.waiting:
                task.claimed_by_account_id = task.claimed_until = None
        elif slot.id not in scored:
            session.add(
                GradingTask(
                    id=uuid4().hex,
                    attempt_id=attempt.id,
                    slot=slot.id,
                    person_id=attempt.enrolment.person_id,
                    course=attempt.enrolment.edition.course,
                    quiz=attempt.quiz,
                    submitted_at=attempt.submitted_at or attempt.started_at,
                    waiting=True,
                )
            )
