"""Signed-in browsers. The cookie holds a random 256-bit token; the database only its SHA-256.

A sign-in ends by logging out, after some time without use, at its absolute limit, when the account is disabled, and
when its password changes. ``sign_in`` and ``recognise`` are what a server calls: they keep transactions short (the
password is hashed between two of them; recognising a cookie writes at most once a minute). Nothing of a sign-in is kept
in memory: one that was ended is refused with the very next request, on every server.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from isoxa_courses.text import clean
from sqlalchemy import Engine, Row, and_, bindparam, select, update
from sqlalchemy.orm import Session

from .database import DatabaseBusy, DiskFull, reading, writing
from .login import accept, account_of, check_wait, login_name, record_failure
from .passwords import password_matches
from .tables import Account, RoleGrant, SignInSession, Unit
from .tables.people import Role

__all__ = [
    "SessionLimits",
    "SignedIn",
    "end_session",
    "end_sessions_of",
    "ended_among",
    "recognise",
    "recognise_all",
    "session_of",
    "sign_in",
    "start_session",
]

log = logging.getLogger(__name__)

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
    return recognise_all(engine, [token], now, limits=limits).get(token)


def recognise_all(
    engine: Engine, tokens: Collection[str], now: datetime, *, limits: SessionLimits = DEFAULT_LIMITS
) -> dict[str, SignedIn]:
    """`recognise` for requests that come together, with one statement; without those that are nobody's."""
    with reading(engine) as session:
        live = _live(session, tokens, now, limits)
    due = _unseen_for_long(live, now)
    if due:
        try:
            with writing(engine) as session:
                _touch(session, due, now)
        except (DatabaseBusy, DiskFull) as problem:
            # That they were here can be written down the next time; what they came for can be read now.
            log.warning("sign-ins last seen: %s", problem)
    return {token: one.signed_in for token, one in live.items()}


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
    live = _live(session, [token], now, limits)
    due = _unseen_for_long(live, now)
    if due:
        _touch(session, due, now)
    return live[token].signed_in if live else None


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


def ended_among(session: Session, ids: Collection[int], now: datetime) -> set[int]:
    """Which of these sessions are in force no more: logged out, locked out, over their limit, or forgotten."""
    query = select(SignInSession.id).join(Account, Account.id == SignInSession.account_id)
    live = query.where(
        SignInSession.id.in_(ids),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > now,
        Account.disabled_at.is_(None),
    )
    return set(ids) - set(session.scalars(live))


# Asked with every request, so made once: a statement takes longer to build than to answer.
_LIVE = (
    select(
        SignInSession.token_sha256,
        SignInSession.id.label("session_id"),
        SignInSession.last_seen_at,
        Account.id.label("account_id"),
        Account.person_id,
        Account.username,
        Account.display_name,
        RoleGrant.role,
        Unit.id.label("unit_id"),
        Unit.path.label("unit_path"),
    )
    .join(Account, Account.id == SignInSession.account_id)
    .outerjoin(RoleGrant, and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None)))
    .outerjoin(Unit, Unit.id == RoleGrant.unit_id)
    .where(
        SignInSession.token_sha256.in_(bindparam("tokens", expanding=True)),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        SignInSession.last_seen_at > bindparam("idle_since"),
        Account.disabled_at.is_(None),
    )
    .order_by(SignInSession.id, RoleGrant.id)
)


@dataclass(frozen=True)
class _Live:
    """A sign-in that is in force, and when its browser was last seen."""

    signed_in: SignedIn
    last_seen_at: datetime


def _live(
    session: Session, tokens: Collection[str], now: datetime, limits: SessionLimits
) -> dict[str, _Live]:
    """Token → its sign-in, for those in force."""
    of_digest = {_digest(token): token for token in tokens}
    asked = {"tokens": list(of_digest), "now": now, "idle_since": now - limits.idle}
    rows: dict[str, list[Row[Any]]] = {}
    found: Iterable[Row[Any]] = session.execute(_LIVE, asked)
    for row in found:
        rows.setdefault(of_digest[row.token_sha256], []).append(row)
    return {token: _Live(_signed_in(its), its[0].last_seen_at) for token, its in rows.items()}


def _signed_in(rows: Sequence[Row[Any]]) -> SignedIn:
    """From the rows of one sign-in: one a grant, or one that names none."""
    one = rows[0]
    return SignedIn(
        one.account_id, one.person_id, one.username, one.display_name, one.session_id,
        tuple((row.role, row.unit_id, row.unit_path) for row in rows if row.role is not None),
    )  # fmt: skip


def _unseen_for_long(live: Mapping[str, _Live], now: datetime) -> list[int]:
    """Ids of the sessions whose last use must be written down."""
    return [one.signed_in.session_id for one in live.values() if now - one.last_seen_at >= _TOUCH_EVERY]


def _touch(session: Session, session_ids: Sequence[int], now: datetime) -> None:
    session.execute(update(SignInSession).where(SignInSession.id.in_(session_ids)).values(last_seen_at=now))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
