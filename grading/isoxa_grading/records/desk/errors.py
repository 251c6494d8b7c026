"""What the desk refuses, in words for the trainer: what happened, that nothing was lost, what to do."""

from __future__ import annotations

from decimal import Decimal

from isoxa_courses.text import format_number

from ..attempts.errors import WorkError


class NoSuchTask(WorkError):
    """No such answer, or out of the trainer's scope, or the trainer's own: the three look the same."""

    code = "not_found"

    def __init__(self) -> None:
        super().__init__(
            "Không tìm thấy câu này trong phạm vi chấm của anh/chị. Quay lại danh sách rồi chọn câu khác."
        )


class TaskHeld(WorkError):
    """Another trainer has the answer open."""

    code = "held"

    def __init__(self) -> None:
        super().__init__(
            "Giảng viên khác đang chấm câu này nên điểm của anh/chị chưa lưu. "
            "Những gì anh/chị đã ghi còn trên màn hình; chuyển sang câu tiếp theo."
        )


class AlreadyGraded(WorkError):
    """The answer was graded since the trainer opened it."""

    code = "graded"

    def __init__(self, points: Decimal) -> None:
        super().__init__(
            f"Câu này vừa được chấm {format_number(points)} điểm; điểm đó được giữ nguyên, điểm của anh/chị "
            "chưa lưu. Chuyển sang câu tiếp theo, hoặc mở lại câu này để chấm lại và ghi lý do."
        )


class BankFull(WorkError):
    """A comment that the bank does not take."""

    code = "bank"


class SupportRefused(WorkError):
    """A due day or an extra attempt that was not given; nothing changed."""

    code = "support"
