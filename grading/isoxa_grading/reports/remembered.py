"""Results kept in memory for as long as nothing that they count has changed, in this process or in another.

``records_version`` moves, by triggers of the database, in the very transaction that changes what reports count. Asked
in the same snapshot as the data, it says whether a kept result is still right: no clock, no message between
processes. Only reading transactions keep results; what a writing one sees may yet be rolled back.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.tables.reporting import RecordsVersion

T = TypeVar("T")

_MOST = 48
_lock = threading.Lock()
_kept: WeakKeyDictionary[Pool, OrderedDict[Hashable, tuple[Hashable, Any]]] = WeakKeyDictionary()


def remembered(session: Session, key: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` gives, or gave for the same key and version. Nobody may change a result that others may have."""
    connection = session.connection()
    if connection.get_execution_options().get("isoxa_mode") != "reading":
        return make()
    version = records_version(session)
    pool = connection.engine.pool
    with _lock:
        known = _kept.setdefault(pool, OrderedDict())
        found = known.get(key)
        if found is not None and found[0] == version:
            known.move_to_end(key)
            kept: T = found[1]
            return kept
    made = make()
    with _lock:
        known[key] = (version, made)
        known.move_to_end(key)
        while len(known) > _MOST:
            known.popitem(last=False)
    return made


def records_version(session: Session) -> tuple[int, ...]:
    """Differs whenever something counted differs. Rows are added at the top and cleared away from the bottom, and one
    that commits late only adds to their number: so lowest, highest and number never come back together.
    """
    row = RecordsVersion
    found = session.execute(
        select(func.min(row.id), func.max(row.id), func.count(), func.sum(row.changes))
    ).one()
    return tuple(number or 0 for number in found)
