"""The audit log: who did what to whom, written in the transaction of the act, so neither exists without the other.

The database refuses to change or delete a row of it (see the first migration). ``detail`` never holds a password,
a token, or an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from .tables import Account, AuditEvent

__all__ = ["audit", "id_of"]


def audit(
    session: Session,
    actor: Account | int | None,
    action: str,
    subject_kind: str,
    subject_id: object,
    unit_id: int | None,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    """Record one act. ``actor``: the account or its id; None: the machine's operator, by the command line.

    ``action`` is dotted (``account.created``); ``subject_id`` is kept as text; ``detail`` must be JSON.
    """
    session.add(
        AuditEvent(
            at=now,
            actor_account_id=id_of(actor),
            action=action,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            unit_id=unit_id,
            detail=dict(detail),
        )
    )


def id_of(actor: Account | int | None) -> int | None:
    """The account id of an actor."""
    return actor.id if isinstance(actor, Account) else actor
