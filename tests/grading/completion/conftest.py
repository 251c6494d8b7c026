"""One person enrolled in one small edition, on each database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from isoxa_grading.records.tables import CourseEdition, Enrolment, Person
from sqlalchemy.orm import Session

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # noon in Vietnam

MANIFEST: dict[str, Any] = {
    "course": "iso",
    "edition": "2026.1",
    "validity_months": None,
    "lessons": [
        {"id": "01", "required": True, "items": ["a", "b"]},
        {"id": "02", "required": True, "items": ["c"]},
        {"id": "03-extra", "required": False, "items": ["d"]},
    ],
    "quizzes": [{"id": "q1", "required": True}, {"id": "q2-extra", "required": False}],
}


@pytest.fixture
def enrol(session: Session) -> Callable[..., Enrolment]:
    """``enrol(**changes to the manifest)``: a fresh person enrolled in a fresh edition."""
    made = 0

    def enrol(**changes: Any) -> Enrolment:
        nonlocal made
        made += 1
        edition = CourseEdition(
            course="iso",
            edition=f"2026.{made}",
            title="ISO",
            manifest=MANIFEST | changes,
            content_sha256="0" * 64,
            published_at=NOON,
        )
        person = Person(full_name="Trần Thị Mẫu", sort_key="mau tran thi", made_up=True, created_at=NOON)
        enrolment = Enrolment(person=person, edition=edition, enrolled_at=NOON, due_on=None, source="test")
        session.add(enrolment)
        session.flush()
        return enrolment

    return enrol


@pytest.fixture
def after() -> Callable[[int], datetime]:
    """``after(days)``: noon in Vietnam, so many days after 2 March 2026."""
    return lambda days: NOON + timedelta(days=days)


@pytest.fixture
def day() -> Callable[[int], date]:
    """``day(days)``: the day of ``after(days)``."""
    return lambda days: date(2026, 3, 2) + timedelta(days=days)
