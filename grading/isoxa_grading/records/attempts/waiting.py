"""What a trainer has to grade: one answer of a submitted attempt, within their scope. Piles of them: `desk.piles`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from isoxa_courses.questions.written import Written
from sqlalchemy.orm import Session

from ..library import CourseLibrary
from ..tables import Attempt, Person, Unit
from .find import SlotAnswers, StoredScore, answers_of, find_attempt, scores_of
from .paper import Paper
from .scope import check_scope, unit_of_person


@dataclass(frozen=True, kw_only=True)
class WrittenAnswer:
    """One answer for the grading page. ``rubric``: parts with their points; ``score``: the mark it has, if any.

    ``round``: the attempt's, which a trainer says again with the mark, so that they mark what they have read.
    """

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
    round: int = 1
    rubric_ids: tuple[str, ...] = ()


def answer_to_grade(
    session: Session, library: CourseLibrary, attempt_id: str, slot: str, scope_paths: Sequence[str]
) -> WrittenAnswer:
    """One slot of a submitted attempt with the mark it has. Raises `NotYours`, `NoSuchSlot`."""
    check_scope(session, attempt_id, scope_paths)
    attempt = find_attempt(session, attempt_id)
    paper = Paper.of(library, attempt)
    number = paper.slots.index(paper.slot(slot)) + 1
    stored = answers_of(session, [attempt.id])[attempt.id].get(slot)
    score = scores_of(session, [attempt.id])[attempt.id].get(slot)
    unit = unit_of_person(session, attempt.enrolment.person_id)
    return _written(attempt, paper, slot, number, stored, unit, score)


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
        round=attempt.round,
        rubric_ids=tuple(line.id for line in question.rubric) if isinstance(question, Written) else (),
    )
