"""A small country: two provinces, their communes, an edition, and people put where a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from isoxa_courses.text import fold, name_sort_key, sort_key
from isoxa_grading.completion import (
    record_checkpoint_done,
    record_due,
    record_enrolled,
    record_graded,
    record_lesson_completed,
    record_quiz_passed,
    record_submitted,
)
from isoxa_grading.records.tables import (
    Attempt,
    CourseEdition,
    Enrolment,
    Membership,
    Person,
    QuizVersion,
    Unit,
)
from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.records.tables.training import AttemptStatus
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import CompletionReport, Filters, completion_report
from sqlalchemy.orm import Session

START = date(2026, 3, 2)
MANIFEST: dict[str, Any] = {
    "validity_months": None,
    "lessons": [
        {"id": "01", "required": True, "items": ["a", "b", "c"]},
        {"id": "02", "required": False, "items": ["d"]},
    ],
    "quizzes": [{"id": "q1", "required": True}],
}


def noon(days: int) -> datetime:
    """Noon in Vietnam, so many days after 2 March 2026."""
    return datetime(2026, 3, 2, 5, 0, tzinfo=UTC) + timedelta(days=days)


@dataclass
class World:
    """What a test builds its people with."""

    session: Session
    country: Unit = field(init=False)
    edition: CourseEdition = field(init=False)
    quiz_version: int = field(init=False)
    attempts: int = 0

    def __post_init__(self) -> None:
        self.country = self.unit("Việt Nam", UnitKind.COUNTRY, None)
        self.edition = self.publish("2026.1", MANIFEST)

    def publish(self, edition: str, manifest: dict[str, Any], days: int = 0) -> CourseEdition:
        row = CourseEdition(
            course="iso",
            edition=edition,
            title="ISO cho cấp xã",
            manifest=manifest,
            content_sha256="0" * 64,
            published_at=noon(days),
        )
        version = QuizVersion(
            course="iso",
            quiz="q1",
            version=int(edition.rpartition(".")[2]),
            assignment=f"q1-{edition}",
            content_sha256="0" * 64,
            built_at=noon(days),
        )
        self.session.add_all([row, version])
        self.session.flush()
        self.quiz_version = version.id
        return row

    def unit(
        self,
        name: str,
        kind: UnitKind,
        parent: Unit | None,
        *,
        valid_from: date = date(2025, 7, 1),
        **more: Any,
    ) -> Unit:
        short = name.split(" ", 1)[-1]
        row = Unit(
            code=f"c{fold(name).replace(' ', '-')}",
            kind=kind,
            type_word=name.split(" ")[0].lower(),
            name=name,
            short_name=short,
            parent=parent,
            path="",
            valid_from=valid_from,
            sort_key=sort_key(short),
            search_key=fold(short),
            **more,
        )
        self.session.add(row)
        self.session.flush()
        row.path = f"{parent.path if parent else '/'}{row.id}/"
        self.session.flush()
        return row

    def province(self, name: str) -> Unit:
        return self.unit(name, UnitKind.PROVINCE, self.country)

    def commune(self, name: str, province: Unit, **more: Any) -> Unit:
        return self.unit(name, UnitKind.COMMUNE, province, **more)

    def person(
        self,
        name: str,
        *units: Unit,
        position: str | None = "Công chức",
        since: date = date(2025, 7, 1),
        until: date | None = None,
    ) -> Person:
        person = Person(full_name=name, sort_key=name_sort_key(name), made_up=True, created_at=noon(0))
        for unit in units:
            self.session.add(
                Membership(
                    person=person,
                    unit=unit,
                    position=position,
                    quality_role=QualityRole.SPECIALIST,
                    valid_from=since,
                    valid_to=until,
                )
            )
        self.session.add(person)
        self.session.flush()
        return person

    def enrol(
        self, person: Person, *, days: int = 0, due: date | None = None, edition: CourseEdition | None = None
    ) -> Enrolment:
        row = Enrolment(
            person=person,
            edition=edition or self.edition,
            enrolled_at=noon(days),
            due_on=due,
            source="test",
        )
        self.session.add(row)
        record_enrolled(self.session, row, now=noon(days))
        record_due(self.session, row, due_on=due, now=noon(days))
        return row

    def study(self, enrolment: Enrolment, items: str, *, days: int = 1) -> None:
        for item in items:
            record_checkpoint_done(self.session, enrolment, lesson="01", item=item, now=noon(days))
        if set(items) == set("abc"):
            record_lesson_completed(self.session, enrolment, lesson="01", now=noon(days))

    def attempt(self, enrolment: Enrolment, percent: int | None, *, days: int = 2) -> None:
        """An attempt at q1 of 10 points; ``None``: it waits for grading. 80 and more pass."""
        self.attempts += 1
        row = Attempt(
            id=f"{self.attempts:032x}",
            enrolment_id=enrolment.id,
            quiz="q1",
            quiz_version_id=self.quiz_version,
            number=self.attempts,
            seed="0" * 64,
            drawn={},
            status=AttemptStatus.SUBMITTED if percent is None else AttemptStatus.GRADED,
            started_at=noon(days),
            submitted_at=noon(days),
            graded_at=None if percent is None else noon(days),
            points=None if percent is None else Decimal(percent) / 10,
            max_points=Decimal(10),
            passed=None if percent is None else percent >= 80,
        )
        row.quiz_version_id = (
            self.session.query(QuizVersion.id).order_by(QuizVersion.id).limit(1).scalar() or 0
        )
        self.session.add(row)
        about: dict[str, Any] = {"quiz": "q1", "attempt_id": row.id, "now": noon(days)}
        record_submitted(self.session, enrolment, **about)
        if percent is not None:
            record_graded(self.session, enrolment, **about)
            if percent >= 80:
                record_quiz_passed(self.session, enrolment, **about)

    def complete(self, enrolment: Enrolment, *, days: int = 2) -> None:
        self.study(enrolment, "abc", days=days)
        self.attempt(enrolment, 90, days=days)

    def report(self, scope: Unit | list[Unit], *, days: int = 10, **more: Any) -> CompletionReport:
        scopes = scope if isinstance(scope, list) else [scope]
        filters = Filters(**{k: more.pop(k) for k in ("unit_id", "state", "overdue", "text") if k in more})
        return completion_report(
            self.session,
            course="iso",
            scope_paths=[unit.path for unit in scopes],
            as_of=START + timedelta(days=days),
            filters=filters,
            **more,
        )


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


@dataclass
class LamDong:
    """One province with every kind of commune; see the fixture."""

    world: World
    province: Unit
    report: CompletionReport
    units: dict[str, Unit]


@pytest.fixture
def lam_dong(world: World) -> Callable[..., LamDong]:
    """Đạ Tẻh: six people, a state each · Đức Trọng: one, completed · Di Linh: nobody · Bảo Lộc: three, one completed.

    ``lam_dong(days=10, …filters)`` makes the report of that day. All are due on 7 March (day 5).
    """
    province = world.province("Tỉnh Lâm Đồng")
    names = ("Xã Đạ Tẻh", "Xã Đức Trọng", "Xã Di Linh", "Phường 1 Bảo Lộc")
    units = {name: world.commune(name, province) for name in names}
    due = START + timedelta(days=5)

    mixed = units["Xã Đạ Tẻh"]
    world.enrol(world.person("Nguyễn Thị Ánh", mixed), due=due)
    world.study(world.enrol(world.person("Lê Văn Ân", mixed), due=due), "a", days=3)
    world.study(world.enrol(world.person("Trần Đình Đông", mixed), due=due), "ab", days=4)
    waits = world.enrol(world.person("K'Brêu", mixed), due=due)
    world.study(waits, "abc", days=2)
    world.attempt(waits, 50, days=2)
    world.attempt(waits, None, days=3)
    world.complete(world.enrol(world.person("Phạm Thị Yến", mixed), due=due), days=4)
    world.complete(world.enrol(world.person("Hoàng Văn Ớt", mixed), due=due), days=6)

    world.complete(
        world.enrol(world.person("Đỗ Thị Một", units["Xã Đức Trọng"], position="Văn phòng"), due=due)
    )
    bao_loc = units["Phường 1 Bảo Lộc"]
    world.complete(world.enrol(world.person("Vũ Thị Hai", bao_loc), due=due))
    world.enrol(world.person("Bùi Văn Ba", bao_loc), due=due)
    world.enrol(world.person("Đặng Thị Bốn", bao_loc), due=None)
    world.person("Chưa Đăng Ký", units["Xã Di Linh"])

    def report(**more: Any) -> LamDong:
        return LamDong(world, province, world.report(province, **more), units)

    return report
