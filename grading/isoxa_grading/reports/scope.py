"""Which communes a report speaks of: those under the reader's scope that exist on the report's day.

A scope is the path of a unit ('/1/35/'): it covers that unit and everything below it, and nothing beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from isoxa_grading.records.tables.units import Unit, UnitKind


class NotInScope(LookupError):
    """A unit was asked for that the reader may not see, or that does not exist; the message says no more."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy đơn vị này trong phạm vi báo cáo của anh/chị.")


def within(path: InstrumentedAttribute[str], scope_paths: Sequence[str]) -> ColumnElement[bool]:
    """Whether ``path`` lies in one of the scopes. Raises ``ValueError`` for a scope that is no unit's path.

    A range, not LIKE, so that the index on paths serves it on both databases: '0' follows '/' in ASCII.
    """
    for scope in scope_paths:
        if len(scope) < 3 or scope[0] != "/" or scope[-1] != "/":
            raise ValueError(f"not the path of a unit: {scope!r}")
    return or_(false(), *(and_(path >= scope, path < scope[:-1] + "0") for scope in set(scope_paths)))


def communes_select(as_of: date, scope_paths: Sequence[str]) -> Select[int]:
    """Ids of the communes (xã, phường, đặc khu) in scope that exist on ``as_of``."""
    return select(Unit.id).where(
        Unit.kind == UnitKind.COMMUNE,
        Unit.valid_from <= as_of,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= as_of),
        within(Unit.path, scope_paths),
    )
