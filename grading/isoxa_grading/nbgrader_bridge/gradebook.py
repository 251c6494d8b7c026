"""Scores in nbgrader's own gradebook, through nbgrader's own tables.

nbgrader's API commits cell by cell and recomputes averages on the way; here a whole submission is written in the
caller's transaction. What results is what `nbgrader autograde` and formgrader would have left: the same rows, the
same fields.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from nbgrader import api
from sqlalchemy import select

from .course_folder import NbgraderFolder, programs_on_path


@dataclass(frozen=True)
class CellGrade:
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
def _only_writer(lock_file: Path) -> Iterator[None]:
    # Each holder opens the file anew, so the lock also keeps threads of one process apart.
    with lock_file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class GradebookWriter:
    """Writes submissions into an open gradebook; remembers its cells between submissions."""

    def __init__(self, book: api.Gradebook) -> None:
        self._db = book.db
        self._notebooks: dict[str, Any] = {}
        self._cells: dict[str, dict[tuple[str, str], Any]] = {}

    def write(self, scores: SubmissionScores) -> None:
        """Write one submission; writing the same one twice changes nothing."""
        notebook = self._notebook(scores.assignment)
        submitted = self._submitted_notebook(scores, notebook)
        cells = self._cells[scores.assignment]
        grades = {grade.cell_id: grade for grade in submitted.grades}
        comments = {comment.cell_id: comment for comment in submitted.comments}
        for name, given in scores.grades.items():
            cell = cells[name, "GradeCell"]
            grade = grades.get(cell.id) or self._add(api.Grade(cell_id=cell.id, notebook_id=submitted.id))
            grade.auto_score = None if given.auto is None else float(given.auto)
            grade.manual_score = None if given.manual is None else float(given.manual)
            grade.needs_manual_grade = given.needs_manual_grade
        for (name, kind), cell in cells.items():
            if kind != "SolutionCell":
                continue
            comment = comments.get(cell.id) or self._add(
                api.Comment(cell_id=cell.id, notebook_id=submitted.id)
            )
            given_here = scores.grades.get(name)
            comment.manual_comment = given_here.comment if given_here else None
            comment.auto_comment = given_here.auto_comment if given_here else None

    def commit(self) -> None:
        """Commit what was written."""
        self._db.commit()

    def _add(self, row: Any) -> Any:
        self._db.add(row)
        return row

    def _notebook(self, assignment: str) -> Any:
        if assignment not in self._notebooks:
            notebook = self._db.scalars(
                select(api.Notebook).join(api.Assignment).where(api.Assignment.name == assignment)
            ).one()
            found = self._db.scalars(select(api.BaseCell).where(api.BaseCell.notebook_id == notebook.id))
            self._cells[assignment] = {(str(cell.name), str(cell.type)): cell for cell in found}
            self._notebooks[assignment] = notebook
        return self._notebooks[assignment]

    def _submitted_notebook(self, scores: SubmissionScores, notebook: Any) -> Any:
        student = self._db.get(api.Student, scores.student)
        if student is None:
            student = self._add(api.Student(id=scores.student))
        student.first_name, student.last_name = scores.first_name, scores.last_name
        submission = self._db.scalars(
            select(api.SubmittedAssignment).where(
                api.SubmittedAssignment.assignment_id == notebook.assignment_id,
                api.SubmittedAssignment.student_id == scores.student,
            )
        ).one_or_none()
        if submission is None:
            submission = self._add(
                api.SubmittedAssignment(assignment_id=notebook.assignment_id, student_id=scores.student)
            )
        # nbgrader keeps times in UTC without a zone.
        submission.timestamp = scores.submitted_at.astimezone(UTC).replace(tzinfo=None)
        self._db.flush()
        submitted = self._db.scalars(
            select(api.SubmittedNotebook).where(
                api.SubmittedNotebook.assignment_id == submission.id,
                api.SubmittedNotebook.notebook_id == notebook.id,
            )
        ).one_or_none()
        if submitted is None:
            submitted = self._add(api.SubmittedNotebook(assignment_id=submission.id, notebook_id=notebook.id))
            self._db.flush()
        return submitted
