"""A thread beside the portal that works through what waits in the database: at the start, when asked, and each minute.

What waits is in the database, never in the thread, so nothing is lost when the portal stops: the next start goes on.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod

__all__ = ["EVERY_SECONDS", "Worker"]

log = logging.getLogger("isoxa.workers")

EVERY_SECONDS = 60.0


class Worker(ABC):
    """One thread that works, from ``start`` until ``close``."""

    def __init__(self, name: str) -> None:
        self.stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @abstractmethod
    def work(self) -> None:
        """Do what waits. Looks at ``stop`` between two pieces of it. What it raises is logged and tried again."""

    def start(self) -> None:
        """Begin; what waits from before comes first."""
        self._thread.start()

    def request(self) -> None:
        """There is something new."""
        self._wake.set()

    def close(self) -> None:
        """Stop after the piece in hand; the rest waits for the next start."""
        self.stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self.stop.is_set():
            self._wake.clear()
            try:
                self.work()
            except Exception:  # nobody is above this thread to hear of it, and it must not end
                log.exception("%s: what waits is tried again in a minute", self._thread.name)
            self._wake.wait(EVERY_SECONDS)
