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
    session: Session,
    library: CourseLibrary,
    attempt_id: str,
    person_id: int,
    now: datetime,
    seen_round: int | None = None,
) -> tuple[Attempt, bool]:
    """The submitted attempt, and whether this call submitted it. Raises `NotYours`.

    What is scored is the last answer of each slot that came by the deadline. An unanswered slot gets 0 whatever its
    type; a written answer waits for a trainer, and the attempt with it.

    ``seen_round``: the round that the page shows. A submit of an earlier one that comes again late (a connection that
    was lost) must not hand in the attempt that a trainer has opened again meanwhile.
    """
    attempt = owned_attempt(session, attempt_id, person_id, lock=True)
    if attempt.status is not AttemptStatus.OPEN or seen_round not in (None, attempt.round):
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
            round=attempt.round,
            revision=1,
            points=score.points,
            max_points=score.max_points,
            source="auto",
            at=now,
        )
    session.add_all(scores.values())
    session.flush()
    record_submitted(
        session,
        attempt.enrolment,
        quiz=attempt.quiz,
        attempt_id=attempt.id,
        now=now,
        attempt_round=attempt.round,
    )
    settle(session, attempt, paper, scores, now)
    return attempt, True
