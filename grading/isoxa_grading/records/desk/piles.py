"""What waits, by course, quiz and question: counted in SQL, so that twenty thousand answers cost no more than a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from ..attempts.find import find_attempt
from ..attempts.paper import Paper
from ..attempts.scope import within
from ..library import CourseLibrary
from ..tables import GradingTask, Person, Unit


@dataclass(frozen=True, kw_only=True)
class Pile:
    """One question of a quiz. ``waiting`` answers have no mark yet; ``held`` of them other trainers have open."""

    course: str
    quiz: str
    slot: str
    quiz_title: str
    number: int
    outcome: str
    waiting: int
    held: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """One waiting answer in the plain list. ``held``: another trainer has it open."""

    attempt_id: str
    slot: str
    number: int
    quiz_title: str
    officer: str
    unit: str
    submitted_at: datetime
    held: bool


def not_own(person_id: int | None) -> ColumnElement[bool]:
    """Nobody grades themselves."""
    return true() if person_id is None else GradingTask.person_id != person_id


def held_by_others(account_id: int, now: datetime) -> ColumnElement[bool]:
    """Another trainer's claim that has not run out."""
    return and_(GradingTask.claimed_until > now, GradingTask.claimed_by_account_id != account_id)


def piles(
    session: Session,
    library: CourseLibrary,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    now: datetime,
) -> list[Pile]:
    """What waits within the scopes, without the trainer's own; by course, quiz and place in the quiz."""
    if not scope_paths:
        return []
    task = GradingTask
    # A page can hold many piles, but each needs one attempt only to learn the question's name and number.
    query = (
        select(
            task.course,
            task.quiz,
            task.slot,
            func.count(),
            func.count(case((held_by_others(account_id, now), 1))),
            func.min(task.submitted_at),
            func.min(task.attempt_id),
        )
        .where(task.waiting.is_(True), not_own(person_id))
        .group_by(task.course, task.quiz, task.slot)
    )
    found = []
    for course, quiz, slot, waiting, held, oldest, attempt_id in session.execute(
        within(query, scope_paths, task.person_id)
    ):
        paper = Paper.of(library, find_attempt(session, attempt_id))
        asked = paper.slot(slot)
        found.append(
            Pile(
                course=course,
                quiz=quiz,
                slot=slot,
                quiz_title=paper.quiz.title,
                number=paper.slots.index(asked) + 1,
                outcome=asked.outcome,
                waiting=waiting,
                held=held,
                oldest=oldest,
            )
        )
    return sorted(found, key=lambda one: (one.course, one.quiz, one.number))


def waiting_lines(
    session: Session,
    library: CourseLibrary,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    now: datetime,
    offset: int,
    limit: int,
) -> list[WaitingLine]:
    """Some of the waiting answers, oldest submission first."""
    if not scope_paths:
        return []
    task = GradingTask
    query: Select[str, str, datetime, str, str, bool | None] = (
        select(
            task.attempt_id,
            task.slot,
            task.submitted_at,
            Person.full_name,
            Unit.name,
            held_by_others(account_id, now),
        )
        .join(Person, Person.id == task.person_id)
        .where(task.waiting.is_(True), not_own(person_id))
        .order_by(task.submitted_at, task.id)
        .offset(offset)
        .limit(limit)
    )
    found = []
    for attempt_id, slot, submitted_at, officer, unit, held in session.execute(
        within(query, scope_paths, task.person_id)
    ):
        paper = Paper.of(library, find_attempt(session, attempt_id))
        found.append(
            WaitingLine(
                attempt_id=attempt_id,
                slot=slot,
                number=paper.slots.index(paper.slot(slot)) + 1,
                quiz_title=paper.quiz.title,
                officer=officer,
                unit=unit,
                submitted_at=submitted_at,
                held=bool(held),
            )
        )
    return found


def count_waiting(
    session: Session, course: str, quiz: str, slot: str, scope_paths: Sequence[str], person_id: int | None
) -> int:
    """How many of one pile have no mark yet."""
    task = GradingTask
    query = select(func.count()).where(*_pile(course, quiz, slot), not_own(person_id))
    return session.scalar(within(query.select_from(task), scope_paths, task.person_id)) or 0


def has_any(session: Session, course: str, quiz: str, slot: str, scope_paths: Sequence[str]) -> bool:
    """Whether the pile has an answer within the scopes, graded or not."""
    task = GradingTask
    if not scope_paths:
        return False
    # Both values named: the index begins with them.
    pile = [task.waiting.in_((True, False)), task.course == course, task.quiz == quiz, task.slot == slot]
    query = select(task.id).where(*pile).limit(1)
    return session.scalar(within(query, scope_paths, task.person_id)) is not None


def free_of(
    course: str, quiz: str, slot: str, *, account_id: int, person_id: int | None, now: datetime
) -> list[ColumnElement[bool]]:
    """What a trainer may take of a pile: nobody's, their own to hold, or held too long."""
    task = GradingTask
    return [
        *_pile(course, quiz, slot),
        not_own(person_id),
        or_(
            task.claimed_until.is_(None), task.claimed_until <= now, task.claimed_by_account_id == account_id
        ),
    ]


def _pile(course: str, quiz: str, slot: str) -> list[ColumnElement[bool]]:
    task = GradingTask
    return [task.waiting.is_(True), task.course == course, task.quiz == quiz, task.slot == slot]
