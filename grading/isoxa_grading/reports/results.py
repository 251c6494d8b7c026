"""What the people of a survey did: results by quiz, and facts by month. For tables that leave the house.

Both speak of those who serve in the survey's communes on its day, whenever and wherever they did what they did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    select,
    type_coerce,
)

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import Membership, Person
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


Learner = tuple[int, int, int, int, str]
"""Somebody registered, at a commune they serve in: ids of the post that counts there (membership), the unit, the person
and the edition; full name."""

Mark = tuple[str, int, int | None, int, bool]
"""Of a quiz: its id, attempts, points of the best graded attempt (``None``: none is graded yet) and points of the quiz,
both in hundredths, passed."""

HandedIn = tuple[Learner, Mark, str | datetime]
"""What ``ResultRow`` says as plain values, as a file of hundreds of thousands of rows wants them; last handed in as the
database gives it (UTC). The rows of a learner come together, with the very same object for the learner."""


def quiz_results(asked: Survey) -> Iterator[ResultRow]:
    """One row an officer, commune and quiz handed in, by commune; read as they are asked for."""
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    places = {place.id: place for place in asked.places}
    for learner, (quiz, attempts, points, of, passed), last in handed_in(asked):
        _post, unit, person, edition, name = learner
        got, most = None if points is None else Decimal(points) / 100, Decimal(of) / 100
        yield ResultRow(
            person_id=person,
            unit_id=unit,
            commune=places[unit].name,
            province=places[unit].province.name,
            full_name=name,
            quiz=quiz,
            quiz_title=titles[edition].get(quiz, quiz),
            attempts=attempts,
            points=got,
            max_points=most,
            share=share(got, most),
            passed=passed,
            last_submitted=vietnamese_day(last),
        )


def handed_in(asked: Survey) -> Iterator[HandedIn]:
    """The attempts, folded to one row an officer, commune and quiz as they come.

    Folding here, in the order of an index, costs the database half of what grouping there does. A driver makes each
    value of each row anew, which costs more than finding it: so what is said of a learner comes once, from a second
    question in the same order.
    """
    connection = asked.session.connection()
    learners = _streamed(connection, _learners_select(asked))
    return folded(_streamed(connection, _attempts_select(asked)), learners)


def _streamed(connection: Connection, query: Any) -> Any:
    """The rows, never all of them in memory; plain tuples where the driver can give them."""
    if connection.dialect.name != "sqlite":
        return connection.execute(query.execution_options(yield_per=_AT_ONCE))
    # SQLite's own cursor reads on as it is asked. A row object around each tuple costs a fifth of everything; the one
    # error that reading meets in another's words, that the file cannot be opened, comes before the first row.
    return connection.execute(query).cursor


def folded(attempts: Iterable[Any], learners: Iterable[Any]) -> Iterator[HandedIn]:
    """Attempts (the columns of ``_attempts_select``, those of one learner and quiz together) to a row each.

    ``learners``: those whose the attempts are, in the same order; some may have none.
    """
    known = iter(learners)
    learner: Any = None
    whose, quiz, number = 0, "", 0
    points, most, passed = None, 0, False
    last: Any = None
    for its_whose, its_quiz, its_points, its_most, ok, at in attempts:
        if its_quiz == quiz and its_whose == whose:
            number += 1
            if its_most > most:
                most = its_most
            if at > last:
                last = at
            if its_points is not None and (points is None or its_points > points):
                points = its_points
            passed = passed or ok == 1
            continue
        if number:
            yield learner, (quiz, number, points, most, passed), last
        if its_whose != whose:
            whose = its_whose
            learner = next(one for one in known if one[0] == whose)
        quiz, points, most, last = its_quiz, its_points, its_most, at
        number, passed = 1, ok == 1
    if number:
        yield learner, (quiz, number, points, most, passed), last


def vietnamese_day(at: str | datetime) -> date:
    """The day in Vietnam of a moment as the database gives it: SQLite's text, in UTC, or an aware datetime."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return at.astimezone(VIETNAM).date()


def _learners_select(asked: Survey) -> Any:
    """Everybody registered: the columns of ``Learner``."""
    learner = asked.learners().select(*_DAYS).subquery("learner")
    return (
        select(
            learner.c.membership_id,
            learner.c.unit_id,
            learner.c.person_id,
            learner.c.edition_id,
            Person.full_name,
        )
        .join(Person, Person.id == learner.c.person_id)
        .where(learner.c.state != State.NOT_ENROLLED.value)
        .order_by(*_in_order(learner))
    )


def _attempts_select(asked: Survey) -> Any:
    """An attempt handed in a row, with the post of whose it is; numbers and times as they are stored.

    In the order of ``_learners_select``, then by quiz. Points, and passed as 1, only of what is graded by the day. All
    of an attempt is in ``ix_attempt_marks``.
    """
    morning_after = datetime.combine(asked.as_of + timedelta(days=1), time(), VIETNAM)
    learner = asked.learners().select(*_DAYS).subquery("learner")
    graded = and_(Attempt.status == AttemptStatus.GRADED, Attempt.graded_at < morning_after)
    return (
        select(
            learner.c.membership_id,
            Attempt.quiz,
            case((graded, type_coerce(Attempt.points, Integer))),
            type_coerce(Attempt.max_points, Integer),
            case((and_(graded, Attempt.passed.is_(True)), 1)),
            type_coerce(Attempt.submitted_at, String),
        )
        .join(Attempt, Attempt.enrolment_id == learner.c.enrolment_id)
        .where(Attempt.submitted_at < morning_after, learner.c.state != State.NOT_ENROLLED.value)
        .order_by(*_in_order(learner), Attempt.quiz)
    )


_DAYS = (Membership.valid_from, Membership.valid_to)


def _in_order(learner: Subquery) -> list[ColumnElement[Any]]:
    """By commune and person, as ``ix_membership_counted`` has them: nothing is sorted."""
    index = ("unit_id", "quality_role", "person_id", "valid_from", "valid_to", "membership_id")
    return [learner.c[name] for name in index]


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
