"""Snapshots are kept as they were; lists name whom to call; old units lead to today's; odd names stay names."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Unit, UnitSuccessor
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import (
    Filters,
    ListKind,
    NoSnapshot,
    NotInScope,
    call_list,
    keep_snapshot,
    overview,
    snapshot_figures,
    snapshots,
    take_due_snapshots,
    take_snapshot,
)
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

DAY = date(2026, 3, 12)
NOON = datetime(2026, 3, 12, 5, tzinfo=UTC)


def test_a_snapshot_before_the_first_record_or_of_a_day_to_come_is_refused(
    lam_dong: Callable[..., Any], world: Any
) -> None:
    lam_dong()
    with pytest.raises(NoSnapshot, match="hồ sơ đầu tiên là ngày 02/03/2026"):
        take_snapshot(world.session, course="iso", as_of=date(2026, 3, 1), now=NOON)
    with pytest.raises(NoSnapshot, match="Chưa đến ngày 13/03/2026"):
        take_snapshot(world.session, course="iso", as_of=DAY + timedelta(days=1), now=NOON)
    assert snapshots(world.session, "iso") == []


@pytest.mark.parametrize(
    "act", ["UPDATE report_snapshot_count SET completed = 9", "DELETE FROM report_snapshot"]
)
def test_the_database_refuses_to_change_a_snapshot(
    lam_dong: Callable[..., Any], world: Any, act: str
) -> None:
    lam_dong()
    take_snapshot(world.session, course="iso", as_of=DAY, now=NOON)
    with pytest.raises(DBAPIError, match="append-only"):
        world.session.execute(text(act))


def test_month_ends_are_taken_once(lam_dong: Callable[..., Any], world: Any, engine: Engine) -> None:
    lam_dong()
    world.session.commit()
    now = datetime(2026, 5, 1, 3, tzinfo=UTC)
    taken = take_due_snapshots(engine, now)
    assert [one.as_of for one in taken] == [date(2026, 3, 31), date(2026, 4, 30)]
    assert take_due_snapshots(engine, now + timedelta(days=3)) == []


def test_month_ends_wait_when_the_server_stops(
    lam_dong: Callable[..., Any], world: Any, engine: Engine
) -> None:
    lam_dong()
    world.session.commit()
    now, asked = datetime(2026, 5, 1, 3, tzinfo=UTC), iter([False, True])
    taken = take_due_snapshots(engine, now, stop=lambda: next(asked))
    assert [one.as_of for one in taken] == [date(2026, 3, 31)]
    assert [one.as_of for one in take_due_snapshots(engine, now)] == [date(2026, 4, 30)]


def test_nobody_waits_to_write_while_a_country_is_counted(
    lam_dong: Callable[..., Any], world: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lam_dong()
    world.session.commit()
    module = import_module("isoxa_grading.reports.snapshots")  # the package has a function of this name
    count = module._count

    def counted(*asked: Any) -> Any:
        found = count(*asked)
        with writing(engine) as other:  # raises DatabaseBusy were the lock held
            other.get_one(Unit, world.country.id).name = "Nước Việt Nam"
        return found

    monkeypatch.setattr(module, "_count", counted)
    first = keep_snapshot(engine, course="iso", as_of=DAY, now=NOON)
    again = {"course": "iso", "as_of": DAY, "unless_within": timedelta(minutes=1)}
    assert keep_snapshot(engine, now=NOON + timedelta(seconds=9), **again) == first
    assert keep_snapshot(engine, now=NOON + timedelta(hours=1), **again) != first


def test_a_commune_merged_since_counts_for_the_one_it_went_into(
    lam_dong: Callable[..., Any], world: Any
) -> None:
    made = lam_dong()
    kept = take_snapshot(world.session, course="iso", as_of=DAY, now=NOON)
    old = made.units["Xã Đức Trọng"]
    new = world.commune("Xã Mới", made.province, valid_from=DAY + timedelta(days=9))
    old.valid_to = DAY + timedelta(days=8)
    world.session.add(UnitSuccessor(unit_id=old.id, successor_id=new.id, whole=True, since=new.valid_from))
    world.session.flush()
    found = snapshot_figures(world.session, kept, [made.province.path])
    assert found.units[new.id] == found.units[old.id]
    assert snapshot_figures(world.session, kept, [new.path]).figures.registered == 1


def test_a_unit_of_before_leads_to_todays_within_the_scope(lam_dong: Callable[..., Any], world: Any) -> None:
    made = lam_dong()
    today = made.units["Xã Đức Trọng"]
    old_province = world.unit("Tỉnh Cũ", UnitKind.PROVINCE, world.country, valid_to=date(2025, 6, 30))
    old = world.commune("Xã Cũ", old_province, valid_from=date(1900, 1, 1), valid_to=date(2025, 6, 30))
    world.session.add(
        UnitSuccessor(unit_id=old.id, successor_id=today.id, whole=True, since=date(2025, 7, 1))
    )
    world.session.flush()

    def asked(unit: Unit, scope: Unit) -> Any:
        return overview(
            world.session, course="iso", scope_paths=[scope.path], as_of=DAY, filters=Filters(unit_id=unit.id)
        )

    assert asked(old, made.province).unit.name == "Xã Đức Trọng"
    assert asked(old_province, world.country).unit.name == "Xã Đức Trọng"
    with pytest.raises(NotInScope):
        asked(old, world.province("Tỉnh Khác"))


def test_each_row_names_whom_to_call(lam_dong: Callable[..., Any], world: Any) -> None:
    made = lam_dong()
    boss = world.person(
        '=HYPERLINK("x") ' + "dài " * 45, made.units["Xã Di Linh"], position="Chủ tịch / UBND"
    )
    boss.memberships[0].quality_role = "leader"
    boss.phone = "0912345678"
    world.session.flush()

    def rows(kind: ListKind) -> list[Any]:
        return call_list(world.session, kind, course="iso", scope_paths=[made.province.path], as_of=DAY).rows

    (nobody,) = rows(ListKind.NOBODY_SENT)
    assert (nobody.contact.name, nobody.contact.reach) == (boss.full_name, "0912345678")
    late = rows(ListKind.OVERDUE)
    assert {(row.contact.name, row.contact.reach) for row in late} == {
        (row.full_name, "Công chức") for row in late
    }
    assert ListKind.of_slug("chua-cu-ai") is ListKind.NOBODY_SENT
    assert ListKind.of_slug("../") is None
