"""Beginning an attempt: at most one open per officer and quiz, and the same draw however often it is asked for."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from isoxa_courses.drawing import attempt_seed, draw_quiz
from isoxa_courses.manifest import EditionManifest
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.completion import record_started

from ..lesson_standing import complete_lessons
from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus, Enrolment, QuizVersion
from .errors import Refusal
from .find import attempts_of, current_enrolment, extra_attempts
from .standing import entry_of, not_enrolled, refused, standing_of


def start_attempt(
    session: Session,
    library: CourseLibrary,
    secret: bytes,
    person_id: int,
    course: str,
    quiz: str,
    now: datetime,
) -> Attempt:
    """The open attempt, or a new one. Raises `AttemptRefused`, `NoSuchSlot` (no such quiz).

    Two requests at once: on SQLite writers take turns; on PostgreSQL the enrolment's row lock makes them. The unique
    constraint on (enrolment, quiz, number) stands behind both.
    """
    enrolment = current_enrolment(session, person_id, course, lock=True)
    if enrolment is None:
        raise not_enrolled()
    manifest = EditionManifest.from_json(enrolment.edition.manifest)
    attempts = attempts_of(session, enrolment.id, entry_of(manifest, quiz).id)
    standing = standing_of(
        manifest,
        quiz,
        attempts,
        complete_lessons(session, enrolment.id, manifest),
        extra_attempts(session, enrolment.id).get(quiz, 0),
    )
    if standing.open is not None:
        return standing.open
    if standing.refusal is not None:
        raise refused(standing, manifest, standing.refusal)
    version = session.scalar(
        select(QuizVersion).where(
            QuizVersion.course == course,
            QuizVersion.quiz == quiz,
            QuizVersion.version == standing.entry.version,
        )
    )
    if version is None:
        raise refused(standing, manifest, Refusal.NOT_BUILT)
    attempt = _new_attempt(library, secret, enrolment, version, standing.used + 1, now)
    session.add(attempt)
    session.flush()
    record_started(session, enrolment, now=now)
    return attempt


def _new_attempt(
    library: CourseLibrary,
    secret: bytes,
    enrolment: Enrolment,
    version: QuizVersion,
    number: int,
    now: datetime,
) -> Attempt:
    edition = enrolment.edition
    quiz = library.quiz(edition.course, edition.edition, version.quiz)
    # The edition too: who takes the course again years later is not given the same draw.
    seed = attempt_seed(secret, enrolment.person_id, f"{edition.course}/{edition.edition}/{quiz.id}", number)
    limit = quiz.time_limit_minutes
    return Attempt(
        id=uuid.uuid4().hex,
        enrolment=enrolment,
        quiz=quiz.id,
        quiz_version=version,
        number=number,
        seed=seed,
        drawn=draw_quiz(quiz, seed).to_json(),
        status=AttemptStatus.OPEN,
        started_at=now,
        deadline_at=now + timedelta(minutes=limit) if limit else None,
        max_points=quiz.max_points,
    )
