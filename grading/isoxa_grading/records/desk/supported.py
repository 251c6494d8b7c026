"""What every kind of support asks first and does last: whose attempt, where it stands, why, and the audit row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import clean, format_number
from sqlalchemy.orm import Session

from ..attempts.errors import NotYours
from ..attempts.find import attempts_of, extra_attempts, find_attempt
from ..attempts.scope import check_scope, unit_of_person
from ..attempts.standing import QuizStanding, standing_of
from ..audit import audit
from ..lesson_standing import complete_lessons
from ..tables import Attempt
from .errors import NoSuchTask, SupportRefused

LONGEST_REASON = 1000


def attempt_for(
    session: Session,
    attempt_id: str,
    scope_paths: Sequence[str],
    person_id: int | None,
    *,
    lock: bool = False,
) -> Attempt:
    """The attempt, within the trainer's scope and not their own. Raises `NoSuchTask`."""
    try:
        attempt = find_attempt(session, attempt_id, lock=lock)
        check_scope(session, attempt_id, scope_paths)
    except NotYours:
        raise NoSuchTask from None
    if attempt.enrolment.person_id == person_id:
        raise NoSuchTask
    return attempt


def quiz_standing(session: Session, attempt: Attempt) -> QuizStanding:
    """Where the attempt's officer stands with its quiz."""
    enrolment = attempt.enrolment
    manifest = EditionManifest.from_json(enrolment.edition.manifest)
    return standing_of(
        manifest,
        attempt.quiz,
        attempts_of(session, enrolment.id, attempt.quiz),
        complete_lessons(session, enrolment.id, manifest),
        extra_attempts(session, enrolment.id).get(attempt.quiz, 0),
    )


def checked_reason(typed: str) -> str:
    """The reason in tidy form. Raises `SupportRefused` for none, or one too long."""
    why = clean(typed)
    if not why:
        raise SupportRefused("Chưa có lý do nên chưa đổi gì. Ghi lý do rồi lưu lại.")
    if len(why) > LONGEST_REASON:
        raise SupportRefused(
            f"Lý do tối đa {format_number(LONGEST_REASON)} ký tự. Chưa đổi gì; rút gọn rồi lưu lại."
        )
    return why


def audited(
    session: Session,
    attempt: Attempt,
    action: str,
    detail: Mapping[str, object],
    account_id: int,
    now: datetime,
) -> None:
    """Record what was given, about the enrolment or about the attempt, as ``action`` says."""
    unit = unit_of_person(session, attempt.enrolment.person_id)
    kind, subject = (
        ("enrolment", attempt.enrolment_id) if action.startswith("enrolment") else ("attempt", attempt.id)
    )
    audit(session, account_id, action, kind, subject, unit.id if unit else None, detail, now)
