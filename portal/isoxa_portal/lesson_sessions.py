"""Live lessons: whose each one is, how many there may be, and when they end.

A lesson session is a kernel with an owner. Nobody but its owner's account can see it, connect to it or end it; for
others it does not exist. It ends when its page says goodbye, when its owner logs out, when no page has been connected
for a while, or after a long silence. This module knows kernels through `KernelPool` alone, so that sessions sharing a
process can take the place of a process each.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from isoxa_grading.records.signin import SignedIn

from .errors import PortalError
from .i18n import gettext as _

log = logging.getLogger("isoxa.portal.lessons")

# A page that closes says so; one whose computer was switched off cannot. A page on a slow line needs this long to load.
UNCONNECTED = timedelta(minutes=5)
PER_ACCOUNT = 5


class KernelPool(Protocol):
    """What runs lessons."""

    async def start(self, folder: Path) -> str: ...
    async def stop(self, kernel_id: str) -> None: ...
    def connections(self, kernel_id: str) -> int: ...
    def last_activity(self, kernel_id: str) -> datetime | None: ...


@dataclass
class LessonSession:
    """One live lesson. ``connected_at``: when a page was last seen connected (at first: when it was opened)."""

    kernel_id: str
    account_id: int
    sign_in_id: int
    opened_at: datetime
    connected_at: datetime


class LessonSessions:
    """The live lessons of this portal process."""

    def __init__(self, pool: KernelPool, *, most: int, silence: timedelta) -> None:
        self._pool = pool
        self._most = most
        self._silence = silence
        self._starting = 0
        self._sessions: dict[str, LessonSession] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    async def open(self, owner: SignedIn, folder: Path, now: datetime) -> str:
        """Start a lesson for its owner; returns the kernel's id.

        Raises ``PortalError`` 503 when the portal holds as many lessons as it can.
        """
        mine = sorted(
            (one for one in self._sessions.values() if one.account_id == owner.account_id),
            key=lambda one: one.opened_at,
        )
        for oldest in mine[: max(0, len(mine) - PER_ACCOUNT + 1)]:
            await self.close(oldest.kernel_id)
        if len(self._sessions) + self._starting >= self._most:
            await self.sweep(now)
        if len(self._sessions) + self._starting >= self._most:
            raise full()
        self._starting += 1
        try:
            kernel_id = await self._pool.start(folder)
        finally:
            self._starting -= 1
        self._sessions[kernel_id] = LessonSession(kernel_id, owner.account_id, owner.session_id, now, now)
        return kernel_id

    def owned(self, kernel_id: str, account_id: int) -> bool:
        """Whether this lesson is live and belongs to this account."""
        session = self._sessions.get(kernel_id)
        return session is not None and session.account_id == account_id

    async def close(self, kernel_id: str) -> None:
        """End a lesson; one that has ended already is no error."""
        if self._sessions.pop(kernel_id, None) is not None:
            await self._pool.stop(kernel_id)

    async def close_of(self, sign_in_id: int) -> None:
        """End the lessons opened under a sign-in."""
        for session in [one for one in self._sessions.values() if one.sign_in_id == sign_in_id]:
            await self.close(session.kernel_id)

    async def close_all(self) -> None:
        """End every lesson."""
        for kernel_id in list(self._sessions):
            await self.close(kernel_id)

    async def sweep(self, now: datetime) -> None:
        """End lessons that died, that no page is connected to any more, or that have been silent too long."""
        for session in list(self._sessions.values()):
            active = self._pool.last_activity(session.kernel_id)
            if active is not None and self._pool.connections(session.kernel_id):
                session.connected_at = now
                if now - active <= self._silence:
                    continue
            elif active is not None and now - session.connected_at <= UNCONNECTED:
                continue
            log.info("lesson %s ended by the sweep", session.kernel_id)
            await self.close(session.kernel_id)


def full() -> PortalError:
    """The polite refusal when no more lessons can be held."""
    return PortalError(
        503,
        "full",
        _(
            "Hiện có quá nhiều người đang mở bài học. Bài làm của anh/chị vẫn còn nguyên; xin mở lại sau vài phút."
        ),
        retry_after=60,
    )
