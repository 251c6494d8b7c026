"""Which session the running code belongs to.

A context variable says so; asyncio's tasks and callbacks carry it on by themselves. A thread that a notebook starts
does not: it belongs to nobody (`check` refuses notebooks that start threads).
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .session import Session

_session: ContextVar[Session | None] = ContextVar("notebook_session", default=None)


def current() -> Session | None:
    """The session whose code is running; None outside of any."""
    return _session.get()


def enter(session: Session) -> None:
    """From here on, in this context, code runs for this session."""
    _session.set(session)
