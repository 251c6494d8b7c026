"""Two portals with the same released course: a hall where people come in by name, and an office that imports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.text import name_sort_key
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.attempts import AttemptService, AttemptView
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Membership, Person, Unit, UnitKind, Workshop, WorkshopEntry
from isoxa_grading.workshops import (
    Entry,
    Line,
    Plan,
    content_of,
    encode,
    entry_of,
    join,
    open_workshop,
    preview,
    record_in_portions,
    signer_of,
)
from sqlalchemy import Engine, select

from tests.made_once import copy_of, made_once
from tests.portal.pages.conftest import add_unit
from tests.portal.tiny_course import CANARIES, COURSE, LESSON, QUIZ, write_tiny_course

DAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 2, tzinfo=UTC)
EVENING = MORNING + timedelta(hours=12)
RIGHT: dict[str, Any] = {
    "c1": lambda slot: next(one["id"] for one in slot.shown["choices"] if one["text"] == "Phương án một"),
    "c2": CANARIES[3],
    "c3": CANARIES[6],
    "c4": lambda slot: [one["id"] for one in sorted(slot.shown["items"], key=lambda one: one["text"])],
}


@dataclass
class Portal:
    """A data folder at work, without its web."""

    data: DataFolder
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = self.data.engine()
        self.library = CourseLibrary(self.data)
        self.attempts = AttemptService(self.engine, self.library, self.data.secret("attempts"))
        self.lessons = LessonService(self.engine, self.library)

    def close(self) -> None:
        self.attempts.close()
        self.engine.dispose()

    def unit(self, name: str) -> Unit:
        with reading(self.engine) as session:
            return session.scalars(select(Unit).where(Unit.name == name)).one()


class Hall(Portal):
    """People come in by name."""

    def join(self, name: str, unit: str = "Xã Suối Lành", apart: bool = False, **more: str) -> int:
        """The account's id."""
        with writing(self.engine) as session:
            where = session.scalars(select(Unit).where(Unit.name == unit)).one()
            return join(session, Entry(name, **more), where, apart=apart, now=MORNING).account_id

    def person(self, account: int) -> int:
        with reading(self.engine) as session:
            entry = entry_of(session, account)
            assert entry is not None
            assert entry.account.person_id is not None
            return entry.account.person_id

    def take(self, account: int, answers: dict[str, Any], at: datetime = MORNING) -> AttemptView:
        person = self.person(account)
        attempt = self.attempts.start(person, COURSE, QUIZ, at)
        for slot in attempt.slots:
            if slot.slot in answers:
                answer = answers[slot.slot]
                raw = answer(slot) if callable(answer) else answer
                self.attempts.save(attempt.id, person, slot.slot, raw, 1, f"k-{slot.slot}", at)
        return self.attempts.submit(attempt.id, person, at + timedelta(minutes=20))

    def do_lesson(self, account: int) -> None:
        """The one checkpoint of the required lesson, right."""
        lesson = self.library.lesson(COURSE, "2025.1", LESSON)
        from isoxa_courses.practice import show_practice

        shown = show_practice(lesson, "kt-1")
        right = next(one["id"] for one in shown["choices"] if one["text"] == "Đúng")
        self.lessons.save(self.person(account), COURSE, LESSON, "kt-1", {"answer": right}, 1, "k", MORNING)

    def file(self, account: int, at: datetime = MORNING + timedelta(hours=3)) -> bytes:
        """What they take home."""
        with reading(self.engine) as session:
            entry = entry_of(session, account)
            assert entry is not None
            content = content_of(session, self.library, entry, COURSE, now=at)
            return encode(content, signer_of(self.data), entry.class_code or "")

    def entry(self, account: int) -> WorkshopEntry:
        with reading(self.engine) as session:
            found = entry_of(session, account)
            assert found is not None
            return found


class Office(Portal):
    """The organiser's portal, with a roster."""

    def open(self, day: date = DAY, until: date | None = None) -> Workshop:
        plan = Plan(COURSE, "Lớp ISO đợt 1", "Hội trường xã Suối Lành", "Trần Thị Giảng", day, until)
        with writing(self.engine) as session:
            return open_workshop(session, plan, self._province(session), actor=None, now=MORNING)

    def add(self, name: str, unit: str = "Xã Suối Lành", **more: Any) -> int:
        with writing(self.engine) as session:
            where = session.scalars(select(Unit).where(Unit.name == unit)).one()
            code = more.pop("staff_code", None)
            person = Person(full_name=name, sort_key=name_sort_key(name), staff_code=code, created_at=MORNING)
            session.add(person)
            session.flush()
            session.add(
                Membership(person_id=person.id, unit_id=where.id, valid_from=date(2025, 7, 1), **more)
            )
            return person.id

    def preview(
        self, workshop: Workshop, *files: bytes, scope: str = "Việt Nam", now: datetime = EVENING
    ) -> list[Line]:
        with reading(self.engine) as session:
            path = session.scalars(select(Unit.path).where(Unit.name.endswith(scope))).first()
            assert path is not None
            named = [(f"tep-{number}.isoxa.json", file) for number, file in enumerate(files, 1)]
            return preview(session, self.library, workshop, named, scope_paths=[path], now=now)

    def bring_in(
        self,
        workshop: Workshop,
        *files: bytes,
        choices: dict[str, str] | None = None,
        count: bool = True,
        now: datetime = EVENING,
    ) -> list[Any]:
        return self.record(workshop, self.preview(workshop, *files, now=now), choices, count, now)

    def record(
        self,
        workshop: Workshop,
        lines: list[Line],
        choices: dict[str, str] | None = None,
        count: bool = True,
        now: datetime = EVENING,
    ) -> list[Any]:
        """As the page and the command do."""
        with reading(self.engine) as session:
            paths = session.scalars(select(Unit.path).where(Unit.name.endswith("Việt Nam"))).all()
        return record_in_portions(
            self.engine,
            self.library,
            workshop.id,
            lines,
            choices or {},
            scope_paths=paths,
            count_attempts=count,
            actor=None,
            now=now,
        )

    def _province(self, session: Any) -> Unit:
        return session.scalars(select(Unit).where(Unit.name == "Tỉnh Lâm Đồng")).one()


def _make(folder: Path) -> None:
    data = DataFolder(folder / "data")
    data.create()
    engine = data.engine()
    migrate(engine)
    course, notebooks = write_tiny_course(folder / "content")
    with writing(engine) as session:
        build_course(data, session, course, notebooks, now=MORNING - timedelta(days=30))
        country = add_unit(session, UnitKind.COUNTRY, "nước", "Việt Nam", None)
        for province, communes in (("Lâm Đồng", ("Suối Lành", "Đá Bạc")), ("Gia Lai", ("Ia Kha",))):
            above = add_unit(session, UnitKind.PROVINCE, "tỉnh", province, country)
            for commune in communes:
                add_unit(session, UnitKind.COMMUNE, "xã", commune, above)
    engine.dispose()


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "workshops", _make) / "data"


@pytest.fixture
def hall(made: Path, tmp_path: Path) -> Iterator[Hall]:
    portal = Hall(DataFolder(copy_of(made, tmp_path / "hall")))
    yield portal
    portal.close()


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Iterator[Office]:
    portal = Office(DataFolder(copy_of(made, tmp_path / "office")))
    yield portal
    portal.close()


@pytest.fixture
def forge(hall: Hall) -> Callable[[bytes, Callable[[dict[str, Any]], None]], bytes]:
    """Change the content of a file and sign it anew, as somebody with a shell on the hall's machine can."""
    from isoxa_grading.workshops.result_file import _base64, _canonical

    def change(file: bytes, how: Callable[[dict[str, Any]], None]) -> bytes:
        whole = json.loads(file)
        how(whole["content"])
        signer = signer_of(hall.data)
        whole["signature"] = _base64(signer.sign(_canonical(whole["content"])))
        return json.dumps(whole).encode()

    return change
