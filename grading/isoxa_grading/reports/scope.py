"""Which communes a report speaks of: those under the reader's scope that exist on the report's day.

A scope is the path of a unit ('/1/35/'): it covers that unit and everything below it, and nothing beside it. A unit
that is no longer (a commune or province of before 1 July 2025) leads to those it went into, as far as they are in the
scope: old links and old names go on working.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from isoxa_grading.records.tables.units import Unit, UnitKind, UnitSuccessor

_MOST_STEPS = 20


class NotInScope(LookupError):
    """A unit was asked for that the reader may not see, or that does not exist; the message says no more."""

    def __init__(self) -> None:
        super().__init__("Không tìm thấy đơn vị này trong phạm vi báo cáo của anh/chị.")


@dataclass(frozen=True)
class UnitRef:
    """A unit by its id, official code and name; ``path`` is its scope."""

    id: int
    code: str
    name: str
    kind: UnitKind
    path: str


def within(path: InstrumentedAttribute[str], scope_paths: Sequence[str]) -> ColumnElement[bool]:
    """Whether ``path`` lies in one of the scopes. Raises ``ValueError`` for a scope that is no unit's path.

    A range, not LIKE, so that the index on paths serves it on both databases: '0' follows '/' in ASCII.
    """
    check_scopes(scope_paths)
    return or_(false(), *(and_(path >= scope, path < scope[:-1] + "0") for scope in set(scope_paths)))


def exists_on(as_of: date) -> ColumnElement[bool]:
    """Whether a ``Unit`` is there on the day."""
    return and_(Unit.valid_from <= as_of, or_(Unit.valid_to.is_(None), Unit.valid_to >= as_of))


def communes_select(as_of: date, scope_paths: Sequence[str]) -> Select[int]:
    """Ids of the communes (xã, phường, đặc khu) in scope that exist on ``as_of``."""
    return select(Unit.id).where(
        Unit.kind == UnitKind.COMMUNE, exists_on(as_of), within(Unit.path, scope_paths)
    )


def scope_units(session: Session, scope_paths: Sequence[str]) -> list[UnitRef]:
    """The units whose paths the scopes are, without those that lie in another one of them.

    Raises ``ValueError`` for a scope that is no unit's path.
    """
    check_scopes(scope_paths)
    widest = [
        one for one in scope_paths if not any(one != other and one.startswith(other) for other in scope_paths)
    ]
    rows = session.execute(_refs().where(Unit.path.in_(widest)).order_by(Unit.path))
    return [UnitRef(*row) for row in rows]


def narrowed(session: Session, unit_id: int, scope_paths: Sequence[str], as_of: date) -> list[UnitRef]:
    """The unit itself, or what it had become by ``as_of``. Raises ``NotInScope``.

    One that is split leads to several; those outside the scope are left out.
    """
    ids, seen = [unit_id], {unit_id}
    for _step in range(_MOST_STEPS):
        here = session.execute(_refs().where(Unit.id.in_(ids), within(Unit.path, scope_paths))).all()
        there = set(session.scalars(select(Unit.id).where(Unit.id.in_(ids), Unit.valid_to < as_of)))
        found = [UnitRef(*row) for row in here if row.id not in there]
        if found:
            return found
        ids = [one for one in _heirs(session, there) if one not in seen]
        if not ids:
            # A unit that ended without heirs is still a place in the reader's scope: nobody is there.
            if here:
                return [UnitRef(*row) for row in here]
            break
        seen.update(ids)
    raise NotInScope


def check_scopes(scope_paths: Sequence[str]) -> None:
    """Raises ``ValueError`` for a scope that is no unit's path."""
    for scope in scope_paths:
        if len(scope) < 3 or scope[0] != "/" or scope[-1] != "/":
            raise ValueError(f"not the path of a unit: {scope!r}")


def _heirs(session: Session, unit_ids: set[int]) -> list[int]:
    """What the units went into; a district had no heirs of its own, its communes had."""
    after = select(UnitSuccessor.successor_id).distinct()
    found = list(session.scalars(after.where(UnitSuccessor.unit_id.in_(unit_ids))))
    below = select(Unit.id).where(Unit.parent_id.in_(unit_ids))
    return found or list(session.scalars(after.where(UnitSuccessor.unit_id.in_(below))))


def _refs() -> Select[int, str, str, UnitKind, str]:
    return select(Unit.id, Unit.code, Unit.name, Unit.kind, Unit.path)
