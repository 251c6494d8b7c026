"""From stored rows to what the officer's page is given.

The rule that matters: right answers and explanations leave the server only once the officer has passed, or has
submitted the last attempt. Until then a submitted attempt says per question right, partly or wrong, and the section
of the lesson to read again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.models import Slot
from isoxa_courses.questions.written import Written
from sqlalchemy.orm import Session

from ..lesson_standing import items_done
from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus
from .find import (
    SlotAnswers,
    StoredScore,
    answers_of,
    attempts_of_many,
    extra_attempts_of_many,
    scores_of,
)
from .paper import Paper
from .reopening import Reopened, last_reopened
from .standing import QuizStanding, standing_of
from .views import AttemptView, Receipt, ResultView, RubricLine, SlotResult, SlotView, Verdict


@dataclass(frozen=True)
class KnownSlots:
    """An attempt's answers and scores by slot, as `find` gives them."""

    answers: Mapping[str, SlotAnswers]
    scores: Mapping[str, StoredScore]


def view_of(session: Session, library: CourseLibrary, attempt: Attempt, now: datetime) -> AttemptView:
    """The attempt for its own officer, at ``now``."""
    (view,) = views_of(session, library, [attempt], now)
    return view


def receipt_of(attempt: Attempt) -> Receipt:
    """A submitted attempt in brief."""
    return Receipt(
        id=attempt.id,
        course=attempt.enrolment.edition.course,
        quiz=attempt.quiz,
        status=attempt.status,
        submitted_at=attempt.submitted_at,
        round=attempt.round,
    )


def views_of(
    session: Session,
    library: CourseLibrary,
    attempts: Sequence[Attempt],
    now: datetime,
    known: Mapping[str, KnownSlots] | None = None,
) -> list[AttemptView]:
    """`view_of` each, in a few statements for all. ``known``: what the caller has just read and written, by attempt."""
    known = known or {}
    unknown = [one.id for one in attempts if one.id not in known]
    closed = [one for one in attempts if one.status is not AttemptStatus.OPEN]
    answers = {key: one.answers for key, one in known.items()} | answers_of(session, unknown)
    scores = {key: one.scores for key, one in known.items()} | scores_of(session, unknown)
    standings = _standings(session, closed)
    return [
        _view(
            attempt,
            Paper.of(library, attempt),
            answers[attempt.id],
            scores[attempt.id] if attempt.status is not AttemptStatus.OPEN else {},
            standings.get(attempt.id),
            library,
            last_reopened(session, attempt),
            now,
        )
        for attempt in attempts
    ]


def _standings(session: Session, closed: Sequence[Attempt]) -> dict[str, QuizStanding]:
    """Attempt id → where its officer stands with its quiz."""
    if not closed:
        return {}
    enrolments = {one.enrolment_id: one.enrolment for one in closed}
    editions = {one.edition_id: one.edition for one in enrolments.values()}
    manifests = {key: EditionManifest.from_json(edition.manifest) for key, edition in editions.items()}
    quizzes = {one.quiz for one in closed}
    attempts = attempts_of_many(session, enrolments, quizzes)
    extra = extra_attempts_of_many(session, enrolments)
    after = {entry.after for one in manifests.values() for entry in one.quizzes if entry.id in quizzes}
    done = items_done(session, enrolments, {lesson for lesson in after if lesson is not None})
    found = {}
    for one in closed:
        key = (one.enrolment_id, one.quiz)
        manifest = manifests[one.enrolment.edition_id]
        complete = {
            lesson.id
            for lesson in manifest.lessons
            if lesson.id in after and done.get((one.enrolment_id, lesson.id), set()).issuperset(lesson.items)
        }
        found[one.id] = standing_of(manifest, one.quiz, attempts[key], complete, extra.get(key, 0))
    return found


def _view(
    attempt: Attempt,
    paper: Paper,
    answers: Mapping[str, SlotAnswers],
    scores: Mapping[str, StoredScore],
    standing: QuizStanding | None,
    library: CourseLibrary,
    reopened: Reopened | None,
    now: datetime,
) -> AttemptView:
    titles = _section_titles(library, attempt, paper) if standing else {}
    slots = []
    for number, slot in enumerate(paper.slots, 1):
        stored = answers.get(slot.id)
        if standing is None:
            slots.append(_open_slot(paper, slot, number, stored))
        else:
            slots.append(
                _closed_slot(paper, slot, number, stored, scores.get(slot.id), standing.reveals, titles)
            )
    return AttemptView(
        id=attempt.id,
        course=attempt.enrolment.edition.course,
        quiz=attempt.quiz,
        title=paper.quiz.title,
        number=attempt.number,
        status=attempt.status,
        started_at=attempt.started_at,
        deadline=attempt.deadline_at,
        submitted_at=attempt.submitted_at,
        server_time=now,
        slots=tuple(slots),
        result=_result(attempt, standing, scores, paper) if standing else None,
        round=attempt.round,
        reopened=reopened,
    )


def _open_slot(paper: Paper, slot: Slot, number: int, stored: SlotAnswers | None) -> SlotView:
    answer = stored.newest if stored else None
    return SlotView(
        slot=slot.id,
        number=number,
        max_points=slot.points,
        shown=paper.show(slot.id),
        answer=paper.publish(slot.id, answer.answer) if answer else None,
        seq=answer.sequence if answer else 0,
        late=answer.late if answer else False,
        result=None,
    )


def _closed_slot(
    paper: Paper,
    slot: Slot,
    number: int,
    stored: SlotAnswers | None,
    score: StoredScore | None,
    reveals: bool,
    titles: dict[str, str],
) -> SlotView:
    scored = stored.counting if stored else None
    answer: Any = scored.answer if scored else None
    points = score.points if score else None
    return SlotView(
        slot=slot.id,
        number=number,
        max_points=slot.points,
        shown=paper.show(slot.id),
        answer=paper.publish(slot.id, answer),
        seq=stored.newest.sequence if stored else 0,
        late=stored.came_late if stored else False,
        result=SlotResult(
            verdict=Verdict.of(points, slot.points, answered=answer is not None),
            points=points,
            max_points=slot.points,
            lesson=paper.quiz.lesson,
            section=slot.section,
            section_title=titles.get(slot.section) if slot.section else None,
            came_late=stored.came_late if stored else False,
            comment=score.comment if score else None,
            explanation=paper.explain(slot.id, answer) if reveals else None,
            rubric=_rubric(paper, slot, score),
        ),
    )


def _rubric(paper: Paper, slot: Slot, score: StoredScore | None) -> tuple[RubricLine, ...] | None:
    """The rubric (which the officer had before them when writing) with what the trainer ticked."""
    question = paper.question(slot.id)
    if score is None or score.rubric is None or not isinstance(question, Written):
        return None
    return tuple(RubricLine(line.text, line.points, line.id in score.rubric) for line in question.rubric)


def _result(
    attempt: Attempt, standing: QuizStanding, scores: Mapping[str, StoredScore], paper: Paper
) -> ResultView:
    best = standing.best
    return ResultView(
        points=attempt.points,
        points_so_far=sum((score.points for score in scores.values()), Decimal(0)),
        max_points=attempt.max_points,
        pass_mark=standing.entry.pass_mark,
        passed=attempt.passed,
        waiting_slots=tuple(slot.id for slot in paper.slots if slot.id not in scores),
        reveals=standing.reveals,
        counts=best is not None and best.id == attempt.id,
        attempts_used=standing.used,
        attempts_allowed=standing.allowed,
        can_retry=standing.can_start,
    )


def _section_titles(library: CourseLibrary, attempt: Attempt, paper: Paper) -> dict[str, str]:
    edition = attempt.enrolment.edition
    lesson = library.lesson(edition.course, edition.edition, paper.quiz.lesson)
    return {section.id: section.title for section in lesson.sections}
