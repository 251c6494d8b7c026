"""Published editions of courses, and who is to complete which.

An edition is frozen when it is published: an enrolment names one, so a new lesson never un-completes anyone. Enrolling
again changes nothing, but for a new due day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..completion import record_due, record_enrolled, record_new_enrolments
from .audit import audit
from .tables import Account, CourseEdition, Enrolment, Membership, Person

__all__ = [
    "EditionChanged",
    "change_due",
    "enrol",
    "enrol_all",
    "latest_edition",
    "publish_edition",
]


class EditionChanged(Exception):
    """The edition was published before with other content; ``str()`` says what to do (Vietnamese)."""


def publish_edition(session: Session, manifest: EditionManifest, sha: str, now: datetime) -> CourseEdition:
    """Publish an edition, or return it when it is published with this very content.

    Raises ``EditionChanged`` if the same edition was published with other content.
    """
    found = _edition(session, manifest.course, manifest.edition)
    if found is not None:
        if found.content_sha256 != sha:
            raise EditionChanged(
                f"Khóa học {found.course}, bản {found.edition}, đã phát hành ngày {format_date(found.published_at)} "
                "với nội dung khác. Bản đã phát hành được giữ nguyên. Hãy đổi “edition” trong course.yaml rồi "
                "phát hành bản mới."
            )
        return found
    edition = CourseEdition(
        course=manifest.course,
        edition=manifest.edition,
        title=manifest.title,
        manifest=manifest.to_json(),
        content_sha256=sha,
        published_at=now,
    )
    session.add(edition)
    session.flush()
    detail = {"course": edition.course, "edition": edition.edition, "sha256": sha}
    audit(session, None, "edition.published", "course_edition", edition.id, None, detail, now)
    return edition


def latest_edition(session: Session, course: str) -> CourseEdition | None:
    """The edition of the course that was published last."""
    query = select(CourseEdition).where(CourseEdition.course == course)
    return session.scalars(query.order_by(CourseEdition.published_at.desc(), CourseEdition.id.desc())).first()


def known_courses(session: Session) -> list[str]:
    """Ids of the courses that have an edition."""
    return list(session.scalars(select(CourseEdition.course).distinct().order_by(CourseEdition.course)))


def enrol(
    session: Session,
    person: Person,
    edition: CourseEdition,
    *,
    due_on: date | None,
    source: str,
    actor: Account | int | None,
    now: datetime,
) -> Enrolment:
    """Enrol a person (again, if the enrolment was withdrawn); ``due_on`` None leaves a due day as it is."""
    [enrolment] = enrol_all(session, [person], edition, due_on=due_on, source=source, actor=actor, now=now)
    record_enrolled(session, enrolment, now=now)
    return enrolment


def enrol_all(
    session: Session,
    people: Iterable[Person],
    edition: CourseEdition,
    *,
    due_on: date | None,
    source: str,
    actor: Account | int | None,
    now: datetime,
) -> list[Enrolment]:
    """Enrol many; enrolments in the order of the people. One that was withdrawn stays so: a list names people, and
    does not take back a decision about one of them.
    """
    session.flush()
    known = {
        e.person_id: e for e in session.scalars(select(Enrolment).where(Enrolment.edition_id == edition.id))
    }
    units = _units(session)
    enrolments, new = [], []
    for person in people:
        enrolment = known.get(person.id)
        if enrolment is None:
            enrolment = Enrolment(
                person_id=person.id, edition_id=edition.id, enrolled_at=now, due_on=due_on, source=source
            )
            known[person.id] = enrolment
            new.append(enrolment)
            detail = {
                "course": edition.course,
                "edition": edition.edition,
                "due_on": due_on and due_on.isoformat(),
            }
            audit(session, actor, "enrolment.created", "person", person.id, units.get(person.id), detail, now)
        elif enrolment.id is not None and due_on is not None:
            change_due(session, enrolment, due_on=due_on, actor=actor, now=now)
        enrolments.append(enrolment)
    record_new_enrolments(session, new, now=now)
    return enrolments


def change_due(
    session: Session, enrolment: Enrolment, *, due_on: date | None, actor: Account | int | None, now: datetime
) -> None:
    """Set, change or (None) take away the last day to complete on time."""
    if enrolment.due_on == due_on:
        return
    detail = {
        "before": enrolment.due_on and enrolment.due_on.isoformat(),
        "after": due_on and due_on.isoformat(),
    }
    enrolment.due_on = due_on
    record_due(session, enrolment, due_on=due_on, now=now)
    audit(session, actor, "enrolment.due_changed", "enrolment", enrolment.id, None, detail, now)


def _edition(session: Session, course: str, edition: str) -> CourseEdition | None:
    query = select(CourseEdition).where(CourseEdition.course == course, CourseEdition.edition == edition)
    return session.scalars(query).one_or_none()


def _units(session: Session) -> dict[int, int]:
    """Person id → id of the unit where they serve."""
    query = select(Membership.person_id, Membership.unit_id).where(Membership.valid_to.is_(None))
    return dict(session.execute(query.order_by(Membership.id)).all())
