"""nbgrader's own gradebook: opening it as its only writer among ours, and what it holds of a submission.

The writing itself is `gradebook_writer`.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from nbgrader import api
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.orm import Session

from .course_folder import NbgraderFolder, programs_on_path


class CellGrade(NamedTuple):
    """A grade of one cell. ``auto`` None: nbgrader cannot score it; ``manual`` None: no trainer has."""

    auto: Decimal | None
    manual: Decimal | None = None
    comment: str | None = None
    auto_comment: str | None = None

    @property
    def needs_manual_grade(self) -> bool:
        return self.auto is None and self.manual is None


@dataclass(frozen=True)
class SubmissionScores:
    """Everything the gradebook holds of one officer's counting attempt at one quiz version."""

    student: str
    first_name: str
    last_name: str
    assignment: str
    submitted_at: datetime
    grades: Mapping[str, CellGrade]


@contextmanager
def gradebook(folder: NbgraderFolder) -> Iterator[api.Gradebook]:
    """The folder's gradebook, with this process its only writer among ours; commits are the caller's."""
    programs_on_path()
    with _only_writer(folder.lock_file), api.Gradebook(folder.gradebook_url, "default_course") as book:
        yield book


@contextmanager
def gradebook_rows(folder: NbgraderFolder) -> Iterator[Session]:
    """The same as a session on its tables alone: nbgrader's class looks the whole schema over each time it opens."""
    file = folder.root / "gradebook.db"
    if not file.is_file():
        with gradebook(folder):
            pass
    with _only_writer(folder.lock_file), Session(_engine(folder.gradebook_url)) as rows:
        yield rows


@lru_cache(maxsize=32)
def _engine(url: str) -> Engine:
    # What is kept is the statements made for it, not a connection: the file may be put back from a backup.
    return create_engine(url, poolclass=NullPool)


@contextmanager
def _only_writer(lock_file: Path) -> Iterator[None]:
    # Each holder opens the file anew, so the lock also keeps threads of one process apart.
    with lock_file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
