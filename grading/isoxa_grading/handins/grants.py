"""More time for one person, or one more version: what a trainer can grant, always with a reason, always audited.

The last due date granted counts, unless everybody's is later. Everybody's own due date is in nbgrader's gradebook, and
so is each person's extension once their work has a row there (``tell_gradebook``): formgrader shows it then.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from isoxa_courses.text import VIETNAM, fold, format_datetime, name_sort_key
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, joinedload

from ..nbgrader_bridge.course_folder import student_name
from ..records.attempts import current_enrolment
from ..records.attempts.scope import unit_of_person, within
from ..records.audit import audit
from ..records.desk.errors import SupportRefused
from ..records.desk.supported import checked_reason
from ..records.tables import CourseEdition, Enrolment, HandIn, HandInGrant, Person
from .assignments import Assignment
from .errors import NoSuchHandIn

__all__ = [
    "GrantStanding",
    "Granted",
    "Named",
    "for_person",
    "grant_standing",
    "grant_time",
    "grant_version",
    "granted_of",
    "named_within",
    "tell_gradebook",
]

log = logging.getLogger("isoxa.handins")

MOST_VERSIONS = 50
"""Of one person for one assignment, unless a trainer grants more: nobody needs more, and a disk is finite."""
MOST_MORE = 5
MOST_NAMED = 20
_AT_ONCE = 500
_EPOCH = datetime(1970, 1, 1)
_EXTEND = text(
    "update submitted_assignment set extension = :extension where student_id = :student and assignment_id = "
    "(select id from assignment where name = :assignment)"
)


@dataclass(frozen=True)
class Granted:
    """What one person was granted for one assignment. ``time``: the grant of time that was given last."""

    time: HandInGrant | None = None
    more: int = 0

    @property
    def most_versions(self) -> int:
        """How many versions the person may hand in."""
        return MOST_VERSIONS + self.more


@dataclass(frozen=True)
class Named:
    """Somebody enrolled, found by name."""

    person_id: int
    name: str
    unit: str


@dataclass(frozen=True)
class GrantStanding:
    """Where a person stands, for the page that grants more. ``assignment``: with this person's due date."""

    person_id: int
    name: str
    unit: str
    assignment: Assignment
    granted: Granted
    versions: int


def granted_of(session: Session, course: str, assignment: str, people: Collection[int]) -> dict[int, Granted]:
    """Person → what they were granted, of those who were granted anything."""
    found: dict[int, Granted] = {}
    ids = list(people)
    for start in range(0, len(ids), _AT_ONCE):
        query = (
            select(HandInGrant)
            .where(
                HandInGrant.course == course,
                HandInGrant.assignment == assignment,
                HandInGrant.person_id.in_(ids[start : start + _AT_ONCE]),
            )
            .options(joinedload(HandInGrant.granted_by))
            .order_by(HandInGrant.id)
        )
        for row in session.scalars(query):
            before = found.get(row.person_id, Granted())
            found[row.person_id] = (
                Granted(before.time, before.more + 1) if row.due_at is None else Granted(row, before.more)
            )
    return found


def for_person(assignment: Assignment, granted: Granted | None) -> Assignment:
    """The assignment with one person's due date."""
    grant = granted.time if granted is not None else None
    if grant is None or grant.due_at is None or assignment.due is None or grant.due_at <= assignment.due:
        return assignment
    return dataclasses.replace(assignment, due=grant.due_at)


def named_within(
    session: Session, course: str, scope_paths: Sequence[str], typed: str, *, me: int | None
) -> tuple[list[Named], bool]:
    """People enrolled in the course who serve in one of the scopes and whose name has all the words typed, without
    the trainer (``me``); and whether there are more. Case and diacritics do not matter."""
    words = fold(typed).split()
    if not words or not scope_paths:
        return [], False
    enrolled = select(Enrolment.person_id).join(Enrolment.edition).where(CourseEdition.course == course)
    people = select(Person.id, Person.full_name).where(Person.erased_at.is_(None), Person.id.in_(enrolled))
    named = [
        (id_, name)
        for id_, name in session.execute(within(people, scope_paths, Person.id))
        if id_ != me and all(word in fold(name) for word in words)
    ]
    named.sort(key=lambda one: (name_sort_key(one[1]), one[0]))
    found = []
    for id_, name in named[:MOST_NAMED]:
        unit = unit_of_person(session, id_)
        found.append(Named(id_, name, unit.name if unit else ""))
    return found, len(named) > MOST_NAMED


def grant_standing(
    session: Session, assignment: Assignment, person_id: int, scope_paths: Sequence[str], *, me: int | None
) -> GrantStanding:
    """Where somebody stands. Raises ``NoSuchHandIn``: not enrolled, out of scope, or the trainer themselves."""
    unit = unit_of_person(session, person_id)
    inside = unit is not None and any(unit.path.startswith(path) for path in scope_paths)
    enrolment = current_enrolment(session, person_id, assignment.course) if inside else None
    if unit is None or enrolment is None or person_id == me:
        raise NoSuchHandIn
    granted = granted_of(session, assignment.course, assignment.name, [person_id]).get(person_id, Granted())
    number = select(HandIn.number).where(
        HandIn.person_id == person_id,
        HandIn.course == assignment.course,
        HandIn.assignment == assignment.name,
    )
    return GrantStanding(
        person_id,
        enrolment.person.full_name,
        unit.name,
        for_person(assignment, granted),
        granted,
        session.scalar(number.order_by(HandIn.number.desc()).limit(1)) or 0,
    )


def grant_time(
    session: Session, stands: GrantStanding, last_day: date, reason: str, *, account_id: int, now: datetime
) -> HandInGrant:
    """On time until the end of ``last_day`` (Vietnam). Raises ``SupportRefused`` (no reason; not later; past)."""
    why, due, present = checked_reason(reason), _end_of(last_day), stands.assignment.due
    if present is None:
        raise SupportRefused("Bài này không có hạn nộp nên không cần gia hạn. Chưa có gì thay đổi.")
    if due <= now:
        raise SupportRefused("Hạn mới đã qua. Chưa đổi; chọn ngày từ hôm nay trở đi.")
    if due <= present:
        raise SupportRefused(
            f"Hạn mới phải sau hạn hiện nay ({format_datetime(present)}). Chưa đổi; chọn ngày khác."
        )
    detail = {"before": present.isoformat(), "after": due.isoformat(), "reason": why}
    return _grant(session, stands, due, why, "assignment.extended", detail, account_id, now)


def grant_version(
    session: Session, stands: GrantStanding, reason: str, *, account_id: int, now: datetime
) -> HandInGrant:
    """One more version for who has used all. Raises ``SupportRefused`` (no reason; some left; too many given)."""
    why, most = checked_reason(reason), stands.granted.most_versions
    if stands.versions < most:
        raise SupportRefused(
            f"Người này mới nộp {stands.versions} trên {most} lần nên còn nộp được. Chưa có gì thay đổi."
        )
    if stands.granted.more >= MOST_MORE:
        raise SupportRefused(
            f"Người này đã được thêm {MOST_MORE} lần nộp, không thêm được nữa. Chưa có gì thay đổi."
        )
    detail = {"allowed": most + 1, "reason": why}
    return _grant(session, stands, None, why, "assignment.version_granted", detail, account_id, now)


def _grant(
    session: Session,
    stands: GrantStanding,
    due: datetime | None,
    why: str,
    action: str,
    detail: Mapping[str, object],
    account_id: int,
    now: datetime,
) -> HandInGrant:
    assignment, unit = stands.assignment, unit_of_person(session, stands.person_id)
    row = HandInGrant(
        person_id=stands.person_id,
        course=assignment.course,
        assignment=assignment.name,
        due_at=due,
        reason=why,
        granted_by_account_id=account_id,
        granted_at=now,
    )
    session.add(row)
    about = {"course": assignment.course, "assignment": assignment.name, **detail}
    audit(session, account_id, action, "person", stands.person_id, unit.id if unit else None, about, now)
    session.flush()
    return row


def tell_gradebook(session: Session, assignment: Assignment, people: Collection[int]) -> None:
    """Write extensions beside the submissions that nbgrader's gradebook has; ``assignment``: as it is for everybody.

    A gradebook that is held or damaged is told the next time: nobody's marks depend on it. Blocks.
    """
    from ..nbgrader_bridge.gradebook import gradebook_rows

    granted = granted_of(session, assignment.course, assignment.name, people)
    extended = {
        person_id: due - assignment.due
        for person_id, one in granted.items()
        if assignment.due is not None
        and (due := for_person(assignment, one).due) not in (None, assignment.due)
    }
    if not extended:
        return
    try:
        with gradebook_rows(assignment.folder) as rows:
            for person_id, extension in extended.items():
                values = {"student": student_name(person_id), "assignment": assignment.name}
                rows.execute(_EXTEND, {**values, "extension": _interval(extension)})
            rows.commit()
    except DatabaseError as error:
        log.warning("extensions are not yet in the gradebook of %s: %s", assignment.course, error.orig)


def _interval(extension: timedelta) -> str:
    return (_EPOCH + extension).strftime("%Y-%m-%d %H:%M:%S.%f")


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), VIETNAM).astimezone(UTC)
