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
    ColumnElement,
    Date,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    exists,
    false,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from isoxa_grading.completion import OPEN_STATES, State
from isoxa_grading.completion.state import WAIT_ENDS
from isoxa_grading.records.tables.people import Membership, Person, QualityRole
from isoxa_grading.records.tables.reporting import EnrolmentStanding
from isoxa_grading.records.tables.training import Attempt, AttemptStatus, FactKind, TrainingFact

from .editions import Edition
from .statuses import statuses, total_steps
from .tally import DONE_STATES, STATES

Days = tuple[date, date]


@dataclass(frozen=True)
class Learners:
    """The people of ``communes`` (a select of unit ids) on ``as_of``, and their state in ``editions``.

    The editions come newest first, at least one. ``role``: only those who have it. ``past``: see ``statuses``.
    """

    editions: Sequence[Edition]
    as_of: date
    communes: Select[int]
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

    def groups(self) -> Select[Any]:
        """One row a commune and role with anybody in it: a count a state, named as the state is."""
        learner = self.select().subquery("learner")
        return select(
            learner.c.unit_id,
            learner.c.quality_role,
            *(_count(learner.c.state == state.value).label(state.value) for state in STATES),
            _count(learner.c.overdue).label("overdue"),
            func.sum(_progress(learner)).label("progress"),
            func.max(learner.c.last_activity, type_=Date).label("last_activity"),
        ).group_by(learner.c.unit_id, learner.c.quality_role)

    def shared(self) -> Select[Any]:
        """One row a person and commune for those who serve in several communes."""
        learner = self.select().subquery("learner")
        return (
            select(
                learner.c.person_id,
                learner.c.unit_id,
                learner.c.quality_role,
                learner.c.state,
                learner.c.overdue,
                _progress(learner).label("progress"),
            )
            .where(learner.c.person_id.in_(self._serving_twice()))
            .order_by(learner.c.person_id, learner.c.unit_id)
        )

    def completions(self) -> Select[Any]:
        """Day of the first completion → how many persons, of those registered, each once."""
        learner = self.select().subquery("learner")
        return (
            select(learner.c.completed_on, func.count(distinct(learner.c.person_id)))
            .where(learner.c.state != State.NOT_ENROLLED.value, learner.c.completed_on.is_not(None))
            .group_by(learner.c.completed_on)
        )

    def people(
        self, *, overdue: bool = False, due: Days | None = None, valid_until: Days | None = None
    ) -> Select[Any]:
        """One row a registered person and commune, with name, position, best score; in Vietnamese order.

        ``overdue``: only those; ``due``, ``valid_until``: only those who still owe a first completion by, or whose
        completion is valid until, a day from the first to the second, inclusive.
        """
        learner = self.select(Membership.position).subquery("learner")
        best = self._best()
        found = (
            select(
                *learner.c,
                Person.full_name,
                Person.phone,
                Person.email,
                best.c.points,
                best.c.max_points,
            )
            .join(Person, Person.id == learner.c.person_id)
            .outerjoin(best, best.c.enrolment_id == learner.c.enrolment_id)
            .where(learner.c.state != State.NOT_ENROLLED.value)
            .order_by(Person.sort_key, Person.id)
        )
        if overdue:
            found = found.where(learner.c.overdue)
        if due is not None:
            found = found.where(learner.c.due_on.between(*due), learner.c.state.in_(_OPEN))
        if valid_until is not None:
            found = found.where(learner.c.valid_until.between(*valid_until), learner.c.state.in_(_DONE))
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
            .order_by(Person.sort_key, Person.id, submitted.on, submitted.id)
        )

    def serving_people(self) -> Select[int, QualityRole | None, str | None, str, str | None, str | None]:
        """One row a person and commune, registered or not, with how to reach them; in Vietnamese order."""
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
            .where(*self._counted())
            .order_by(Person.sort_key, Person.id)
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
        return (
            Membership.unit_id.in_(self.communes),
            Membership.valid_from <= self.as_of,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= self.as_of),
        )

    def _counted(self) -> tuple[ColumnElement[bool], ...]:
        """The memberships that count: serving on the day, the newest of several posts in one commune."""
        newest = (
            select(Membership.person_id, Membership.unit_id, func.max(Membership.id).label("id"))
            .where(*self._serves())
            .group_by(Membership.person_id, Membership.unit_id)
            .having(func.count() > 1)
            .subquery("newest")
        )
        other = aliased(Membership, name="other")
        older = select(other.id).join(
            newest,
            and_(
                other.person_id == newest.c.person_id,
                other.unit_id == newest.c.unit_id,
                other.id != newest.c.id,
            ),
        )
        asked = (*self._serves(), Membership.id.not_in(older))
        return asked if self.role is None else (*asked, Membership.quality_role == self.role)

    def _serving_twice(self) -> Select[int]:
        return (
            select(Membership.person_id)
            .where(*self._serves())
            .group_by(Membership.person_id)
            .having(func.min(Membership.unit_id) != func.max(Membership.unit_id))
        )

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


_OPEN = [state.value for state in OPEN_STATES]
_DONE = [state.value for state in DONE_STATES]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _progress(learner: Subquery) -> ColumnElement[float | None]:
    """The share done of somebody in progress."""
    share = cast(learner.c.done, Float) / func.nullif(learner.c.total, 0)
    return case((learner.c.state == State.IN_PROGRESS.value, share))
