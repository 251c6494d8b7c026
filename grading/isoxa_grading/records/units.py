"""Units of Vietnam: the country's unit, scope by path, loading and finding.

A unit's ``path`` lists the ids from the country down (``/1/35/2031/``). Who may see or do something "for a unit
and all below it" has a scope path; a unit is in scope when its path begins with that.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from .tables import Unit
from .tables.units import UnitKind
from .unit_loading import load_units
from .unit_matching import UnitMatch, find_unit, search_key

__all__ = ["UnitMatch", "country", "find_unit", "in_scope", "load_units", "search_key", "under", "unit_label"]


def country(session: Session) -> Unit:
    """The unit every other one is under. Raises ``LookupError`` before ``load_units``."""
    found = session.scalars(select(Unit).where(Unit.kind == UnitKind.COUNTRY)).first()
    if found is None:
        raise LookupError("Chưa nạp danh mục đơn vị hành chính. Hãy chạy “isoxa init”.")
    return found


def in_scope(unit_path: str, scope_path: str) -> bool:
    """Whether the unit is the scope's own unit or below it."""
    return unit_path.startswith(scope_path)


def under(path: InstrumentedAttribute[str], scope_path: str) -> ColumnElement[bool]:
    """``in_scope`` in SQL, as a range that an index serves on both databases (LIKE would not on SQLite)."""
    # A path ends in "/", and "0" is the next character after it in binary order.
    return and_(path >= scope_path, path < scope_path[:-1] + "0")


def unit_label(unit: Unit) -> str:
    """``Xã Di Linh, tỉnh Lâm Đồng``: the unit with the one above it, the country left out."""
    parent = unit.parent
    if parent is None or parent.kind is UnitKind.COUNTRY:
        return unit.name
    return f"{unit.name}, {parent.type_word} {parent.short_name}"
