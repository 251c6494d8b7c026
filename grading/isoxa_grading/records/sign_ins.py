"""Who is signed in, for the administrator: sessions that are alive now, and ending them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.text import fold
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from .account_scope import home_units, in_reach
from .audit import audit
from .signin import DEFAULT_LIMITS, SessionLimits
from .tables import Account, SignInSession

__all__ = ["SignIn", "end_sign_ins", "live_sign_ins"]


@dataclass(frozen=True)
class SignIn:
    """A live session. ``unit``: name of the unit its account belongs to, or ''."""

    id: int
    account_id: int
    display_name: str
    username: str
    unit: str
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    address: str


def live_sign_ins(
    session: Session,
    scope: Sequence[str],
    now: datetime,
    *,
    account_id: int | None = None,
    text: str = "",
    limits: SessionLimits = DEFAULT_LIMITS,
) -> list[SignIn]:
    """Sessions of accounts within reach that still open the portal, the last used first.

    ``text``: part of a name or username, case and diacritics aside.
    """
    query = _live(session, scope, now, limits).order_by(SignInSession.last_seen_at.desc(), SignInSession.id)
    if account_id is not None:
        query = query.where(Account.id == account_id)
    wanted = fold(text)
    rows = [
        (sign_in, account)
        for sign_in, account in _pairs(session, query)
        if wanted in fold(account.display_name) or wanted in account.username
    ]
    units = home_units(session, {account.id: account for _, account in rows}.values())
    return [
        SignIn(
            sign_in.id, account.id, account.display_name, account.username,
            units[account.id].name if account.id in units else "",
            sign_in.created_at, sign_in.last_seen_at, sign_in.user_agent or "", sign_in.address or "",
        )
        for sign_in, account in rows
    ]  # fmt: skip


def end_sign_ins(
    session: Session,
    scope: Sequence[str],
    *,
    session_ids: Sequence[int] = (),
    account_ids: Sequence[int] = (),
    actor: Account | int | None,
    now: datetime,
    limits: SessionLimits = DEFAULT_LIMITS,
) -> list[int]:
    """End these sessions, and every session of these accounts, as far as they are within reach; the ids ended.

    One that ended by itself meanwhile is no error: nothing is left to end.
    """
    query = _live(session, scope, now, limits)
    found = _pairs(session, query.where(SignInSession.id.in_(session_ids) | Account.id.in_(account_ids)))
    ended = [sign_in.id for sign_in, _ in found]
    session.execute(
        update(SignInSession)
        .where(SignInSession.id.in_(ended))
        .values(ended_at=now, end_reason="ended_by_administrator")
    )
    accounts = {account.id: account for _, account in found}
    units = home_units(session, accounts.values())
    for account_id in accounts:
        unit = units.get(account_id)
        audit(
            session, actor, "session.ended", "account", account_id, unit.id if unit else None,
            {"sessions": sum(account.id == account_id for _, account in found)}, now,
        )  # fmt: skip
    return ended


def _live(
    session: Session, scope: Sequence[str], now: datetime, limits: SessionLimits
) -> Select[SignInSession, Account]:
    return (
        select(SignInSession, Account)
        .join(Account, Account.id == SignInSession.account_id)
        .where(
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
            SignInSession.last_seen_at > now - limits.idle,
            Account.disabled_at.is_(None),
            in_reach(session, scope),
        )
    )


def _pairs(session: Session, query: Select[SignInSession, Account]) -> list[tuple[SignInSession, Account]]:
    return [(row[0], row[1]) for row in session.execute(query)]
