"""Where a room is, as its pages report it: on both databases, from many pages at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import writing
from isoxa_grading.records.guessing import note_wrong
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Unit, UnitKind, Workshop, WorkshopPresence, WorkshopSending
from isoxa_grading.workshops import CodeRefused, Standing, forget_old_reports, take_presence
from isoxa_grading.workshops.class_codes import CLASS_CODES
from isoxa_grading.workshops.codes import name_of, new_code
from sqlalchemy import Engine, func, select

from tests.grading.workshops.conftest import DAY, MORNING
from tests.portal.pages.conftest import add_unit

CODE = new_code()
COURSE = "khoa-chua-phat-hanh"
LIBRARY = CourseLibrary(DataFolder("khong-doc-den"))


@pytest.fixture
def workshop(engine: Engine) -> int:
    with writing(engine) as session:
        unit: Unit = add_unit(session, UnitKind.COUNTRY, "nước", "Việt Nam", None)
        made = Workshop(
            course=COURSE, title="Lớp", place="Hội trường", trainer="Cô", held_on=DAY, held_until=DAY,
            unit_id=unit.id, code=CODE, opened_at=MORNING, open_steps=2,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def rows(engine: Engine) -> int:
    with writing(engine) as session:
        return session.scalar(select(func.count(WorkshopPresence.id))) or 0


@pytest.mark.usefixtures("workshop")
def test_a_page_that_asks_twice_at_once_is_one(engine: Engine) -> None:
    def ask(number: int) -> int | None:
        said = {COURSE: Standing(at=None)}
        key = f"{number % 3:064x}"
        return take_presence(engine, LIBRARY, CODE, key, said, address="10.0.0.1", now=MORNING).open_steps

    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(ask, range(18))) == {2}
    assert rows(engine) == 3


@pytest.mark.usefixtures("workshop")
def test_only_what_is_news_is_written(engine: Engine) -> None:
    def seen(later: timedelta) -> object:
        take_presence(engine, LIBRARY, CODE, "0" * 64, {}, address="", now=MORNING + later)
        with writing(engine) as session:
            return session.scalars(select(WorkshopPresence.seen_at)).one()

    assert seen(timedelta()) == MORNING
    assert seen(timedelta(seconds=30)) == MORNING
    assert seen(timedelta(seconds=61)) == MORNING + timedelta(seconds=61)
    with pytest.raises(CodeRefused):
        take_presence(engine, LIBRARY, new_code(), "0" * 64, {}, address="", now=MORNING)


@pytest.mark.usefixtures("workshop")
def test_who_guesses_blocks_nobody_else(engine: Engine) -> None:
    """The name of a class is no secret: wrong codes that bear it keep only their sender out."""
    with writing(engine) as session:
        for number in range(CLASS_CODES.of_address):
            note_wrong(session, CLASS_CODES, name_of(CODE), "10.0.0.66", f"{number}", MORNING)
    with pytest.raises(CodeRefused) as refused:
        take_presence(engine, LIBRARY, CODE, "0" * 64, {}, address="10.0.0.66", now=MORNING)
    assert refused.value.wait_seconds == 600
    assert (
        take_presence(engine, LIBRARY, CODE, "0" * 64, {}, address="10.0.0.1", now=MORNING).course == COURSE
    )


def test_old_reports_go(engine: Engine, workshop: int) -> None:
    take_presence(engine, LIBRARY, CODE, "0" * 64, {}, address="", now=MORNING)
    with writing(engine) as session:
        sent = WorkshopSending(
            workshop_id=workshop, key="0" * 32, file_sha256="0" * 64, made_at=MORNING, content="{}",
            received_at=MORNING,
        )  # fmt: skip
        session.add(sent)

    def kept(days: int) -> tuple[int, int]:
        forget_old_reports(engine, MORNING + timedelta(days=days))
        with writing(engine) as session:
            waiting = session.scalar(select(func.count(WorkshopSending.id))) or 0
        return rows(engine), waiting

    assert [kept(days) for days in (30, 31, 90, 91)] == [(1, 1), (0, 1), (0, 1), (0, 0)]
