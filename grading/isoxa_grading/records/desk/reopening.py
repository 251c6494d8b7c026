"""Giving an attempt back to its officer: who may, when, and in which words it is refused.

What it does to the records is `attempts.reopening`. A trainer who presses the button twice is told the same twice:
``seen_round`` is the round that their page showed, so the second request finds done what it asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from isoxa_courses.text import VIETNAM, format_date, format_datetime, format_number
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..attempts import reopening
from ..attempts.find import current_enrolment
from ..attempts.paper import Paper
from ..attempts.reopening import Reopened
from ..attempts.standing import QuizStanding
from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus, GradingTask
from .errors import SupportRefused
from .supported import attempt_for, audited, checked_reason, quiz_standing

MOST_REOPENED = 5
LONGEST_DAYS = 90
"""A new last day may be so far away."""


@dataclass(frozen=True, kw_only=True)
class ReopenStanding:
    """Whether an attempt can be given back: ``refusal`` says in words why not, or is "".

    ``answers_shown``: the officer has been shown the right answers of it. ``limit_minutes``: the quiz's time limit.
    ``before``: the times it was reopened, first to last.
    """

    number: int
    round: int
    points: Decimal | None
    max_points: Decimal
    limit_minutes: int | None
    answers_shown: bool
    refusal: str
    before: tuple[Reopened, ...]


def reopen_standing(
    session: Session, library: CourseLibrary, attempt: Attempt, stands: QuizStanding
) -> ReopenStanding:
    """The standing of an attempt that the trainer may see."""
    return ReopenStanding(
        number=attempt.number,
        round=attempt.round,
        points=attempt.points,
        max_points=attempt.max_points,
        limit_minutes=Paper.of(library, attempt).quiz.time_limit_minutes,
        answers_shown=attempt.status is not AttemptStatus.OPEN and stands.reveals,
        refusal=_refusal(session, attempt, stands),
        before=tuple(reopening.told(session, attempt.id)),
    )


def reopen(
    session: Session,
    library: CourseLibrary,
    attempt_id: str,
    reason: str,
    last_day: date | None,
    seen_round: int,
    scope_paths: Sequence[str],
    *,
    account_id: int,
    person_id: int | None,
    now: datetime,
) -> None:
    """Give a submitted attempt back, until the end of ``last_day`` (None: the quiz's time limit from now, if any).

    Raises `NoSuchTask`, `SupportRefused` (no reason; the day; open already; a later attempt; an erased or withdrawn
    person; too often; changed since the trainer looked).
    """
    attempt = attempt_for(session, attempt_id, scope_paths, person_id, lock=True)
    # The attempt's row before those of its answers, as everywhere: so nobody waits for each other.
    session.execute(select(GradingTask.id).where(GradingTask.attempt_id == attempt_id).with_for_update())
    why, stands = checked_reason(reason), quiz_standing(session, attempt)
    if _done_already(session, attempt, why, seen_round, account_id):
        return
    refusal = _refusal(session, attempt, stands)
    if refusal:
        raise SupportRefused(f"{refusal} Chưa có gì thay đổi.")
    if attempt.round != seen_round:
        raise SupportRefused(
            "Bài này đã được mở lại và nộp lại sau khi anh/chị mở trang này. Chưa có gì thay đổi; xem lại bài rồi "
            "mở lại nếu vẫn cần."
        )
    _check_day(last_day, now)
    limit = Paper.of(library, attempt).quiz.time_limit_minutes
    deadline = reopening.new_deadline(last_day, limit, now)
    detail = {
        "quiz": attempt.quiz,
        "round": attempt.round + 1,
        "before": None if attempt.points is None else str(attempt.points),
        "deadline": None if deadline is None else deadline.isoformat(),
        "answers_shown": stands.reveals,
        "reason": why,
    }
    reopening.reopen(session, attempt, reason=why, deadline=deadline, account_id=account_id, now=now)
    audited(session, attempt, "attempt.reopened", detail, account_id, now)


def _refusal(session: Session, attempt: Attempt, stands: QuizStanding) -> str:
    """Why the attempt cannot be given back; "" if it can."""
    enrolment = attempt.enrolment
    if enrolment.person.erased_at is not None:
        return "Thông tin của học viên đã được xóa theo yêu cầu nên không mở lại bài được."
    if attempt.status is AttemptStatus.OPEN:
        again = reopening.last_reopened(session, attempt)
        since = f" ({again.by} mở lại lúc {format_datetime(again.at)})" if again else ""
        return f"Bài này đang mở, học viên đang làm{since}."
    last = stands.attempts[-1]
    if last.number > attempt.number:
        return (
            f"Học viên đã bắt đầu lần làm bài sau (lần {format_number(last.number)}) nên không mở lại lần "
            f"{format_number(attempt.number)} được."
        )
    current = current_enrolment(session, enrolment.person_id, enrolment.edition.course)
    if current is None or current.id != enrolment.id:
        return "Học viên không còn được ghi danh theo bản này của khóa học nên không mở lại bài được."
    if attempt.round > MOST_REOPENED:
        return f"Bài này đã được mở lại {MOST_REOPENED} lần, không mở thêm được nữa."
    return ""


def _done_already(session: Session, attempt: Attempt, why: str, seen_round: int, account_id: int) -> bool:
    """This trainer asked for the very same a moment ago, and it was done."""
    if attempt.status is not AttemptStatus.OPEN or attempt.round != seen_round + 1:
        return False
    last = reopening.ended_rounds(session, attempt.id)[-1]
    return last.reopened_by_account_id == account_id and last.reason == why


def _check_day(last_day: date | None, now: datetime) -> None:
    today = now.astimezone(VIETNAM).date()
    if last_day is not None and not today <= last_day <= today + timedelta(days=LONGEST_DAYS):
        raise SupportRefused(
            f"Hạn nộp lại phải từ hôm nay đến {format_date(today + timedelta(days=LONGEST_DAYS))}. "
            "Chưa mở lại; chọn ngày khác."
        )
