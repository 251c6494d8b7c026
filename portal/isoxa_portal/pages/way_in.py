"""Coming in for the first time with a code, saying that a password is forgotten, and choosing another password."""

from __future__ import annotations

from isoxa_grading.records.accounts import LoginRefused, PasswordRefused, change_own_password
from isoxa_grading.records.activation import activate
from isoxa_grading.records.database import writing
from isoxa_grading.records.passwords import SHORTEST
from isoxa_grading.records.resets import request_reset
from isoxa_grading.records.signin import SignedIn, start_session
from isoxa_grading.records.tables import Account

from ..domain_errors import from_domain
from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import ALL_ROLES, Route
from .environment import number
from .view import with_query

__all__ = ["way_in_pages"]

_LONGEST = 200


class _NewPasswordHandler(PortalHandler):
    """A form with a new password, typed twice."""

    def new_password(self, errors: dict[str, str]) -> str:
        """The password, if both times it was the same; else what is wrong goes into ``errors``."""
        password, again = (
            self.get_body_argument(name, "", strip=False) for name in ("password", "password_again")
        )
        if not password:
            errors["password"] = _("Anh/chị chưa nhập mật khẩu mới.")
        elif password != again:
            errors["password_again"] = _("Hai lần nhập mật khẩu chưa giống nhau.")
        return password

    def password_hint(self) -> str:
        return _(
            "Ít nhất %(count)s ký tự, không trùng tên đăng nhập. Dùng một câu ngắn cho dễ nhớ cũng được."
        ) % {"count": number(SHORTEST)}

    def refuse(self, refused: LoginRefused) -> None:
        """The status of a refusal, and how long to wait."""
        known = from_domain(refused)
        self.set_status(known.status if known else 401)
        if known is not None and known.retry_after:
            self.set_header("Retry-After", str(known.retry_after))


class ActivateHandler(_NewPasswordHandler):
    """ "Kích hoạt tài khoản": name and code of the slip, and a password of one's own."""

    async def get(self) -> None:
        self.show({})

    async def post(self) -> None:
        username, code = (self.get_body_argument(name, "")[:_LONGEST] for name in ("username", "code"))
        errors: dict[str, str] = {}
        if not username:
            errors["username"] = _("Anh/chị chưa nhập tên đăng nhập.")
        if not code:
            errors["code"] = _("Anh/chị chưa nhập mã kích hoạt.")
        password = self.new_password(errors)
        if not errors:
            try:
                token = await self.run(
                    activate,
                    self.portal.engine,
                    username,
                    code,
                    password,
                    secret=self.portal.activation_secret,
                    address=self.request.remote_ip or "",
                    user_agent=self.request.headers.get("User-Agent", "")[:200],
                    now=self.portal.clock(),
                    limits=self.portal.limits,
                )
            except PasswordRefused as refused:
                self.set_status(400)
                errors["password"] = str(refused)
            except LoginRefused as refused:
                self.refuse(refused)
                errors["code"] = str(refused)
            else:
                if self.portal.hub is not None:
                    # The password is theirs now; signing in is the Hub's business.
                    await self.run(self.portal.identity.sign_out, token, self.portal.clock())
                    self.redirect(self.portal.url("dang-nhap"), status=303)
                    return
                await self.take_sign_in(token)
                self.redirect(self.home_link(), status=303)
                return
        else:
            self.set_status(400)
        self.show(errors, username, code)

    def show(self, errors: dict[str, str], username: str = "", code: str = "") -> None:
        order = ("username", "code", "password", "password_again")
        self.render_page(
            "activate.html",
            errors={field: errors[field] for field in order if field in errors} or errors,
            username=username,
            code=code,
            password_hint=self.password_hint(),
            place=None,
        )

    def write_portal_error(self, error: PortalError) -> None:
        """A page left open too long is shown anew, with what was typed but the passwords."""
        if error.code != "xsrf":
            super().write_portal_error(error)
            return
        self.show(
            {"": error.message},
            *(self.get_body_argument(name, "")[:_LONGEST] for name in ("username", "code")),
        )


class ForgottenHandler(_NewPasswordHandler):
    """ "Quên mật khẩu": whom to ask; and a word to the administrator, answered the same for every name."""

    async def get(self) -> None:
        self.show({}, sent=self.get_query_argument("da-gui", "") == "1")

    async def post(self) -> None:
        username = self.get_body_argument("username", "")[:_LONGEST]
        if not username:
            self.set_status(400)
            self.show({"username": _("Anh/chị chưa nhập tên đăng nhập.")})
            return
        try:
            await self.run(self.ask, username)
        except LoginRefused as refused:
            self.refuse(refused)
            self.show({"username": str(refused)}, username)
            return
        self.redirect(with_query(self.portal.url("quen-mat-khau"), {"da-gui": "1"}), status=303)

    def ask(self, username: str) -> None:
        with writing(self.portal.engine) as session:
            request_reset(session, username, self.request.remote_ip or "", self.portal.clock())

    def show(self, errors: dict[str, str], username: str = "", sent: bool = False) -> None:
        self.render_page(
            "forgotten.html",
            errors=errors,
            username=username,
            sent=sent,
            contact=self.portal.settings.help_contact,
            place=None,
        )


class OwnPasswordHandler(_NewPasswordHandler):
    """ "Đổi mật khẩu": every other sign-in ends, this browser gets a new one."""

    async def get(self) -> None:
        self.show({}, done=self.get_query_argument("xong", "") == "1")

    async def post(self) -> None:
        old = self.get_body_argument("old", "", strip=False)
        errors: dict[str, str] = {}
        if not old:
            errors["old"] = _("Anh/chị chưa nhập mật khẩu đang dùng.")
        new = self.new_password(errors)
        if not errors:
            try:
                token = await self.run(
                    _change_password, self.portal, self.me, old, new, self.request.remote_ip or "",
                    self.request.headers.get("User-Agent", "")[:200],
                )  # fmt: skip
            except PasswordRefused as refused:
                errors["old" if "đang dùng chưa đúng" in str(refused) else "password"] = str(refused)
            else:
                await self.take_sign_in(token)
                self.redirect(with_query(self.portal.url("doi-mat-khau"), {"xong": "1"}), status=303)
                return
        self.set_status(400)
        self.show(errors)

    def show(self, errors: dict[str, str], done: bool = False) -> None:
        self.render_page(
            "own_password.html",
            errors=errors,
            done=done,
            password_hint=self.password_hint(),
            place=[
                (_("Thông tin của tôi"), self.portal.url("thong-tin-cua-toi")),
                (_("Đổi mật khẩu"), None),
            ],
        )


def _change_password(portal: Portal, me: SignedIn, old: str, new: str, address: str, user_agent: str) -> str:
    now = portal.clock()
    with writing(portal.engine) as session:
        account = session.get_one(Account, me.account_id)
        change_own_password(session, account, old, new, now=now)
        return start_session(session, account, now, user_agent, address, limits=portal.limits)


def way_in_pages() -> list[Route]:
    """With a code, without a password, with another one."""
    return [
        Route(r"/kich-hoat", ActivateHandler, None, "page"),
        Route(r"/quen-mat-khau", ForgottenHandler, None, "page"),
        Route(r"/doi-mat-khau", OwnPasswordHandler, ALL_ROLES, "page"),
    ]
