"""Whether anybody but us wrote into a course's gradebook since we last looked, told from 100 bytes of it.

To look for formgrader's marks reads every manual score of a course. Our own writing is most of what changes the file,
and what we wrote needs no looking for. SQLite counts each committed transaction in the file's header ("file change
counter", https://www.sqlite.org/fileformat2.html §1.3.8), whoever made it. So a transaction of ours that took the
counter from the value we knew to the next one was the only one, and the gradebook is still known.

With a write-ahead log (somebody may have turned it on) the header says nothing; then the files' times do, and our own
transactions are looked at like others'.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..records.data_folder import DataFolder

__all__ = ["GradebookWatch", "State", "state_of"]

State = tuple[int, int, int]
"""Inode; change counter, or -1 under a write-ahead log; then the newest change of file and log (ns), else 0."""

_HEADER = 28
_WAL = 2


def state_of(book: Path) -> State | None:
    """What the gradebook is at now; None if there is none, or it is no database."""
    try:
        with book.open("rb") as file:
            header, inode = file.read(_HEADER), os.fstat(file.fileno()).st_ino
        if len(header) < _HEADER or not header.startswith(b"SQLite format 3\0"):
            return None
        if _WAL not in header[18:20]:
            return inode, int.from_bytes(header[24:28], "big"), 0
        times = [one.stat().st_mtime_ns for one in (book, Path(f"{book}-wal")) if one.exists()]
        return inode, -1, max(times, default=0)
    except FileNotFoundError:
        return None


class GradebookWatch:
    """What each course's gradebook was at when its marks were last taken. Safe to share between threads."""

    def __init__(self, data: DataFolder) -> None:
        self._root = data.path / "nbgrader"
        self._known: dict[str, State] = {}
        self._lock = threading.Lock()

    def stirred(self) -> dict[str, State]:
        """Courses whose gradebook others wrote into since `known`, at first all that have one, with what each is at
        now: to be given to `known` once the marks were taken."""
        books = [(book.parent.name, state_of(book)) for book in self._root.glob("*/gradebook.db")]
        with self._lock:
            return {
                course: state
                for course, state in sorted(books)
                if state is not None and self._known.get(course) != state
            }

    def known(self, states: Mapping[str, State]) -> None:
        """The marks in gradebooks at these states are in the records."""
        with self._lock:
            self._known |= states

    @contextmanager
    def own_transaction(self, book: Path) -> Iterator[None]:
        """Around the commit of one transaction of ours that holds SQLite's write lock already."""
        before = state_of(book)
        yield
        after = state_of(book)
        if before is None or after is None:
            return
        inode, count, _times = before
        # The counter is 32 bits wide and begins anew.
        if count >= 0 and after == (inode, (count + 1) % 2**32, 0):
            with self._lock:
                course = book.parent.name
                if self._known.get(course) == before:
                    self._known[course] = after
