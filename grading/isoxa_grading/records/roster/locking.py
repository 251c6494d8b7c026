"""Imports take turns: two at once would each find a person missing and both add them."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

__all__ = ["lock_imports"]


def lock_imports(session: Session) -> None:
    """Wait for the import that is being written. On SQLite a writing session is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(20251122)"))
