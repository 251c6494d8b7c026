"""The SQL under the reports: who serves in the communes on the day, and how far each has come.

Everything the reports show is counted over one row a person and commune, or listed from it, so that the figures at
the top, the table and the lists cannot disagree. A person is counted where they serve on the day. Somebody who serves
in two communes is in both communes' rows (``shared`` says who); with two posts in one commune they are one person
there, and the newest post names position and role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import (
    Boolean,
    ColumnCollection,
    ColumnElement,
    Float,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased
from sqlalchemy.types import NullType

from isoxa_grading.completion import OPEN_STATES, State
from isoxa_grading.completion.state import WAIT_ENDS
from isoxa_grading.records.tables.people import Membership, Person, QualityRole
from isoxa_grading.records.tables.reporting import EnrolmentStanding
from isoxa_grading.records.tables.training import Attempt, AttemptStatus, FactKind, TrainingFact

from .editions import Edition
from .posts import SeveralPosts, among, serving
from .statuses import statuses, total_steps
from .tally import DONE_STATES

Days = tuple[date, date]
DUE_SOON_DAYS = 14
EXPIRING_SOON_DAYS = 60


def due_soon(day: date) -> Days:
    """The due days that are soon, seen from ``day``."""
    return day, day + timedelta(days=DUE_SOON_DAYS)


def expiring_soon(day: date) -> Days:
    """The last days of validity that are soon, seen from ``day``."""
    return day, day + timedelta(days=EXPIRING_SOON_DAYS)


@dataclass(frozen=True)
class Learners:
    """The people of ``communes`` (unit ids, or a select of them) on ``as_of``, and their state in ``editions``.

    The editions come newest first, at least one. ``posts``: who holds several on the day. ``role``: only those who have
    it. ``past``: see ``statuses``.
    """

    editions: Sequence[Edition]
    as_of: date
    communes: Select[int] | Sequence[int]
    posts: SeveralPosts
    role: QualityRole | None = None
    past: bool = True

    def select(self, *more: Any) -> Select[Any]:
        """One row a person and commune; without an enrolment the state is not_enrolled.

        Columns: unit_id, quality_role, person_id, membership_id, enrolment_id, edition_id, state, due_on, overdue,
        completed_on, valid_until, done and total (steps), last_activity; and ``more``.
        """
        status = statuses(self.editions, self.as_of, past=self.past)
        return (
            select(
                Membership.unit_id,
                Membership.quality_role,
                Membership.person_id,
                Membership.id.label("membership_id"),
                status.c.enrolment_id,
                status.c.edition_id,
                func.coalesce(status.c.state, State.NOT_ENROLLED.value).label("state"),
                status.c.due_on,
                type_coerce(func.coalesce(status.c.overdue, false()), Boolean).label("overdue"),
                status.c.completed_on,
                status.c.valid_until,
                func.coalesce(status.c.done, 0).label("done"),
                total_steps(status.c.edition_id, self.editions).label("total"),
                status.c.last_activity,
                *more,
            )
            .outerjoin(status, status.c.person_id == Membership.person_id)
            .where(*self._counted())
        )

    def groups(self) -> Any:
        """A select: one row a commune and role with anybody in it: unit_id, quality_role, how many serve, the states of
        those enrolled with spaces between, how many are overdue, shares done added up, last activity, how many are due
        soon and expire soon, and the days of first completions with spaces between. Role and days as the driver gives
        them: there are many rows. States are told apart by who reads them: a count a state takes SQLite half as long
        again as all the rest.
        """
        status = statuses(self.editions, self.as_of, past=self.past)
        total = total_steps(status.c.edition_id, self.editions)
        days = cast(status.c.completed_on, String)
        return (
            select(
                Membership.unit_id,
                type_coerce(Membership.quality_role, String),
                func.count(),
                func.aggregate_strings(status.c.state, " "),
                _count(status.c.overdue),
                func.sum(_progress(status.c.state, status.c.done, total)),
                func.max(status.c.last_activity, type_=NullType()),
                _count(_due_within(status.c, due_soon(self.as_of))),
                _count(_valid_within(status.c, expiring_soon(self.as_of))),
                func.aggregate_strings(days, " "),
            )
            .outerjoin(status, status.c.person_id == Membership.person_id)
            .where(*self._counted())
            .group_by(Membership.unit_id, Membership.quality_role)
        )

    def shared(self) -> Select[Any]:
        """One row a person and commune for those who serve in several communes."""
        elsewhere = among(Membership.person_id, self.posts.elsewhere)
        learner = self.select().where(elsewhere).subquery("learner")
        return select(
            learner.c.person_id,
            learner.c.unit_id,
            learner.c.quality_role,
            learner.c.state,
            learner.c.overdue,
            _progress(learner.c.state, learner.c.done, learner.c.total).label("progress"),
            learner.c.completed_on,
            _due_within(learner.c, due_soon(self.as_of)).label("due_soon"),
            _valid_within(learner.c, expiring_soon(self.as_of)).label("expiring_soon"),
        ).order_by(learner.c.person_id, learner.c.unit_id)

    def people(
        self,
        *,
        overdue: bool = False,
        due: Days | None = None,
        valid_until: Days | None = None,
        marks: bool = False,
    ) -> Select[Any]:
        """One row a registered person and commune, with name, position and how to reach them; in Vietnamese order.

        ``overdue``: only those; ``due``, ``valid_until``: only those who still owe a first completion by, or whose
        completion is valid until, a day from the first to the second, inclusive; ``marks``: with the best ones of the
        required quizzes, added up (points, max_points).
        """
        learner = self.select(Membership.position).subquery("learner")
        found: Select[Any] = (
            select(*learner.c, Person.full_name, Person.phone, Person.email)
            .join(Person, Person.id == learner.c.person_id)
            .where(learner.c.state != State.NOT_ENROLLED.value)
            .order_by(*_BY_NAME)
        )
        if marks:
            best = self._best()
            found = found.add_columns(best.c.points, best.c.max_points).outerjoin(
                best, best.c.enrolment_id == learner.c.enrolment_id
            )
        if overdue:
            found = found.where(learner.c.overdue)
        if due is not None:
            found = found.where(_due_within(learner.c, due))
        if valid_until is not None:
            found = found.where(_valid_within(learner.c, valid_until))
        return found

    def waiting(self) -> Select[Any]:
        """One row a round of an attempt that waits, of those who wait for grading: as ``people``, with quiz and day."""
        learner = self.select(Membership.position).subquery("learner")
        submitted = aliased(TrainingFact, name="handed_in")
        ended = aliased(TrainingFact, name="settled")
        end = exists().where(
            ended.enrolment_id == submitted.enrolment_id,
            ended.kind.in_(WAIT_ENDS),
            ended.source_id == submitted.source_id,
            ended.on <= self.as_of,
        )
        return (
            select(
                *learner.c,
                Person.full_name,
                Person.phone,
                Person.email,
                submitted.subject.label("quiz"),
                submitted.on.label("submitted_on"),
            )
            .join(Person, Person.id == learner.c.person_id)
            .join(submitted, submitted.enrolment_id == learner.c.enrolment_id)
            .where(
                learner.c.state == State.WAITING_FOR_GRADING.value,
                submitted.kind == FactKind.SUBMITTED,
                submitted.on <= self.as_of,
                ~end,
            )
            .order_by(*_BY_NAME, submitted.on, submitted.id)
        )

    def serving_people(
        self, role: QualityRole | None
    ) -> Select[int, QualityRole | None, str | None, str, str | None, str | None]:
        """One row a person with the role (``None``: with no role) and commune, registered or not, with how to reach
        them; in Vietnamese order.
        """
        return (
            select(
                Membership.unit_id,
                Membership.quality_role,
                Membership.position,
                Person.full_name,
                Person.phone,
                Person.email,
            )
            .join(Person, Person.id == Membership.person_id)
            .where(*self._counted(), Membership.quality_role.is_not_distinct_from(role))
            .order_by(*_BY_NAME)
        )

    def names(self) -> Select[Any]:
        """Commune id and full name of everybody registered, for the search."""
        learner = self.select().subquery("learner")
        return (
            select(learner.c.unit_id, Person.full_name)
            .join(Person, Person.id == learner.c.person_id)
            .where(learner.c.state != State.NOT_ENROLLED.value)
        )

    def _serves(self) -> tuple[ColumnElement[bool], ...]:
        # A select of ids would go through all units again for each few of them.
        communes, unit = self.communes, Membership.unit_id
        here = unit.in_(communes) if isinstance(communes, Select) else among(unit, communes)
        return (here, *serving(self.as_of))

    def _counted(self) -> tuple[ColumnElement[bool], ...]:
        """The memberships that count: serving on the day, the newest of several posts in one commune."""
        asked = self._serves()
        if self.posts.older:
            asked = (*asked, ~among(Membership.id, self.posts.older))
        return asked if self.role is None else (*asked, Membership.quality_role == self.role)

    def _best(self) -> Subquery:
        """Per enrolment, the best graded attempt of each required quiz, added up: points and max_points."""
        morning_after = datetime.combine(self.as_of + timedelta(days=1), time(), VIETNAM)
        row = EnrolmentStanding
        required = or_(
            *(
                and_(row.edition_id == edition.id, Attempt.quiz.in_(edition.required.quizzes))
                for edition in self.editions
            )
        )
        quizzes = (
            select(
                row.person_id,
                row.edition_id,
                row.enrolment_id,
                func.max(Attempt.points).label("points"),
                func.max(Attempt.max_points).label("max_points"),
            )
            .join(Attempt, Attempt.enrolment_id == row.enrolment_id)
            .where(
                row.person_id.in_(select(Membership.person_id).where(*self._serves())),
                Attempt.status == AttemptStatus.GRADED,
                Attempt.graded_at < morning_after,
                required,
            )
            .group_by(row.person_id, row.edition_id, row.enrolment_id, Attempt.quiz)
            .subquery("quizzes")
        )
        return (
            select(
                quizzes.c.enrolment_id,
                func.sum(quizzes.c.points).label("points"),
                func.sum(quizzes.c.max_points).label("max_points"),
            )
            .group_by(quizzes.c.enrolment_id)
            .subquery("best")
        )


# Not the bare column: SQLite would take people in the order of their names to save a sort, and look for each of them in
# each of thousands of communes.
_BY_NAME = (func.coalesce(Person.sort_key, ""), Person.id)
_OPEN = [state.value for state in OPEN_STATES]
_DONE = [state.value for state in DONE_STATES]


def _due_within(row: ColumnCollection[str, ColumnElement[Any]], days: Days) -> ColumnElement[bool]:
    """Whether somebody still owes a first completion by one of these days."""
    return and_(row.due_on.between(*days), row.state.in_(_OPEN))


def _valid_within(row: ColumnCollection[str, ColumnElement[Any]], days: Days) -> ColumnElement[bool]:
    """Whether what somebody has completed is valid until one of these days."""
    return and_(row.valid_until.between(*days), row.state.in_(_DONE))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _progress(
    state: ColumnElement[str], done: ColumnElement[int], total: ColumnElement[int]
) -> ColumnElement[float | None]:
    """The share done of somebody in progress."""
    share = cast(done, Float) / func.nullif(total, 0)
    return case((state == State.IN_PROGRESS.value, share))
