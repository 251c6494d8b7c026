"""The published editions of a course, newest first: what a report on the course adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.completion import Requirements
from isoxa_grading.records.tables.training import CourseEdition


class UnknownCourse(LookupError):
    """No such course, or no such edition of it, was published."""

    def __init__(self, course: str, edition: str | None) -> None:
        named = f"“{course}”" if edition is None else f"“{course}”, phiên bản {edition}"
        super().__init__(f"Chưa có khóa học {named} trong hệ thống. Hãy kiểm tra lại tên khóa học.")


@dataclass(frozen=True)
class Edition:
    """An edition of the course and what it asks for. ``quiz_titles``: by the quiz's id."""

    id: int
    name: str
    title: str
    required: Requirements
    quiz_titles: Mapping[str, str] = field(default_factory=dict)


def published_editions(session: Session, course: str, edition: str | None) -> list[Edition]:
    """The editions (or the one), the newest first. Raises ``UnknownCourse`` when there is none."""
    wanted = (
        select(CourseEdition)
        .where(CourseEdition.course == course)
        .order_by(CourseEdition.published_at.desc(), CourseEdition.id.desc())
    )
    if edition is not None:
        wanted = wanted.where(CourseEdition.edition == edition)
    found = [
        Edition(
            row.id,
            row.edition,
            row.title,
            Requirements.from_manifest(row.manifest),
            {str(quiz["id"]): str(quiz.get("title", quiz["id"])) for quiz in row.manifest.get("quizzes", ())},
        )
        for row in session.scalars(wanted)
    ]
    if not found:
        raise UnknownCourse(course, edition)
    return found
