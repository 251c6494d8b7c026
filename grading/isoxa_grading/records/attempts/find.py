"""Reading what is stored about attempts: enrolments, owned attempts, answers that count, scores that count.

Rows are append-only, so "which one counts" is a rule, and each such rule is written once, here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from sqlalchemy import BindParameter, Select, Table, and_, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager, defer

from ..tables import (
    Answer,
    Attempt,
    AttemptStatus,
    CourseEdition,
    Enrolment,
    ExtraAttempt,
    FactKind,
    SlotScore,
    TrainingFact,
)
from .errors import NotYours

# Names come from addresses that anybody can type; PostgreSQL takes no NUL in a text, not even to look for.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ATTEMPT_ID = re.compile(r"[0-9a-f]{32}")


def current_enrolments(session: Session, person_id: int) -> list[Enrolment]:
    """The person's enrolments that were not withdrawn, the newest of each course; first enrolled first."""
    found = session.scalars(_ENROLMENTS_IN_ORDER, {"person": person_id})
    newest = {enrolment.edition.course: enrolment for enrolment in found}
    return list(newest.values())


def current_enrolment(
    session: Session, person_id: int, course: str, *, lock: bool = False
) -> Enrolment | None:
    """The person's newest enrolment in the course that was not withdrawn. ``lock``: until the transaction ends."""
    if not _NAME.fullmatch(course):
        return None
    query = _LOCKED_ENROLMENT if lock else _ENROLMENT
    return session.scalar(query, {"person": person_id, "course": course})


def _enrolments_of() -> Select[Enrolment]:
    # As in `completion`: each withdrawal takes one enrolment back, and one may be enrolled again.
    enrolled, withdrawn = (
        select(func.count())
        .where(TrainingFact.enrolment_id == Enrolment.id, TrainingFact.kind == kind)
        .correlate(Enrolment)
        .scalar_subquery()
        for kind in (FactKind.ENROLLED, FactKind.WITHDRAWN)
    )
    return (
        select(Enrolment)
        .join(Enrolment.edition)
        .where(Enrolment.person_id == bindparam("person"), enrolled > withdrawn)
        .options(contains_eager(Enrolment.edition))
    )


# Asked with every answer that is saved: building a statement costs more than asking it.
_ENROLMENTS_IN_ORDER = _enrolments_of().order_by(Enrolment.enrolled_at, Enrolment.id)
_ENROLMENT = (
    _enrolments_of()
    .where(CourseEdition.course == bindparam("course"))
    .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    .limit(1)
)
_LOCKED_ENROLMENT = _ENROLMENT.with_for_update(of=Enrolment)
_ATTEMPT = (
    select(Attempt)
    .join(Attempt.enrolment)
    .join(Enrolment.edition)
    .where(Attempt.id == bindparam("attempt"))
    .options(contains_eager(Attempt.enrolment).contains_eager(Enrolment.edition))
)
_LOCKED_ATTEMPT = _ATTEMPT.with_for_update(of=[Attempt, Enrolment])
_LOCKED_ATTEMPTS = (
    select(Attempt)
    .join(Attempt.enrolment)
    .where(Attempt.id.in_(bindparam("attempts", expanding=True)))
    # In one order: two batches wait for each other instead of locking crosswise.
    .order_by(Enrolment.id, Attempt.id)
    # A class shares one edition, and its manifest is long: it is read once, not with each attempt.
    .options(contains_eager(Attempt.enrolment).selectinload(Enrolment.edition))
    .with_for_update(of=[Attempt, Enrolment])
)


def find_attempt(session: Session, attempt_id: str, *, lock: bool = False) -> Attempt:
    """An attempt with its enrolment and edition. Raises `NotYours` if there is none.

    ``lock`` holds the attempt and its enrolment until the transaction ends (PostgreSQL; on SQLite a writing
    transaction is alone anyway): saving, submitting and grading one attempt take turns, and so do all that add
    facts to one enrolment.
    """
    if not _ATTEMPT_ID.fullmatch(attempt_id):
        raise NotYours
    attempt = session.scalar(_LOCKED_ATTEMPT if lock else _ATTEMPT, {"attempt": attempt_id})
    if attempt is None:
        raise NotYours
    return attempt


def find_attempts(session: Session, attempt_ids: Collection[str]) -> dict[str, Attempt]:
    """Those of the attempts that there are, by id, with enrolment and edition, all locked; see `find_attempt`."""
    asked = {"attempts": [one for one in attempt_ids if _ATTEMPT_ID.fullmatch(one)]}
    return {attempt.id: attempt for attempt in session.scalars(_LOCKED_ATTEMPTS, asked)}


def owned_attempt(session: Session, attempt_id: str, person_id: int, *, lock: bool = False) -> Attempt:
    """The same, and it is this person's. Raises `NotYours`, the same for a stranger's as for none."""
    attempt = find_attempt(session, attempt_id, lock=lock)
    if attempt.enrolment.person_id != person_id:
        raise NotYours
    return attempt


def attempts_of(session: Session, enrolment_id: int, quiz: str) -> list[Attempt]:
    """All attempts of an enrolment at a quiz, first to last."""
    query = select(Attempt).where(Attempt.enrolment_id == enrolment_id, Attempt.quiz == quiz)
    return list(session.scalars(query.order_by(Attempt.number)))


def attempts_of_many(
    session: Session, enrolment_ids: Collection[int], quizzes: Collection[str]
) -> dict[tuple[int, str], list[Attempt]]:
    """(Enrolment, quiz) → `attempts_of` it, for all of these at once; without what was drawn."""
    found: dict[tuple[int, str], list[Attempt]] = {}
    query = (
        select(Attempt)
        .where(Attempt.enrolment_id.in_(enrolment_ids), Attempt.quiz.in_(quizzes))
        .options(defer(Attempt.drawn))
    )
    for attempt in session.scalars(query.order_by(Attempt.number)):
        found.setdefault((attempt.enrolment_id, attempt.quiz), []).append(attempt)
    return found


def attempts_by_quiz(session: Session, enrolment_id: int) -> dict[str, list[Attempt]]:
    """Quiz → all attempts of an enrolment at it, first to last."""
    found: dict[str, list[Attempt]] = {}
    query = select(Attempt).where(Attempt.enrolment_id == enrolment_id).order_by(Attempt.number)
    for attempt in session.scalars(query):
        found.setdefault(attempt.quiz, []).append(attempt)
    return found


def extra_attempts(session: Session, enrolment_id: int) -> dict[str, int]:
    """Quiz → attempts that a trainer gave beyond those the edition allows."""
    found = extra_attempts_of_many(session, [enrolment_id])
    return {quiz: count for (_enrolment, quiz), count in found.items()}


def extra_attempts_of_many(session: Session, enrolment_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """(Enrolment, quiz) → attempts that a trainer gave beyond those the edition allows."""
    given = ExtraAttempt.enrolment_id, ExtraAttempt.quiz
    query = select(*given, func.count()).where(ExtraAttempt.enrolment_id.in_(enrolment_ids)).group_by(*given)
    return {(enrolment, quiz): count for enrolment, quiz, count in session.execute(query)}


class Judged(Protocol):
    """What of an attempt decides whether it counts; a whole row, or these columns of it."""

    @property
    def number(self) -> int: ...
    @property
    def status(self) -> AttemptStatus: ...
    @property
    def points(self) -> Decimal | None: ...


JudgedT = TypeVar("JudgedT", bound=Judged)


def best_of(attempts: Iterable[JudgedT]) -> JudgedT | None:
    """The attempt that counts: the best graded one, on a tie the latest; while none is graded, the latest submitted."""
    graded: list[tuple[Decimal, int, JudgedT]] = []
    waiting: list[tuple[int, JudgedT]] = []
    for attempt in attempts:
        if attempt.status is AttemptStatus.GRADED and attempt.points is not None:
            graded.append((attempt.points, attempt.number, attempt))
        elif attempt.status is AttemptStatus.SUBMITTED:
            waiting.append((attempt.number, attempt))
    if graded:
        return max(graded, key=lambda one: one[:2])[2]
    return max(waiting, key=lambda one: one[0])[1] if waiting else None


def counting_attempt(session: Session, enrolment_id: int, quiz: str) -> Attempt | None:
    """`best_of` all attempts of an enrolment at a quiz; None before the first is submitted."""
    return best_of(attempts_of(session, enrolment_id, quiz))


class StoredAnswer(NamedTuple):
    """A stored answer, as plain values: a submit reads hundreds of them, and changes none."""

    attempt_id: str
    slot: str
    sequence: int
    answer: Any
    late: bool


class StoredScore(NamedTuple):
    """A stored score, as plain values."""

    attempt_id: str
    slot: str
    revision: int
    points: Decimal
    max_points: Decimal
    source: str
    grader_account_id: int | None
    comment: str | None
    reason: str | None
    rubric: list[str] | None
    at: datetime


# Made once, with a place for the ids, and on the tables themselves: to build a statement, or to make rows into objects,
# takes longer than to answer it.
_IDS: BindParameter[Any] = bindparam("attempt_ids", expanding=True)
_A, _S, _OF = (cast(Table, one.__table__).c for one in (Answer, SlotScore, Attempt))
_ANSWERS = (
    select(*(_A[name] for name in StoredAnswer._fields)).where(_A.attempt_id.in_(_IDS)).order_by(_A.sequence)
)
_ANSWERS_UNTIL = _ANSWERS.where(_A.saved_at <= bindparam("until"))
_SCORES = select(*(_S[name] for name in StoredScore._fields)).order_by(_S.revision)
_OF_ROUND = _SCORES.where(_S.attempt_id == bindparam("attempt"), _S.round == bindparam("number"))
_COUNTING = _SCORES.join(
    cast(Table, Attempt.__table__), and_(_OF.id == _S.attempt_id, _OF.round == _S.round)
).where(_S.attempt_id.in_(_IDS))


@dataclass(frozen=True)
class SlotAnswers:
    """What is stored for one slot. ``newest`` is what the officer sees; ``counting`` is what is scored."""

    newest: StoredAnswer
    counting: StoredAnswer | None

    @property
    def came_late(self) -> bool:
        """The newest answer came after the deadline, so an earlier one (or none) is scored."""
        return self.newest.late


def answers_of(
    session: Session, attempt_ids: Sequence[str], *, until: datetime | None = None
) -> dict[str, dict[str, SlotAnswers]]:
    """Attempt id → slot → its answers, for slots that have any. ``until``: as they were then."""
    found: dict[str, dict[str, SlotAnswers]] = {one: {} for one in attempt_ids}
    if not found:
        return found
    query = _ANSWERS if until is None else _ANSWERS_UNTIL
    for row in session.execute(query, {_IDS.key: list(found), "until": until}).all():
        answer = StoredAnswer._make(row)
        slots = found[answer.attempt_id]
        before = slots.get(answer.slot)
        counting = (before.counting if before else None) if answer.late else answer
        slots[answer.slot] = SlotAnswers(answer, counting)
    return found


def newest_answer(session: Session, attempt_id: str, slot: str) -> Answer | None:
    """The answer with the highest sequence, late or not."""
    query = select(Answer).where(Answer.attempt_id == attempt_id, Answer.slot == slot)
    return session.scalar(query.order_by(Answer.sequence.desc()).limit(1))


def scores_of(session: Session, attempt_ids: Sequence[str]) -> dict[str, dict[str, StoredScore]]:
    """Attempt id → slot → the score that counts: the newest revision of the attempt's present round."""
    found: dict[str, dict[str, StoredScore]] = {one: {} for one in attempt_ids}
    if not found:
        return found
    for row in session.execute(_COUNTING, {_IDS.key: list(found)}).all():
        score = StoredScore._make(row)
        found[score.attempt_id][score.slot] = score
    return found


def scores_of_round(session: Session, attempt_id: str, number: int) -> dict[str, StoredScore]:
    """Slot → the newest score of one round, the present one or one that a reopening ended."""
    rows = session.execute(_OF_ROUND, {"attempt": attempt_id, "number": number})
    return {score.slot: score for score in map(StoredScore._make, rows)}
