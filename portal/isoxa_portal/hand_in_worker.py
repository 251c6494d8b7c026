"""Runs what was handed in when a trainer asks for it, in a thread of its own beside the portal.

The thread only waits and writes: nbgrader and the officers' code are processes in the cage. A run that the portal's
stop cut off is gone on with at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from isoxa_grading.handins import carry_out
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import DatabaseProblem
from sqlalchemy import Engine

from .worker import Worker

__all__ = ["HandInWorker"]

log = logging.getLogger("isoxa.handins")


class HandInWorker(Worker):
    """Grades what trainers asked for; ``close`` ends the submission in hand without a result."""

    def __init__(self, data: DataFolder, engine: Engine, clock: Callable[[], datetime]) -> None:
        super().__init__("isoxa-hand-ins")
        self._data, self._engine, self._clock = data, engine, clock

    def work(self) -> None:
        try:
            carry_out(self._data, self._engine, now=self._clock, stop=self.stop.is_set)
        except DatabaseProblem as problem:
            log.warning("hand-written assignments wait; they are tried again in a minute: %s", problem)
