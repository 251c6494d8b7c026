"""More time, or one more version, for one person: with a reason, within the scope, told to nbgrader, audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from isoxa_grading.handins import (
    GrantStanding,
    HandInRefused,
    NoSuchHandIn,
    for_person,
    grant_standing,
    grant_time,
    grant_version,
    granted_of,
    named_within,
    own_work,
    tell_gradebook,
)
from isoxa_grading.handins import grants as grants_module
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.records.database import connect, reading, writing
from isoxa_grading.records.desk import SupportRefused
from isoxa_grading.records.erasing import ERASED_TEXT, erase_person
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import AuditEvent, HandInGrant, Person
from nbgrader import api
from sqlalchemy import Engine, select

from tests.grading.conftest import Databases
from tests.grading.handins.conftest import COURSE, NOW, World
from tests.grading.sandbox.world import NAME

pytestmark = pytest.mark.filterwarnings("ignore:Object of type")
DUE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LAST_DAY = date(2026, 11, 30)
EXTENDED = datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC)


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    made = connect(databases.fresh("sqlite", "schema"))
    yield made
    made.dispose()


def everybody_due(world: World, at: datetime | None) -> None:
    with api.Gradebook(world.folder.gradebook_url) as book:
        book.find_assignment(NAME).duedate = None if at is None else at.replace(tzinfo=None)
        book.db.commit()


def stands(world: World, person: int = 0, scope: str = "/", me: int | None = None) -> GrantStanding:
    assignment = world.assignment
    with reading(world.engine) as session:
        return grant_standing(session, assignment, world.people[person], [scope], me=me)


def give_time(world: World, trainer: int, day: date = LAST_DAY, reason: str = "Ốm") -> None:
    found = stands(world)
    with writing(world.engine) as session:
        grant_time(session, found, day, reason, account_id=trainer, now=NOW)


def test_more_time_is_theirs_alone_and_on_time_again(world: World, trainer: int) -> None:
    everybody_due(world, DUE)
    give_time(world, trainer)
    assignment = world.assignment
    with reading(world.engine) as session:
        own, other = (own_work(session, assignment, world.people[one]).assignment for one in (0, 1))
    assert (own.due, other.due) == (EXTENDED, DUE)
    assert [own.late(NOW), other.late(NOW), own.late(EXTENDED + timedelta(seconds=1))] == [False, True, True]
    with reading(world.engine) as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "assignment.extended"))
    assert (event.actor_account_id, event.subject_kind, event.subject_id) == (
        trainer, "person", str(world.people[0]),
    )  # fmt: skip
    assert event.detail["reason"] == "Ốm"
    # Everybody's date moved beyond theirs: the later one counts.
    everybody_due(world, EXTENDED + timedelta(9))
    with reading(world.engine) as session:
        granted = granted_of(session, COURSE, NAME, world.people)[world.people[0]]
    assert for_person(world.assignment, granted).due == EXTENDED + timedelta(9)


def test_nbgrader_knows_the_extension_of_what_it_has(world: World, trainer: int) -> None:
    everybody_due(world, DUE)
    give_time(world, trainer)
    with reading(world.engine) as session:
        tell_gradebook(session, world.assignment, [world.people[0]])  # nothing handed in yet
    world.give()
    world.mark(0, NOW, {"kiem-tra": 2.0})
    with reading(world.engine) as session:
        tell_gradebook(session, world.assignment, world.people)
    with api.Gradebook(world.folder.gradebook_url) as book:
        found = book.find_submission(NAME, student_name(world.people[0]))
        assert found.duedate == EXTENDED.replace(tzinfo=None)
        assert found.total_seconds_late == 0


@pytest.mark.parametrize(
    ("due", "day", "reason", "words"),
    [
        (DUE, LAST_DAY, "  ", "Chưa có lý do"),
        (DUE, LAST_DAY, "x" * 1001, "tối đa 1.000 ký tự"),
        (DUE, date(2026, 11, 21), "Ốm", "đã qua"),
        (EXTENDED, LAST_DAY, "Ốm", "phải sau hạn hiện nay"),
        (None, LAST_DAY, "Ốm", "không có hạn nộp"),
    ],
)
def test_what_cannot_be_granted_changes_nothing(
    world: World, trainer: int, due: datetime | None, day: date, reason: str, words: str
) -> None:
    everybody_due(world, due)
    with pytest.raises(SupportRefused, match=words):
        give_time(world, trainer, day, reason)
    with reading(world.engine) as session:
        assert session.scalars(select(HandInGrant)).all() == []
        granted = select(AuditEvent.id).where(AuditEvent.action.startswith("assignment."))
        assert session.scalars(granted).all() == []


def test_out_of_reach_looks_like_nobody(world: World) -> None:
    for person, scope, me in (
        (0, "/999/", None),
        (2, "/", None),  # not enrolled
        (0, "/", world.people[0]),  # nobody grants themselves
    ):
        with pytest.raises(NoSuchHandIn):
            stands(world, person, scope, me)
    with reading(world.engine) as session, pytest.raises(NoSuchHandIn):
        grant_standing(session, world.assignment, 999_999, ["/"], me=None)


def test_found_by_name_within_the_scope_also_before_anything_was_handed_in(world: World) -> None:
    def named(typed: str, scope: list[str], me: int | None = None) -> list[str]:
        with reading(world.engine) as session:
            return [one.name for one in named_within(session, COURSE, scope, typed, me=me)[0]]

    assert named("nguyen AN", [world.unit_path]) == ["Nguyễn Văn An"]
    assert named("le", [world.unit_path]) == []  # not enrolled
    assert named("an", ["/999/"]) == named("an", []) == named(" ", ["/"]) == []
    assert named("nguyen an", ["/"], world.people[0]) == []


def test_one_more_version_for_who_has_used_all(
    world: World, trainer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants_module, "MOST_VERSIONS", 1)
    monkeypatch.setattr(grants_module, "MOST_MORE", 1)

    def grant() -> None:
        found = stands(world)
        with writing(world.engine) as session:
            grant_version(session, found, "Nộp nhầm tệp", account_id=trainer, now=NOW)

    with pytest.raises(SupportRefused, match="còn nộp được"):
        grant()
    world.give()
    with pytest.raises(HandInRefused, match="được thêm một lần nộp"):
        world.give(content=world.work("x = 2"))
    grant()
    assert world.give(content=world.work("x = 2")).hand_in.number == 2
    with pytest.raises(SupportRefused, match="không thêm được nữa"):
        grant()


def test_the_reason_goes_with_an_erasure(world: World, trainer: int) -> None:
    everybody_due(world, DUE)
    give_time(world, trainer, reason="Mổ ruột thừa")
    with writing(world.engine) as session:
        person = session.get_one(Person, world.people[0])
        erase_person(session, CourseLibrary(world.data), person, actor=None, now=NOW)
    with reading(world.engine) as session:
        assert session.scalars(select(HandInGrant.reason)).all() == [ERASED_TEXT]
