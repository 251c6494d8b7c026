"""What trainers have to grade: written answers of submitted attempts, oldest first, within their scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from isoxa_courses.questions.written import Written
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus, CourseEdition, Enrolment, Membership, Person, Unit
from .find import SlotAnswers, StoredScore, answers_of, scores_of
from .paper import Paper
from .scope import check_scope, unit_of_person, within


@dataclass(frozen=True, kw_only=True)
class WrittenAnswer:
    """One answer for the grading page. ``rubric``: parts with their points; ``score``: the mark it has, if any."""

    attempt_id: str
    slot: str
    number: int
    course: str
    quiz: str
    quiz_title: str
    attempt_number: int
    submitted_at: datetime
    person_id: int
    officer: str
    unit_id: int | None
    unit: str
    prompt: str
    answer: Any
    max_points: Decimal
    rubric: tuple[tuple[str, Decimal], ...]
    sample: str
    came_late: bool
    score: StoredScore | None
    rubric_ids: tuple[str, ...] = ()


def waiting_for_grading(
    session: Session,
    library: CourseLibrary,
    scope_paths: Sequence[str],
    course: str | None = None,
    limit: int | None = None,
) -> list[WrittenAnswer]:
    """Answers without a mark, of officers who serve in one of the scopes; oldest submission first.

    ``limit``: at most so many attempts are read.
    """
    if not scope_paths:
        return []
    ids = (
        select(Attempt.id)
        .join(Attempt.enrolment)
        .join(Enrolment.edition)
        .where(Attempt.status == AttemptStatus.SUBMITTED)
        .order_by(Attempt.submitted_at, Attempt.id)
        .limit(limit)
    )
    if course is not None:
        ids = ids.where(CourseEdition.course == course)
    attempts = _load(session, list(session.scalars(within(ids, scope_paths))))
    answers = answers_of(session, [one.id for one in attempts])
    scores = scores_of(session, [one.id for one in attempts])
    units = _units(session, {one.enrolment.person_id for one in attempts})
    found = []
    for attempt in attempts:
        paper = Paper.of(library, attempt)
        unit = units.get(attempt.enrolment.person_id)
        for number, slot in enumerate(paper.slots, 1):
            if slot.id not in scores[attempt.id]:
                stored = answers[attempt.id].get(slot.id)
                found.append(_written(attempt, paper, slot.id, number, stored, unit, None))
    return found


def answer_to_grade(
    session: Session, library: CourseLibrary, attempt_id: str, slot: str, scope_paths: Sequence[str]
) -> WrittenAnswer:
    """One slot of a submitted attempt with the mark it has. Raises `NotYours`, `NoSuchSlot`."""
    check_scope(session, attempt_id, scope_paths)
    (attempt,) = _load(session, [attempt_id])
    paper = Paper.of(library, attempt)
    number = paper.slots.index(paper.slot(slot)) + 1
    stored = answers_of(session, [attempt.id])[attempt.id].get(slot)
    score = scores_of(session, [attempt.id])[attempt.id].get(slot)
    unit = unit_of_person(session, attempt.enrolment.person_id)
    return _written(attempt, paper, slot, number, stored, unit, score)


def _load(session: Session, ids: Sequence[str]) -> list[Attempt]:
    query = (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.edition)
        .join(Enrolment.person)
        .where(Attempt.id.in_(ids))
        .order_by(Attempt.submitted_at, Attempt.id)
        .options(
            contains_eager(Attempt.enrolment).options(
                contains_eager(Enrolment.edition), contains_eager(Enrolment.person)
            )
        )
    )
    return list(session.scalars(query))


def _units(session: Session, person_ids: set[int]) -> dict[int, Unit]:
    query = (
        select(Membership.person_id, Unit)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(person_ids))
        # Last wins: the same order as scope.unit_of_person, turned round.
        .order_by(Membership.valid_to.is_(None), Membership.valid_from, Membership.id)
    )
    return {row.person_id: row.Unit for row in session.execute(query)}


def _written(
    attempt: Attempt,
    paper: Paper,
    slot: str,
    number: int,
    stored: SlotAnswers | None,
    unit: Unit | None,
    score: StoredScore | None,
) -> WrittenAnswer:
    person: Person = attempt.enrolment.person
    question = paper.question(slot)
    counting = stored.counting if stored else None
    return WrittenAnswer(
        attempt_id=attempt.id,
        slot=slot,
        number=number,
        course=attempt.enrolment.edition.course,
        quiz=attempt.quiz,
        quiz_title=paper.quiz.title,
        attempt_number=attempt.number,
        submitted_at=attempt.submitted_at or attempt.started_at,
        person_id=person.id,
        officer=person.full_name,
        unit_id=unit.id if unit else None,
        unit=unit.name if unit else "",
        prompt=question.prompt,
        answer=counting.answer if counting else None,
        max_points=paper.slot(slot).points,
        rubric=tuple((line.text, line.points) for line in question.rubric)
        if isinstance(question, Written)
        else (),
        sample=question.sample if isinstance(question, Written) else "",
        came_late=stored.came_late if stored else False,
        score=score,
        rubric_ids=tuple(line.id for line in question.rubric) if isinstance(question, Written) else (),
    )
