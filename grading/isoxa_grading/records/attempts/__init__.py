"""The attempt: how an answer lives.

``start`` → ``save`` … → ``submit`` → (a trainer's ``grade_slot``) → result. `service` is what callers use; beside it
one module a step: `starting`, `saving`, `submitting` with `scores`, `grading`, `waiting`; `present` makes the
`views`; `standing` is the rule of what may be done next; `find` the rules of which row counts; `paper` joins an
attempt with its questions; `after_commit` keeps the gradebook's troubles away from the officer.
"""

from ..library import CourseLibrary, EditionMissing
from .errors import (
    AttemptClosed,
    AttemptRefused,
    BadWrite,
    GradeRefused,
    NoSuchSlot,
    NotEnrolled,
    NotYours,
    Refusal,
    StaleAnswer,
    TooLarge,
    WorkError,
)
from .find import best_of, counting_attempt, current_enrolment
from .service import AttemptService
from .standing import QuizStanding
from .views import AttemptView, Receipt, ResultView, Saved, SlotResult, SlotView, Verdict
from .waiting import WrittenAnswer, answer_to_grade

__all__ = [
    "AttemptClosed",
    "AttemptRefused",
    "AttemptService",
    "AttemptView",
    "BadWrite",
    "CourseLibrary",
    "EditionMissing",
    "GradeRefused",
    "NoSuchSlot",
    "NotEnrolled",
    "NotYours",
    "QuizStanding",
    "Receipt",
    "Refusal",
    "ResultView",
    "Saved",
    "SlotResult",
    "SlotView",
    "StaleAnswer",
    "TooLarge",
    "Verdict",
    "WorkError",
    "WrittenAnswer",
    "answer_to_grade",
    "best_of",
    "counting_attempt",
    "current_enrolment",
]
