"""The portal as a service of a JupyterHub: where the Hub is, and the three things the portal asks it.

The Hub says where it is in the environment of its services (``JUPYTERHUB_…``). Where to send a browser, what its code
is worth, and whose token this is: the protocol is jupyterhub's own ``HubOAuth``. Calls block; make them off the event
loop.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tornado.web import HTTPError

from ..errors import CannotServe

if TYPE_CHECKING:
    from jupyterhub.services.auth import HubOAuth

__all__ = ["Hub", "HubUnreachable", "hub_of_environment"]

CALLBACK = "oauth_callback"
_NEEDED = (
    "JUPYTERHUB_API_TOKEN",
    "JUPYTERHUB_API_URL",
    "JUPYTERHUB_CLIENT_ID",
    "JUPYTERHUB_SERVICE_PREFIX",
    "JUPYTERHUB_SERVICE_URL",
)


class HubUnreachable(Exception):
    """The Hub did not answer, or not as a Hub does."""


@dataclass(frozen=True)
class Hub:
    """One Hub, for one service of it.

    ``hub_path``: the Hub's own pages, "/hub/"; ``base``: the service's path, "/services/isoxa/"; ``ip`` and ``port``:
    where the Hub will look for the service.
    """

    api_url: str
    api_token: str
    client_id: str
    hub_path: str
    base: str
    ip: str
    port: int

    @property
    def logout_path(self) -> str:
        """Where a browser signs out of the Hub."""
        return self.hub_path + "logout"

    @property
    def lab_path(self) -> str:
        """Where a trainer's JupyterLab is opened, and started if need be."""
        return self.hub_path + "spawn"

    @cached_property
    def _oauth(self) -> HubOAuth:
        try:
            from jupyterhub.services.auth import HubOAuth
        except ImportError as missing:
            raise CannotServe(
                "Chưa cài JupyterHub nên chưa chạy dưới Hub được. Hãy cài: pip install 'isoxa[hub]'"
            ) from missing
        return HubOAuth(
            api_token=self.api_token,
            api_url=self.api_url,
            base_url=self.base,
            oauth_client_id=self.client_id,
            oauth_redirect_uri=self.base + CALLBACK,
        )

    def check(self) -> None:
        """Raises ``CannotServe`` if this machine cannot speak to a Hub."""
        _ = self._oauth

    def challenge(self) -> tuple[str, str]:
        """A secret for one sign-in, and what the Hub is told of it beforehand (PKCE)."""
        verifier, challenge, _method = self._oauth.generate_pkce_code_challenge()
        return verifier, challenge

    def authorize_url(self, state: str, challenge: str) -> str:
        """Where to send a browser that wants to sign in."""
        query = {
            "client_id": self.client_id,
            "redirect_uri": self.base + CALLBACK,
            "response_type": "code",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.hub_path}api/oauth2/authorize?{urlencode(query)}"

    def token_for_code(self, code: str, verifier: str) -> str:
        """The token that a code of the Hub's is worth, once. Raises `HubUnreachable`."""
        try:
            return str(self._oauth.token_for_code(code, code_verifier=verifier, sync=True))
        except HTTPError as refused:
            raise HubUnreachable(str(refused)) from refused

    def name_of(self, token: str) -> str | None:
        """The name of the Hub's user whose token this is; None: it is void. Raises `HubUnreachable`."""
        try:
            # What is remembered of an answer, and for how long, is `HubIdentity`'s business.
            user = self._oauth.user_for_token(token, use_cache=False, sync=True)
        except HTTPError as refused:
            raise HubUnreachable(str(refused)) from refused
        return str(user["name"]) if user else None


def hub_of_environment(environment: Mapping[str, str] = os.environ) -> Hub:
    """The Hub that started this process. Raises ``CannotServe`` where none says that it did."""
    missing = [name for name in _NEEDED if not environment.get(name)]
    if missing:
        raise CannotServe(
            f"--hub chỉ dùng khi JupyterHub chạy cổng học tập như một dịch vụ; thiếu {', '.join(missing)}. "
            "Xem docs/administrators/hub.md."
        )
    place = urlsplit(environment["JUPYTERHUB_SERVICE_URL"])
    prefix = environment.get("JUPYTERHUB_BASE_URL", "/").rstrip("/")
    return Hub(
        api_url=environment["JUPYTERHUB_API_URL"],
        api_token=environment["JUPYTERHUB_API_TOKEN"],
        client_id=environment["JUPYTERHUB_CLIENT_ID"],
        hub_path=f"{environment.get('JUPYTERHUB_HOST', '')}{prefix}/hub/",
        base=environment["JUPYTERHUB_SERVICE_PREFIX"],
        ip=place.hostname or "127.0.0.1",
        port=place.port or 80,
    )
