"""Where a course's nbgrader folder keeps what, and the settings that stock nbgrader reads in it.

The layout is nbgrader's own, so that `nbgrader autograde`, `export`, `generate_feedback` and formgrader work in the
folder as they are. A quiz is one assignment with one notebook of the same name, ``QUIZ-vVERSION``.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from isoxa_courses.models import Quiz

STUB = "variant, answer = None, None"
"""What an unanswered solution cell holds. nbgrader's default stub raises, and would break the page."""

CONFIG = """# Written by isoxa; stock nbgrader reads it when run in this folder.
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "{course}"
# The default stub raises NotImplementedError; an unanswered question must simply be unanswered.
c.ClearSolutions.code_stub = {{"python": "{stub}"}}
# Cells that a submission lacks come back from the source, as isoxa's own grading assumes.
c.OverwriteCells.add_missing_cells = True
c.ExecutePreprocessor.timeout = 60
"""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")


def assignment_name(quiz: Quiz) -> str:
    """nbgrader's name of a quiz version: ``03-pdca-v1``. The version is part of it, since a version with
    submissions is never rebuilt."""
    name = f"{quiz.id}-v{quiz.version}"
    if not _NAME.match(name):
        raise ValueError(f"{name!r} cannot be a folder's name")
    return name


def student_name(person_id: int) -> str:
    """nbgrader's id of a person: stable through changes of name, unit and account, and fit for a folder."""
    return f"cb{person_id:07d}"


def names_for_gradebook(full_name: str) -> tuple[str, str]:
    """Given name, and family name with what stands between, as the gradebook has them.

    formgrader writes a name into its page as it is, and in a hall people type their own: no sign begins a tag.
    """
    family, _, given = full_name.replace("<", "‹").replace(">", "›").rpartition(" ")
    return given, family


def person_id_of(student: str) -> int | None:
    """The person a student id of ours stands for; None if a trainer made the student by hand."""
    return int(student[2:]) if re.fullmatch(r"cb\d{7,}", student) else None


@dataclass(frozen=True)
class NbgraderFolder:
    """The nbgrader course folder of one course."""

    root: Path

    @property
    def gradebook_url(self) -> str:
        return f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def lock_file(self) -> Path:
        return self.root / ".gradebook.lock"

    def source(self, assignment: str) -> Path:
        return self.root / "source" / assignment / f"{assignment}.ipynb"

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment / f"{assignment}.ipynb"

    def submitted(self, student: str, assignment: str) -> Path:
        return self.root / "submitted" / student / assignment / f"{assignment}.ipynb"

    def autograded(self, student: str, assignment: str) -> Path:
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def create(self, course: str) -> None:
        """Make the folder, closed to others since its sources hold keys, and write nbgrader's settings."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o700)
        (self.root / "nbgrader_config.py").write_text(
            CONFIG.format(course=course, stub=STUB), encoding="utf-8"
        )


def programs_on_path() -> None:
    """nbgrader starts `alembic` by name when it makes a gradebook: this environment's programs must be on PATH."""
    programs = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if programs not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([programs, path]) if path else programs
