"""Which accounts an administrator sees and may change: those whose whole reach lies within the administrator's own.

An account with a role anywhere outside, or of a person who serves outside, is not shown: setting its password would
give its wider rights to the administrator of one province.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.text import fold
from isoxa_grading.records.tables import Account, Membership, Person, Role, RoleGrant, Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.units import under
from sqlalchemy import ColumnElement, Select, and_, exists, false, not_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from ..i18n import gettext as _

__all__ = ["AccountRow", "account_row", "accounts_within", "find_account", "grant_words", "role_words"]


@dataclass(frozen=True)
class AccountRow:
    """``grants``: (role, name of the unit) of the grants in force."""

    id: int
    display_name: str
    username: str
    created_at: datetime
    disabled: bool
    has_password: bool
    grants: tuple[tuple[Role, str], ...]


def role_words(role: Role) -> str:
    """A role as people read it."""
    return {
        Role.OFFICER: _("Cán bộ, công chức"),
        Role.TRAINER: _("Giảng viên"),
        Role.DEPARTMENT: _("Sở, ngành, UBND tỉnh"),
        Role.ADMIN: _("Quản trị"),
    }[role]


def grant_words(row: AccountRow) -> list[str]:
    """A line a grant: role and unit."""
    return [f"{role_words(role)} – {unit}" for role, unit in row.grants]


def accounts_within(
    session: Session, scope: Sequence[str], text: str = "", role: Role | None = None
) -> list[AccountRow]:
    """Accounts within the scope, by name; ``text`` is part of a name or username, case and diacritics aside."""
    query = _within(session, scope)
    if role is not None:
        query = query.where(exists(_granted(RoleGrant.role == role)))
    wanted = fold(text)
    rows = (account_row(account) for account in session.scalars(query))
    # Folding is ours, not the database's: SQLite knows no diacritics.
    return [row for row in rows if wanted in fold(row.display_name) or wanted in row.username]


def find_account(session: Session, scope: Sequence[str], account_id: int) -> Account | None:
    """That account, if it is within the scope."""
    return session.scalars(_within(session, scope).where(Account.id == account_id)).one_or_none()


def account_row(account: Account) -> AccountRow:
    """What pages show of an account; reads its grants."""
    return AccountRow(
        id=account.id,
        display_name=account.display_name,
        username=account.username,
        created_at=account.created_at,
        disabled=account.disabled_at is not None,
        has_password=account.password_hash is not None,
        grants=tuple((one.role, one.unit.name) for one in account.grants if one.revoked_at is None),
    )


def _within(session: Session, scope: Sequence[str]) -> Select[Account]:
    inside = or_(false(), *(under(Unit.path, path) for path in scope))
    whole = session.scalar(
        select(Unit.id).where(Unit.kind == UnitKind.COUNTRY, Unit.path.in_(scope)).limit(1)
    )
    reach = or_(exists(_granted(inside)), exists(_serving(inside)), true() if whole else false())
    return (
        select(Account)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(reach, ~exists(_granted(not_(inside))), ~exists(_serving(not_(inside))))
        .options(selectinload(Account.grants).selectinload(RoleGrant.unit))
        .order_by(Person.sort_key, Account.display_name, Account.id)
    )


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
