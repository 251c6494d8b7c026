"""More time, or one more attempt: what a trainer can give an officer, always with a reason, always audited.

The third, giving an attempt back, has a module of its own: `reopening`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from isoxa_courses.text import VIETNAM, format_date, format_number
from sqlalchemy.orm import Session

from isoxa_grading.completion import record_due

from ..attempts.scope import unit_of_person
from ..library import CourseLibrary
from ..tables import ExtraAttempt
from .errors import SupportRefused
from .reopening import ReopenStanding, reopen_standing
from .supported import attempt_for, audited, checked_reason, quiz_standing

MOST_EXTRA = 5


@dataclass(frozen=True, kw_only=True)
class Support:
    """An officer's standing in a quiz, for the page that gives more. ``reopen``: can the attempt be given back."""

    attempt_id: str
    officer: str
    unit: str
    course_title: str
    quiz_title: str
    due_on: date | None
    used: int
    allowed: int
    extra: int
    passed: bool
    reopen: ReopenStanding


def standing(
    session: Session,
    library: CourseLibrary,
    attempt_id: str,
    scope_paths: Sequence[str],
    *,
    person_id: int | None,
) -> Support:
    """Where the attempt's officer stands. Raises `NoSuchTask`."""
    attempt = attempt_for(session, attempt_id, scope_paths, person_id)
    enrolment = attempt.enrolment
    stands = quiz_standing(session, attempt)
    unit = unit_of_person(session, enrolment.person_id)
    return Support(
        attempt_id=attempt.id,
        officer=enrolment.person.full_name,
        unit=unit.name if unit else "",
        course_title=enrolment.edition.title,
        quiz_title=stands.entry.title,
        due_on=enrolment.due_on,
        used=stands.used,
        allowed=stands.allowed,
        extra=stands.extra,
        passed=stands.passed,
        reopen=reopen_standing(session, library, attempt, stands),
    )


def extend_due(
    session: Session,
    attempt_id: str,
    due_on: date,
    reason: str,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    now: datetime,
) -> None:
    """Move the last day to complete on time. Raises `NoSuchTask`, `SupportRefused` (no reason; not later; past)."""
    attempt = attempt_for(session, attempt_id, scope_paths, person_id, lock=True)
    enrolment, why = attempt.enrolment, checked_reason(reason)
    today = now.astimezone(VIETNAM).date()
    if due_on < today:
        raise SupportRefused("Hạn mới đã qua. Chưa đổi; chọn ngày từ hôm nay trở đi.")
    if enrolment.due_on is None:
        raise SupportRefused("Học viên không có hạn hoàn thành nên không cần gia hạn. Chưa có gì thay đổi.")
    if due_on <= enrolment.due_on:
        raise SupportRefused(
            f"Hạn mới phải sau hạn hiện nay ({format_date(enrolment.due_on)}). Chưa đổi; chọn ngày khác."
        )
    before, enrolment.due_on = enrolment.due_on, due_on
    record_due(session, enrolment, due_on=due_on, now=now)
    detail = {"before": before.isoformat(), "after": due_on.isoformat(), "reason": why}
    audited(session, attempt, "enrolment.due_changed", detail, account_id, now)


def one_more(
    session: Session,
    attempt_id: str,
    reason: str,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    now: datetime,
) -> None:
    """Give one more attempt at the attempt's quiz.

    Raises `NoSuchTask`, `SupportRefused` (no reason; passed already; attempts left; too many given).
    """
    attempt = attempt_for(session, attempt_id, scope_paths, person_id, lock=True)
    why, stands = checked_reason(reason), quiz_standing(session, attempt)
    if stands.passed:
        raise SupportRefused("Học viên đã đạt bài kiểm tra này nên không cần làm thêm. Chưa có gì thay đổi.")
    if stands.used < stands.allowed:
        left = format_number(stands.allowed - stands.used)
        raise SupportRefused(f"Học viên còn {left} lần làm bài chưa dùng. Chưa có gì thay đổi.")
    if stands.extra >= MOST_EXTRA:
        raise SupportRefused(
            f"Học viên đã được thêm {MOST_EXTRA} lần làm bài, không thêm được nữa. Chưa có gì thay đổi."
        )
    session.add(
        ExtraAttempt(
            enrolment_id=attempt.enrolment_id,
            quiz=attempt.quiz,
            reason=why,
            granted_by_account_id=account_id,
            granted_at=now,
        )
    )
    detail = {"quiz": attempt.quiz, "allowed": stands.allowed + 1, "reason": why}
    audited(session, attempt, "attempt.extra_given", detail, account_id, now)
