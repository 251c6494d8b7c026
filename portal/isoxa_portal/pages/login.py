"""The way in and out, the start page, and the choice of language."""

from __future__ import annotations

from isoxa_grading.records.accounts import LoginRefused

from .. import i18n
from ..domain_errors import from_domain
from ..errors import PortalError
from ..handlers import PortalHandler
from ..hub.pages import hub_pages, lead_to_hub
from ..i18n import gettext as _
from ..links import RETURN_FIELD, safe_return
from ..routes import ALL_ROLES, Route
from .view import with_query

__all__ = ["login_pages"]

_YEAR_DAYS = 365
_LONGEST_USERNAME = 200


class HomeHandler(PortalHandler):
    """The address of the portal itself: to one's own start page, or to log in."""

    async def get(self) -> None:
        door = "vao-lop" if self.portal.settings.workshop else "dang-nhap"
        self.redirect(self.home_link() if self.signed_in else self.portal.url(door))


class LoginHandler(PortalHandler):
    """ "Đăng nhập": leads back to the link one came for."""

    async def get(self) -> None:
        if self.signed_in is not None:
            self.redirect(self.return_link() or self.home_link())
            return
        if self.portal.settings.workshop and self.get_query_argument("tai-khoan", "") != "1":
            query = {name: self.get_query_argument(name, "") for name in (RETURN_FIELD, "da-thoat")}
            self.redirect(with_query(self.portal.url("vao-lop"), query))
            return
        if self.portal.hub is not None:
            lead_to_hub(self, self.portal.hub)
            return
        self.show({}, said_goodbye=self.get_query_argument("da-thoat", "") == "1")

    async def post(self) -> None:
        if self.portal.hub is not None:
            lead_to_hub(self, self.portal.hub)
            return
        username = self.get_body_argument("username", "")
        password = self.get_body_argument("password", "", strip=False)
        errors = {}
        if not username:
            errors["username"] = _("Anh/chị chưa nhập tên đăng nhập.")
        if not password:
            errors["password"] = _("Anh/chị chưa nhập mật khẩu.")
        if not errors:
            try:
                await self.log_in(username, password)
            except LoginRefused as refused:
                known = from_domain(refused)
                self.set_status(known.status if known else 401)
                errors["username"] = str(refused)
            else:
                self.redirect(self.return_link() or self.home_link(), status=303)
                return
        else:
            self.set_status(400)
        self.show(errors, username)

    def show(self, errors: dict[str, str], username: str = "", said_goodbye: bool = False) -> None:
        self.render_page(
            "login.html",
            errors=errors,
            username=username[:_LONGEST_USERNAME],
            came_for=self.return_link(),
            said_goodbye=said_goodbye,
            place=None,
        )

    def write_portal_error(self, error: PortalError) -> None:
        """A login page left open too long is simply shown anew, with what was typed but the password."""
        if error.code != "xsrf":
            super().write_portal_error(error)
            return
        self.show({"": error.message}, self.get_body_argument("username", ""))


class LogoutHandler(PortalHandler):
    """ "Đăng xuất"."""

    async def get(self) -> None:
        """A bookmark or a reload; only the button logs out."""
        self.redirect(self.home_link() if self.signed_in else self.portal.url("dang-nhap"))

    async def post(self) -> None:
        await self.log_out()
        hub = self.portal.hub
        self.redirect(hub.logout_path if hub else self.portal.url("dang-nhap") + "?da-thoat=1", status=303)


class LanguageHandler(PortalHandler):
    """Keeps the language for this browser and goes back to where one was."""

    async def get(self) -> None:
        chosen = self.get_query_argument("chon", i18n.SOURCE)
        if chosen in i18n.LANGUAGES:
            self.set_cookie(
                i18n.COOKIE, chosen, path=self.portal.base, expires_days=_YEAR_DAYS, samesite="Lax",
                secure=self.portal.settings.cookie_secure,
            )  # fmt: skip
        back = safe_return(self.portal.base, self.get_query_argument("tiep", None))
        self.redirect(back or self.portal.base)


def login_pages() -> list[Route]:
    """Start, in, out, language."""
    return [
        Route(r"/?", HomeHandler, None, "page"),
        Route(r"/dang-nhap", LoginHandler, None, "page"),
        Route(r"/dang-xuat", LogoutHandler, ALL_ROLES, "page"),
        Route(r"/ngon-ngu", LanguageHandler, None, "page"),
        *hub_pages(),
    ]
