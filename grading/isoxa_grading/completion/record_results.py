"""What attempts came to, for many at once: officers who hand in together are recorded together.

Adds the same facts as ``record_submitted``, ``record_graded`` and ``record_quiz_passed`` called for one after another
(a test holds it to that), takes the same locks, and called again it adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.tables.training import CourseEdition, Enrolment, FactKind, TrainingFact

from .record import _STARTED, _complete_if_due, _insert, _New, _of, _row
from .requirements import Requirements
from .standing import refresh

__all__ = ["AttemptResult", "record_results"]


@dataclass(frozen=True)
class AttemptResult:
    """One round of one attempt: ``submitted`` just now, ``graded`` (each slot has a score), ``passed``; and when."""

    enrolment: Enrolment
    quiz: str
    attempt_id: str
    attempt_round: int
    submitted: bool
    graded: bool
    passed: bool
    at: datetime

    def facts(self) -> list[_New]:
        """What it adds, in order."""
        source = _of(self.attempt_id, self.attempt_round)
        new = []
        if self.submitted:
            new += [_STARTED, _New(FactKind.SUBMITTED, self.quiz, source)]
        if self.graded:
            new.append(_New(FactKind.GRADED, self.quiz, source))
        if self.graded and self.passed:
            # Of the attempt, whichever round: see ``record_quiz_passed``.
            new += [_STARTED, _New(FactKind.QUIZ_PASSED, self.quiz, self.attempt_id)]
        return new


def record_results(session: Session, results: Sequence[AttemptResult]) -> None:
    """Add the facts of all results; those that complete a course complete it."""
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        # In the order of ids: two batches wait for each other instead of locking crosswise.
        locked = sorted({one.enrolment.id for one in results})
        session.execute(
            select(Enrolment.id).where(Enrolment.id.in_(locked)).order_by(Enrolment.id).with_for_update()
        )
    _insert(session, [_row(one.enrolment, one.at, fact) for one in results for fact in one.facts()])
    by_edition: dict[int, set[int]] = {}
    for one in results:
        by_edition.setdefault(one.enrolment.edition_id, set()).add(one.enrolment.id)
    for edition_id, ids in by_edition.items():
        refresh(session, session.get_one(CourseEdition, edition_id), sorted(ids), enrolling=False)
    # One look an enrolment, after all of its results; what completed it is a pass, if there is one.
    graded = {one.enrolment.id: one for one in sorted(results, key=lambda one: one.passed) if one.graded}
    for one in _may_be_complete(session, graded):
        _complete_if_due(session, one.enrolment, one.at, source_id=one.attempt_id)


def _may_be_complete(session: Session, graded: dict[int, AttemptResult]) -> list[AttemptResult]:
    """Those whose enrolment has every fact that its edition requires, whether it is complete already or not."""
    if not graded:
        return []
    kinds = FactKind.LESSON_COMPLETED, FactKind.QUIZ_PASSED
    rows = session.execute(
        select(TrainingFact.enrolment_id, TrainingFact.kind, TrainingFact.subject).where(
            TrainingFact.enrolment_id.in_(graded), TrainingFact.kind.in_(kinds)
        )
    )
    met: dict[int, set[tuple[FactKind, str]]] = {}
    for row in rows:
        met.setdefault(row.enrolment_id, set()).add((row.kind, row.subject))
    required: dict[int, set[tuple[FactKind, str]]] = {}
    found = []
    for enrolment_id, one in graded.items():
        edition_id = one.enrolment.edition_id
        if edition_id not in required:
            asked = Requirements.from_manifest(session.get_one(CourseEdition, edition_id).manifest)
            required[edition_id] = {(FactKind.LESSON_COMPLETED, lesson) for lesson in asked.lessons} | {
                (FactKind.QUIZ_PASSED, quiz) for quiz in asked.quizzes
            }
        if met.get(enrolment_id, set()).issuperset(required[edition_id]):
            found.append(one)
    return found
