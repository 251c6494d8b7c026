"""Which accounts an administrator sees and may change: those whose whole reach lies within the administrator's own.

An account with a role anywhere outside, or of a person who serves outside, is not shown: setting its password would
give its wider rights to the administrator of one province. Where an account belongs (for the audit log, for a sheet of
codes by unit) is where its person serves, else the unit of its first role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from .tables import Account, Membership, Person, RoleGrant, Unit
from .tables.units import UnitKind
from .units import in_scope, under

__all__ = [
    "accounts_in_reach",
    "find_account",
    "home_unit_id",
    "home_units",
    "in_reach",
    "inside",
    "unit_in_scope",
]

_CHUNK = 500


def inside(scope: Sequence[str]) -> ColumnElement[bool]:
    """A unit (joined as ``Unit``) within any of the scope's paths."""
    return or_(false(), *(under(Unit.path, path) for path in scope))


def in_reach(session: Session, scope: Sequence[str]) -> ColumnElement[bool]:
    """The condition on ``Account``: everything it reaches lies within the scope."""
    whole = session.scalar(
        select(Unit.id).where(Unit.kind == UnitKind.COUNTRY, Unit.path.in_(scope)).limit(1)
    )
    within = inside(scope)
    if whole:
        return true()
    return and_(
        or_(exists(_granted(within)), exists(_serving(within))),
        ~exists(_granted(not_(within))),
        ~exists(_serving(not_(within))),
    )


def accounts_in_reach(session: Session, scope: Sequence[str]) -> Select[Account]:
    """Those accounts with their grants, in the order of names."""
    return (
        select(Account)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(in_reach(session, scope))
        .options(selectinload(Account.grants).selectinload(RoleGrant.unit))
        .order_by(Person.sort_key, Account.display_name, Account.id)
    )


def find_account(session: Session, scope: Sequence[str], account_id: int) -> Account | None:
    """That account, if it is within reach."""
    return session.scalars(accounts_in_reach(session, scope).where(Account.id == account_id)).one_or_none()


def unit_in_scope(session: Session, scope: Sequence[str], unit_id: int) -> Unit | None:
    """That unit, if it lies within the scope and is still in being."""
    unit = session.get(Unit, unit_id)
    if unit is None or unit.valid_to is not None or not any(in_scope(unit.path, path) for path in scope):
        return None
    return unit


def home_units(session: Session, accounts: Iterable[Account]) -> dict[int, Unit]:
    """Account id → the unit it belongs to; an account that serves nowhere and has no role is left out."""
    by_person: dict[int, int] = {}
    ids: list[int] = []
    for account in accounts:
        ids.append(account.id)
        if account.person_id is not None:
            by_person[account.person_id] = account.id
    found: dict[int, Unit] = {}
    for begin in range(0, len(ids), _CHUNK):
        granted = (
            select(RoleGrant.account_id, Unit)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.account_id.in_(ids[begin : begin + _CHUNK]), RoleGrant.revoked_at.is_(None))
            .order_by(RoleGrant.id.desc())
        )
        found |= {row[0]: row[1] for row in session.execute(granted)}
    people = list(by_person)
    for begin in range(0, len(people), _CHUNK):
        serving = (
            select(Membership.person_id, Unit)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.person_id.in_(people[begin : begin + _CHUNK]), Membership.valid_to.is_(None))
            .order_by(Membership.id)
        )
        found |= {by_person[person_id]: unit for person_id, unit in session.execute(serving)}
    return found


def home_unit_id(session: Session, account: Account) -> int | None:
    """The unit of one account, for its audit row."""
    unit = home_units(session, [account]).get(account.id)
    return unit.id if unit else None


def _granted(wanted: ColumnElement[bool]) -> Select[int]:
    return (
        select(RoleGrant.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None), wanted))
        .correlate(Account)
    )


def _serving(wanted: ColumnElement[bool]) -> Select[int]:
    return (
        select(Membership.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(and_(Membership.person_id == Account.person_id, Membership.valid_to.is_(None), wanted))
        .correlate(Account)
    )
