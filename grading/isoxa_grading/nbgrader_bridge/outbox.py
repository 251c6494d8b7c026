"""What the records owe nbgrader: from outbox rows to notebooks and gradebook rows.

nbgrader's gradebook is a second database, so a submit cannot commit to both at once. It commits the record with an
outbox row; this module then writes what nbgrader holds of that officer and quiz (the attempt that counts) and only
then marks the row done. A crash anywhere between leaves the row, the next run writes the same again, and writing the
same twice changes nothing. What a trainer graded in formgrader meanwhile is brought into the records first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from ..records.data_folder import DataFolder
from ..records.database import reading, writing
from ..records.library import CourseLibrary
from ..records.tables import OutboxItem
from .course_folder import NbgraderFolder
from .formgrader import FormgraderMark, keep_marks, new_marks
from .gradebook import GradebookWriter, gradebook_rows
from .notebook_files import write_notebooks
from .owed import Submission, how_many_owed, read_owed

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
    batch: int = BATCH,
) -> int:
    """Write everything that waits; returns how many items were done. ``progress`` is told after each ``batch``.

    Raises whatever the gradebook or the disk raises; what was done before stays done, the rest waits with the
    reason beside it.
    """
    done = 0
    while True:
        with reading(engine) as session:
            owed = read_owed(session, library, batch)
        if not owed.items:
            return done
        try:
            kept = 0
            for course in {work.course for work in owed.submissions}:
                of_course = [work for work in owed.submissions if work.course == course]
                folder = NbgraderFolder(data.nbgrader(course))
                kept += keep_marks(
                    engine, library, _write_unless_graded(folder, course, of_course, engine), now
                )
            if kept:
                # What is to be written has changed: read it again.
                continue
        except Exception as error:
            _record_failure(engine, owed.items, error)
            raise
        with writing(engine) as session:
            these = OutboxItem.id.in_(owed.items)
            session.execute(update(OutboxItem).where(these).values(done_at=now, error=None))
        done += len(owed.items)
        progress(done)
        if len(owed.items) < batch:
            # What came after the look has a run of its own coming.
            return done


def _write_unless_graded(
    folder: NbgraderFolder, course: str, works: Sequence[Submission], engine: Engine
) -> list[FormgraderMark]:
    """Write, or, where formgrader has a mark that the records lack, write nothing and return those marks."""
    with gradebook_rows(folder) as rows:
        # formgrader does not know our lock file: between this look and the commit, SQLite's own lock keeps it out.
        rows.execute(text("BEGIN IMMEDIATE"))
        with reading(engine) as session:
            found = new_marks(rows, session, course, {work.scores.student for work in works})
        if found:
            rows.rollback()
        else:
            _write(folder, rows, works)
    return found


def _record_failure(engine: Engine, items: Sequence[int], error: Exception) -> None:
    """Keep beside the waiting items why they could not be written, for `isoxa doctor` and the log."""
    with writing(engine) as session:
        for item in session.scalars(select(OutboxItem).where(OutboxItem.id.in_(items))):
            item.tries += 1
            item.error = f"{type(error).__name__}: {error}"[:2000]


def write_submissions(folder: NbgraderFolder, works: Sequence[Submission]) -> None:
    """Write notebooks and gradebook rows of one course; the rows in one transaction, committed at the end."""
    with gradebook_rows(folder) as rows:
        _write(folder, rows, works)


def _write(folder: NbgraderFolder, rows: Session, works: Sequence[Submission]) -> None:
    writer = GradebookWriter(rows)
    write_notebooks(folder, works)
    writer.write([work.scores for work in works])
    writer.commit()
