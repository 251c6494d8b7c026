"""The manual scores in nbgrader's gradebook, whoever gave them: all of them, or those of who hands in just now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nbgrader import api
from sqlalchemy import Select, Table, and_, bindparam, select
from sqlalchemy.orm import Session

from .course_folder import person_id_of

AUTO_SUFFIX = "-diem"
"""What `source_notebook.grade_cell_id` adds to the slot of a cell that is graded by the machine."""


@dataclass(frozen=True)
class ManualScore:
    """A manual score as the gradebook has it."""

    person_id: int
    assignment: str
    submitted_at: datetime
    slot: str
    score: float
    max_score: float
    comment: str


def manual_scores(rows: Session, among: Collection[tuple[str, str]] | None = None) -> Iterator[ManualScore]:
    """Those of our officers in an open gradebook; ``among``: of these (student, assignment) alone."""
    if among is None:
        found = rows.execute(_GRADED)
    else:
        students, assignments = ({one[place] for one in among} for place in (0, 1))
        found = rows.execute(_GRADED_AMONG, {"students": list(students), "assignments": list(assignments)})
    for row in found:
        person_id = person_id_of(row.student_id)
        if person_id is not None and row.timestamp is not None:
            yield ManualScore(
                person_id,
                row.assignment,
                row.timestamp.replace(tzinfo=UTC),
                row.cell.removesuffix(AUTO_SUFFIX),
                row.manual_score,
                row.max_score,
                row.manual_comment or "",
            )


def _graded() -> Select[Any]:
    """Every manual score with its cell, bounds and comment; nothing is read from end to end but the scores."""
    assignment, notebook = _table(api.Assignment), _table(api.Notebook)
    submission, submitted = _table(api.SubmittedAssignment), _table(api.SubmittedNotebook)
    grade, comment, bounds = _table(api.Grade), _table(api.Comment), _table(api.GradeCell)
    graded, written = _table(api.BaseCell).alias("graded"), _table(api.BaseCell).alias("written")
    return (
        select(
            submission.c.student_id,
            submission.c.timestamp,
            assignment.c.name.label("assignment"),
            graded.c.name.label("cell"),
            grade.c.manual_score,
            bounds.c.max_score,
            comment.c.manual_comment,
        )
        .select_from(
            assignment.join(notebook, notebook.c.assignment_id == assignment.c.id)
            .join(submission, submission.c.assignment_id == assignment.c.id)
            .join(
                submitted,
                and_(submitted.c.notebook_id == notebook.c.id, submitted.c.assignment_id == submission.c.id),
            )
            .join(graded, graded.c.notebook_id == notebook.c.id)
            .join(bounds, bounds.c.id == graded.c.id)
            .join(grade, and_(grade.c.cell_id == graded.c.id, grade.c.notebook_id == submitted.c.id))
            .outerjoin(
                written,
                and_(
                    written.c.notebook_id == notebook.c.id,
                    written.c.name == graded.c.name,
                    written.c.type == "SolutionCell",
                ),
            )
            .outerjoin(
                comment, and_(comment.c.notebook_id == submitted.c.id, comment.c.cell_id == written.c.id)
            )
        )
        .where(grade.c.manual_score.is_not(None))
    )


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _graded_among() -> Select[Any]:
    """The same of some students and assignments. Asked step by step, each by one of nbgrader's unique indexes: left to
    itself, SQLite reads every score of the course."""
    assignment, notebook, cell = _table(api.Assignment), _table(api.Notebook), _table(api.BaseCell)
    submission, submitted = _table(api.SubmittedAssignment), _table(api.SubmittedNotebook)
    grade = _table(api.Grade)
    of = select(assignment.c.id).where(assignment.c.name.in_(bindparam("assignments", expanding=True)))
    books = select(notebook.c.id).where(notebook.c.assignment_id.in_(of))
    handed_in = select(submission.c.id).where(
        submission.c.assignment_id.in_(of),
        submission.c.student_id.in_(bindparam("students", expanding=True)),
    )
    notebooks = select(submitted.c.id).where(
        submitted.c.notebook_id.in_(books), submitted.c.assignment_id.in_(handed_in)
    )
    cells = select(cell.c.id).where(cell.c.notebook_id.in_(books))
    return _graded().where(grade.c.cell_id.in_(cells), grade.c.notebook_id.in_(notebooks))


# Made once: each crowd that hands in asks.
_GRADED, _GRADED_AMONG = _graded(), _graded_among()
