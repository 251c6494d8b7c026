"""Assignments a trainer writes by hand, and the sandbox in which submissions to them are graded.

``hand_written`` puts assignments and submissions into the course's nbgrader folder; ``grade`` has stock
``nbgrader autograde`` grade them, one at a time, with the learner's code in a cage (``cages``), and copies checked
scores back. See ``docs/administrators/sandbox.md`` for what each cage keeps out.
"""

from .cages import available as available_cages
from .grade import Outcome, choose_cage, grade_assignment
from .hand_written import AssignmentRefused, add_assignment, add_submission, open_folder, set_due
from .limits import Limits, limits_from

__all__ = [
    "AssignmentRefused",
    "Limits",
    "Outcome",
    "add_assignment",
    "add_submission",
    "available_cages",
    "choose_cage",
    "grade_assignment",
    "limits_from",
    "open_folder",
    "set_due",
]
