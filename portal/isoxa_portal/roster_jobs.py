"""Roster files being read and imported, and acts on many people: long work in threads, with what stage it is at.

Nothing here is a record. A file that was read is kept in memory only to be shown again quickly; after a restart it is
read again from the upload, and an import that was cut off has written nothing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from isoxa_grading.records.roster import RosterFile

__all__ = ["Job", "Key", "Kind", "RosterJobs", "Stage"]

Kind = Literal["read", "import", "enrol"]
Stage = Literal["reading", "matching", "writing"]
Key = tuple[int, str]
"""Account id and ticket of the upload, or id of the batch."""

_REMEMBERED = 4
_FORGOTTEN_AFTER = 3600.0


@dataclass
class Job:
    """One piece of work. ``rows``: how many the file or the batch has, once that is known; ``done``: how many of them
    are written. ``future`` holds what comes of it.
    """

    kind: Kind
    stage: Stage = "reading"
    rows: int | None = None
    done: int = 0
    begun: float = field(default_factory=time.monotonic)
    future: Future[Any] = field(default_factory=Future)

    @property
    def seconds(self) -> int:
        """How long it has run."""
        return int(time.monotonic() - self.begun)


class RosterJobs:
    """The jobs and read files of one portal. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(2, "roster")
        self._jobs: dict[Key, Job] = {}
        self._files: OrderedDict[Key, RosterFile] = OrderedDict()

    def start(self, key: Key, kind: Kind, work: Callable[[Job], Any]) -> Job:
        """Begin work on an upload; while one is under way, that one is returned: confirming twice imports once."""
        with self._lock:
            self._forget_old()
            running = self._jobs.get(key)
            if running is not None and not running.future.done():
                return running
            job = self._jobs[key] = Job(kind)
        self._threads.submit(self._run, job, work)
        return job

    def get(self, key: Key) -> Job | None:
        """The upload's job, running or done."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, key: Key) -> None:
        """Its outcome was told."""
        with self._lock:
            self._jobs.pop(key, None)

    def remember(self, key: Key, file: RosterFile) -> None:
        """Keep a read file for the next look at it; the oldest goes."""
        with self._lock:
            self._files[key] = file
            self._files.move_to_end(key)
            while len(self._files) > _REMEMBERED:
                self._files.popitem(last=False)

    def file(self, key: Key) -> RosterFile | None:
        """The file as it was read, if it is still in memory."""
        with self._lock:
            return self._files.get(key)

    def discard(self, key: Key) -> None:
        """The upload is gone."""
        with self._lock:
            self._files.pop(key, None)

    def close(self) -> None:
        """Take no more work; what runs is finished (an import is one transaction)."""
        self._threads.shutdown(wait=True)

    @staticmethod
    def _run(job: Job, work: Callable[[Job], Any]) -> None:
        try:
            job.future.set_result(work(job))
        except BaseException as problem:  # noqa: BLE001  # handed to whoever asks for the outcome
            job.future.set_exception(problem)

    def _forget_old(self) -> None:
        old = [key for key, job in self._jobs.items() if job.future.done() and job.seconds > _FORGOTTEN_AFTER]
        for key in old:
            del self._jobs[key]
