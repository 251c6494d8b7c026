"""What a row of a call list holds; one shape for all lists, so that page, files and letters read them alike."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole

from .report import OnePersonReason


class ListKind(enum.StrEnum):
    """The lists; ``slug`` is the permanent word of the address."""

    NOBODY_SENT = "nobody_sent"
    ONE_PERSON_ONLY = "one_person_only"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    WAITING_FOR_GRADING = "waiting_for_grading"
    EXPIRING_SOON = "expiring_soon"
    ROLES_WITHOUT_ANYONE = "roles_without_anyone"

    @property
    def slug(self) -> str:
        """As in the address: ``chua-cu-ai``."""
        return _SLUGS[self]

    @classmethod
    def of_slug(cls, slug: str) -> ListKind | None:
        """The list with this word; ``None`` for a word that is none."""
        return next((kind for kind, word in _SLUGS.items() if word == slug), None)


_SLUGS = {
    ListKind.NOBODY_SENT: "chua-cu-ai",
    ListKind.ONE_PERSON_ONLY: "chi-co-mot-nguoi",
    ListKind.OVERDUE: "qua-han",
    ListKind.DUE_SOON: "sap-den-han",
    ListKind.WAITING_FOR_GRADING: "cho-cham",
    ListKind.EXPIRING_SOON: "sap-het-hieu-luc",
    ListKind.ROLES_WITHOUT_ANYONE: "vai-tro-chua-co-ai",
}


@dataclass(frozen=True)
class Contact:
    """Whom to call. ``name`` is ``None`` for a post whose holder the reader may not see."""

    name: str | None
    position: str | None
    phone: str | None = None
    email: str | None = None

    @property
    def reach(self) -> str:
        """Telephone and mail; the position where there is neither; '' where nothing is known."""
        known = [self.phone, self.email]
        return " · ".join(filter(None, known)) or self.position or ""


@dataclass(frozen=True)
class CallRow:
    """A call to make. About a commune: the person's fields are ``None``; ``contact`` is ``None`` where we know nobody.

    ``days``: from the report's day to the due day, negative when it has passed. ``missing_role``: the role that nobody
    trained has; ``serving``: how many serve in the commune (with that role) that we know of.
    """

    unit_id: int
    code: str
    commune: str
    province: str
    contact: Contact | None
    person_id: int | None = None
    enrolment_id: int | None = None
    full_name: str | None = None
    position: str | None = None
    quality_role: QualityRole | None = None
    state: State | None = None
    due_on: date | None = None
    days: int | None = None
    valid_until: date | None = None
    quiz: str | None = None
    quiz_title: str | None = None
    waiting_since: date | None = None
    reason: OnePersonReason | None = None
    missing_role: QualityRole | None = None
    serving: int | None = None
    registered: int | None = None
    completed: int | None = None
