"""What the checks hand over: faults, which are wrong in any course, and shortfalls against a course's standards."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Problem
from .standards import LessonStandards, QuizStandards, is_binding


@dataclass(frozen=True)
class Finding:
    """One thing found. A ``warning`` is printed and stops nothing."""

    problem: Problem
    warning: bool = False


def short_of(standards: QuizStandards | LessonStandards, name: str, problem: Problem) -> Finding:
    """The finding that a standard is not reached: a warning, unless the course set that standard itself."""
    return Finding(problem, warning=not is_binding(standards, name))
