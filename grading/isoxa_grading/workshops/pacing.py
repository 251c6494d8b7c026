"""Leading a room through the course step by step: which steps are open, and for whom that holds.

A step is a lesson or a quiz, in the course's order. A workshop's ``open_steps`` says how many of them the room may
go; None: nobody leads, and everything is as everywhere else. It binds those who came into this portal by name, on the
days of the class alone. What somebody has begun stays open to them: a trainer who goes back takes nobody's work away.

Where the class is of another portal, the participant's page was told its pace there (``WorkshopEntry.heard``): it holds
for ten minutes after it was last heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from isoxa_courses.fields import lesson_order
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.audit import audit
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.tables import Account, Attempt, Enrolment, LessonWork, Workshop, WorkshopEntry

from .errors import WorkshopRefused

__all__ = ["HallStep", "change_pace", "class_of", "held_steps", "runs_on", "steps_of", "workshop_steps"]

HEARD_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class HallStep:
    """A lesson or a quiz in its place; ``number`` is a lesson's, None for a quiz."""

    kind: StepKind
    id: str
    title: str
    number: int | str | None = None


def steps_of(manifest: EditionManifest) -> list[HallStep]:
    """The course in its order: each lesson, then the quizzes after it; quizzes after no lesson last."""
    found: list[HallStep] = []
    known = {lesson.id for lesson in manifest.lessons}
    for lesson in sorted(manifest.lessons, key=lambda one: lesson_order(one.number)):
        found.append(HallStep(StepKind.LESSON, lesson.id, lesson.title, lesson.number))
        found += [_quiz(one.id, one.title) for one in manifest.quizzes if one.after == lesson.id]
    return found + [_quiz(one.id, one.title) for one in manifest.quizzes if one.after not in known]


def workshop_steps(session: Session, workshop: Workshop) -> list[HallStep]:
    """The steps of the newest edition of the workshop's course: that one people are enrolled in at the door."""
    edition = latest_edition(session, workshop.course)
    return steps_of(EditionManifest.from_json(edition.manifest)) if edition is not None else []


def class_of(
    entry_code: str | None, running: Sequence[Workshop], codes: Sequence[str] | None = None
) -> Workshop | None:
    """The class of somebody who came in by name, among those of the course that run today.

    The one whose code they typed; without a code, or with one of no class here, the only one there is. ``codes``: of
    every class of this portal, so that a code of yesterday's class is none of today's; left out, those of ``running``.
    """
    mine = next((one for one in running if one.code == entry_code), None)
    if mine is not None:
        return mine
    known = {one.code for one in running} if codes is None else set(codes)
    return running[0] if len(running) == 1 and entry_code not in known else None


def held_steps(session: Session, enrolment: Enrolment, now: datetime) -> frozenset[tuple[StepKind, str]]:
    """The steps (kind, id) that the trainer has not opened yet for whom this enrolment is; empty outside of a class."""
    entry = session.execute(
        select(WorkshopEntry.class_code, WorkshopEntry.heard)
        .join(Account, Account.id == WorkshopEntry.account_id)
        .where(Account.person_id == enrolment.person_id)
    ).first()
    if entry is None:
        return frozenset()
    today = now.astimezone(VIETNAM).date()
    everyone = session.scalars(select(Workshop).order_by(Workshop.id)).all()
    running = [one for one in everyone if one.course == enrolment.edition.course and runs_on(one, today)]
    workshop = class_of(entry.class_code, running, [one.code for one in everyone])
    heard = _heard(entry.heard, enrolment.edition.course, now)
    open_steps = heard if workshop is None else workshop.open_steps
    if open_steps is None:
        return frozenset()
    later = steps_of(EditionManifest.from_json(enrolment.edition.manifest))[open_steps:]
    begun = _begun(session, enrolment.id)
    return frozenset((one.kind, one.id) for one in later) - begun


def _heard(heard: dict[str, Any] | None, course: str, now: datetime) -> int | None:
    """The pace that another portal told, while it holds."""
    if heard is None or heard["course"] != course:
        return None
    if not timedelta() <= now - datetime.fromisoformat(heard["at"]) <= HEARD_FOR:
        return None
    return max(1, int(heard["open_steps"]))


def runs_on(workshop: Workshop, day: date) -> bool:
    """Whether that is one of its days."""
    return workshop.held_on <= day <= workshop.held_until


def change_pace(
    session: Session,
    workshop: Workshop,
    open_steps: int | None,
    *,
    actor: Account | int | None,
    now: datetime,
) -> None:
    """Let the room go that many steps; None: as far as everybody likes. Audited; the same again changes nothing.

    Raises `WorkshopRefused` for a number that the course does not have, and on a day that is none of the class's.
    """
    if open_steps == workshop.open_steps:
        return
    if not runs_on(workshop, now.astimezone(VIETNAM).date()):
        raise WorkshopRefused("Hôm nay không phải ngày tổ chức của lớp này, nên không mở hay đóng bài được.")
    if open_steps is not None and not 1 <= open_steps <= len(workshop_steps(session, workshop)):
        raise WorkshopRefused("Khóa học không có bước này. Anh/chị tải lại trang rồi bấm lại.")
    detail = {"steps_before": workshop.open_steps, "steps": open_steps}
    workshop.open_steps = open_steps
    audit(session, actor, "workshop.paced", "workshop", workshop.id, workshop.unit_id, detail, now)
    session.flush()


def _quiz(id_: str, title: str) -> HallStep:
    return HallStep(StepKind.QUIZ, id_, title)


def _begun(session: Session, enrolment_id: int) -> set[tuple[StepKind, str]]:
    lessons = session.scalars(
        select(LessonWork.lesson).where(LessonWork.enrolment_id == enrolment_id).distinct()
    )
    quizzes = session.scalars(select(Attempt.quiz).where(Attempt.enrolment_id == enrolment_id).distinct())
    return {(StepKind.LESSON, one) for one in lessons} | {(StepKind.QUIZ, one) for one in quizzes}
