"""The state on a day, from an enrolment's facts: the rule of the package docstring in Python.

Pure: it reads only what it is given, in any order.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from isoxa_grading.records.tables.training import FactKind


class State(enum.StrEnum):
    """Where an enrolment stands on a day."""

    NOT_ENROLLED = "not_enrolled"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_GRADING = "waiting_for_grading"
    COMPLETED = "completed"
    COMPLETED_LATE = "completed_late"
    EXPIRED = "expired"
    WAIVED = "waived"


OPEN_STATES = (State.NOT_STARTED, State.IN_PROGRESS, State.WAITING_FOR_GRADING)
"""States in which somebody still owes a first completion, and so can be overdue."""

PROGRESS_KINDS = (
    FactKind.STARTED,
    FactKind.CHECKPOINT_DONE,
    FactKind.LESSON_COMPLETED,
    FactKind.SUBMITTED,
    FactKind.GRADED,
    FactKind.REOPENED,
    FactKind.QUIZ_PASSED,
)
"""Facts that show that the person has begun."""

ACTIVITY = (
    FactKind.STARTED,
    FactKind.CHECKPOINT_DONE,
    FactKind.LESSON_COMPLETED,
    FactKind.SUBMITTED,
    FactKind.QUIZ_PASSED,
)
"""What the learner does; enrolling, due days and a trainer's grading are not their activity."""

WAIT_ENDS = (FactKind.GRADED, FactKind.REOPENED)
"""Facts after which the submitted round that they name waits no more."""


class FactLike(Protocol):
    """What the rule reads of a fact; ``TrainingFact`` rows have it."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> FactKind: ...
    @property
    def on(self) -> date: ...
    @property
    def subject(self) -> str: ...
    @property
    def source_id(self) -> str: ...
    @property
    def value(self) -> date | None: ...


@dataclass(frozen=True)
class Fact:
    """A fact without a database; ``id`` rises with the order of recording."""

    id: int
    kind: FactKind
    on: date
    subject: str = ""
    source_id: str = ""
    value: date | None = None


def state_at(facts: Iterable[FactLike], day: date) -> State:
    """The state that one enrolment's ``facts`` give on ``day``."""
    known = [fact for fact in facts if fact.on <= day]
    until = valid_until(known)
    completed = [fact.on for fact in known if fact.kind == FactKind.COMPLETED]
    return state_of(known, valid=until is None or until >= day or max(completed, default=until) > until)


def state_of(known: Sequence[FactLike], *, valid: bool) -> State:
    """The state that all these facts give; ``valid``: what was completed, if anything was, has not lapsed."""
    kinds = [fact.kind for fact in known]
    if kinds.count(FactKind.ENROLLED) <= kinds.count(FactKind.WITHDRAWN):
        return State.NOT_ENROLLED
    completed = [fact.on for fact in known if fact.kind == FactKind.COMPLETED]
    if completed and valid:
        due = _newest_due(known)
        return State.COMPLETED if due is None or min(completed) <= due else State.COMPLETED_LATE
    if is_waived(known):
        return State.WAIVED
    if completed:
        return State.EXPIRED
    if rounds_that_wait(known):
        return State.WAITING_FOR_GRADING
    return State.IN_PROGRESS if any(kind in PROGRESS_KINDS for kind in kinds) else State.NOT_STARTED


def is_waived(known: Iterable[FactLike]) -> bool:
    """Whether a waiver holds: the newest fact about one is not that it was taken back."""
    about = [fact for fact in known if fact.kind in (FactKind.WAIVED, FactKind.WAIVER_ENDED)]
    return bool(about) and max(about, key=lambda fact: fact.id).kind == FactKind.WAIVED


def valid_until(known: Iterable[FactLike]) -> date | None:
    """The last day of validity that any of these facts gives."""
    return max(
        (fact.value for fact in known if fact.kind == FactKind.VALID_UNTIL and fact.value), default=None
    )


def rounds_that_wait(known: Sequence[FactLike]) -> int:
    """How many rounds of attempts are submitted and neither graded nor reopened."""
    ended = {fact.source_id for fact in known if fact.kind in WAIT_ENDS}
    return sum(fact.kind == FactKind.SUBMITTED and fact.source_id not in ended for fact in known)


def due_on(facts: Iterable[FactLike], day: date) -> date | None:
    """The last day to complete on time, as it was known on ``day``."""
    return _newest_due([fact for fact in facts if fact.on <= day])


def _newest_due(known: Iterable[FactLike]) -> date | None:
    dues = [fact for fact in known if fact.kind == FactKind.DUE]
    return max(dues, key=lambda fact: fact.id).value if dues else None


def is_overdue(state: State, due: date | None, day: date) -> bool:
    """Whether somebody in ``state`` should have completed before ``day``."""
    return due is not None and due < day and state in OPEN_STATES
