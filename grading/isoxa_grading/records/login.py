"""Checking a username and password, and slowing down whoever guesses.

After a few failures each further one makes the next wait longer, per account as typed (so that it tells nobody whether
the account exists), up to a minute: nobody is locked out for good. A whole office may share one address, so an
address is slowed only beyond fifty failures a minute. While the wait lasts no password is looked at.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from isoxa_courses.text import fold
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from .database import RecordedRefusal
from .passwords import hash_password, needs_rehash, password_matches
from .tables import Account, LoginFailure

__all__ = [
    "LoginRefused",
    "account_of",
    "check_wait",
    "forget_failures",
    "login_name",
    "record_failure",
    "verify_password",
]

FREE_FAILURES = 3
LONGEST_WAIT = timedelta(seconds=60)
ADDRESS_FAILURES = 50
_ADDRESS_WINDOW = timedelta(minutes=1)
_MEMORY = timedelta(hours=1)


class LoginRefused(RecordedRefusal):
    """No. ``message`` can be shown; ``wait_seconds`` is 0, or how long to wait before the next try."""

    def __init__(self, message: str, wait_seconds: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.wait_seconds = wait_seconds


def verify_password(session: Session, username: str, password: str, address: str, now: datetime) -> Account:
    """The account, if the password is its own. Raises ``LoginRefused``; the failure is recorded all the same.

    Hashing takes about 30 ms, and this holds the transaction meanwhile; ``signin.sign_in`` does not.
    """
    name = login_name(username)
    check_wait(session, name, address, now)
    account = account_of(session, name)
    if not password_matches(account.password_hash if account else None, password) or account is None:
        raise record_failure(session, name, address, now)
    accept(session, account, password)
    return account


def login_name(typed: str) -> str:
    """The username meant: capitals, spaces and diacritics (a keyboard left in Vietnamese) are forgiven."""
    return fold(typed).replace(" ", "")[:80]


def account_of(session: Session, name: str) -> Account | None:
    """The account of that username that may log in by password."""
    return session.scalars(
        select(Account).where(Account.username == name, Account.disabled_at.is_(None))
    ).one_or_none()


def check_wait(session: Session, name: str, address: str, now: datetime) -> None:
    """Raise ``LoginRefused`` while this username, or this address, must wait."""
    recent = LoginFailure.at > now - _MEMORY
    count, last = session.execute(
        select(func.count(), func.max(LoginFailure.at)).where(LoginFailure.username == name, recent)
    ).one()
    wait = last + _wait_after(count) - now if last else timedelta()
    from_address, first = session.execute(
        select(func.count(), func.min(LoginFailure.at)).where(
            LoginFailure.address == address, LoginFailure.at > now - _ADDRESS_WINDOW
        )
    ).one()
    if from_address > ADDRESS_FAILURES:
        wait = max(wait, first + _ADDRESS_WINDOW - now)
    if wait > timedelta():
        seconds = math.ceil(wait.total_seconds())
        raise LoginRefused(
            f"Anh/chị đã nhập sai nhiều lần. Vui lòng đợi {seconds} giây rồi đăng nhập lại.", seconds
        )


_WRONG = (
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Anh/chị kiểm tra lại; nếu quên mật khẩu, hãy báo quản trị viên."
)


def record_failure(
    session: Session, name: str, address: str, now: datetime, message: str = _WRONG
) -> LoginRefused:
    """Remember the failure and return what to raise."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - _MEMORY))
    session.add(LoginFailure(username=name, address=address[:64], at=now))
    session.flush()
    return LoginRefused(message)


def forget_failures(session: Session, account: Account) -> None:
    """The failures before a right answer count no more."""
    session.execute(delete(LoginFailure).where(LoginFailure.username == account.username))


def accept(session: Session, account: Account, password: str) -> None:
    """A right password: the failures before it count no more, and an old hash is renewed."""
    forget_failures(session, account)
    if account.password_hash and needs_rehash(account.password_hash):
        account.password_hash = hash_password(password)


def _wait_after(failures: int) -> timedelta:
    if failures <= FREE_FAILURES:
        return timedelta()
    return min(timedelta(seconds=2.0 ** min(failures - FREE_FAILURES, 10)), LONGEST_WAIT)
