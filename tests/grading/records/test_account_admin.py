"""Administrators act on accounts within their reach, one or many, and never over one another's changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from isoxa_grading.records.account_admin import AccountChanged, AccountOutOfReach, move_account, take_accounts
from isoxa_grading.records.account_scope import accounts_in_reach, home_units, unit_in_scope
from isoxa_grading.records.accounts import create_account, disable_account, grant_role, revoke_role
from isoxa_grading.records.audit import audit
from isoxa_grading.records.audit_search import AuditFilter, search_audit
from isoxa_grading.records.database import DatabaseBusy, reading, writing
from isoxa_grading.records.sign_ins import end_sign_ins, live_sign_ins
from isoxa_grading.records.signin import recognise, start_session
from isoxa_grading.records.tables import Account, AuditEvent, Membership, Person, Role, RoleGrant, Unit
from isoxa_grading.records.units import country, find_unit
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tests.grading.conftest import Databases, engine_on


@dataclass
class Place:
    """Two provinces, two communes in the first, and accounts all over, by username."""

    engine: Engine
    paths: dict[str, str]
    ids: dict[str, int]
    accounts: dict[str, int]

    def versions(self, *names: str) -> dict[int, int | None]:
        with reading(self.engine) as session:
            return {self.accounts[one]: session.get_one(Account, self.accounts[one]).version for one in names}


def unit(session: Session, name: str) -> Unit:
    found = find_unit(session, name).unit
    assert found is not None, name
    return found


NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
# By the database's kind: paths and ids of units, and ids of accounts, in the template that every test copies.
_known: dict[str, tuple[dict[str, str], dict[str, int], dict[str, int]]] = {}


def fill(engine: Engine) -> None:
    with writing(engine) as session:
        units = {
            "cả nước": country(session),
            "Lâm Đồng": unit(session, "tỉnh Lâm Đồng"),
            "Di Linh": unit(session, "xã Di Linh, Lâm Đồng"),
            "Bảo Thuận": unit(session, "xã Bảo Thuận, Lâm Đồng"),
            "Gia Lai": unit(session, "tỉnh Gia Lai"),
        }

        def officer(username: str, at: str) -> None:
            person = Person(full_name=f"Cán bộ {username}", sort_key=username, created_at=NOW)
            session.add(person)
            session.flush()
            session.add(
                Membership(
                    person_id=person.id, unit_id=units[at].id, position="Tư pháp", valid_from=date(2025, 7, 1)
                )
            )
            session.flush()
            made = create_account(
                session, username=username, password=None, display_name=f"Cán bộ {username}", person=person,
                actor=None, now=NOW,
            )  # fmt: skip
            grant_role(session, made, Role.OFFICER, units[at], actor=None, now=NOW)

        def staff(username: str, *grants: tuple[Role, str]) -> None:
            made = create_account(
                session, username=username, password=None, display_name=f"Sở {username}", actor=None, now=NOW
            )
            for role, at in grants:
                grant_role(session, made, role, units[at], actor=None, now=NOW)

        officer("linh", "Di Linh")
        officer("thuan", "Bảo Thuận")
        officer("gia", "Gia Lai")
        staff("so", (Role.DEPARTMENT, "Lâm Đồng"))
        staff("chu-tich", (Role.DEPARTMENT, "Di Linh"))
        staff("hai-noi", (Role.TRAINER, "Di Linh"), (Role.DEPARTMENT, "Gia Lai"))
        staff("khong-vai-tro")
        _known[engine.dialect.name] = (
            {name: one.path for name, one in units.items()},
            {name: one.id for name, one in units.items()},
            {one.username: one.id for one in session.scalars(select(Account))},
        )


@pytest.fixture
def place(databases: Databases, backend: str) -> Iterator[Place]:
    databases.derive(backend, "account-admin", "units", fill)
    for engine in engine_on(databases, backend, "account-admin"):
        yield Place(engine, *_known[engine.dialect.name])


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ("Di Linh", {"linh", "chu-tich"}),
        ("Lâm Đồng", {"linh", "thuan", "so", "chu-tich"}),
        ("Gia Lai", {"gia"}),
        ("cả nước", {"linh", "thuan", "gia", "so", "chu-tich", "hai-noi", "khong-vai-tro"}),
    ],
)
def test_reach(place: Place, scope: str, seen: set[str]) -> None:
    with reading(place.engine) as session:
        found = session.scalars(accounts_in_reach(session, [place.paths[scope]]))
        assert {one.username for one in found} == seen
        assert session.scalars(accounts_in_reach(session, [])).all() == []


def test_units_in_scope(place: Place) -> None:
    with reading(place.engine) as session:
        scope = [place.paths["Lâm Đồng"]]
        assert unit_in_scope(session, scope, place.ids["Di Linh"]) is not None
        assert unit_in_scope(session, scope, place.ids["Gia Lai"]) is None
        assert unit_in_scope(session, scope, 2**31 - 1) is None
        former = session.scalars(
            select(Unit).where(Unit.short_name == "Lâm Đồng", Unit.valid_to.is_not(None))
        ).first()
        assert former is None or unit_in_scope(session, [place.paths["cả nước"]], former.id) is None


def test_many_are_taken_or_none(place: Place, now: datetime) -> None:
    scope = [place.paths["Lâm Đồng"]]
    seen = place.versions("linh", "thuan")
    with writing(place.engine) as session:
        assert [one.username for one in take_accounts(session, scope, seen)] == ["linh", "thuan"]
    with pytest.raises(AccountOutOfReach), writing(place.engine) as session:
        take_accounts(session, scope, {**seen, place.accounts["gia"]: None})
    with writing(place.engine) as session:
        disable_account(session, session.get_one(Account, place.accounts["thuan"]), actor=None, now=now)
    with pytest.raises(AccountChanged, match="Cán bộ thuan"), writing(place.engine) as session:
        take_accounts(session, scope, seen)


@pytest.mark.parametrize("change", ["role", "move", "revoke"])
def test_every_change_of_an_account_raises_its_version(place: Place, now: datetime, change: str) -> None:
    before = place.versions("linh")
    with writing(place.engine) as session:
        account = session.get_one(Account, place.accounts["linh"])
        if change == "role":
            grant_role(
                session,
                account,
                Role.TRAINER,
                session.get_one(Unit, place.ids["Di Linh"]),
                actor=None,
                now=now,
            )
        elif change == "revoke":
            revoke_role(
                session,
                account,
                Role.OFFICER,
                session.get_one(Unit, place.ids["Di Linh"]),
                actor=None,
                now=now,
            )
        else:
            move_account(session, account, session.get_one(Unit, place.ids["Bảo Thuận"]), actor=None, now=now)
    with pytest.raises(AccountChanged), writing(place.engine) as session:
        take_accounts(session, [place.paths["cả nước"]], before)


def test_two_writers_at_the_same_moment(place: Place, now: datetime) -> None:
    """Where the check of the page's version comes too early, the database's own still refuses the second."""
    with Session(place.engine) as first, Session(place.engine) as second:
        mine, theirs = (one.get_one(Account, place.accounts["linh"]) for one in (first, second))
        mine.display_name = "Một"
        first.commit()
        theirs.display_name = "Hai"
        with pytest.raises((StaleDataError, DatabaseBusy)):
            second.flush()


def test_moving(place: Place, now: datetime) -> None:
    with writing(place.engine) as session:
        account = session.get_one(Account, place.accounts["linh"])
        there = session.get_one(Unit, place.ids["Bảo Thuận"])
        assert move_account(session, account, there, actor=None, now=now)
        assert not move_account(session, account, there, actor=None, now=now)
        rows = session.scalars(
            select(Membership).where(Membership.person_id == account.person_id).order_by(Membership.id)
        ).all()
        assert [(one.unit_id, one.valid_from, one.valid_to) for one in rows] == [
            (place.ids["Di Linh"], date(2025, 7, 1), date(2026, 11, 20)),
            (place.ids["Bảo Thuận"], date(2026, 11, 21), None),
        ]
        assert rows[1].position == "Tư pháp"
        # Back on the same day: there was no day at the other unit.
        back = session.get_one(Unit, place.ids["Di Linh"])
        assert move_account(session, account, back, actor=None, now=now + timedelta(hours=1))
        grants = session.scalars(
            select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
        ).all()
        assert [(one.role, one.unit_id) for one in grants] == [(Role.OFFICER, place.ids["Di Linh"])]
        assert home_units(session, [account])[account.id].id == place.ids["Di Linh"]
        so = session.get_one(Account, place.accounts["so"])
        with pytest.raises(ValueError, match="không gắn với cán bộ"):
            move_account(session, so, there, actor=None, now=now)


def test_who_is_signed_in_and_ending_it(place: Place, now: datetime) -> None:
    tokens = {}
    with writing(place.engine) as session:
        for name in ("linh", "thuan", "gia"):
            tokens[name] = start_session(
                session, session.get_one(Account, place.accounts[name]), now, "Cốc Cốc", "10.0.0.1"
            )
        start_session(session, session.get_one(Account, place.accounts["linh"]), now, "Firefox", "10.0.0.2")
        start_session(
            session,
            session.get_one(Account, place.accounts["so"]),
            now - timedelta(hours=3),
            "cũ",
            "10.0.0.3",
        )
    scope = [place.paths["Lâm Đồng"]]
    with reading(place.engine) as session:
        found = live_sign_ins(session, scope, now)
        assert sorted(one.username for one in found) == ["linh", "linh", "thuan"]
        assert {one.unit for one in found} == {"Xã Di Linh", "Xã Bảo Thuận"}
        assert len(live_sign_ins(session, scope, now, text="CAN BO THUAN")) == 1
        everyone = {one.username: one.id for one in live_sign_ins(session, [place.paths["cả nước"]], now)}
    with writing(place.engine) as session:
        ended = end_sign_ins(
            session, scope, session_ids=[everyone["gia"], 999], account_ids=[place.accounts["linh"]],
            actor=place.accounts["so"], now=now,
        )  # fmt: skip
        assert len(ended) == 2
    assert recognise(place.engine, tokens["linh"], now) is None
    assert recognise(place.engine, tokens["gia"], now) is not None
    with reading(place.engine) as session:
        [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "session.ended"))
        assert (event.unit_id, event.detail) == (place.ids["Di Linh"], {"sessions": 2})


def test_reading_the_log(place: Place, now: datetime) -> None:
    with writing(place.engine) as session:
        boss = session.get_one(Account, place.accounts["so"])
        disable_account(
            session, session.get_one(Account, place.accounts["linh"]), actor=boss, now=now, reason="Nghỉ hưu"
        )
        audit(
            session,
            None,
            "roster.imported",
            "roster_import",
            7,
            place.ids["Gia Lai"],
            {"file": "ds.xlsx"},
            now,
        )
        audit(session, None, "person.moved", "person", 1, None, {}, now - timedelta(days=3))

    def found(scope: str, **wanted: object) -> list[str]:
        with reading(place.engine) as session:
            return [
                line.action
                for line in search_audit(session, [place.paths[scope]], AuditFilter(**wanted)).lines  # type: ignore[arg-type]
            ]

    today = date(2026, 11, 21)
    assert "roster.imported" in found("cả nước")
    assert "roster.imported" not in found("Lâm Đồng")
    assert found("Gia Lai", what="roster") == ["roster.imported"]
    assert found("Lâm Đồng", what="account.disabled", who="SO SO") == ["account.disabled"]
    assert found("Lâm Đồng", what="account.dis") == []
    assert found("Lâm Đồng", who="không có ai") == []
    assert found("Lâm Đồng", text="Nghỉ hưu") == ["account.disabled"]
    assert found("Lâm Đồng", what="account.disabled", text="can bo LINH") == ["account.disabled"]
    assert found("Lâm Đồng", what="person", until=today - timedelta(days=1)) == ["person.moved"]
    assert found("Lâm Đồng", what="person", since=today) == []
    assert found("Lâm Đồng", unit=place.paths["Di Linh"], what="account.disabled") == ["account.disabled"]
    assert found("Lâm Đồng", unit=place.paths["Gia Lai"]) == []
    assert found("Lâm Đồng", text="%") == []


def test_the_log_page_by_page(place: Place, now: datetime) -> None:
    with writing(place.engine) as session:
        for number in range(120):
            audit(session, None, "x.y", "x", number, place.ids["Di Linh"], {}, now)
    seen: list[str] = []
    before = None
    with reading(place.engine) as session:
        while True:
            page = search_audit(session, [place.paths["Di Linh"]], AuditFilter(what="x"), before=before)
            seen += [line.subject_id for line in page.lines]
            before = page.older
            if before is None:
                break
    assert seen == [str(number) for number in reversed(range(120))]
