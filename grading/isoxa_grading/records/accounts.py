"""Accounts and what they may do. Every change is audited in its own transaction.

A username is lower-case ASCII, so that it can be typed on any keyboard and read out on the telephone. An account may
have no password yet (made from a roster); it cannot log in by password until one is set.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import datetime

from isoxa_courses.text import clean, fold, nfc
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from .account_scope import home_unit_id
from .activation import void_codes
from .audit import audit
from .login import LoginRefused, verify_password
from .passwords import PasswordRefused, check_policy, hash_password, password_matches
from .resets import close_reset_requests
from .signin import end_sessions_of
from .tables import Account, Person, RoleGrant, Unit
from .tables.people import Role

__all__ = [
    "AccountRefused",
    "LoginRefused",
    "PasswordRefused",
    "change_own_password",
    "create_account",
    "disable_account",
    "enable_account",
    "free_username",
    "grant_role",
    "raise_version",
    "revoke_role",
    "set_password",
    "verify_password",
]

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_LONGEST_BASE = 70


class AccountRefused(ValueError):
    """The account cannot be made so; ``str()`` says why, in Vietnamese."""


def create_account(
    session: Session,
    *,
    username: str,
    password: str | None,
    display_name: str,
    person: Person | None = None,
    actor: Account | int | None,
    now: datetime,
) -> Account:
    """A new account without roles. Raises ``AccountRefused`` or ``PasswordRefused``."""
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username) or len(username) < 2:
        raise AccountRefused(
            f"Tên đăng nhập “{username}” chưa dùng được: chỉ gồm chữ thường không dấu, chữ số, dấu chấm, "
            "gạch ngang, gạch dưới; dài từ 2 đến 80 ký tự; bắt đầu và kết thúc bằng chữ hoặc số."
        )
    if session.scalar(select(Account.id).where(Account.username == username)) is not None:
        raise AccountRefused(f"Tên đăng nhập “{username}” đã có người dùng. Hãy chọn tên khác.")
    if password is not None:
        check_policy(password, username)
    account = Account(
        username=username,
        display_name=clean(display_name)[:200] or username,
        password_hash=None if password is None else hash_password(password),
        person_id=person.id if person else None,
        created_at=now,
    )
    session.add(account)
    session.flush()
    # No username: it is often made of a name, and the log outlives what a person may have erased.
    audit(session, actor, "account.created", "account", account.id, home_unit_id(session, account), {}, now)
    return account


def free_username(wanted: str, taken: Container[str]) -> str:
    """A username made of a name or code (``Nguyễn Văn An`` → ``nguyenvanan``), numbered when it is taken."""
    base = re.sub(r"[^a-z0-9._-]", "", fold(wanted)).strip("._-")[:_LONGEST_BASE] or "canbo"
    username, number = base if len(base) > 1 else f"canbo{base}", 1
    while username in taken:
        number += 1
        username = f"{base}{number}"
    return username


def grant_role(
    session: Session,
    account: Account,
    role: Role,
    unit: Unit,
    *,
    actor: Account | int | None,
    now: datetime,
) -> RoleGrant:
    """Give the account a role over the unit and all below it; one it has already is returned as it is."""
    grant = session.scalars(_grants(account, role, unit)).first()
    if grant is None:
        grant = RoleGrant(account_id=account.id, role=role, unit_id=unit.id, granted_at=now)
        session.add(grant)
        raise_version(account)
        session.flush()
        audit(session, actor, "role.granted", "account", account.id, unit.id, {"role": role.value}, now)
    return grant


def revoke_role(
    session: Session,
    account: Account,
    role: Role,
    unit: Unit,
    *,
    actor: Account | int | None,
    now: datetime,
) -> None:
    """Take the role over that unit back; the grant stays as history."""
    for grant in session.scalars(_grants(account, role, unit)):
        grant.revoked_at = now
        raise_version(account)
        audit(session, actor, "role.revoked", "account", account.id, unit.id, {"role": role.value}, now)


def set_password(
    session: Session,
    account: Account,
    password: str,
    *,
    actor: Account | int | None,
    now: datetime,
    keep_session_id: int | None = None,
) -> None:
    """Set the password and end the account's other sign-ins; codes are void. Raises ``PasswordRefused``."""
    check_policy(password, account.username)
    account.password_hash = hash_password(password)
    void_codes(session, [account], now)
    close_reset_requests(session, [account], "password_set", actor=actor, now=now)
    end_sessions_of(session, account, now, "password_changed", keep_session_id=keep_session_id)
    unit_id = home_unit_id(session, account)
    audit(session, actor, "account.password_set", "account", account.id, unit_id, {}, now)


def change_own_password(session: Session, account: Account, old: str, new: str, *, now: datetime) -> None:
    """Set a new password for who knows the old one; every sign-in ends, the caller starts a new one.

    Raises ``PasswordRefused``.
    """
    if not password_matches(account.password_hash, old):
        raise PasswordRefused("Mật khẩu đang dùng chưa đúng.")
    if nfc(old) == nfc(new):
        raise PasswordRefused("Mật khẩu mới phải khác mật khẩu đang dùng.")
    set_password(session, account, new, actor=account, now=now)


def disable_account(
    session: Session, account: Account, *, actor: Account | int | None, now: datetime, reason: str = ""
) -> None:
    """No more way in; sign-ins end at once. The person's training record stays as it is."""
    if account.disabled_at is None:
        account.disabled_at = now
        void_codes(session, [account], now)
        close_reset_requests(session, [account], "dismissed", actor=actor, now=now)
        end_sessions_of(session, account, now, "account_disabled")
        unit_id = home_unit_id(session, account)
        audit(session, actor, "account.disabled", "account", account.id, unit_id, {"reason": reason}, now)


def enable_account(session: Session, account: Account, *, actor: Account | int | None, now: datetime) -> None:
    """Open a disabled account again."""
    if account.disabled_at is not None:
        account.disabled_at = None
        unit_id = home_unit_id(session, account)
        audit(session, actor, "account.enabled", "account", account.id, unit_id, {}, now)


def raise_version(account: Account) -> None:
    """Count a change beside the account's own row (its roles, its unit) as one of the account."""
    flag_modified(account, "display_name")


def _grants(account: Account, role: Role, unit: Unit) -> Select[RoleGrant]:
    return select(RoleGrant).where(
        RoleGrant.account_id == account.id,
        RoleGrant.role == role,
        RoleGrant.unit_id == unit.id,
        RoleGrant.revoked_at.is_(None),
    )
