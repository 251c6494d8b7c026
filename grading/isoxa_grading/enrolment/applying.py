"""Does what a plan says, in the caller's writing transaction: records, facts and an audit row for everybody touched.

All or nothing, and in a few statements however many people there are. The plan must have been made in this very
transaction, so that what is written follows from what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..completion import record_new_enrolments
from ..completion.record_many import (
    record_due_all,
    record_enrolled_again,
    record_waived_all,
    record_waiver_ended_all,
    record_withdrawn_all,
)
from ..records.tables import AuditEvent, BatchKind, CourseEdition, Enrolment
from .learners import Learner
from .planning import Fate, Plan

__all__ = ["apply_plan"]

Progress = Callable[[int], None]
_CHUNK = 1000


def apply_plan(
    session: Session,
    plan: Plan,
    edition: CourseEdition,
    *,
    reason: str = "",
    again: bool = False,
    source: str,
    batch_id: str,
    actor: int | None,
    now: datetime,
    progress: Progress = lambda _done: None,
) -> dict[str, int]:
    """Write the plan; how many people were ``touched``, and the plan's counts.

    ``again``: enrol those too who were withdrawn before. ``reason`` is needed for a waiver, its end or a withdrawal.
    ``progress`` is told how many people are done.
    """
    work = _Work(session, edition, plan, batch_id, actor, now, progress)
    match plan.kind:
        case BatchKind.ENROL:
            touched = work.enrol(plan.of(Fate.NEW), source)
            if again:
                touched += work.enrol_again(plan.of(Fate.AGAIN), source)
        case BatchKind.DUE:
            touched = work.change_due(plan.of(Fate.CHANGES))
        case BatchKind.WAIVE | BatchKind.END_WAIVER | BatchKind.WITHDRAW:
            if not reason:
                raise ValueError("a waiver, its end or a withdrawal needs a reason")
            touched = work.excuse(plan.of(Fate.CHANGES), plan.kind, reason)
        case BatchKind.REMIND:
            raise ValueError("reminders are queued, not applied")
    return {**plan.counts, "touched": touched}


_EXCUSES = {
    BatchKind.WAIVE: ("enrolment.waived", record_waived_all),
    BatchKind.END_WAIVER: ("enrolment.waiver_ended", record_waiver_ended_all),
    BatchKind.WITHDRAW: ("enrolment.withdrawn", record_withdrawn_all),
}


class _Work:
    """One plan while it is being written."""

    def __init__(
        self, session: Session, edition: CourseEdition, plan: Plan, batch_id: str, actor: int | None,
        now: datetime, progress: Progress,
    ) -> None:  # fmt: skip
        self.session, self.edition, self.plan, self.actor, self.now = session, edition, plan, actor, now
        self.batch_id, self.progress = batch_id, progress
        self.done = 0

    def enrol(self, people: Sequence[Learner], source: str) -> int:
        """New enrolments in the edition."""
        for chunk in _chunks(people):
            made = [
                Enrolment(
                    person_id=one.person_id, edition_id=self.edition.id, enrolled_at=self.now,
                    due_on=self.plan.due_on, source=source,
                )
                for one in chunk
            ]  # fmt: skip
            record_new_enrolments(self.session, made, now=self.now)
            detail = {"due_on": _iso(self.plan.due_on)}
            self._audit("enrolment.created", [(one, detail) for one in chunk], "person")
            self._told(len(chunk))
        return len(people)

    def enrol_again(self, people: Sequence[Learner], source: str) -> int:
        """Take a withdrawal back; one from an earlier edition is enrolled anew in this one."""
        here = [one for one in people if one.edition_id == self.edition.id]
        for chunk in _chunks(here):
            enrolments = self._enrolments(chunk)
            record_enrolled_again(self.session, list(enrolments.values()), now=self.now)
            if self.plan.due_on is not None:
                self._set_due(enrolments, chunk)
            self._audit("enrolment.again", [(one, {"due_on": _iso(self.plan.due_on)}) for one in chunk])
            self._told(len(chunk))
        return len(here) + self.enrol([one for one in people if one.edition_id != self.edition.id], source)

    def change_due(self, people: Sequence[Learner]) -> int:
        """The plan's due day for each of them."""
        for chunk in _chunks(people):
            self._set_due(self._enrolments(chunk), chunk)
            changes = [(one, {"before": _iso(one.due_on), "after": _iso(self.plan.due_on)}) for one in chunk]
            self._audit("enrolment.due_changed", changes)
            self._told(len(chunk))
        return len(people)

    def excuse(self, people: Sequence[Learner], kind: BatchKind, reason: str) -> int:
        """Excuse them from the course, end that, or take them off it, for this reason."""
        action, record = _EXCUSES[kind]
        for chunk in _chunks(people):
            enrolments = self._enrolments(chunk)
            events = self._audit(action, [(one, {"reason": reason}) for one in chunk])
            audit_ids = {one.enrolment_id or 0: event for one, event in zip(chunk, events, strict=True)}
            record(self.session, list(enrolments.values()), audit_ids, now=self.now)
            self._told(len(chunk))
        return len(people)

    def _set_due(self, enrolments: dict[int, Enrolment], people: Sequence[Learner]) -> None:
        for one in people:
            enrolments[one.enrolment_id or 0].due_on = self.plan.due_on
        record_due_all(self.session, list(enrolments.values()), due_on=self.plan.due_on, now=self.now)

    def _enrolments(self, people: Sequence[Learner]) -> dict[int, Enrolment]:
        ids = [one.enrolment_id for one in people]
        return {one.id: one for one in self.session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)))}

    def _audit(
        self, action: str, about: Sequence[tuple[Learner, dict[str, Any]]], subject: str = "enrolment"
    ) -> list[int]:
        """One event a person; their ids, in order."""
        common = {"course": self.edition.course, "edition": self.edition.edition, "batch": self.batch_id}
        made = [
            AuditEvent(
                at=self.now,
                actor_account_id=self.actor,
                action=action,
                subject_kind=subject,
                subject_id=str(one.person_id if subject == "person" else one.enrolment_id),
                unit_id=one.unit_id,
                detail={**common, **detail},
            )
            for one, detail in about
        ]
        self.session.add_all(made)
        self.session.flush()
        return [event.id for event in made]

    def _told(self, more: int) -> None:
        self.done += more
        self.progress(self.done)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _chunks(people: Sequence[Learner]) -> list[Sequence[Learner]]:
    return [people[begin : begin + _CHUNK] for begin in range(0, len(people), _CHUNK)]
