"""More time, or one more attempt: what a trainer can give an officer, always with a reason, always audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM, clean, format_date, format_number
from sqlalchemy.orm import Session

from isoxa_grading.completion import record_due

from ..attempts.errors import NotYours
from ..attempts.find import attempts_of, extra_attempts, find_attempt
from ..attempts.scope import check_scope, unit_of_person
from ..attempts.standing import QuizStanding, standing_of
from ..audit import audit
from ..lesson_standing import complete_lessons
from ..tables import Attempt, ExtraAttempt
from .errors import NoSuchTask, SupportRefused

MOST_EXTRA = 5
LONGEST_REASON = 1000


@dataclass(frozen=True, kw_only=True)
class Support:
    """An officer's standing in a quiz, for the page that gives more."""

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


def standing(
    session: Session, attempt_id: str, scope_paths: Sequence[str], *, person_id: int | None
) -> Support:
    """Where the attempt's officer stands. Raises `NoSuchTask`."""
    attempt = _attempt(session, attempt_id, scope_paths, person_id)
    enrolment = attempt.enrolment
    stands = _standing(session, attempt)
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
    attempt = _attempt(session, attempt_id, scope_paths, person_id, lock=True)
    enrolment, why = attempt.enrolment, _reason(reason)
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
    _audit(session, attempt, "enrolment.due_changed", detail, account_id, now)


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
    attempt = _attempt(session, attempt_id, scope_paths, person_id, lock=True)
    why, stands = _reason(reason), _standing(session, attempt)
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
    _audit(session, attempt, "attempt.extra_given", detail, account_id, now)


def _attempt(
    session: Session,
    attempt_id: str,
    scope_paths: Sequence[str],
    person_id: int | None,
    *,
    lock: bool = False,
) -> Attempt:
    try:
        attempt = find_attempt(session, attempt_id, lock=lock)
        check_scope(session, attempt_id, scope_paths)
    except NotYours:
        raise NoSuchTask from None
    if attempt.enrolment.person_id == person_id:
        raise NoSuchTask
    return attempt


def _standing(session: Session, attempt: Attempt) -> QuizStanding:
    enrolment = attempt.enrolment
    manifest = EditionManifest.from_json(enrolment.edition.manifest)
    return standing_of(
        manifest,
        attempt.quiz,
        attempts_of(session, enrolment.id, attempt.quiz),
        complete_lessons(session, enrolment.id, manifest),
        extra_attempts(session, enrolment.id).get(attempt.quiz, 0),
    )


def _reason(typed: str) -> str:
    why = clean(typed)
    if not why:
        raise SupportRefused("Chưa có lý do nên chưa đổi gì. Ghi lý do rồi lưu lại.")
    if len(why) > LONGEST_REASON:
        raise SupportRefused(
            f"Lý do tối đa {format_number(LONGEST_REASON)} ký tự. Chưa đổi gì; rút gọn rồi lưu lại."
        )
    return why


def _audit(
    session: Session,
    attempt: Attempt,
    action: str,
    detail: Mapping[str, object],
    account_id: int,
    now: datetime,
) -> None:
    unit = unit_of_person(session, attempt.enrolment.person_id)
    kind, subject = (
        ("enrolment", attempt.enrolment_id) if action.startswith("enrolment") else ("attempt", attempt.id)
    )
    audit(session, account_id, action, kind, subject, unit.id if unit else None, detail, now)
