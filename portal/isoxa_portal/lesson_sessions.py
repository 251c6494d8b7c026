"""Live lessons: whose each one is, how many there may be, who waits for a place, and when they end.

A lesson session has an owner. Nobody but its owner's account can see it, connect to it or end it; for others it does
not exist. It ends when its page says goodbye, when its owner logs out or is locked out, or when no page has been
connected for a while. After a long silence it rests: it holds no memory until its page speaks again. When as many are
open as the portal can hold, the next wait in the order in which they came. This module knows what runs lessons
through `LessonPool` alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from isoxa_grading.records.signin import SignedIn

from .errors import PortalError
from .i18n import gettext as _
from .lesson_pool import LessonPlace, LessonPool
from .lesson_tickets import LessonTickets

log = logging.getLogger("isoxa.portal.lessons")

# A page that closes says so; one whose computer was switched off cannot. A page on a slow line needs this long to load.
UNCONNECTED = timedelta(minutes=5)
PER_ACCOUNT = 5
# Of pages that come back by themselves: what was closed for newer ones may be open still, and says so by connecting.
COME_BACK = 2 * PER_ACCOUNT
# A waiting page asks again every few seconds; one that has not for so long has been closed.
STOPPED_WAITING = timedelta(seconds=45)
ASK_AGAIN_SECONDS = 8


class LessonsFull(PortalError):
    """503: as many lessons are open as the portal holds. ``place`` in the queue counts from 1."""

    def __init__(self, place: int) -> None:
        super().__init__(
            503,
            "full",
            _(
                "Hiện có quá nhiều người đang mở bài học. Bài làm của anh/chị vẫn còn nguyên; "
                "xin chờ, trang này tự mở bài khi đến lượt."
            ),
            retry_after=ASK_AGAIN_SECONDS,
            extra={"place": place},
        )
        self.place = place


@dataclass
class LessonSession:
    """One live lesson. ``connected_at``: when a page was last seen connected (at first: when it was opened)."""

    kernel_id: str
    account_id: int
    sign_in_id: int
    place: LessonPlace
    opened_at: datetime
    connected_at: datetime
    on_end: list[Callable[[], None]] = field(default_factory=list)


class LessonSessions:
    """The live lessons of this portal process. ``most``: how many may hold memory at once."""

    def __init__(self, pool: LessonPool, tickets: LessonTickets, *, most: int, silence: timedelta) -> None:
        self._pool = pool
        self._tickets = tickets
        self.most = most
        self._silence = silence
        self._starting = 0
        self._sessions: dict[str, LessonSession] = {}
        # Who waits for a place, in the order in which they came, and when each last asked.
        self._waiting: dict[int, datetime] = {}
        self.opened = 0

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._waiting)

    def taken(self) -> int:
        """How many places are taken: lessons that hold memory, and those being started."""
        return self._starting + sum(self._pool.awake(one) for one in self._sessions)

    async def open(self, owner: SignedIn, place: LessonPlace, now: datetime) -> str:
        """Start a lesson for its owner; returns the kernel's id.

        Raises `LessonsFull` when the portal holds as many lessons as it can.
        """
        mine = sorted(
            (one for one in self._sessions.values() if one.account_id == owner.account_id),
            key=lambda one: one.opened_at,
        )
        for oldest in mine[: max(0, len(mine) - PER_ACCOUNT + 1)]:
            await self.close(oldest.kernel_id)
        await self._take_turn(owner.account_id, now)
        kernel_id = str(uuid4()) if place.own_kernel else self._tickets.new(owner.account_id, place)
        await self._start(kernel_id, owner, place, now, expected=True)
        self.opened += 1
        return kernel_id

    async def revive(
        self, kernel_id: str, owner: SignedIn, places: Collection[LessonPlace], now: datetime
    ) -> bool:
        """Make a lesson again whose page is still open, if its id was made for this account and one of these.

        An id does not grow old, and each opening of a page gives one: so what an account may have live is bounded here
        too. Beyond `COME_BACK` its oldest without a page makes room; where all have one, this one does not come back.
        """
        place = self.known(kernel_id, owner, places)
        if place is None:
            return False
        if kernel_id not in self._sessions:
            mine = [one for one in self._sessions.values() if one.account_id == owner.account_id]
            left = [one for one in mine if not self._pool.connections(one.kernel_id)]
            if len(mine) >= COME_BACK:
                if not left:
                    return False
                await self.close(min(left, key=lambda one: one.opened_at).kernel_id)
            log.info("lesson %s comes back", kernel_id)
            await self._start(kernel_id, owner, place, now, expected=False)
        return True

    def known(self, kernel_id: str, owner: SignedIn, places: Collection[LessonPlace]) -> LessonPlace | None:
        """Which of these lessons the id was made for, for this account; None if for none."""
        place = self._tickets.find(kernel_id, owner.account_id, places)
        return place if place is not None and place.notebook.is_file() else None

    def owned(self, kernel_id: str, account_id: int) -> bool:
        """Whether this lesson is live and belongs to this account."""
        session = self._sessions.get(kernel_id)
        return session is not None and session.account_id == account_id

    def when_ended(self, kernel_id: str, call: Callable[[], None]) -> None:
        """Call this when the lesson ends. Raises ``KeyError`` if it has."""
        self._sessions[kernel_id].on_end.append(call)

    async def close(self, kernel_id: str) -> None:
        """End a lesson; one that has ended already is no error."""
        session = self._sessions.pop(kernel_id, None)
        if session is not None:
            for call in session.on_end:
                call()
            await self._pool.stop(kernel_id)

    async def close_of(self, sign_in_id: int) -> None:
        """End the lessons opened under a sign-in."""
        for session in [one for one in self._sessions.values() if one.sign_in_id == sign_in_id]:
            await self.close(session.kernel_id)

    async def close_all(self) -> None:
        """End every lesson."""
        for kernel_id in list(self._sessions):
            await self.close(kernel_id)

    def sign_ins(self) -> set[int]:
        """The sign-ins that lessons were opened under."""
        return {one.sign_in_id for one in self._sessions.values()}

    async def sweep(self, now: datetime, ended: Collection[int] = ()) -> None:
        """End lessons that died, that no page is connected to any more, or whose sign-in is among the ``ended``; let
        those rest that have been silent for long."""
        for session in list(self._sessions.values()):
            active = self._pool.last_activity(session.kernel_id)
            if active is not None and session.sign_in_id not in ended:
                if self._pool.connections(session.kernel_id):
                    session.connected_at = now
                    if now - active <= self._silence or self._pool.rest(session.kernel_id):
                        continue
                elif now - session.connected_at <= UNCONNECTED:
                    continue
            log.info("lesson %s ended by the sweep", session.kernel_id)
            await self.close(session.kernel_id)

    async def _start(
        self, kernel_id: str, owner: SignedIn, place: LessonPlace, now: datetime, *, expected: bool
    ) -> None:
        self._starting += 1
        try:
            await self._pool.start(kernel_id, place, expected=expected)
        finally:
            self._starting -= 1
        self._sessions[kernel_id] = LessonSession(
            kernel_id, owner.account_id, owner.session_id, place, now, now
        )

    async def _take_turn(self, account: int, now: datetime) -> None:
        """Go on if there is a place and nobody came before. Raises `LessonsFull`."""
        if not self._waiting and len(self._sessions) + self._starting < self.most:
            return  # nearly always: no need to count which of them hold memory
        if self.taken() >= self.most:
            await self.sweep(now)
        self._waiting = {
            one: asked
            for one, asked in self._waiting.items()
            if one == account or now - asked <= STOPPED_WAITING
        }
        queue = list(self._waiting)
        before = queue.index(account) if account in queue else len(queue)
        if before >= self.most - self.taken():
            self._waiting[account] = now
            raise LessonsFull(before + 1)
        self._waiting.pop(account, None)
