"""The accounts an administrator sees, as the list shows them: found by name, role, state and unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.text import fold
from isoxa_grading.records.account_scope import accounts_in_reach, home_units, in_reach
from isoxa_grading.records.tables import Account, ActivationCode, Membership, Person, Role, RoleGrant, Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.units import under
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from ..i18n import gettext as _
from .view import Status

__all__ = [
    "AccountFilter",
    "AccountRow",
    "account_ids",
    "account_row",
    "account_rows",
    "account_status",
    "grant_words",
    "role_words",
    "states",
]


@dataclass(frozen=True)
class AccountFilter:
    """``state``: a key of ``states()`` or ""; ``unit_path``: that unit and all below it, or ""."""

    text: str = ""
    role: Role | None = None
    state: str = ""
    unit_path: str = ""


@dataclass(frozen=True)
class AccountRow:
    """``grants``: (role, unit id, unit's name, unit's kind) of the grants in force; ``unit``: where it belongs."""

    id: int
    version: int
    person_id: int | None
    display_name: str
    username: str
    unit: str
    created_at: datetime
    disabled: bool
    has_password: bool
    grants: tuple[tuple[Role, int, str, UnitKind], ...]

    @property
    def key(self) -> str:
        """The account and the version that was shown, as a form sends it back."""
        return f"{self.id}.{self.version}"


def role_words(role: Role, kind: UnitKind | None = None) -> str:
    """A role as people read it; over a commune the department's role is that of its leaders."""
    if role is Role.DEPARTMENT and kind is UnitKind.COMMUNE:
        return _("Lãnh đạo xã, phường (xem báo cáo)")
    return {
        Role.OFFICER: _("Cán bộ, công chức"),
        Role.TRAINER: _("Giảng viên"),
        Role.DEPARTMENT: _("Sở, ngành, UBND (xem báo cáo)"),
        Role.ADMIN: _("Quản trị"),
    }[role]


def grant_words(row: AccountRow) -> list[str]:
    """A line a grant: role and unit."""
    return [f"{role_words(role, kind)} – {unit}" for role, _unit_id, unit, kind in row.grants]


def states() -> dict[str, str]:
    """What the list can be narrowed to."""
    return {
        "dang-dung": _("Đang dùng"),
        "chua-mat-khau": _("Chưa có mật khẩu"),
        "da-khoa": _("Đã khóa"),
    }


def account_status(row: AccountRow) -> Status:
    """Locked, without a password, or in use."""
    if row.disabled:
        return Status("lock", states()["da-khoa"])
    if not row.has_password:
        return Status("wait", states()["chua-mat-khau"])
    return Status("good", states()["dang-dung"])


def account_ids(session: Session, scope: Sequence[str], wanted: AccountFilter) -> list[int]:
    """Ids of the accounts within reach that fit, by name; the text is looked for with case and diacritics aside."""
    query = (
        select(Account.id, Account.display_name, Account.username)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(in_reach(session, scope))
        .order_by(Person.sort_key, Account.display_name, Account.id)
    )
    if wanted.role is not None:
        query = query.where(exists(_granted().where(RoleGrant.role == wanted.role)))
    if wanted.state == "da-khoa":
        query = query.where(Account.disabled_at.is_not(None))
    elif wanted.state:
        query = query.where(
            Account.disabled_at.is_(None),
            Account.password_hash.is_(None)
            if wanted.state == "chua-mat-khau"
            else Account.password_hash.is_not(None),
        )
    if wanted.unit_path:
        below = under(Unit.path, wanted.unit_path)
        serving = (
            select(Membership.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.person_id == Account.person_id, Membership.valid_to.is_(None), below)
            .correlate(Account)
        )
        query = query.where(exists(serving) | exists(_granted().where(below)))
    text = fold(wanted.text)
    # Folding is ours, not the database's: SQLite knows no diacritics.
    return [
        row.id for row in session.execute(query) if text in fold(row.display_name) or text in row.username
    ]


def account_rows(session: Session, scope: Sequence[str], ids: Sequence[int]) -> list[AccountRow]:
    """These accounts, in this order, as far as they are within reach."""
    found = {
        one.id: one for one in session.scalars(accounts_in_reach(session, scope).where(Account.id.in_(ids)))
    }
    units = home_units(session, found.values())
    return [account_row(found[one], units[one].name if one in units else "") for one in ids if one in found]


def account_row(account: Account, unit: str) -> AccountRow:
    """What pages show of an account; reads its grants."""
    return AccountRow(
        id=account.id,
        version=account.version,
        person_id=account.person_id,
        display_name=account.display_name,
        username=account.username,
        unit=unit,
        created_at=account.created_at,
        disabled=account.disabled_at is not None,
        has_password=account.password_hash is not None,
        grants=tuple(
            (one.role, one.unit_id, one.unit.name, one.unit.kind)
            for one in account.grants
            if one.revoked_at is None
        ),
    )


def open_code_until(session: Session, account_id: int, now: datetime) -> datetime | None:
    """Until when the account's code, if it has one, can be used."""
    return session.scalar(
        select(ActivationCode.expires_at).where(
            ActivationCode.account_id == account_id,
            ActivationCode.ended_at.is_(None),
            ActivationCode.expires_at > now,
        )
    )


def _granted() -> Select[int]:
    return (
        select(RoleGrant.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None))
        .correlate(Account)
    )
