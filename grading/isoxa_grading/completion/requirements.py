"""What an edition asks for: its required lessons with their items, its required quizzes, its validity.

Read from the manifest kept with the edition, never from today's course files: an edition does not change, so
nobody's completion can be undone by a new lesson.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from isoxa_grading.records.tables.training import FactKind


@dataclass(frozen=True)
class Requirements:
    """What must be done: ``lessons`` (id -> item ids) and ``quizzes`` (ids), the required ones only."""

    lessons: Mapping[str, tuple[str, ...]]
    quizzes: tuple[str, ...]
    validity_months: int | None = None

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> Requirements:
        """Read an edition's manifest (JSON). A lesson or quiz that does not say is required."""
        months = manifest.get("validity_months")
        return cls(
            lessons={
                str(lesson["id"]): tuple(str(item) for item in lesson.get("items", ()))
                for lesson in manifest.get("lessons", ())
                if lesson.get("required", True)
            },
            quizzes=tuple(
                str(quiz["id"]) for quiz in manifest.get("quizzes", ()) if quiz.get("required", True)
            ),
            validity_months=int(months) if months else None,
        )

    def steps(self) -> Iterator[tuple[FactKind, str]]:
        """The facts (kind, subject) that together make the course, for the share done.

        Each item of a required lesson is a step, a lesson without items is one, and so is each required quiz.
        """
        for lesson, items in self.lessons.items():
            if items:
                yield from ((FactKind.CHECKPOINT_DONE, f"{lesson}/{item}") for item in items)
            else:
                yield FactKind.LESSON_COMPLETED, lesson
        for quiz in self.quizzes:
            yield FactKind.QUIZ_PASSED, quiz


def add_months(day: date, months: int) -> date:
    """The last day of a term of ``months`` that begins on ``day``.

    A term in months ends on the same day of its last month, or on that month's last day where it has no
    such day (Bộ luật Dân sự 91/2015/QH13, điều 148, khoản 4).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
