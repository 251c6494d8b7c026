"""Whose completion is to be judged, and since when.

The persons are those the completion report speaks of on the day: who serves in the scope's communes, each with their
first completion of the course. A completion is judged by a review of that person, or by one of the whole commune, that
was dated 90 days or more after it; a review made too early judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from isoxa_grading.completion import State
from isoxa_grading.records.tables import EffectReview, Membership, Person
from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.reports import Filters
from isoxa_grading.reports.survey import Survey, survey

__all__ = ["REVIEW_AFTER_DAYS", "Completion", "DueReview", "completions_of", "due_reviews"]

REVIEW_AFTER_DAYS = 90
"""The house rule (issue of the evidence pack): long enough to see a change, short enough to remember what was planned.
The standard sets no number of days."""


@dataclass(frozen=True)
class Completion:
    """A person of the commune who completed the course. ``due_on``: from that day on it can be judged.

    ``judged_on``: day of the newest review that judges it, None where there is none.
    """

    enrolment_id: int
    person_id: int
    full_name: str
    position: str | None
    quality_role: QualityRole | None
    completed_on: date
    due_on: date
    judged_on: date | None


@dataclass(frozen=True)
class DueReview:
    """A commune with completions to judge: how many persons, and since when the first of them is due."""

    unit_id: int
    code: str
    commune: str
    province: str
    persons: int
    due_since: date


def due_reviews(
    session: Session,
    *,
    course: str,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> list[DueReview]:
    """ "Đến hạn đánh giá hiệu lực", by province and commune. Raises ``UnknownCourse``, ``NotInScope``."""
    asked = _ask(session, course, scope_paths, as_of, filters)
    last = as_of - timedelta(days=REVIEW_AFTER_DAYS)
    of_units, of_persons = _reviews(session, asked, course, as_of)
    learner = asked.learners().select().subquery("learner")
    rows = session.execute(
        select(learner.c.unit_id, learner.c.enrolment_id, learner.c.completed_on).where(
            learner.c.state != State.NOT_ENROLLED.value, learner.c.completed_on <= last
        )
    )
    found: dict[int, tuple[int, date]] = {}
    for unit_id, enrolment_id, completed_on in rows:
        due = completed_on + timedelta(days=REVIEW_AFTER_DAYS)
        if _judged(due, of_units.get(unit_id), of_persons.get(enrolment_id)) is None:
            persons, since = found.get(unit_id, (0, due))
            found[unit_id] = (persons + 1, min(since, due))
    return [
        DueReview(place.id, place.code, place.name, place.province.name, *found[place.id])
        for place in asked.places
        if place.id in found
    ]


def completions_of(
    session: Session, unit_id: int, *, course: str, scope_paths: Sequence[str], as_of: date
) -> list[Completion]:
    """Everybody of the commune who had completed by the day, by name. Raises ``UnknownCourse``, ``NotInScope``."""
    asked = _ask(session, course, scope_paths, as_of, Filters(unit_id=unit_id))
    of_units, of_persons = _reviews(session, asked, course, as_of)
    learner = asked.learners([unit_id]).select().subquery("learner")
    rows = session.execute(
        select(learner, Person.full_name, Membership.position)
        .join(Person, Person.id == learner.c.person_id)
        .join(Membership, Membership.id == learner.c.membership_id)
        .where(learner.c.state != State.NOT_ENROLLED.value, learner.c.completed_on <= as_of)
        .order_by(Person.sort_key, Person.id)
    )
    made = []
    for row in rows:
        due = row.completed_on + timedelta(days=REVIEW_AFTER_DAYS)
        made.append(
            Completion(
                enrolment_id=row.enrolment_id,
                person_id=row.person_id,
                full_name=row.full_name,
                position=row.position,
                quality_role=row.quality_role,
                completed_on=row.completed_on,
                due_on=due,
                judged_on=_judged(due, of_units.get(unit_id), of_persons.get(row.enrolment_id)),
            )
        )
    return made


def _ask(
    session: Session, course: str, scope_paths: Sequence[str], as_of: date, filters: Filters | None
) -> Survey:
    return survey(
        session,
        course=course,
        edition=None,
        scope_paths=scope_paths,
        as_of=as_of,
        filters=filters or Filters(),
    )


def _judged(due: date, *newest: date | None) -> date | None:
    """The newest of these days that is not before ``due``."""
    return max((day for day in newest if day is not None and day >= due), default=None)


def _reviews(
    session: Session, asked: Survey, course: str, as_of: date
) -> tuple[dict[int, date], dict[int, date]]:
    """Day of the newest review until the day: by commune, and by enrolment."""

    def newest(column: Any, *also: Any) -> Select[Any]:
        return (
            select(column, func.max(EffectReview.judged_on))
            .where(EffectReview.course == course, EffectReview.judged_on <= as_of, *also)
            .group_by(column)
        )

    here = EffectReview.unit_id.in_(asked.communes)
    whole = session.execute(newest(EffectReview.unit_id, EffectReview.enrolment_id.is_(None), here))
    # A person's own goes with them to another commune.
    single = session.execute(newest(EffectReview.enrolment_id, EffectReview.enrolment_id.is_not(None)))
    return dict(whole.all()), dict(single.all())
