"""Where sessions' code runs: a few threads, each with an event loop, and a watch over them.

A session's messages are answered one after the other, in order; different sessions' at once. What is to be done waits
in one queue, and a lane takes the next piece when its event loop comes to it, so nothing waits behind slow code. If all
lanes are held up for a while, one more is added; code that takes longer than its limit is cut short by an exception
raised inside it. Code that cannot be cut short (it waits in C) costs its lane: the session is given up and another
lane takes over. When it is quiet again a lane that was added ends, and only it can tell when: a session that it had
just begun would never be answered.
"""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import itertools
import logging
import threading
import time
import weakref
from collections import deque
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
Ready = deque[tuple[Session, float]]


class _LaneLoop(asyncio.SelectorEventLoop):
    """An event loop that keeps a session whose code sets a timer."""

    lane: Lane

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:  # type: ignore[override]
        _keep(self.lane)
        return super().call_at(when, callback, *args, context=context)


class Lane:
    """One thread with an event loop."""

    def __init__(self, number: int, ready: Ready) -> None:
        self.loop = _LaneLoop()
        self.loop.lane = self
        self.loop.set_task_factory(self._task)
        # Sessions whose code has tasks or timers in this loop.
        self.kept: weakref.WeakSet[Session] = weakref.WeakSet()
        self.lost = False
        # It has ended because there was no more need of it.
        self.ended = False
        # How many seconds what it is at may take; None between pieces of work.
        self.busy: float | None = None
        # Whom it is answering: one, and those whose code awaits something.
        self._answering: dict[asyncio.Task[None], Session] = {}
        self._ready = ready
        self._taking = False
        self._blocked = 0.0
        self._beat_asked = False
        self._thread = threading.Thread(target=self._run, name=f"lane-{number}", daemon=True)
        self._thread.start()
        self.look()

    def look(self) -> None:
        """There may be something to do. From any thread."""
        self.call(self._take)

    def begin(self, session: Session, limit: float) -> None:
        """Answer the waiting messages of a session that is kept here. From any thread."""
        self.loop.call_soon_threadsafe(self._start, session, limit)

    def retire(self) -> None:
        """End the thread if it has nothing to do when it comes to this; `ended` tells. From any thread."""
        self.call(self._end_if_idle)

    def call(self, work: Callable[[], object]) -> bool:
        """Have this done by the lane's thread; False if that has ended. From any thread."""
        try:
            self.loop.call_soon_threadsafe(work)
        except RuntimeError:
            return False
        return True

    def blocked_for(self, seconds: float) -> float:
        """How long its thread has not come back to the event loop. ``seconds``: since this was asked last."""
        if self._beat_asked:
            self._blocked += seconds
        else:
            self._beat_asked, self._blocked = True, 0.0
            self.call(self._answer_beat)
        return self._blocked

    def answering(self) -> list[Session]:
        """Whose messages it is at. From any thread."""
        return list(self._answering.copy().values())

    def cut_short(self) -> None:
        """Raise `CutShort` in whatever the thread is running."""
        thread = ctypes.c_ulong(self._thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(CutShort))

    def _answer_beat(self) -> None:
        self._beat_asked = False

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        while True:
            try:
                self.loop.run_forever()
            except (CutShort, SystemExit, KeyboardInterrupt) as problem:
                # It came a moment late, after the code that it was meant for; or a task of a notebook raised it.
                log.warning("lane: %r", problem)
            else:
                if self.ended:
                    break
        # What was asked of it in its last moment.
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()
        self.loop.close()

    def _end_if_idle(self) -> None:
        if not (self._answering or any(not session.over for session in list(self.kept))):
            self.ended = True
            self.loop.stop()

    def _take(self) -> None:
        # One at a time: what was taken runs its first step before the next is looked for.
        if self._taking or self.ended or self.lost:
            return
        try:
            session, limit = self._ready.popleft()
        except IndexError:
            return
        self._taking = True
        self._start(session, limit)
        self.loop.call_soon(self._take_next)

    def _take_next(self) -> None:
        self._taking = False
        self._take()

    def _start(self, session: Session, limit: float) -> None:
        context = contextvars.Context()
        context.run(enter, session)
        task = asyncio.Task(self._work_off(session, limit), loop=self.loop, context=context)
        self._answering[task] = session
        task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        del self._answering[task]
        if not task.cancelled() and task.exception() is not None:
            log.error("lane: %r", task.exception())

    async def _work_off(self, session: Session, limit: float) -> None:
        over = False
        while not over:
            try:
                over = await self._next(session, limit)
                if not over:
                    await asyncio.sleep(0)
            except CutShort:
                # Out of its code, or a moment after it.
                log.warning("session %s: cut short", session.id)

    async def _next(self, session: Session, limit: float) -> bool:
        """Do what the session has waiting first; True if there is nothing."""
        with session.lock:
            if not session.inbox:
                session.at_work = False
                return True
            work = session.inbox.popleft()
        self.busy = limit
        try:
            await work()
        except (Exception, SystemExit, KeyboardInterrupt):
            log.exception("session %s", session.id)
        finally:
            self.busy = None
        return False

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
        self._ready: Ready = deque()
        self._lanes = [self._new() for _ in range(at_first)]
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
        if session.lane is not None and not session.lane.lost:
            session.lane.begin(session, limit)
            return
        self._ready.append((session, limit))
        for lane in list(self._lanes):
            lane.look()

    def _new(self) -> Lane:
        return Lane(next(self._numbers), self._ready)

    def _watch_over(self) -> None:
        then = time.monotonic()
        while True:
            time.sleep(_TICK_SECONDS)
            now = time.monotonic()
            # When nobody here got a processor, this thread did not either: that is no lane's fault.
            passed, then = min(now - then, 2 * _TICK_SECONDS), now
            self._lanes = [lane for lane in self._lanes if not lane.ended]
            blocked = {lane: lane.blocked_for(passed) for lane in self._lanes}
            for lane, seconds in blocked.items():
                self._look_at(lane, seconds, now)
            slow = [lane for lane, seconds in blocked.items() if seconds > SLOW_SECONDS]
            if len(slow) == len(self._lanes) < self._at_most:
                self._lanes.append(self._new())
            elif not slow and len(self._lanes) > self._at_first:
                self._lanes[-1].retire()

    def _look_at(self, lane: Lane, blocked: float, now: float) -> None:
        limit = lane.busy or SLOW_SECONDS * 10
        if blocked <= limit:
            self._cut.pop(lane, None)
            return
        first, last = self._cut.get(lane, (now, 0.0))
        if now - first > PATIENCE_SECONDS:
            self._lose(lane)
        elif now - last > _AGAIN_SECONDS:
            self._cut[lane] = (first, now)
            lane.cut_short()

    def _lose(self, lane: Lane) -> None:
        stuck = lane.answering()
        log.error(
            "a lane is lost: its code cannot be cut short (sessions %s)", [str(one.id) for one in stuck]
        )
        lane.lost = True
        self.lost += 1
        self._cut.pop(lane, None)
        self._lanes.remove(lane)
        if len(self._lanes) < self._at_first:
            self._lanes.append(self._new())
        for session in stuck:
            self._give_up(session)


def _keep(lane: Lane) -> None:
    session = current()
    if session is not None and session.lane is None:
        session.lane = lane
        lane.kept.add(session)
