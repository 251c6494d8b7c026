"""From the records to responses: which attempts count, what each was asked, earned, answered, and when it was saved.

Everything is read in a few wide queries and joined in memory: a province's 7,400 officers are some 110,000 answers.
Whose attempts are read is the trainer's scope, by the officer's unit today, as on the grading pages.

An attempt that a trainer reopened has rounds. As the officer's first, it is read as it was first submitted; among all,
as it was submitted last. While it is open again it is not read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
from isoxa_courses.models import Quiz
from sqlalchemy import Integer, Select, String, and_, cast, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from isoxa_grading.records.attempts.scope import within
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    Answer,
    Attempt,
    AttemptStatus,
    CourseEdition,
    Enrolment,
    QuizVersion,
    Reopening,
    SlotScore,
)

from .figures import Table
from .timing import seconds_by_slot

Which = Literal["first", "all"]
"""Of each officer the first attempt that was submitted, or all of them."""

MISSING = -1
"""In a table of points: not scored yet."""
_NOT_ANSWERED = "null"
_AT_ONCE = 500


class UnknownQuiz(LookupError):
    """Nobody in the scope submitted this version of this quiz; ``str()`` is Vietnamese."""

    def __init__(self) -> None:
        super().__init__("Chưa có ai trong phạm vi của anh/chị nộp phiên bản này của bài kiểm tra.")


@dataclass(frozen=True)
class TakenQuiz:
    """A version of a quiz that somebody in the scope submitted."""

    course: str
    quiz: str
    version: int
    edition: str
    officers: int
    attempts: int


@dataclass(frozen=True)
class Responses:
    """``points``: (attempts, slots) hundredths, MISSING where not scored; ``variants``: as many lists of variant ids.

    ``answers``: (slot, variant) → canonical answer as JSON text → how often; ``seconds``: slot → one figure for each
    attempt in which the time can be told.
    """

    course: str
    edition: str
    which: Which
    quiz: Quiz
    officers: int
    points: Table
    variants: list[list[str]]
    answers: dict[tuple[str, str], Counter[str]]
    seconds: dict[str, list[float]]


def taken_quizzes(session: Session, scope_paths: Sequence[str]) -> list[TakenQuiz]:
    """What may be analysed, by course, quiz, and newest version first."""
    if not scope_paths:
        return []
    query = (
        select(
            QuizVersion.course,
            QuizVersion.quiz,
            QuizVersion.version,
            func.max(Enrolment.edition_id),
            func.count(func.distinct(Enrolment.person_id)),
            func.count(Attempt.id),
        )
        .join(Attempt, Attempt.quiz_version_id == QuizVersion.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Attempt.id.in_(_submitted(scope_paths)))
        .group_by(QuizVersion.course, QuizVersion.quiz, QuizVersion.version)
        .order_by(QuizVersion.course, QuizVersion.quiz, QuizVersion.version.desc())
    )
    rows = session.execute(query).all()
    editions = dict(
        session.execute(
            select(CourseEdition.id, CourseEdition.edition).where(
                CourseEdition.id.in_([edition for _c, _q, _v, edition, _o, _a in rows])
            )
        ).all()
    )
    return [TakenQuiz(c, q, v, editions[edition], o, a) for c, q, v, edition, o, a in rows]


def read_responses(
    session: Session,
    library: CourseLibrary,
    *,
    course: str,
    quiz: str,
    version: int,
    scope_paths: Sequence[str],
    which: Which = "first",
) -> Responses:
    """The submitted attempts at one version of a quiz, of officers who serve in one of the scopes.

    ``which="first"``: of each officer the first that was submitted. Later ones were made after having seen the result,
    and do not satisfy what the figures assume (Moodle, "Quiz statistics calculations"). Raises ``UnknownQuiz``, and
    ``EditionMissing`` where the questions are not on this server.
    """
    query = (
        select(Attempt.id, Attempt.started_at, Attempt.drawn, Enrolment.person_id, Enrolment.edition_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(
            QuizVersion.course == course,
            QuizVersion.quiz == quiz,
            QuizVersion.version == version,
            Attempt.id.in_(_submitted(scope_paths)),
        )
        .order_by(Attempt.submitted_at, Attempt.number, Attempt.id)
    )
    rows = _attempts(session, query) if scope_paths else []
    if not rows:
        raise UnknownQuiz
    edition = session.get_one(CourseEdition, max(row.edition_id for row in rows)).edition
    content = library.quiz(course, edition, quiz)
    officers = len({row.person_id for row in rows})
    if which == "first":
        first: dict[int, _Attempt] = {}
        for row in rows:
            first.setdefault(row.person_id, row)
        rows = list(first.values())
    slots = [slot.id for slot in content.slots]
    answers, seconds = _answers(session, rows, slots, which)
    return Responses(
        course=course,
        edition=edition,
        which=which,
        quiz=content,
        officers=officers,
        points=_points(session, rows, slots, which),
        variants=[[row.drawn.get(slot, "") for slot in slots] for row in rows],
        answers=answers,
        seconds=seconds,
    )


def _submitted(scope_paths: Sequence[str]) -> Select[str]:
    query = select(Attempt.id).join(Attempt.enrolment).where(Attempt.status != AttemptStatus.OPEN)
    return within(query, scope_paths)


@dataclass(frozen=True)
class _Attempt:
    """``drawn``: slot → variant."""

    id: str
    started_at: datetime
    drawn: dict[str, str]
    person_id: int
    edition_id: int


# The wide queries run on the connection: rows of plain columns, none of what the ORM adds to each.


def _attempts(session: Session, query: Select[str, datetime, dict[str, Any], int, int]) -> list[_Attempt]:
    found = []
    for id_, started_at, drawn, person_id, edition_id in session.connection().execute(query):
        variants = {one["slot"]: one["variant"] for one in drawn["slots"]}
        found.append(_Attempt(id_, started_at, variants, person_id, edition_id))
    return found


def _chunks(rows: Sequence[_Attempt]) -> Iterator[Sequence[_Attempt]]:
    for begin in range(0, len(rows), _AT_ONCE):
        yield rows[begin : begin + _AT_ONCE]


def _points(session: Session, rows: Sequence[_Attempt], slots: list[str], which: Which) -> Table:
    column = {slot: number for number, slot in enumerate(slots)}
    place = {row.id: number for number, row in enumerate(rows)}
    table = np.full((len(rows), len(slots)), MISSING, dtype=np.int64)
    for some in _chunks(rows):
        query = (
            select(SlotScore.attempt_id, SlotScore.slot, type_coerce(SlotScore.points, Integer))
            .join(Attempt, Attempt.id == SlotScore.attempt_id)
            .where(
                SlotScore.attempt_id.in_([row.id for row in some]),
                SlotScore.round == (1 if which == "first" else Attempt.round),
            )
            .order_by(SlotScore.attempt_id, SlotScore.slot, SlotScore.revision)
        )
        # The newest revision counts, and it comes last.
        for attempt, slot, hundredths in session.connection().execute(query).all():
            if slot in column:
                table[place[attempt], column[slot]] = hundredths
    return table


def _answers(
    session: Session, rows: Sequence[_Attempt], slots: list[str], which: Which
) -> tuple[dict[tuple[str, str], Counter[str]], dict[str, list[float]]]:
    counted: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    seconds: dict[str, list[float]] = {slot: [] for slot in slots}
    for some in _chunks(rows):
        counting: dict[str, dict[str, str]] = {row.id: {} for row in some}
        saves: dict[str, list[tuple[datetime, str]]] = {row.id: [] for row in some}
        query = (
            select(Answer.attempt_id, Answer.slot, Answer.late, Answer.saved_at, cast(Answer.answer, String))
            .where(Answer.attempt_id.in_([row.id for row in some]))
            .order_by(Answer.attempt_id, Answer.slot, Answer.sequence)
        )
        if which == "first":
            query = query.outerjoin(
                Reopening, and_(Reopening.attempt_id == Answer.attempt_id, Reopening.round == 1)
            ).where(or_(Reopening.id.is_(None), Answer.saved_at <= Reopening.submitted_at))
        for attempt, slot, late, saved_at, text in session.connection().execute(query).all():
            saves[attempt].append((saved_at, slot))
            if not late:  # the last in time is what was scored
                counting[attempt][slot] = text
        for row in some:
            mine = counting[row.id]
            for slot in slots:
                counted[slot, row.drawn.get(slot, "")][mine.get(slot, _NOT_ANSWERED)] += 1
            for slot, spent in seconds_by_slot(row.started_at, saves[row.id]).items():
                if slot in seconds:
                    seconds[slot].append(spent)
    return dict(counted), seconds
