"""Kept figures ("số liệu đã chốt") for a reader's units, read once: a snapshot never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from weakref import WeakKeyDictionary

from isoxa_grading.reports import Overview, Snapshot, SnapshotFigures, snapshot_figures, snapshots
from sqlalchemy import Pool
from sqlalchemy.orm import Session

__all__ = ["kept_figures", "last_kept"]

_MOST = 64
_Key = tuple[int, tuple[str, ...]]
_read: WeakKeyDictionary[Pool, OrderedDict[_Key, SnapshotFigures]] = WeakKeyDictionary()
_lock = Lock()


def kept_figures(session: Session, snapshot: Snapshot, scope: Sequence[str]) -> SnapshotFigures:
    """``snapshot_figures``, from memory where they were read before."""
    # Each transaction may come with an engine of its own; the pool below stands for the database.
    pool, key = session.get_bind().engine.pool, (snapshot.id, tuple(sorted(scope)))
    with _lock:
        known = _read.setdefault(pool, OrderedDict())
        if key in known:
            known.move_to_end(key)
            return known[key]
    made = snapshot_figures(session, snapshot, scope)
    with _lock:
        known[key] = made
        while len(known) > _MOST:
            known.popitem(last=False)
    return made


def last_kept(session: Session, view: Overview, scope: Sequence[str]) -> SnapshotFigures | None:
    """The figures last kept before the report's day, of what the report shows. None where there are none, and of a
    report narrowed to a role: what changed would be told of everybody."""
    if view.filters.role is not None:
        return None
    earlier = [one for one in snapshots(session, view.course) if one.as_of < view.as_of]
    if not earlier:
        return None
    shown = [view.unit.path] if view.unit is not None else list(scope)
    return kept_figures(session, earlier[0], shown)
