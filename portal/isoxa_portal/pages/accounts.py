"""The administrator's accounts: the list with its filters and what can be done to many at once; making one."""

from __future__ import annotations

from typing import NamedTuple

from isoxa_courses.text import clean
from isoxa_grading.records.account_admin import AccountChanged
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Role

from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_changes import MADE, FormError, NewAccount
from .account_list import (
    AccountFilter,
    AccountRow,
    account_ids,
    account_rows,
    account_status,
    grant_words,
    role_words,
    states,
)
from .account_page import account_page_routes
from .admin_base import ADMIN, AdminHandler
from .code_sheet import SheetHandler
from .environment import number
from .unit_field import NoSuchUnit, named_unit, offered_units
from .view import Pager, paged, with_query

__all__ = ["account_pages"]

PAGE = 50
LONGEST_SEARCH = 200


class _Query(NamedTuple):
    """The list's filters as they stand in the address."""

    text: str
    role: str
    state: str
    unit: str

    def asked(self) -> dict[str, str]:
        return {"tim": self.text, "vai-tro": self.role, "trang-thai": self.state, "don-vi": self.unit}


class _Listed(NamedTuple):
    rows: list[AccountRow]
    total: int
    pager: Pager[int]
    units: list[str]
    errors: dict[str, str]


def _list(portal: Portal, scope: list[str], query: _Query, page: str) -> _Listed:
    errors: dict[str, str] = {}
    with reading(portal.engine) as session:
        path = ""
        if query.unit:
            try:
                path = named_unit(session, scope, query.unit).path
            except NoSuchUnit as problem:
                errors["don-vi"] = str(problem)
        wanted = AccountFilter(query.text, Role(query.role) if query.role else None, query.state, path)
        ids = [] if errors else account_ids(session, scope, wanted)
        pager = paged(ids, page, PAGE, portal.url("quan-tri/tai-khoan"), query.asked())
        rows = account_rows(session, scope, pager.items)
        return _Listed(rows, len(ids), pager, offered_units(session, scope), errors)


class AccountsHandler(AdminHandler):
    """The list, with search."""

    async def get(self) -> None:
        done, count = self.get_query_argument("xong", ""), self.get_query_argument("so", "")
        many = int(count) if count.isascii() and count.isdecimal() and len(count) < 7 else 0
        await self.show(self.query(self.get_query_argument), {}, _done_words(done, many))

    def query(self, argument: object) -> _Query:
        """The filters, from the address or from the form that acts on the list."""

        def read(name: str) -> str:
            return clean(argument(name, ""))[:LONGEST_SEARCH]  # type: ignore[operator]

        role, state = read("vai-tro"), read("trang-thai")
        return _Query(
            read("tim"),
            role if role in list(Role) else "",
            state if state in states() else "",
            read("don-vi"),
        )

    async def show(
        self, query: _Query, errors: dict[str, str], done: str, chosen: frozenset[int] = frozenset()
    ) -> None:
        page = self.get_argument("trang", "")
        found = await self.run(_list, self.portal, self.scope, query, page)
        url = self.portal.url("quan-tri/tai-khoan")
        self.render_page(
            "accounts.html",
            accounts=[
                {
                    "url": f"{url}/{row.id}",
                    "key": row.key,
                    "chosen": row.id in chosen,
                    "display_name": row.display_name,
                    "username": row.username,
                    "unit": row.unit,
                    "grants": grant_words(row),
                    "status": account_status(row),
                }
                for row in found.rows
            ],
            query=query,
            role_options=[("", _("Tất cả vai trò")), *((one.value, role_words(one)) for one in Role)],
            state_options=[("", _("Tất cả trạng thái")), *states().items()],
            units=found.units,
            total=found.total,
            pager=found.pager,
            errors=found.errors | errors,
            done=done,
            place=self.place((_("Tài khoản"), None)),
        )


def _done_words(done: str, count: int) -> str:
    said = {
        "khoa": _("Đã khóa %(count)s tài khoản."),
        "mo-khoa": _("Đã mở khóa %(count)s tài khoản."),
        "chuyen": _("Đã chuyển đơn vị cho %(count)s người."),
        "ket-thuc": _("Đã kết thúc phiên của %(count)s tài khoản."),
    }
    return said[done] % {"count": number(count)} if done in said and count else ""


class ManyHandler(AccountsHandler, SheetHandler):
    """An act on the accounts ticked in the list: all of them or none."""

    async def get(self) -> None:
        """A reload after an act: the list."""
        self.redirect(self.portal.url("quan-tri/tai-khoan"))

    async def post(self) -> None:
        work, versions = self.get_body_argument("viec", ""), self.versions("tai-khoan")
        unit = clean(self.get_body_argument("unit", ""))[:LONGEST_SEARCH]
        query, desk = self.query(self.get_body_argument), self.desk
        acts = {
            "khoa": lambda: desk.disable(versions),
            "mo-khoa": lambda: desk.enable(versions),
            "chuyen": lambda: desk.move(versions, unit),
            "ket-thuc": lambda: desk.sign_out(versions),
        }
        if work not in acts and work != "ma":
            raise self.malformed()
        try:
            if not versions:
                raise FormError({"": _("Anh/chị chưa chọn tài khoản nào. Đánh dấu ở đầu dòng rồi làm lại.")})
            if work == "ma":
                await self.show_sheet(await self.run(desk.codes, versions), _("Tài khoản đã chọn"))
                return
            ended = await self.run(acts[work])
        except (FormError, AccountChanged) as problem:
            self.set_status(409 if isinstance(problem, AccountChanged) else 400)
            errors = problem.errors if isinstance(problem, FormError) else {"": str(problem)}
            await self.show(query, errors, "", frozenset(versions))
            return
        await self.end_lessons(ended)
        back = {**query.asked(), "xong": work, "so": str(len(versions))}
        self.redirect(with_query(self.portal.url("quan-tri/tai-khoan"), back), status=303)


class NewAccountHandler(SheetHandler):
    """ "Tạo tài khoản" with a role over a unit."""

    async def get(self) -> None:
        await self.show(NewAccount(), {})

    async def post(self) -> None:
        form = NewAccount(
            display_name=clean(self.get_body_argument("display_name", ""))[:200],
            username=self.get_body_argument("username", "")[:200],
            role=self.get_body_argument("role", ""),
            unit=clean(self.get_body_argument("unit", ""))[:200],
        )
        password = self.get_body_argument("password", "", strip=False)
        try:
            made, codes = await self.run(self.desk.create, form, password)
        except FormError as problem:
            self.set_status(400)
            await self.show(form, problem.errors)
            return
        if codes:
            await self.show_sheet(codes, form.display_name)
            return
        self.redirect(with_query(self.portal.url(f"quan-tri/tai-khoan/{made}"), {"xong": "tao"}), status=303)

    async def show(self, form: NewAccount, errors: dict[str, str]) -> None:
        order = ("display_name", "username", "role", "unit", "password")
        self.render_page(
            "account_new.html",
            form=form,
            errors={field: errors[field] for field in order if field in errors},
            role_options=[(role.value, role_words(role)) for role in MADE],
            units=await self.run(_offered, self.portal, self.scope),
            password_hint=self.password_hint(),
            place=self.place(
                (_("Tài khoản"), self.portal.url("quan-tri/tai-khoan")), (_("Tạo tài khoản"), None)
            ),
        )


def _offered(portal: Portal, scope: list[str]) -> list[str]:
    with reading(portal.engine) as session:
        return offered_units(session, scope)


def account_pages() -> list[Route]:
    """The list, acts on many, a new one, one."""
    return [
        Route(r"/quan-tri/tai-khoan/?", AccountsHandler, ADMIN, "page"),
        Route(r"/quan-tri/tai-khoan/nhieu", ManyHandler, ADMIN, "page"),
        Route(r"/quan-tri/tai-khoan/moi", NewAccountHandler, ADMIN, "page"),
        *account_page_routes(),
    ]
