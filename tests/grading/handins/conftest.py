"""An officer enrolled in a course with one released hand-written assignment, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from isoxa_grading.handins import Assignment, Receipt, Upload, find_assignment, hand_in
from isoxa_grading.nbgrader_bridge import NbgraderFolder, student_name
from isoxa_grading.nbgrader_bridge.sandbox.marks import CellMark, Marks, write_marks
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import connect, reading, writing
from isoxa_grading.records.enrolments import enrol
from isoxa_grading.records.tables import Account, CourseEdition, Membership, Person, Unit
from isoxa_grading.records.tables.units import UnitKind
from nbformat import NotebookNode
from sqlalchemy import Engine

from tests.grading.conftest import Databases
from tests.grading.sandbox.world import NAME, RIGHT, make_released
from tests.made_once import made_once

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
COURSE = "k"


@dataclass
class World:
    """``people``: three officers of one commune, two of them enrolled; the third is not."""

    data: DataFolder
    engine: Engine
    people: list[int]
    unit_path: str

    @property
    def folder(self) -> NbgraderFolder:
        return NbgraderFolder(self.data.nbgrader(COURSE))

    @property
    def assignment(self) -> Assignment:
        with reading(self.engine) as session:
            return find_assignment(self.data, session, COURSE, NAME)

    @property
    def release(self) -> NotebookNode:
        read: NotebookNode = nbformat.read(self.folder.release(NAME), as_version=4)
        return read

    def work(self, code: str = RIGHT) -> bytes:
        notebook = deepcopy(self.release)
        next(
            c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "tong"
        ).source = code
        return nbformat.writes(notebook).encode()

    def give(
        self, *uploads: Upload, person: int = 0, now: datetime = NOW, content: bytes | None = None
    ) -> Receipt:
        sent: Sequence[Upload] = uploads or [Upload(f"{NAME}.ipynb", content or self.work())]
        return hand_in(self.data, self.engine, self.assignment, self.people[person], sent, now=now)

    def mark(self, person: int, at: datetime | None, scores: dict[str, float | None]) -> None:
        """As a run of autograde leaves it in the gradebook."""
        cells = [CellMark(NAME, id_, score, None) for id_, score in scores.items()]
        comments = [CellMark(NAME, "nhan-xet", None, "No response.")]
        write_marks(self.folder, NAME, student_name(self.people[person]), Marks(at, cells, comments, {}))


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "hand-written", make_released) / "data" / "nbgrader" / "k"


@pytest.fixture
def world(engine: Engine, tmp_path: Path, released: Path) -> World:
    return make_world(engine, tmp_path, released)


@pytest.fixture(scope="module")
def lasting_world(
    databases: Databases, released: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """For tests that store nothing: on SQLite, one for all of a module."""
    engine = connect(databases.fresh("sqlite", "schema"))
    yield make_world(engine, tmp_path_factory.mktemp("handins"), released)
    engine.dispose()


def make_world(engine: Engine, place: Path, released: Path) -> World:
    data = DataFolder(place / "data")
    data.create()
    shutil.copytree(released, data.nbgrader(COURSE))
    with writing(engine) as session:
        unit = Unit(
            code="x", kind=UnitKind.COMMUNE, type_word="xã", name="Xã Suối Lành", short_name="Suối Lành",
            path="", valid_from=date(2025, 7, 1), sort_key="x", search_key="x",
        )  # fmt: skip
        edition = CourseEdition(
            course=COURSE, edition="1", title="K", content_sha256="0" * 64, published_at=NOW - timedelta(9),
            manifest={"validity_months": None, "lessons": [], "quizzes": []},
        )  # fmt: skip
        session.add_all([unit, edition])
        session.flush()
        unit.path = f"/{unit.id}/"
        people = []
        for number, name in enumerate(("Nguyễn Văn An", "Trần Bình", "Lê Ngoài")):
            person = Person(full_name=name, sort_key=str(number), made_up=True, created_at=NOW)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=unit.id, valid_from=date(2025, 7, 1)))
            if number < 2:
                enrol(
                    session, person, edition, due_on=None, source="test", actor=None, now=NOW - timedelta(5)
                )
            people.append(person.id)
    return World(data, engine, people, unit.path)


@pytest.fixture
def trainer(world: World) -> int:
    with writing(world.engine) as session:
        account = Account(username="gv", display_name="Cô Hoa", created_at=NOW)
        session.add(account)
        session.flush()
        return account.id
