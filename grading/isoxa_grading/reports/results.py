"""What the people of a survey did: results by quiz, and facts by month. For tables that leave the house.

Both speak of those who serve in the survey's communes on its day, whenever and wherever they did what they did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from isoxa_courses.text import VIETNAM
from sqlalchemy import Integer, String, and_, cast, func, select, type_coerce

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


class HandedIn(NamedTuple):
    """The same as plain values, as a file of hundreds of thousands of rows wants them.

    ``points`` and ``max_points`` in hundredths; ``last_submitted`` as the database gives it (UTC).
    """

    unit_id: int
    person_id: int
    edition_id: int
    full_name: str
    quiz: str
    attempts: int
    points: int | None
    max_points: int
    passed: bool
    last_submitted: str | datetime


def quiz_results(asked: Survey) -> Iterator[ResultRow]:
    """One row an officer, commune and quiz handed in, by commune; read as they are asked for."""
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    places = {place.id: place for place in asked.places}
    for one in handed_in(asked):
        place = places[one.unit_id]
        points = None if one.points is None else Decimal(one.points) / 100
        most = Decimal(one.max_points) / 100
        yield ResultRow(
            person_id=one.person_id,
            unit_id=one.unit_id,
            commune=place.name,
            province=place.province.name,
            full_name=one.full_name,
            quiz=one.quiz,
            quiz_title=titles[one.edition_id].get(one.quiz, one.quiz),
            attempts=one.attempts,
            points=points,
            max_points=most,
            share=share(points, most),
            passed=one.passed,
            last_submitted=vietnamese_day(one.last_submitted),
        )


def handed_in(asked: Survey) -> Iterator[HandedIn]:
    """The attempts, folded to one row an officer, commune and quiz as they come.

    Folding here, in the order of an index, costs the database half of what grouping there does.
    """
    rows = asked.session.execute(_attempts_select(asked).execution_options(yield_per=_AT_ONCE))
    of_one: tuple[int, int, int, str] | None = None
    quiz = ""
    attempts, points, most, passed = 0, None, 0, False
    last: Any = None
    for unit_id, person_id, edition_id, name, its_quiz, graded, its_points, its_most, its_passed, at in rows:
        who = (unit_id, person_id, edition_id, name)
        if who != of_one or its_quiz != quiz:
            if of_one is not None:
                yield HandedIn(*of_one, quiz, attempts, points, most, passed, last)
            of_one, quiz, attempts, points, most, passed, last = who, its_quiz, 0, None, its_most, False, at
        attempts += 1
        if its_most > most:
            most = its_most
        if at > last:
            last = at
        if graded:
            if its_points is not None and (points is None or its_points > points):
                points = its_points
            if its_passed:
                passed = True
    if of_one is not None:
        yield HandedIn(*of_one, quiz, attempts, points, most, passed, last)


def vietnamese_day(at: str | datetime) -> date:
    """The day in Vietnam of a moment as the database gives it: SQLite's text, in UTC, or an aware datetime."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return at.astimezone(VIETNAM).date()


def _attempts_select(asked: Survey) -> Any:
    """An attempt handed in a row, with whose it is; numbers and times as they are stored."""
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
            type_coerce(graded, Integer),
            type_coerce(Attempt.points, Integer),
            type_coerce(Attempt.max_points, Integer),
            type_coerce(Attempt.passed, Integer),
            type_coerce(Attempt.submitted_at, String),
        )
        .join(Person, Person.id == learner.c.person_id)
        .join(Attempt, Attempt.enrolment_id == learner.c.enrolment_id)
        .where(Attempt.submitted_at < morning_after, learner.c.state != State.NOT_ENROLLED.value)
        .order_by(learner.c.unit_id, learner.c.person_id, learner.c.edition_id, Attempt.quiz)
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
