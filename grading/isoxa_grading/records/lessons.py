"""Lesson work: what an officer did in the checkpoints and tools of a lesson, and when each was first done.

The same rules as for answers: an idempotency key, a sequence per item, a stale write is refused with the newer state.
Unlike answers it is a draft, kept in its newest state only; what is kept for good are the facts that it led to.
The server judges what is done, with the practice content of the officer's own edition; a browser's word for it
counts for nothing. What was done once stays done, however the officer plays on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.models import Lesson
from isoxa_courses.practice import practice_done
from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from isoxa_grading.completion import record_checkpoint_done, record_lesson_completed, record_started

from .attempts.errors import NoSuchSlot, NotEnrolled, StaleAnswer
from .attempts.find import current_enrolment
from .attempts.saving import check_size, check_write
from .database import reading, writing
from .lesson_standing import LessonStanding, standing_of
from .library import CourseLibrary
from .tables import Enrolment, LessonWork

__all__ = ["ItemState", "LessonService", "LessonState", "SavedItem", "save_item"]

STATE_KILOBYTES = 64
# Built once: a lesson is saved item by item, and building a statement costs more than asking it.
_OF_LESSON = select(LessonWork).where(
    LessonWork.enrolment_id == bindparam("enrolment"), LessonWork.lesson == bindparam("lesson")
)


@dataclass(frozen=True)
class ItemState:
    """One item as it was last saved."""

    state: Any
    seq: int
    done: bool


@dataclass(frozen=True)
class LessonState:
    """``items``: those that were ever saved; ``done`` of ``total`` count the items that the lesson asks for."""

    items: dict[str, ItemState]
    done: int
    total: int
    complete: bool

    def to_json(self) -> dict[str, Any]:
        """The body of ``GET /api/courses/C/lessons/L/state``."""
        return {
            "items": {
                item: {"state": one.state, "seq": one.seq, "done": one.done}
                for item, one in self.items.items()
            },
            "done": self.done,
            "total": self.total,
            "complete": self.complete,
        }


@dataclass(frozen=True)
class SavedItem:
    """The acknowledgement of a saved item."""

    seq: int
    done: bool
    lesson_done: int
    lesson_total: int
    lesson_complete: bool

    def to_json(self) -> dict[str, Any]:
        """The body of ``PUT /api/courses/C/lessons/L/items/ID``."""
        return {
            "saved": True,
            "seq": self.seq,
            "done": self.done,
            "lesson": {
                "done": self.lesson_done,
                "total": self.lesson_total,
                "complete": self.lesson_complete,
            },
        }


class LessonService:
    """Loads and saves lesson work, one transaction a call. Safe to share between threads."""

    def __init__(self, engine: Engine, courses: CourseLibrary) -> None:
        self._engine = engine
        self._courses = courses

    def state(self, person_id: int, course: str, lesson: str) -> LessonState:
        """Everything saved in a lesson. Raises `NotEnrolled`, `NoSuchSlot` (no such lesson)."""
        with reading(self._engine) as session:
            enrolment = current_enrolment(session, person_id, course)
            if enrolment is None:
                raise NotEnrolled
            kept = _kept(session, enrolment, lesson)
            standing = _standing(enrolment, lesson, kept.values())
            items = {
                work.item: ItemState(work.state, work.sequence, work.done_at is not None)
                for work in kept.values()
            }
        return LessonState(items, standing.done, standing.total, standing.complete)

    def save(
        self,
        person_id: int,
        course: str,
        lesson: str,
        item: str,
        raw_state: Any,
        sequence: int,
        write_key: str,
        now: datetime,
    ) -> SavedItem:
        """Keep an item's state, judge it, and record what follows.

        Raises `NotEnrolled`, `NoSuchSlot` (lesson or item), `BadWrite`, `TooLarge` (64 KB), `StaleAnswer` (``newer``:
        ``{"state", "seq"}``); then nothing was stored. A state that makes no sense is kept like any draft, and is
        not done.
        """
        with writing(self._engine) as session:
            return save_item(
                session, self._courses, person_id, course, lesson, item, raw_state, sequence, write_key, now
            )


def save_item(
    session: Session,
    courses: CourseLibrary,
    person_id: int,
    course: str,
    lesson: str,
    item: str,
    raw_state: Any,
    sequence: int,
    write_key: str,
    now: datetime,
) -> SavedItem:
    """`LessonService.save` in a transaction of the caller's."""
    check_write(sequence, write_key)
    check_size(raw_state, STATE_KILOBYTES)
    enrolment = current_enrolment(session, person_id, course, lock=True)
    if enrolment is None:
        raise NotEnrolled
    kept = _kept(session, enrolment, lesson)
    before = _standing(enrolment, lesson, kept.values())
    content = courses.lesson(course, enrolment.edition.edition, lesson)
    _check_item(content, item)
    work = kept.get(item)
    if work is not None and work.write_key == write_key:
        return _saved(work, before)
    if work is not None and sequence <= work.sequence:
        raise StaleAnswer({"state": work.state, "seq": work.sequence})
    done = practice_done(content, item, raw_state)
    if work is None:
        work = LessonWork(enrolment_id=enrolment.id, lesson=lesson, item=item, done_at=None)
        session.add(work)
        kept[item] = work
    newly_done = done and work.done_at is None
    work.state, work.sequence, work.write_key, work.saved_at = raw_state, sequence, write_key, now
    if newly_done:
        work.done_at = now
    session.flush()
    after = _standing(enrolment, lesson, kept.values())
    if not before.touched:
        record_started(session, enrolment, now=now)
    if newly_done:
        record_checkpoint_done(session, enrolment, lesson=lesson, item=item, now=now)
    if newly_done and after.complete:
        record_lesson_completed(session, enrolment, lesson=lesson, now=now)
    return _saved(work, after)


def _kept(session: Session, enrolment: Enrolment, lesson: str) -> dict[str, LessonWork]:
    rows = session.scalars(_OF_LESSON, {"enrolment": enrolment.id, "lesson": lesson})
    return {work.item: work for work in rows}


def _standing(enrolment: Enrolment, lesson: str, kept: Iterable[LessonWork]) -> LessonStanding:
    manifest = EditionManifest.from_json(enrolment.edition.manifest)
    listed = next((one for one in manifest.lessons if one.id == lesson), None)
    if listed is None:
        raise NoSuchSlot.lesson()
    return standing_of(listed, {work.item: (work.done_at, work.saved_at) for work in kept})


def _check_item(content: Lesson, item: str) -> None:
    if item not in content.items:
        raise NoSuchSlot.item()


def _saved(work: LessonWork, standing: LessonStanding) -> SavedItem:
    return SavedItem(
        work.sequence, work.done_at is not None, standing.done, standing.total, standing.complete
    )
