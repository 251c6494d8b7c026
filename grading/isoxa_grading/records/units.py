"""Units of Vietnam: the country's unit, scope by path, loading and finding.

A unit's ``path`` lists the ids from the country down (``/1/35/2031/``). Who may see or do something "for a unit
and all below it" has a scope path; a unit is in scope when its path begins with that.
"""

from __future__ import annotations

from isoxa_courses.text import clean
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from .tables import Unit
from .tables.units import UnitKind
from .unit_changes import UnitRefused, add_unit, close_unit, rename_unit
from .unit_history import UnitHistory, UnitStep, unit_history
from .unit_loading import load_units
from .unit_matching import UnitMatch, find_unit
from .unit_text import search_key

__all__ = [
    "UnitHistory",
    "UnitMatch",
    "UnitRefused",
    "UnitStep",
    "add_unit",
    "close_unit",
    "country",
    "find_scope",
    "find_unit",
    "in_scope",
    "load_units",
    "rename_unit",
    "search_key",
    "under",
    "unit_history",
    "unit_label",
]


def country(session: Session) -> Unit:
    """The unit every other one is under. Raises ``LookupError`` before ``load_units``."""
    found = session.scalars(select(Unit).where(Unit.kind == UnitKind.COUNTRY)).first()
    if found is None:
        raise LookupError("Chưa nạp danh mục đơn vị hành chính. Hãy chạy “isoxa init”.")
    return found


def find_scope(session: Session, text: str) -> UnitMatch:
    """A scope by its code or name. "Quảng Trị" is the province here, though a ward has that name too."""
    text = clean(text)
    by_code = session.scalars(select(Unit).where(Unit.code == text, Unit.valid_to.is_(None))).all()
    if len(by_code) == 1:
        return UnitMatch(by_code[0])
    if search_key(text) in ("viet nam", "ca nuoc", "toan quoc"):
        return UnitMatch(country(session))
    for type_word in ("tỉnh", "thành phố"):
        match = find_unit(session, f"{type_word} {text}")
        if match.unit is not None and match.unit.kind is UnitKind.PROVINCE:
            return match
    return find_unit(session, text)


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
