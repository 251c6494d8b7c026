"""Accounts, roles and passwords; each change leaves its audit row."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.records.accounts import (
    AccountRefused,
    PasswordRefused,
    create_account,
    disable_account,
    enable_account,
    free_username,
    grant_role,
    revoke_role,
    set_password,
)
from isoxa_grading.records.passwords import check_policy, hash_password, password_matches
from isoxa_grading.records.tables import Account, AuditEvent, Role, RoleGrant, Unit
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError


def make(session: Session, now: datetime, username: str = "an", password: str | None = None) -> Account:
    return create_account(
        session, username=username, password=password, display_name="Nguyễn Văn An", actor=None, now=now
    )


def actions(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_account_with_its_audit_row(places: Session, lam_dong: Unit, now: datetime) -> None:
    admin = make(places, now, "admin")
    account = create_account(
        places, username=" An.Nguyen ", password="ruộng bậc thang", display_name="An", actor=admin, now=now
    )
    assert account.username == "an.nguyen"
    assert account.password_hash is not None
    assert account.password_hash.startswith("$argon2id$")
    grant_role(places, account, Role.DEPARTMENT, lam_dong, actor=admin, now=now)
    grant_role(places, account, Role.DEPARTMENT, lam_dong, actor=admin, now=now)
    revoke_role(places, account, Role.DEPARTMENT, lam_dong, actor=admin, now=now)
    set_password(places, account, "bánh chưng xanh", actor=account, now=now)
    disable_account(places, account, actor=admin, now=now, reason="chuyển công tác")
    disable_account(places, account, actor=admin, now=now)
    enable_account(places, account, actor=admin, now=now)
    assert actions(places) == [
        "account.created", "account.created", "role.granted", "role.revoked",
        "account.password_set", "account.disabled", "account.enabled",
    ]  # fmt: skip
    rows = places.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [row.actor_account_id for row in rows] == [
        None,
        admin.id,
        admin.id,
        admin.id,
        account.id,
        admin.id,
        admin.id,
    ]
    assert rows[2].unit_id == lam_dong.id
    assert "bánh" not in str([row.detail for row in rows])
    [grant] = places.scalars(select(RoleGrant)).all()
    assert grant.revoked_at == now


@pytest.mark.parametrize(
    "username", ["", "a", "nguyễnan", "an nguyen", "-an", "an.", "a" * 81, "an@x", "../an"]
)
def test_usernames_refused(session: Session, now: datetime, username: str) -> None:
    with pytest.raises(AccountRefused, match="chưa dùng được"):
        make(session, now, username)


def test_username_taken(session: Session, now: datetime) -> None:
    make(session, now)
    with pytest.raises(AccountRefused, match="đã có người dùng"):
        make(session, now, "AN")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "ngắn",
        "1234567",
        "12345678",
        "MatKhau123",
        "Mật khẩu 123",
        "aaaaaaaa",
        "abababab",
        "x" * 201,
        "nguyenvanan",
    ],
)
def test_passwords_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_policy(password, "nguyenvanan")


@pytest.mark.parametrize("password", ["ruộng bậc thang", "x" * 197 + "abc", "Tám ký tự", "🌾🌾🌾🌾 lúa chín"])
def test_passwords_accepted(password: str) -> None:
    check_policy(password)


def test_password_is_the_same_in_any_normal_form() -> None:
    kept = hash_password(unicodedata.normalize("NFC", "ruộng bậc thang"))
    assert password_matches(kept, unicodedata.normalize("NFD", "ruộng bậc thang"))
    assert not password_matches(kept, "ruong bac thang")
    assert not password_matches(None, "")
    assert not password_matches("không phải hash", "ruộng bậc thang")


def test_two_editors_cannot_overwrite_each_other(engine: Engine, now: datetime) -> None:
    with Session(engine, expire_on_commit=False) as one, Session(engine, expire_on_commit=False) as other:
        account = make(one, now)
        one.commit()
        seen = other.get_one(Account, account.id)
        other.commit()
        account.display_name = "An"
        one.commit()
        seen.display_name = "Ân"
        other.add(seen)
        with pytest.raises(StaleDataError):
            other.commit()


@settings(deadline=None)
@given(st.text(max_size=100), st.sets(st.text("abcn123", max_size=8), max_size=20))
def test_free_username_is_free_and_valid(wanted: str, taken: set[str]) -> None:
    username = free_username(wanted, taken)
    assert username not in taken
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,78}[a-z0-9]", username)


def test_free_username_of_names() -> None:
    assert free_username("Nguyễn Văn An", set()) == "nguyenvanan"
    assert free_username("Nguyễn Văn Ân", {"nguyenvanan", "nguyenvanan2"}) == "nguyenvanan3"
    assert free_username("GIALAP0001", set()) == "gialap0001"
    assert free_username("Đ", set()) == "canbod"
    assert free_username("!?", set()) == "canbo"
