"""The people of a selection, each with their place, their account and how far they are in a course.

Of several editions of the course the one that a person was enrolled in last counts, leaving aside those they were
withdrawn from: the report counts the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from ..completion import OPEN_STATES, State
from ..completion.standing import state_on
from ..records.tables import (
    Account,
    CourseEdition,
    Enrolment,
    EnrolmentStanding,
    Membership,
    Person,
    QualityRole,
    Unit,
)
from .selection import Selection, serving_select

__all__ = ["Learner", "learners", "owing"]

DONE_STATES = (State.COMPLETED, State.COMPLETED_LATE, State.WAIVED)
"""Nothing is owed any more, for now."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A person and their standing in one course. ``enrolment_id`` is None for somebody never enrolled; with ``state``
    not_enrolled and an id they were withdrawn. ``has_account``: one that is not locked.
    """

    person_id: int
    full_name: str
    unit_id: int
    unit: str
    position: str | None
    quality_role: QualityRole | None
    phone: str | None
    email: str | None
    has_account: bool
    enrolment_id: int | None
    edition_id: int | None
    state: State
    due_on: date | None
    enrolled_on: date | None

    @property
    def enrolled(self) -> bool:
        """Enrolled, and not withdrawn."""
        return self.state is not State.NOT_ENROLLED

    @property
    def done(self) -> bool:
        """Completed and valid, or excused."""
        return self.state in DONE_STATES

    def overdue(self, day: date) -> bool:
        """Whether the due day is past and something is still owed."""
        return self.due_on is not None and self.due_on < day and self.state in OPEN_STATES


def learners(
    session: Session,
    selection: Selection,
    *,
    course: str,
    scope_paths: Sequence[str],
    day: date,
    among: Select[int] | None = None,
) -> list[Learner]:
    """Everybody of the selection within the scope, by province, commune and name. ``day`` is today: states are read
    from the standings, which know no day before the last fact. ``among``: person ids to stay within.
    """
    serving = serving_select(session, selection, scope_paths, among)
    enrolments = _enrolments(session, course, select(serving.c.person_id), day)
    has_account = exists().where(Account.person_id == Person.id, Account.disabled_at.is_(None))
    people = (
        select(
            Person.id, Person.full_name, Person.phone, Person.email, Unit.id.label("unit_id"),
            Unit.name.label("unit"), Membership.position, Membership.quality_role,
            has_account.label("has_account"),
        )
        .select_from(serving)
        .join(Person, Person.id == serving.c.person_id)
        .join(Membership, Membership.id == serving.c.membership_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .order_by(Unit.path, Person.sort_key, Person.id)
    )  # fmt: skip
    return [_learner(row, enrolments.get(row.id)) for row in session.execute(people)]


def owing(course: str) -> Select[int]:
    """Ids of the people who still owe their first completion of the course."""
    row = EnrolmentStanding
    return (
        select(row.person_id)
        .join(CourseEdition, CourseEdition.id == row.edition_id)
        .where(
            CourseEdition.course == course,
            row.current,
            row.state.in_([state.value for state in OPEN_STATES]),
        )
    )


def _learner(row: Any, enrolment: Any) -> Learner:
    return Learner(
        row.id, row.full_name, row.unit_id, row.unit, row.position, row.quality_role, row.phone, row.email,
        row.has_account,
        enrolment.id if enrolment else None,
        enrolment.edition_id if enrolment else None,
        State(enrolment.state) if enrolment else State.NOT_ENROLLED,
        enrolment.due_on if enrolment else None,
        enrolment.enrolled_at.astimezone(VIETNAM).date() if enrolment else None,
    )  # fmt: skip


def _enrolments(session: Session, course: str, people: Any, day: date) -> dict[int, Any]:
    """Person id → the enrolment that counts."""
    row = EnrolmentStanding
    rows = session.execute(
        select(
            row.enrolment_id.label("id"), row.person_id, row.edition_id, Enrolment.enrolled_at,
            state_on(day).label("state"), row.due_on,
        )
        .join(Enrolment, Enrolment.id == row.enrolment_id)
        .join(CourseEdition, CourseEdition.id == row.edition_id)
        .where(CourseEdition.course == course, row.person_id.in_(people))
        .order_by(CourseEdition.published_at, CourseEdition.id)
    )  # fmt: skip
    found: dict[int, Any] = {}
    for one in rows:
        before = found.get(one.person_id)
        withdrawn = one.state == State.NOT_ENROLLED.value
        # Newer editions come later; one that was withdrawn gives way to any that was not.
        if before is None or not withdrawn or before.state == State.NOT_ENROLLED.value:
            found[one.person_id] = one
    return found
