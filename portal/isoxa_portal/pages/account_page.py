"""One account, for the administrator: who, where, which roles, signed in where; and each act on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from isoxa_courses.text import clean
from isoxa_grading.records.account_admin import AccountChanged
from isoxa_grading.records.account_scope import find_account, home_units
from isoxa_grading.records.activation import IssuedCode
from isoxa_grading.records.database import reading
from isoxa_grading.records.sign_ins import SignIn, live_sign_ins

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_changes import MADE, FormError
from .account_list import AccountRow, account_row, account_status, open_code_until, role_words
from .admin_base import ADMIN
from .browsers import browser_words
from .code_sheet import SheetHandler
from .unit_field import offered_units
from .view import with_query

__all__ = ["account_page_routes"]


class _Shown(NamedTuple):
    row: AccountRow
    code_until: datetime | None
    sign_ins: list[SignIn]
    units: list[str]


def _read(portal: Portal, scope: list[str], account_id: int, now: datetime) -> _Shown:
    """The account as it is. Raises ``PortalError`` 404 for one that is not within reach."""
    with reading(portal.engine) as session:
        account = find_account(session, scope, account_id)
        if account is None:
            raise not_found()
        home = home_units(session, [account]).get(account.id)
        return _Shown(
            account_row(account, home.name if home else ""),
            open_code_until(session, account_id, now),
            live_sign_ins(session, scope, now, account_id=account_id, limits=portal.limits),
            offered_units(session, scope),
        )


class AccountHandler(SheetHandler):
    """One account."""

    async def get(self, account: str) -> None:
        shown = await self.run(_read, self.portal, self.scope, int(account), self.portal.clock())
        self.show(shown, {}, self.get_query_argument("xong", ""))

    async def post(self, account: str) -> None:
        account_id, work = int(account), self.get_body_argument("viec", "")
        shown = await self.run(_read, self.portal, self.scope, account_id, self.portal.clock())
        act = self.acts(account_id).get(work)
        if act is None:
            raise self.malformed()
        try:
            done = await self.run(act)
        except (FormError, AccountChanged) as problem:
            shown = await self.run(_read, self.portal, self.scope, account_id, self.portal.clock())
            self.set_status(409 if isinstance(problem, AccountChanged) else 400)
            self.show(shown, problem.errors if isinstance(problem, FormError) else {"": str(problem)}, "")
            return
        if work == "ma":
            codes = [one for one in done or () if isinstance(one, IssuedCode)]
            await self.show_sheet(codes, shown.row.display_name)
            return
        await self.end_lessons([one for one in done or () if isinstance(one, int)])
        self.redirect(
            with_query(self.portal.url(f"quan-tri/tai-khoan/{account_id}"), {"xong": work}), status=303
        )

    def acts(self, account_id: int) -> dict[str, Callable[[], list[int] | list[IssuedCode] | None]]:
        """The acts by the names of their buttons. Each names the version that was on the page."""
        version = self.get_body_argument("version", "")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise self.malformed()
        one: dict[int, int | None] = {account_id: int(version)}
        desk = self.desk
        password = self.get_body_argument("password", "", strip=False)
        unit, role_unit = (clean(self.get_body_argument(name, ""))[:200] for name in ("unit", "role_unit"))
        role = self.get_body_argument("role", "")
        taken, _dot, taken_unit = self.get_body_argument("quyen", "").partition(".")

        def revoke() -> None:
            if not (taken_unit.isascii() and taken_unit.isdecimal() and len(taken_unit) < 10):
                raise self.malformed()
            desk.revoke(one, taken, int(taken_unit))

        return {
            "ma": lambda: desk.codes(one),
            "mat-khau": lambda: desk.password(one, password),
            "khoa": lambda: desk.disable(one),
            "mo-khoa": lambda: desk.enable(one),
            "chuyen": lambda: desk.move(one, unit),
            "them-quyen": lambda: desk.grant(one, role, role_unit),
            "bo-quyen": revoke,
            "ket-thuc": lambda: desk.sign_out(one),
        }

    def show(self, shown: _Shown, errors: dict[str, str], done: str) -> None:
        row = shown.row
        self.render_page(
            "account.html",
            account=row,
            status=account_status(row),
            grants=[
                {"words": role_words(role, kind), "unit": unit, "key": f"{role.value}.{unit_id}"}
                for role, unit_id, unit, kind in row.grants
            ],
            own=row.id == self.me.account_id,
            code_until=shown.code_until,
            sign_ins=[
                {
                    "browser": browser_words(one.user_agent),
                    "address": one.address,
                    "created_at": one.created_at,
                    "last_seen_at": one.last_seen_at,
                    "own": one.id == self.me.session_id,
                }
                for one in shown.sign_ins
            ],
            units=shown.units,
            role_options=[(role.value, role_words(role)) for role in MADE],
            errors=errors,
            done=_done_words().get(done, ""),
            password_hint=self.password_hint(),
            place=self.place(
                (_("Tài khoản"), self.portal.url("quan-tri/tai-khoan")), (row.display_name, None)
            ),
        )


def _done_words() -> dict[str, str]:
    return {
        "tao": _("Đã tạo tài khoản."),
        "mat-khau": _("Đã đặt mật khẩu mới. Các máy đang đăng nhập bằng mật khẩu cũ đã bị đăng xuất."),
        "khoa": _("Đã khóa tài khoản."),
        "mo-khoa": _("Đã mở khóa tài khoản."),
        "chuyen": _("Đã chuyển đơn vị, tính từ hôm nay."),
        "them-quyen": _("Đã thêm vai trò."),
        "bo-quyen": _("Đã thu hồi vai trò."),
        "ket-thuc": _("Đã kết thúc các phiên đăng nhập của tài khoản này."),
    }


def account_page_routes() -> list[Route]:
    """One account."""
    return [Route(r"/quan-tri/tai-khoan/(?P<account>[0-9]{1,9})", AccountHandler, ADMIN, "page")]
