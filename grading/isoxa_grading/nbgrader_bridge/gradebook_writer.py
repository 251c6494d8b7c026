"""Scores in nbgrader's own gradebook, through nbgrader's own tables.

nbgrader's API commits cell by cell and recomputes averages on the way; here many submissions are written together in
the caller's transaction, a few statements in all. What results is what `nbgrader autograde` and formgrader would have
left: the same rows, the same fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from os import urandom
from typing import Any

from nbgrader import api
from sqlalchemy import BindParameter, Insert, Select, Table, Update, bindparam, insert, select, update
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from .gradebook import CellGrade, SubmissionScores

_AT_ONCE = 400
"""Submissions a round; SQLite takes at most 32,766 values in one statement."""

Row = dict[str, Any]
Key = tuple[str, ...]

_ASSIGNMENT: Table = api.Assignment.__table__
_BOOK: Table = api.Notebook.__table__
_CELL: Table = api.BaseCell.__table__
_STUDENT: Table = api.Student.__table__
_SUBMISSION: Table = api.SubmittedAssignment.__table__
_SUBMITTED: Table = api.SubmittedNotebook.__table__
_GRADE: Table = api.Grade.__table__
_COMMENT: Table = api.Comment.__table__


def _ids(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


# Made once, on the tables themselves: to build a statement takes longer than to answer it. Each asks by the columns
# that nbgrader's unique indexes begin with; by others, a full gradebook would be read from end to end.
_STUDENTS = select(_STUDENT.c.id, _STUDENT.c.first_name, _STUDENT.c.last_name).where(
    _STUDENT.c.id.in_(_ids("students"))
)
_SUBMISSIONS = select(
    _SUBMISSION.c.id, _SUBMISSION.c.assignment_id, _SUBMISSION.c.student_id, _SUBMISSION.c.timestamp
).where(
    _SUBMISSION.c.assignment_id == bindparam("assignment"), _SUBMISSION.c.student_id.in_(_ids("students"))
)
_NOTEBOOKS = select(_SUBMITTED.c.id, _SUBMITTED.c.notebook_id, _SUBMITTED.c.assignment_id).where(
    _SUBMITTED.c.notebook_id == bindparam("notebook"), _SUBMITTED.c.assignment_id.in_(_ids("submissions"))
)
_GRADES, _COMMENTS = (
    select(table).where(table.c.cell_id.in_(_ids("cells")), table.c.notebook_id.in_(_ids("notebooks")))
    for table in (_GRADE, _COMMENT)
)
_NOTEBOOK = (
    select(_BOOK.c.id, _BOOK.c.assignment_id)
    .select_from(_BOOK.join(_ASSIGNMENT, _ASSIGNMENT.c.id == _BOOK.c.assignment_id))
    .where(_ASSIGNMENT.c.name == bindparam("name"))
)
_CELLS = select(_CELL.c.id, _CELL.c.name, _CELL.c.type).where(_CELL.c.notebook_id == bindparam("notebook"))
_OF_A_CELL: Key = ("notebook_id", "cell_id")


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
            there, submitted = self._submissions(assignment, group)
            # A submission made just now has nothing yet, so nothing is looked for.
            notebooks, new = self._notebooks(assignment, submitted, [row.id for row in there.values()])
            former = [id_ for id_ in notebooks.values() if id_ not in new]
            grades: list[Row] = []
            comments: dict[bool, list[Row]] = {True: [], False: []}
            for one in group:
                notebook_id = notebooks[one.student]
                grades += _grade_rows(assignment, notebook_id, one.grades)
                before = there.get((assignment.assignment_id, one.student))
                same_attempt = before is not None and before.timestamp == _naive(one.submitted_at)
                for row in _comment_rows(assignment, notebook_id, one.grades, same_attempt):
                    comments["manual_comment" in row].append(row)
            known = self._of_cells(_GRADES, assignment.graded, former)
            self._put(_GRADE, grades, _OF_A_CELL, known)
            known = self._of_cells(_COMMENTS, assignment.solutions, former)
            for rows in comments.values():
                self._put(_COMMENT, rows, _OF_A_CELL, known)

    def _students(self, submissions: Sequence[SubmissionScores]) -> None:
        rows = {
            one.student: {"id": one.student, "first_name": one.first_name, "last_name": one.last_name}
            for one in submissions
        }
        key = ("id",)
        self._put(_STUDENT, list(rows.values()), key, self._there(_STUDENTS, key, students=list(rows)))

    def _submissions(
        self, assignment: _Assignment, group: Sequence[SubmissionScores]
    ) -> tuple[dict[Key, SqlRow[Any]], dict[str, str]]:
        """What was there, and student → id of their submission; those that were missing are made."""
        rows: list[Row] = [
            {
                "assignment_id": assignment.assignment_id,
                "student_id": one.student,
                "timestamp": _naive(one.submitted_at),
            }
            for one in group
        ]
        key = ("assignment_id", "student_id")
        students = [one.student for one in group]
        there = self._there(_SUBMISSIONS, key, assignment=assignment.assignment_id, students=students)
        ids = self._put(_SUBMISSION, rows, key, there)
        return there, {student: id_ for (_assignment, student), id_ in ids.items()}

    def _notebooks(
        self, assignment: _Assignment, submitted: Mapping[str, str], former: Sequence[str]
    ) -> tuple[dict[str, str], set[str]]:
        """Student → id of their submitted notebook, and which of these ids are new. ``former``: submissions that
        were there before."""
        rows: list[Row] = [
            {"notebook_id": assignment.notebook_id, "assignment_id": id_} for id_ in submitted.values()
        ]
        key = ("notebook_id", "assignment_id")
        there = (
            self._there(_NOTEBOOKS, key, notebook=assignment.notebook_id, submissions=former)
            if former
            else {}
        )
        ids = self._put(_SUBMITTED, rows, key, there)
        of_submission = {submission: id_ for (_notebook, submission), id_ in ids.items()}
        new = set(ids.values()) - {row.id for row in there.values()}
        return {student: of_submission[id_] for student, id_ in submitted.items()}, new

    def _of_cells(
        self, query: Select[Any], cells: Mapping[str, str], notebooks: Sequence[str]
    ) -> dict[Key, SqlRow[Any]]:
        """The grades or comments of these cells in these submitted notebooks."""
        if not notebooks:
            return {}
        return self._there(query, _OF_A_CELL, cells=list(cells.values()), notebooks=notebooks)

    def _there(self, query: Select[Any], key: Key, **asked: Any) -> dict[Key, SqlRow[Any]]:
        """The rows of a query by ``key``."""
        return {
            tuple(getattr(row, name) for name in key): row for row in self._db.execute(query, asked).all()
        }

    def _put(
        self, table: Table, rows: Sequence[Row], key: Key, there: Mapping[Key, SqlRow[Any]]
    ) -> dict[Key, str]:
        """Insert the rows that are not ``there``, update those that differ; returns key → id."""
        found: dict[Key, str] = {}
        inserts, updates = [], []
        ids = _new_ids(len(rows))
        for row, id_ in zip(rows, ids, strict=True):
            its_key = tuple([row[name] for name in key])
            old = there.get(its_key)
            if old is None:
                new = row if "id" in row else {"id": id_, **row}
                inserts.append(new)
                found[its_key] = new["id"]
                continue
            found[its_key] = old.id
            if any(getattr(old, name) != value for name, value in row.items()):
                updates.append({f"_{name}": value for name, value in row.items()} | {"_row_id": old.id})
        if inserts:
            self._insert(table, inserts)
        if updates:
            self._db.connection().execute(_update(table, tuple(rows[0])), updates)
        return found

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        if table not in _PLAIN:
            self._db.execute(_insert(table), rows)
            return
        statement, names = _plain_insert(table, tuple(rows[0]))
        values = [tuple([row[name] for name in names]) for row in rows]
        self._db.connection().exec_driver_sql(statement, values)

    def _assignment(self, name: str) -> _Assignment:
        if name not in self._assignments:
            notebook: Any = self._db.execute(_NOTEBOOK, {"name": name}).one()
            cells: Any = self._db.execute(_CELLS, {"notebook": notebook.id}).all()
            self._assignments[name] = _Assignment(
                notebook.assignment_id,
                notebook.id,
                {cell.name: cell.id for cell in cells if cell.type == "GradeCell"},
                {cell.name: cell.id for cell in cells if cell.type == "SolutionCell"},
            )
        return self._assignments[name]


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


_PLAIN = (_GRADE, _COMMENT)
"""Texts, numbers and truths alone, hundreds of rows a class: they go to SQLite as they are, past every conversion."""


@cache
def _plain_insert(table: Table, names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The statement, and the columns in its order."""
    compiled = insert(table).compile(dialect=sqlite.dialect(), column_keys=list(names))
    order = compiled.positiontup
    assert order is not None
    assert set(order) == set(names), "a column with a default of nbgrader's own"
    return str(compiled), tuple(order)


@cache
def _update(table: Table, names: tuple[str, ...]) -> Update:
    changed: dict[str, Any] = {name: bindparam(f"_{name}") for name in names}
    return update(table).where(table.c.id == bindparam("_row_id")).values(changed)


def _new_ids(many: int) -> list[str]:
    """32 hex digits each, as nbgrader's own; hundreds a class, so they are drawn at once."""
    digits = urandom(16 * many).hex()
    return [digits[start : start + 32] for start in range(0, 32 * many, 32)]


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
