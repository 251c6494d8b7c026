"""What can be wrong with a workshop, an entry into one, or a result file; every ``str()`` is Vietnamese::

WorkshopProblem
├── WorkshopRefused   it cannot be opened so, or there is no such workshop; ``.field``
├── EntryRefused      nobody can come in so; ``.field``, ``.candidates``
└── FileRefused       the file is no result that can be taken; ``.reason``
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

__all__ = ["EntryRefused", "FileRefused", "Reason", "WorkshopProblem", "WorkshopRefused"]


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
