"""The server's side: which session is where, and what happens when a worker ends.

A session has a record here as long as its page may come back; its life in a worker may end before that, because it
was put to sleep or because the worker died. The next message of the page wakes it: the notebook is run again under the
same id, so its widgets have the ids the page knows, and what the page had set is set again. A page that is opening
notices nothing of it: what was shown stays, and the rest comes from another worker.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from .journal import Journal
from .messages import decode
from .process import PING_SECONDS, WorkerPlace, WorkerProcess
from .wire import Frame, Kind

log = logging.getLogger(__name__)

# All that a page may send. An execute_request is not among it: visitors send no code.
ALLOWED = frozenset({"comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"})
# A session during whose work so many workers died is not made again.
MOST_DEATHS = 2
# A page that sends more than this before any of it is handled is not one of ours.
MOST_WAITING = 2_000
# The same in bytes: what waits lies in the server's memory, and in the worker's, which others share.
MOST_WAITING_BYTES = 16 * 1024 * 1024
# A worker that nobody uses ends after this long.
EMPTY_SECONDS = 600.0
# A second worker is started when the first holds this many.
_ENOUGH_FOR_ANOTHER = 4
# A worker that has served so many ends when it is empty, whatever its notebooks left behind in it.
_SERVED_ENOUGH = 5_000
# How often a notebook is begun for one opening: the worker may end for reasons of its own, or because of it.
_BEGINNINGS = 2
# What a cell may take beyond its limit: to be cut short, to wait for a worker that starts on a busy machine.
_SLACK_SECONDS = 90.0
# Until a session is made again whose worker ended while it was being made.
_AGAIN_SECONDS = 2.0

Listener = Callable[[bytes], None]


class NoSession(LookupError):
    """No such session here (any more)."""


class WorkerLost(RuntimeError):
    """The worker ended, or gave the session up, before the notebook had run."""


@dataclass(frozen=True)
class CellResult:
    """What one code cell showed. ``index`` counts all cells; ``outputs`` as a notebook stores them (nbformat 4)."""

    index: int
    outputs: list[dict[str, Any]]
    failed: bool


@dataclass(frozen=True)
class HostLimits:
    """``workers`` a folder at most; ``memory_mb`` address space of each (0: no bound); how long a cell of the first run
    and a callback may take."""

    workers: int = max(1, min(4, os.cpu_count() or 1))
    memory_mb: int = 4096
    cell_seconds: float = 30.0
    callback_seconds: float = 10.0
    opening_at_once: int = 8


# What comes while a notebook runs: its cells, why they end too soon, or nothing more.
_Opening = CellResult | WorkerLost | None


class _Died(WorkerLost):
    """The process is gone. Another one may do."""


@dataclass
class _Record:
    notebook: Path
    folder: Path
    journal: Journal = field(default_factory=Journal)
    listeners: list[Listener] = field(default_factory=list)
    worker: WorkerProcess | None = None
    opening: asyncio.Queue[_Opening] | None = None
    waking: asyncio.Task[None] | None = None
    waiting: list[bytes] = field(default_factory=list)
    # Sent to the worker and not begun; and the one it is at now, if it is at any.
    sent: deque[bytes] = field(default_factory=deque)
    begun: bytes | None = None
    active: float = field(default_factory=time.monotonic)
    deaths: int = 0
    # Nobody has run it yet; it is about to be.
    fresh: bool = True


class SessionHost:
    """Sessions of one server. ``place_for(folder)`` says where and as whom workers for a folder run."""

    def __init__(self, place_for: Callable[[Path], WorkerPlace], limits: HostLimits | None = None) -> None:
        self._place_for = place_for
        self.limits = limits or HostLimits()
        self._records: dict[UUID, _Record] = {}
        self._workers: dict[Path, list[WorkerProcess]] = {}
        self._gates: dict[Path, asyncio.Semaphore] = {}
        self._watch: asyncio.Task[None] | None = None
        self.opened = 0
        self.workers_lost = 0
        self.messages = 0

    def __len__(self) -> int:
        """How many sessions are awake."""
        return sum(len(worker.sessions) for worker in self.workers)

    def __contains__(self, session: object) -> bool:
        return session in self._records

    @property
    def workers(self) -> list[WorkerProcess]:
        """The worker processes that live."""
        return [worker for those in self._workers.values() for worker in those]

    def add(self, session: UUID, notebook: Path, folder: Path, *, expected: bool = True) -> None:
        """Make a record for a session. ``expected``: `run` follows; else it sleeps until its page's first message."""
        self._records.setdefault(session, _Record(notebook, folder, fresh=expected))

    async def run(self, session: UUID) -> AsyncGenerator[CellResult, None]:
        """Run the session's notebook, cell by cell. Raises `NoSession`, `WorkerLost`."""
        record = self._record(session)
        gate = self._gates.setdefault(record.folder, asyncio.Semaphore(self.limits.opening_at_once))
        async with gate:
            queue = record.opening = asyncio.Queue()
            shown: set[int] = set()
            begun = 0
            result: _Opening = _Died()
            try:
                while result is not None:
                    if isinstance(result, _Died) and begun < _BEGINNINGS:
                        begun += 1
                        self._begin(session, record)
                    elif isinstance(result, WorkerLost):
                        raise result
                    elif isinstance(result, CellResult) and result.index not in shown:
                        shown.add(result.index)
                        yield result
                    result = await self._next(session, record, queue)
            finally:
                record.opening = None
                record.fresh = False
        self.opened += 1
        if record.waking is None:
            # What the page said while its notebook still ran.
            self._pass_on(session, record, again=False)

    def attach(self, session: UUID, listener: Listener) -> None:
        """Give the session's messages to this page too. Raises `NoSession`."""
        self._record(session).listeners.append(listener)

    def detach(self, session: UUID, listener: Listener) -> None:
        """The page is gone."""
        record = self._records.get(session)
        if record is not None:
            with suppress(ValueError):
                record.listeners.remove(listener)

    def deliver(self, session: UUID, frame: bytes) -> None:
        """A message of the page; wakes the session if it sleeps. Raises `NoSession`; `BadFrame` for what is none.

        What a page may not send, and what comes faster than it is handled, raises ``PermissionError`` and goes no
        further.
        """
        record = self._record(session)
        message = decode(frame)
        if message.channel not in ("shell", "control") or message.kind not in ALLOWED:
            raise PermissionError(f"{message.channel}: {message.kind}"[:80])
        if len(record.sent) + len(record.waiting) >= MOST_WAITING:
            raise PermissionError("too many messages wait")
        waiting = itertools.chain((frame,), record.sent, record.waiting)
        if sum(map(len, waiting)) > MOST_WAITING_BYTES:
            raise PermissionError("messages that wait are too large")
        self.messages += 1
        record.active = time.monotonic()
        record.journal.note(message)
        if record.worker is not None and record.waking is None and record.opening is None:
            self._send(session, record, record.worker, frame)
            return
        record.waiting.append(frame)
        if record.worker is None and record.waking is None and not record.fresh:
            record.waking = asyncio.create_task(self._wake(session, record))

    def connections(self, session: UUID) -> int:
        """How many pages it has."""
        return len(self._record(session).listeners)

    def silent_seconds(self, session: UUID) -> float:
        """How long no page has said anything to it."""
        return time.monotonic() - self._record(session).active

    def awake(self, session: UUID) -> bool:
        """Whether a worker holds it, or soon will."""
        record = self._record(session)
        return record.worker is not None or record.fresh

    def sleep(self, session: UUID) -> None:
        """Free what it holds in its worker; its record stays."""
        record = self._record(session)
        self._leave(session, record)

    def forget(self, session: UUID) -> None:
        """End it for good; one that has ended is no error."""
        record = self._records.pop(session, None)
        if record is not None:
            if record.waking is not None:
                record.waking.cancel()
            self._leave(session, record)

    def warm(self, notebook: Path, folder: Path) -> None:
        """Start a worker for a folder before anybody asks for it, and let it import what the notebook needs."""
        if not any(not one.ending for one in self._workers.get(folder, ())):
            self._warm_up(self._start(folder), notebook)

    async def close(self) -> None:
        """End every session and worker."""
        if self._watch is not None:
            self._watch.cancel()
        for session in list(self._records):
            self.forget(session)
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    def _record(self, session: UUID) -> _Record:
        record = self._records.get(session)
        if record is None:
            raise NoSession(str(session))
        return record

    def _begin(self, session: UUID, record: _Record) -> None:
        """Have a worker run the session's notebook."""
        worker = record.worker = self._choose(record.notebook, record.folder)
        worker.sessions.add(session)
        worker.served += 1
        self._ask_to_run(worker, session, record.notebook)

    async def _next(self, session: UUID, record: _Record, queue: asyncio.Queue[_Opening]) -> _Opening:
        """What comes next of a notebook that runs; one of which nothing comes must not hold up those behind it."""
        try:
            async with asyncio.timeout(self.limits.cell_seconds + _SLACK_SECONDS):
                return await queue.get()
        except TimeoutError:
            log.error("session %s: nothing comes of its notebook", session)
            if record.worker is not None:
                record.worker.send(Kind.CLOSE, session)
            self._dropped(session, record, WorkerLost("nothing came"), guilty=True)
            return queue.get_nowait()

    def _leave(self, session: UUID, record: _Record) -> None:
        worker, record.worker = record.worker, None
        record.sent.clear()
        record.begun = None
        if worker is not None:
            worker.sessions.discard(session)
            worker.empty_since = time.monotonic()
            worker.send(Kind.CLOSE, session)
        if record.opening is not None:
            record.opening.put_nowait(WorkerLost("closed"))

    async def _wake(self, session: UUID, record: _Record) -> None:
        """Make a session again for the messages that wait, however often its worker ends meanwhile; what it does to
        workers itself is counted (`_dropped`)."""
        try:
            while self._records.get(session) is record:
                try:
                    async for _ in self.run(session):
                        pass
                    break
                except WorkerLost as problem:
                    log.error("session %s could not be made again: %s", session, problem)
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            record.waking = None
        self._pass_on(session, record, again=True)

    def _pass_on(self, session: UUID, record: _Record, *, again: bool) -> None:
        """Send what waited for the notebook to have run; before it, if it ran ``again``, what the page had set."""
        worker = record.worker
        if worker is None:
            return
        waiting, record.waiting = record.waiting, []
        for frame in [*(record.journal.frames(session.hex) if again else ()), *waiting]:
            self._send(session, record, worker, frame)

    def _send(self, session: UUID, record: _Record, worker: WorkerProcess, frame: bytes) -> None:
        record.sent.append(frame)
        worker.send(Kind.INPUT, session, frame)

    def _choose(self, notebook: Path, folder: Path) -> WorkerProcess:
        """The worker with fewest sessions. While they are few and have enough to do another one is made ready, which
        nobody waits for: it is chosen when it has run the notebook once and so imported what that needs."""
        workers = [one for one in self._workers.get(folder, ()) if not one.ending]
        ready = [one for one in workers if one.warming is None]
        best = min(ready or workers, key=lambda one: len(one.sessions), default=None)
        if best is None:
            return self._start(folder)
        enough = len(best.sessions) >= _ENOUGH_FOR_ANOTHER
        if enough and len(ready) == len(workers) < self.limits.workers:
            self._warm_up(self._start(folder), notebook)
        return best

    def _warm_up(self, worker: WorkerProcess, notebook: Path) -> None:
        worker.warming = uuid4()
        self._ask_to_run(worker, worker.warming, notebook)

    def _ask_to_run(self, worker: WorkerProcess, session: UUID, notebook: Path) -> None:
        asked = {
            "notebook": str(notebook),
            "cell_seconds": self.limits.cell_seconds,
            "callback_seconds": self.limits.callback_seconds,
        }
        worker.send(Kind.OPEN, session, asked)

    def _start(self, folder: Path) -> WorkerProcess:
        worker = WorkerProcess(self._place_for(folder), self.limits.memory_mb, self._take, self._gone)
        self._workers.setdefault(folder, []).append(worker)
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_over())
        return worker

    def _take(self, worker: WorkerProcess, frame: Frame) -> None:
        if frame.kind is Kind.PONG:
            return
        if frame.session == worker.warming:
            if frame.kind in (Kind.OPENED, Kind.ENDED):
                worker.send(Kind.CLOSE, frame.session)
                worker.warming = None
            return
        record = self._records.get(frame.session)
        if record is None or record.worker is not worker:
            return
        match frame.kind:
            case Kind.OUTPUT:
                for listener in list(record.listeners):
                    listener(frame.payload)
            case Kind.CELL if record.opening is not None:
                said = frame.json()
                record.opening.put_nowait(CellResult(said["index"], said["outputs"], said["failed"]))
            case Kind.OPENED if record.opening is not None:
                record.opening.put_nowait(None)
            case Kind.BEGUN if record.sent:
                record.begun = record.sent.popleft()
            case Kind.DONE:
                record.begun = None
            case Kind.ENDED:
                reason = str(frame.json().get("reason"))
                log.error("session %s was given up: %s", frame.session, reason)
                self._dropped(frame.session, record, WorkerLost(reason), guilty=True)

    def _gone(self, worker: WorkerProcess) -> None:
        """A worker has ended: its sessions sleep until their pages speak again."""
        for workers in self._workers.values():
            if worker in workers:
                workers.remove(worker)
        if worker.sessions:
            self.workers_lost += 1
            log.error("worker %s ended with %s sessions", worker.pid, len(worker.sessions))
        for session in list(worker.sessions):
            record = self._records.get(session)
            if record is not None and record.worker is worker:
                at_work = record.begun is not None or record.opening is not None
                self._dropped(session, record, _Died("the worker ended"), guilty=at_work)

    def _dropped(self, session: UUID, record: _Record, why: WorkerLost, *, guilty: bool) -> None:
        """Its worker is gone, or will have no more of it. ``guilty``: it may have been the cause; who was not waits
        for nothing but a worker."""
        if record.worker is not None:
            record.worker.sessions.discard(session)
            record.worker = None
        begun, record.begun = record.begun, None
        record.deaths += guilty
        # What the page asks at its start is answered by the next worker; of a click nobody knows how far it came.
        asked_again = [begun] if begun is not None and isinstance(why, _Died) and may_repeat(begun) else []
        record.waiting = [*asked_again, *record.sent, *record.waiting]
        record.sent.clear()
        if record.deaths > MOST_DEATHS:
            log.error("session %s is not made again", session)
            self._records.pop(session, None)
            why = WorkerLost(str(why))
        elif record.waiting and record.waking is None and record.opening is None:
            record.waking = asyncio.create_task(self._wake(session, record))
        if record.opening is not None:
            record.opening.put_nowait(why)

    async def _watch_over(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            now = time.monotonic()
            for worker in self.workers:
                worker.watch()
                unused = now - worker.empty_since > EMPTY_SECONDS or worker.served >= _SERVED_ENOUGH
                if not worker.sessions and unused:
                    worker.kill()


def may_repeat(frame: bytes) -> bool:
    """Whether a message may be handled twice: a question about what is there, or a value that is set anew."""
    message = decode(frame)
    data = message.content.get("data")
    return message.kind != "comm_msg" or (isinstance(data, dict) and data.get("method") != "custom")
