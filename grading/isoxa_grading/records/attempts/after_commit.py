"""Work that follows a commit and must never spoil it: bringing nbgrader's gradebook up to date.

The outbox row is part of the commit, so nothing is lost if this never runs: the next run, or the next start of
the server, does it. One thread of its own keeps the gradebook to one writer and keeps its slowness out of the
officer's submit; requests that arrive while one is queued share that run.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

logger = logging.getLogger(__name__)


class AfterCommit:
    """Runs ``hook`` soon after ``request`` in a thread of its own; what the hook raises is logged."""

    def __init__(self, hook: Callable[[], object] | None) -> None:
        self._hook = hook
        self._thread = ThreadPoolExecutor(1, "isoxa-after-commit")
        self._lock = threading.Lock()
        self._queued = False
        self._last: Future[None] | None = None

    def request(self) -> None:
        """Ask for a run that begins after now."""
        if self._hook is None:
            return
        with self._lock:
            if self._queued:
                return
            self._queued = True
            self._last = self._thread.submit(self._run, self._hook)
            self._last.add_done_callback(_report)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait (seconds) until all that was asked for has run; False if it has not."""
        with self._lock:
            last = self._last
        return last is None or not wait([last], timeout).not_done

    def close(self) -> None:
        """Finish what was asked for, then take no more."""
        self._thread.shutdown(wait=True)

    def _run(self, hook: Callable[[], object]) -> None:
        # From here on a new request needs a new run: this one may have read the outbox already.
        with self._lock:
            self._queued = False
        hook()


def _report(run: Future[None]) -> None:
    error = run.exception()
    if error is not None:
        logger.error("the gradebook is behind; it is tried again at the next submit or start", exc_info=error)
