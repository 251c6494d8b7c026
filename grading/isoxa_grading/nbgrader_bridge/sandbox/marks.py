"""Scores of one run from its scratch gradebook into the course's: checked, and nothing else of it is believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader import api

from ..course_folder import NbgraderFolder
from ..gradebook import gradebook


class ScoresRefused(Exception):
    """The scratch gradebook holds something that cannot be a score; the message (Vietnamese) says what."""


@dataclass(frozen=True)
class CellMark:
    """What autograding says of one cell: a score (None: a trainer must judge) and nbgrader's own comment."""

    notebook: str
    cell: str
    score: float | None
    comment: str | None


@dataclass(frozen=True)
class Marks:
    """Everything a run gives back for the gradebook."""

    submitted_at: datetime | None
    cells: list[CellMark]
    comments: list[CellMark]
    late_penalties: dict[str, float]


def read_marks(book: Path, assignment: str, student: str) -> Marks:
    """The submission's rows in a scratch gradebook."""
    with api.Gradebook(f"sqlite:///{book}", "default_course") as scratch:
        # nbgrader's rows are declared as columns; what is read of them are values.
        submission: Any = scratch.find_submission(assignment, student)
        cells, comments, penalties = [], [], {}
        for notebook in submission.notebooks:
            cells += [CellMark(notebook.name, row.name, row.auto_score, None) for row in notebook.grades]
            comments += [
                CellMark(notebook.name, row.name, None, row.auto_comment) for row in notebook.comments
            ]
            if notebook.late_submission_penalty:
                penalties[notebook.name] = float(notebook.late_submission_penalty)
        return Marks(submission.timestamp, cells, comments, penalties)


def write_marks(
    folder: NbgraderFolder, assignment: str, student: str, marks: Marks
) -> tuple[float, float, int]:
    """Write the marks of one submission, and only them; a trainer's own marks and comments stay.

    Returns points so far, most points, and the number of cells a trainer must judge. Raises ``ScoresRefused`` before
    anything is written.
    """
    with gradebook(folder) as book:
        found = book.find_assignment(assignment)
        most = {
            (nb.name, cell.name): float(cell.max_score) for nb in found.notebooks for cell in nb.grade_cells
        }
        most |= {
            (nb.name, cell.name): float(cell.max_score) for nb in found.notebooks for cell in nb.task_cells
        }
        _check(marks, most)
        book.update_or_create_student(student)
        stamp: Any = marks.submitted_at
        submission: Any = book.update_or_create_submission(assignment, student, timestamp=stamp)
        for mark in marks.cells:
            grade: Any = book.find_grade(mark.cell, mark.notebook, assignment, student)
            grade.auto_score = mark.score
            # As stock autograde leaves it: a trainer's mark is looked at again when the program's has changed.
            grade.needs_manual_grade = grade.manual_score is not None or mark.score is None
        for mark in marks.comments:
            comment: Any = book.find_comment(mark.cell, mark.notebook, assignment, student)
            comment.auto_comment = mark.comment
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = marks.late_penalties.get(notebook.name)
        book.db.commit()
        waiting = sum(row.needs_manual_grade for nb in submission.notebooks for row in nb.grades)
        return float(submission.score), float(submission.max_score), waiting


def _check(marks: Marks, most: dict[tuple[str, str], float]) -> None:
    for mark in marks.cells:
        highest = most.get((mark.notebook, mark.cell))
        if highest is None:
            raise ScoresRefused(f"ô “{mark.cell}” không thuộc bài này")
        if mark.score is not None and not (math.isfinite(mark.score) and 0 <= mark.score <= highest):
            raise ScoresRefused(f"ô “{mark.cell}” được {mark.score:g} điểm, ngoài khoảng 0–{highest:g}")
