"""Stock nbgrader on the demo's own course folder: the same scores, and its other commands run as they are."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conftest import Demo

ASSIGNMENT = "03-pdca-v1"
SAMPLE = 8

GRADES = """
select student.id, base_cell.name, grade.auto_score, grade.needs_manual_grade, grade.manual_score
from grade
join base_cell on base_cell.id = grade.cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id
join assignment on assignment.id = submitted_assignment.assignment_id
where assignment.name = ?
"""

Cells = dict[str, tuple[float | None, bool]]


def nbgrader(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join([programs, os.environ["PATH"]])}
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def auto_scores(folder: Path, assignment: str = ASSIGNMENT) -> dict[str, Cells]:
    """Student → cell → (automatic score, whether a person must judge)."""
    found: dict[str, Cells] = defaultdict(dict)
    with sqlite3.connect(folder / "gradebook.db") as book:
        for student, cell, auto, needs, manual in book.execute(GRADES, (assignment,)):
            # What a trainer has judged already, autograde would still ask for.
            found[student][cell] = (auto, bool(needs) or manual is not None)
    return dict(found)


def forget_scores(folder: Path) -> None:
    """Leave the gradebook as it was before anything was handed in."""
    with sqlite3.connect(folder / "gradebook.db") as book:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
            book.execute(f"delete from {table}")  # noqa: S608 - names of nbgrader's own tables


def chosen(scores: dict[str, Cells]) -> list[str]:
    """Submissions that between them hold every cell at nothing, at full marks and, where it occurs, in part."""
    wanted = {(cell, auto) for cells in scores.values() for cell, (auto, _needs) in cells.items()}
    picked: list[str] = []
    for student, cells in sorted(scores.items()):
        here = {(cell, auto) for cell, (auto, _needs) in cells.items()}
        if wanted & here:
            picked.append(student)
            wanted -= here
    picked += [student for student in sorted(scores) if student not in picked]
    return picked[:SAMPLE]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_autograde_gives_our_scores(demo: Demo, tmp_path: Path) -> None:
    ours = auto_scores(demo.folder / "nbgrader" / "iso-9001-cap-xa")
    students = chosen(ours)
    assert len(students) == SAMPLE
    outcomes = {auto for student in students for auto, _needs in ours[student].values()}
    assert {None, 0.0, 1.0} <= outcomes
    assert any(auto is not None and auto not in (0.0, 1.0, 2.0, 3.0) for auto in outcomes), (
        "partial credit too"
    )

    folder = tmp_path / "course"
    shutil.copytree(demo.folder / "nbgrader" / "iso-9001-cap-xa", folder)
    shutil.rmtree(folder / "autograded")
    for student in (folder / "submitted").iterdir():
        if student.name not in students:
            shutil.rmtree(student)
    forget_scores(folder)

    done = nbgrader(folder, "autograde", ASSIGNMENT)
    assert done.returncode == 0, done.stderr[-3000:]
    stock = auto_scores(folder)
    assert set(stock) == set(students)
    for student in students:
        assert stock[student] == ours[student]


@pytest.mark.slow
def test_export_db_and_feedback_run_on_the_folder_itself(demo_copy: Demo) -> None:
    folder = demo_copy.folder / "nbgrader" / "iso-9001-cap-xa"
    exported = nbgrader(folder, "export")
    assert exported.returncode == 0, exported.stderr[-3000:]
    with (folder / "grades.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    ours = auto_scores(folder)
    of_quiz = [row for row in rows if row["assignment"] == ASSIGNMENT and row["timestamp"]]
    assert {row["student_id"] for row in of_quiz} == set(ours)

    listed = nbgrader(folder, "db", "student", "list")
    assert listed.returncode == 0, listed.stderr[-3000:]
    names = listed.stdout + listed.stderr
    assert all(f"{student} (" in names for student in ours)

    student = sorted(ours)[0]
    feedback = nbgrader(folder, "generate_feedback", ASSIGNMENT, "--student", student)
    assert feedback.returncode == 0, feedback.stderr[-3000:]
    (page,) = (folder / "feedback" / student / ASSIGNMENT).glob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "score_literal" not in text, "feedback is for officers: no key in it"
