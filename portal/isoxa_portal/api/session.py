"""Who is signed in, and the XSRF token; logging in and out, in place too."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from isoxa_grading.records.tables import Role

from .. import i18n
from ..handlers import PortalHandler
from .base import ApiHandler


def session_json(handler: PortalHandler) -> dict[str, Any]:
    """``GET /api/session``: ``account`` is None for a visitor; ``key`` tells accounts apart, and nothing else."""
    me = handler.signed_in
    account = None
    if me is not None:
        secret = handler.portal.xsrf_secret
        account = {
            "key": hmac.new(secret, f"account {me.account_id}".encode(), hashlib.sha256).hexdigest()[:20],
            "username": me.username,
            "display_name": me.display_name,
            "roles": [role.value for role in Role if me.has(role)],
        }
    return {"account": account, "xsrf": handler.xsrf_token, "language": i18n.current_language()}


class SessionHandler(ApiHandler):
    """``GET /api/session``"""

    def get(self) -> None:
        self.write_json(session_json(self))


class LoginHandler(ApiHandler):
    """``POST /api/login``"""

    async def post(self) -> None:
        body = self.body()
        await self.log_in(self.text(body, "username"), self.text(body, "password"))
        self.write_json(session_json(self))


class LogoutHandler(ApiHandler):
    """``POST /api/logout``"""

    async def post(self) -> None:
        await self.log_out()
        self.write_json(session_json(self))
