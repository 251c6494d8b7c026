"""Hand-ins: officers' work on assignments that a trainer wrote by hand, from the upload to the marks they read.

    assignments   what of a course is released by hand, read from its released version
    checking      whether uploaded files can be taken, said at once and in words (``one_file``: each by itself)
    receiving     a version is kept and acknowledged; the earlier ones stay
    files         where versions lie, and how the newest comes to where nbgrader looks
    book          marks, comments and due dates, read from nbgrader's gradebook
    grants        more time for one person, or one more version
    standing      where somebody's work stands, and what it got
    own           one person's assignments, and which marks are news to them
    within        what trainers see
    settling      before grading, and after an erasure
    grading       running what is new, as `isoxa grade` does
    runs          the same asked for by a button: one at a time, gone on with after a restart

Each run of a submission is the sandbox's (``nbgrader_bridge.sandbox``). Hand-ins count towards nothing: no course says
that they do, so they are shown as exercises.
"""

from .assignments import Assignment, ReleasedFile, assignments_of, find_assignment
from .book import Graded, graded_of
from .checking import Upload, check_upload, too_large
from .errors import GradebookUnreadable, HandInRefused, NoSuchHandIn
from .files import place_of
from .grading import NewWork, grade_new, new_work
from .grants import (
    Granted,
    GrantStanding,
    Named,
    for_person,
    grant_standing,
    grant_time,
    grant_version,
    granted_of,
    named_within,
    tell_gradebook,
)
from .one_file import LIMITS, TAKEN
from .own import OwnWork, mark_seen, own_work, own_work_in
from .receiving import Receipt, hand_in, versions_of
from .runs import Run, RunUnderWay, ask_for_run, carry_out, last_run, run_under_way, why_no_run
from .settling import remove_forgotten, settle
from .standing import Marks, Stage, Standing, run_notes, standing_of
from .within import HandedIn, courses_with_assignments, hand_in_within, handed_in_within, submitted_zip

__all__ = [
    "LIMITS",
    "TAKEN",
    "Assignment",
    "GradebookUnreadable",
    "Graded",
    "GrantStanding",
    "Granted",
    "HandInRefused",
    "HandedIn",
    "Marks",
    "Named",
    "NewWork",
    "NoSuchHandIn",
    "OwnWork",
    "Receipt",
    "ReleasedFile",
    "Run",
    "RunUnderWay",
    "Stage",
    "Standing",
    "Upload",
    "ask_for_run",
    "assignments_of",
    "carry_out",
    "check_upload",
    "courses_with_assignments",
    "find_assignment",
    "for_person",
    "grade_new",
    "graded_of",
    "grant_standing",
    "grant_time",
    "grant_version",
    "granted_of",
    "hand_in",
    "hand_in_within",
    "handed_in_within",
    "last_run",
    "mark_seen",
    "named_within",
    "new_work",
    "own_work",
    "own_work_in",
    "place_of",
    "remove_forgotten",
    "run_notes",
    "run_under_way",
    "settle",
    "standing_of",
    "submitted_zip",
    "tell_gradebook",
    "too_large",
    "versions_of",
    "why_no_run",
]
