"""What the records owe nbgrader: from outbox rows to notebooks and gradebook rows.

nbgrader's gradebook is a second database, so a submit cannot commit to both at once. It commits the record with an
outbox row; this module then writes what nbgrader holds of that officer and quiz (the attempt that counts) and only
then marks the row done. A crash anywhere between leaves the row, the next run writes the same again, and writing the
same twice changes nothing. What a trainer graded in formgrader meanwhile is brought into the records first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from ..records.data_folder import DataFolder
from ..records.database import reading, writing
from ..records.library import CourseLibrary
from ..records.tables import OutboxItem
from .course_folder import NbgraderFolder
from .formgrader import FormgraderMark, keep_marks, new_marks
from .gradebook import gradebook_rows
from .gradebook_watch import GradebookWatch
from .gradebook_writer import GradebookWriter
from .notebook_files import make_notebooks, write_notebooks
from .owed import Submission, courses_owed, how_many_owed, read_owed

__all__ = ["Submission", "drain_outbox", "outbox_length", "write_submissions"]

BATCH = 200


def outbox_length(engine: Engine) -> int:
    """How many items wait."""
    with reading(engine) as session:
        return how_many_owed(session)


def drain_outbox(
    data: DataFolder,
    engine: Engine,
    library: CourseLibrary,
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _written: None,
    stop: Callable[[], bool] = lambda: False,
    batch: int = BATCH,
    watch: GradebookWatch | None = None,
) -> int:
    """Write everything that waits; returns how many items were done. ``watch`` is told what we wrote ourselves.

    Each ``batch`` is one transaction in the gradebook; after it ``progress`` is told how many are done, and ``stop``
    is asked. Another process may drain at the same time: whoever has the gradebook's lock reads what is owed then, so
    none writes over the other what was true before.

    Raises whatever the gradebook or the disk raises; what was done before stays done, the rest waits with the
    reason beside it.
    """
    with reading(engine) as session:
        courses = courses_owed(session)
    done = 0
    for course in courses:
        folder = NbgraderFolder(data.nbgrader(course))
        while not stop():
            wrote = _write_some(folder, course, engine, library, batch, watch)
            if keep_marks(engine, library, wrote.marks, now):
                # What is to be written has changed: read it again.
                continue
            _record_done(engine, wrote.items, now)
            done += len(wrote.items)
            progress(done)
            if len(wrote.items) < batch:
                # What came after the look has a run of its own coming.
                break
    return done


@dataclass(frozen=True)
class _Wrote:
    """Outbox items written; or formgrader's marks that the records lack, and then nothing was written."""

    items: tuple[int, ...] = ()
    marks: Sequence[FormgraderMark] = ()


def _write_some(
    folder: NbgraderFolder,
    course: str,
    engine: Engine,
    library: CourseLibrary,
    batch: int,
    watch: GradebookWatch | None,
) -> _Wrote:
    items: tuple[int, ...] = ()
    try:
        with gradebook_rows(folder) as rows:
            with reading(engine) as session:
                owed = read_owed(session, library, course, batch)
            items = owed.items
            if not items:
                return _Wrote()
            # formgrader does not know our lock file: from this look to the commit, SQLite's own lock keeps it out.
            rows.execute(text("BEGIN IMMEDIATE"))
            among = [(work.scores.student, work.scores.assignment) for work in owed.submissions]
            with reading(engine) as session:
                found = new_marks(rows, session, course, among)
            if found:
                rows.rollback()
                return _Wrote(marks=found)
            _write(folder, rows, owed.submissions, watch)
            return _Wrote(items)
    except Exception as error:
        _record_failure(engine, items, error)
        raise


def _record_done(engine: Engine, items: Sequence[int], now: datetime) -> None:
    if items:
        with writing(engine) as session:
            these = OutboxItem.id.in_(items)
            session.execute(update(OutboxItem).where(these).values(done_at=now, error=None))


def _record_failure(engine: Engine, items: Sequence[int], error: Exception) -> None:
    """Keep beside the waiting items why they could not be written, for `isoxa doctor` and the log."""
    if not items:
        return
    with writing(engine) as session:
        for item in session.scalars(select(OutboxItem).where(OutboxItem.id.in_(items))):
            item.tries += 1
            item.error = f"{type(error).__name__}: {error}"[:2000]


def write_submissions(folder: NbgraderFolder, works: Sequence[Submission]) -> None:
    """Write notebooks and gradebook rows of one course; the rows in one transaction."""
    with gradebook_rows(folder) as rows:
        _write(folder, rows, works)


def _write(
    folder: NbgraderFolder, rows: Session, works: Sequence[Submission], watch: GradebookWatch | None = None
) -> None:
    # In nbgrader's own order: what was submitted, then the scores, then the notebook that shows them. Nobody looks at
    # the last one before they see the scores, and the gradebook is not kept locked while it is written.
    writer = GradebookWriter(rows)
    notebooks = make_notebooks(folder, works)
    write_notebooks(folder, notebooks, "submitted")
    writer.write([work.scores for work in works])
    with nullcontext() if watch is None else watch.own_transaction(folder.root / "gradebook.db"):
        writer.commit()
    write_notebooks(folder, notebooks, "autograded")
