"""Logging in, being slowed down, staying signed in, and being signed out."""

from __future__ import annotations

import statistics
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from isoxa_grading.records.accounts import (
    LoginRefused,
    create_account,
    disable_account,
    grant_role,
    set_password,
    verify_password,
)
from isoxa_grading.records.database import connect, migrate, reading, writing
from isoxa_grading.records.login import LONGEST_WAIT
from isoxa_grading.records.signin import (
    SessionLimits,
    SignedIn,
    end_session,
    end_sessions_of,
    recognise,
    recognise_all,
    session_of,
    sign_in,
    start_session,
)
from isoxa_grading.records.tables import Account, LoginFailure, Role, SignInSession, Unit
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

RIGHT = "ruộng bậc thang"
WRONG = "sai mật khẩu"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def account(engine: Engine, now: datetime) -> Account:
    with writing(engine) as session:
        return create_account(
            session, username="an", password=RIGHT, display_name="Nguyễn Văn An", actor=None, now=now
        )


def attempt(
    engine: Engine, now: datetime, password: str = RIGHT, *, username: str = "an", address: str = "10.0.0.1"
) -> str:
    return sign_in(engine, username, password, address=address, user_agent="Cốc Cốc", now=now)


def refuse(engine: Engine, now: datetime, password: str = WRONG, **others: str) -> LoginRefused:
    with pytest.raises(LoginRefused) as caught:
        attempt(engine, now, password, **others)
    return caught.value


def test_sign_in_and_out(engine: Engine, account: Account, now: datetime) -> None:
    token = attempt(engine, now)
    assert len(token) >= 43  # 256 bits
    found = recognise(engine, token, now + MINUTE)
    assert found is not None
    assert (found.account_id, found.username, found.display_name) == (account.id, "an", "Nguyễn Văn An")
    with reading(engine) as session:
        kept = session.scalars(select(SignInSession)).one()
        assert token not in (kept.token_sha256, kept.user_agent)
        assert len(kept.token_sha256) == 64
    with writing(engine) as session:
        end_session(session, token, now + MINUTE)
        end_session(session, "unknown", now)
    assert recognise(engine, token, now + MINUTE) is None
    with reading(engine) as session:
        assert session.scalars(select(SignInSession.end_reason)).one() == "logout"


def test_each_sign_in_is_a_new_token(engine: Engine, account: Account, now: datetime) -> None:
    assert attempt(engine, now) != attempt(engine, now)


@pytest.mark.parametrize("typed", ["an", "AN", " An ", "Ân", "án"])
def test_username_is_forgiving(engine: Engine, account: Account, now: datetime, typed: str) -> None:
    assert attempt(engine, now, username=typed)


@pytest.mark.parametrize(
    "password", ["", RIGHT.upper(), RIGHT + " ", "\0", "x" * 100_000, "' OR 1=1 --", "\ud800"]
)
def test_wrong_passwords(engine: Engine, account: Account, now: datetime, password: str) -> None:
    assert "chưa đúng" in refuse(engine, now, password).message


@pytest.mark.parametrize("username", ["nobody", "", "x" * 10_000, "\ud800", "\0"])
def test_unknown_users_get_the_same_answer(
    engine: Engine, account: Account, now: datetime, username: str
) -> None:
    wrong, unknown = refuse(engine, now), refuse(engine, now, RIGHT, username=username)
    assert wrong.message == unknown.message


def test_unknown_user_takes_as_long(engine: Engine, account: Account, now: datetime) -> None:
    def seconds(username: str) -> float:
        took = []
        for number in range(5):
            start = time.process_time()
            refuse(engine, now + timedelta(hours=3 * number), username=username)
            took.append(time.process_time() - start)
        return statistics.median(took)

    seconds("warm-up")
    assert 0.5 < seconds("nobody") / seconds("an") < 2


def test_account_without_password_cannot_log_in(engine: Engine, now: datetime) -> None:
    with writing(engine) as session:
        create_account(session, username="an", password=None, display_name="An", actor=None, now=now)
    refuse(engine, now, "")


def test_guessing_gets_slower_but_never_locks_out(engine: Engine, account: Account, now: datetime) -> None:
    waits = []
    for _ in range(12):
        refuse(engine, now)
        blocked = None
        try:
            attempt(engine, now, "sai nữa")
        except LoginRefused as refused:
            blocked = refused.wait_seconds or None
        if blocked:
            waits.append(blocked)
            assert refuse(engine, now, RIGHT).wait_seconds == blocked  # not even the right one is looked at
            now += timedelta(seconds=blocked)
    assert waits == sorted(waits)
    assert waits[0] == 2
    assert waits[-1] == LONGEST_WAIT.total_seconds()
    assert attempt(engine, now)
    assert attempt(engine, now)  # and the slate is clean


def test_one_wrong_user_does_not_slow_the_next(engine: Engine, account: Account, now: datetime) -> None:
    for _ in range(4):
        refuse(engine, now, username="binh")
    assert refuse(engine, now, username="binh").wait_seconds > 0
    assert attempt(engine, now)


def test_an_address_is_slowed_only_beyond_fifty_failures_a_minute(
    engine: Engine, account: Account, now: datetime
) -> None:
    with writing(engine) as session:
        session.add_all(LoginFailure(username=f"u{n}", address="10.0.0.1", at=now) for n in range(50))
    assert attempt(engine, now)  # a whole office behind one address
    refuse(engine, now, username="u51")
    assert refuse(engine, now + SECOND, RIGHT).wait_seconds == 59
    assert attempt(engine, now + SECOND, address="10.0.0.2")
    assert attempt(engine, now + MINUTE)


def test_old_failures_are_forgotten(engine: Engine, account: Account, now: datetime) -> None:
    for _ in range(4):
        refuse(engine, now)
    refuse(engine, now + timedelta(hours=2))
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 1


def test_failure_within_a_writing_block_is_recorded(engine: Engine, account: Account, now: datetime) -> None:
    with pytest.raises(LoginRefused), writing(engine) as session:
        verify_password(session, "an", "sai mật khẩu", "10.0.0.1", now)
    with writing(engine) as session:
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 1
        assert verify_password(session, "an", RIGHT, "10.0.0.1", now).id == account.id
        assert session.scalar(select(func.count()).select_from(LoginFailure)) == 0


def test_idle_and_absolute_limits(engine: Engine, account: Account, now: datetime) -> None:
    limits = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=2))
    with writing(engine) as session:
        token = start_session(session, account, now, "", "", limits=limits)
    assert recognise(engine, token, now + timedelta(minutes=29), limits=limits)
    assert recognise(engine, token, now + timedelta(minutes=58), limits=limits)  # used since
    assert recognise(engine, token, now + timedelta(minutes=89), limits=limits) is None
    for minutes in range(0, 120, 20):
        with writing(engine) as session:
            session.get_one(SignInSession, 1).last_seen_at = now + timedelta(minutes=minutes)
    assert recognise(engine, token, now + timedelta(minutes=119), limits=limits)
    assert recognise(engine, token, now + timedelta(minutes=121), limits=limits) is None


def test_last_seen_moves_at_most_once_a_minute(engine: Engine, account: Account, now: datetime) -> None:
    token = attempt(engine, now)

    def last_seen() -> datetime:
        with reading(engine) as session:
            return session.scalars(select(SignInSession.last_seen_at)).one()

    recognise(engine, token, now + timedelta(seconds=59))
    assert last_seen() == now
    with writing(engine) as session:
        session_of(session, token, now + timedelta(seconds=61))
    assert last_seen() == now + timedelta(seconds=61)


def test_ended_when_disabled_or_password_changed(engine: Engine, account: Account, now: datetime) -> None:
    token, mine = attempt(engine, now), attempt(engine, now)
    kept = recognise(engine, mine, now)
    assert isinstance(kept, SignedIn)
    with writing(engine) as session:
        changed = session.get_one(Account, account.id)
        set_password(
            session, changed, "bánh chưng xanh", actor=changed, now=now, keep_session_id=kept.session_id
        )
    assert recognise(engine, token, now) is None
    assert recognise(engine, mine, now) is not None
    refuse(engine, now, RIGHT)
    assert attempt(engine, now, "bánh chưng xanh")
    with writing(engine) as session:
        disable_account(session, session.get_one(Account, account.id), actor=None, now=now)
    assert recognise(engine, mine, now) is None
    refuse(engine, now, "bánh chưng xanh")


def test_end_sessions_of_spares_others(engine: Engine, account: Account, now: datetime) -> None:
    with writing(engine) as session:
        other = create_account(session, username="binh", password=None, display_name="B", actor=None, now=now)
        mine, theirs = (start_session(session, who, now, "", "") for who in (account, other))
        end_sessions_of(session, account, now, "admin")
        assert session_of(session, mine, now) is None
        assert session_of(session, theirs, now) is not None


def test_grants_come_with_the_session(places: Session, lam_dong: Unit, now: datetime) -> None:
    account = create_account(places, username="so", password=None, display_name="Sở", actor=None, now=now)
    grant_role(places, account, Role.DEPARTMENT, lam_dong, actor=None, now=now)
    gone = grant_role(places, account, Role.ADMIN, lam_dong, actor=None, now=now)
    gone.revoked_at = now
    found = session_of(places, start_session(places, account, now, "x" * 500, "y" * 500), now)
    assert found is not None
    assert found.grants == ((Role.DEPARTMENT, lam_dong.id, lam_dong.path),)
    assert found.has("department")
    assert found.has(Role.DEPARTMENT)
    assert not found.has(Role.ADMIN)
    assert found.scope_paths(Role.DEPARTMENT) == [lam_dong.path]
    assert found.scope_paths("admin") == []


def test_cookies_that_come_together_are_each_told_their_own(engine: Engine, now: datetime) -> None:
    tokens: dict[str, str] = {}
    with writing(engine) as session:
        unit = Unit(
            code="1", kind=UnitKind.COUNTRY, type_word="", name="Việt Nam", short_name="Việt Nam", path="/1/",
            valid_from=now.date(), sort_key="", search_key="",
        )  # fmt: skip
        session.add(unit)
        for name in ("an", "binh", "chi", "dung"):
            account = create_account(
                session, username=name, password=None, display_name=name, actor=None, now=now
            )
            if name != "binh":
                grant_role(session, account, Role.OFFICER, unit, actor=None, now=now)
                grant_role(session, account, Role.TRAINER, unit, actor=None, now=now)
            tokens[name] = start_session(session, account, now, "", "")
            if name == "dung":
                account.disabled_at = now
        end_session(session, tokens["chi"], now)
    asked = [*tokens.values(), tokens["an"], "unknown", "", "\ud800"]
    found = recognise_all(engine, asked, now + 2 * MINUTE)
    assert {token: one.username for token, one in found.items()} == {
        tokens["an"]: "an",
        tokens["binh"]: "binh",
    }
    assert [role for role, _unit, _path in found[tokens["an"]].grants] == [Role.OFFICER, Role.TRAINER]
    assert found[tokens["binh"]].grants == ()
    assert found == {token: recognise(engine, token, now + 2 * MINUTE) for token in found}
    with reading(engine) as session:
        seen = dict(session.execute(select(SignInSession.account_id, SignInSession.last_seen_at)).all())
    assert sorted(seen.values()) == [now, now, now + 2 * MINUTE, now + 2 * MINUTE]
    assert recognise_all(engine, [], now) == {}


def test_who_is_signed_in_is_known_while_nothing_can_be_written(tmp_path: Path, now: datetime) -> None:
    """A long import holds the database, or the disk is full: a lesson can be opened all the same."""
    engine = connect(f"sqlite:///{tmp_path / 'records.db'}", busy_seconds=0.05)
    migrate(engine)
    with writing(engine) as session:
        account = create_account(
            session, username="an", password=None, display_name="An", actor=None, now=now
        )
        token = start_session(session, account, now, "", "")
    with writing(engine):
        found = recognise(engine, token, now + 2 * MINUTE)
    assert found is not None
    assert found.username == "an"
    assert recognise(engine, token, now + 3 * MINUTE) == found, "and written down the next time"
    with reading(engine) as session:
        assert session.scalar(select(SignInSession.last_seen_at)) == now + 3 * MINUTE


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "é\0", "\ud800"])
def test_foreign_tokens(engine: Engine, now: datetime, token: str) -> None:
    assert recognise(engine, token, now) is None
