"""The field in which an administrator names a unit: what was meant, and what to offer while it is typed."""

from __future__ import annotations

from collections.abc import Sequence

from isoxa_grading.records.account_scope import inside
from isoxa_grading.records.tables import Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.units import find_scope, find_unit, in_scope
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..i18n import gettext as _

__all__ = ["NoSuchUnit", "named_unit", "offered_units"]

OFFERED = 500


class NoSuchUnit(ValueError):
    """No unit was recognised, or it lies outside; ``str()`` says what to do."""


def named_unit(session: Session, scope: Sequence[str], name: str) -> Unit:
    """The unit meant, within the scope; without a name the scope itself, where it is one unit."""
    tops = list(session.scalars(select(Unit).where(Unit.path.in_(scope))))
    if not name:
        if len(tops) == 1:
            return tops[0]
        raise NoSuchUnit(_("Anh/chị chưa nhập đơn vị."))
    # Within one's own unit first: "Quảng Trị" is then the ward; else it is the province.
    match = find_unit(session, name, tops[0]) if len(tops) == 1 else find_scope(session, name)
    if match.unit is None and len(tops) == 1:
        wider = find_scope(session, name)
        match = wider if wider.unit is not None else match
    if match.unit is None:
        raise NoSuchUnit(match.reason)
    if not any(in_scope(match.unit.path, path) for path in scope):
        raise NoSuchUnit(_("Đơn vị này nằm ngoài phạm vi quản trị của anh/chị."))
    return match.unit


def offered_units(session: Session, scope: Sequence[str]) -> list[str]:
    """Names to offer: the units of the scope today, or only its provinces where they are too many."""
    query = (
        select(Unit.name)
        .where(inside(scope), Unit.valid_to.is_(None), Unit.kind != UnitKind.COUNTRY)
        .order_by(Unit.sort_key)
        .limit(OFFERED + 1)
    )
    names = list(session.scalars(query))
    if len(names) > OFFERED:
        names = list(session.scalars(query.where(Unit.kind == UnitKind.PROVINCE)))
    return names
