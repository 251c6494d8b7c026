"""What can be wrong with a request about an attempt or a lesson, in words an officer can act on.

    WorkError                     .code for programs, .message for people (Vietnamese)
    ├── NotYours                  there is no such attempt for this person; shown as "not found"
    ├── NoSuchSlot                the attempt, quiz or lesson has no such part
    ├── BadWrite                  the request itself is malformed (key, sequence)
    ├── TooLarge                  more than the limit
    ├── AttemptClosed             submitted already
    ├── StaleAnswer               a newer value is stored; .newer carries it
    ├── AttemptRefused            a new attempt cannot begin; .reason says why
    ├── NotEnrolled               lesson work or progress of someone who is not enrolled
    └── GradeRefused              a trainer's mark that cannot be taken

An answer of the wrong type raises `isoxa_courses`' ``AnswerError``; it stores nothing and costs nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any


class WorkError(Exception):
    """The root; ``str(error)`` is the Vietnamese message."""

    code = "work"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotYours(WorkError):
    """The attempt is not this person's, or does not exist; the two look the same from outside."""

    code = "not_found"

    def __init__(self) -> None:
        super().__init__(
            "Không tìm thấy bài làm này trong tài khoản của anh/chị. Mở lại bài kiểm tra từ trang khóa học."
        )


class NoSuchSlot(WorkError):
    """There is no question, lesson item, lesson or quiz of that name."""

    code = "not_found"

    @classmethod
    def question(cls) -> NoSuchSlot:
        """A slot that the attempt does not have."""
        return cls("Bài kiểm tra không có câu hỏi này. Tải lại trang; các câu trả lời đã lưu vẫn còn.")

    @classmethod
    def lesson(cls) -> NoSuchSlot:
        """A lesson that the edition does not have."""
        return cls("Khóa học không có bài này. Mở lại bài học từ trang khóa học.")

    @classmethod
    def item(cls) -> NoSuchSlot:
        """An item that the lesson does not have."""
        return cls("Bài học không có phần này. Tải lại trang; những gì đã lưu vẫn còn.")

    @classmethod
    def quiz(cls) -> NoSuchSlot:
        """A quiz that the edition does not have."""
        return cls("Khóa học không có bài kiểm tra này. Mở lại bài kiểm tra từ trang khóa học.")


class BadWrite(WorkError):
    """The browser sent a write without a usable key or sequence."""

    code = "bad_write"

    def __init__(self) -> None:
        super().__init__(
            "Yêu cầu lưu không hợp lệ nên chưa lưu. Tải lại trang rồi trả lời lại; các phần đã lưu vẫn còn."
        )


class TooLarge(WorkError):
    """More than one answer or one lesson item may hold."""

    code = "too_large"

    def __init__(self, limit_kilobytes: int) -> None:
        super().__init__(
            f"Nội dung dài quá {limit_kilobytes} KB nên chưa lưu; bản lưu trước vẫn còn. Rút gọn rồi lưu lại."
        )


class AttemptClosed(WorkError):
    """The attempt was submitted; its answers are frozen."""

    code = "closed"

    def __init__(self) -> None:
        super().__init__(
            "Bài này đã nộp nên không sửa câu trả lời được nữa. "
            "Các câu trả lời lúc nộp được giữ nguyên. Mở trang kết quả để xem."
        )


class StaleAnswer(WorkError):
    """Another window stored something newer. ``newer``: what is stored, in the browser's form, with its ``seq``."""

    code = "stale"

    def __init__(self, newer: Mapping[str, Any]) -> None:
        super().__init__(
            "Phần này vừa được sửa ở cửa sổ hoặc máy khác. "
            "Bản mới hơn được giữ và đang hiện ra; sửa tiếp từ bản đó nếu cần."
        )
        self.newer = dict(newer)


class Refusal(enum.StrEnum):
    """Why an attempt cannot begin."""

    NOT_ENROLLED = "not_enrolled"
    LOCKED = "locked"
    NONE_LEFT = "none_left"
    WAITING = "waiting"
    NOT_BUILT = "not_built"


class AttemptRefused(WorkError):
    """A new attempt cannot begin. Nothing was used up."""

    code = "refused"

    def __init__(self, reason: Refusal, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class NotEnrolled(WorkError):
    """The person has no enrolment in the course."""

    code = "not_enrolled"

    def __init__(self) -> None:
        super().__init__(
            "Anh/chị chưa được ghi danh vào khóa học này nên hệ thống không lưu được. "
            "Liên hệ người phụ trách đào tạo của tỉnh."
        )


class GradeRefused(WorkError):
    """A trainer's mark that was not taken; the former mark stands."""

    code = "grade_refused"
