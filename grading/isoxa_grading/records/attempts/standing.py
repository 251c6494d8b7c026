"""Where an officer stands with a quiz: what they may do next, and if not, why not.

One rule for the start of an attempt, the quiz page, the result page and the course page.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from isoxa_courses.manifest import EditionManifest, QuizEntry

from ..tables import Attempt, AttemptStatus
from .errors import AttemptRefused, NoSuchSlot, Refusal
from .find import best_of


@dataclass(frozen=True)
class QuizStanding:
    """``entry`` is the quiz as the edition's manifest has it; ``attempts`` are in order of their numbers.

    ``locked_by``: id of the lesson that must be complete first; None if it is, or if none is asked for. ``extra``:
    attempts a trainer gave beyond those of the edition.
    """

    entry: QuizEntry
    attempts: tuple[Attempt, ...]
    locked_by: str | None
    extra: int = 0

    @property
    def open(self) -> Attempt | None:
        """The attempt that is being worked on."""
        return next((one for one in self.attempts if one.status is AttemptStatus.OPEN), None)

    @property
    def waiting(self) -> Attempt | None:
        """The latest attempt that waits for a trainer."""
        return next((one for one in reversed(self.attempts) if one.status is AttemptStatus.SUBMITTED), None)

    @property
    def best(self) -> Attempt | None:
        """The attempt that counts."""
        return best_of(self.attempts)

    @property
    def passed(self) -> bool:
        """Some attempt reached the pass mark."""
        return any(one.passed for one in self.attempts)

    @property
    def used(self) -> int:
        """Attempts begun, the open one included."""
        return len(self.attempts)

    @property
    def allowed(self) -> int:
        """Attempts the edition allows, and those a trainer gave beyond."""
        return self.entry.attempts + self.extra

    @property
    def reveals(self) -> bool:
        """Right answers may be shown: passed, or no attempt is left and none is open."""
        return self.passed or (self.used >= self.allowed and self.open is None)

    @property
    def refusal(self) -> Refusal | None:
        """Why no new attempt can begin; None if it can (an open one is gone on with, so not asked here)."""
        if self.locked_by is not None:
            return Refusal.LOCKED
        if self.waiting is not None:
            return Refusal.WAITING
        if self.used >= self.allowed:
            return Refusal.NONE_LEFT
        return None

    @property
    def can_start(self) -> bool:
        """A new attempt can begin now."""
        return self.open is None and self.refusal is None


def entry_of(manifest: EditionManifest, quiz: str) -> QuizEntry:
    """A quiz's rules in the edition. Raises `NoSuchSlot` if the edition has no such quiz."""
    entry = next((one for one in manifest.quizzes if one.id == quiz), None)
    if entry is None:
        raise NoSuchSlot.quiz()
    return entry


def standing_of(
    manifest: EditionManifest,
    quiz: str,
    attempts: Sequence[Attempt],
    complete_lessons: Collection[str],
    extra: int = 0,
) -> QuizStanding:
    """The standing in one quiz of the edition; ``extra`` as `find.extra_attempts` has it.

    Raises `NoSuchSlot` if the edition has no such quiz.
    """
    entry = entry_of(manifest, quiz)
    locked_by = entry.after if entry.after is not None and entry.after not in complete_lessons else None
    return QuizStanding(entry, tuple(attempts), locked_by, extra)


def refused(standing: QuizStanding, manifest: EditionManifest, reason: Refusal) -> AttemptRefused:
    """The refusal in words."""
    if reason is Refusal.LOCKED:
        lesson = next((one for one in manifest.lessons if one.id == standing.locked_by), None)
        name = f"Bài {lesson.number}. {lesson.title}" if lesson else "bài học trước đó"
        return AttemptRefused(
            reason, f"Bài kiểm tra chưa mở. Hoàn thành các phần thực hành của “{name}” rồi quay lại làm bài."
        )
    if reason is Refusal.WAITING:
        return AttemptRefused(
            reason,
            "Bài anh/chị nộp lần trước đang chờ giảng viên chấm. "
            "Chờ có kết quả rồi làm lại nếu cần; bài đã nộp được giữ nguyên.",
        )
    if reason is Refusal.NONE_LEFT:
        return AttemptRefused(
            reason,
            f"Anh/chị đã dùng hết {standing.allowed} lần làm bài. Kết quả cao nhất được tính. "
            "Nếu cần làm thêm, liên hệ giảng viên.",
        )
    return AttemptRefused(
        reason,
        "Bài kiểm tra này chưa sẵn sàng trên máy chủ. Báo người quản trị; anh/chị chưa mất lần làm bài nào.",
    )


def not_enrolled() -> AttemptRefused:
    """The refusal of somebody who is not enrolled."""
    return AttemptRefused(
        Refusal.NOT_ENROLLED,
        "Anh/chị chưa được ghi danh vào khóa học này nên chưa làm bài được. "
        "Liên hệ người phụ trách đào tạo của tỉnh.",
    )
