"""Whether a result file fits the course it names, and what its answers come to: pure but for the frozen course.

A file is refused whole. The seed decides what was drawn and under which ids the answers stand, so a file whose
variants are not those of its seed, or whose answers are none of its questions', was not made by doing the quiz. The
points come from the answers and the released course alone; those that the file names are not even read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from isoxa_courses.drawing import DrawnQuiz, draw_quiz
from isoxa_courses.errors import AnswerError, UnknownName
from isoxa_courses.models import Course, Quiz
from isoxa_courses.practice import practice_done
from isoxa_courses.text import clean
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.attempts.errors import WorkError
from isoxa_grading.records.attempts.paper import Paper
from isoxa_grading.records.attempts.saving import ANSWER_KILOBYTES, check_size
from isoxa_grading.records.lessons import STATE_KILOBYTES
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import CourseEdition

from . import result_file
from .errors import FileRefused, Reason
from .result_file import ResultFile

__all__ = ["CheckedAttempt", "CheckedFile", "check"]

_CLOCKS = timedelta(hours=26)
"""How far two machines' clocks may be apart: a machine in the wrong time zone, and a little more."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""No clock shows less, not even one whose battery is dead; the first days of year 1 are none in other time zones."""


@dataclass(frozen=True)
class CheckedAttempt:
    """An attempt scored here. ``points``: without the slots that ``waiting`` names, which a trainer judges."""

    attempt: result_file.Attempt
    drawn: DrawnQuiz
    answers: dict[str, Any]
    points: Decimal
    max_points: Decimal
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class CheckedFile:
    """A file that fits; ``edition``: the released one it was made on. ``done``: (lesson, item) that are done, judged
    here by the released practice content."""

    file: ResultFile
    edition: CourseEdition
    course: Course
    attempts: tuple[CheckedAttempt, ...]
    done: frozenset[tuple[str, str]]

    @property
    def content(self) -> result_file.Content:
        """What was signed."""
        return self.file.content


def check(session: Session, library: CourseLibrary, file: ResultFile, *, now: datetime) -> CheckedFile:
    """The file, scored. Raises `FileRefused`; and ``EditionMissing`` where this portal lost a course it published."""
    content = file.content
    _check_participant(content.participant)
    _check_times(content, now)
    edition = session.scalar(
        select(CourseEdition).where(
            CourseEdition.course == content.course.id, CourseEdition.edition == content.course.edition
        )
    )
    if edition is None:
        raise FileRefused(
            Reason.OTHER_EDITION,
            f"Cổng này chưa phát hành khóa “{content.course.id}”, bản {content.course.edition}, mà tệp được làm "
            "trên đó. Phát hành đúng bản rồi nhập lại; tệp vẫn dùng được.",
        )
    if edition.content_sha256 != content.course.content_sha256:
        raise FileRefused(
            Reason.OTHER_EDITION,
            f"Tệp được làm trên bản {edition.edition} với nội dung khác bản cổng này đã phát hành, nên không chấm "
            "được. Chưa có gì được ghi.",
        )
    course = library.edition(edition.course, edition.edition)
    for item in content.lessons:
        _check_item(course, item)
    if len({one.id for one in content.attempts}) != len(content.attempts):
        raise _does_not_fit("một lượt làm bài có hai lần")
    done = frozenset(
        (one.lesson, one.item)
        for one in content.lessons
        if practice_done(course.lesson(one.lesson), one.item, one.state)
    )
    return CheckedFile(file, edition, course, tuple(_score(course, one) for one in content.attempts), done)


def _check_participant(participant: result_file.Participant) -> None:
    """What a hall writes was cleaned at its door. Half a surrogate pair, say, could be neither shown nor stored, and
    would take the whole import down with it."""
    words = (
        participant.full_name,
        participant.unit_code,
        participant.unit_name,
        participant.position,
        participant.staff_code,
    )
    broken = any(unicodedata.category(char) in ("Cc", "Cs") for one in words for char in one)
    if broken or not clean(participant.full_name):
        raise _does_not_fit("họ tên, đơn vị hoặc mã cán bộ có ký tự hỏng")


def _check_times(content: result_file.Content, now: datetime) -> None:
    if content.made_at > now + _CLOCKS:
        # In the file's own time zone: the last day of year 9999 is none in ours.
        day = content.made_at.strftime("%d/%m/%Y")
        raise FileRefused(
            Reason.FUTURE,
            f"Tệp ghi ngày {day}, là ngày chưa tới. Đồng hồ máy làm bài sai, hoặc tệp bị làm giả; "
            "chưa có gì được ghi.",
        )
    moments = [content.made_at, content.joined_at, *(one.saved_at for one in content.lessons)]
    for attempt in content.attempts:
        moments += [attempt.started_at, attempt.submitted_at]
        if attempt.submitted_at < attempt.started_at:
            raise _does_not_fit("một bài kiểm tra nộp trước khi bắt đầu")
    if any(one > content.made_at + _CLOCKS for one in moments):
        raise _does_not_fit("có việc làm sau khi tệp được tải về")
    if any(one < _LONG_AGO for one in moments):
        raise _does_not_fit("ghi một ngày không thể có")


def _check_item(course: Course, item: result_file.LessonItem) -> None:
    try:
        known = item.item in course.lesson(item.lesson).items
        check_size(item.state, STATE_KILOBYTES)
    except (UnknownName, WorkError) as error:
        raise _does_not_fit(f"phần thực hành “{item.lesson}/{item.item}”") from error
    if not known:
        raise _does_not_fit(f"phần thực hành “{item.lesson}/{item.item}”")


def _score(course: Course, attempt: result_file.Attempt) -> CheckedAttempt:
    quiz = _quiz(course, attempt)
    drawn = draw_quiz(quiz, attempt.seed)
    if attempt.variants != {one.slot: one.variant for one in drawn.slots}:
        raise _does_not_fit(f"câu hỏi của bài kiểm tra “{quiz.title}” không phải câu đã rút cho lượt này")
    paper = Paper(quiz, drawn, attempt.seed)
    answers = {slot: _answer(paper, slot, raw) for slot, raw in attempt.answers.items()}
    points, waiting = Decimal(0), []
    for slot in paper.slots:
        score = paper.score(slot.id, answers.get(slot.id))
        if score.points is None:
            waiting.append(slot.id)
        else:
            points += score.points
    return CheckedAttempt(attempt, drawn, answers, points, quiz.max_points, tuple(waiting))


def _quiz(course: Course, attempt: result_file.Attempt) -> Quiz:
    try:
        quiz = course.quiz(attempt.quiz)
    except UnknownName as error:
        raise _does_not_fit(f"bài kiểm tra “{attempt.quiz}” không có trong khóa học") from error
    if quiz.version != attempt.version:
        raise _does_not_fit(f"bài kiểm tra “{quiz.title}” làm trên phiên bản khác")
    return quiz


def _answer(paper: Paper, slot: str, raw: Any) -> Any:
    try:
        check_size(raw, ANSWER_KILOBYTES)
        return paper.parse(slot, raw)
    except (AnswerError, UnknownName, WorkError) as error:
        raise _does_not_fit(f"câu trả lời “{slot}” không phải của câu hỏi đã rút") from error


def _does_not_fit(what: str) -> FileRefused:
    return FileRefused(
        Reason.DOES_NOT_FIT,
        f"Tệp không khớp với chính nó ({what}), nên không được nhận. Chưa có gì được ghi.",
    )
