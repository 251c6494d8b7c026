"""Two provinces with communes, an edition, and people put where a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from isoxa_courses.text import fold, name_sort_key, sort_key
from isoxa_grading.enrolment import Plan, Selection, confirm, draft, make_plan
from isoxa_grading.records.enrolments import enrol
from isoxa_grading.records.tables import (
    Account,
    BatchKind,
    CourseEdition,
    Enrolment,
    EnrolmentBatch,
    Membership,
    Person,
    QualityRole,
    Unit,
)
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import select
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
MANIFEST = {
    "validity_months": None,
    "lessons": [{"id": "01", "required": True, "items": ["a", "b"]}],
    "quizzes": [],
}


@dataclass
class World:
    """What a test builds with; ``lam_dong`` has Suối Lành and Đa Bạc, ``gia_lai`` has Ia Kha."""

    session: Session
    units: dict[str, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        country = self.unit("Việt Nam", UnitKind.COUNTRY, None)
        for province, communes in {
            "Tỉnh Lâm Đồng": ("Xã Suối Lành", "Xã Đa Bạc"),
            "Tỉnh Gia Lai": ("Xã Ia Kha",),
        }.items():
            parent = self.unit(province, UnitKind.PROVINCE, country)
            for commune in communes:
                self.unit(commune, UnitKind.COMMUNE, parent)
        self.country = country
        self.lam_dong, self.gia_lai = self.units["Tỉnh Lâm Đồng"], self.units["Tỉnh Gia Lai"]
        self.edition = self.publish("2026.1", NOW - timedelta(days=90))
        self.admin = self.account(None, "quan.tri")

    def unit(self, name: str, kind: UnitKind, parent: Unit | None) -> Unit:
        word, _, short = name.partition(" ")
        if kind is UnitKind.COUNTRY:
            word, short = "nước", name
        row = Unit(
            code=f"c{len(self.units)}",
            kind=kind,
            type_word=word.lower(),
            name=name,
            short_name=short,
            parent=parent,
            path="",
            valid_from=date(2025, 7, 1),
            sort_key=sort_key(short),
            search_key=fold(short),
        )
        self.session.add(row)
        self.session.flush()
        row.path = f"{parent.path if parent else '/'}{row.id}/"
        self.session.flush()
        self.units[name] = row
        return row

    def publish(self, edition: str, at: datetime) -> CourseEdition:
        row = CourseEdition(
            course="iso",
            edition=edition,
            title="ISO cho cấp xã",
            manifest=MANIFEST,
            content_sha256="0" * 64,
            published_at=at,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def account(self, person: Person | None, username: str) -> Account:
        row = Account(
            username=username,
            display_name="Sở KH&CN Lâm Đồng",
            person_id=person and person.id,
            created_at=NOW,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def person(
        self,
        name: str,
        unit: str = "Xã Suối Lành",
        *,
        role: QualityRole | None = None,
        code: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        account: bool = True,
        enrolled: bool = False,
        due: date | None = None,
    ) -> Person:
        row = Person(
            full_name=name,
            sort_key=name_sort_key(name),
            staff_code=code,
            email=email,
            phone=phone,
            created_at=NOW,
        )
        self.session.add(row)
        self.session.flush()
        self.session.add(
            Membership(
                person_id=row.id, unit_id=self.units[unit].id, quality_role=role, valid_from=date(2025, 7, 1)
            )
        )
        self.session.flush()
        if account:
            self.account(row, f"u{row.id}")
        if enrolled:
            enrol(
                self.session,
                row,
                self.edition,
                due_on=due,
                source="test",
                actor=None,
                now=NOW - timedelta(days=30),
            )
        return row

    def enrolment(self, person: Person) -> Enrolment:
        query = select(Enrolment).where(Enrolment.person_id == person.id).order_by(Enrolment.id.desc())
        return self.session.scalars(query.limit(1)).one()

    def plan(
        self,
        kind: BatchKind = BatchKind.ENROL,
        selection: Selection | None = None,
        *,
        scope: Unit | None = None,
        due: date | None = None,
    ) -> Plan:
        return make_plan(
            self.session,
            kind,
            selection or Selection(),
            course="iso",
            scope_paths=[(scope or self.country).path],
            day=TODAY,
            due_on=due,
        )

    def do(
        self,
        kind: BatchKind,
        *people: Person,
        due: date | None = None,
        reason: str = "",
        again: bool = False,
        scope: Unit | None = None,
        now: datetime = NOW,
    ) -> EnrolmentBatch:
        """A batch about these people (none: everybody), drafted and confirmed."""
        selection = Selection(people=tuple(one.id for one in people)) if people else Selection()
        batch = draft(
            self.session,
            kind,
            self.edition,
            selection,
            due_on=due,
            reason=reason,
            actor=self.admin.id,
            now=now,
        )
        return confirm(self.session, batch, scope_paths=[(scope or self.country).path], again=again, now=now)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@pytest.fixture
def make_world() -> Callable[[Session], World]:
    return World
