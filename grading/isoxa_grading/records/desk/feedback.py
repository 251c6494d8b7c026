"""What officers are told: a trainer marked what they wrote, or gave an attempt back. Until they have seen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, contains_eager

from ..attempts.find import current_enrolments
from ..attempts.paper import Paper
from ..attempts.reopening import Reopened, last_reopened, open_again
from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus, Enrolment, SlotScore


@dataclass(frozen=True)
class Feedback:
    """An attempt with a trainer's mark that its officer has not seen yet."""

    course: str
    attempt_id: str
    quiz_title: str


@dataclass(frozen=True)
class GivenBack:
    """An attempt that a trainer opened again, and how."""

    course: str
    quiz: str
    quiz_title: str
    reopened: Reopened


def given_back(session: Session, library: CourseLibrary, person_id: int) -> list[GivenBack]:
    """The person's attempts that were opened again and not yet submitted, of courses they are enrolled in."""
    enrolled = {one.id for one in current_enrolments(session, person_id)}
    found = []
    for attempt in open_again(session, person_id):
        reopened = last_reopened(session, attempt)
        if reopened is not None and attempt.enrolment_id in enrolled:
            title = Paper.of(library, attempt).quiz.title
            found.append(GivenBack(attempt.enrolment.edition.course, attempt.quiz, title, reopened))
    return found


def unseen(session: Session, library: CourseLibrary, person_id: int) -> list[Feedback]:
    """The person's attempts with marks they have not seen, latest submission first."""
    query = (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.edition)
        .where(
            Enrolment.person_id == person_id,
            Attempt.status != AttemptStatus.OPEN,
            exists().where(*_news()),
        )
        .order_by(Attempt.submitted_at.desc(), Attempt.id)
        .options(contains_eager(Attempt.enrolment).contains_eager(Enrolment.edition))
    )
    return [
        Feedback(one.enrolment.edition.course, one.id, Paper.of(library, one).quiz.title)
        for one in session.scalars(query)
    ]


def is_news(session: Session, attempt_id: str) -> bool:
    """Whether the attempt has a mark its officer has not seen."""
    query = select(Attempt.id).where(Attempt.id == attempt_id, exists().where(*_news()))
    return session.scalar(query) is not None


def mark_seen(session: Session, attempt_id: str, person_id: int, now: datetime) -> None:
    """The officer looked at the result."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is not None and attempt.enrolment.person_id == person_id:
        attempt.result_seen_at = now


def _news() -> tuple[ColumnElement[bool], ...]:
    return (
        SlotScore.attempt_id == Attempt.id,
        SlotScore.round == Attempt.round,
        SlotScore.source != "auto",
        or_(Attempt.result_seen_at.is_(None), SlotScore.at > Attempt.result_seen_at),
    )
