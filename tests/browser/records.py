"""What the server holds, read beside the browser: the draw with its key, and which answers are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.models import Quiz
from isoxa_courses.questions import AnyQuestion, type_of
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.signin import end_sessions_of
from isoxa_grading.records.tables import Account, Answer, Attempt, CourseEdition, Enrolment, LessonWork
from isoxa_portal.demo.practice import finished_states
from sqlalchemy import Engine, select

COURSE, LESSON, QUIZ = "iso-9001-cap-xa", "03-pdca", "03-pdca"


@dataclass(frozen=True)
class Asked:
    """A question as one attempt asks it, with an answer that earns all points."""

    slot: str
    number: int
    question: AnyQuestion
    right: Any


def asked(data: DataFolder, engine: Engine, username: str) -> tuple[str, list[Asked]]:
    """The officer's newest attempt: its id and what it asks, in order."""
    with reading(engine) as session:
        attempt, edition = session.execute(
            select(Attempt, CourseEdition.edition)
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .join(CourseEdition, CourseEdition.id == Enrolment.edition_id)
            .join(Account, Account.person_id == Enrolment.person_id)
            .where(Account.username == username, Attempt.quiz == QUIZ)
            .order_by(Attempt.number.desc())
            .limit(1)
        ).one()
        drawn = DrawnQuiz.from_json(attempt.drawn)
        attempt_id = attempt.id
    quiz: Quiz = CourseLibrary(data).quiz(COURSE, edition, QUIZ)
    questions = []
    for number, slot in enumerate(quiz.slots, start=1):
        variant = slot.variant(drawn.slot(slot.id).variant)
        questions.append(Asked(slot.id, number, variant, type_of(variant).right_answer(variant)))
    return attempt_id, questions


def finish_the_rest(data: DataFolder, engine: Engine, username: str, trainer: str) -> None:
    """The officer's other lessons done, their quizzes passed and graded: all but `LESSON` and `QUIZ`."""
    now = datetime.now(UTC)
    with reading(engine) as session:
        account = session.scalars(select(Account).where(Account.username == username)).one()
        grader = session.scalars(select(Account.id).where(Account.username == trainer)).one()
        person = account.person_id
        edition = session.scalars(
            select(CourseEdition.edition)
            .join(Enrolment, Enrolment.edition_id == CourseEdition.id)
            .where(Enrolment.person_id == person)
        ).one()
    assert person is not None
    library = CourseLibrary(data)
    course = library.edition(COURSE, edition)
    lessons, attempts = (
        LessonService(engine, library),
        AttemptService(engine, library, data.secret("attempts")),
    )
    for lesson in course.lessons:
        for item, state in finished_states(lesson) if lesson.id != LESSON else ():
            lessons.save(person, COURSE, lesson.id, item, state, 1, f"rest-{item}", now)
    for quiz in course.quizzes:
        if quiz.id == QUIZ:
            continue
        view = attempts.start(person, COURSE, quiz.id, now)
        with reading(engine) as session:
            attempt = session.get_one(Attempt, view.id)
            drawn, seed = DrawnQuiz.from_json(attempt.drawn), attempt.seed
        for slot in quiz.slots:
            variant = slot.variant(drawn.slot(slot.id).variant)
            raw = publish_answer(quiz, drawn, slot.id, seed, type_of(variant).right_answer(variant))
            attempts.save(view.id, person, slot.id, raw, 1, f"rest-{slot.id}", now)
        attempts.submit(view.id, person, now)
        for slot in quiz.slots:
            if slot.judged_by_trainer:
                attempts.grade_slot(view.id, slot.id, slot.points, "Tốt.", grader, now)
    attempts.close()


def stored(engine: Engine, attempt_id: str) -> dict[str, Any]:
    """Slot to stored answer (the bank's ids); a slot without an answer is left out."""
    query = (
        select(Answer.slot, Answer.answer).where(Answer.attempt_id == attempt_id).order_by(Answer.sequence)
    )
    with reading(engine) as session:
        newest = {row.slot: row.answer for row in session.execute(query)}
    return {slot: answer for slot, answer in newest.items() if answer is not None}


def lesson_states(engine: Engine, username: str, lesson: str = LESSON) -> dict[str, Any]:
    """Item to stored state of the officer's lesson."""
    query = (
        select(LessonWork.item, LessonWork.state)
        .join(Enrolment, Enrolment.id == LessonWork.enrolment_id)
        .join(Account, Account.person_id == Enrolment.person_id)
        .where(Account.username == username, LessonWork.lesson == lesson)
    )
    with reading(engine) as session:
        return {row.item: row.state for row in session.execute(query)}


def end_sign_ins(engine: Engine, username: str) -> None:
    """What time or an administrator does to a sign-in."""
    with writing(engine) as session:
        account = session.scalars(select(Account).where(Account.username == username)).one()
        end_sessions_of(session, account, datetime.now(UTC), "expired")
