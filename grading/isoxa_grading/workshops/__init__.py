"""Workshops: come in by name, work, take one signed file home; import such files as evidence on another portal.

In the hall: `joining` (name, commune, role → an ordinary account), `gathering` (their records → the content of a
file), `result_file` with `signing` and `codes` (the file's form, what a signature and a code prove); for the trainer
`hall` (figures of the room, no names) and `pacing` (how far the room may go). At home: `opening` (the workshop and its
code), `checking` (does a file fit the released course; scores), `matching` (who on the roster it is), `previewing` (a
line a file), `recording` (one transaction). ``docs/trainers/lop-tap-huan.md`` tells trainers what each proves.
"""

from .codes import read_code, shown_code
from .errors import EntryRefused, FileRefused, Reason, WorkshopProblem, WorkshopRefused
from .gathering import content_of, open_attempts
from .hall import ACTIVE_MINUTES, HallView, look_into_hall
from .joining import Entry, Namesake, change_class_code, chosen_unit, entry_of, join, namesakes, return_as
from .opening import Plan, find_workshop, of_code_name, open_workshop, result_counts, workshops_within
from .pacing import change_pace, class_of, held_steps, runs_on, steps_of, workshop_steps
from .previewing import LEAVE_OUT, NEW_PERSON, Fate, Line, preview, recorded_for
from .recording import Recorded, record
from .result_file import ENDING, LARGEST_FILE, ResultFile, decode, encode
from .signing import signer_of

__all__ = [
    "ACTIVE_MINUTES",
    "ENDING",
    "LARGEST_FILE",
    "LEAVE_OUT",
    "NEW_PERSON",
    "Entry",
    "EntryRefused",
    "Fate",
    "FileRefused",
    "HallView",
    "Line",
    "Namesake",
    "Plan",
    "Reason",
    "Recorded",
    "ResultFile",
    "WorkshopProblem",
    "WorkshopRefused",
    "change_class_code",
    "change_pace",
    "chosen_unit",
    "class_of",
    "content_of",
    "decode",
    "encode",
    "entry_of",
    "find_workshop",
    "held_steps",
    "join",
    "look_into_hall",
    "namesakes",
    "of_code_name",
    "open_attempts",
    "open_workshop",
    "preview",
    "read_code",
    "record",
    "recorded_for",
    "result_counts",
    "return_as",
    "runs_on",
    "shown_code",
    "signer_of",
    "steps_of",
    "workshop_steps",
    "workshops_within",
]
