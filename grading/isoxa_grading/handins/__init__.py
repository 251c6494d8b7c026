"""Hand-ins: officers' work on assignments that a trainer wrote by hand, from the upload to the marks they read.

    assignments   what of a course is released by hand, read from its released version
    checking      whether uploaded files can be taken, said at once and in words (``one_file``: each by itself)
    receiving     a version is kept and acknowledged; the earlier ones stay
    files         where versions lie, and how the newest comes to where nbgrader looks
    book          marks, comments and due dates, read from nbgrader's gradebook
    standing      where somebody's work stands, and what it got
    within        what trainers see
    settling      before grading, and after an erasure

Grading itself is the sandbox's (``nbgrader_bridge.sandbox``). Hand-ins count towards nothing: no course says that they
do, so they are shown as exercises.
"""

from .assignments import Assignment, ReleasedFile, assignments_of, find_assignment
from .book import Graded, graded_of
from .checking import Upload, check_upload, too_large
from .errors import GradebookUnreadable, HandInRefused, NoSuchHandIn
from .files import place_of
from .one_file import LIMITS, TAKEN
from .receiving import Receipt, hand_in, versions_of
from .settling import remove_forgotten, settle
from .standing import Marks, Stage, Standing, run_notes, standing_of
from .within import HandedIn, courses_with_assignments, hand_in_within, handed_in_within, submitted_zip

__all__ = [
    "LIMITS",
    "TAKEN",
    "Assignment",
    "GradebookUnreadable",
    "Graded",
    "HandInRefused",
    "HandedIn",
    "Marks",
    "NoSuchHandIn",
    "Receipt",
    "ReleasedFile",
    "Stage",
    "Standing",
    "Upload",
    "assignments_of",
    "check_upload",
    "courses_with_assignments",
    "find_assignment",
    "graded_of",
    "hand_in",
    "hand_in_within",
    "handed_in_within",
    "place_of",
    "remove_forgotten",
    "run_notes",
    "settle",
    "standing_of",
    "submitted_zip",
    "too_large",
    "versions_of",
]
