"""To the Hub to sign in, and back: OAuth's authorization code with PKCE.

What must survive the way (which page was wanted, the secret) travels in a signed cookie of its own for each try, so
that several tabs that open together do not upset each other and any replica can take the browser back.
"""

from __future__ import annotations

import json
import secrets
from typing import cast

from tornado.web import create_signed_value, decode_signed_value

from ..errors import PortalError, not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..links import safe_return
from ..routes import Route
from .identity import HubIdentity, NoSuchAccount
from .service import CALLBACK, Hub, HubUnreachable

__all__ = ["hub_pages", "lead_to_hub"]

_COOKIE = "isoxa_hub_"
_TRY_SECONDS = 600


def lead_to_hub(handler: PortalHandler, hub: Hub) -> None:
    """Send the browser to the Hub's sign-in, and from there back to the page it came for."""
    state = secrets.token_urlsafe(24)
    verifier, challenge = hub.challenge()
    kept = json.dumps({"verifier": verifier, "back": handler.return_link()})
    name = _COOKIE + state[:12]
    handler.set_cookie(
        name,
        create_signed_value(handler.portal.xsrf_secret, name + state, kept),
        path=handler.portal.base,
        max_age=_TRY_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=handler.portal.settings.cookie_secure,
    )
    handler.redirect(hub.authorize_url(state, challenge))


class CallbackHandler(PortalHandler):
    """Where the Hub sends a browser back to, with a code."""

    async def get(self) -> None:
        hub = self.portal.hub
        if hub is None:
            raise not_found()
        kept = self._kept()
        code = self.get_query_argument("code", "")
        if not code:
            raise PortalError(
                403,
                "hub",
                _(
                    "Trang của trung tâm chưa cho tài khoản này vào lớp học. Anh/chị hỏi người phụ trách lớp học."
                ),
            )
        try:
            hub_token = await self.run(hub.token_for_code, code, str(kept["verifier"]))
            name = await self.run(hub.name_of, hub_token)
        except HubUnreachable as refused:
            raise PortalError(
                502,
                "hub",
                _("Chưa hỏi được trang đăng nhập của trung tâm. Xin đợi một phút rồi đăng nhập lại."),
            ) from refused
        if name is None:
            # Void by now: signed out of the Hub in another tab, or taken back there.
            raise self._too_old()
        identity = cast(HubIdentity, self.portal.identity)
        try:
            token = await self.run(
                identity.open,
                name,
                hub_token,
                address=self.request.remote_ip or "",
                user_agent=self.request.headers.get("User-Agent", "")[:200],
                now=self.portal.clock(),
            )
        except NoSuchAccount as stranger:
            raise PortalError(
                403,
                "no_account",
                _(
                    "Tài khoản “%(name)s” chưa có trong danh sách lớp học. Anh/chị hỏi người phụ trách lớp học."
                )
                % {"name": name},
            ) from stranger
        await self.take_sign_in(token)
        self.redirect(safe_return(self.portal.base, kept["back"]) or self.home_link())

    def _kept(self) -> dict[str, str | None]:
        """What this browser took along on this try. Raises ``PortalError`` for a try that is not its own, or old."""
        state = self.get_query_argument("state", "")
        name = _COOKIE + state[:12]
        value = decode_signed_value(
            self.portal.xsrf_secret, name + state, self.get_cookie(name), max_age_days=_TRY_SECONDS / 86400
        )
        self.clear_cookie(name, path=self.portal.base)
        if not state or value is None:
            raise self._too_old()
        kept: dict[str, str | None] = json.loads(value)
        return kept

    def _too_old(self) -> PortalError:
        return PortalError(
            400,
            "hub_state",
            _("Lần đăng nhập này đã quá lâu hoặc mở từ trang cũ. Xin bấm “ISO xã” để đăng nhập lại."),
        )


def hub_pages() -> list[Route]:
    """The way back from the Hub."""
    return [Route(rf"/{CALLBACK}", CallbackHandler, None, "page")]
