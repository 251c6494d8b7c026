"""What runs lessons: sessions that share worker processes, and a kernel each for notebooks that say they need one.

A notebook says so in its metadata, ``{"isoxa": {"kernel": "own"}}``; `isoxa course check` tells its author when.
The two are told apart by their ids: a shared session's is a UUID of version 8 (`lesson_tickets`), a kernel's of 4.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from notebook_sessions import HostLimits, NoSession, SessionHost, WorkerPlace

from .lesson_kernels import LessonKernels, LessonUser, lesson_environment


class LessonPlace(NamedTuple):
    """One lesson of one edition. ``folder``: the released edition, the working folder of its process."""

    course: str
    edition: str
    lesson: str
    folder: Path

    @property
    def notebook(self) -> Path:
        return self.folder / "lessons" / f"{self.lesson}.ipynb"

    @property
    def own_kernel(self) -> bool:
        """Whether it asks for a kernel of its own. Raises ``OSError``."""
        status = self.notebook.stat()
        return _asks_for_kernel(str(self.notebook), status.st_mtime_ns)


class LessonPool(Protocol):
    """What `LessonSessions` asks of whatever runs lessons."""

    async def start(self, kernel_id: str, place: LessonPlace, *, expected: bool) -> None:
        """Make it ready: to be run by its page (``expected``), or to be spoken to by one that is open already."""

    async def stop(self, kernel_id: str) -> None:
        """End it; one that is gone is no error."""

    def rest(self, kernel_id: str) -> bool:
        """Free what it holds until its page speaks again; False if it cannot."""

    def connections(self, kernel_id: str) -> int:
        """How many pages are connected to it."""

    def last_activity(self, kernel_id: str) -> datetime | None:
        """When it last had anything to do; None if it is gone."""

    def awake(self, kernel_id: str) -> bool:
        """Whether it holds memory of a process."""


def is_shared(kernel_id: str) -> bool:
    """Whether this is the id of a shared session."""
    return kernel_id[14:15] == "8"


class RunningLessons:
    """Both kinds of lessons of one portal (a `LessonPool`)."""

    def __init__(self, kernels: LessonKernels, user: LessonUser | None, clock: _Clock) -> None:
        self._kernels = kernels
        self._user = user
        self._clock = clock
        self.host = SessionHost(self._worker_place, HostLimits())

    async def start(self, kernel_id: str, place: LessonPlace, *, expected: bool) -> None:
        if is_shared(kernel_id):
            self.host.add(UUID(kernel_id), place.notebook, place.folder, expected=expected)
        else:
            await self._kernels.start(place.folder, kernel_id)

    async def stop(self, kernel_id: str) -> None:
        if is_shared(kernel_id):
            self.host.forget(UUID(kernel_id))
        else:
            await self._kernels.stop(kernel_id)

    def rest(self, kernel_id: str) -> bool:
        if not is_shared(kernel_id):
            return False
        self.host.sleep(UUID(kernel_id))
        return True

    def connections(self, kernel_id: str) -> int:
        if not is_shared(kernel_id):
            return self._kernels.connections(kernel_id)
        try:
            return self.host.connections(UUID(kernel_id))
        except NoSession:
            return 0

    def last_activity(self, kernel_id: str) -> datetime | None:
        if not is_shared(kernel_id):
            return self._kernels.last_activity(kernel_id)
        try:
            return self._clock() - timedelta(seconds=self.host.silent_seconds(UUID(kernel_id)))
        except NoSession:
            return None

    def awake(self, kernel_id: str) -> bool:
        if not is_shared(kernel_id):
            return True
        try:
            return self.host.awake(UUID(kernel_id))
        except NoSession:
            return False

    def _worker_place(self, folder: Path) -> WorkerPlace:
        environment = lesson_environment(folder, self._kernels.home, os.environ)
        return WorkerPlace(folder, environment, self._user.as_popen() if self._user else {})


class _Clock(Protocol):
    def __call__(self) -> datetime: ...


@lru_cache(maxsize=256)
def _asks_for_kernel(notebook: str, _changed: int) -> bool:
    metadata = json.loads(Path(notebook).read_text(encoding="utf-8")).get("metadata", {})
    return bool(metadata.get("isoxa", {}).get("kernel") == "own")
