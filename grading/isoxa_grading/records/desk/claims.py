"""The next answer of a pile, held for one trainer: a second one on the same pile never gets the same answer.

A claim is a name and a time on the task's row. It is taken in a writing transaction (on SQLite alone, on PostgreSQL
past rows that others have locked), renewed while the answer is open, given back when it is left, and free for anyone
once its time is over, so that a closed laptop keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ..attempts.errors import NotYours
from ..attempts.find import find_attempt
from ..attempts.scope import check_scope
from ..attempts.waiting import answer_to_grade
from ..library import CourseLibrary
from ..tables import GradingTask
from .errors import NoSuchTask, TaskHeld
from .piles import free_of, held_by_others, in_scope

CLAIM = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class RubricPoint:
    """A line of the rubric."""

    id: str
    text: str
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class DeskAnswer:
    """One answer as the desk shows it. Officer, unit and attempt are None for a trainer who grades without names.

    ``revision``: of the mark it has, 0 for none; ``points``, ``comment``, ``met`` of that mark.
    """

    task: str
    number: int
    quiz_title: str
    prompt: str
    answer: str
    words: int
    came_late: bool
    submitted_at: datetime
    max_points: Decimal
    rubric: tuple[RubricPoint, ...]
    sample: str
    revision: int
    points: Decimal | None
    comment: str
    met: tuple[str, ...]
    officer: str | None
    unit: str | None
    attempt_id: str | None


def take_next(
    session: Session,
    course: str,
    quiz: str,
    slot: str,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    after: str | None,
    now: datetime,
) -> GradingTask | None:
    """Claim the oldest free answer of the pile; None if none is free. ``after``: the task to go on behind."""
    if not scope_paths:
        return None
    task = GradingTask
    query = select(task).where(
        *free_of(course, quiz, slot, account_id=account_id, person_id=person_id, now=now),
        in_scope(scope_paths),
    )
    last = session.get(task, after) if after else None
    if last is not None:
        query = query.where(
            or_(
                task.submitted_at > last.submitted_at,
                and_(task.submitted_at == last.submitted_at, task.id > last.id),
            )
        )
    query = query.order_by(task.submitted_at, task.id).limit(1)
    found = session.scalar(query.with_for_update(of=task, skip_locked=True))
    if found is not None:
        _hold(found, account_id, now)
    return found


def find_task(
    session: Session,
    task_id: str,
    scope_paths: Sequence[str],
    *,
    person_id: int | None,
    lock: bool = False,
) -> GradingTask:
    """A task within the scopes that is not the trainer's own. Raises `NoSuchTask`.

    ``lock``: until the transaction ends, and the attempt with it: the attempt first, as whoever submits, reopens or
    brings marks from formgrader takes them, so that nobody waits for each other.
    """
    query = select(GradingTask).where(GradingTask.id == task_id)
    task = session.scalar(query)
    if task is not None and lock:
        find_attempt(session, task.attempt_id, lock=True)
        # While we waited for the attempt, it may have been graded, or reopened and the task be another.
        task = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if task is None or task.person_id == person_id:
        raise NoSuchTask
    try:
        check_scope(session, task.attempt_id, scope_paths)
    except NotYours:
        raise NoSuchTask from None
    return task


def is_held(session: Session, task: GradingTask, account_id: int, now: datetime) -> bool:
    """Another trainer has the answer open."""
    query = select(GradingTask.id).where(GradingTask.id == task.id, held_by_others(account_id, now))
    return session.scalar(query) is not None


def renew(session: Session, task: GradingTask, account_id: int, now: datetime) -> datetime:
    """Hold the answer, for longer or anew; until when. Raises `TaskHeld`."""
    if is_held(session, task, account_id, now):
        raise TaskHeld
    return _hold(task, account_id, now)


def release(task: GradingTask, account_id: int) -> None:
    """Give the answer back; another trainer's claim is left alone."""
    if task.claimed_by_account_id == account_id:
        task.claimed_by_account_id = task.claimed_until = None


def _hold(task: GradingTask, account_id: int, now: datetime) -> datetime:
    task.claimed_by_account_id, until = account_id, now + CLAIM
    task.claimed_until = until
    return until


def answer_of(
    session: Session,
    library: CourseLibrary,
    task: GradingTask,
    scope_paths: Sequence[str],
    *,
    anonymous: bool,
) -> DeskAnswer:
    """What the desk shows of a task; without names, nothing from which the officer can be told is in it."""
    found = answer_to_grade(session, library, task.attempt_id, task.slot, scope_paths)
    text = found.answer if isinstance(found.answer, str) else ""
    score = found.score
    return DeskAnswer(
        task=task.id,
        number=found.number,
        quiz_title=found.quiz_title,
        prompt=found.prompt,
        answer=text,
        words=len(text.split()),
        came_late=found.came_late,
        submitted_at=found.submitted_at,
        max_points=found.max_points,
        rubric=tuple(
            RubricPoint(id=id_, text=line, points=points)
            for id_, (line, points) in zip(found.rubric_ids, found.rubric, strict=True)
        ),
        sample=found.sample,
        revision=score.revision if score else 0,
        points=score.points if score else None,
        comment=(score.comment or "") if score else "",
        met=tuple(score.rubric or ()) if score else (),
        officer=None if anonymous else found.officer,
        unit=None if anonymous else found.unit,
        attempt_id=None if anonymous else found.attempt_id,
    )
