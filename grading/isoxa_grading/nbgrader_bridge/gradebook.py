"""Scores in nbgrader's own gradebook, through nbgrader's own tables.

nbgrader's API commits cell by cell and recomputes averages on the way; here many submissions are written together in
the caller's transaction, a few statements in all. What results is what `nbgrader autograde` and formgrader would have
left: the same rows, the same fields.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from nbgrader import api
from sqlalchemy import Engine, NullPool, RowMapping, bindparam, create_engine, insert, select, update
from sqlalchemy.orm import Session

from .course_folder import NbgraderFolder, programs_on_path

_AT_ONCE = 400
"""Submissions a round; SQLite takes at most 32,766 values in one statement."""


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


Row = dict[str, Any]
Key = tuple[str, ...]


@dataclass(frozen=True)
class _Assignment:
    """An assignment's ids, and its cells by name."""

    assignment_id: str
    notebook_id: str
    graded: Mapping[str, str]
    solutions: Mapping[str, str]


class GradebookWriter:
    """Writes submissions into an open gradebook, whole tables at a time; remembers its cells between calls."""

    def __init__(self, rows: Session) -> None:
        self._db = rows
        self._assignments: dict[str, _Assignment] = {}

    def write(self, submissions: Sequence[SubmissionScores]) -> None:
        """Write submissions; writing the same ones twice changes nothing. The last of one student's stands."""
        latest = {(one.assignment, one.student): one for one in submissions}
        for start in range(0, len(latest), _AT_ONCE):
            self._write(list(latest.values())[start : start + _AT_ONCE])

    def commit(self) -> None:
        """Commit what was written."""
        self._db.commit()

    def _write(self, submissions: Sequence[SubmissionScores]) -> None:
        self._students(submissions)
        by_assignment: dict[str, list[SubmissionScores]] = {}
        for one in submissions:
            by_assignment.setdefault(one.assignment, []).append(one)
        for name, group in by_assignment.items():
            assignment = self._assignment(name)
            same = self._same_attempt(assignment, group)
            notebooks, new = self._notebooks(assignment, group)
            grades: list[Row] = []
            comments: list[Row] = []
            for one in group:
                notebook_id = notebooks[one.student]
                grades += _grade_rows(assignment, notebook_id, one.grades)
                comments += _comment_rows(assignment, notebook_id, one.grades, one.student in same)
            key, of = ("notebook_id", "cell_id"), "notebook_id"
            # A notebook made just now has nothing yet, so nothing is looked for.
            former = [id_ for id_ in notebooks.values() if id_ not in new]
            self._put(api.Grade, grades, key, self._there(api.Grade, key, of, former))
            there = self._there(api.Comment, key, of, former)
            for kind in (True, False):
                rows = [row for row in comments if ("manual_comment" in row) is kind]
                self._put(api.Comment, rows, key, there)

    def _students(self, submissions: Sequence[SubmissionScores]) -> None:
        rows = {
            one.student: {"id": one.student, "first_name": one.first_name, "last_name": one.last_name}
            for one in submissions
        }
        key = ("id",)
        self._put(api.Student, list(rows.values()), key, self._there(api.Student, key, "id", list(rows)))

    def _same_attempt(self, assignment: _Assignment, group: Sequence[SubmissionScores]) -> set[str]:
        """Students whose attempt in the gradebook is the one that is written again."""
        submission: Any = api.SubmittedAssignment
        query = select(submission.student_id, submission.timestamp).where(
            submission.assignment_id == assignment.assignment_id,
            submission.student_id.in_([one.student for one in group]),
        )
        there = {row.student_id: row.timestamp for row in self._db.execute(query)}
        return {one.student for one in group if there.get(one.student) == _naive(one.submitted_at)}

    def _notebooks(
        self, assignment: _Assignment, group: Sequence[SubmissionScores]
    ) -> tuple[dict[str, str], set[str]]:
        """Student → id of their submitted notebook, and which of these ids are new.

        Assignments and notebooks that were missing are made.
        """
        students = [one.student for one in group]
        rows: list[Row] = [
            {
                "assignment_id": assignment.assignment_id,
                "student_id": one.student,
                "timestamp": _naive(one.submitted_at),
            }
            for one in group
        ]
        here: Any = api.SubmittedAssignment.assignment_id == assignment.assignment_id
        key = ("assignment_id", "student_id")
        there = self._there(api.SubmittedAssignment, key, "student_id", students, here)
        submitted = self._put(api.SubmittedAssignment, rows, key, there)
        rows = [{"assignment_id": id_, "notebook_id": assignment.notebook_id} for id_ in submitted.values()]
        key = ("assignment_id", "notebook_id")
        former = [row["id"] for row in there.values()]
        there = self._there(api.SubmittedNotebook, key, "assignment_id", former)
        made = self._put(api.SubmittedNotebook, rows, key, there)
        of_submission = {key[0]: id_ for key, id_ in made.items()}
        new = set(made.values()) - {row["id"] for row in there.values()}
        return {key[1]: of_submission[id_] for key, id_ in submitted.items()}, new

    def _there(
        self, model: Any, key: Key, among: str, values: Sequence[str], where: Any = None
    ) -> dict[Key, RowMapping]:
        """The rows with column ``among`` in ``values``, by ``key``."""
        if not values:
            return {}
        table = model.__table__
        query = select(table).where(table.c[among].in_(values))
        if where is not None:
            query = query.where(where)
        return {tuple(row[name] for name in key): row for row in self._db.execute(query).mappings()}

    def _put(
        self, model: Any, rows: Sequence[Row], key: Key, there: Mapping[Key, RowMapping]
    ) -> dict[Key, str]:
        """Insert the rows that are not ``there``, update those that differ; returns key → id."""
        table = model.__table__
        found: dict[Key, str] = {}
        inserts, updates = [], []
        for row in rows:
            its_key = tuple(row[name] for name in key)
            old = there.get(its_key)
            if old is None:
                new = row if "id" in row else {"id": uuid4().hex, **row}
                inserts.append(new)
                found[its_key] = new["id"]
                continue
            found[its_key] = old["id"]
            if any(old[name] != value for name, value in row.items()):
                updates.append({f"_{name}": value for name, value in row.items()} | {"_row_id": old["id"]})
        if inserts:
            self._db.execute(insert(table), inserts)
        if updates:
            changed: dict[str, Any] = {name: bindparam(f"_{name}") for name in rows[0]}
            self._db.connection().execute(
                update(table).where(table.c.id == bindparam("_row_id")).values(changed), updates
            )
        return found

    def _assignment(self, name: str) -> _Assignment:
        if name not in self._assignments:
            notebook: Any = self._db.execute(
                select(api.Notebook.id, api.Notebook.assignment_id)
                .join(api.Assignment)
                .where(api.Assignment.name == name)
            ).one()
            cells: Any = self._db.execute(
                select(api.BaseCell.id, api.BaseCell.name, api.BaseCell.type).where(
                    api.BaseCell.notebook_id == notebook.id
                )
            ).all()
            self._assignments[name] = _Assignment(
                notebook.assignment_id,
                notebook.id,
                {cell.name: cell.id for cell in cells if cell.type == "GradeCell"},
                {cell.name: cell.id for cell in cells if cell.type == "SolutionCell"},
            )
        return self._assignments[name]


def _grade_rows(assignment: _Assignment, notebook_id: str, grades: Mapping[str, CellGrade]) -> list[Row]:
    return [
        {
            "notebook_id": notebook_id,
            "cell_id": assignment.graded[name],
            "auto_score": None if given.auto is None else float(given.auto),
            "manual_score": None if given.manual is None else float(given.manual),
            "needs_manual_grade": given.needs_manual_grade,
        }
        for name, given in grades.items()
    ]


def _comment_rows(
    assignment: _Assignment, notebook_id: str, grades: Mapping[str, CellGrade], same_attempt: bool
) -> list[Row]:
    rows = []
    for name, cell_id in assignment.solutions.items():
        given = grades.get(name)
        row: Row = {
            "notebook_id": notebook_id,
            "cell_id": cell_id,
            "auto_comment": given.auto_comment if given else None,
        }
        # A comment begun in formgrader before there is a score is the trainer's: it is left alone.
        if not same_attempt or (given is not None and given.manual is not None):
            row["manual_comment"] = given.comment if given else None
        rows.append(row)
    return rows


def _naive(time: datetime) -> datetime:
    """nbgrader keeps times in UTC without a zone."""
    return time.astimezone(UTC).replace(tzinfo=None)
