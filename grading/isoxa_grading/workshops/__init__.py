"""Workshops: come in by name, work, take one signed file home; import such files as evidence on another portal.

In the hall: `joining` (name, commune, role → an ordinary account), `gathering` (their records → the content of a
file), `result_file` with `signing` and `codes` (the file's form, what a signature and a code prove); for the trainer
`hall` (figures of the room, no names; from `whereabouts`) and `pacing` (how far the room may go). At home: `opening`
(the workshop and its code), `checking` (does a file fit the released course; scores), `matching` (who on the roster
it is), `previewing` (a line a file), `recording` (a file, whole), `importing` (many, in portions). Between a hall and
its organiser's portal, where pages reach it: `standing` (what a page reports, and the pace it was told), there
`class_codes` (whose code that is), `presence` (where the room is), `receiving` (a file that a page sends) and
`sendings` (files that wait for a trainer).
``docs/trainers/lop-tap-huan.md`` tells trainers what each proves.
"""

from .codes import read_code, shown_code
from .errors import (
    CodeRefused,
    EntryRefused,
    FileRefused,
    Reason,
    ReportRefused,
    ReturnRefused,
    WorkshopProblem,
    WorkshopRefused,
)
from .gathering import content_of, open_attempts
from .hall import ACTIVE_MINUTES, HallView, look_into_hall
from .importing import record_in_portions
from .joining import Entry, Namesake, change_class_code, chosen_unit, entry_of, join, namesakes, return_as
from .opening import Plan, find_workshop, of_code_name, open_workshop, result_counts, workshops_within
from .pacing import change_pace, class_of, held_steps, runs_on, steps_of, workshop_steps
from .presence import Pace, Standing, take_presence
from .previewing import LEAVE_OUT, NEW_PERSON, Fate, Line, preview, recorded_for
from .receiving import LARGEST_SENDING, Outcome, Receipt, take_file
from .recording import Recorded, record
from .result_file import ENDING, LARGEST_FILE, ResultFile, decode, encode
from .sendings import (
    begin_vouching,
    discard_waiting,
    end_vouching,
    forget_old_reports,
    forget_sendings,
    voucher_of,
    waiting_count,
    waiting_files,
)
from .signing import signer_of
from .standing import note_heard, presence_key, standings_of

__all__ = [
    "ACTIVE_MINUTES",
    "ENDING",
    "LARGEST_FILE",
    "LARGEST_SENDING",
    "LEAVE_OUT",
    "NEW_PERSON",
    "CodeRefused",
    "Entry",
    "EntryRefused",
    "Fate",
    "FileRefused",
    "HallView",
    "Line",
    "Namesake",
    "Outcome",
    "Pace",
    "Plan",
    "Reason",
    "Receipt",
    "Recorded",
    "ReportRefused",
    "ResultFile",
    "ReturnRefused",
    "Standing",
    "WorkshopProblem",
    "WorkshopRefused",
    "begin_vouching",
    "change_class_code",
    "change_pace",
    "chosen_unit",
    "class_of",
    "content_of",
    "decode",
    "discard_waiting",
    "encode",
    "end_vouching",
    "entry_of",
    "find_workshop",
    "forget_old_reports",
    "forget_sendings",
    "held_steps",
    "join",
    "look_into_hall",
    "namesakes",
    "note_heard",
    "of_code_name",
    "open_attempts",
    "open_workshop",
    "presence_key",
    "preview",
    "read_code",
    "record",
    "record_in_portions",
    "recorded_for",
    "result_counts",
    "return_as",
    "runs_on",
    "shown_code",
    "signer_of",
    "standings_of",
    "steps_of",
    "take_file",
    "take_presence",
    "voucher_of",
    "waiting_count",
    "waiting_files",
    "workshop_steps",
    "workshops_within",
]
