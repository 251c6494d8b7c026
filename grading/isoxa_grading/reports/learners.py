"""The SQL under the completion report: who serves in the communes on the day, and how far each has come.

``Learners.select()`` gives one row a person and commune; everything the report shows is counted over it or
listed from it, so that the figures at the top, the table and the lists cannot disagree.

A person is counted where they serve on the day. Somebody who serves in two communes is in both communes'
rows, and once (``first``) in the figures. Of several editions of a course a person's newest one counts,
leaving aside those they were withdrawn from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from isoxa_courses.text import VIETNAM
from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Float,
    Select,
    Subquery,
    and_,
    case,
    cast,
    distinct,
    func,
    or_,
    select,
)

from isoxa_grading.completion import State, summary_select
from isoxa_grading.records.tables.people import Membership, Person, QualityRole
from isoxa_grading.records.tables.training import Attempt, AttemptStatus, Enrolment, FactKind, TrainingFact

from .editions import Edition
from .tally import DONE_STATES, STATES

ACTIVITY = (
    FactKind.STARTED,
    FactKind.CHECKPOINT_DONE,
    FactKind.LESSON_COMPLETED,
    FactKind.SUBMITTED,
    FactKind.QUIZ_PASSED,
)
"""What the learner does; enrolling, due days and a trainer's grading are not their activity."""


@dataclass(frozen=True)
class Learners:
    """The people of ``communes`` (a select of unit ids) on ``as_of``, and their state in ``editions``.

    The editions come newest first, at least one. ``role``: only those who have it.
    """

    editions: Sequence[Edition]
    as_of: date
    communes: Select[int]
    role: QualityRole | None = None

    def select(self) -> Subquery:
        """One row a person and commune; without an enrolment the state is not_enrolled.

        Columns: unit_id, person_id, membership_id, quality_role, enrolment_id, edition_id, state, due_on, overdue,
        completed_on, done and total (steps), last_activity.
        """
        serving = self._serving()
        mine = Enrolment.edition_id.in_([edition.id for edition in self.editions])
        enrolments = select(Enrolment.id).where(mine, Enrolment.person_id.in_(select(serving.c.person_id)))
        states = summary_select(self.as_of, enrolments=enrolments).subquery("summary")
        progress = self._progress(enrolments)
        state = func.coalesce(states.c.state, State.NOT_ENROLLED.value)
        total = self._by_edition((e.id, len(list(e.required.steps()))) for e in self.editions)
        newest_first = self._by_edition((e.id, place) for place, e in enumerate(self.editions))
        withdrawn = case((state == State.NOT_ENROLLED.value, 1), else_=0)
        joined = (
            select(
                *serving.c,
                Enrolment.id.label("enrolment_id"),
                Enrolment.edition_id,
                state.label("state"),
                states.c.due_on,
                func.coalesce(states.c.overdue, False).label("overdue"),
                states.c.completed_on,
                case(
                    (state.in_([done.value for done in DONE_STATES]), total),
                    else_=func.coalesce(progress.c.done, 0),
                ).label("done"),
                total.label("total"),
                progress.c.last_activity,
                func.row_number()
                .over(
                    partition_by=(serving.c.unit_id, serving.c.person_id),
                    order_by=(withdrawn, newest_first),
                )
                .label("rank"),
            )
            .select_from(serving)
            .outerjoin(Enrolment, and_(Enrolment.person_id == serving.c.person_id, mine))
            .outerjoin(states, states.c.enrolment_id == Enrolment.id)
            .outerjoin(progress, progress.c.enrolment_id == Enrolment.id)
            .subquery("joined")
        )
        kept = [column for column in joined.c if column.name != "rank"]
        return select(*kept).where(joined.c.rank == 1).subquery("learner")

    def groups(self) -> Select[Any]:
        """One row a commune and role with anybody in it: a count a state, named as the state is."""
        learner = self.select()
        share = cast(learner.c.done, Float) / func.nullif(learner.c.total, 0)
        return select(
            learner.c.unit_id,
            learner.c.quality_role,
            *(_count(learner.c.state == state.value).label(state.value) for state in STATES),
            _count(learner.c.overdue).label("overdue"),
            func.sum(case((learner.c.state == State.IN_PROGRESS.value, share))).label("progress"),
            func.max(learner.c.last_activity, type_=Date).label("last_activity"),
        ).group_by(learner.c.unit_id, learner.c.quality_role)

    def shared(self) -> Select[Any]:
        """One row a person and commune for those who serve in several communes."""
        learner = self.select()
        several = (
            select(Membership.person_id)
            .where(*self._serves())
            .group_by(Membership.person_id)
            .having(func.min(Membership.unit_id) != func.max(Membership.unit_id))
        )
        share = cast(learner.c.done, Float) / func.nullif(learner.c.total, 0)
        return (
            select(
                learner.c.person_id,
                learner.c.unit_id,
                learner.c.quality_role,
                learner.c.state,
                learner.c.overdue,
                case((learner.c.state == State.IN_PROGRESS.value, share)).label("progress"),
            )
            .where(learner.c.person_id.in_(several))
            .order_by(learner.c.person_id, learner.c.unit_id)
        )

    def completions(self) -> Select[date, int]:
        """Day of the first completion → how many persons, of those registered, each once."""
        learner = self.select()
        each = (
            select(learner.c.person_id, learner.c.completed_on)
            .where(learner.c.state != State.NOT_ENROLLED.value, learner.c.completed_on.is_not(None))
            .distinct()
            .subquery()
        )
        return select(each.c.completed_on, func.count()).group_by(each.c.completed_on)

    def people(self) -> Select[Any]:
        """One row a registered person and commune, with name, position, best score; in Vietnamese order."""
        learner = self.select()
        best = self._best()
        return (
            select(
                *learner.c,
                Person.full_name,
                Person.phone,
                Person.email,
                Membership.position,
                best.c.points,
                best.c.max_points,
            )
            .join(Person, Person.id == learner.c.person_id)
            .join(Membership, Membership.id == learner.c.membership_id)
            .outerjoin(best, best.c.enrolment_id == learner.c.enrolment_id)
            .where(learner.c.state != State.NOT_ENROLLED.value)
            .order_by(Person.sort_key, Person.id)
        )

    def names(self) -> Select[int, str]:
        """Commune id and full name of everybody registered, for the search."""
        learner = self.select()
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

    def _serving(self) -> CTE:
        # Somebody with two posts in one commune is one person there; the newest post names position and role.
        newest = (
            select(Membership.unit_id, Membership.person_id, func.max(Membership.id).label("membership_id"))
            .where(*self._serves())
            .group_by(Membership.unit_id, Membership.person_id)
            .subquery("newest")
        )
        serving = select(*newest.c, Membership.quality_role).join(
            Membership, Membership.id == newest.c.membership_id
        )
        if self.role is not None:
            serving = serving.where(Membership.quality_role == self.role)
        return serving.cte("serving")

    def _progress(self, enrolments: Select[int]) -> Subquery:
        fact = TrainingFact
        done = [
            func.count(distinct(case((and_(fact.kind == kind, self._is_step(kind)), fact.subject))))
            for kind in (FactKind.CHECKPOINT_DONE, FactKind.LESSON_COMPLETED, FactKind.QUIZ_PASSED)
        ]
        return (
            select(
                fact.enrolment_id,
                (done[0] + done[1] + done[2]).label("done"),
                func.max(fact.on, type_=Date).label("last_activity"),
            )
            .join(Enrolment, Enrolment.id == fact.enrolment_id)
            .where(fact.enrolment_id.in_(enrolments), fact.on <= self.as_of, fact.kind.in_(ACTIVITY))
            .group_by(fact.enrolment_id)
            .subquery("progress")
        )

    def _is_step(self, kind: FactKind) -> ColumnElement[bool]:
        return or_(
            *(
                and_(
                    Enrolment.edition_id == edition.id,
                    TrainingFact.subject.in_([s for k, s in edition.required.steps() if k == kind]),
                )
                for edition in self.editions
            )
        )

    def _best(self) -> Subquery:
        """Per enrolment, the best graded attempt of each required quiz, added up: points and max_points."""
        morning_after = datetime.combine(self.as_of + timedelta(days=1), time(), VIETNAM)
        quizzes = (
            select(
                Attempt.enrolment_id,
                func.max(Attempt.points).label("points"),
                func.max(Attempt.max_points).label("max_points"),
            )
            .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
            .where(
                Attempt.status == AttemptStatus.GRADED,
                Attempt.graded_at < morning_after,
                or_(
                    *(
                        and_(Enrolment.edition_id == e.id, Attempt.quiz.in_(e.required.quizzes))
                        for e in self.editions
                    )
                ),
            )
            .group_by(Attempt.enrolment_id, Attempt.quiz)
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

    @staticmethod
    def _by_edition(values: Iterable[tuple[int, int]]) -> ColumnElement[int]:
        return case(*((Enrolment.edition_id == edition, value) for edition, value in values))


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))
