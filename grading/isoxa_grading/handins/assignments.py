"""The assignments of a course that trainers wrote by hand, read from their released version and from nowhere else.

What nbgrader has in ``release/`` of the course's folder and is no quiz is such an assignment. The release holds no
solution and no hidden test; one that still does (released past our own check) is not offered to anybody. The title is
the first heading of its first notebook, the due date is the one of nbgrader's gradebook, which formgrader sets too.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from isoxa_courses.text import clean
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..nbgrader_bridge.course_folder import NbgraderFolder
from ..records.data_folder import DataFolder
from ..records.tables import QuizVersion
from .book import due_dates
from .errors import GradebookUnreadable, NoSuchHandIn

__all__ = ["Assignment", "ReleasedCell", "ReleasedFile", "assignments_of", "find_assignment"]

log = logging.getLogger("isoxa.handins")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$", re.MULTILINE)
_MARKS = tuple(
    f"{side} {mark}" for side in ("BEGIN", "END") for mark in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
)


@dataclass(frozen=True)
class ReleasedFile:
    """A file of the release: ``name`` is its path below the release's folder, ``size`` in bytes."""

    name: str
    size: int
    path: Path


@dataclass(frozen=True)
class ReleasedCell:
    """A cell with nbgrader's id: what it stands under, its points (None: it has none), its text as released.

    ``answer``: what is written in it is looked at (a solution cell).
    """

    notebook: str
    id: str
    heading: str
    points: Decimal | None
    answer: bool
    source: str


@dataclass(frozen=True)
class Assignment:
    """``notebooks``: file names; ``due``: until when it is on time (None: no due date)."""

    course: str
    name: str
    title: str
    due: datetime | None
    notebooks: tuple[str, ...]
    files: tuple[ReleasedFile, ...]
    cells: tuple[ReleasedCell, ...]
    folder: NbgraderFolder

    @property
    def release(self) -> Path:
        """The folder of its release."""
        return self.folder.root / "release" / self.name

    @property
    def max_points(self) -> Decimal:
        """What all its cells together can bring."""
        return sum((cell.points for cell in self.cells if cell.points is not None), Decimal(0))

    def late(self, at: datetime) -> bool:
        """Whether what is handed in at that moment is late. It is taken all the same, as nbgrader does."""
        return self.due is not None and at > self.due


def assignments_of(data: DataFolder, session: Session, course: str) -> list[Assignment]:
    """What is released of a course by hand: those due first before the others, then by name. Blocks."""
    if not _NAME.match(course) or ".." in course:
        return []
    folder = NbgraderFolder(data.nbgrader(course))
    try:
        names = sorted(one.name for one in (folder.root / "release").iterdir() if _NAME.match(one.name))
    except FileNotFoundError:
        return []
    quizzes = set(session.scalars(select(QuizVersion.assignment).where(QuizVersion.course == course)))
    names = [name for name in names if name not in quizzes]
    if not names:
        return []
    try:
        due = due_dates(folder)
    except GradebookUnreadable as error:
        log.warning("%s: %s", course, error)
        due = {}
    found = [_assignment(folder, course, name, due.get(name)) for name in names]
    return sorted(
        (one for one in found if one is not None), key=lambda one: (one.due is None, one.due or 0, one.name)
    )


def find_assignment(data: DataFolder, session: Session, course: str, name: str) -> Assignment:
    """Raises ``NoSuchHandIn``."""
    for one in assignments_of(data, session, course):
        if one.name == name:
            return one
    raise NoSuchHandIn


def _assignment(folder: NbgraderFolder, course: str, name: str, due: datetime | None) -> Assignment | None:
    release = folder.root / "release" / name
    try:
        files = tuple(_files(release))
        read = _read(tuple((one.path, one.path.stat().st_mtime_ns, one.size) for one in files))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        # It is being released anew at this moment, or it is no notebook.
        log.warning("%s of %s cannot be offered: %s", name, course, error)
        return None
    if read is None:
        return None
    title, cells = read
    notebooks = tuple(one.name for one in files if _is_notebook(one))
    return Assignment(course, name, title or name, due, notebooks, files, cells, folder)


def _files(release: Path) -> list[ReleasedFile]:
    if release.is_symlink() or not release.is_dir():
        return []
    found = []
    for path in sorted(release.rglob("*")):
        parts = path.relative_to(release).parts
        inside = not any((release.joinpath(*parts[:n])).is_symlink() for n in range(1, len(parts) + 1))
        if inside and path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            found.append(ReleasedFile("/".join(parts), path.stat().st_size, path))
    return found


def _is_notebook(file: ReleasedFile) -> bool:
    return file.name.endswith(".ipynb") and "/" not in file.name


@lru_cache(maxsize=128)
def _read(files: tuple[tuple[Path, int, int], ...]) -> tuple[str, tuple[ReleasedCell, ...]] | None:
    """Title and cells of the notebooks among these files, as they were at these times; None: nothing to offer."""
    title, cells, seen = "", [], False
    for path, _changed, _size in files:
        if path.suffix != ".ipynb":
            continue
        text = path.read_text("utf-8")
        if any(mark in text for mark in _MARKS):
            log.error("%s still holds what nbgrader takes out of a release; it is not offered", path)
            return None
        notebook = json.loads(text)
        if "quiz" in notebook["metadata"].get("isoxa", {}):
            return None
        seen = True
        first, found = _cells(path.stem, notebook["cells"])
        title = title or first
        cells += found
    return (title, tuple(cells)) if seen else None


def _cells(notebook: str, cells: list[dict[str, Any]]) -> tuple[str, list[ReleasedCell]]:
    title, heading, found = "", "", []
    for cell in cells:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for match in _HEADING.finditer(source):
                words = clean(match[2].replace("*", "").replace("`", ""))[:200]
                title, heading = title or words, words
        meta = cell["metadata"].get("nbgrader")
        if not isinstance(meta, dict) or not isinstance(meta.get("grade_id"), str):
            continue
        graded = meta.get("grade") is True or meta.get("task") is True
        points = Decimal(str(meta.get("points", 0))) if graded else None
        answer = meta.get("solution") is True or meta.get("task") is True
        if graded or answer:
            found.append(ReleasedCell(notebook, meta["grade_id"], heading, points, answer, source))
    return title, found
