"""nbgrader's own example course, from `nbgrader quickstart` to its exported marks; and what a second run keeps."""

from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbgrader
import pytest
from isoxa_grading.nbgrader_bridge import NbgraderFolder
from isoxa_grading.nbgrader_bridge.sandbox import add_assignment, add_submission, grade_assignment
from isoxa_grading.records.data_folder import DataFolder

from tests.grading.sandbox.world import QUICK, RIGHT, World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("caged"),
    pytest.mark.filterwarnings("ignore:Object of type"),
]


def run_nbgrader(folder: Path, *arguments: str) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_quickstart_course_from_start_to_finish(tmp_path: Path) -> None:
    run_nbgrader(tmp_path, "quickstart", "course101")
    data = DataFolder(tmp_path / "data")
    data.create()
    folder = NbgraderFolder(data.nbgrader("k"))
    folder.create("k")
    released = add_assignment(folder, "ps1", tmp_path / "course101" / "source" / "ps1")
    assert released == ["problem1.ipynb", "problem2.ipynb"]
    assert "BEGIN" not in (folder.root / "release" / "ps1" / "problem1.ipynb").read_text()

    examples = (
        Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "submitted" / "bitdiddle" / "ps1"
    )
    add_submission(
        folder, "ps1", "bitdiddle", list(examples.iterdir()), now=datetime(2026, 11, 2, tzinfo=UTC)
    )
    (outcome,) = grade_assignment(data, folder, "ps1", limits=QUICK)
    assert outcome.message == "Bài của bitdiddle: 1,5/13 điểm; còn 5 ô chờ giảng viên chấm."
    assert (folder.root / "autograded" / "bitdiddle" / "ps1" / "problem2.ipynb").exists()

    run_nbgrader(folder.root, "export")
    (row,) = list(csv.DictReader((folder.root / "grades.csv").open(encoding="utf-8")))
    assert (row["student_id"], row["assignment"], float(row["score"])) == ("bitdiddle", "ps1", 1.5)
    run_nbgrader(folder.root, "generate_feedback", "ps1")
    assert (folder.root / "feedback" / "bitdiddle" / "ps1" / "problem1.html").exists()


def test_a_second_run_keeps_what_a_trainer_gave(world: World) -> None:
    world.submit("an", world.answered(RIGHT, lambda nb: world.cell(nb, "nhan-xet").update(source="Bài viết")))
    first = world.grade()["an"]
    assert (first.points, first.waiting, first.kept) == (3, 2, False)
    assert world.grade()["an"].kept
    with sqlite3.connect(world.folder.root / "gradebook.db") as book:
        book.execute(
            "update grade set manual_score = 2.5, needs_manual_grade = 0 where cell_id in "
            "(select id from base_cell where name = 'nhan-xet')"
        )
    second = world.grade(again=True)["an"]
    assert not second.kept
    assert second.points == 5.5
