"""In whose name a letter goes out: the agency that the account belongs to, else the unit it has the role for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from isoxa_courses.text import fold
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from isoxa_grading.records.tables import Membership, Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.work_products import Letterhead, letterhead_of

__all__ = ["Sender", "sender_of"]

_AGENCIES = (UnitKind.DEPARTMENT, UnitKind.AGENCY)
_COMMITTEES = (UnitKind.PROVINCE, UnitKind.COMMUNE)


@dataclass(frozen=True)
class Sender:
    """The head of the page, the office above ('' for none), and who signs ('': as the letter's text says)."""

    letterhead: Letterhead
    superior: str = ""
    signer: tuple[str, ...] = ()


def sender_of(
    session: Session, person_id: int | None, charges: Iterable[int], commune: Unit, day: date
) -> Sender:
    """``charges``: ids of the units the account has the department's role for; the narrowest over ``commune`` counts.

    An account of the whole country, or one without a unit, leaves dotted lines for the office's name.
    """
    agency = _agency(session, person_id, day)
    if agency is not None:
        return _of_agency(agency, day.year)
    above = session.scalars(select(Unit).where(Unit.id.in_(list(charges)))).all()
    over = [unit for unit in above if commune.path.startswith(unit.path)]
    unit = max(over, key=lambda one: len(one.path), default=None)
    if unit is None or unit.kind is UnitKind.COUNTRY:
        return Sender(letterhead_of(None, day.year))
    if unit.kind in _COMMITTEES:
        return Sender(letterhead_of(unit, day.year), signer=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))
    return _of_agency(unit, day.year)


def _agency(session: Session, person_id: int | None, day: date) -> Unit | None:
    if person_id is None:
        return None
    return session.scalars(
        select(Unit)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(
            Membership.person_id == person_id,
            Unit.kind.in_(_AGENCIES),
            Membership.valid_from <= day,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
        )
        .order_by(Membership.valid_from.desc(), Membership.id.desc())
        .limit(1)
    ).first()


def _of_agency(agency: Unit, year: int) -> Sender:
    """The superior's name may be shortened, and the agency's own does not repeat it (NĐ 30/2020, Phụ lục I, II.2)."""
    above = agency.parent
    if above is None or above.kind is not UnitKind.PROVINCE:
        return Sender(letterhead_of(agency, year))
    name = agency.name
    for ending in (above.name, above.short_name):
        if fold(name).endswith(" " + fold(ending)):
            name = name[: -len(ending)].rstrip(" ,-–")
            break
    return Sender(Letterhead((name.upper(),), above.short_name, year), superior=f"UBND {above.name.upper()}")
