"""Every untidy file of ``fixtures``: each row comes to its verdict, and no row to a wrong unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from isoxa_grading.records.database import connect
from isoxa_grading.records.roster import RosterPreview, import_roster, preview_roster, read_roster
from isoxa_grading.records.tables import UnitKind
from isoxa_grading.records.units import add_unit, find_scope
from sqlalchemy.orm import Session

from tests.grading.conftest import Databases
from tests.grading.records.roster.fixtures import FIXTURES, names
from tests.grading.records.roster.sample_files import Fixture, Page, xlsx


class Office:
    """Previews of the fixtures, each on the records that it asks for, made once."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.lam_dong = find_scope(session, "Lâm Đồng").unit
        assert self.lam_dong is not None
        add_unit(session, UnitKind.DEPARTMENT, "Sở Khoa học và Công nghệ", self.lam_dong, actor=None, now=now)
        self.made: dict[str, RosterPreview] = {}

    def preview(self, fixture: Fixture) -> RosterPreview:
        if fixture.name not in self.made:
            scope = find_scope(self.session, fixture.scope).unit if fixture.scope else None
            with self.session.begin_nested() as records:
                if fixture.before:
                    head = ("Họ và tên", "Đơn vị", "Mã cán bộ", "Ngày sinh", "Điện thoại", "Chức danh")
                    earlier = read_roster(xlsx([Page("x", [head, *fixture.before])]), "x.xlsx")
                    first = preview_roster(self.session, earlier, self.lam_dong)
                    import_roster(self.session, first, None, self.now - timedelta(days=9))
                file = read_roster(fixture.content, f"{fixture.name}{fixture.suffix}")
                self.made[fixture.name] = preview_roster(self.session, file, scope)
                records.rollback()
        return self.made[fixture.name]


@pytest.fixture(scope="module")
def office(databases: Databases) -> Iterator[Office]:
    engine = connect(databases.fresh("sqlite", "units"))
    with Session(engine.execution_options(isoxa_mode="writing"), expire_on_commit=False) as session:
        yield Office(session, datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
    engine.dispose()


@pytest.mark.parametrize("fixture", FIXTURES, ids=names(FIXTURES))
def test_each_row_comes_to_its_verdict(office: Office, fixture: Fixture) -> None:
    found = {(one.row.sheet, one.row.number): one for one in office.preview(fixture).rows}
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


def test_no_row_comes_to_a_wrong_unit_and_few_to_none(office: Office) -> None:
    right = wrong = missed = 0
    for fixture in FIXTURES:
        found = {(one.row.sheet, one.row.number): one for one in office.preview(fixture).rows}
        for sheet, number, row in fixture.expected:
            unit = found[sheet, number].unit
            right += unit is not None and unit.name == row.unit
            wrong += unit is not None and unit.name != row.unit
            missed += unit is None and row.known
    assert wrong == 0
    assert right / (right + missed) > 0.95
    assert right > 100


def test_there_are_enough_files() -> None:
    assert len(FIXTURES) >= 40
    assert len(set(names(FIXTURES))) == len(FIXTURES)
