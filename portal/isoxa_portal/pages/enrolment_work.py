"""What the pages of enrolment do with the records: figures, drafts, previews, and the confirmed act as a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from isoxa_grading.completion import OPEN_STATES, State
from isoxa_grading.completion.standing import state_on
from isoxa_grading.enrolment import (
    BatchRefused,
    Plan,
    Selection,
    confirm,
    draft,
    find_batch,
    plan_of,
    unit_names,
)
from isoxa_grading.enrolment.batches import NEEDS_REASON
from isoxa_grading.enrolment.reminding import DUE_SOON_DAYS
from isoxa_grading.enrolment.selection import serving_select
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.tables import BatchKind, CourseEdition, EnrolmentBatch, EnrolmentStanding
from sqlalchemy import case, func, select

from ..errors import not_found
from ..portal import Portal
from ..roster_jobs import Job
from .enrolment_base import acts, quality_roles
from .enrolment_form import EnrolForm, Offer, due_day, offer, selected
from .published import published_courses

__all__ = [
    "BatchRow",
    "Figures",
    "Previewed",
    "batch_of",
    "do_batch",
    "draft_of",
    "figures_of",
    "form_offer",
    "preview_of",
    "recent",
]


@dataclass(frozen=True)
class Figures:
    """One course within the scope, today."""

    course: str
    title: str
    serving: int
    enrolled: int
    not_started: int
    due_soon: int
    overdue: int


@dataclass(frozen=True)
class BatchRow:
    """A batch for people: ``about`` names units and parts, or how many people were chosen."""

    id: str
    slug: str
    kind: BatchKind
    course_title: str
    about: list[str]
    due_on: date | None
    reason: str
    counts: dict[str, Any]
    unmatched: list[dict[str, str]]
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Previewed:
    """A batch that is not done yet, and what it would do."""

    batch: BatchRow
    plan: Plan


def form_offer(portal: Portal, scope: Sequence[str]) -> Offer:
    """What the form offers to choose."""
    with reading(portal.engine) as session:
        return offer(session, scope, published_courses(session))


def figures_of(portal: Portal, scope: Sequence[str], today: date) -> list[Figures]:
    """Each course's figures, the newest course first."""
    row = EnrolmentStanding
    soon = today + timedelta(days=DUE_SOON_DAYS)
    owes = row.state.in_([state.value for state in OPEN_STATES])
    with reading(portal.engine) as session:
        found = []
        for course, title in published_courses(session):
            serving = serving_select(session, Selection(), scope)
            total = session.scalar(select(func.count()).select_from(serving)) or 0
            counted = session.execute(
                select(
                    func.count(),
                    func.count(case((state_on(today) == State.NOT_STARTED.value, 1))),
                    func.count(case((owes & (row.due_on >= today) & (row.due_on <= soon), 1))),
                    func.count(case((owes & (row.due_on < today), 1))),
                )
                .select_from(serving)
                .join(row, row.person_id == serving.c.person_id)
                .join(CourseEdition, CourseEdition.id == row.edition_id)
                .where(CourseEdition.course == course, row.current)
            ).one()
            found.append(Figures(course, title, total, *counted))
        return found


def draft_of(
    portal: Portal, account_id: int, scope: Sequence[str], kind: BatchKind, form: EnrolForm, now: datetime
) -> tuple[str, dict[str, str]]:
    """Write the act down; its id, or field → what is wrong (then nothing was written)."""
    with reading(portal.engine) as session:
        selection, matched, errors = selected(session, form, scope)
    due, wrong_due = due_day(form, kind)
    if kind in (BatchKind.ENROL, BatchKind.DUE):
        errors |= wrong_due
    if errors:
        return "", errors
    with writing(portal.engine) as session:
        edition = latest_edition(session, form.course)
        if edition is None:
            raise not_found()
        try:
            batch = draft(
                session,
                kind,
                edition,
                selection,
                due_on=due if isinstance(due, date) and kind in (BatchKind.ENROL, BatchKind.DUE) else None,
                reason=form.reason if kind in NEEDS_REASON else "",
                unmatched=matched.unmatched if matched else (),
                actor=account_id,
                now=now,
            )
        except BatchRefused as refused:
            return "", {"reason" if kind in NEEDS_REASON else "due": str(refused)}
        return batch.id, {}


def batch_of(portal: Portal, account_id: int, batch_id: str) -> BatchRow:
    """The account's batch. Raises ``PortalError`` 404."""
    with reading(portal.engine) as session:
        found = find_batch(session, batch_id, account_id)
        if found is None or found.kind is BatchKind.REMIND:
            raise not_found()
        return _row(session, found)


def preview_of(portal: Portal, account_id: int, scope: Sequence[str], batch_id: str, day: date) -> Previewed:
    """The batch with what it would do within the scope now. Raises ``PortalError`` 404."""
    with reading(portal.engine) as session:
        found = find_batch(session, batch_id, account_id)
        if found is None or found.kind is BatchKind.REMIND:
            raise not_found()
        return Previewed(_row(session, found), plan_of(session, found, scope_paths=scope, day=day))


def do_batch(
    portal: Portal, account_id: int, scope: Sequence[str], batch_id: str, again: bool, now: datetime, job: Job
) -> None:
    """Confirm, in one transaction; ``job`` tells how far it is."""
    job.stage = "writing"

    def told(done: int) -> None:
        job.done = done

    with writing(portal.engine) as session:
        found = find_batch(session, batch_id, account_id)
        if found is None:
            raise not_found()
        confirm(session, found, scope_paths=scope, again=again, now=now, progress=told)


def recent(portal: Portal, account_id: int, limit: int) -> list[BatchRow]:
    """The account's last acts."""
    with reading(portal.engine) as session:
        query = (
            select(EnrolmentBatch)
            .where(
                EnrolmentBatch.account_id == account_id,
                EnrolmentBatch.done_at.is_not(None),
                EnrolmentBatch.kind != BatchKind.REMIND,
            )
            .order_by(EnrolmentBatch.created_at.desc(), EnrolmentBatch.id)
        )
        return [_row(session, one) for one in session.scalars(query.limit(limit))]


def _row(session: Any, batch: EnrolmentBatch) -> BatchRow:
    selection = Selection.from_json(batch.selection)
    words = {value: said for value, _slug, said in quality_roles()}
    about = [*unit_names(session, selection), *(words[role] for role in selection.roles if role in words)]
    slug = next(act.slug for act in acts() if act.kind is batch.kind)
    return BatchRow(
        batch.id, slug, batch.kind, batch.edition.title, about, batch.due_on, batch.reason or "",
        dict(batch.counts), list(batch.unmatched), batch.created_at, batch.done_at,
    )  # fmt: skip
