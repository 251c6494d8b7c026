"""How far an enrolment is in its lessons, from the stored work and the edition's manifest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.manifest import EditionManifest, LessonEntry
from sqlalchemy import select
from sqlalchemy.orm import Session

from .tables import LessonWork


@dataclass(frozen=True)
class LessonStanding:
    """``done`` of ``total`` items (checkpoints and tools that count); ``touched``: anything was saved in it."""

    lesson: str
    done: int
    total: int
    touched: bool
    last_saved_at: datetime | None

    @property
    def complete(self) -> bool:
        """Everything that counts is done; a lesson with nothing to do holds nobody up."""
        return self.done >= self.total


def lesson_standings(
    session: Session, enrolment_id: int, manifest: EditionManifest
) -> dict[str, LessonStanding]:
    """Lesson id → standing, for every lesson of the edition, in its order."""
    query = select(LessonWork.lesson, LessonWork.item, LessonWork.done_at, LessonWork.saved_at).where(
        LessonWork.enrolment_id == enrolment_id
    )
    work: dict[str, dict[str, tuple[datetime | None, datetime]]] = {}
    for row in session.execute(query):
        work.setdefault(row.lesson, {})[row.item] = (row.done_at, row.saved_at)
    return {lesson.id: standing_of(lesson, work.get(lesson.id, {})) for lesson in manifest.lessons}


def standing_of(lesson: LessonEntry, rows: Mapping[str, tuple[datetime | None, datetime]]) -> LessonStanding:
    """The standing in one lesson from its saved items: id → (first done at, last saved at)."""
    done = sum(1 for item in lesson.items if item in rows and rows[item][0] is not None)
    last = max((saved_at for _, saved_at in rows.values()), default=None)
    return LessonStanding(lesson.id, done, len(lesson.items), bool(rows), last)


def items_done(
    session: Session, enrolment_ids: Collection[int], lessons: Collection[str]
) -> dict[tuple[int, str], set[str]]:
    """(Enrolment, lesson) → ids of the items that are done, for those of these that have any."""
    query = select(LessonWork.enrolment_id, LessonWork.lesson, LessonWork.item).where(
        LessonWork.enrolment_id.in_(enrolment_ids),
        LessonWork.lesson.in_(lessons),
        LessonWork.done_at.is_not(None),
    )
    found: dict[tuple[int, str], set[str]] = {}
    for row in session.execute(query):
        found.setdefault((row.enrolment_id, row.lesson), set()).add(row.item)
    return found


def complete_lessons(session: Session, enrolment_id: int, manifest: EditionManifest) -> set[str]:
    """Ids of the lessons that are complete."""
    return {one.lesson for one in lesson_standings(session, enrolment_id, manifest).values() if one.complete}
