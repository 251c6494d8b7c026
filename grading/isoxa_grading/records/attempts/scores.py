"""From slot scores to the attempt's total, its pass, and the facts and outbox row that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from isoxa_courses.manifest import EditionManifest
from sqlalchemy.orm import Session

from isoxa_grading.completion import record_graded, record_quiz_passed

from ..tables import Attempt, AttemptStatus, OutboxItem, SlotScore
from .find import StoredScore
from .paper import Paper
from .standing import entry_of
from .tasks import settle_tasks


def reaches(points: Decimal, max_points: Decimal, pass_mark: int) -> bool:
    """``points`` are at least ``pass_mark`` per cent of ``max_points``; exact, nothing is rounded to get there."""
    return points * 100 >= pass_mark * max_points


def settle(
    session: Session,
    attempt: Attempt,
    paper: Paper,
    scores: Mapping[str, SlotScore | StoredScore],
    now: datetime,
) -> None:
    """Bring a submitted attempt up to date with its newest scores, in the transaction that wrote them.

    Once every slot has a score: total, pass, facts. A pass once given stands when a mark is lowered later: it has
    been reported, and the officer has built on it; the points say what the marks now are.
    """
    session.add(OutboxItem(kind="attempt", attempt_id=attempt.id, created_at=now))
    settle_tasks(session, attempt, paper, scores)
    if any(slot.id not in scores for slot in paper.slots):
        session.flush()
        return
    enrolment = attempt.enrolment
    manifest = EditionManifest.from_json(enrolment.edition.manifest)
    pass_mark = entry_of(manifest, attempt.quiz).pass_mark
    attempt.points = sum((scores[slot.id].points for slot in paper.slots), Decimal(0))
    attempt.passed = bool(attempt.passed) or reaches(attempt.points, attempt.max_points, pass_mark)
    if attempt.status is not AttemptStatus.GRADED:
        attempt.status = AttemptStatus.GRADED
        attempt.graded_at = now
    session.flush()
    record_graded(
        session,
        enrolment,
        quiz=attempt.quiz,
        attempt_id=attempt.id,
        now=now,
        attempt_round=attempt.round,
    )
    if attempt.passed:
        record_quiz_passed(session, enrolment, quiz=attempt.quiz, attempt_id=attempt.id, now=now)
