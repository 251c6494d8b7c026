"""Signed-in browsers. The cookie holds a random 256-bit token; the database only its SHA-256.

A sign-in ends by logging out, after some time without use, at its absolute limit, when the account is disabled, and
when its password changes. ``sign_in`` and ``recognise`` are what a server calls: they keep transactions short (the
password is hashed between two of them; recognising a cookie writes at most once a minute).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from isoxa_courses.text import clean
from sqlalchemy import Engine, Row, bindparam, select, update
from sqlalchemy.orm import Session

from .database import reading, writing
from .login import accept, account_of, check_wait, login_name, record_failure
from .passwords import password_matches
from .tables import Account, RoleGrant, SignInSession, Unit
from .tables.people import Role

__all__ = [
    "SessionLimits",
    "SignedIn",
    "end_session",
    "end_sessions_of",
    "recognise",
    "session_of",
    "sign_in",
    "start_session",
]

_TOKEN_BYTES = 32
_TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class SessionLimits:
    """``idle``: without use; ``absolute``: in all."""

    idle: timedelta = timedelta(minutes=120)
    absolute: timedelta = timedelta(hours=12)


DEFAULT_LIMITS = SessionLimits()


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, and what they may do where."""

    account_id: int
    person_id: int | None
    username: str
    display_name: str
    session_id: int
    grants: tuple[tuple[Role, int, str], ...]
    """(role, unit id, unit path) of each grant in force."""

    def has(self, role: Role | str) -> bool:
        """Whether the account has the role, over any unit."""
        return any(granted == role for granted, _, _ in self.grants)

    def scope_paths(self, role: Role | str) -> list[str]:
        """Paths of the units the account has the role over; the role holds for all below them."""
        return sorted({path for granted, _, path in self.grants if granted == role})


def sign_in(
    engine: Engine,
    username: str,
    password: str,
    *,
    address: str,
    user_agent: str,
    now: datetime,
    limits: SessionLimits = DEFAULT_LIMITS,
) -> str:
    """Check the password and start a session; returns the token. Raises ``LoginRefused``."""
    name = login_name(username)
    with reading(engine) as session:
        check_wait(session, name, address, now)
        found = account_of(session, name)
    matches = password_matches(found.password_hash if found else None, password)
    with writing(engine) as session:
        account = account_of(session, name)
        # Between the two, the account may have been disabled or its password changed.
        if not matches or account is None or found is None or account.password_hash != found.password_hash:
            raise record_failure(session, name, address, now)
        accept(session, account, password)
        return start_session(session, account, now, user_agent, address, limits=limits)


def recognise(
    engine: Engine, token: str, now: datetime, *, limits: SessionLimits = DEFAULT_LIMITS
) -> SignedIn | None:
    """``session_of`` in transactions of its own, which rarely write."""
    with reading(engine) as session:
        found = _live(session, token, now, limits)
        if found is None:
            return None
        signed_in = _signed_in(session, found)
    if now - found.last_seen_at >= _TOUCH_EVERY:
        with writing(engine) as session:
            _touch(session, found.session_id, now)
    return signed_in


def start_session(
    session: Session,
    account: Account,
    now: datetime,
    user_agent: str,
    address: str,
    *,
    limits: SessionLimits = DEFAULT_LIMITS,
) -> str:
    """A new session of the account; returns the token for the cookie, which is kept nowhere."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        SignInSession(
            account_id=account.id,
            token_sha256=_digest(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + limits.absolute,
            user_agent=clean(user_agent)[:200],
            address=clean(address)[:64],
        )
    )
    session.flush()
    return token


def session_of(
    session: Session, token: str, now: datetime, *, limits: SessionLimits = DEFAULT_LIMITS
) -> SignedIn | None:
    """Whose token it is; None when unknown, ended, out of time, or the account is disabled.

    Moves ``last_seen_at`` on, at most once a minute: needs a writing session.
    """
    found = _live(session, token, now, limits)
    if found is None:
        return None
    if now - found.last_seen_at >= _TOUCH_EVERY:
        _touch(session, found.session_id, now)
    return _signed_in(session, found)


def end_session(session: Session, token: str, now: datetime, reason: str = "logout") -> None:
    """End the session of this token; an unknown or ended one is left as it is."""
    live = SignInSession.token_sha256 == _digest(token), SignInSession.ended_at.is_(None)
    session.execute(update(SignInSession).where(*live).values(ended_at=now, end_reason=reason))


def end_sessions_of(
    session: Session, account: Account, now: datetime, reason: str, *, keep_session_id: int | None = None
) -> int:
    """End every session of the account, but for the one to keep; how many were ended."""
    live = SignInSession.account_id == account.id, SignInSession.ended_at.is_(None)
    query = update(SignInSession).where(*live).values(ended_at=now, end_reason=reason)
    if keep_session_id is not None:
        query = query.where(SignInSession.id != keep_session_id)
    return int(session.execute(query).rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


# Asked with every request, so made once: a statement takes longer to build than to answer.
_LIVE = (
    select(
        SignInSession.id.label("session_id"),
        SignInSession.last_seen_at,
        Account.id.label("account_id"),
        Account.person_id,
        Account.username,
        Account.display_name,
    )
    .join(Account, Account.id == SignInSession.account_id)
    .where(
        SignInSession.token_sha256 == bindparam("token"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        SignInSession.last_seen_at > bindparam("idle_since"),
        Account.disabled_at.is_(None),
    )
)
_GRANTS = (
    select(RoleGrant.role, Unit.id, Unit.path)
    .join(Unit, Unit.id == RoleGrant.unit_id)
    .where(RoleGrant.account_id == bindparam("account"), RoleGrant.revoked_at.is_(None))
    .order_by(RoleGrant.id)
)


def _live(session: Session, token: str, now: datetime, limits: SessionLimits) -> Row[Any] | None:
    asked = {"token": _digest(token), "now": now, "idle_since": now - limits.idle}
    live: Row[Any] | None = session.execute(_LIVE, asked).one_or_none()  # type: ignore[assignment]  # a row of any
    return live


def _signed_in(session: Session, live: Row[Any]) -> SignedIn:
    grants = session.execute(_GRANTS, {"account": live.account_id})
    return SignedIn(
        live.account_id, live.person_id, live.username, live.display_name, live.session_id,
        tuple((role, unit, path) for role, unit, path in grants),
    )  # fmt: skip


def _touch(session: Session, session_id: int, now: datetime) -> None:
    session.execute(update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
