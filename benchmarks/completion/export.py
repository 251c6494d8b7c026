"""Stock ``nbgrader export`` on a real gradebook with some of the country's officers in it.

The model officers' submissions reach the gradebook as the real code writes them; each of the others in the sample gets
a model's rows under a student id of their own, copied by SQL.
"""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from isoxa_grading.nbgrader_bridge import drain_outbox
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.library import CourseLibrary
from sqlalchemy import Engine

from .models import COURSE

COPIES = (
    "INSERT INTO student (id, first_name, last_name, email, lms_user_id) "
    "SELECT id || :n, first_name, last_name, email, lms_user_id FROM student WHERE id IN (SELECT id FROM model)",
    "INSERT INTO submitted_assignment (id, assignment_id, student_id, timestamp, extension) "
    "SELECT id || :n, assignment_id, student_id || :n, timestamp, extension FROM submitted_assignment "
    "WHERE student_id IN (SELECT id FROM model)",
    "INSERT INTO submitted_notebook (id, assignment_id, notebook_id, flagged, late_submission_penalty) "
    "SELECT n.id || :n, n.assignment_id || :n, n.notebook_id, n.flagged, n.late_submission_penalty "
    "FROM submitted_notebook n JOIN submitted_assignment a ON a.id = n.assignment_id "
    "WHERE a.student_id IN (SELECT id FROM model)",
    "INSERT INTO grade (id, notebook_id, cell_id, auto_score, manual_score, extra_credit, needs_manual_grade) "
    "SELECT g.id || :n, g.notebook_id || :n, g.cell_id, g.auto_score, g.manual_score, g.extra_credit, "
    "g.needs_manual_grade FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id "
    "JOIN submitted_assignment a ON a.id = n.assignment_id WHERE a.student_id IN (SELECT id FROM model)",
)


def fill_gradebook(data: DataFolder, engine: Engine, officers: int) -> int:
    """The models' submissions and copies of them; returns how many students there are."""
    drain_outbox(data, engine, CourseLibrary(data), now=datetime.now(UTC))
    with closing(sqlite3.connect(data.nbgrader(COURSE) / "gradebook.db")) as book, book:
        book.execute("CREATE TEMPORARY TABLE model AS SELECT id FROM student")
        models = book.execute("SELECT count(*) FROM model").fetchone()[0]
        for number in range(1, max(1, officers // models)):
            for statement in COPIES:
                book.execute(statement, {"n": f"-{number}"})
        return int(book.execute("SELECT count(*) FROM student").fetchone()[0])


def export(data: DataFolder, to: Path) -> tuple[float, float, int]:
    """Seconds that ``nbgrader export`` takes, those of them that the processor spent on it, and the rows it wrote (one
    a student and assignment)."""
    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    begun, cpu = time.perf_counter(), _children_cpu()
    subprocess.run(
        [nbgrader, "export", f"--to={to}"], cwd=data.nbgrader(COURSE), check=True, capture_output=True
    )
    spent, cpu = time.perf_counter() - begun, _children_cpu() - cpu
    return spent, cpu, len(to.read_text(encoding="utf-8").splitlines()) - 1


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
