"""Whom a batch is about: units with all below them, parts in the quality system, or named people.

A selection is kept as ids and asked anew each time, always within the reader's scope: who left the unit since the
preview is not touched, and a selection never reaches beyond what its reader may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from ..records.account_scope import inside
from ..records.tables import Membership, Person, QualityRole, Unit

__all__ = ["NO_ROLE", "Selection", "serving_select"]

NO_ROLE = "none"
"""Stands among the roles for people whose roster says no part in the quality system."""


@dataclass(frozen=True)
class Selection:
    """``units``: unit ids, none meaning the whole scope; ``roles``: ``QualityRole`` values and ``NO_ROLE``, none
    meaning all of them; ``people``: person ids, or None where units and roles decide. What is given must all fit.
    """

    units: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[int, ...] | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain lists."""
        people = None if self.people is None else list(self.people)
        return {"units": list(self.units), "roles": list(self.roles), "people": people}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Selection:
        """The selection that ``to_json`` wrote."""
        people = value["people"]
        return cls(tuple(value["units"]), tuple(value["roles"]), None if people is None else tuple(people))


def serving_select(
    session: Session, selection: Selection, scope_paths: Sequence[str], among: Select[int] | None = None
) -> CTE:
    """One row a person who serves now within the selection and the scope: ``person_id``, ``membership_id``.

    Of several posts the newest one within counts. People whose data was erased are left out. ``among``: a select of
    person ids to stay within.
    """
    fits: list[ColumnElement[bool]] = [Membership.valid_to.is_(None), inside(scope_paths)]
    if selection.units:
        paths = session.scalars(select(Unit.path).where(Unit.id.in_(selection.units))).all()
        fits.append(inside(paths))
    if selection.roles:
        known = [QualityRole(role) for role in selection.roles if role != NO_ROLE]
        of_role: list[ColumnElement[bool]] = [Membership.quality_role.in_(known)]
        if NO_ROLE in selection.roles:
            of_role.append(Membership.quality_role.is_(None))
        fits.append(or_(*of_role))
    if among is not None:
        fits.append(Membership.person_id.in_(among))
    if selection.people is not None:
        fits.append(Membership.person_id.in_(selection.people))
    return (
        select(Membership.person_id, func.max(Membership.id).label("membership_id"))
        .join(Unit, Unit.id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(and_(*fits), Person.erased_at.is_(None))
        .group_by(Membership.person_id)
        .cte("serving")
    )
