"""The administrator's accounts: find, make, set a password, disable and enable."""

from __future__ import annotations

from isoxa_courses.text import clean
from isoxa_grading.records.passwords import SHORTEST
from isoxa_grading.records.tables import Role

from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..routes import Route
from .account_changes import MADE, FormError, NewAccount, change, create, list_accounts, read_account
from .account_list import AccountRow, grant_words, role_words
from .environment import number
from .view import Place, paged, with_query

__all__ = ["account_pages"]

ADMIN = frozenset({Role.ADMIN})
PAGE = 50


class _AdminHandler(PortalHandler):
    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.ADMIN)

    def place(self, *inner: tuple[str, str | None]) -> Place:
        return [(_("Quản trị"), self.portal.url("quan-tri")), *inner]

    def password_hint(self) -> str:
        return _("Ít nhất %(count)s ký tự, không trùng tên đăng nhập. Trao tận tay người dùng.") % {
            "count": number(SHORTEST)
        }


class AccountsHandler(_AdminHandler):
    """The list, with search."""

    async def get(self) -> None:
        search = clean(self.get_query_argument("tim", ""))[:100]
        chosen = self.get_query_argument("vai-tro", "")
        role = Role(chosen) if chosen in list(Role) else None
        rows = await self.run(list_accounts, self.portal, self.scope, search, role)
        url = self.portal.url("quan-tri/tai-khoan")
        pager = paged(
            rows, self.get_query_argument("trang", ""), PAGE, url, {"tim": search, "vai-tro": chosen}
        )
        self.render_page(
            "accounts.html",
            accounts=[
                {
                    "url": f"{url}/{row.id}",
                    "display_name": row.display_name,
                    "username": row.username,
                    "grants": grant_words(row),
                    "disabled": row.disabled,
                    "has_password": row.has_password,
                }
                for row in pager.items
            ],
            search=search,
            role=role.value if role else "",
            role_options=[("", _("Tất cả vai trò")), *((one.value, role_words(one)) for one in Role)],
            total=len(rows),
            pager=pager,
            place=self.place((_("Tài khoản"), None)),
        )


class NewAccountHandler(_AdminHandler):
    """ "Tạo tài khoản" with a role over a unit."""

    async def get(self) -> None:
        self.show(NewAccount(), {})

    async def post(self) -> None:
        form = NewAccount(
            display_name=clean(self.get_body_argument("display_name", ""))[:200],
            username=self.get_body_argument("username", "")[:200],
            role=self.get_body_argument("role", ""),
            unit=clean(self.get_body_argument("unit", ""))[:200],
        )
        password = self.get_body_argument("password", "", strip=False)
        try:
            made = await self.run(
                create, self.portal, self.me, self.scope, form, password, self.portal.clock()
            )
        except FormError as problem:
            self.set_status(400)
            self.show(form, problem.errors)
            return
        self.redirect(with_query(self.portal.url(f"quan-tri/tai-khoan/{made}"), {"xong": "tao"}), status=303)

    def show(self, form: NewAccount, errors: dict[str, str]) -> None:
        order = ("display_name", "username", "role", "unit", "password")
        self.render_page(
            "account_new.html",
            form=form,
            errors={field: errors[field] for field in order if field in errors},
            role_options=[(role.value, role_words(role)) for role in MADE],
            password_hint=self.password_hint(),
            place=self.place(
                (_("Tài khoản"), self.portal.url("quan-tri/tai-khoan")), (_("Tạo tài khoản"), None)
            ),
        )


class AccountHandler(_AdminHandler):
    """One account: set its password, disable or enable it."""

    async def get(self, account: str) -> None:
        row = await self.run(read_account, self.portal, self.scope, int(account))
        self.show(row, {}, self.get_query_argument("xong", ""))

    async def post(self, account: str) -> None:
        work = self.get_body_argument("viec", "")
        if work not in ("mat-khau", "khoa", "mo-khoa"):
            raise PortalError(400, "bad_request", _("Yêu cầu không hợp lệ. Chưa có gì thay đổi."))
        password = self.get_body_argument("password", "", strip=False)
        try:
            await self.run(
                change, self.portal, self.me, self.scope, int(account), work, password, self.portal.clock()
            )
        except FormError as problem:
            row = await self.run(read_account, self.portal, self.scope, int(account))
            self.set_status(400)
            self.show(row, problem.errors, "")
            return
        self.redirect(
            with_query(self.portal.url(f"quan-tri/tai-khoan/{int(account)}"), {"xong": work}), status=303
        )

    def show(self, row: AccountRow, errors: dict[str, str], done: str) -> None:
        words = {
            "tao": _("Đã tạo tài khoản."),
            "mat-khau": _("Đã đặt mật khẩu mới. Các máy đang đăng nhập bằng mật khẩu cũ đã bị đăng xuất."),
            "khoa": _("Đã khóa tài khoản."),
            "mo-khoa": _("Đã mở khóa tài khoản."),
        }
        self.render_page(
            "account.html",
            account={
                "display_name": row.display_name,
                "username": row.username,
                "grants": grant_words(row),
                "disabled": row.disabled,
                "has_password": row.has_password,
                "created_at": row.created_at,
                "own": row.id == self.me.account_id,
            },
            errors=errors,
            done=words.get(done, ""),
            password_hint=self.password_hint(),
            place=self.place(
                (_("Tài khoản"), self.portal.url("quan-tri/tai-khoan")), (row.display_name, None)
            ),
        )


def account_pages() -> list[Route]:
    """The list, a new one, one."""
    return [
        Route(r"/quan-tri/tai-khoan/?", AccountsHandler, ADMIN, "page"),
        Route(r"/quan-tri/tai-khoan/moi", NewAccountHandler, ADMIN, "page"),
        Route(r"/quan-tri/tai-khoan/(?P<account>[0-9]{1,9})", AccountHandler, ADMIN, "page"),
    ]
