"""Whose work a trainer may see: the officer's unit today decides, wherever they served when they wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVarTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ..tables import Enrolment, Membership, Unit
from .errors import NotYours
from .find import find_attempt

Ts = TypeVarTuple("Ts")


def unit_of_person(session: Session, person_id: int) -> Unit | None:
    """The unit the person serves at; of one who left, the last one, so that somebody can still grade their work."""
    query = (
        select(Unit)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.valid_to.is_not(None), Membership.valid_from.desc(), Membership.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def within(
    query: Select[*Ts],
    scope_paths: Sequence[str],
    person: InstrumentedAttribute[int] = Enrolment.person_id,
) -> Select[*Ts]:
    """Keep the rows of ``query`` whose officer's unit is in one of the scopes. ``person``: where it has the officer."""
    member = aliased(Membership)
    newest = (
        select(member.id)
        .where(member.person_id == person)
        .order_by(member.valid_to.is_not(None), member.valid_from.desc(), member.id.desc())
        .limit(1)
        .correlate_except(member)
        .scalar_subquery()
    )
    inside = or_(*(Unit.path.startswith(path, autoescape=True) for path in scope_paths))
    return (
        query.join(Membership, Membership.id == newest)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(inside)
    )


def check_scope(session: Session, attempt_id: str, scope_paths: Sequence[str]) -> None:
    """Raises `NotYours` unless the attempt's officer serves in one of the scopes."""
    unit = unit_of_person(session, find_attempt(session, attempt_id).enrolment.person_id)
    if unit is None or not any(unit.path.startswith(path) for path in scope_paths):
        raise NotYours
