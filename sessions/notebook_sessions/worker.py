"""A worker process: ``python -m notebook_sessions.worker FD MEGABYTES``, started by `SessionHost`.

FD is a connected stream socket; MEGABYTES bounds the process's address space (0: no bound), so that a notebook that
eats memory gets a ``MemoryError`` and not the machine. The main thread reads frames and hands them on; notebooks'
code runs in `lanes`. The process ends when the server closes the socket.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

from . import shell
from .wire import BrokenWire, Frame, Kind, Unpacker, pack

SHELL = shell.install()  # before anything imports ipywidgets, which looks for a shell once

from . import comms, messages  # noqa: E402
from .cells import code_cells  # noqa: E402
from .lanes import Lanes  # noqa: E402
from .session import CutShort, Session  # noqa: E402

log = logging.getLogger(__name__)

# After so many sessions have ended, what is left of them is collected in the next quiet moment.
_COLLECT_AFTER = 50


class Worker:
    """The sessions of this process."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire
        self._sending = threading.Lock()
        self._sessions: dict[UUID, Session] = {}
        self._ended = 0
        self._lanes = Lanes(self._give_up)

    def serve(self) -> None:
        """Read frames until the server is gone."""
        unpacker = Unpacker()
        while received := self._wire.recv(1 << 18):
            for frame in unpacker.feed(received):
                self._take(frame)

    def _take(self, frame: Frame) -> None:
        match frame.kind:
            case Kind.OPEN:
                self._open(frame)
            case Kind.INPUT:
                self._input(frame)
            case Kind.CLOSE:
                self._close(frame.session)
            case Kind.PING:
                self._pong()
            case other:
                raise BrokenWire(f"{other.name} goes the other way")

    def _open(self, frame: Frame) -> None:
        asked = frame.json()
        limit = float(asked["cell_seconds"])
        session = Session(frame.session, lambda out: self._send(Kind.OUTPUT, frame.session, out))
        session.callback_seconds = float(asked["callback_seconds"])
        self._sessions[frame.session] = session

        async def run() -> None:
            done = 0

            def shown(index: int, outputs: list[dict[str, Any]], failed: bool) -> None:
                nonlocal done
                done += 1
                if failed:
                    log.error("%s, cell %s: %s", asked["notebook"], index, _why(outputs))
                self._send(Kind.CELL, frame.session, {"index": index, "outputs": outputs, "failed": failed})

            try:
                await session.run(code_cells(Path(asked["notebook"])), limit, shown)
            except (Exception, CutShort) as problem:
                # Whatever it is (`CutShort` may come a moment after its cell), somebody waits for an answer.
                log.exception("%s", asked["notebook"])
                self._close(frame.session)
                self._send(Kind.ENDED, frame.session, {"reason": f"{type(problem).__name__}"})
            else:
                self._send(Kind.OPENED, frame.session, {"cells": done})

        self._lanes.submit(session, run, limit)

    def _input(self, frame: Frame) -> None:
        session = self._sessions.get(frame.session)
        if session is None:
            return

        async def handle() -> None:
            # The server keeps what was not begun, should this process die.
            self._send(Kind.BEGUN, frame.session, b"")
            try:
                await session.handle(messages.decode(frame.payload))
            except messages.BadFrame as problem:
                log.warning("session %s: %s", frame.session, problem)
            finally:
                self._send(Kind.DONE, frame.session, b"")

        self._lanes.submit(session, handle, session.callback_seconds)

    def _close(self, id: UUID) -> None:
        session = self._sessions.pop(id, None)
        if session is None:
            return
        self._ended += 1
        session.over = True
        lane = session.lane
        if lane is None or lane.lost or not lane.call(session.end):
            session.end()

    def _give_up(self, session: Session) -> None:
        """Its code cannot be stopped: forget it and say so."""
        self._sessions.pop(session.id, None)
        session.over = True
        self._send(Kind.ENDED, session.id, {"reason": "stuck"})

    def _pong(self) -> None:
        if self._ended >= _COLLECT_AFTER:
            self._ended = 0
            gc.collect()
        state = {
            "sessions": len(self._sessions),
            "lost_lanes": self._lanes.lost,
        }
        self._send(Kind.PONG, UUID(int=0), state)

    def _send(self, kind: Kind, session: UUID, payload: bytes | dict[str, Any]) -> None:
        frame = pack(kind, session, payload)
        with self._sending:
            try:
                self._wire.sendall(frame)
            except OSError:
                # The server is gone; the reading thread sees it too and ends the process.
                return


def _why(outputs: list[dict[str, Any]]) -> str:
    return next(("".join(one["traceback"]) for one in outputs if one["output_type"] == "error"), "?")


def _bound_memory(megabytes: int) -> None:
    if megabytes and os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def main() -> None:
    """Serve the socket whose number is the first argument."""
    # What notebooks log is the server's to read, not the page's.
    logging.basicConfig(
        stream=sys.__stderr__, format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING
    )
    threading.stack_size(1 << 20)
    comms.install()
    _bound_memory(int(sys.argv[2]))
    gc.collect()
    gc.freeze()
    Worker(socket.socket(fileno=int(sys.argv[1]))).serve()
    # Lanes may be in the middle of something that nobody waits for any more.
    os._exit(0)


if __name__ == "__main__":
    main()
