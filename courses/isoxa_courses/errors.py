"""What can go wrong with content and with answers, in words for the person who can put it right.

Exception
├── ContentError       a course's files cannot be used; ``problems`` says where and why
├── AnswerError        an answer from outside makes no sense; nothing was stored, no attempt was used
└── LookupError
    └── UnknownName    asked for a lesson, quiz, slot or item that the content does not have
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to correct: the file, its line (1 is the first) and the reason in Vietnamese."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class ContentError(Exception):
    """A course's files cannot be used; ``str()`` lists every problem, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class AnswerError(Exception):
    """An answer that cannot be understood. The message is for the officer; the attempt goes on."""


class UnknownName(LookupError):
    """A name that this course does not have."""
