"""Points lost by clause of the standard, by commune: where a department's officers misunderstand it.

Of each officer the first attempt at a quiz counts, in its first round, as in the trainers' item analysis: later ones
were made after having seen the result. Which clauses a question tests is said by the course, not by the records.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import Integer, func, select, type_coerce
from sqlalchemy.orm import aliased

from isoxa_grading.records.library import CourseLibrary, EditionMissing
from isoxa_grading.records.tables.training import Attempt, AttemptStatus, SlotScore

from .survey import Survey

SlotClauses = Callable[[str, str], Mapping[str, Sequence[str]]]
"""From an edition and a quiz of it to the clauses that each slot tests."""

_BETWEEN = re.compile(r"\s*;\s*")


def clauses_in(library: CourseLibrary, course: str) -> SlotClauses:
    """What the course's own files say; nothing of an edition that is not on this server."""

    def of_slots(edition: str, quiz: str) -> dict[str, tuple[str, ...]]:
        try:
            slots = library.quiz(course, edition, quiz).slots
        except EditionMissing:
            return {}
        return {slot.id: tuple(dict.fromkeys(_clauses(slot.clause))) for slot in slots}

    return of_slots


def clause_points(asked: Survey, clauses: SlotClauses) -> Iterator[dict[str, Any]]:
    """A row a commune, quiz and clause with scored answers: unit_id, quiz, quiz_title, clause, answers, points,
    max_points, share_lost (0–1). An answer that tests two clauses counts for both.
    """
    editions = {edition.id: edition for edition in asked.editions}
    tested: dict[tuple[int, str], Mapping[str, Sequence[str]]] = {}
    titles: dict[str, str] = {}
    found: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for unit_id, edition_id, quiz, slot, *figures in asked.session.execute(_scores(asked)):
        edition = editions[edition_id]
        if (edition_id, quiz) not in tested:
            tested[edition_id, quiz] = clauses(edition.name, quiz)
        titles.setdefault(quiz, edition.quiz_titles.get(quiz, quiz))
        for clause in tested[edition_id, quiz].get(slot, ()):
            known = found[unit_id, quiz, clause]
            for place, figure in enumerate(figures):
                known[place] += figure
    for (unit_id, quiz, clause), (answers, points, most) in sorted(found.items()):
        yield {
            "unit_id": unit_id,
            "quiz": quiz,
            "quiz_title": titles[quiz],
            "clause": clause,
            "answers": answers,
            "points": points / 100,
            "max_points": most / 100,
            "share_lost": 1 - points / most if most else None,
        }


def _clauses(written: str | None) -> list[str]:
    return [clause for clause in _BETWEEN.split((written or "").strip(" ;")) if clause]


def _scores(asked: Survey) -> Any:
    """By commune, edition, quiz and slot: answers scored, points and most points, in hundredths."""
    morning_after = datetime.combine(asked.as_of + timedelta(days=1), time(), VIETNAM)
    learner = asked.learners().select().subquery("learner")
    earlier, newer = aliased(Attempt, name="earlier"), aliased(SlotScore, name="newer")
    before = (
        select(earlier.id)
        .where(
            earlier.enrolment_id == Attempt.enrolment_id,
            earlier.quiz == Attempt.quiz,
            earlier.number < Attempt.number,
            earlier.status != AttemptStatus.OPEN,
        )
        .exists()
    )
    again = (
        select(newer.id)
        .where(
            newer.attempt_id == SlotScore.attempt_id,
            newer.slot == SlotScore.slot,
            newer.round == 1,
            newer.revision > SlotScore.revision,
            newer.at < morning_after,
        )
        .exists()
    )
    return (
        select(
            learner.c.unit_id,
            learner.c.edition_id,
            Attempt.quiz,
            SlotScore.slot,
            func.count(),
            func.sum(type_coerce(SlotScore.points, Integer)),
            func.sum(type_coerce(SlotScore.max_points, Integer)),
        )
        .join(Attempt, Attempt.enrolment_id == learner.c.enrolment_id)
        .join(SlotScore, SlotScore.attempt_id == Attempt.id)
        .where(
            Attempt.status != AttemptStatus.OPEN,
            SlotScore.round == 1,
            SlotScore.at < morning_after,
            ~before,
            ~again,
        )
        .group_by(learner.c.unit_id, learner.c.edition_id, Attempt.quiz, SlotScore.slot)
    )
