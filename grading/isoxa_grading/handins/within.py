"""What trainers see: who in their units handed in, and all of it as nbgrader's ``submitted`` folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..nbgrader_bridge.course_folder import student_name
from ..records.attempts.scope import within
from ..records.data_folder import DataFolder
from ..records.tables import CourseEdition, HandIn, Person, Unit
from ..work_products.fixed_zip import zip_parts
from .assignments import Assignment, assignments_of
from .errors import NoSuchHandIn
from .files import STAMP, place_of

__all__ = ["HandedIn", "courses_with_assignments", "hand_in_within", "handed_in_within", "submitted_zip"]

MISSING = "TEP-BI-THIEU.txt"
"""Stands in the ZIP where files are gone from the disk, and names them."""


@dataclass(frozen=True)
class HandedIn:
    """A person's newest version. ``unit``: where they serve; ``student``: nbgrader's id of them."""

    hand_in: HandIn
    name: str
    unit: str

    @property
    def student(self) -> str:
        return student_name(self.hand_in.person_id)


def courses_with_assignments(data: DataFolder, session: Session) -> list[Assignment]:
    """Every assignment of every course, by course."""
    courses = session.scalars(select(CourseEdition.course).distinct().order_by(CourseEdition.course))
    return [one for course in courses for one in assignments_of(data, session, course)]


def handed_in_within(
    session: Session, course: str, assignment: str, scope_paths: Sequence[str]
) -> list[HandedIn]:
    """The newest versions of people who serve in one of the scopes, by name."""
    if not scope_paths:
        return []
    newest = (
        select(HandIn.person_id, func.max(HandIn.number).label("number"))
        .where(HandIn.course == course, HandIn.assignment == assignment)
        .group_by(HandIn.person_id)
        .subquery()
    )
    query = (
        select(HandIn, Person.full_name, Unit.name)
        .join(newest, (newest.c.person_id == HandIn.person_id) & (newest.c.number == HandIn.number))
        .join(Person, Person.id == HandIn.person_id)
        .where(HandIn.course == course, HandIn.assignment == assignment)
    )
    rows = session.execute(
        within(query, scope_paths, HandIn.person_id).order_by(Person.sort_key, HandIn.person_id)
    )
    return [HandedIn(*row) for row in rows]


def hand_in_within(session: Session, hand_in_id: str, scope_paths: Sequence[str]) -> HandedIn:
    """Any version of somebody who serves in one of the scopes. Raises ``NoSuchHandIn``."""
    if scope_paths:
        query = (
            select(HandIn, Person.full_name, Unit.name)
            .join(Person, Person.id == HandIn.person_id)
            .where(HandIn.id == hand_in_id)
        )
        for row in session.execute(within(query, scope_paths, HandIn.person_id)):
            return HandedIn(*row)
    raise NoSuchHandIn


def submitted_zip(data: DataFolder, handed_in: Sequence[HandedIn]) -> Iterator[bytes]:
    """The files of these versions, piece by piece, as ``submitted/STUDENT/ASSIGNMENT/FILE`` with each timestamp.txt."""
    return zip_parts(_entries(data, handed_in))


def _entries(data: DataFolder, handed_in: Sequence[HandedIn]) -> Iterator[tuple[str, bytes]]:
    missing: list[str] = []
    for one in handed_in:
        root = f"submitted/{one.student}/{one.hand_in.assignment}"
        place = place_of(data, one.hand_in.id)
        for file in one.hand_in.files:
            try:
                content = (place / file["name"]).read_bytes()
            except FileNotFoundError:
                missing.append(f"{root}/{file['name']}")
                continue
            yield f"{root}/{file['name']}", content
        yield f"{root}/timestamp.txt", f"{one.hand_in.received_at.strftime(STAMP)}\n".encode()
    if missing:
        # A disk put back from an older copy; the rest is given all the same.
        yield MISSING, "\n".join(["Các tệp sau không còn trên máy chủ:", *missing, ""]).encode()
