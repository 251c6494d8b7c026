"""Publishing editions, enrolling, and due days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from isoxa_courses.manifest import EditionManifest
from isoxa_grading.completion import State, record_withdrawn, state_at
from isoxa_grading.records.enrolments import (
    EditionChanged,
    change_due,
    enrol,
    enrol_all,
    latest_edition,
    publish_edition,
)
from isoxa_grading.records.tables import AuditEvent, CourseEdition, Enrolment, FactKind, Person, TrainingFact
from sqlalchemy import func, select
from sqlalchemy.orm import Session


def manifest(edition: str = "2026.1") -> EditionManifest:
    return EditionManifest(
        course="iso",
        edition=edition,
        title="ISO",
        pass_mark=80,
        attempts=3,
        validity_months=None,
        lessons=(),
        quizzes=(),
    )


@pytest.fixture
def edition(session: Session, now: datetime) -> CourseEdition:
    return publish_edition(session, manifest(), "a" * 64, now)


@pytest.fixture
def person(session: Session, now: datetime) -> Person:
    made = Person(full_name="Nguyễn Văn An", sort_key="an", created_at=now)
    session.add(made)
    session.flush()
    return made


def facts(session: Session) -> list[TrainingFact]:
    return list(session.scalars(select(TrainingFact).order_by(TrainingFact.id)))


def test_publish_is_repeatable_and_frozen(session: Session, edition: CourseEdition, now: datetime) -> None:
    assert publish_edition(session, manifest(), "a" * 64, now + timedelta(days=1)) is edition
    assert edition.published_at == now
    assert EditionManifest.from_json(edition.manifest) == manifest()
    with pytest.raises(EditionChanged, match=r"bản 2026\.1.*Hãy đổi"):
        publish_edition(session, manifest(), "b" * 64, now)


def test_latest_edition(session: Session, edition: CourseEdition, now: datetime) -> None:
    assert latest_edition(session, "iso") is edition
    newer = publish_edition(session, manifest("2026.2"), "c" * 64, now + timedelta(days=1))
    assert latest_edition(session, "iso") is newer
    assert latest_edition(session, "khác") is None


def test_enrol_writes_its_facts_and_audit(
    session: Session, edition: CourseEdition, person: Person, now: datetime
) -> None:
    due = date(2026, 12, 31)
    enrolment = enrol(session, person, edition, due_on=due, source="administrator", actor=None, now=now)
    assert [(fact.kind, fact.value) for fact in facts(session)] == [
        (FactKind.ENROLLED, None),
        (FactKind.DUE, due),
    ]
    again = enrol(session, person, edition, due_on=None, source="roster", actor=None, now=now)
    assert again is enrolment
    assert enrolment.due_on == due
    assert len(facts(session)) == 2
    change_due(session, enrolment, due_on=None, actor=None, now=now)
    change_due(session, enrolment, due_on=None, actor=None, now=now)
    assert [fact.value for fact in facts(session)] == [None, due, None]
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["edition.published", "enrolment.created", "enrolment.due_changed"]


def test_enrolling_again_after_a_withdrawal(
    session: Session, edition: CourseEdition, person: Person, now: datetime
) -> None:
    enrolment = enrol(session, person, edition, due_on=None, source="x", actor=None, now=now)
    record_withdrawn(session, enrolment, reason_audit_id=1, now=now)
    assert state_at(facts(session), now.date()) is State.NOT_ENROLLED
    enrol_all(session, [person], edition, due_on=None, source="roster", actor=None, now=now)
    assert state_at(facts(session), now.date()) is State.NOT_ENROLLED  # a list does not take a decision back
    enrol(session, person, edition, due_on=None, source="x", actor=None, now=now)
    assert state_at(facts(session), now.date()) is State.NOT_STARTED


def test_enrol_all_keeps_the_order_and_takes_nobody_twice(
    session: Session, edition: CourseEdition, person: Person, now: datetime
) -> None:
    other = Person(full_name="Bình", sort_key="binh", created_at=now)
    session.add(other)
    made = enrol_all(session, [other, person, other], edition, due_on=None, source="x", actor=None, now=now)
    assert [one.person_id for one in made] == [other.id, person.id, other.id]
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 2
