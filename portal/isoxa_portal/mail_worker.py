"""Sends the letters of the outbox in a thread of its own, beside the portal: soon after they were asked for, and again
each minute, since some wait for a mail server that was down.

What a run raises is logged; the letters are in the database, and the next run takes them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from isoxa_grading.enrolment.mail import Outbox
from isoxa_grading.records.data_folder import DataFolder
from sqlalchemy import Engine

__all__ = ["MailWorker"]

log = logging.getLogger("isoxa.mail")

EVERY_SECONDS = 60.0


class MailWorker:
    """One thread that delivers, from ``start`` until ``close``."""

    def __init__(self, data: DataFolder, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._outbox = Outbox(data, engine, clock=clock, pause=self._stop.wait)
        self._thread = threading.Thread(target=self._run, name="isoxa-mail", daemon=True)

    def start(self) -> None:
        """Begin; what waits from before goes out first."""
        self._thread.start()

    def request(self) -> None:
        """There are new letters."""
        self._wake.set()

    def close(self) -> None:
        """Stop after the letter in hand; the others wait for the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self._outbox.deliver()
            except Exception:
                log.exception("letters wait; they are tried again in a minute")
            self._wake.wait(EVERY_SECONDS)
