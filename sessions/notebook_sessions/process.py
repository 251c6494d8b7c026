"""One worker process as the server sees it: started, spoken to, watched, ended."""

from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil  # type: ignore[import-untyped]

from .wire import BrokenWire, Frame, Kind, Unpacker, pack

log = logging.getLogger(__name__)

PING_SECONDS = 1.0
# A worker that is computing and does not answer is held up by one session; one that gets no processor is only slow.
HELD_UP_SECONDS = 5.0
STARVED_SECONDS = 30.0
# Before its first sign of life it imports what all notebooks need: seconds on a machine with other things to do.
START_SECONDS = 60.0
_MOST_UNSENT = 64 * 1024 * 1024


@dataclass(frozen=True)
class WorkerPlace:
    """Where and as whom a worker runs: its working folder, its whole environment, more arguments of ``Popen``."""

    folder: Path
    environment: Mapping[str, str]
    popen: Mapping[str, Any] = field(default_factory=dict)


class WorkerProcess:
    """One worker. ``take(worker, frame)`` gets what it sends, ``gone(worker)`` is called once when it has ended."""

    def __init__(
        self,
        place: WorkerPlace,
        memory_mb: int,
        take: Callable[[WorkerProcess, Frame], None],
        gone: Callable[[WorkerProcess], None],
    ) -> None:
        self.place = place
        self.sessions: set[UUID] = set()
        self.served = 0
        # The session of nobody that it runs first, to import what visitors' sessions need; None when it has.
        self.warming: UUID | None = None
        self.empty_since = time.monotonic()
        self.lost_lanes = 0
        # It was told to end: nobody new goes there.
        self.ending = False
        self._take = take
        self._gone = gone
        self._ended = False
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.worker", str(theirs.fileno()), str(memory_mb)],
                cwd=place.folder,
                env=dict(place.environment),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                **place.popen,
            )
        self._watched = psutil.Process(self._process.pid)
        self._reading = asyncio.create_task(self._read(ours))
        self._heard = time.monotonic()
        self._started = False
        self._processor_then = 0.0
        self._writer: asyncio.StreamWriter | None = None
        self._unsent: list[bytes] = []

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, kind: Kind, session: UUID, payload: bytes | dict[str, Any] = b"") -> None:
        """Send a frame; to one that has ended, nothing."""
        frame = pack(kind, session, payload)
        if self._writer is None:
            self._unsent.append(frame)
        elif not self._ended:
            self._writer.write(frame)
            if self._writer.transport.get_write_buffer_size() > _MOST_UNSENT:
                log.error("worker %s does not read", self.pid)
                self.kill()

    def kill(self) -> None:
        """End the process now. `gone` follows."""
        self.ending = True
        self._process.kill()

    async def stop(self) -> None:
        """End the process and wait until it has."""
        self.kill()
        await self._reading

    def memory(self) -> int:
        """Bytes that it holds and nobody else does; 0 if it has ended."""
        try:
            return int(self._watched.memory_full_info().uss)
        except psutil.Error:
            return 0

    def watch(self) -> None:
        """Ask for a sign of life, and end it if it has given none for too long."""
        now = time.monotonic()
        silent = now - self._heard
        if silent > (HELD_UP_SECONDS if self._started else START_SECONDS):
            computing = self._processor() - self._processor_then > silent * 0.3
            if computing or silent > STARVED_SECONDS:
                log.error("worker %s gives no sign of life: ended", self.pid)
                self.kill()
                return
        self.send(Kind.PING, UUID(int=0))

    def _processor(self) -> float:
        try:
            used = self._watched.cpu_times()
        except psutil.Error:
            return 0.0
        return float(used.user + used.system)

    async def _read(self, wire: socket.socket) -> None:
        reader, self._writer = await asyncio.open_connection(sock=wire)
        for unsent in self._unsent:
            self._writer.write(unsent)
        self._unsent.clear()
        unpacker = Unpacker()
        try:
            while received := await reader.read(1 << 18):
                for frame in unpacker.feed(received):
                    if frame.kind is Kind.PONG:
                        self._started = True
                        self._heard, self._processor_then = time.monotonic(), self._processor()
                        self.lost_lanes = int(frame.json().get("lost_lanes", 0))
                    self._take(self, frame)
        except (BrokenWire, ConnectionError, ValueError) as problem:
            log.error("worker %s: %r", self.pid, problem)
        finally:
            self._ended = True
            self.kill()
            self._writer.close()
            await asyncio.to_thread(self._process.wait)
            self._gone(self)
