"""What a batch would do to each person, decided without writing: its preview, and again just before it is done.

One rule a kind of act, the same for the page, the command line and the writing itself::

    enrol      new, withdrawn before (again), already enrolled (same: their due day stays too)
    due        changes, has that very day already (same), done (their day stays), not enrolled
    waive      changes, excused already (same), completed (done), not enrolled
    end_waiver changes, not excused (same), not enrolled
    withdraw   changes, completed or excused (done: it stays on record), not enrolled
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from ..completion import State
from ..records.tables import BatchKind
from .learners import Learner, learners
from .selection import Selection

__all__ = ["Fate", "Plan", "make_plan"]


class Fate(enum.StrEnum):
    """What becomes of one person."""

    NEW = "new"
    AGAIN = "again"
    CHANGES = "changes"
    SAME = "same"
    DONE = "done"
    OUTSIDE = "not_enrolled"


@dataclass(frozen=True)
class Plan:
    """Every person of the selection with their fate, by unit and name."""

    kind: BatchKind
    course: str
    day: date
    due_on: date | None
    rows: tuple[tuple[Learner, Fate], ...]

    @property
    def counts(self) -> dict[str, int]:
        """``total``, one figure a fate, and ``without_account`` among those whom it would touch."""
        found = Counter(fate.value for _learner, fate in self.rows)
        touched = [learner for learner, fate in self.rows if fate in TOUCHED]
        return {
            "total": len(self.rows),
            **{fate.value: found[fate.value] for fate in Fate},
            "without_account": sum(not learner.has_account for learner in touched),
        }

    def of(self, *fates: Fate) -> list[Learner]:
        """The people with these fates."""
        return [learner for learner, fate in self.rows if fate in fates]


TOUCHED = (Fate.NEW, Fate.AGAIN, Fate.CHANGES)
"""Fates in which something is written (``AGAIN`` only where it was asked for)."""


def make_plan(
    session: Session,
    kind: BatchKind,
    selection: Selection,
    *,
    course: str,
    scope_paths: Sequence[str],
    day: date,
    due_on: date | None = None,
) -> Plan:
    """Decide about everybody of the selection; ``due_on``: the due day to set (``due``; None: take it away)."""
    found = learners(session, selection, course=course, scope_paths=scope_paths, day=day)
    rows = tuple((one, _fate(kind, one, due_on)) for one in found)
    return Plan(kind, course, day, due_on, rows)


def _fate(kind: BatchKind, one: Learner, due_on: date | None) -> Fate:
    if kind is BatchKind.ENROL:
        if one.enrolled:
            return Fate.SAME
        return Fate.NEW if one.enrolment_id is None else Fate.AGAIN
    if not one.enrolled:
        return Fate.OUTSIDE
    if kind is BatchKind.END_WAIVER:
        return Fate.CHANGES if one.state is State.WAIVED else Fate.SAME
    if kind is BatchKind.WAIVE and one.state is State.WAIVED:
        return Fate.SAME
    if one.done:
        return Fate.DONE
    if kind is BatchKind.DUE and one.due_on == due_on:
        return Fate.SAME
    return Fate.CHANGES
