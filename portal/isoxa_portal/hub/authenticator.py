"""The Hub's sign-in by isoxa's accounts: the names and passwords officers have already, and the portal's patience.

Whoever may sign in at the portal may sign in here. Trainers are put into the Hub's group ``giang-vien``, which alone
may have a server; the account is looked at again every few minutes and before a server starts, so that one that was
disabled, or is no trainer's any more, ends here too.
"""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from typing import Any

from isoxa_grading.records.accounts import LoginRefused
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import DatabaseProblem
from jupyterhub.auth import Authenticator
from jupyterhub.handlers.login import LoginHandler, LogoutHandler
from jupyterhub.utils import url_path_join
from sqlalchemy import Engine
from tornado.web import HTTPError
from traitlets import Unicode, default

from ..identity import COOKIE
from .accounts import HubPerson, check_password, person_named

__all__ = ["TRAINERS", "IsoxaAuthenticator"]

TRAINERS = "giang-vien"
"""The Hub's group of those who may have a JupyterLab."""
_LONGEST = 1024


class PortalLogoutHandler(LogoutHandler):
    """Signing out of the Hub takes the portal's cookie away too; the Hub's token in it is void from now on."""

    async def handle_logout(self) -> None:
        """Clear the cookie where the portal set it."""
        path = url_path_join(self.base_url, self.authenticator.portal_path)
        self.clear_cookie(COOKIE, path=path)


class IsoxaAuthenticator(Authenticator):
    """isoxa's accounts, read from the data folder that the portal serves."""

    data = Unicode(help="isoxa's data folder; ISOXA_DATA says it where this does not").tag(config=True)
    portal_path = Unicode("services/isoxa/", help="where the portal is, below the Hub's base_url").tag(
        config=True
    )

    @default("data")
    def _data_of_environment(self) -> str:
        return os.environ.get("ISOXA_DATA", "isoxa-data")

    @default("allow_all")
    def _every_account(self) -> bool:
        return True

    @default("manage_groups")
    def _groups_are_roles(self) -> bool:
        return True

    @default("refresh_pre_spawn")
    def _look_again_before_a_server(self) -> bool:
        return True

    @property
    def engine(self) -> Engine:
        """The records database, opened on first use."""
        if not hasattr(self, "_engine"):
            self._engine = DataFolder(self.data).engine()
        return self._engine

    def get_handlers(self, app: Any) -> list[tuple[str, Any]]:
        """The Hub's own login page, and a logout that the portal notices."""
        return [("/login", LoginHandler), ("/logout", PortalLogoutHandler)]

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        """Check name and password. What is refused is said in the words of the portal, on the login page."""
        username, password = data.get("username", ""), data.get("password", "")
        if not username or not password or max(len(username), len(password)) > _LONGEST:
            raise HTTPError(403, log_message="Anh/chị nhập tên đăng nhập và mật khẩu.")
        try:
            person = await asyncio.to_thread(
                check_password, self.engine, username, password, handler.request.remote_ip or "", _now()
            )
        except LoginRefused as refused:
            raise HTTPError(429 if refused.wait_seconds else 403, "%s", refused.message) from None
        except DatabaseProblem as problem:
            raise HTTPError(503, "%s", str(problem)) from problem
        return _model(person)

    async def refresh_user(self, user: Any, handler: Any = None, **_more: Any) -> bool | dict[str, Any]:
        """False: must sign in again, and cannot; else what the account is now."""
        person = await asyncio.to_thread(person_named, self.engine, user.name)
        return _model(person) if person is not None else False


def _model(person: HubPerson) -> dict[str, Any]:
    return {"name": person.name, "groups": [TRAINERS] if person.trainer else []}


def _now() -> datetime:
    return datetime.now(UTC)
