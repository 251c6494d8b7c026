"""What the course pages are given: where an officer is in a course, and what is next. Words live in the portal.

``to_json`` are the bodies of ``GET /api/courses/C`` and ``GET /api/courses/C/quizzes/Q`` (contracts, section 6),
without the addresses, which the portal adds.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from isoxa_grading.completion import State

from .attempts.views import number


class LessonStatus(enum.StrEnum):
    """How far a lesson is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"


class QuizStatus(enum.StrEnum):
    """How far a quiz is. ``failed``: may be tried again; ``none_left``: not passed, and no attempt is left."""

    LOCKED = "locked"
    AVAILABLE = "available"
    OPEN = "open"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    NONE_LEFT = "none_left"


class StepKind(enum.StrEnum):
    """What a next step leads to."""

    LESSON = "lesson"
    QUIZ = "quiz"


@dataclass(frozen=True, kw_only=True)
class LessonProgress:
    """One lesson; ``done`` of ``total`` items that count. ``minutes``: how long it takes by its author's estimate."""

    id: str
    number: int | str
    title: str
    summary: str
    minutes: int
    required: bool
    status: LessonStatus
    done: int
    total: int

    def to_json(self) -> dict[str, Any]:
        """One of ``lessons``."""
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "required": self.required,
            "status": self.status.value,
            "done": self.done,
            "total": self.total,
        }


@dataclass(frozen=True, kw_only=True)
class AttemptSummary:
    """A past attempt in one line; ``points`` and ``passed`` are None while it waits."""

    id: str
    number: int
    submitted_at: datetime | None
    points: Decimal | None
    max_points: Decimal
    passed: bool | None

    def to_json(self) -> dict[str, Any]:
        """``best`` and one of ``attempts``."""
        return {
            "id": self.id,
            "number": self.number,
            "submitted_at": self.submitted_at.isoformat() if self.submitted_at else None,
            "points": number(self.points),
            "max_points": number(self.max_points),
            "passed": self.passed,
        }


@dataclass(frozen=True, kw_only=True)
class QuizProgress:
    """One quiz. ``after``: the lesson it comes after; ``locked_by``: that lesson while it is not complete.

    ``open_attempt``: id of the attempt being worked on. ``submitted``: past attempts, first to last.
    """

    id: str
    title: str
    after: str | None
    required: bool
    status: QuizStatus
    locked_by: str | None
    pass_mark: int
    max_points: Decimal
    slots: int
    time_limit_minutes: int | None
    attempts_used: int
    attempts_allowed: int
    open_attempt: str | None
    waiting: bool
    passed: bool
    can_start: bool
    best: AttemptSummary | None
    submitted: tuple[AttemptSummary, ...]

    def to_json(self) -> dict[str, Any]:
        """``GET /api/courses/C/quizzes/Q``, and one of a course's ``quizzes``."""
        return {
            "id": self.id,
            "title": self.title,
            "after": self.after,
            "required": self.required,
            "status": self.status.value,
            "points": number(self.max_points),
            "slots": self.slots,
            "pass_mark": self.pass_mark,
            "time_limit_minutes": self.time_limit_minutes,
            "attempts_used": self.attempts_used,
            "attempts_allowed": self.attempts_allowed,
            "open_attempt": self.open_attempt,
            "locked": self.locked_by,
            "waiting": self.waiting,
            "passed": self.passed,
            "can_start": self.can_start,
            "best": self.best.to_json() if self.best else None,
            "attempts": [one.to_json() for one in self.submitted],
        }


@dataclass(frozen=True)
class NextStep:
    """What to do next."""

    kind: StepKind
    id: str
    title: str

    def to_json(self) -> dict[str, Any]:
        """``next``."""
        return {"kind": self.kind.value, "id": self.id, "title": self.title}


@dataclass(frozen=True, kw_only=True)
class CourseProgress:
    """An enrolment seen from its officer. ``next`` is None when nothing is left to do, or all of it waits.

    ``steps_done`` of ``steps_total``: items of required lessons and required quizzes, the share shown as a bar.
    """

    enrolment_id: int
    course: str
    edition: str
    title: str
    summary: str
    state: State
    due: date | None
    overdue: bool
    completed_on: date | None
    valid_until: date | None
    last_activity: datetime | None
    lessons: tuple[LessonProgress, ...]
    quizzes: tuple[QuizProgress, ...]
    next: NextStep | None
    steps_done: int
    steps_total: int

    @property
    def lessons_done(self) -> int:
        """How many lessons are complete."""
        return sum(lesson.status is LessonStatus.COMPLETE for lesson in self.lessons)

    @property
    def started(self) -> bool:
        """Whether the officer has begun ("Học tiếp" rather than "Bắt đầu học")."""
        return self.last_activity is not None

    def quiz(self, quiz_id: str) -> QuizProgress | None:
        """The progress in one quiz; None if the edition has no such quiz."""
        return next((quiz for quiz in self.quizzes if quiz.id == quiz_id), None)

    def lesson(self, lesson_id: str) -> LessonProgress | None:
        """The progress in one lesson; None if the edition has no such lesson."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)

    def to_json(self) -> dict[str, Any]:
        """``GET /api/courses/C``."""
        return {
            "course": self.course,
            "edition": self.edition,
            "title": self.title,
            "state": self.state.value,
            "due": self.due.isoformat() if self.due else None,
            "overdue": self.overdue,
            "done": self.steps_done,
            "total": self.steps_total,
            "lessons": [lesson.to_json() for lesson in self.lessons],
            "quizzes": [quiz.to_json() for quiz in self.quizzes],
            "next": self.next.to_json() if self.next else None,
        }
