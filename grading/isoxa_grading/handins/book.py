"""What nbgrader's gradebook says of hand-written assignments: due dates, marks and comments. It is only read here.

Read with SQLite alone: nbgrader's own class looks the whole schema over each time it opens, and needs the right to
write. A score that still waits for a person is None, also where an earlier version had one: nbgrader asks for a second
look then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from ..nbgrader_bridge.course_folder import NbgraderFolder
from .errors import GradebookUnreadable

__all__ = ["CellScore", "Graded", "due_dates", "graded_of"]

_PATIENCE = 3.0
_CENT = Decimal("0.01")
_AT_ONCE = 500

_DUE = "select name, duedate from assignment where duedate is not null"
_CELLS = """
select s.student_id, s.timestamp, n.name, c.name,
       g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade,
       coalesce(gc.max_score, tc.max_score)
from submitted_assignment s
join assignment a on a.id = s.assignment_id
join submitted_notebook sn on sn.assignment_id = s.id
join notebook n on n.id = sn.notebook_id
join grade g on g.notebook_id = sn.id
join base_cell c on c.id = g.cell_id
left join grade_cells gc on gc.id = c.id
left join task_cells tc on tc.id = c.id
where a.name = ?
"""
_COMMENTS = """
select s.student_id, n.name, c.name, k.manual_comment, k.auto_comment
from submitted_assignment s
join assignment a on a.id = s.assignment_id
join submitted_notebook sn on sn.assignment_id = s.id
join notebook n on n.id = sn.notebook_id
join comment k on k.notebook_id = sn.id
join base_cell c on c.id = k.cell_id
where a.name = ? and coalesce(k.manual_comment, k.auto_comment, '') <> ''
"""
_PENALTIES = """
select s.student_id, coalesce(sum(sn.late_submission_penalty), 0)
from submitted_assignment s
join assignment a on a.id = s.assignment_id
join submitted_notebook sn on sn.assignment_id = s.id
where a.name = ?
"""
NOT_ANSWERED = "No response."
"""What nbgrader itself says of an answer cell left as it was released."""

CellKey = tuple[str, str]
"""Notebook (without its suffix) and nbgrader's id of the cell."""


@dataclass(frozen=True)
class CellScore:
    """``points`` None: a person must judge."""

    points: Decimal | None
    max_points: Decimal


@dataclass
class Graded:
    """What the gradebook has of one student's submission. ``submitted_at``: which one it is; None: it does not say."""

    student: str
    submitted_at: datetime | None
    cells: dict[CellKey, CellScore] = field(default_factory=dict)
    comments: dict[CellKey, str] = field(default_factory=dict)
    penalty: Decimal = Decimal(0)

    @property
    def waiting(self) -> int:
        """How many cells a person must judge."""
        return sum(cell.points is None for cell in self.cells.values())

    @property
    def points(self) -> Decimal:
        """Of all cells with a score, less the penalty for being late, never below 0."""
        given = (cell.points for cell in self.cells.values() if cell.points is not None)
        return max(sum(given, Decimal(0)) - self.penalty, Decimal(0))

    @property
    def max_points(self) -> Decimal:
        return sum((cell.max_points for cell in self.cells.values()), Decimal(0))


def due_dates(folder: NbgraderFolder) -> dict[str, datetime]:
    """Assignment → until when it is on time. Raises ``GradebookUnreadable``."""
    with _reading(folder) as book:
        return {name: _time(due) for name, due in book.execute(_DUE)} if book is not None else {}


def graded_of(
    folder: NbgraderFolder, assignment: str, students: Sequence[str] | None = None
) -> dict[str, Graded]:
    """Student → what they got; ``students``: these alone. Raises ``GradebookUnreadable``."""
    found: dict[str, Graded] = {}
    with _reading(folder) as book:
        if book is None:
            return found
        for some in _portions(students):
            among = f" and s.student_id in ({', '.join('?' * len(some))})" if some else ""
            values = (assignment, *some)
            for row in book.execute(_CELLS + among, values):
                student, stamp, notebook, cell, auto, manual, extra, waits, most = row
                one = found.setdefault(student, Graded(student, _time(stamp) if stamp else None))
                base = auto if manual is None else manual
                points = None if waits or base is None else _points(base + (extra or 0))
                one.cells[notebook, cell] = CellScore(points, _points(most or 0))
            for student, notebook, cell, manual, auto in book.execute(_COMMENTS + among, values):
                if student in found:
                    found[student].comments[notebook, cell] = manual or auto
            for student, penalty in book.execute(_PENALTIES + among + " group by s.student_id", values):
                if student in found:
                    found[student].penalty = _points(penalty)
    return found


def _portions(students: Sequence[str] | None) -> Iterator[Sequence[str]]:
    if students is None:
        yield ()
        return
    for start in range(0, len(students), _AT_ONCE):
        yield students[start : start + _AT_ONCE]


@contextmanager
def _reading(folder: NbgraderFolder) -> Iterator[sqlite3.Connection | None]:
    """The gradebook, or None where there is none yet."""
    file = folder.root / "gradebook.db"
    if not file.is_file():
        yield None
        return
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
        ) as book:
            yield book
    except (sqlite3.Error, ValueError) as error:
        raise GradebookUnreadable from error


def _time(text: str) -> datetime:
    """SQLAlchemy keeps a time as text, in UTC without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _points(value: float) -> Decimal:
    return Decimal(str(value)).quantize(_CENT, ROUND_HALF_UP)


def comments_words(comments: Mapping[CellKey, str]) -> dict[CellKey, str]:
    """The comments as an officer reads them: nbgrader's own one is English."""
    return {key: "Chưa trả lời." if text == NOT_ANSWERED else text for key, text in comments.items()}
