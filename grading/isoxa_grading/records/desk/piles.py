"""What waits, by course, quiz and question: counted in SQL, so that twenty thousand answers cost no more than a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from ..attempts.find import find_attempt
from ..attempts.paper import Paper
from ..attempts.scope import unit_of_person
from ..library import CourseLibrary
from ..tables import GradingTask, Membership, Person, Unit


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


def in_scope(scope_paths: Sequence[str]) -> ColumnElement[bool]:
    """The answer's officer serves in one of the scopes; as `attempts.scope` has it, but as a condition, not a join.

    A join would let the database begin at the units; as a condition it walks the pile in its order and stops at the
    first that fits. For the whole country nothing needs comparing: every unit is below it.
    """
    member = aliased(Membership)
    mine = member.person_id == GradingTask.person_id
    if any(path.count("/") == 2 for path in scope_paths):
        return exists().where(mine).correlate_except(member)
    path = (
        select(Unit.path)
        .join(member, member.unit_id == Unit.id)
        .where(mine)
        .order_by(member.valid_to.is_not(None), member.valid_from.desc(), member.id.desc())
        .limit(1)
        .correlate_except(member, Unit)
        .scalar_subquery()
    )
    return or_(*(path.startswith(scope, autoescape=True) for scope in scope_paths))


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
        .where(task.waiting.is_(True), not_own(person_id), in_scope(scope_paths))
        .group_by(task.course, task.quiz, task.slot)
    )
    found = []
    for course, quiz, slot, waiting, held, oldest, attempt_id in session.execute(query):
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
    query = (
        select(task, held_by_others(account_id, now))
        .where(task.waiting.is_(True), not_own(person_id), in_scope(scope_paths))
        .order_by(task.submitted_at, task.id)
        .offset(offset)
        .limit(limit)
    )
    found = []
    for one, held in session.execute(query):
        unit = unit_of_person(session, one.person_id)
        paper = Paper.of(library, find_attempt(session, one.attempt_id))
        found.append(
            WaitingLine(
                attempt_id=one.attempt_id,
                slot=one.slot,
                number=paper.slots.index(paper.slot(one.slot)) + 1,
                quiz_title=paper.quiz.title,
                officer=session.get_one(Person, one.person_id).full_name,
                unit=unit.name if unit else "",
                submitted_at=one.submitted_at,
                held=bool(held),
            )
        )
    return found


def count_waiting(
    session: Session, course: str, quiz: str, slot: str, scope_paths: Sequence[str], person_id: int | None
) -> int:
    """How many of one pile have no mark yet."""
    task = GradingTask
    if not scope_paths:
        return 0
    conditions = [*_pile(course, quiz, slot), not_own(person_id), in_scope(scope_paths)]
    return session.scalar(select(func.count(task.id)).where(*conditions)) or 0


def has_any(session: Session, course: str, quiz: str, slot: str, scope_paths: Sequence[str]) -> bool:
    """Whether the pile has an answer within the scopes, graded or not."""
    task = GradingTask
    if not scope_paths:
        return False
    # Both values named: the index begins with them.
    pile = [task.waiting.in_((True, False)), task.course == course, task.quiz == quiz, task.slot == slot]
    return session.scalar(select(task.id).where(*pile, in_scope(scope_paths)).limit(1)) is not None


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
