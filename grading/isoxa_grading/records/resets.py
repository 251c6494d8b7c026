"""Forgotten passwords: whoever asks gets the same answer, and an administrator completes it with an activation code.

Every ask writes exactly one row, so asking takes the same time whether the account exists or not. The row names an
account only when there is one, it may log in, and nobody has asked for it yet; the others only count how often an
address asks, and are deleted after a day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from .account_scope import home_unit_id, in_reach
from .audit import audit, id_of
from .login import LoginRefused, account_of, login_name
from .tables import Account, ResetRequest

__all__ = ["Outcome", "close_reset_requests", "open_reset_requests", "request_reset"]

Outcome = Literal["code_issued", "password_set", "dismissed"]

# A hall of forty behind one address can all have forgotten theirs.
PER_ADDRESS = 60
_WINDOW = timedelta(hours=1)
_KEPT = timedelta(days=1)
_CHUNK = 500


def request_reset(session: Session, username: str, address: str, now: datetime) -> None:
    """Record that somebody asks. Raises ``LoginRefused`` with a wait when the address has asked too often."""
    session.execute(
        delete(ResetRequest).where(ResetRequest.account_id.is_(None), ResetRequest.requested_at < now - _KEPT)
    )
    asked, first = session.execute(
        select(func.count(), func.min(ResetRequest.requested_at)).where(
            ResetRequest.address == address[:64], ResetRequest.requested_at > now - _WINDOW
        )
    ).one()
    if asked >= PER_ADDRESS:
        seconds = math.ceil((first + _WINDOW - now).total_seconds())
        raise LoginRefused(
            f"Từ nơi này vừa có quá nhiều yêu cầu. Anh/chị đợi {max(1, seconds // 60)} phút rồi gửi lại, "
            "hoặc gọi thẳng người quản trị.",
            max(1, seconds),
        )
    account = account_of(session, login_name(username))
    if account is not None and session.scalar(
        select(ResetRequest.id).where(ResetRequest.account_id == account.id, ResetRequest.closed_at.is_(None))
    ):
        account = None
    session.add(
        ResetRequest(account_id=account.id if account else None, requested_at=now, address=address[:64])
    )
    session.flush()
    if account is not None:
        audit(
            session, None, "reset.requested", "account", account.id, home_unit_id(session, account), {}, now
        )


def open_reset_requests(session: Session, scope: Sequence[str]) -> list[ResetRequest]:
    """Requests nobody has answered, of accounts within reach, the oldest first."""
    query = (
        select(ResetRequest)
        .join(Account, Account.id == ResetRequest.account_id)
        .where(ResetRequest.closed_at.is_(None), in_reach(session, scope), Account.disabled_at.is_(None))
        .order_by(ResetRequest.requested_at, ResetRequest.id)
    )
    return list(session.scalars(query))


def close_reset_requests(
    session: Session,
    accounts: Iterable[Account],
    outcome: Outcome,
    *,
    actor: Account | int | None,
    now: datetime,
) -> None:
    """Answer what is open of these accounts."""
    ids = [account.id for account in accounts]
    for begin in range(0, len(ids), _CHUNK):
        session.execute(
            update(ResetRequest)
            .where(ResetRequest.account_id.in_(ids[begin : begin + _CHUNK]), ResetRequest.closed_at.is_(None))
            .values(closed_at=now, closed_by_account_id=id_of(actor), outcome=outcome)
        )
