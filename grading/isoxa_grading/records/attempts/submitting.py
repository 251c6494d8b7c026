"""Handing in: freeze, score by pure functions, record; once, however often it is asked for.

Officers hand in together: at the end of a class, or a minute before a deadline. So many submits are one transaction
(see `.together`): read with a few statements, scored one by one, written with a few statements. What is wrong with
one of them is told to that one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from isoxa_courses.errors import ContentError
from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from ..library import CourseLibrary, EditionMissing
from ..tables import Attempt, AttemptStatus, SlotScore
from .errors import NotYours
from .find import SlotAnswers, StoredScore, answers_of, find_attempts
from .paper import Paper
from .present import KnownSlots
from .scores import Scored, note, settle_all

# The table itself: nobody needs these rows as objects.
_NEW_SCORES = insert(cast(Table, SlotScore.__table__))


@dataclass(frozen=True)
class HandIn:
    """An officer's wish to hand an attempt in.

    ``seen_round``: the round that the page shows. A submit of an earlier one that comes again late (a connection that
    was lost) must not hand in the attempt that a trainer has opened again meanwhile. ``brief``: a `Receipt` is enough.
    """

    attempt_id: str
    person_id: int
    at: datetime
    seen_round: int | None = None
    brief: bool = False


@dataclass(frozen=True)
class HandedIn:
    """The submitted attempt; ``known``: what it came to, where it is this very wish that submitted it."""

    attempt: Attempt
    known: KnownSlots | None


def submit_attempts(
    session: Session, library: CourseLibrary, wishes: Sequence[HandIn]
) -> list[HandedIn | Exception]:
    """What became of each wish; an exception (`NotYours`, `EditionMissing`, …) means that nothing was changed for it.

    What is scored is the last answer of each slot that came by the deadline. An unanswered slot gets 0 whatever its
    type; a written answer waits for a trainer, and the attempt with it.
    """
    attempts = find_attempts(session, {wish.attempt_id for wish in wishes})
    open_ids = [one.id for one in attempts.values() if one.status is AttemptStatus.OPEN]
    answers = answers_of(session, open_ids)
    outcomes: list[HandedIn | Exception] = []
    scored: list[Scored] = []
    for wish in wishes:
        attempt = attempts.get(wish.attempt_id)
        if attempt is None or attempt.enrolment.person_id != wish.person_id:
            outcomes.append(NotYours())
            continue
        if attempt.status is not AttemptStatus.OPEN or wish.seen_round not in (None, attempt.round):
            outcomes.append(HandedIn(attempt, None))
            continue
        try:
            paper = Paper.of(library, attempt)
            scores = _scores(attempt, paper, answers[attempt.id], wish.at)
        except (EditionMissing, ContentError) as error:
            outcomes.append(error)
            continue
        note(attempt, status=AttemptStatus.SUBMITTED, submitted_at=wish.at)
        scored.append(Scored(attempt, paper, scores, wish.at, submitted=True))
        outcomes.append(HandedIn(attempt, KnownSlots(answers[attempt.id], scores)))
    rows = [_row(score, one.attempt.round) for one in scored for score in one.scores.values()]
    if rows:
        session.execute(_NEW_SCORES, rows)
    settle_all(session, scored)
    return outcomes


def _scores(
    attempt: Attempt, paper: Paper, answers: dict[str, SlotAnswers], now: datetime
) -> dict[str, StoredScore]:
    scores = {}
    for slot in paper.slots:
        stored = answers.get(slot.id)
        counting = stored.counting if stored else None
        score = paper.score(slot.id, counting.answer if counting else None)
        if score.points is not None:
            scores[slot.id] = StoredScore(
                attempt_id=attempt.id,
                slot=slot.id,
                revision=1,
                points=score.points,
                max_points=score.max_points,
                source="auto",
                grader_account_id=None,
                comment=None,
                reason=None,
                rubric=None,
                at=now,
            )
    return scores


def _row(score: StoredScore | SlotScore, attempt_round: int) -> dict[str, Any]:
    return {
        "attempt_id": score.attempt_id,
        "slot": score.slot,
        "round": attempt_round,
        "revision": score.revision,
        "points": score.points,
        "max_points": score.max_points,
        "source": score.source,
        "at": score.at,
    }
