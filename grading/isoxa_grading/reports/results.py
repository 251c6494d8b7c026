"""What the people of a survey did: results by quiz, and facts by month. For tables that leave the house.

Both speak of those who serve in the survey's communes on its day, whenever and wherever they did what they did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import String, and_, case, cast, func, select

from isoxa_grading.completion import State
from isoxa_grading.records.tables.training import Attempt, AttemptStatus, TrainingFact

from .counting import share
from .survey import Survey


def quiz_results(asked: Survey) -> Iterator[dict[str, Any]]:
    """One row an officer, commune and quiz handed in; keys as in ``frames.COLUMNS``, without the unit's names."""
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    for row in asked.session.execute(results_select(asked)):
        points = None if row.points is None else Decimal(row.points)
        yield {
            "person_id": row.person_id,
            "unit_id": row.unit_id,
            "quiz": row.quiz,
            "quiz_title": titles[row.edition_id].get(row.quiz, row.quiz),
            "attempts": row.attempts,
            "points": None if points is None else float(points),
            "max_points": float(row.max_points),
            "share": share(points, row.max_points),
            "passed": bool(row.passed),
            "last_submitted": row.last_submitted.astimezone(VIETNAM).date(),
        }


def results_select(asked: Survey) -> Any:
    """unit_id, person_id, edition_id, quiz, attempts, points (best graded), max_points, passed, last_submitted."""
    morning_after = datetime.combine(asked.as_of + timedelta(days=1), time(), VIETNAM)
    learner = asked.learners().select().subquery("learner")
    graded = and_(Attempt.status == AttemptStatus.GRADED, Attempt.graded_at < morning_after)
    return (
        select(
            learner.c.unit_id,
            learner.c.person_id,
            learner.c.edition_id,
            Attempt.quiz,
            func.count().label("attempts"),
            func.max(case((graded, Attempt.points))).label("points"),
            func.max(Attempt.max_points).label("max_points"),
            func.max(case((and_(graded, Attempt.passed.is_(True)), 1), else_=0)).label("passed"),
            func.max(Attempt.submitted_at).label("last_submitted"),
        )
        .join(Attempt, Attempt.enrolment_id == learner.c.enrolment_id)
        .where(Attempt.submitted_at < morning_after, learner.c.state != State.NOT_ENROLLED.value)
        .group_by(learner.c.unit_id, learner.c.person_id, learner.c.edition_id, Attempt.quiz)
        .order_by(learner.c.unit_id, learner.c.person_id, Attempt.quiz)
    )


def facts_by_month(asked: Survey) -> Iterator[dict[str, Any]]:
    """One row a commune, month and kind of fact; keys as in ``frames.COLUMNS``, without the unit's names."""
    learner = asked.learners().select().subquery("learner")
    fact = TrainingFact
    month = func.substr(cast(fact.on, String), 1, 7)
    rows = asked.session.execute(
        select(
            learner.c.unit_id,
            month.label("month"),
            fact.kind,
            func.count().label("facts"),
            func.count(fact.enrolment_id.distinct()).label("persons"),
        )
        .join(fact, fact.enrolment_id == learner.c.enrolment_id)
        .where(fact.on <= asked.as_of)
        .group_by(learner.c.unit_id, month, fact.kind)
        .order_by(learner.c.unit_id, month, fact.kind)
    )
    for row in rows:
        yield {**row._mapping, "month": f"{row.month}-01"}
