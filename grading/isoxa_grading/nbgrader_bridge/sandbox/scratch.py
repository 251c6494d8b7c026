"""A run's scratch folder: a stock nbgrader course folder that holds one assignment and one submission, no more.

::

    SCRATCH/course/    nbgrader_config.py, gradebook.db (this assignment, no marks), source/ submitted/ autograded/
    SCRATCH/kernels/   the one kernel nbgrader finds: a cage
    SCRATCH/meet/      where nbgrader and the caged kernel meet (sockets); the cage sees this and nothing else of it
    SCRATCH/home/      an empty home for nbgrader

The course's own gradebook is only read here, and what its rows hold of other people is not taken.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import api

from ..course_folder import NbgraderFolder
from ..new_gradebook import make_gradebook
from .cages import Cage
from .limits import Limits
from .tidy import Tidied

# Tables of an assignment itself, parents first, with the column by which rows are found in those taken before.
_ASSIGNMENT_TABLES = (
    ("notebook", "assignment_id", "assignment"),
    ("source_cell", "notebook_id", "notebook"),
    ("base_cell", "notebook_id", "notebook"),
    ("grade_cells", "id", "base_cell"),
    ("solution_cells", "id", "base_cell"),
    ("task_cells", "id", "base_cell"),
)
_KERNEL = "isoxa"

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "default_course"
c.CourseDirectory.db_url = "sqlite:///gradebook.db"
c.OverwriteCells.add_missing_cells = True
# Whatever kernel a notebook names, it runs in the cage.
c.Execute.kernel_name = "{kernel}"
c.Execute.timeout = {cell_seconds}
c.Execute.startup_timeout = 60
c.Execute.shutdown_kernel = "immediate"
c.KernelSpecManager.ensure_native_kernel = False
# Sockets in the meeting folder: the cage has no network, not even this machine's own.
c.KernelManager.transport = "ipc"
c.KernelManager.connection_file = {connection!r}
"""


@dataclass(frozen=True)
class Scratch:
    """The scratch folder of one run."""

    root: Path

    @property
    def course(self) -> NbgraderFolder:
        return NbgraderFolder(self.root / "course")

    @property
    def meeting(self) -> Path:
        return self.root / "meet"

    @property
    def gradebook(self) -> Path:
        return self.course.root / "gradebook.db"

    def fill(
        self,
        folder: NbgraderFolder,
        assignment: str,
        student: str,
        tidied: Tidied,
        timestamp: str | None,
        limits: Limits,
    ) -> None:
        """Put the assignment and this submission in, as nbgrader expects them."""
        course = self.course.root
        course.mkdir(mode=0o700)
        config = CONFIG.format(
            kernel=_KERNEL, cell_seconds=limits.cell_seconds, connection=str(self.meeting / "kernel.json")
        )
        (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
        shutil.copytree(
            folder.root / "source" / assignment, course / "source" / assignment, ignore=_symbolic_links
        )
        target = course / "submitted" / student / assignment
        target.mkdir(parents=True)
        for name, notebook in tidied.notebooks.items():
            nbformat.write(notebook, target / f"{name}.ipynb")
        for path, content in tidied.files.items():
            file = target / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        if timestamp is not None:
            (target / "timestamp.txt").write_text(timestamp, encoding="utf-8")
        copy_assignment(folder.root / "gradebook.db", self.gradebook, assignment)

    def install_kernel(self, cage: Cage) -> dict[str, str]:
        """Make the cage the only kernel; returns the environment in which nbgrader finds it, and nothing else."""
        kernels, home = self.root / "kernels" / "kernels" / _KERNEL, self.root / "home"
        kernels.mkdir(parents=True)
        home.mkdir()
        caged = self.root / "cage.json"
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
                   "--HistoryManager.enabled=False"]  # fmt: skip
        caged.write_text(json.dumps(cage.command(command)), encoding="utf-8")
        spec: dict[str, Any] = {
            "argv": [
                sys.executable,
                "-I",
                str(Path(__file__).with_name("start_kernel.py")),
                str(caged),
                "{connection_file}",
            ],
            "display_name": "isoxa",
            "language": "python",
            # A signal would reach the cage's outer program, not the kernel in it.
            "interrupt_mode": "message",
        }
        (kernels / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "JUPYTER_PATH": str(self.root / "kernels"),
            "JUPYTER_RUNTIME_DIR": str(cage.meeting),
            "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "PYTHONNOUSERSITE": "1",
            "MALLOC_ARENA_MAX": "2",
        }


def _symbolic_links(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_symlink()]


def copy_assignment(origin: Path, target: Path, assignment: str) -> None:
    """A new gradebook with one assignment's cells, and no student."""
    engine_url = f"sqlite:///{target}"
    make_gradebook(engine_url)
    api.Gradebook(engine_url, "default_course").close()
    with closing(sqlite3.connect(target)) as book:
        book.execute("attach database ? as origin", (str(origin),))
        with book:
            columns = _columns(book, "assignment")
            book.execute(
                f"insert into assignment ({columns}) select {columns} from origin.assignment where name = ?",  # noqa: S608
                (assignment,),
            )
            for table, column, parent in _ASSIGNMENT_TABLES:
                columns = _columns(book, table)
                book.execute(
                    f"insert into {table} ({columns}) select {columns} from origin.{table} "  # noqa: S608
                    f"where {column} in (select id from main.{parent})"
                )
            book.execute("update assignment set course_id = 'default_course'")


def _columns(book: sqlite3.Connection, table: str) -> str:
    return ", ".join(row[1] for row in book.execute(f"pragma main.table_info({table})"))
