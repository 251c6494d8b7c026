"""An officer's courses and one course's steps, from the records' progress to what the pages show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from isoxa_courses.fields import lesson_order
from isoxa_courses.text import format_datetime
from isoxa_grading.completion import State
from isoxa_grading.records.progress_views import (
    CourseProgress,
    LessonProgress,
    LessonStatus,
    QuizProgress,
    QuizStatus,
    StepKind,
)

from ..course_access import CourseAccess
from ..i18n import gettext as _
from .environment import number
from .view import Link, Status, state_status

__all__ = ["CourseCard", "Task", "course_card", "preview_card"]


@dataclass(frozen=True)
class Task:
    """A lesson or a quiz in the course's list. ``url`` is None while it is locked; ``results`` are past attempts."""

    name: str
    url: str | None
    note: str
    state: Status | None
    results: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CourseCard:
    """A course for its card and its page. ``pause`` says why nothing is next though it is not completed."""

    course: str
    title: str
    summary: str
    pass_mark: int
    tasks: tuple[Task, ...]
    state: Status | None = None
    due_on: date | None = None
    overdue: bool = False
    done: int = 0
    total: int = 0
    begun: bool = False
    completed_on: date | None = None
    next: Link | None = None
    pause: str = ""
    preview: bool = False
    held: int = 0


Held = Collection[tuple[StepKind, str]]


def course_card(
    progress: CourseProgress, root: str, pass_mark: int = 80, held: Held = frozenset()
) -> CourseCard:
    """``root`` is the address of the course's page, without a slash at its end; ``held``: steps (kind, id) that the
    trainer of a hall has not opened yet."""
    waits = progress.next is not None and (progress.next.kind, progress.next.id) in held
    completed = progress.state in (State.COMPLETED, State.COMPLETED_LATE)
    return CourseCard(
        course=progress.course,
        title=progress.title,
        summary=progress.summary,
        pass_mark=max((quiz.pass_mark for quiz in progress.quizzes), default=pass_mark),
        tasks=tuple(_tasks(progress, root, held)),
        state=state_status(progress.state, progress.overdue),
        due_on=None if completed else progress.due,
        overdue=progress.overdue,
        done=progress.steps_done,
        total=progress.steps_total,
        begun=progress.started,
        completed_on=progress.completed_on if completed else None,
        next=None if completed or waits else _next(progress, root),
        pause=_held_words() if waits else _pause(progress),
        held=len(held),
    )


def preview_card(access: CourseAccess) -> CourseCard:
    """The course for somebody who may look into it without being enrolled."""
    return CourseCard(
        course=access.manifest.course,
        title=access.manifest.title,
        summary="",
        pass_mark=access.manifest.pass_mark,
        tasks=tuple(Task(step.title, step.url, "", None) for step in access.steps()),
        preview=True,
    )


def lesson_name(lesson: LessonProgress) -> str:
    return _("Bài %(number)s. %(title)s") % {"number": lesson.number, "title": lesson.title}


def _tasks(progress: CourseProgress, root: str, held: Held) -> list[Task]:
    """The course in its order: each lesson, then the quizzes after it; quizzes after no lesson last."""
    lessons = {lesson.id: lesson for lesson in progress.lessons}

    def quiz_task(quiz: QuizProgress) -> Task:
        task = _quiz_task(quiz, lessons, root)
        return _held_back(task) if (StepKind.QUIZ, quiz.id) in held else task

    found = []
    for lesson in sorted(progress.lessons, key=lambda one: lesson_order(one.number)):
        task = _lesson_task(lesson, root)
        found.append(_held_back(task) if (StepKind.LESSON, lesson.id) in held else task)
        found += [quiz_task(quiz) for quiz in progress.quizzes if quiz.after == lesson.id]
    return found + [quiz_task(quiz) for quiz in progress.quizzes if quiz.after not in lessons]


def _held_back(task: Task) -> Task:
    return replace(task, url=None, state=Status("lock", _("Giảng viên chưa mở")))


def _held_words() -> str:
    return _(
        "Giảng viên chưa mở bài tiếp theo cho cả lớp. Mở rồi thì bài hiện ra ở đây; chưa thấy thì tải lại trang."
    )


def _lesson_task(lesson: LessonProgress, root: str) -> Task:
    status = {
        LessonStatus.NOT_STARTED: Status("none", _("Chưa bắt đầu")),
        LessonStatus.IN_PROGRESS: Status("now", _("Đang học")),
        LessonStatus.COMPLETE: Status("good", _("Đã xong")),
    }[lesson.status]
    notes = []
    if lesson.status is LessonStatus.IN_PROGRESS:
        notes.append(
            _("Đã làm %(done)s trên %(total)s phần thực hành")
            % {"done": number(lesson.done), "total": number(lesson.total)}
        )
    else:
        notes.append(_("Khoảng %(minutes)s phút") % {"minutes": number(lesson.minutes)})
    if not lesson.required:
        notes.append(_("đọc thêm, không bắt buộc"))
    return Task(lesson_name(lesson), f"{root}/bai/{lesson.id}", " · ".join(notes), status)


def _quiz_task(quiz: QuizProgress, lessons: dict[str, LessonProgress], root: str) -> Task:
    status = {
        QuizStatus.LOCKED: Status("lock", _("Chưa mở")),
        QuizStatus.AVAILABLE: Status("none", _("Chưa làm")),
        QuizStatus.OPEN: Status("now", _("Đang làm")),
        QuizStatus.WAITING: Status("wait", _("Chờ chấm")),
        QuizStatus.PASSED: Status("good", _("Đạt")),
        QuizStatus.FAILED: Status("bad", _("Chưa đạt")),
        QuizStatus.NONE_LEFT: Status("bad", _("Chưa đạt, hết lần làm")),
    }[quiz.status]
    results = tuple(
        Link(
            _("Kết quả lần %(number)s") % {"number": number(attempt.number)},
            f"{root}/ket-qua/{attempt.id}",
        )
        for attempt in quiz.submitted
    )
    locked = quiz.status is QuizStatus.LOCKED
    return Task(
        quiz.title,
        None if locked else f"{root}/kiem-tra/{quiz.id}",
        _quiz_note(quiz, lessons),
        status,
        results,
    )


def _quiz_note(quiz: QuizProgress, lessons: dict[str, LessonProgress]) -> str:
    if quiz.locked_by is not None:
        before = lessons.get(quiz.locked_by)
        name = lesson_name(before) if before else quiz.locked_by
        return _("Mở khi anh/chị làm xong %(lesson)s.") % {"lesson": name}
    if quiz.status is QuizStatus.WAITING and quiz.submitted and quiz.submitted[-1].submitted_at:
        moment = format_datetime(quiz.submitted[-1].submitted_at)
        return _("Nộp lúc %(time)s, giảng viên đang chấm câu viết") % {"time": moment}
    if quiz.best is not None and quiz.best.points is not None:
        best = _("Điểm cao nhất: %(points)s trên %(max)s") % {
            "points": number(quiz.best.points),
            "max": number(quiz.best.max_points),
        }
        left = quiz.attempts_allowed - quiz.attempts_used
        if quiz.passed or left <= 0:
            return best
        return best + " · " + _("còn %(left)s lần làm") % {"left": number(left)}
    return _("%(slots)s câu, làm được %(attempts)s lần") % {
        "slots": number(quiz.slots),
        "attempts": number(quiz.attempts_allowed),
    }


def _next(progress: CourseProgress, root: str) -> Link | None:
    step = progress.next
    if step is None:
        return None
    if step.kind is StepKind.LESSON:
        lesson = progress.lesson(step.id)
        return Link(lesson_name(lesson) if lesson else step.title, f"{root}/bai/{step.id}")
    return Link(step.title, f"{root}/kiem-tra/{step.id}")


def _pause(progress: CourseProgress) -> str:
    if progress.next is not None:
        return ""
    if any(quiz.status is QuizStatus.WAITING for quiz in progress.quizzes):
        return _("Bài của anh/chị đang chờ giảng viên chấm. Có điểm rồi, kết quả hiện ở đây.")
    if any(quiz.status is QuizStatus.NONE_LEFT and quiz.required for quiz in progress.quizzes):
        return _("Anh/chị đã dùng hết số lần làm bài. Xin liên hệ giảng viên hoặc người quản trị lớp học.")
    return ""
