"""Handing in: freeze, score by pure functions, record; once, however often it is asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from isoxa_grading.completion import record_submitted

from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus, SlotScore
from .find import answers_of, owned_attempt
from .paper import Paper
from .scores import settle


def submit_attempt(
    session: Session, library: CourseLibrary, attempt_id: str, person_id: int, now: datetime
) -> tuple[Attempt, bool]:
    """The submitted attempt, and whether this call submitted it. Raises `NotYours`.

    What is scored is the last answer of each slot that came by the deadline. An unanswered slot gets 0 whatever its
    type; a written answer waits for a trainer, and the attempt with it.
    """
    attempt = owned_attempt(session, attempt_id, person_id, lock=True)
    if attempt.status is not AttemptStatus.OPEN:
        return attempt, False
    paper = Paper.of(library, attempt)
    answers = answers_of(session, [attempt.id])[attempt.id]
    attempt.status = AttemptStatus.SUBMITTED
    attempt.submitted_at = now
    scores: dict[str, SlotScore] = {}
    for slot in paper.slots:
        stored = answers.get(slot.id)
        counting = stored.counting if stored else None
        score = paper.score(slot.id, counting.answer if counting else None)
        if score.points is None:
            continue
        scores[slot.id] = SlotScore(
            attempt_id=attempt.id,
            slot=slot.id,
            revision=1,
            points=score.points,
            max_points=score.max_points,
            source="auto",
            at=now,
        )
    session.add_all(scores.values())
    session.flush()
    record_submitted(session, attempt.enrolment, quiz=attempt.quiz, attempt_id=attempt.id, now=now)
    settle(session, attempt, paper, scores, now)
    return attempt, True
