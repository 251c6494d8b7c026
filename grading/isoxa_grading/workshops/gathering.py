"""What a participant takes home: their own records of one course, as the content of a result file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from isoxa_courses.drawing import DrawnQuiz
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.attempts.find import answers_of
from isoxa_grading.records.attempts.paper import Paper
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    Attempt,
    AttemptStatus,
    Enrolment,
    LessonWork,
    Membership,
    WorkshopEntry,
)

from . import result_file
from .codes import name_of
from .errors import WorkshopRefused

__all__ = ["content_of", "open_attempts"]


def content_of(
    session: Session, library: CourseLibrary, entry: WorkshopEntry, course: str, *, now: datetime
) -> result_file.Content:
    """Everything of one course that is handed in or saved. Raises `WorkshopRefused` if they are not enrolled.

    An attempt that is still open is left out: its seed would tell what is behind its ids.
    """
    person = entry.account.person
    enrolment = None if person is None else current_enrolment(session, person.id, course)
    if person is None or enrolment is None:
        raise WorkshopRefused("Anh/chị chưa được ghi danh vào khóa học này, nên chưa có kết quả để mang về.")
    service = session.scalars(
        select(Membership)
        .where(Membership.person_id == person.id, Membership.valid_to.is_(None))
        .order_by(Membership.id.desc())
    ).first()
    edition = enrolment.edition
    return result_file.Content(
        course=result_file.CourseName(edition.course, edition.edition, edition.content_sha256),
        participant=result_file.Participant(
            key=entry.key,
            full_name=person.full_name,
            unit_code=service.unit.code if service else "?",
            unit_name=service.unit.name if service else "",
            position=(service.position or "") if service else "",
            quality_role=service.quality_role.value if service and service.quality_role else "",
            staff_code=person.staff_code or "",
        ),
        joined_at=entry.joined_at,
        made_at=now,
        lessons=_lessons(session, enrolment),
        attempts=_attempts(session, library, enrolment),
        class_name=name_of(entry.class_code) if entry.class_code else "",
    )


def open_attempts(session: Session, enrolment_id: int) -> list[str]:
    """Quizzes that are begun and not handed in."""
    query = select(Attempt.quiz).where(
        Attempt.enrolment_id == enrolment_id, Attempt.status == AttemptStatus.OPEN
    )
    return list(session.scalars(query.order_by(Attempt.started_at)))


def _lessons(session: Session, enrolment: Enrolment) -> list[result_file.LessonItem]:
    kept = session.scalars(
        select(LessonWork)
        .where(LessonWork.enrolment_id == enrolment.id)
        .order_by(LessonWork.lesson, LessonWork.item)
    )
    return [result_file.LessonItem(one.lesson, one.item, one.state, one.saved_at) for one in kept]


def _attempts(session: Session, library: CourseLibrary, enrolment: Enrolment) -> list[result_file.Attempt]:
    query = (
        select(Attempt)
        .where(Attempt.enrolment_id == enrolment.id, Attempt.status != AttemptStatus.OPEN)
        .order_by(Attempt.submitted_at, Attempt.id)
    )
    handed_in = session.scalars(query).all()
    answers = answers_of(session, [one.id for one in handed_in])
    made = []
    for attempt in handed_in:
        paper = Paper.of(library, attempt)
        counting = {
            slot: stored.counting.answer
            for slot, stored in answers[attempt.id].items()
            if stored.counting is not None and stored.counting.answer is not None
        }
        made.append(_as_taken(attempt, paper, counting))
    return made


def _as_taken(attempt: Attempt, paper: Paper, answers: dict[str, Any]) -> result_file.Attempt:
    return result_file.Attempt(
        id=attempt.id,
        quiz=attempt.quiz,
        version=attempt.quiz_version.version,
        number=attempt.number,
        seed=attempt.seed,
        variants={one.slot: one.variant for one in DrawnQuiz.from_json(attempt.drawn).slots},
        answers={slot: paper.publish(slot, answer) for slot, answer in answers.items()},
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at or attempt.started_at,
        points=None if attempt.points is None else str(attempt.points),
        max_points=str(attempt.max_points),
    )
