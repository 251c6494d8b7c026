"""What a trainer graded in nbgrader's formgrader, brought back into the records.

formgrader writes into the gradebook alone. A manual score or comment there that is none of ours is a trainer's mark:
it becomes a new revision of the slot's score (source ``formgrader``), and completion follows as from any other mark.

What is ours to know again: the last score that reached the gradebook (the newest at the time of the last outbox item
done) and every later one (it may have reached it just before a crash). A submission is matched by student,
assignment and time, so a mark belongs to the attempt, and the round of it, that formgrader showed: one given while the
attempt is open again is kept with the round it was given for. The same look is taken once more with the gradebook
locked before anything is written over (`outbox`), so that no mark made there is lost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from isoxa_courses.text import clean
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ..records.attempts.find import find_attempts
from ..records.attempts.grading import MAX_COMMENT, take_over
from ..records.data_folder import DataFolder
from ..records.database import reading, writing
from ..records.library import CourseLibrary
from ..records.tables import (
    Attempt,
    CourseEdition,
    Enrolment,
    OutboxItem,
    QuizVersion,
    Reopening,
    SlotScore,
)
from .course_folder import NbgraderFolder
from .gradebook import gradebook_rows
from .manual_scores import ManualScore, manual_scores

_AT_ONCE = 400
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class FormgraderMark:
    """A mark found in the gradebook that the records do not have."""

    attempt_id: str
    slot: str
    points: Decimal
    comment: str
    round: int = 1


def take_formgrader_marks(
    data: DataFolder,
    engine: Engine,
    library: CourseLibrary,
    *,
    now: datetime,
    among: Collection[str] | None = None,
) -> int:
    """Bring back every mark of every course (``among``: of these alone); how many. A course without a gradebook yet is
    passed over."""
    with reading(engine) as session:
        courses = list(
            session.scalars(select(CourseEdition.course).distinct().order_by(CourseEdition.course))
        )
    taken = 0
    for course in courses:
        if among is not None and course not in among:
            continue
        folder = NbgraderFolder(data.nbgrader(course))
        if (folder.root / "gradebook.db").is_file():
            with gradebook_rows(folder) as rows, reading(engine) as session:
                found = new_marks(rows, session, course)
            taken += keep_marks(engine, library, found, now)
    return taken


def new_marks(
    rows: Session, session: Session, course: str, among: Collection[tuple[str, str]] | None = None
) -> list[FormgraderMark]:
    """Marks in the open gradebook (its ``rows``) that the records lack; ``among``: of these (student, assignment)."""
    cells = list(manual_scores(rows, among))
    found = []
    for start in range(0, len(cells), _AT_ONCE):
        found += _unknown(session, course, cells[start : start + _AT_ONCE])
    return found


def keep_marks(
    engine: Engine, library: CourseLibrary, found: Collection[FormgraderMark], now: datetime
) -> int:
    """Store marks as new revisions, in one transaction; how many."""
    if not found:
        return 0
    with writing(engine) as session:
        # All locked at once and in one order, as by those who hand in together: nobody waits for each other.
        find_attempts(session, {mark.attempt_id for mark in found})
        for mark in found:
            take_over(
                session, library, mark.attempt_id, mark.slot, mark.points, mark.comment, now, mark.round
            )
    return len(found)


def _unknown(session: Session, course: str, cells: Collection[ManualScore]) -> list[FormgraderMark]:
    rounds = _rounds(session, course, {cell.person_id for cell in cells})
    matched = ((cell, rounds.get((cell.person_id, cell.assignment, cell.submitted_at))) for cell in cells)
    shown = [(cell, *one) for cell, one in matched if one is not None]
    scores: dict[tuple[str, str, int], list[SlotScore]] = {}
    for score in session.scalars(
        select(SlotScore)
        .where(SlotScore.attempt_id.in_({attempt.id for _cell, attempt, _round in shown}))
        .order_by(SlotScore.revision)
    ):
        scores.setdefault((score.attempt_id, score.slot, score.round), []).append(score)
    written = _written_up_to(session, {attempt.enrolment_id for _cell, attempt, _round in shown})
    found = []
    for cell, attempt, its_round in shown:
        revisions = scores.get((attempt.id, cell.slot, its_round), [])
        ours = _may_be_there(revisions, written.get((attempt.enrolment_id, attempt.quiz)))
        comment = clean(cell.comment, lines=True)[:MAX_COMMENT]
        points = Decimal(str(cell.score)).quantize(_CENT, ROUND_HALF_UP)
        # formgrader also takes more than the full points; what is stored of such a mark is the full points.
        counted = min(max(points, Decimal(0)), Decimal(str(cell.max_score)))
        if not any(
            one.source != "auto" and one.points == counted and (one.comment or "") == comment for one in ours
        ):
            found.append(FormgraderMark(attempt.id, cell.slot, points, comment, its_round))
    return found


def _rounds(
    session: Session, course: str, person_ids: Collection[int]
) -> dict[tuple[int, str, datetime], tuple[Attempt, int]]:
    """(Person, assignment, when it was submitted) → the attempt and the round of it; ended rounds too."""
    query = (
        select(Attempt, Enrolment.person_id, QuizVersion.assignment, Reopening.round, Reopening.submitted_at)
        .join(Attempt.enrolment)
        .join(Enrolment.edition)
        .join(Attempt.quiz_version)
        .outerjoin(Reopening, Reopening.attempt_id == Attempt.id)
        .where(CourseEdition.course == course, Enrolment.person_id.in_(person_ids))
    )
    found: dict[tuple[int, str, datetime], tuple[Attempt, int]] = {}
    for attempt, person, name, ended, then in session.execute(query):
        if then is not None:
            found[person, name, then] = attempt, ended
        if attempt.submitted_at is not None:
            found[person, name, attempt.submitted_at] = attempt, attempt.round
    return found


def _written_up_to(session: Session, enrolments: Collection[int]) -> dict[tuple[int, str], datetime]:
    """(Enrolment, quiz) → when the newest change that surely reached the gradebook was made."""
    query = (
        select(Attempt.enrolment_id, Attempt.quiz, func.max(OutboxItem.created_at))
        .join(Attempt, Attempt.id == OutboxItem.attempt_id)
        .where(OutboxItem.done_at.is_not(None), Attempt.enrolment_id.in_(enrolments))
        .group_by(Attempt.enrolment_id, Attempt.quiz)
    )
    return {(enrolment, quiz): at for enrolment, quiz, at in session.execute(query)}


def _may_be_there(revisions: list[SlotScore], written: datetime | None) -> list[SlotScore]:
    """Of a slot's scores, first to last, those that the gradebook may hold from us."""
    if written is None:
        return revisions
    before = [one for one in revisions if one.at <= written]
    return before[-1:] + [one for one in revisions if one.at > written]
