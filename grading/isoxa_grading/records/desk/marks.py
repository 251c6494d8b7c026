"""A mark given at the desk: `attempts.grading` with what two trainers at once need beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from isoxa_courses.text import clean
from sqlalchemy.orm import Session

from ..attempts.find import StoredScore, scores_of
from ..attempts.grading import grade
from ..library import CourseLibrary
from .claims import find_task, is_held
from .errors import AlreadyGraded, TaskHeld


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a trainer gives. ``revision``: of the mark they saw, 0 for none; ``reason``: why it replaces that one."""

    points: Decimal
    comment: str
    rubric: tuple[str, ...] | None
    revision: int
    reason: str | None = None


def give(
    session: Session,
    library: CourseLibrary,
    task_id: str,
    mark: Mark,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    now: datetime,
) -> int:
    """Store the mark and return its revision; the very same mark sent again changes nothing.

    Raises `NoSuchTask`, `TaskHeld`, `AlreadyGraded`, and what `attempts.grading.grade` raises.
    """
    task = find_task(session, task_id, scope_paths, person_id=person_id, lock=True)
    before = scores_of(session, [task.attempt_id])[task.attempt_id].get(task.slot)
    if before is not None and before.revision != mark.revision:
        if before.revision == mark.revision + 1 and _same(before, mark, account_id):
            return before.revision
        raise AlreadyGraded(before.points)
    if is_held(session, task, account_id, now):
        raise TaskHeld
    grade(
        session,
        library,
        task.attempt_id,
        task.slot,
        mark.points,
        mark.comment,
        account_id,
        now,
        mark.reason,
        scope_paths,
        mark.rubric,
    )
    task.claimed_by_account_id = task.claimed_until = None
    return mark.revision + 1


def _same(score: StoredScore, mark: Mark, account_id: int) -> bool:
    """The mark was stored, and only the answer to the browser was lost."""
    return (
        score.grader_account_id == account_id
        and score.points == mark.points
        and (score.comment or "") == clean(mark.comment, lines=True)
    )
