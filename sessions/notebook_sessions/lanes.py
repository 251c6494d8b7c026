"""Where sessions' code runs: a few threads, each with an event loop, and a watch over them.

A session's messages are answered one after the other, in order; different sessions' at once. Work goes to a lane that
is free. If all have been busy with the same piece of work for a while, one more is added, so that slow code of a few
sessions does not hold up the others; code that takes longer than its limit is cut short by an exception raised inside
it. Code that cannot be cut short (it waits in C) costs its lane: the session is given up and another lane takes over.
"""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import itertools
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .current import current, enter
from .session import CutShort, Session

log = logging.getLogger(__name__)

# A lane that has been at one piece of work this long is slow: others need not wait for it.
SLOW_SECONDS = 0.2
# How long after the exception a lane may still take before it is given up.
PATIENCE_SECONDS = 3.0
# Code may catch the exception; then it is raised again.
_AGAIN_SECONDS = 0.7
_TICK_SECONDS = 0.1

Work = Callable[[], Awaitable[None]]


class _LaneLoop(asyncio.SelectorEventLoop):
    """An event loop that keeps a session whose code sets a timer."""

    lane: Lane

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:  # type: ignore[override]
        _keep(self.lane)
        return super().call_at(when, callback, *args, context=context)


class Lane:
    """One thread with an event loop."""

    def __init__(self, number: int) -> None:
        self.loop = _LaneLoop()
        self.loop.lane = self
        self.loop.set_task_factory(self._task)
        self.waiting = 0
        self._counting = threading.Lock()
        self.lost = False
        # What it is at since when, and how long that may take; None between pieces of work.
        self.busy: tuple[float, float, Session | None] | None = None
        self._beat = time.monotonic()
        self._beat_asked = False
        self._thread = threading.Thread(target=self._run, name=f"lane-{number}", daemon=True)
        self._thread.start()

    def begin(self, session: Session, limit: float) -> None:
        """Answer the session's waiting messages, each within ``limit`` seconds. From any thread."""
        self._count(1)
        context = contextvars.Context()
        context.run(enter, session)
        self.loop.call_soon_threadsafe(self._start, session, limit, context)

    def stop(self) -> None:
        """End the thread when it comes to it."""
        self.loop.call_soon_threadsafe(self.loop.stop)

    def blocked_for(self, now: float) -> float:
        """How long its thread has not come back to the event loop, in seconds."""
        if not self._beat_asked:
            self._beat_asked, self._beat = True, now
            self.loop.call_soon_threadsafe(self._answer_beat)
            return 0.0
        return now - self._beat

    def cut_short(self) -> None:
        """Raise `CutShort` in whatever the thread is running."""
        thread = ctypes.c_ulong(self._thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(CutShort))

    def _answer_beat(self) -> None:
        self._beat_asked = False

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self.loop.is_closed():
            try:
                self.loop.run_forever()
            except CutShort:
                continue  # it came a moment late, after the code that it was meant for
            break
        if not self.lost:
            self.loop.close()

    def _start(self, session: Session, limit: float, context: contextvars.Context) -> None:
        task = asyncio.Task(self._work_off(session, limit), loop=self.loop, context=context)
        task.add_done_callback(self._done)

    async def _work_off(self, session: Session, limit: float) -> None:
        while True:
            with session.lock:
                if not session.inbox:
                    session.at_work = False
                    return
                work = session.inbox.popleft()
            self.busy = (time.monotonic(), limit, session)
            try:
                await work()
            except CutShort:
                log.warning("session %s: cut short", session.id)
            except Exception:
                log.exception("session %s", session.id)
            finally:
                self.busy = None
            await asyncio.sleep(0)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._count(-1)
        if not task.cancelled() and task.exception() is not None:
            log.error("lane: %r", task.exception())

    def _count(self, more: int) -> None:
        with self._counting:
            self.waiting += more

    def _task(self, loop: asyncio.AbstractEventLoop, coroutine: Any, **keywords: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **keywords)
        session = current()
        if session is not None:
            _keep(self)
            session.tasks.add(task)
            task.add_done_callback(session.tasks.discard)
        return task


class Lanes:
    """All lanes of a process. ``give_up(session)`` is called for one whose code can be neither ended nor waited for."""

    def __init__(self, give_up: Callable[[Session], None], *, at_first: int = 2, at_most: int = 24) -> None:
        self._numbers = itertools.count()
        self._give_up = give_up
        self._at_first = at_first
        self._at_most = at_most
        self._lanes = [Lane(next(self._numbers)) for _ in range(at_first)]
        # Lanes whose code was cut short: when first, and when last.
        self._cut: dict[Lane, tuple[float, float]] = {}
        self.lost = 0
        self._watch = threading.Thread(target=self._watch_over, name="watch", daemon=True)
        self._watch.start()

    def submit(self, session: Session, work: Work, limit: float) -> None:
        """Do this for the session after what it has waiting."""
        with session.lock:
            session.inbox.append(work)
            if session.at_work:
                return
            session.at_work = True
        lane = session.lane
        if lane is None or lane.lost:
            lane = min(self._lanes, key=lambda one: (one.waiting, one.busy is not None))
        lane.begin(session, limit)

    def _watch_over(self) -> None:
        while True:
            time.sleep(_TICK_SECONDS)
            now = time.monotonic()
            blocked = {lane: lane.blocked_for(now) for lane in self._lanes}
            for lane, seconds in blocked.items():
                self._look_at(lane, seconds, now)
            slow = [lane for lane, seconds in blocked.items() if seconds > SLOW_SECONDS]
            if len(slow) == len(self._lanes) < self._at_most:
                self._lanes.append(Lane(next(self._numbers)))
            elif not slow and len(self._lanes) > self._at_first:
                self._retire()

    def _look_at(self, lane: Lane, blocked: float, now: float) -> None:
        busy = lane.busy
        limit = busy[1] if busy else SLOW_SECONDS * 10
        if blocked <= limit:
            self._cut.pop(lane, None)
            return
        first, last = self._cut.get(lane, (now, 0.0))
        if now - first > PATIENCE_SECONDS:
            self._lose(lane, busy[2] if busy else None)
        elif now - last > _AGAIN_SECONDS:
            self._cut[lane] = (first, now)
            lane.cut_short()

    def _lose(self, lane: Lane, session: Session | None) -> None:
        log.error("a lane is lost: its code cannot be cut short (session %s)", session and session.id)
        lane.lost = True
        self.lost += 1
        self._cut.pop(lane, None)
        self._lanes.remove(lane)
        if len(self._lanes) < self._at_first:
            self._lanes.append(Lane(next(self._numbers)))
        if session is not None:
            self._give_up(session)

    def _retire(self) -> None:
        lane = self._lanes[-1]
        if lane.waiting == 0 and lane.busy is None:
            self._lanes.pop()
            lane.stop()


def _keep(lane: Lane) -> None:
    session = current()
    if session is not None and session.lane is None:
        session.lane = lane
