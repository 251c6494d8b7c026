"""What the records owe nbgrader: from outbox rows to notebooks and gradebook rows.

nbgrader's gradebook is a second database, so a submit cannot commit to both at once. It commits the record with an
outbox row; this module then writes what nbgrader holds of that officer and quiz (the attempt that counts) and only
then marks the row done. A crash anywhere between leaves the row, the next run writes the same again, and writing the
same twice changes nothing. What a trainer graded in formgrader meanwhile is brought into the records first.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import nbformat
from isoxa_courses.drawing import DrawnQuiz
from isoxa_courses.models import Quiz
from nbgrader.api import Gradebook
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from ..records.attempts.find import answers_of, counting_attempt, find_attempt, scores_of
from ..records.data_folder import DataFolder
from ..records.database import reading, writing
from ..records.library import CourseLibrary
from ..records.tables import Attempt, OutboxItem
from .course_folder import NbgraderFolder, student_name
from .formgrader import FormgraderMark, keep_marks, new_marks
from .gradebook import CellGrade, GradebookWriter, SubmissionScores, gradebook
from .source_notebook import grade_cell_id
from .submission import AnsweredSlot, SubmissionTemplate

BATCH = 200


@dataclass(frozen=True)
class Submission:
    """One submission to write: everything read from the records, nothing of the session left in it."""

    course: str
    quiz: Quiz
    scores: SubmissionScores
    answered: dict[str, AnsweredSlot]


def drain_outbox(
    data: DataFolder,
    engine: Engine,
    library: CourseLibrary,
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _written: None,
) -> int:
    """Write everything that waits; returns how many items were done.

    Raises whatever the gradebook or the disk raises; what was done before stays done, the rest waits with the
    reason beside it.
    """
    done = 0
    while True:
        with reading(engine) as session:
            works = {item_id: _work(session, library, attempt) for item_id, attempt in _waiting(session)}
        if not works:
            return done
        try:
            kept = 0
            for course in {work.course for work in works.values()}:
                of_course = [work for work in works.values() if work.course == course]
                folder = NbgraderFolder(data.nbgrader(course))
                kept += keep_marks(
                    engine, library, _write_unless_graded(folder, course, of_course, engine), now
                )
            if kept:
                # What is to be written has changed: read it again.
                continue
        except Exception as error:
            _record_failure(engine, list(works), error)
            raise
        with writing(engine) as session:
            for item in session.scalars(select(OutboxItem).where(OutboxItem.id.in_(list(works)))):
                item.done_at, item.error = now, None
        done += len(works)
        progress(done)


def _write_unless_graded(
    folder: NbgraderFolder, course: str, works: Sequence[Submission], engine: Engine
) -> list[FormgraderMark]:
    """Write, or, where formgrader has a mark that the records lack, write nothing and return those marks."""
    with gradebook(folder) as book:
        # formgrader does not know our lock file: between this look and the commit, SQLite's own lock keeps it out.
        book.db.execute(text("BEGIN IMMEDIATE"))
        with reading(engine) as session:
            found = new_marks(book, session, course, {work.scores.student for work in works})
        if found:
            book.db.rollback()
        else:
            _write(folder, book, works)
    return found


def _record_failure(engine: Engine, items: Sequence[int], error: Exception) -> None:
    """Keep beside the waiting items why they could not be written, for `isoxa doctor` and the log."""
    with writing(engine) as session:
        for item in session.scalars(select(OutboxItem).where(OutboxItem.id.in_(items))):
            item.tries += 1
            item.error = f"{type(error).__name__}: {error}"[:2000]


def _waiting(session: Session) -> list[tuple[int, str]]:
    query = select(OutboxItem.id, OutboxItem.attempt_id).where(OutboxItem.done_at.is_(None))
    return [(row.id, row.attempt_id) for row in session.execute(query.order_by(OutboxItem.id).limit(BATCH))]


def _work(session: Session, library: CourseLibrary, attempt_id: str) -> Submission:
    changed = find_attempt(session, attempt_id)
    # nbgrader holds one submission a student and assignment: the attempt that counts, not the one that changed.
    attempt = counting_attempt(session, changed.enrolment_id, changed.quiz) or changed
    edition = changed.enrolment.edition
    quiz = library.quiz(edition.course, edition.edition, attempt.quiz)
    person = changed.enrolment.person
    family, _, given = person.full_name.rpartition(" ")
    answered, grades = _slots(session, attempt, quiz)
    return Submission(
        course=edition.course,
        quiz=quiz,
        answered=answered,
        scores=SubmissionScores(
            student=student_name(person.id),
            first_name=given,
            last_name=family,
            assignment=attempt.quiz_version.assignment,
            submitted_at=attempt.submitted_at or attempt.started_at,
            grades=grades,
        ),
    )


def _slots(
    session: Session, attempt: Attempt, quiz: Quiz
) -> tuple[dict[str, AnsweredSlot], dict[str, CellGrade]]:
    drawn = DrawnQuiz.from_json(attempt.drawn)
    stored = answers_of(session, [attempt.id])[attempt.id]
    scores = scores_of(session, [attempt.id])[attempt.id]
    answered: dict[str, AnsweredSlot] = {}
    grades: dict[str, CellGrade] = {}
    for slot in quiz.slots:
        counting = stored[slot.id].counting if slot.id in stored else None
        answer = counting.answer if counting else None
        score = scores.get(slot.id)
        points = score.points if score else None
        answered[slot.id] = AnsweredSlot(drawn.slot(slot.id).variant, answer, points)
        by_trainer = score is not None and score.source != "auto"
        grades[grade_cell_id(slot)] = CellGrade(
            auto=None if by_trainer and slot.judged_by_trainer else points,
            manual=points if by_trainer else None,
            comment=score.comment if score else None,
            # What nbgrader itself says of a solution cell left as it was released.
            auto_comment="No response." if slot.judged_by_trainer and answer is None else None,
        )
    return answered, grades


def write_submissions(folder: NbgraderFolder, works: Sequence[Submission]) -> None:
    """Write notebooks and gradebook rows of one course; the rows in one transaction, committed at the end."""
    with gradebook(folder) as book:
        _write(folder, book, works)


def _write(folder: NbgraderFolder, book: Gradebook, works: Sequence[Submission]) -> None:
    writer = GradebookWriter(book)
    for work in works:
        _write_notebooks(folder, work)
    writer.write([work.scores for work in works])
    writer.commit()


def _write_notebooks(folder: NbgraderFolder, work: Submission) -> None:
    student, assignment = work.scores.student, work.scores.assignment
    release = folder.release(assignment)
    template = _template(
        release, release.stat().st_mtime_ns, work.quiz.id, work.quiz.version, _Same(work.quiz)
    )
    # The format nbgrader's own exchange writes; it reads it back with dateutil.
    stamp = work.scores.submitted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n")
    for target, content in (
        (folder.submitted(student, assignment), template.submitted(work.answered)),
        (folder.autograded(student, assignment), template.autograded(work.answered)),
    ):
        # The released notebook was validated when it was built; only literals and numbers have been added since.
        _replace(target, content)
        _replace(target.with_name("timestamp.txt"), stamp)


class _Same:
    """A quiz for the cache's eyes: two loads of one version are the same, and hashing them would cost more."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _template(release: Path, _changed_ns: int, _quiz: str, _version: int, same: _Same) -> SubmissionTemplate:
    return SubmissionTemplate(nbformat.read(release, as_version=4), same.quiz)


def _replace(target: Path, text: str) -> None:
    """Write a file whole or not at all. nbgrader leaves its files read-only; so do we, and replace all the same."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        handle = _open_read_only(partial)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle = _open_read_only(partial)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(target)


def _open_read_only(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
