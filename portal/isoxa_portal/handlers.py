"""The base of every page and API handler: who asks, may they, and what they read when something fails.

A handler never decides by itself who may call it: the route says it (`routes.Route.roles`), `prepare` enforces it
before any method runs, and a test walks every route. A change request must carry an XSRF token of this browser and
come from a page of this host. Anything slow or touching the database runs off the event loop, through `run`.
"""

from __future__ import annotations

import contextvars
import logging
import secrets
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast
from urllib.parse import quote

from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, RequestHandler

from . import i18n, xsrf
from .domain_errors import from_domain
from .errors import PortalError, bad_xsrf, forbidden, message_of, not_found, signed_out
from .headers import PAGE_POLICY, SECURITY_HEADERS, page_policy
from .i18n import gettext as _
from .identity import COOKIE
from .links import RETURN_FIELD, organiser_address, safe_return
from .portal import Portal

T = TypeVar("T")

# Before anybody has signed in, the XSRF token is bound to this random cookie.
VISITOR_COOKIE = "isoxa_visitor"

log = logging.getLogger("isoxa.portal")


class SignedInMixin:
    """Who asks. Shared by our handlers and by those we subclass from Jupyter's (kernel websocket)."""

    signed_in: SignedIn | None = None
    sign_in_token: str | None = None

    @property
    def portal(self) -> Portal:
        return cast(Portal, cast(RequestHandler, self).settings["portal"])

    async def run(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """``work(*args, **kwargs)`` in the portal's threads, in the language of this request."""
        context = contextvars.copy_context()
        return await IOLoop.current().run_in_executor(
            self.portal.threads, lambda: context.run(work, *args, **kwargs)
        )

    async def recognise(self) -> SignedIn | None:
        """Read the session cookie and remember whose it is."""
        token = cast(RequestHandler, self).get_cookie(COOKIE)
        self.signed_in = None
        if token and len(token) <= 200:
            self.signed_in = await self.portal.recognition.who(token)
        self.sign_in_token = token if self.signed_in else None
        return self.signed_in


class PortalHandler(SignedInMixin, RequestHandler):
    """A page. ``roles`` comes from its route: None lets anyone in, else one of the roles is needed."""

    policy = PAGE_POLICY

    def initialize(self, roles: frozenset[Role] | None) -> None:
        self.allowed_roles = roles

    def set_default_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)
        policy = self.policy
        if policy is PAGE_POLICY and (reports_to := self.reports_to):
            policy = page_policy(reports_to)
        self.set_header("Content-Security-Policy", policy)
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    @property
    def reports_to(self) -> str:
        """In a hall whose settings name the organiser's portal, the one address of it that pages may ask; else ''."""
        settings = self.portal.settings
        return organiser_address(settings.organiser) if settings.workshop else ""

    async def prepare(self) -> None:
        i18n.use_language(self.get_cookie(i18n.COOKIE))
        await self.recognise()
        if self.allowed_roles is not None:
            if self.signed_in is None:
                self.refuse_visitor()
                return
            if not any(self.signed_in.has(role) for role in self.allowed_roles):
                raise forbidden()
        if self.request.method not in ("GET", "HEAD", "OPTIONS"):
            self.check_xsrf()

    # -- who -------------------------------------------------------------------------------------------------------

    @property
    def me(self) -> SignedIn:
        """Who is signed in; for handlers whose route asks for a role."""
        if self.signed_in is None:
            raise signed_out()
        return self.signed_in

    def refuse_visitor(self) -> None:
        """What somebody not signed in gets: a page sends them to log in and back here."""
        if self.request.method in ("GET", "HEAD"):
            self.redirect_to_login()
        else:
            raise signed_out()

    def redirect_to_login(self) -> None:
        """To the login page, which returns to the address asked for."""
        here = self.browser_uri()
        self.redirect(f"{self.portal.url('dang-nhap')}?{RETURN_FIELD}={quote(here, safe='')}")

    def browser_uri(self) -> str:
        """The path and query of this request as the browser sees them (a proxy may have taken the prefix away)."""
        uri, base = self.request.uri or "/", self.portal.base
        return uri if uri.startswith(base) else base + uri.lstrip("/")

    def redirect(self, url: str, permanent: bool = False, status: int | None = None) -> None:
        """Send the browser on. Where a proxy took the prefix away, by a relative link: some proxies put their prefix
        before every absolute path, others before none."""
        asked = self.request.path
        if not asked.startswith(self.portal.base) and url.startswith(self.portal.base):
            url = "../" * (asked.count("/") - 1) + url.removeprefix(self.portal.base) or "./"
        super().redirect(url, permanent, status)

    def return_link(self) -> str | None:
        """Where login was asked to return to, if that is a page of this portal."""
        return safe_return(self.portal.base, self.get_argument(RETURN_FIELD, None))

    def home_link(self) -> str:
        """Where somebody with these roles begins."""
        if self.signed_in is not None and not self.signed_in.has(Role.OFFICER):
            for role, path in (
                (Role.DEPARTMENT, "bao-cao"),
                (Role.TRAINER, "cham-bai"),
                (Role.ADMIN, "quan-tri"),
            ):
                if self.signed_in.has(role):
                    return self.portal.url(path)
        return self.portal.url("khoa-hoc")

    async def log_in(self, username: str, password: str) -> SignedIn:
        """Open a sign-in and set its cookie; the sign-in this browser had before is ended.

        Raises ``LoginRefused``.
        """
        token = await self.run(
            self.portal.identity.sign_in,
            username,
            password,
            address=self.request.remote_ip or "",
            user_agent=self.request.headers.get("User-Agent", "")[:200],
            now=self.portal.clock(),
        )
        return await self.take_sign_in(token)

    async def take_sign_in(self, token: str) -> SignedIn:
        """Make a sign-in that was opened for this browser its own; the one it had before is ended."""
        shown = self.get_cookie(COOKIE)
        token = await self.run(self.portal.identity.carry_on, token, shown)
        before = self.sign_in_token
        if before:
            await self._end_sign_in(before)
        self._set_cookie(COOKIE, token)
        self.sign_in_token = token
        self.signed_in = await self.portal.recognition.who(token)
        return self.me

    async def log_out(self) -> None:
        """End the sign-in, take its cookie away, and end its lessons."""
        if self.sign_in_token:
            await self._end_sign_in(self.sign_in_token)
        self.clear_cookie(COOKIE, path=self.portal.base)
        self.signed_in = self.sign_in_token = None

    async def end_lessons(self, session_ids: Iterable[int]) -> None:
        """Sign-ins were ended by somebody else: their lessons end too."""
        for session_id in session_ids:
            await self.portal.sessions.close_of(session_id)

    async def _end_sign_in(self, token: str) -> None:
        ended = await self.portal.recognition.who(token)
        await self.run(self.portal.identity.sign_out, token, self.portal.clock())
        if ended is not None:
            await self.portal.sessions.close_of(ended.session_id)

    def _set_cookie(self, name: str, value: str) -> None:
        self.set_cookie(
            name,
            value,
            path=self.portal.base,
            httponly=True,
            samesite="Lax",
            secure=self.portal.settings.cookie_secure,
        )

    # -- XSRF ------------------------------------------------------------------------------------------------------

    @property
    def xsrf_token(self) -> str:  # type: ignore[override]  # Tornado's is bytes, and of a cookie we do not use
        """A token for forms and for the API, bound to this browser. Never put it into a page that is cached."""
        binding = self.sign_in_token or self.get_cookie(VISITOR_COOKIE)
        if not binding:
            binding = getattr(self, "_new_visitor", None) or secrets.token_urlsafe(24)
            self._new_visitor = binding
            self._set_cookie(VISITOR_COOKIE, binding)
        return xsrf.make_token(self.portal.xsrf_secret, binding)

    def check_xsrf(self) -> None:
        """Refuse a change request that no page of ours made."""
        token = self.request.headers.get(xsrf.HEADER) or self.get_body_argument(xsrf.FIELD, "")
        binding = self.sign_in_token or self.get_cookie(VISITOR_COOKIE) or ""
        if not binding or not xsrf.token_fits(self.portal.xsrf_secret, binding, token):
            raise bad_xsrf()
        if not xsrf.comes_from_here(self.request.headers, self.request.host):
            raise bad_xsrf()

    def check_xsrf_cookie(self) -> None:
        """Tornado's own check is not used; see `check_xsrf`."""

    # -- answers ---------------------------------------------------------------------------------------------------

    def render_page(self, template: str, **context: Any) -> None:
        """Finish with a template of ``templates/``; see `page_context` for what each can use."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(self.portal.pages.get_template(template).render(**self.page_context(), **context))

    def page_context(self) -> dict[str, Any]:
        """What every template may count on: ``base`` (path with a slash at both ends), ``url(path)``,
        ``static(name)`` (address of a static file), ``signed_in`` (or None), ``lab`` (where trainers
        open JupyterLab, or None), ``language``, ``path`` (of this request,
        for the way back), ``xsrf_token``, ``workshop`` (whether this is a hall) and ``reports_to`` (or '')."""
        return {
            "base": self.portal.base,
            "url": self.portal.url,
            "static": self.portal.assets.page_url,
            "signed_in": self.signed_in,
            "lab": self.portal.hub.lab_path if self.portal.hub is not None else None,
            "language": i18n.current_language(),
            "path": self.browser_uri(),
            "xsrf_token": self.xsrf_token,
            "workshop": self.portal.settings.workshop,
            "reports_to": self.reports_to,
        }

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if isinstance(value, PortalError) or from_domain(value) is not None:
            log.info("%s %s: %s", self.request.method, self.request.path, value)
            return
        super().log_exception(typ, value, tb)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Turn any exception into words. Unexpected ones get an id that the log has too; never a traceback."""
        error = self._as_portal_error(status_code, kwargs.get("exc_info"))
        self.set_status(error.status)
        if error.retry_after is not None:
            self.set_header("Retry-After", str(error.retry_after))
        self.write_portal_error(error)

    def _as_portal_error(self, status_code: int, exc_info: Any) -> PortalError:
        problem = exc_info[1] if exc_info else None
        if isinstance(problem, PortalError):
            return problem
        known = from_domain(problem)
        if known is not None:
            return known
        if isinstance(problem, HTTPError):
            return PortalError(status_code, *message_of(status_code))
        code, message = message_of(500)
        incident = secrets.token_hex(4)
        log.error("incident %s: %s %s", incident, self.request.method, self.request.path)
        return PortalError(500, code, f"{message} {_('Mã sự cố')}: {incident}", extra={"incident": incident})

    def write_portal_error(self, error: PortalError) -> None:
        """Show an error; pages use templates/error.html (``status``, ``code``, ``message``)."""
        self.render_page("error.html", status=error.status, code=error.code, message=error.message)


class NoSuchPage(PortalHandler):
    """Any address that is none."""

    async def prepare(self) -> None:
        await self.recognise()
        i18n.use_language(self.get_cookie(i18n.COOKIE))
        raise not_found()
