"""The courses there are, for pages that let one choose."""

from __future__ import annotations

from isoxa_grading.records.tables import CourseEdition
from sqlalchemy import select
from sqlalchemy.orm import Session

__all__ = ["published_courses"]


def published_courses(session: Session) -> list[tuple[str, str]]:
    """Id and title (of its newest edition) of each course, the one published last first."""
    found: dict[str, str] = {}
    newest_first = select(CourseEdition).order_by(CourseEdition.published_at.desc(), CourseEdition.id.desc())
    for edition in session.scalars(newest_first):
        found.setdefault(edition.course, edition.title)
    return list(found.items())
