"""Runs what was handed in when a trainer asks for it, in a thread of its own beside the portal.

The thread only waits and writes: nbgrader and the officers' code are processes in the cage. What was asked for is a row
in the database, so it is looked for at the start and each minute, and a restart goes on where the last one stopped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from isoxa_grading.handins import carry_out
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import DatabaseProblem
from sqlalchemy import Engine

__all__ = ["HandInWorker"]

log = logging.getLogger("isoxa.handins")

EVERY_SECONDS = 60.0


class HandInWorker:
    """One thread that grades, from ``start`` until ``close``."""

    def __init__(self, data: DataFolder, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._data, self._engine, self._clock = data, engine, clock
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="isoxa-hand-ins", daemon=True)

    def start(self) -> None:
        """Begin; a run that was cut off is gone on with."""
        self._thread.start()

    def request(self) -> None:
        """A run was asked for."""
        self._wake.set()

    def close(self) -> None:
        """End the submission in hand without a result, and stop; the run waits for the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                carry_out(self._data, self._engine, now=self._clock, stop=self._stop.is_set)
            except DatabaseProblem as problem:
                log.warning("hand-written assignments wait; they are tried again in a minute: %s", problem)
            self._wake.wait(EVERY_SECONDS)
