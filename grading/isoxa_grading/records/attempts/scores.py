"""From slot scores to the attempt's total, its pass, and the facts and outbox row that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from isoxa_courses.manifest import EditionManifest
from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from isoxa_grading.completion import AttemptResult, record_results

from ..tables import Attempt, AttemptStatus, OutboxItem, SlotScore
from .find import StoredScore
from .paper import Paper
from .standing import entry_of
from .tasks import settle_tasks

_OWED = insert(cast(Table, OutboxItem.__table__))
_ROWS = cast(Table, Attempt.__table__)
_SETTLED = "status", "submitted_at", "graded_at", "points", "passed"
_SETTLE = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("attempt"))
    .values({name: bindparam(f"new_{name}") for name in _SETTLED})
)


def reaches(points: Decimal, max_points: Decimal, pass_mark: int) -> bool:
    """``points`` are at least ``pass_mark`` per cent of ``max_points``; exact, nothing is rounded to get there."""
    return points * 100 >= pass_mark * max_points


@dataclass(frozen=True)
class Scored:
    """A submitted attempt with its newest scores. ``submitted``: in this very transaction."""

    attempt: Attempt
    paper: Paper
    scores: Mapping[str, SlotScore | StoredScore]
    at: datetime
    submitted: bool = False

    @property
    def complete(self) -> bool:
        """Every slot has a score."""
        return all(slot.id in self.scores for slot in self.paper.slots)


def note(attempt: Attempt, **values: Any) -> None:
    """Give an attempt values that `settle_all` then writes: for a whole class at once, while a session would write
    those that are graded and those that wait apart, in the order of their ids."""
    assert values.keys() <= set(_SETTLED)
    for name, value in values.items():
        set_committed_value(attempt, name, value)


def settle(
    session: Session,
    attempt: Attempt,
    paper: Paper,
    scores: Mapping[str, SlotScore | StoredScore],
    now: datetime,
) -> None:
    """`settle_all` for one."""
    settle_all(session, [Scored(attempt, paper, scores, now)])


def settle_all(session: Session, works: Sequence[Scored]) -> None:
    """Bring submitted attempts up to date with their newest scores, in the transaction that wrote them.

    Once every slot has a score: total, pass, facts. A pass once given stands when a mark is lowered later: it has
    been reported, and the officer has built on it; the points say what the marks now are.
    """
    if not works:
        return
    pass_marks: dict[tuple[int, str], int] = {}
    for one in works:
        if one.complete:
            _total(one, pass_marks)
    session.flush()
    settled = [
        {"attempt": one.attempt.id, **{f"new_{name}": getattr(one.attempt, name) for name in _SETTLED}}
        for one in works
    ]
    session.connection().execute(_SETTLE, settled)
    owed = [{"kind": "attempt", "attempt_id": one.attempt.id, "created_at": one.at} for one in works]
    session.execute(_OWED, owed)
    settle_tasks(session, [(one.attempt, one.paper, one.scores) for one in works])
    record_results(
        session,
        [
            AttemptResult(
                enrolment=one.attempt.enrolment,
                quiz=one.attempt.quiz,
                attempt_id=one.attempt.id,
                attempt_round=one.attempt.round,
                submitted=one.submitted,
                graded=one.complete,
                passed=bool(one.attempt.passed),
                at=one.at,
            )
            for one in works
        ],
    )


def _total(work: Scored, pass_marks: dict[tuple[int, str], int]) -> None:
    attempt = work.attempt
    edition = attempt.enrolment.edition
    rules = edition.id, attempt.quiz
    if rules not in pass_marks:
        pass_marks[rules] = entry_of(EditionManifest.from_json(edition.manifest), attempt.quiz).pass_mark
    points = sum((work.scores[slot.id].points for slot in work.paper.slots), Decimal(0))
    passed = bool(attempt.passed) or reaches(points, attempt.max_points, pass_marks[rules])
    note(attempt, points=points, passed=passed)
    if attempt.status is not AttemptStatus.GRADED:
        note(attempt, status=AttemptStatus.GRADED, graded_at=work.at)
