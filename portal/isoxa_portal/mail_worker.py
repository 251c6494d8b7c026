"""Sends the letters of the outbox beside the portal: soon after they were asked for, and again each minute, since some
wait for a mail server that was down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from isoxa_grading.enrolment.mail import Outbox
from isoxa_grading.records.data_folder import DataFolder
from sqlalchemy import Engine

from .worker import Worker

__all__ = ["MailWorker"]


class MailWorker(Worker):
    """Delivers what waits in the outbox."""

    def __init__(self, data: DataFolder, engine: Engine, clock: Callable[[], datetime]) -> None:
        super().__init__("isoxa-mail")
        self._outbox = Outbox(data, engine, clock=clock, pause=self.stop.wait)

    def work(self) -> None:
        self._outbox.deliver()
