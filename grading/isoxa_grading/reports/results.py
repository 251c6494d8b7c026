"""What the people of a survey did: results by quiz, and facts by month. For tables that leave the house.

Both speak of those who serve in the survey's communes on its day, whenever and wherever they did what they did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import String, and_, case, cast, func, select

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import Person
from isoxa_grading.records.tables.training import Attempt, AttemptStatus, TrainingFact

from .counting import share
from .survey import Survey

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class ResultRow:
    """An officer's standing with a quiz that they handed in, in each commune they serve in.

    ``points``: of the best graded attempt (``None``: none is graded yet); ``share`` of the quiz's points, 0–1.
    """

    person_id: int
    unit_id: int
    commune: str
    province: str
    full_name: str
    quiz: str
    quiz_title: str
    attempts: int
    points: Decimal | None
    max_points: Decimal
    share: float | None
    passed: bool
    last_submitted: date


def quiz_results(asked: Survey) -> Iterator[ResultRow]:
    """One row an officer, commune and quiz handed in, by commune and name; read as they are asked for."""
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    places = {place.id: place for place in asked.places}
    query = results_select(asked).execution_options(yield_per=_AT_ONCE)
    for (
        unit_id,
        person_id,
        edition_id,
        name,
        quiz,
        attempts,
        points,
        most,
        passed,
        last,
    ) in asked.session.execute(query):
        place = places[unit_id]
        yield ResultRow(
            person_id=person_id,
            unit_id=unit_id,
            commune=place.name,
            province=place.province.name,
            full_name=name,
            quiz=quiz,
            quiz_title=titles[edition_id].get(quiz, quiz),
            attempts=attempts,
            points=points,
            max_points=most,
            share=share(points, most),
            passed=bool(passed),
            last_submitted=last.astimezone(VIETNAM).date(),
        )


def results_select(asked: Survey) -> Any:
    """unit_id, person_id, edition_id, full_name, quiz, attempts, points, max_points, passed, last_submitted."""
    morning_after = datetime.combine(asked.as_of + timedelta(days=1), time(), VIETNAM)
    learner = asked.learners().select().subquery("learner")
    graded = and_(Attempt.status == AttemptStatus.GRADED, Attempt.graded_at < morning_after)
    return (
        select(
            learner.c.unit_id,
            learner.c.person_id,
            learner.c.edition_id,
            Person.full_name,
            Attempt.quiz,
            func.count().label("attempts"),
            func.max(case((graded, Attempt.points))).label("points"),
            func.max(Attempt.max_points).label("max_points"),
            func.max(case((and_(graded, Attempt.passed.is_(True)), 1), else_=0)).label("passed"),
            func.max(Attempt.submitted_at).label("last_submitted"),
        )
        .join(Person, Person.id == learner.c.person_id)
        .join(Attempt, Attempt.enrolment_id == learner.c.enrolment_id)
        .where(Attempt.submitted_at < morning_after, learner.c.state != State.NOT_ENROLLED.value)
        .group_by(
            learner.c.unit_id, learner.c.person_id, learner.c.edition_id, Person.full_name, Attempt.quiz
        )
        .order_by(learner.c.unit_id, learner.c.person_id, Attempt.quiz)
    )


def facts_by_month(asked: Survey) -> Iterator[dict[str, Any]]:
    """One row a commune, month and kind of fact: unit_id, month (ISO text), kind, facts, persons."""
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
