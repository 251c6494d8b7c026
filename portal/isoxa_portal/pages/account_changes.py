"""What the administrator's pages do to accounts, each in one transaction within the administrator's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from isoxa_grading.records.accounts import (
    AccountRefused,
    PasswordRefused,
    create_account,
    disable_account,
    enable_account,
    grant_role,
    set_password,
)
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role, Unit
from isoxa_grading.records.units import find_unit, in_scope
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from .account_list import AccountRow, account_row, accounts_within, find_account

__all__ = ["MADE", "FormError", "NewAccount", "change", "create", "list_accounts", "read_account"]

# Officers come with the roster, since an officer without a person has no training record.
MADE = (Role.DEPARTMENT, Role.TRAINER, Role.ADMIN)


@dataclass(frozen=True)
class NewAccount:
    """The form; ``unit`` is a name as people write it."""

    display_name: str = ""
    username: str = ""
    role: str = Role.DEPARTMENT.value
    unit: str = ""


class FormError(Exception):
    """What is wrong with a form: field → message."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


def list_accounts(portal: Portal, scope: list[str], search: str, role: Role | None) -> list[AccountRow]:
    """Accounts within the scope that fit the search."""
    with reading(portal.engine) as session:
        return accounts_within(session, scope, search, role)


def read_account(portal: Portal, scope: list[str], account_id: int) -> AccountRow:
    """One of them. Raises ``PortalError`` 404 for any other."""
    with reading(portal.engine) as session:
        account = find_account(session, scope, account_id)
        if account is None:
            raise not_found()
        return account_row(account)


def create(
    portal: Portal, me: SignedIn, scope: list[str], form: NewAccount, password: str, now: datetime
) -> int:
    """Make the account with its role, or raise ``FormError`` with everything that is wrong."""
    with writing(portal.engine) as session:
        errors: dict[str, str] = {}
        if not form.display_name:
            errors["display_name"] = _("Anh/chị chưa nhập họ và tên.")
        if form.role not in [role.value for role in MADE]:
            errors["role"] = _("Anh/chị chọn một vai trò.")
        unit = _unit(session, scope, form.unit, errors)
        if not form.username:
            errors["username"] = _("Anh/chị chưa nhập tên đăng nhập.")
        if not password:
            errors["password"] = _("Anh/chị chưa nhập mật khẩu.")
        if errors or unit is None:
            raise FormError(errors)
        try:
            account = create_account(
                session,
                username=form.username,
                password=password,
                display_name=form.display_name,
                actor=me.account_id,
                now=now,
            )
        except AccountRefused as refused:
            raise FormError({"username": str(refused)}) from refused
        except PasswordRefused as refused:
            raise FormError({"password": str(refused)}) from refused
        grant_role(session, account, Role(form.role), unit, actor=me.account_id, now=now)
        return account.id


def _unit(session: Session, scope: list[str], name: str, errors: dict[str, str]) -> Unit | None:
    """The unit meant, within the scope; without a name the scope itself, where it is one unit."""
    if not name:
        tops = list(session.scalars(select(Unit).where(Unit.path.in_(scope))))
        if len(tops) == 1:
            return tops[0]
        errors["unit"] = _("Anh/chị chưa nhập đơn vị.")
        return None
    match = find_unit(session, name)
    if match.unit is None:
        errors["unit"] = match.reason
    elif not any(in_scope(match.unit.path, path) for path in scope):
        errors["unit"] = _("Đơn vị này nằm ngoài phạm vi quản trị của anh/chị.")
    else:
        return match.unit
    return None


def change(
    portal: Portal, me: SignedIn, scope: list[str], account_id: int, work: str, password: str, now: datetime
) -> None:
    """``work``: mat-khau (set the password), khoa (disable), mo-khoa (enable). Raises ``FormError``."""
    with writing(portal.engine) as session:
        account = find_account(session, scope, account_id)
        if account is None:
            raise not_found()
        if work == "khoa":
            if account.id == me.account_id:
                raise FormError({"": _("Anh/chị không khóa được tài khoản đang dùng.")})
            disable_account(session, account, actor=me.account_id, now=now)
        elif work == "mo-khoa":
            enable_account(session, account, actor=me.account_id, now=now)
        else:
            if not password:
                raise FormError({"password": _("Anh/chị chưa nhập mật khẩu.")})
            try:
                set_password(
                    session,
                    account,
                    password,
                    actor=me.account_id,
                    now=now,
                    keep_session_id=me.session_id if account.id == me.account_id else None,
                )
            except PasswordRefused as refused:
                raise FormError({"password": str(refused)}) from refused
