"""Doing together what is asked for at the same time: one transaction for all who wait while another one commits.

A commit waits for the disk, and much of a transaction's work is the same for one row as for twenty. So what is asked
for while a transaction runs is gathered, and the next one does it all. A crowd is let in before the doors close: the
work begins when nobody has come for a few milliseconds, which is all that whoever is alone is held up. One thread does
the work: SQLite has one writer at a time anyway.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")

MOST = 64
"""Asked for in one go: what is too long keeps everybody else from writing."""
GAP_SECONDS = 0.008
"""Nobody has come for so long: the crowd is in."""
LONGEST_SECONDS = 0.05
"""A crowd that never ends is not waited for."""


class Together(Generic[Asked, Given]):
    """``work`` is given what waits, in the order in which it was asked for, and returns what becomes of each.

    An exception among the outcomes is raised for that asker alone. If ``work`` itself raises, it has done nothing
    for any of them, and each is tried alone, so that one cannot sink the others; but errors in ``everyones`` (the disk
    is full) would come again each time, and are raised for all at once.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Given | Exception]],
        name: str,
        everyones: tuple[type[Exception], ...] = (),
    ) -> None:
        self._work = work
        self._everyones = everyones
        self._thread = ThreadPoolExecutor(1, name)
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._waiting: list[tuple[Asked, Future[Given]]] = []
        self._running = False

    def ask(self, wish: Asked) -> Future[Given]:
        """The outcome to come. Raises ``RuntimeError`` once closed."""
        future: Future[Given] = Future()
        with self._lock:
            self._waiting.append((wish, future))
            self._came.notify()
            if not self._running:
                self._thread.submit(self._run)
                self._running = True
        return future

    def close(self) -> None:
        """Finish what was asked for, then take no more."""
        self._thread.shutdown(wait=True)

    def _run(self) -> None:
        while True:
            with self._lock:
                self._let_in()
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if not batch:
                    self._running = False
                    return
            wanted = [(wish, future) for wish, future in batch if future.set_running_or_notify_cancel()]
            if wanted:
                self._do(wanted)

    def _let_in(self) -> None:
        end = time.monotonic() + LONGEST_SECONDS
        while 0 < len(self._waiting) < MOST and time.monotonic() < end:
            if not self._came.wait(GAP_SECONDS):
                return

    def _do(self, wanted: Sequence[tuple[Asked, Future[Given]]]) -> None:
        try:
            outcomes = self._work([wish for wish, _future in wanted])
        except BaseException as error:  # noqa: BLE001 - it is raised again, for those who asked
            if len(wanted) > 1 and not isinstance(error, self._everyones):
                for one in wanted:
                    self._do([one])
                return
            for _wish, future in wanted:
                future.set_exception(error)
            return
        for (_wish, future), outcome in zip(wanted, outcomes, strict=True):
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
