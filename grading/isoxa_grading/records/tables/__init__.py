"""The tables of the records database, by subject.

``units`` (who belongs under whom, and since when) · ``people`` (persons, memberships, accounts, roles,
sign-in sessions) · ``training`` (editions, enrolments, attempts, answers, scores, facts) · ``audit``
(audit log, roster imports, outbox). Importing this package registers every table on ``Base.metadata``.
"""

from .audit import AuditEvent, OutboxItem, RosterImport
from .base import Base, UtcDateTime
from .people import Account, LoginFailure, Membership, Person, RoleGrant, SignInSession
from .training import (
    Answer,
    Attempt,
    CourseEdition,
    Enrolment,
    LessonWork,
    QuizVersion,
    SlotScore,
    TrainingFact,
)
from .units import Unit, UnitSuccessor

__all__ = [
    "Account",
    "Answer",
    "Attempt",
    "AuditEvent",
    "Base",
    "CourseEdition",
    "Enrolment",
    "LessonWork",
    "LoginFailure",
    "Membership",
    "OutboxItem",
    "Person",
    "QuizVersion",
    "RoleGrant",
    "RosterImport",
    "SignInSession",
    "SlotScore",
    "TrainingFact",
    "Unit",
    "UnitSuccessor",
    "UtcDateTime",
]
