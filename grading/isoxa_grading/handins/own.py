"""One person's assignments: their due dates, what they handed in, what it got, and whether that is news to them.

Marks are in nbgrader's gradebook, which keeps no time of a mark. So what the person last saw of them is kept as a
fingerprint: where it differs from the one of now, a mark or a comment was given, or changed, since they looked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..nbgrader_bridge.course_folder import student_name
from ..records.data_folder import DataFolder
from ..records.database import writing
from ..records.tables import HandIn, HandInLook
from .assignments import Assignment, assignments_of
from .book import graded_of
from .errors import GradebookUnreadable
from .grants import Granted, for_person, granted_of
from .receiving import versions_of
from .standing import Stage, Standing, standing_of

__all__ = ["OwnWork", "fingerprint", "mark_seen", "own_work", "own_work_in"]


@dataclass(frozen=True)
class OwnWork:
    """``assignment``: with this person's due date; ``news``: marks, comments or a failure they have not seen;
    ``problem``: why marks cannot be shown now (Vietnamese)."""

    assignment: Assignment
    versions: tuple[HandIn, ...]
    standing: Standing
    granted: Granted
    news: bool
    problem: str = ""


def own_work_in(data: DataFolder, session: Session, person_id: int, courses: Iterable[str]) -> list[OwnWork]:
    """Everything of these courses, in their order. Blocks."""
    return [
        own_work(session, assignment, person_id)
        for course in courses
        for assignment in assignments_of(data, session, course)
    ]


def own_work(session: Session, assignment: Assignment, person_id: int) -> OwnWork:
    """One assignment of one person. Blocks."""
    granted = granted_of(session, assignment.course, assignment.name, [person_id]).get(person_id, Granted())
    theirs = for_person(assignment, granted)
    versions = tuple(versions_of(session, assignment.course, assignment.name, person_id))
    newest = versions[0].received_at if versions else None
    student, graded, problem = student_name(person_id), None, ""
    try:
        graded = graded_of(assignment.folder, assignment.name, [student]).get(student)
    except GradebookUnreadable as error:
        problem = str(error)
    standing = standing_of(theirs, person_id, newest, graded)
    now, seen = fingerprint(standing), _look(session, assignment, person_id)
    news = bool(now) and not problem and (seen is None or seen.marks != now)
    return OwnWork(theirs, versions, standing, granted, news, problem)


def fingerprint(standing: Standing) -> str:
    """Of everything the person can read of their marks (hex); "" while there is nothing."""
    marks = standing.marks
    if marks is None and standing.stage is not Stage.FAILED:
        return ""
    groups = (
        []
        if marks is None
        else [
            [[[cell.id, str(cell.points)] for cell in group.cells], list(group.comments)]
            for group in marks.groups
        ]
    )
    penalty = "" if marks is None else str(marks.penalty)
    return hashlib.sha256(json.dumps([groups, penalty, standing.why]).encode()).hexdigest()


def mark_seen(engine: Engine, own: OwnWork, person_id: int, now: datetime) -> None:
    """The person looked at it; writes only when there was something new."""
    if not own.news:
        return
    marks = fingerprint(own.standing)
    with suppress(IntegrityError), writing(engine) as session:
        # Two tabs may look at once; either's look is as good.
        look = _look(session, own.assignment, person_id)
        if look is None:
            course, name = own.assignment.course, own.assignment.name
            look = HandInLook(person_id=person_id, course=course, assignment=name, marks=marks, seen_at=now)
            session.add(look)
        look.marks, look.seen_at = marks, now


def _look(session: Session, assignment: Assignment, person_id: int) -> HandInLook | None:
    query = select(HandInLook).where(
        HandInLook.person_id == person_id,
        HandInLook.course == assignment.course,
        HandInLook.assignment == assignment.name,
    )
    return session.scalar(query)
