"""A trainer's mark: a new revision beside the former ones, audited, with a reason when it replaces one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from isoxa_courses.questions.written import Written
from isoxa_courses.text import clean, format_number
from sqlalchemy.orm import Session

from ..audit import audit
from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus, SlotScore
from .errors import GradeRefused
from .find import StoredScore, find_attempt, scores_of, scores_of_round
from .paper import Paper
from .scope import check_scope, unit_of_person
from .scores import settle

MAX_COMMENT = 4000
MAX_REASON = 1000


def grade(
    session: Session,
    library: CourseLibrary,
    attempt_id: str,
    slot: str,
    points: Decimal,
    comment: str,
    grader_account_id: int,
    now: datetime,
    reason: str | None,
    scope_paths: Sequence[str] | None,
    rubric: Sequence[str] | None = None,
    seen_round: int | None = None,
) -> Attempt:
    """Give a slot of a submitted attempt its points. ``rubric``: ids of the lines that were met; None: not said.

    Raises `NotYours` (no such attempt, or out of the trainer's scope), `NoSuchSlot`, `GradeRefused` (still open;
    handed in anew since it was read; points out of range or finer than 0.01; regraded without a reason, which is also
    what the second of two trainers who grade the same answer at once is told).
    """
    attempt = find_attempt(session, attempt_id, lock=True)
    if scope_paths is not None:
        check_scope(session, attempt_id, scope_paths)
    paper = Paper.of(library, attempt)
    max_points = paper.slot(slot).points
    if attempt.status is AttemptStatus.OPEN:
        if attempt.round > 1:
            raise GradeRefused(
                "Bài này đã được mở lại cho học viên làm tiếp nên chưa chấm được. Chưa lưu; chờ học viên nộp lại."
            )
        raise GradeRefused("Học viên chưa nộp bài này nên chưa chấm được.")
    if seen_round not in (None, attempt.round):
        raise GradeRefused(
            "Học viên đã nộp lại bài này sau khi anh/chị mở trang. Điểm chưa lưu; đọc bài làm mới rồi chấm."
        )
    _check_points(points, max_points)
    scores = scores_of(session, [attempt.id])[attempt.id]
    before = scores.get(slot)
    why = clean(reason or "")
    if before is not None and not why:
        raise GradeRefused(
            f"Câu này đã có điểm ({format_number(before.points)}). Điểm cũ được giữ nguyên. "
            "Nếu chấm lại, ghi lý do rồi lưu."
        )
    said = clean(comment, lines=True)
    if len(said) > MAX_COMMENT or len(why) > MAX_REASON:
        raise GradeRefused(
            f"Nhận xét tối đa {format_number(MAX_COMMENT)} ký tự, lý do tối đa {format_number(MAX_REASON)} ký tự. "
            "Chưa lưu; rút gọn rồi lưu lại."
        )
    if rubric is not None:
        rubric = _lines_of(paper, slot, rubric)
    score = SlotScore(
        attempt_id=attempt.id,
        slot=slot,
        round=attempt.round,
        revision=before.revision + 1 if before else 1,
        points=points,
        max_points=max_points,
        source="trainer",
        grader_account_id=grader_account_id,
        comment=said or None,
        reason=why or None,
        rubric=None if rubric is None else list(rubric),
        at=now,
    )
    session.add(score)
    settle(session, attempt, paper, {**scores, slot: score}, now)
    _audit(session, attempt, score, before, now)
    return attempt


def take_over(
    session: Session,
    library: CourseLibrary,
    attempt_id: str,
    slot: str,
    points: Decimal,
    comment: str,
    now: datetime,
    attempt_round: int = 1,
) -> None:
    """Store a mark that a trainer gave in nbgrader's formgrader, beside the former ones.

    A mark for a round that a reopening has ended is kept with that round, and nothing follows from it.

    formgrader also takes more than the full points (and less than none): such a mark counts as the nearest that the
    slot can have, and the reason says what was given. Raises `NotYours`, `NoSuchSlot`.
    """
    attempt = find_attempt(session, attempt_id, lock=True)
    paper = Paper.of(library, attempt)
    most = paper.slot(slot).points
    scores = scores_of_round(session, attempt.id, attempt_round)
    before = scores.get(slot)
    counted = min(max(points, Decimal(0)), most)
    why = None if before is None else "Chấm trong formgrader"
    if counted != points:
        why = f"formgrader cho {format_number(points)} điểm, ngoài thang 0–{format_number(most)}"
    score = SlotScore(
        attempt_id=attempt.id,
        slot=slot,
        round=attempt_round,
        revision=before.revision + 1 if before else 1,
        points=counted,
        max_points=most,
        source="formgrader",
        comment=comment or None,
        reason=why,
        at=now,
    )
    session.add(score)
    if attempt_round == attempt.round and attempt.status is not AttemptStatus.OPEN:
        settle(session, attempt, paper, {**scores, slot: score}, now)
    _audit(session, attempt, score, before, now)


def _lines_of(paper: Paper, slot: str, named: Sequence[str]) -> list[str]:
    """The named lines of the slot's rubric, in its order."""
    question = paper.question(slot)
    lines = [line.id for line in question.rubric] if isinstance(question, Written) else []
    if not set(named) <= set(lines):
        raise GradeRefused(
            "Thang điểm trên màn hình không khớp với câu hỏi. Chưa lưu; tải lại trang rồi chấm lại câu này."
        )
    return [line for line in lines if line in named]


def _check_points(points: Decimal, max_points: Decimal) -> None:
    # is_finite first: NaN compares with nothing, and a signalling one raises.
    if not points.is_finite() or not 0 <= points <= max_points:
        raise GradeRefused(f"Điểm phải từ 0 đến {format_number(max_points)}. Chưa lưu; sửa điểm rồi lưu lại.")
    if points * 100 % 1 != 0:
        raise GradeRefused("Điểm lấy tối đa hai chữ số sau dấu phẩy. Chưa lưu; sửa điểm rồi lưu lại.")


def _audit(
    session: Session, attempt: Attempt, score: SlotScore, before: StoredScore | None, now: datetime
) -> None:
    unit = unit_of_person(session, attempt.enrolment.person_id)
    detail = {
        "quiz": attempt.quiz,
        "slot": score.slot,
        "round": score.round,
        "revision": score.revision,
        "points": str(score.points),
        "before": str(before.points) if before else None,
        "reason": score.reason,
        "source": score.source,
    }
    audit(
        session,
        score.grader_account_id,
        "grade.changed" if before else "grade.given",
        "attempt",
        attempt.id,
        unit.id if unit else None,
        detail,
        now,
    )
