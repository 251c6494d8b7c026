"""The bridge to nbgrader, and the only part that imports it.

Out: a quiz becomes a source notebook, stock `nbgrader generate_assignment` makes the release (``build``). Back: an
attempt becomes a submitted and an autograded notebook and rows in nbgrader's gradebook (``outbox``). Stock
`nbgrader autograde`, `export`, `generate_feedback` and formgrader work in the folder as they are.
"""

from .build import BuildError, BuildReport, build_course
from .course_folder import NbgraderFolder, assignment_name, person_id_of, student_name
from .formgrader import take_formgrader_marks
from .outbox import drain_outbox, outbox_length
from .warming import warm_up

__all__ = [
    "BuildError",
    "BuildReport",
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
