"""The bridge to nbgrader, and the only part that imports it.

Out: a quiz becomes a source notebook, stock `nbgrader generate_assignment` makes the release (``build``). Back: an
attempt becomes a submitted and an autograded notebook and rows in nbgrader's gradebook (``outbox``). Stock
`nbgrader autograde`, `export`, `generate_feedback` and formgrader work in the folder as they are.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import BuildError, BuildReport, build_course
    from .course_folder import NbgraderFolder, assignment_name, person_id_of, student_name
    from .formgrader import take_formgrader_marks
    from .gradebook_watch import GradebookWatch
    from .outbox import drain_outbox, outbox_length
    from .warming import warm_up

__all__ = [
    "BuildError",
    "BuildReport",
    "GradebookWatch",
    "NbgraderFolder",
    "assignment_name",
    "build_course",
    "drain_outbox",
    "outbox_length",
    "person_id_of",
    "student_name",
    "take_formgrader_marks",
    "warm_up",
]

# Whoever needs only the folder's layout does not wait for nbgrader: it takes seconds to import.
_HOMES = {
    "build": ("BuildError", "BuildReport", "build_course"),
    "course_folder": ("NbgraderFolder", "assignment_name", "person_id_of", "student_name"),
    "formgrader": ("take_formgrader_marks",),
    "gradebook_watch": ("GradebookWatch",),
    "outbox": ("drain_outbox", "outbox_length"),
    "warming": ("warm_up",),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
