"""Grading what was handed in and not run yet: the one way of `isoxa grade` and of the trainers' button.

What is new is told by the reports of earlier runs, so a run that was cut off is gone on with by doing it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ..nbgrader_bridge.course_folder import person_id_of
from ..records.attempts.scope import within
from ..records.audit import audit
from ..records.data_folder import DataFolder
from ..records.database import reading, writing
from ..records.tables import Person
from .assignments import Assignment
from .grants import tell_gradebook
from .settling import settle
from .within import courses_with_assignments

if TYPE_CHECKING:  # nbgrader takes a second to import
    from ..nbgrader_bridge.sandbox import Outcome

__all__ = ["NewWork", "RanWork", "grade_new", "new_work"]

_AT_ONCE = 500


@dataclass(frozen=True)
class NewWork:
    """Students (nbgrader's ids) whose newest version of an assignment has not been run."""

    assignment: Assignment
    students: tuple[str, ...]


@dataclass
class RanWork:
    """What a run came to. ``refused``: why assignments could not be run (Vietnamese), each reason once."""

    outcomes: list[Outcome] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def new_work(data: DataFolder, engine: Engine, scope_paths: Sequence[str] | None = None) -> list[NewWork]:
    """What waits to be run, assignment by assignment; ``scope_paths``: of officers who serve there alone, without it
    of everybody, also of students a trainer made by hand. First puts forward what a crash left behind. Blocks."""
    from ..nbgrader_bridge.sandbox.grade import last_outcome

    with reading(engine) as session:
        assignments = courses_with_assignments(data, session)
        for one in assignments:
            settle(data, session, one.folder, one.course, one.name)
        found = []
        for one in assignments:
            students = [
                place.parent.name for place in sorted(one.folder.root.glob(f"submitted/*/{one.name}"))
            ]
            if scope_paths is not None:
                students = _serving(session, students, scope_paths)
            new = tuple(name for name in students if last_outcome(one.folder, one.name, name) is None)
            if new:
                found.append(NewWork(one, new))
    return found


def _serving(session: Session, students: Sequence[str], scope_paths: Sequence[str]) -> list[str]:
    people = {id_: name for name in students if (id_ := person_id_of(name)) is not None}
    if not scope_paths:
        return []
    inside: set[int] = set()
    ids = list(people)
    for start in range(0, len(ids), _AT_ONCE):
        some = select(Person.id).where(Person.id.in_(ids[start : start + _AT_ONCE]))
        inside |= set(session.scalars(within(some, scope_paths, Person.id)))
    return [name for id_, name in people.items() if id_ in inside]


def grade_new(
    data: DataFolder,
    engine: Engine,
    work: Sequence[NewWork],
    *,
    actor: int | None,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    progress: Callable[[Outcome], None] = lambda _outcome: None,
) -> RanWork:
    """Run ``work`` in the cage, one submission after the other, until ``stop``; what an assignment came to is audited.

    ``actor``: the account that asked; None: the machine's operator. An assignment that cannot be run is passed over,
    and the reason told. Blocks.
    """
    from ..nbgrader_bridge import sandbox

    told = RanWork()
    for one in work:
        ran: list[Outcome] = []

        def tell(outcome: Outcome, ran: list[Outcome] = ran) -> None:
            if not outcome.kept:
                ran.append(outcome)
            progress(outcome)

        assignment = one.assignment
        try:
            sandbox.grade_assignment(
                data, assignment.folder, assignment.name, students=one.students, progress=tell, stop=stop
            )
        except sandbox.AssignmentRefused as refusal:
            if str(refusal) not in told.refused:
                told.refused.append(str(refusal))
        finally:
            if ran:
                detail = {"course": assignment.course, "graded": sum(outcome.graded for outcome in ran)}
                with writing(engine) as session:
                    audit(
                        session,
                        actor,
                        "assignment.graded",
                        "assignment",
                        assignment.name,
                        None,
                        detail,
                        now(),
                    )
                people = [id_ for outcome in ran if (id_ := person_id_of(outcome.student)) is not None]
                with reading(engine) as session:
                    tell_gradebook(session, assignment, people)
            told.outcomes += ran
        if stop():
            break
    return told
