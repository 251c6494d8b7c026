"""Batches: prepared with a preview that has an address, confirmed once, and then the account of what was done.

Nothing of people is written before ``confirm``; it plans anew in its own transaction, so what the preview said and what
is written can differ only where the records changed between, and then the figures told afterwards are those written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from isoxa_courses.text import VIETNAM, clean
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ..records.tables import BatchKind, CourseEdition, EnrolmentBatch, Unit
from .applying import Progress, apply_plan
from .planning import Plan, make_plan
from .selection import Selection

__all__ = ["BatchRefused", "confirm", "draft", "find_batch", "plan_lock", "plan_of", "unit_names"]

LONGEST_REASON = 500
_MOST_YEARS = 10
UNMATCHED_KEPT = timedelta(days=1)
NEEDS_REASON = (BatchKind.WAIVE, BatchKind.END_WAIVER, BatchKind.WITHDRAW)


class BatchRefused(Exception):
    """A batch cannot be done as it is; ``str()`` says why and what to do (Vietnamese). Nothing was changed."""


def draft(
    session: Session,
    kind: BatchKind,
    edition: CourseEdition,
    selection: Selection,
    *,
    due_on: date | None = None,
    reason: str = "",
    unmatched: Sequence[dict[str, str]] = (),
    actor: int | None,
    now: datetime,
) -> EnrolmentBatch:
    """Write down what is to be done; nothing of it is done yet. Raises ``BatchRefused``.

    What lists of the last days had that fits nobody is forgotten here (it holds names), and what nobody confirmed.
    """
    reason = clean(reason, lines=True)[:LONGEST_REASON]
    if kind in NEEDS_REASON and len(reason) < 5:
        raise BatchRefused("Hãy ghi lý do (ít nhất vài chữ): lý do được lưu cùng hồ sơ của từng người.")
    today = now.astimezone(VIETNAM).date()
    if due_on is not None and due_on < today and kind is BatchKind.ENROL:
        raise BatchRefused("Hạn hoàn thành đã qua. Hãy chọn từ hôm nay trở đi, hoặc để trống.")
    if due_on is not None and abs(due_on.year - today.year) > _MOST_YEARS:
        raise BatchRefused("Hạn hoàn thành cách nay hơn 10 năm. Hãy xem lại năm.")
    session.execute(
        delete(EnrolmentBatch).where(
            EnrolmentBatch.done_at.is_(None), EnrolmentBatch.created_at < now - UNMATCHED_KEPT
        )
    )
    session.execute(
        update(EnrolmentBatch).where(EnrolmentBatch.created_at < now - UNMATCHED_KEPT).values(unmatched=[])
    )
    batch = EnrolmentBatch(
        id=uuid4().hex,
        account_id=actor,
        edition_id=edition.id,
        kind=kind,
        selection=selection.to_json(),
        due_on=due_on,
        reason=reason or None,
        unmatched=list(unmatched),
        counts={},
        created_at=now,
    )
    session.add(batch)
    session.flush()
    return batch


def find_batch(session: Session, batch_id: str, account_id: int) -> EnrolmentBatch | None:
    """The batch of this account, or None."""
    batch = session.get(EnrolmentBatch, batch_id)
    return batch if batch is not None and batch.account_id == account_id else None


def plan_of(session: Session, batch: EnrolmentBatch, *, scope_paths: Sequence[str], day: date) -> Plan:
    """What the batch would do now, within the reader's scope as it is now."""
    return make_plan(
        session,
        batch.kind,
        Selection.from_json(batch.selection),
        course=batch.edition.course,
        scope_paths=scope_paths,
        day=day,
        due_on=batch.due_on,
    )


def confirm(
    session: Session,
    batch: EnrolmentBatch,
    *,
    scope_paths: Sequence[str],
    again: bool = False,
    source: str = "danh sách ghi danh",
    now: datetime,
    progress: Progress = lambda _done: None,
) -> EnrolmentBatch:
    """Do it, once: a batch that is done already is returned as it is."""
    plan_lock(session, batch)
    if batch.done_at is not None:
        return batch
    plan = plan_of(session, batch, scope_paths=scope_paths, day=now.astimezone(VIETNAM).date())
    counts = apply_plan(
        session,
        plan,
        batch.edition,
        reason=batch.reason or "",
        again=again,
        source=source,
        batch_id=batch.id,
        actor=batch.account_id,
        now=now,
        progress=progress,
    )
    batch.counts = {**counts, "unmatched": len(batch.unmatched), "again_asked": again}
    batch.done_at = now
    session.flush()
    return batch


def plan_lock(session: Session, batch: EnrolmentBatch) -> None:
    """One batch of an edition at a time (SQLite's writers are alone anyway): two that enrol the same people would both
    find them not enrolled. The batch is read again afterwards.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(
            select(CourseEdition.id).where(CourseEdition.id == batch.edition_id).with_for_update()
        )
    session.refresh(batch)


def unit_names(session: Session, selection: Selection) -> list[str]:
    """The names of the units chosen, in their order."""
    units = session.scalars(select(Unit).where(Unit.id.in_(selection.units)).order_by(Unit.path))
    return [unit.name for unit in units]
