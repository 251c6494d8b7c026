"""The tables of the records database, by subject.

``units`` (who belongs under whom, and since when) · ``people`` (persons, memberships, accounts, roles, sign-in
sessions) · ``access`` (activation codes; requests for a new password, to correct, to erase; wrong codes) ·
``training`` (editions, enrolments, attempts, answers, scores, facts) · ``grading`` (answers to judge, who holds them,
kept comments, extra attempts, reopened ones) · ``handins`` (hand-written assignments, runs, grants) · ``certificates``
(what was printed, files, look-ups) · ``enrolling`` (batches, reminders) · ``reporting`` (standings, snapshots, the
count of changes) · ``effect`` (reviews of what a training changed) · ``workshops`` (classes in a hall, files brought
home from them, what its pages report) · ``audit`` (audit log, roster imports, outbox). Importing this package
registers every table on ``Base.metadata``.
"""

from .access import ActivationCode, DataRequest, DataRequestKind, ResetRequest, WrongCode
from .audit import AuditEvent, OutboxItem, RosterImport, RosterImportRow
from .base import Base, UtcDateTime
from .certificates import Certificate, CertificateFile, CertificateLookup, CertificateYear
from .effect import Degree, EffectReview
from .enrolling import BatchKind, EnrolmentBatch, Reminder, ReminderKind, ReminderStatus
from .grading import BankComment, ExtraAttempt, GradingTask, Reopening
from .handins import GradingRun, HandIn, HandInGrant, HandInLook
from .people import Account, LoginFailure, Membership, Person, QualityRole, Role, RoleGrant, SignInSession
from .reporting import (
    EnrolmentStanding,
    RecordsVersion,
    ReportSnapshot,
    ReportSnapshotCount,
    ReportSnapshotShared,
)
from .training import (
    Answer,
    Attempt,
    AttemptStatus,
    CourseEdition,
    Enrolment,
    FactKind,
    LessonWork,
    QuizVersion,
    SlotScore,
    TrainingFact,
)
from .units import Unit, UnitKind, UnitSuccessor
from .workshops import (
    Workshop,
    WorkshopEntry,
    WorkshopPresence,
    WorkshopResult,
    WorkshopSending,
    WorkshopVouching,
)

__all__ = [
    "Account",
    "ActivationCode",
    "Answer",
    "Attempt",
    "AttemptStatus",
    "AuditEvent",
    "BankComment",
    "Base",
    "BatchKind",
    "Certificate",
    "CertificateFile",
    "CertificateLookup",
    "CertificateYear",
    "CourseEdition",
    "DataRequest",
    "DataRequestKind",
    "Degree",
    "EffectReview",
    "Enrolment",
    "EnrolmentBatch",
    "EnrolmentStanding",
    "ExtraAttempt",
    "FactKind",
    "GradingRun",
    "GradingTask",
    "HandIn",
    "HandInGrant",
    "HandInLook",
    "LessonWork",
    "LoginFailure",
    "Membership",
    "OutboxItem",
    "Person",
    "QualityRole",
    "QuizVersion",
    "RecordsVersion",
    "Reminder",
    "ReminderKind",
    "ReminderStatus",
    "Reopening",
    "ReportSnapshot",
    "ReportSnapshotCount",
    "ReportSnapshotShared",
    "ResetRequest",
    "Role",
    "RoleGrant",
    "RosterImport",
    "RosterImportRow",
    "SignInSession",
    "SlotScore",
    "TrainingFact",
    "Unit",
    "UnitKind",
    "UnitSuccessor",
    "UtcDateTime",
    "Workshop",
    "WorkshopEntry",
    "WorkshopPresence",
    "WorkshopResult",
    "WorkshopSending",
    "WorkshopVouching",
    "WrongCode",
]
