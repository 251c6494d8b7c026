"""A course of one quiz, two provinces, and officers whose attempts are put in row by row."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from isoxa_courses.models import Quiz
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    Answer,
    Attempt,
    AttemptStatus,
    CourseEdition,
    Enrolment,
    Membership,
    Person,
    QuizVersion,
    SlotScore,
    Unit,
)
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports.items import QuizItems, Responses, analyse, read_responses
from sqlalchemy import Engine, select

COURSE, QUIZ, EDITION = "khoa-thu", "01-mo-dau", "2026.1"
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_numbers = count(1)


@dataclass
class School:
    """``answer``: put in one submitted attempt, slot → (answer, points or None where nobody graded it yet)."""

    engine: Engine
    library: CourseLibrary
    paths: dict[str, str]
    people: dict[str, int] = field(default_factory=dict)

    def answer(
        self,
        officer: str,
        slots: Mapping[str, tuple[Any, str | None]],
        *,
        commune: str = "a",
        variant: str = "v1",
        number: int = 1,
        status: AttemptStatus = AttemptStatus.GRADED,
        every: float = 60,
    ) -> str:
        with writing(self.engine) as session:
            edition = session.scalars(select(CourseEdition)).one()
            version = session.scalars(select(QuizVersion)).one()
            if officer not in self.people:
                person = Person(full_name=officer, sort_key="x", made_up=True, created_at=START)
                session.add(person)
                session.flush()
                unit = session.scalars(select(Unit).where(Unit.path == self.paths[commune])).one()
                session.add(Membership(person_id=person.id, unit_id=unit.id, valid_from=date(2025, 7, 1)))
                session.add(
                    Enrolment(person_id=person.id, edition_id=edition.id, enrolled_at=START, source="test")
                )
                session.flush()
                self.people[officer] = person.id
            enrolment = session.scalars(
                select(Enrolment).where(Enrolment.person_id == self.people[officer])
            ).one()
            submitted = None if status is AttemptStatus.OPEN else START + timedelta(days=number)
            attempt = Attempt(
                id=uuid4().hex, enrolment_id=enrolment.id, quiz=QUIZ, quiz_version_id=version.id, number=number,
                seed="0" * 64, drawn={"slots": [{"slot": s, "variant": variant, "layout": {}} for s in slots]},
                status=status, started_at=START, deadline_at=None, submitted_at=submitted, max_points=Decimal(10),
            )  # fmt: skip
            session.add(attempt)
            session.flush()
            for place, (slot, (given, points)) in enumerate(slots.items(), 1):
                session.add(
                    Answer(
                        attempt_id=attempt.id,
                        slot=slot,
                        sequence=1,
                        write_key=f"k{next(_numbers)}",
                        answer=given,
                        late=False,
                        saved_at=START + timedelta(seconds=place * every),
                    )
                )
                if points is not None:
                    session.add(
                        SlotScore(
                            attempt_id=attempt.id,
                            slot=slot,
                            revision=1,
                            points=Decimal(points),
                            max_points=Decimal(5),
                            source="auto",
                            at=START,
                        )
                    )
            return attempt.id

    def responses(self, *scopes: str, which: Any = "first") -> Responses:
        with reading(self.engine) as session:
            return read_responses(
                session, self.library, course=COURSE, quiz=QUIZ, version=1,
                scope_paths=[self.paths[scope] for scope in scopes or ("country",)], which=which,
            )  # fmt: skip

    def analysed(self, *scopes: str, which: Any = "first") -> QuizItems:
        return analyse(self.responses(*scopes, which=which))

    @property
    def quiz(self) -> Quiz:
        return self.library.quiz(COURSE, EDITION, QUIZ)


@pytest.fixture(scope="session")
def items_library(tmp_path_factory: pytest.TempPathFactory) -> CourseLibrary:
    data = DataFolder(tmp_path_factory.mktemp("items"))
    data.create()
    source = Path(__file__).parents[2] / "attempts" / "course"
    shutil.copytree(source, data.editions(COURSE, EDITION))
    return CourseLibrary(data)


@pytest.fixture
def school(engine: Engine, items_library: CourseLibrary) -> School:
    paths: dict[str, str] = {}
    with writing(engine) as session:
        ids: dict[str, int] = {}
        for name, kind, parent in (
            ("country", UnitKind.COUNTRY, None), ("p", UnitKind.PROVINCE, "country"),
            ("q", UnitKind.PROVINCE, "country"), ("a", UnitKind.COMMUNE, "p"), ("b", UnitKind.COMMUNE, "q"),
        ):  # fmt: skip
            unit = Unit(
                code=name, kind=kind, type_word="xã", name=name, short_name=name, path="",
                parent_id=ids.get(parent or ""), valid_from=date(1900, 1, 1), sort_key=name, search_key=name,
            )  # fmt: skip
            session.add(unit)
            session.flush()
            ids[name] = unit.id
            paths[name] = unit.path = f"{paths[parent] if parent else '/'}{unit.id}/"
        session.add(
            CourseEdition(
                course=COURSE,
                edition=EDITION,
                title="Khóa",
                manifest=json.loads("{}"),
                content_sha256="0" * 64,
                published_at=START,
            )
        )
        session.add(
            QuizVersion(
                course=COURSE,
                quiz=QUIZ,
                version=1,
                assignment="01-mo-dau-v1",
                content_sha256="0" * 64,
                built_at=START,
            )
        )
    return School(engine, items_library, paths)
