"""What the course pages say of an officer, step by step through the course."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from isoxa_grading.completion import State
from isoxa_grading.records.attempts import NotEnrolled
from isoxa_grading.records.database import reading
from isoxa_grading.records.progress import course_progress, my_courses
from isoxa_grading.records.progress_views import LessonStatus, QuizStatus, StepKind

COURSE = "khoa-thu"


@pytest.fixture
def progress(school):
    def of(person):
        with reading(school.engine) as session:
            return course_progress(session, school.library, person, COURSE, school.now)

    return of


def step(progress):
    return (progress.next.kind, progress.next.id) if progress.next else None


def test_through_the_course(school, progress):
    person = school.officer(due_on=date(2026, 12, 31))
    at = progress(person)
    assert (at.state, at.due, at.overdue, at.started) == (State.NOT_STARTED, date(2026, 12, 31), False, False)
    assert (at.steps_done, at.steps_total) == (0, 5)
    assert [lesson.status for lesson in at.lessons] == [LessonStatus.NOT_STARTED] * 2
    assert at.quiz("01-mo-dau").status is QuizStatus.LOCKED
    assert at.quiz("01-mo-dau").locked_by == "01-mo-dau"
    assert at.quiz("02-nhanh").status is QuizStatus.AVAILABLE
    assert step(at) == (StepKind.LESSON, "01-mo-dau")
    assert at.lesson("01-mo-dau").minutes == 10

    school.lessons.save(person, COURSE, "01-mo-dau", "cp-mot", {"answer": "a"}, 1, "k", school.now)
    at = progress(person)
    assert (at.state, at.started, at.last_activity) == (State.IN_PROGRESS, True, school.now)
    assert at.lesson("01-mo-dau").status is LessonStatus.IN_PROGRESS
    assert step(at) == (StepKind.LESSON, "01-mo-dau")

    school.do_lesson(person)
    at = progress(person)
    assert (at.lesson("01-mo-dau").status, at.lessons_done) == (LessonStatus.COMPLETE, 1)
    assert at.quiz("01-mo-dau").status is QuizStatus.AVAILABLE
    assert step(at) == (StepKind.QUIZ, "01-mo-dau")

    view = school.start(person, "01-mo-dau")
    at = progress(person)
    assert (at.quiz("01-mo-dau").status, at.quiz("01-mo-dau").open_attempt) == (QuizStatus.OPEN, view.id)
    assert step(at) == (StepKind.QUIZ, "01-mo-dau")

    school.answer(view, person, right={"s1", "s2", "s3"})
    school.submit(view.id, person)
    at = progress(person)
    assert (at.state, at.quiz("01-mo-dau").status) == (State.WAITING_FOR_GRADING, QuizStatus.WAITING)
    assert at.quiz("01-mo-dau").best.points is None
    assert step(at) == (StepKind.LESSON, "02-tiep")

    school.service.grade_slot(view.id, "s3", Decimal(4), "", school.trainer_account, school.now)
    at = progress(person)
    assert (at.state, at.quiz("01-mo-dau").status) == (State.IN_PROGRESS, QuizStatus.PASSED)
    assert at.quiz("01-mo-dau").best.points == Decimal(9)

    school.do_lesson(person, "02-tiep")
    assert step(progress(person)) == (StepKind.QUIZ, "02-nhanh")
    school.submit(school.start(person).id, person)
    assert progress(person).quiz("02-nhanh").status is QuizStatus.FAILED
    assert progress(person).quiz("02-nhanh").attempts_used == 1
    last = school.start(person)
    school.answer(last, person, right={"n1", "n2"})
    school.submit(last.id, person)
    at = progress(person)
    assert (at.state, at.completed_on, at.next) == (State.COMPLETED, date(2026, 11, 23), None)
    assert at.steps_done == at.steps_total == 5


def test_no_attempt_left(school, progress):
    person = school.officer()
    for _ in range(2):
        school.submit(school.start(person).id, person)
    quiz = progress(person).quiz("02-nhanh")
    assert (quiz.status, quiz.can_start, len(quiz.submitted)) == (QuizStatus.NONE_LEFT, False, 2)
    assert quiz.best.number == 2


def test_overdue_from_the_day_after(school, progress):
    person = school.officer(due_on=date(2026, 11, 23))
    assert progress(person).overdue is False
    school.pass_time(hours=15)  # after midnight in Vietnam
    assert progress(person).overdue is True


def test_not_enrolled(school, progress):
    with pytest.raises(NotEnrolled):
        progress(school.officer(enrolled=False))


def test_my_courses(school):
    person, stranger = school.officer(), school.officer(enrolled=False)
    with reading(school.engine) as session:
        assert [one.course for one in my_courses(session, school.library, person, school.now)] == [COURSE]
        assert my_courses(session, school.library, stranger, school.now) == []


def test_json_can_be_sent(school, progress):
    person = school.officer()
    school.start(person)
    body = json.loads(json.dumps(progress(person).to_json()))
    assert body["next"] == {"kind": "quiz", "id": "02-nhanh", "title": "Bài kiểm tra 2. Nhanh"}
    assert body["quizzes"][1]["points"] == 5
