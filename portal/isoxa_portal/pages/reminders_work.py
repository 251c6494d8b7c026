"""What the pages of "Nhắc học" ask of the records: the three lists, one letter as it would be sent, letters put out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from isoxa_courses.reminder_letters import load_reminder
from isoxa_grading.enrolment import Selection, draft
from isoxa_grading.enrolment.learners import owing
from isoxa_grading.enrolment.mail.letter import fields_of
from isoxa_grading.enrolment.reminding import ToRemind, is_due_reminder, queue_reminders, reminder_lists
from isoxa_grading.enrolment.selection import serving_select
from isoxa_grading.records.data_folder import Settings
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import BatchKind, CourseEdition, ReminderKind, Unit
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..portal import Portal
from .learners import MOST_LISTED
from .published import published_courses
from .unit_field import NoSuchUnit, named_unit, offered_units

__all__ = ["Lists", "ReminderQuery", "letter_for", "lists_of", "message_domain", "put_out"]


@dataclass(frozen=True)
class ReminderQuery:
    """As in the address."""

    course: str
    unit: str
    kind: ReminderKind


@dataclass(frozen=True)
class Lists:
    """The three lists, or why there are none: ``error`` in the unit's field, or ``wide``, too many people at once."""

    query: ReminderQuery
    courses: list[tuple[str, str]]
    units: list[str]
    lists: dict[ReminderKind, list[ToRemind]]
    wide: int
    error: str


def lists_of(portal: Portal, scope: Sequence[str], query: ReminderQuery, today: date) -> Lists:
    """Whom to remind within the scope."""
    with reading(portal.engine) as session:
        courses = published_courses(session)
        course = query.course if query.course in dict(courses) else (courses[0][0] if courses else "")
        query = ReminderQuery(course, query.unit, query.kind)
        units = offered_units(session, scope)
        try:
            selection, _unit = _chosen(session, scope, query.unit)
        except NoSuchUnit as problem:
            return Lists(query, courses, units, {}, 0, str(problem))
        people = serving_select(session, selection, scope, owing(course))
        many = session.scalar(select(func.count()).select_from(people)) or 0
        if many > MOST_LISTED:
            return Lists(query, courses, units, {}, many, "")
        found = reminder_lists(session, selection, course=course, scope_paths=scope, day=today)
        return Lists(query, courses, units, found, 0, "")


def letter_for(
    portal: Portal, me: SignedIn, scope: Sequence[str], query: ReminderQuery, person_id: int, today: date
) -> tuple[str, str, str]:
    """The name, and subject and body of the letter to this person. Raises ``PortalError`` 404 for anybody who is not
    on the list within the scope.
    """
    with reading(portal.engine) as session:
        edition = latest_edition(session, query.course)
        if edition is None:
            raise not_found()
        selection = Selection(people=(person_id,))
        found = reminder_lists(session, selection, course=query.course, scope_paths=scope, day=today)
        people = [one.learner for one in found[query.kind] if is_due_reminder(query.kind, one.learner, today)]
        if not people:
            raise not_found()
        mine = session.get_one(CourseEdition, people[0].edition_id)
    letter = load_reminder(portal.data.editions(mine.course, mine.edition), query.kind.value)
    fields = fields_of(
        query.kind, people[0], course_title=mine.title, day=today, address=portal.settings.public_address,
        contact=portal.settings.help_contact, sender=me.display_name,
    )  # fmt: skip
    subject, body = letter.fill(fields)
    return people[0].full_name, subject, body


def put_out(
    portal: Portal, me: SignedIn, scope: Sequence[str], query: ReminderQuery, now: datetime
) -> dict[str, int]:
    """Queue a letter to everybody of the list who can be written to; the counts. Raises ``NoSuchUnit``."""
    with writing(portal.engine) as session:
        edition = latest_edition(session, query.course)
        if edition is None:
            raise not_found()
        selection, unit = _chosen(session, scope, query.unit)
        batch = draft(session, BatchKind.REMIND, edition, selection, actor=me.account_id, now=now)
        queue_reminders(
            session, batch, query.kind, scope_paths=scope, unit_id=unit.id,
            domain=message_domain(portal.settings), now=now,
        )  # fmt: skip
        return {name: value for name, value in batch.counts.items() if isinstance(value, int)}


def message_domain(settings: Settings) -> str:
    """What stands after the @ of message ids."""
    sender = settings.mail.sender.rpartition("@")[2]
    return sender or urlsplit(settings.public_address).hostname or "isoxa.invalid"


def _chosen(session: Session, scope: Sequence[str], name: str) -> tuple[Selection, Unit]:
    """The unit named, or the whole scope (told by its first unit)."""
    if name:
        unit = named_unit(session, scope, name)
        return Selection(units=(unit.id,)), unit
    return Selection(), session.scalars(select(Unit).where(Unit.path == scope[0])).one()
