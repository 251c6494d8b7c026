"""The small course that these tests read, and copies of it to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from isoxa_courses.loading import load_course
from isoxa_courses.models import Course, Quiz

FIXTURES = Path(__file__).parent / "fixtures"


class CourseCopy:
    """A copy of the fixture course that a test may break."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "khoa-thu"
        self.notebooks = root / "notebooks"

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace the one place where ``old`` stands in a file of the course, or in its notebook."""
        path = self.path(name)
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def path(self, name: str) -> Path:
        return self.notebooks / name if name.endswith(".ipynb") else self.folder / name

    def line(self, name: str, text: str) -> int:
        """The line where ``text`` first stands."""
        lines = self.path(name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)


@pytest.fixture
def copy(tmp_path: Path) -> CourseCopy:
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    return CourseCopy(tmp_path)


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course(FIXTURES / "khoa-thu")


@pytest.fixture(scope="session")
def quiz(course: Course) -> Quiz:
    return course.quiz("01-thu")
