"""Where an officer is in their courses: read from the records, nothing kept of its own.

The state and due day follow from the dated facts by the rule of `isoxa_grading.completion`; statuses of lessons and
quizzes from the stored work and attempts, by the same rules that guard the start of an attempt.
"""

from __future__ import annotations

from datetime import date, datetime

from isoxa_courses.fields import lesson_order
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.models import Course
from isoxa_courses.text import VIETNAM
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.completion import due_on, is_overdue, state_at

from .attempts.errors import NotEnrolled
from .attempts.find import attempts_by_quiz, current_enrolment, current_enrolments, extra_attempts
from .attempts.standing import QuizStanding, standing_of
from .lesson_standing import LessonStanding, lesson_standings
from .library import CourseLibrary
from .progress_views import (
    AttemptSummary,
    CourseProgress,
    LessonProgress,
    LessonStatus,
    NextStep,
    QuizProgress,
    QuizStatus,
    StepKind,
)
from .tables import Attempt, AttemptStatus, Enrolment, FactKind, TrainingFact

__all__ = ["course_progress", "my_courses"]


def course_progress(
    session: Session, library: CourseLibrary, person_id: int, course: str, now: datetime
) -> CourseProgress:
    """The person's progress in the edition they are enrolled in. Raises `NotEnrolled`, `EditionMissing`."""
    enrolment = current_enrolment(session, person_id, course)
    if enrolment is None:
        raise NotEnrolled
    return _progress(session, library, enrolment, now)


def my_courses(
    session: Session, library: CourseLibrary, person_id: int, now: datetime
) -> list[CourseProgress]:
    """The person's courses, each in the edition they are enrolled in; first enrolled first."""
    return [
        _progress(session, library, enrolment, now) for enrolment in current_enrolments(session, person_id)
    ]


def _progress(
    session: Session, library: CourseLibrary, enrolment: Enrolment, now: datetime
) -> CourseProgress:
    edition = enrolment.edition
    manifest = EditionManifest.from_json(edition.manifest)
    content = library.edition(edition.course, edition.edition)
    standings = lesson_standings(session, enrolment.id, manifest)
    complete = {one.lesson for one in standings.values() if one.complete}
    attempts = attempts_by_quiz(session, enrolment.id)
    extra = extra_attempts(session, enrolment.id)
    quizzes = {
        quiz.id: standing_of(manifest, quiz.id, attempts.get(quiz.id, []), complete, extra.get(quiz.id, 0))
        for quiz in manifest.quizzes
    }
    facts = list(session.scalars(select(TrainingFact).where(TrainingFact.enrolment_id == enrolment.id)))
    today = now.astimezone(VIETNAM).date()
    state = state_at(facts, today)
    due = due_on(facts, today)
    required_lessons = [standings[lesson.id] for lesson in manifest.lessons if lesson.required]
    required_quizzes = [quizzes[quiz.id] for quiz in manifest.quizzes if quiz.required]
    return CourseProgress(
        enrolment_id=enrolment.id,
        course=edition.course,
        edition=edition.edition,
        title=edition.title,
        summary=content.summary,
        state=state,
        due=due,
        overdue=is_overdue(state, due, today),
        completed_on=max((fact.on for fact in facts if fact.kind is FactKind.COMPLETED), default=None),
        valid_until=_valid_until(facts),
        last_activity=_last_activity(facts, standings, attempts),
        lessons=_lessons(manifest, content, standings),
        quizzes=tuple(_quiz(content, quizzes[quiz.id]) for quiz in manifest.quizzes),
        next=_next_step(manifest, standings, quizzes),
        steps_done=sum(one.done for one in required_lessons) + sum(one.passed for one in required_quizzes),
        steps_total=sum(one.total for one in required_lessons) + len(required_quizzes),
    )


def _lessons(
    manifest: EditionManifest, content: Course, standings: dict[str, LessonStanding]
) -> tuple[LessonProgress, ...]:
    found = []
    for lesson in manifest.lessons:
        standing = standings[lesson.id]
        if standing.complete and standing.total:
            status = LessonStatus.COMPLETE
        else:
            status = LessonStatus.IN_PROGRESS if standing.touched else LessonStatus.NOT_STARTED
        entry = content.lesson(lesson.id)
        found.append(
            LessonProgress(
                id=lesson.id,
                number=lesson.number,
                title=lesson.title,
                summary=entry.summary or "",
                minutes=entry.minutes,
                required=lesson.required,
                status=status,
                done=standing.done,
                total=standing.total,
            )
        )
    return tuple(found)


def _quiz(content: Course, standing: QuizStanding) -> QuizProgress:
    entry = standing.entry
    quiz = content.quiz(entry.id)
    best = standing.best
    return QuizProgress(
        id=entry.id,
        title=entry.title,
        after=entry.after,
        required=entry.required,
        status=quiz_status(standing),
        locked_by=standing.locked_by,
        pass_mark=entry.pass_mark,
        max_points=entry.max_points,
        slots=len(quiz.slots),
        time_limit_minutes=quiz.time_limit_minutes,
        attempts_used=standing.used,
        attempts_allowed=standing.allowed,
        open_attempt=standing.open.id if standing.open else None,
        waiting=standing.waiting is not None,
        passed=standing.passed,
        can_start=standing.can_start,
        best=_summary(best) if best else None,
        submitted=tuple(_summary(one) for one in standing.attempts if one.status is not AttemptStatus.OPEN),
    )


def quiz_status(standing: QuizStanding) -> QuizStatus:
    """One word for a standing: what is being done comes first, then what was reached, then what may be done."""
    if standing.open is not None:
        return QuizStatus.OPEN
    if standing.passed:
        return QuizStatus.PASSED
    if standing.waiting is not None:
        return QuizStatus.WAITING
    if standing.locked_by is not None:
        return QuizStatus.LOCKED
    if not standing.attempts:
        return QuizStatus.AVAILABLE
    return QuizStatus.FAILED if standing.can_start else QuizStatus.NONE_LEFT


def _summary(attempt: Attempt) -> AttemptSummary:
    return AttemptSummary(
        id=attempt.id,
        number=attempt.number,
        submitted_at=attempt.submitted_at,
        points=attempt.points,
        max_points=attempt.max_points,
        passed=attempt.passed,
    )


def _next_step(
    manifest: EditionManifest, lessons: dict[str, LessonStanding], quizzes: dict[str, QuizStanding]
) -> NextStep | None:
    """An open attempt first; then the course in its order, each quiz after its lesson, the required parts only."""
    for quiz in manifest.quizzes:
        if quizzes[quiz.id].open is not None:
            return NextStep(StepKind.QUIZ, quiz.id, quiz.title)
    asked = [quiz for quiz in manifest.quizzes if quiz.required and not quizzes[quiz.id].passed]
    for lesson in sorted(manifest.lessons, key=lambda one: lesson_order(one.number)):
        if lesson.required and not lessons[lesson.id].complete:
            return NextStep(StepKind.LESSON, lesson.id, lesson.title)
        for quiz in asked:
            if quiz.after == lesson.id and quizzes[quiz.id].can_start:
                return NextStep(StepKind.QUIZ, quiz.id, quiz.title)
    for quiz in asked:
        standing = quizzes[quiz.id]
        if standing.can_start:
            return NextStep(StepKind.QUIZ, quiz.id, quiz.title)
        if standing.locked_by is not None:
            # A quiz that is required may stand behind a lesson that is not.
            lesson = next(one for one in manifest.lessons if one.id == standing.locked_by)
            return NextStep(StepKind.LESSON, lesson.id, lesson.title)
    return None


def _valid_until(facts: list[TrainingFact]) -> date | None:
    return max(
        (fact.value for fact in facts if fact.kind is FactKind.VALID_UNTIL and fact.value is not None),
        default=None,
    )


def _last_activity(
    facts: list[TrainingFact], lessons: dict[str, LessonStanding], attempts: dict[str, list[Attempt]]
) -> datetime | None:
    moments = [one.last_saved_at for one in lessons.values() if one.last_saved_at is not None]
    moments += [fact.recorded_at for fact in facts if fact.kind is FactKind.STARTED]
    for ones in attempts.values():
        moments += [one.submitted_at or one.started_at for one in ones]
    return max(moments, default=None)
