"""Every untidy file of ``fixtures``: each row comes to its verdict, and no row to a wrong unit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from isoxa_grading.records.roster import RosterPreview, import_roster, preview_roster, read_roster
from isoxa_grading.records.tables import Unit, UnitKind
from isoxa_grading.records.units import add_unit, find_scope
from sqlalchemy.orm import Session

from tests.grading.records.roster.fixtures import FIXTURES, Fixture, Page, names, xlsx


def scope_of(session: Session, fixture: Fixture) -> Unit | None:
    return find_scope(session, fixture.scope).unit if fixture.scope else None


def preview_of(session: Session, fixture: Fixture, now: datetime) -> RosterPreview:
    lam_dong = find_scope(session, "Lâm Đồng").unit
    assert lam_dong is not None
    add_unit(session, UnitKind.DEPARTMENT, "Sở Khoa học và Công nghệ", lam_dong, actor=None, now=now)
    if fixture.before:
        head = ("Họ và tên", "Đơn vị", "Mã cán bộ", "Ngày sinh", "Điện thoại", "Chức danh")
        earlier = read_roster(xlsx([Page("x", [head, *fixture.before])]), "x.xlsx")
        import_roster(session, preview_roster(session, earlier, lam_dong), None, now - timedelta(days=9))
    file = read_roster(fixture.content, f"{fixture.name}{fixture.suffix}")
    return preview_roster(session, file, scope_of(session, fixture))


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("fixture", FIXTURES, ids=names(FIXTURES))
def test_each_row_comes_to_its_verdict(places: Session, fixture: Fixture, now: datetime) -> None:
    preview = preview_of(places, fixture, now)
    found = {(one.row.sheet, one.row.number): one for one in preview.rows}
    expected = {(sheet, number): row for sheet, number, row in fixture.expected}
    assert sorted(found) == sorted(expected)
    for place, row in expected.items():
        decision = found[place]
        said = [str(problem) for problem in decision.problems]
        assert decision.kind.value == row.kind, (place, said)
        if row.unit:
            assert decision.unit is not None, (place, said)
            assert decision.unit.name == row.unit, place
        if row.name:
            assert decision.row.full_name == row.name
        if decision.left_out:
            assert said
            assert all(problem.reason and problem.sheet and problem.row for problem in decision.problems)


def test_there_are_enough_files() -> None:
    assert len(FIXTURES) >= 40
    assert len(set(names(FIXTURES))) == len(FIXTURES)
