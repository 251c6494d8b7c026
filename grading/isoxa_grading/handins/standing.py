"""Where a person's work stands: received, waiting for a person, graded, or not gradable; and what it got, by group.

A mark in the gradebook belongs to the version with the same time. Of an earlier version it is shown too, as such, until
the new one is graded. What is shown are points and comments: no output, no test, so nothing of hidden tests.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ..nbgrader_bridge.course_folder import student_name
from .assignments import Assignment
from .book import Graded, comments_words
from .files import stamp_of

__all__ = ["CellLine", "Group", "Marks", "Stage", "Standing", "run_notes", "standing_of"]


class Stage(enum.StrEnum):
    """``received``: the program has not run yet. ``failed``: it ran and could not be graded."""

    NONE = "none"
    RECEIVED = "received"
    WAITING = "waiting"
    GRADED = "graded"
    FAILED = "failed"


@dataclass(frozen=True)
class CellLine:
    """One graded cell; ``points`` None: a person must judge."""

    id: str
    points: Decimal | None
    max_points: Decimal


@dataclass(frozen=True)
class Group:
    """The cells under one heading of a notebook, and what was said of them."""

    notebook: str
    heading: str
    cells: tuple[CellLine, ...]
    comments: tuple[str, ...]

    @property
    def points(self) -> Decimal | None:
        """None while any of its cells waits."""
        if any(cell.points is None for cell in self.cells):
            return None
        return sum((cell.points or Decimal(0) for cell in self.cells), Decimal(0))

    @property
    def max_points(self) -> Decimal:
        return sum((cell.max_points for cell in self.cells), Decimal(0))


@dataclass(frozen=True)
class Marks:
    """``of``: when the submission these belong to was handed in; ``waiting``: cells a person must judge."""

    of: datetime | None
    points: Decimal
    max_points: Decimal
    penalty: Decimal
    waiting: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Standing:
    """``why``: why it could not be graded (Vietnamese, for its owner). ``earlier``: the marks are of an earlier
    version."""

    stage: Stage
    marks: Marks | None = None
    earlier: bool = False
    why: str = ""


def standing_of(
    assignment: Assignment, person_id: int, received_at: datetime | None, graded: Graded | None
) -> Standing:
    """``received_at``: of the newest version; None: nothing was handed in here (a trainer may have put it in by hand).
    Reads the report of the last run where the gradebook has nothing of this version. Blocks."""
    marks = marks_of(assignment, graded) if graded is not None and graded.cells else None
    if received_at is None:
        if marks is None:
            return Standing(Stage.NONE)
        return Standing(Stage.WAITING if marks.waiting else Stage.GRADED, marks)
    if marks is not None and (marks.of is None or marks.of >= received_at):
        return Standing(Stage.WAITING if marks.waiting else Stage.GRADED, marks)
    why = _failure(assignment, student_name(person_id), received_at)
    return Standing(Stage.FAILED if why else Stage.RECEIVED, marks, marks is not None, why)


def _failure(assignment: Assignment, student: str, received_at: datetime) -> str:
    submitted = assignment.folder.root / "submitted" / student / assignment.name
    report = assignment.folder.root / "grading_reports" / assignment.name / f"{student}.json"
    if not report.is_file() or stamp_of(submitted) != received_at:
        return ""
    # nbgrader takes a second to import; most pages come without it.
    from ..nbgrader_bridge.sandbox.grade import last_outcome

    outcome = last_outcome(assignment.folder, assignment.name, student)
    if outcome is None or outcome.graded:
        return ""
    why = outcome.message.removeprefix(f"Bài của {student}").removeprefix(":").strip()
    return why[:1].upper() + why[1:]


def run_notes(assignment: Assignment, person_id: int) -> tuple[str, ...]:
    """For trainers: what the last run on the submission that is there now put right or noticed. Blocks."""
    student = student_name(person_id)
    if not (assignment.folder.root / "grading_reports" / assignment.name / f"{student}.json").is_file():
        return ()
    from ..nbgrader_bridge.sandbox.grade import last_outcome

    outcome = last_outcome(assignment.folder, assignment.name, student)
    return () if outcome is None else tuple(outcome.notes)


def marks_of(assignment: Assignment, graded: Graded) -> Marks:
    """The gradebook's marks by heading, in the order of the release; cells it no longer has come last."""
    comments = comments_words(graded.comments)
    order = [(cell.notebook, cell.id) for cell in assignment.cells]
    heading = {(cell.notebook, cell.id): cell.heading for cell in assignment.cells}
    known = set(order)
    order += [key for key in (*graded.cells, *comments) if key not in known]
    groups: dict[tuple[str, str], tuple[list[CellLine], list[str]]] = {}
    for key in dict.fromkeys(order):
        cells, said = groups.setdefault((key[0], heading.get(key, "")), ([], []))
        if key in graded.cells:
            score = graded.cells[key]
            cells.append(CellLine(key[1], score.points, score.max_points))
        if key in comments:
            said.append(comments[key])
    return Marks(
        graded.submitted_at,
        graded.points,
        graded.max_points,
        graded.penalty,
        graded.waiting,
        tuple(
            Group(notebook, words, tuple(cells), tuple(dict.fromkeys(said)))
            for (notebook, words), (cells, said) in groups.items()
            if cells or said
        ),
    )
