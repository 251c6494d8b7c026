"""What can be wrong with handing in, in words an officer can act on.

HandInRefused             the work cannot be taken; .messages (Vietnamese), one a fault; what was there stays
NoSuchHandIn              no such assignment, version or file for whoever asks
GradebookUnreadable       nbgrader's gradebook is held or damaged; marks cannot be shown now
"""

from __future__ import annotations

from collections.abc import Sequence


class HandInRefused(Exception):
    """The work cannot be taken as it is. Nothing was stored, and what was handed in before still counts."""

    def __init__(self, messages: str | Sequence[str]) -> None:
        self.messages = [messages] if isinstance(messages, str) else list(messages)
        super().__init__("\n".join(self.messages))


class NoSuchHandIn(Exception):
    """It does not exist, or it is not theirs; the two look the same from outside."""


class GradebookUnreadable(Exception):
    """nbgrader's gradebook cannot be read at this moment; ``str()`` can be shown to anyone."""

    def __init__(self) -> None:
        super().__init__(
            "Sổ điểm đang bận hoặc không đọc được nên chưa hiện được điểm. Bài đã nộp vẫn còn nguyên; "
            "xin mở lại trang sau ít phút."
        )
