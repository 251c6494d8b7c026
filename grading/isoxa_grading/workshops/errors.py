"""What can be wrong with a workshop, an entry into one, or a result file; every ``str()`` is Vietnamese::

WorkshopProblem
├── WorkshopRefused   it cannot be opened so, or there is no such workshop; ``.field``
├── EntryRefused      nobody can come in so; ``.field``, ``.candidates``
├── FileRefused       the file is no result that can be taken; ``.reason``
└── ReportRefused     what a page reports cannot be taken now; ``.code``

CodeRefused (a `RecordedRefusal`: the try was noted)   no class has this code, or too many were tried; ``.wait_seconds``
ReturnRefused (an `EntryRefused`: the try was noted)   the code to come in again is not this person's
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from isoxa_grading.records.database import RecordedRefusal

__all__ = [
    "CodeRefused",
    "EntryRefused",
    "FileRefused",
    "Reason",
    "ReportRefused",
    "ReturnRefused",
    "WorkshopProblem",
    "WorkshopRefused",
]


class WorkshopProblem(Exception):
    """The root; nothing was changed."""


class WorkshopRefused(WorkshopProblem):
    """``field``: of the form, or ''."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class EntryRefused(WorkshopProblem):
    """``candidates``: units it could mean, as (id, name)."""

    def __init__(self, message: str, field: str, candidates: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.candidates = tuple(candidates)


class ReturnRefused(EntryRefused):
    """A wrong code to come in again, or too many of them. What was noted of it is to be kept."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "return_code")


class CodeRefused(RecordedRefusal):
    """No class here has this code; or, with ``wait_seconds``, no code is looked at before that."""

    def __init__(self, message: str, wait_seconds: int = 0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class Reason(enum.StrEnum):
    """Why a file was not taken."""

    NOT_A_RESULT = "not_a_result"
    TOO_LARGE = "too_large"
    CUT = "cut"
    ALTERED = "altered"
    NEWER_FORMAT = "newer_format"
    OTHER_EDITION = "other_edition"
    DOES_NOT_FIT = "does_not_fit"
    FUTURE = "future"
    OUT_OF_SCOPE = "out_of_scope"


class FileRefused(WorkshopProblem):
    """Nothing of the file was recorded."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ReportRefused(WorkshopProblem):
    """``code``: ``not_today``, ``over`` or ``full``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
