"""A hand-written assignment with every kind of cell, and submissions to it made from its release."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from isoxa_grading.nbgrader_bridge import NbgraderFolder
from isoxa_grading.nbgrader_bridge.sandbox import (
    Outcome,
    add_assignment,
    add_submission,
    grade_assignment,
)
from isoxa_grading.nbgrader_bridge.sandbox.limits import Limits
from isoxa_grading.records.data_folder import DataFolder
from nbformat import NotebookNode

NAME = "bt1"
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
QUICK = Limits(seconds=120, cell_seconds=30)
RIGHT = "def tong(a, b):\n    return a + b\n"


def cell(source: str, grade_id: str, *, markdown: bool = False, **meta: Any) -> NotebookNode:
    make = nbformat.v4.new_markdown_cell if markdown else nbformat.v4.new_code_cell
    flags = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    made: NotebookNode = make(source, metadata={"nbgrader": {**flags, "grade_id": grade_id, **meta}})
    return made


def source_notebook() -> NotebookNode:
    notebook: NotebookNode = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            cell("# Bài tập", "loi-dan", markdown=True, locked=True),
            cell(
                "def tong(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION\n",
                "tong",
                solution=True,
            ),
            cell(
                "assert tong(1, 2) == 3\n### BEGIN HIDDEN TESTS\n"
                "assert tong(5, 5) == 10, 'KEYTOKEN'\n### END HIDDEN TESTS",
                "kiem-tra",
                grade=True,
                locked=True,
                points=2,
            ),
            cell("assert 1 + 1 == 2", "luon-dung", grade=True, locked=True, points=1),
            cell("Trả lời ở đây", "nhan-xet", markdown=True, grade=True, solution=True, points=3),
            cell(
                "Lập sơ đồ quy trình.\n=== BEGIN MARK SCHEME ===\nMARKTOKEN\n=== END MARK SCHEME ===",
                "so-do",
                markdown=True,
                task=True,
                locked=True,
                points=1,
            ),
        ],
    )
    return notebook


def make_released(base: Path) -> None:
    """A data folder ``base/data`` whose course "k" has the assignment, released."""
    data = DataFolder(base / "data")
    data.create()
    data.engine().dispose()
    (data.path / "isoxa.db").write_text("RECORDTOKEN")
    folder = NbgraderFolder(data.nbgrader("k"))
    folder.create("k")
    nbformat.write(source_notebook(), base / "bai.ipynb")
    assert add_assignment(folder, NAME, base / "bai.ipynb") == [f"{NAME}.ipynb"]


class World:
    """One test's own copy of the released folder."""

    def __init__(self, place: Path) -> None:
        self.data = DataFolder(place)
        self.folder = NbgraderFolder(self.data.nbgrader("k"))
        self.release = nbformat.read(self.folder.release(NAME), as_version=4)

    def answered(self, code: str, change: Callable[[NotebookNode], None] = lambda _nb: None) -> NotebookNode:
        notebook = deepcopy(self.release)
        self.cell(notebook, "tong").source = code
        change(notebook)
        return notebook

    @staticmethod
    def cell(notebook: NotebookNode, id_: str) -> NotebookNode:
        found: NotebookNode = next(
            one for one in notebook.cells if one.metadata.get("nbgrader", {}).get("grade_id") == id_
        )
        return found

    def submit(self, student: str, work: NotebookNode | bytes | str) -> None:
        file = self.data.path.parent / "nop.ipynb"
        notebook = self.answered(work) if isinstance(work, str) else work
        file.write_bytes(notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode())
        add_submission(self.folder, NAME, student, [file], now=NOW)

    def grade(self, *students: str, limits: Limits = QUICK, again: bool = False) -> dict[str, Outcome]:
        done = grade_assignment(
            self.data, self.folder, NAME, students=students or None, limits=limits, again=again
        )
        return {outcome.student: outcome for outcome in done}

    def autograded(self, student: str) -> NotebookNode:
        found: NotebookNode = nbformat.read(self.folder.autograded(student, NAME), as_version=4)
        return found
