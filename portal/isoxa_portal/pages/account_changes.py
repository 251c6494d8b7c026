"""What the administrator's pages do to accounts, each in one transaction within the administrator's scope.

Every act gives back the sign-ins it ended, so that the lessons of those browsers can be ended too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from isoxa_grading.records.account_admin import move_account, take_accounts
from isoxa_grading.records.accounts import (
    AccountRefused,
    PasswordRefused,
    create_account,
    disable_account,
    enable_account,
    grant_role,
    revoke_role,
    set_password,
)
from isoxa_grading.records.activation import IssuedCode, issue_codes
from isoxa_grading.records.database import writing
from isoxa_grading.records.sign_ins import end_sign_ins
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Account, Role, SignInSession, Unit
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from .unit_field import NoSuchUnit, named_unit

__all__ = ["MADE", "Desk", "FormError", "NewAccount"]

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


@dataclass(frozen=True)
class Desk:
    """An administrator at work: the portal, who they are, the paths of their scope, and the moment."""

    portal: Portal
    me: SignedIn
    scope: Sequence[str]
    now: datetime

    # -- one or many -------------------------------------------------------------------------------------------------

    def disable(self, versions: Mapping[int, int | None]) -> list[int]:
        """Disable them. Raises ``FormError`` when the administrator's own account is among them."""
        if self.me.account_id in versions:
            raise FormError({"": _("Anh/chị không khóa được tài khoản đang dùng.")})
        return self._each(
            versions,
            lambda session, one: disable_account(session, one, actor=self.me.account_id, now=self.now),
        )

    def enable(self, versions: Mapping[int, int | None]) -> list[int]:
        """Open them again."""
        return self._each(
            versions,
            lambda session, one: enable_account(session, one, actor=self.me.account_id, now=self.now),
        )

    def move(self, versions: Mapping[int, int | None], unit_name: str) -> list[int]:
        """Let their people serve at another unit. Raises ``FormError``."""
        with writing(self.portal.engine) as session:
            accounts = take_accounts(session, self.scope, versions)
            if not unit_name:
                raise FormError({"unit": _("Anh/chị chưa nhập đơn vị chuyển đến.")})
            unit = self._unit(session, unit_name)
            for account in accounts:
                try:
                    move_account(session, account, unit, actor=self.me.account_id, now=self.now)
                except ValueError as problem:
                    raise FormError({"": str(problem)}) from problem
        return []

    def sign_out(self, versions: Mapping[int, int | None]) -> list[int]:
        """End every sign-in of theirs."""
        with writing(self.portal.engine) as session:
            accounts = take_accounts(session, self.scope, dict.fromkeys(versions))
            return end_sign_ins(
                session, self.scope, account_ids=[one.id for one in accounts], actor=self.me.account_id,
                now=self.now, limits=self.portal.limits,
            )  # fmt: skip

    def codes(self, versions: Mapping[int, int | None]) -> list[IssuedCode]:
        """A new activation code for each. Raises ``FormError`` for a disabled one."""
        with writing(self.portal.engine) as session:
            accounts = take_accounts(session, self.scope, versions)
            disabled = [one.display_name for one in accounts if one.disabled_at is not None]
            if disabled:
                raise FormError(
                    {
                        "": _(
                            "Tài khoản “%(name)s” đang khóa nên chưa cấp mã cho ai. Mở khóa hoặc bỏ chọn rồi làm lại."
                        )
                        % {"name": disabled[0]}
                    }
                )
            return self.issue(session, accounts)

    def issue(self, session: Session, accounts: Sequence[Account]) -> list[IssuedCode]:
        """Codes for accounts that were found to be within reach."""
        return issue_codes(
            session, accounts, secret=self.portal.activation_secret,
            valid_for=timedelta(days=self.portal.settings.activation_days), actor=self.me.account_id, now=self.now,
        )  # fmt: skip

    def _each(
        self, versions: Mapping[int, int | None], act: Callable[[Session, Account], object]
    ) -> list[int]:
        with writing(self.portal.engine) as session:
            for account in take_accounts(session, self.scope, versions):
                act(session, account)
            session.flush()
            return self._ended(session, list(versions))

    def _ended(self, session: Session, account_ids: Sequence[int]) -> list[int]:
        query = select(SignInSession.id).where(
            SignInSession.account_id.in_(account_ids), SignInSession.ended_at == self.now
        )
        return list(session.scalars(query))

    # -- one ---------------------------------------------------------------------------------------------------------

    def create(self, form: NewAccount, password: str) -> tuple[int, list[IssuedCode]]:
        """Make the account with its role; without a password it gets a code. Raises ``FormError``, all at once."""
        with writing(self.portal.engine) as session:
            errors: dict[str, str] = {}
            if not form.display_name:
                errors["display_name"] = _("Anh/chị chưa nhập họ và tên.")
            if not form.username:
                errors["username"] = _("Anh/chị chưa nhập tên đăng nhập.")
            if form.role not in [role.value for role in MADE]:
                errors["role"] = _("Anh/chị chọn một vai trò.")
            unit = None
            try:
                unit = named_unit(session, self.scope, form.unit)
            except NoSuchUnit as problem:
                errors["unit"] = str(problem)
            if errors or unit is None:
                raise FormError(errors)
            try:
                account = create_account(
                    session, username=form.username, password=password or None, display_name=form.display_name,
                    actor=self.me.account_id, now=self.now,
                )  # fmt: skip
            except AccountRefused as refused:
                raise FormError({"username": str(refused)}) from refused
            except PasswordRefused as refused:
                raise FormError({"password": str(refused)}) from refused
            grant_role(session, account, Role(form.role), unit, actor=self.me.account_id, now=self.now)
            return account.id, [] if password else self.issue(session, [account])

    def password(self, versions: Mapping[int, int | None], password: str) -> list[int]:
        """Set the password of one account. Raises ``FormError``."""
        if not password:
            raise FormError({"password": _("Anh/chị chưa nhập mật khẩu.")})
        [account_id] = versions
        try:
            return self._each(
                versions,
                lambda session, one: set_password(
                    session, one, password, actor=self.me.account_id, now=self.now,
                    keep_session_id=self.me.session_id if account_id == self.me.account_id else None,
                ),
            )  # fmt: skip
        except PasswordRefused as refused:
            raise FormError({"password": str(refused)}) from refused

    def grant(self, versions: Mapping[int, int | None], role: str, unit_name: str) -> None:
        """Give one account a role over a unit of the scope. Raises ``FormError``."""
        if role not in [one.value for one in MADE]:
            raise FormError({"role": _("Anh/chị chọn một vai trò.")})
        with writing(self.portal.engine) as session:
            [account] = take_accounts(session, self.scope, versions)
            if not unit_name:
                raise FormError({"role_unit": _("Anh/chị chưa nhập đơn vị.")})
            unit = self._unit(session, unit_name, "role_unit")
            grant_role(session, account, Role(role), unit, actor=self.me.account_id, now=self.now)

    def revoke(self, versions: Mapping[int, int | None], role: str, unit_id: int) -> None:
        """Take a role back; an administrator's own stays. Raises ``FormError``."""
        if role not in list(Role):
            raise not_found()
        if self.me.account_id in versions and role == Role.ADMIN:
            raise FormError({"": _("Anh/chị không tự bỏ được vai trò quản trị của mình.")})
        with writing(self.portal.engine) as session:
            [account] = take_accounts(session, self.scope, versions)
            unit = session.get(Unit, unit_id)
            if unit is None:
                raise not_found()
            revoke_role(session, account, Role(role), unit, actor=self.me.account_id, now=self.now)

    def _unit(self, session: Session, name: str, field: str = "unit") -> Unit:
        try:
            return named_unit(session, self.scope, name)
        except NoSuchUnit as problem:
            raise FormError({field: str(problem)}) from problem
