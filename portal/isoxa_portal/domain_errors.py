"""What each error of the services below means to whoever asked: status, code, message."""

from __future__ import annotations

from isoxa_courses.errors import AnswerError
from isoxa_grading.records.account_admin import AccountChanged, AccountOutOfReach
from isoxa_grading.records.accounts import LoginRefused
from isoxa_grading.records.attempts import (
    AttemptClosed,
    AttemptRefused,
    BadWrite,
    EditionMissing,
    GradeRefused,
    NoSuchSlot,
    NotEnrolled,
    NotYours,
    StaleAnswer,
    TooLarge,
    WorkError,
)
from isoxa_grading.records.database import DatabaseBusy, DatabaseProblem, DiskFull
from isoxa_grading.records.desk import AlreadyGraded, BankFull, NoSuchTask, TaskHeld
from sqlalchemy.orm.exc import StaleDataError

from .errors import PortalError, not_found

_STATUS: dict[type[WorkError], int] = {
    NotYours: 404,
    NoSuchSlot: 404,
    BadWrite: 400,
    TooLarge: 413,
    AttemptClosed: 409,
    StaleAnswer: 409,
    AttemptRefused: 409,
    NotEnrolled: 403,
    GradeRefused: 409,
    NoSuchTask: 404,
    TaskHeld: 409,
    AlreadyGraded: 409,
    BankFull: 409,
}


def from_domain(problem: BaseException | None) -> PortalError | None:
    """The answer to an error of the services below, or None if it is none of theirs."""
    if isinstance(problem, LoginRefused):
        return _login(problem)
    if isinstance(problem, AccountOutOfReach):
        return not_found()
    if isinstance(problem, AccountChanged | StaleDataError):
        known = problem if isinstance(problem, AccountChanged) else AccountChanged()
        return PortalError(409, "changed", str(known))
    if isinstance(problem, AnswerError):
        return PortalError(400, "answer", str(problem))
    if isinstance(problem, WorkError):
        return _work(problem)
    if isinstance(problem, EditionMissing):
        return PortalError(503, "not_built", str(problem.args[0]))
    if isinstance(problem, DiskFull):
        return PortalError(507, "disk_full", str(problem))
    if isinstance(problem, DatabaseProblem):
        return PortalError(
            503, "busy", str(problem), retry_after=2 if isinstance(problem, DatabaseBusy) else 30
        )
    return None


def _login(problem: LoginRefused) -> PortalError:
    wait = problem.wait_seconds
    if wait:
        return PortalError(429, "slow_down", str(problem), retry_after=int(wait))
    return PortalError(401, "login", str(problem))


def _work(problem: WorkError) -> PortalError:
    extra: dict[str, object] = {}
    if isinstance(problem, StaleAnswer):
        extra["newer"] = problem.newer
    if isinstance(problem, AttemptRefused):
        extra["reason"] = problem.reason.value
    return PortalError(_STATUS.get(type(problem), 400), problem.code, problem.message, extra=extra)
