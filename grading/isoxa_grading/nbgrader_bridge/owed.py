"""What the records owe nbgrader, read from the outbox: a few statements for a batch, however many officers are in it.

nbgrader holds one submission a student and assignment, and that is the attempt that counts, not the one that changed:
so several outbox rows of one officer and quiz are one submission to write. Where nothing counts because a trainer
reopened the only attempt, nbgrader goes on holding the round that was submitted last, as it does for an assignment
that is to be handed in again: until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from isoxa_courses.drawing import DrawnQuiz
from isoxa_courses.models import Quiz
from sqlalchemy import Integer, Row, Table, bindparam, func, select
from sqlalchemy.orm import Session

from ..records.attempts.find import StoredScore, answers_of, best_of, scores_of, scores_of_round
from ..records.attempts.reopening import ended_rounds
from ..records.library import CourseLibrary
from ..records.tables import (
    Attempt,
    AttemptStatus,
    CourseEdition,
    Enrolment,
    OutboxItem,
    Person,
    QuizVersion,
)
from .course_folder import names_for_gradebook, student_name
from .gradebook import CellGrade, SubmissionScores
from .source_notebook import grade_cell_id
from .submission import AnsweredSlot

_OfQuiz = tuple[int, str]
"""Enrolment id, quiz."""


# The statements are made once, on the tables themselves: each submit comes here, and to build one takes longer than to
# answer it.
_OUTBOX, _ATTEMPT, _ENROLMENT, _EDITION, _VERSION, _PERSON = (
    cast(Table, one.__table__) for one in (OutboxItem, Attempt, Enrolment, CourseEdition, QuizVersion, Person)
)
_WAITING = (
    _OUTBOX.join(_ATTEMPT, _ATTEMPT.c.id == _OUTBOX.c.attempt_id)
    .join(_ENROLMENT, _ENROLMENT.c.id == _ATTEMPT.c.enrolment_id)
    .join(_EDITION, _EDITION.c.id == _ENROLMENT.c.edition_id)
)
_OF_COURSE = (
    select(_OUTBOX.c.id, _OUTBOX.c.attempt_id, _ATTEMPT.c.enrolment_id, _ATTEMPT.c.quiz)
    .select_from(_WAITING)
    .where(_OUTBOX.c.done_at.is_(None), _EDITION.c.course == bindparam("course"))
    .order_by(_OUTBOX.c.id)
    .limit(bindparam("most", type_=Integer))
)
_COURSES = select(_EDITION.c.course).select_from(_WAITING).where(_OUTBOX.c.done_at.is_(None)).distinct()
_MAY_COUNT = select(
    *(_ATTEMPT.c[name] for name in ("id", "enrolment_id", "quiz", "number", "status", "points"))
).where(_ATTEMPT.c.enrolment_id.in_(bindparam("enrolments", expanding=True)))
_ATTEMPTS = (
    select(
        _ATTEMPT.c.id,
        _ATTEMPT.c.quiz,
        _ATTEMPT.c.status,
        _ATTEMPT.c.drawn,
        _ATTEMPT.c.submitted_at,
        _VERSION.c.assignment,
        _PERSON.c.id.label("person_id"),
        _PERSON.c.full_name,
        _EDITION.c.course,
        _EDITION.c.edition,
    )
    .select_from(
        _ATTEMPT.join(_VERSION, _VERSION.c.id == _ATTEMPT.c.quiz_version_id)
        .join(_ENROLMENT, _ENROLMENT.c.id == _ATTEMPT.c.enrolment_id)
        .join(_PERSON, _PERSON.c.id == _ENROLMENT.c.person_id)
        .join(_EDITION, _EDITION.c.id == _ENROLMENT.c.edition_id)
    )
    .where(_ATTEMPT.c.id.in_(bindparam("attempts", expanding=True)))
)


@dataclass(frozen=True)
class Submission:
    """One submission to write: everything read from the records, nothing of the session left in it."""

    course: str
    quiz: Quiz
    scores: SubmissionScores
    answered: dict[str, AnsweredSlot]


@dataclass(frozen=True)
class Owed:
    """``items``: ids of the outbox rows that are done once ``submissions`` are written."""

    items: tuple[int, ...]
    submissions: tuple[Submission, ...]


def how_many_owed(session: Session) -> int:
    """Outbox rows that wait."""
    query = select(func.count()).select_from(OutboxItem).where(OutboxItem.done_at.is_(None))
    return session.scalar(query) or 0


def courses_owed(session: Session) -> list[str]:
    """Courses that any outbox row waits for."""
    return sorted(session.scalars(_COURSES))


def read_owed(session: Session, library: CourseLibrary, course: str, limit: int) -> Owed:
    """The oldest ``limit`` outbox rows of a course that wait, and what is to be written for them."""
    waiting = session.execute(_OF_COURSE, {"course": course, "most": limit}).all()
    if not waiting:
        return Owed((), ())
    changed = {(row.enrolment_id, row.quiz): row.attempt_id for row in waiting}
    chosen = changed | _counting(session, changed)
    attempts = _attempts(session, chosen.values())
    answers = answers_of(session, list(attempts))
    scores = scores_of(session, list(attempts))
    submissions = []
    for id_ in chosen.values():
        attempt, submitted_at = attempts[id_], attempts[id_].submitted_at
        if attempt.status is AttemptStatus.OPEN:
            ended = ended_rounds(session, id_)
            if not ended:
                continue
            submitted_at = ended[-1].submitted_at
            answers |= answers_of(session, [id_], until=submitted_at)
            scores[id_] = scores_of_round(session, id_, ended[-1].round)
        quiz = library.quiz(attempt.course, attempt.edition, attempt.quiz)
        counting = {slot: one.counting.answer for slot, one in answers[id_].items() if one.counting}
        submissions.append(_submission(attempt, quiz, counting, scores[id_], submitted_at))
    return Owed(tuple(row.id for row in waiting), tuple(submissions))


def _counting(session: Session, changed: Collection[_OfQuiz]) -> dict[_OfQuiz, str]:
    """The attempt that counts of each enrolment and quiz, for those that have one."""
    enrolments = {"enrolments": list({enrolment for enrolment, _quiz in changed})}
    of_quiz: dict[_OfQuiz, list[Any]] = {}
    for row in session.execute(_MAY_COUNT, enrolments).all():
        of_quiz.setdefault((row.enrolment_id, row.quiz), []).append(row)
    best = {key: best_of(of_quiz[key]) for key in changed}
    return {key: attempt.id for key, attempt in best.items() if attempt is not None}


def _attempts(session: Session, ids: Iterable[str]) -> dict[str, Row[Any]]:
    rows: Any = session.execute(_ATTEMPTS, {"attempts": list(ids)}).all()
    return {row.id: row for row in rows}


def _submission(
    attempt: Row[Any],
    quiz: Quiz,
    answers: dict[str, Any],
    scores: dict[str, StoredScore],
    submitted_at: datetime,
) -> Submission:
    variants = {one.slot: one.variant for one in DrawnQuiz.from_json(attempt.drawn).slots}
    answered: dict[str, AnsweredSlot] = {}
    grades: dict[str, CellGrade] = {}
    for slot in quiz.slots:
        answer = answers.get(slot.id)
        score = scores.get(slot.id)
        points = score.points if score else None
        answered[slot.id] = AnsweredSlot(variants[slot.id], answer, points)
        by_trainer = score is not None and score.source != "auto"
        grades[grade_cell_id(slot)] = CellGrade(
            auto=None if by_trainer and slot.judged_by_trainer else points,
            manual=points if by_trainer else None,
            comment=score.comment if score else None,
            # What nbgrader itself says of a solution cell left as it was released.
            auto_comment="No response." if answer is None and slot.judged_by_trainer else None,
        )
    given, family = names_for_gradebook(attempt.full_name)
    return Submission(
        course=attempt.course,
        quiz=quiz,
        answered=answered,
        scores=SubmissionScores(
            student=student_name(attempt.person_id),
            first_name=given,
            last_name=family,
            assignment=attempt.assignment,
            submitted_at=submitted_at,
            grades=grades,
        ),
    )
