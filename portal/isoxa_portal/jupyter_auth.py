"""Jupyter's two hooks, answered by the portal: who asks, and that nothing is allowed but an owner's own channel.

Only the kernel websocket goes through them (every other handler is ours and checks its route); they are set all the
same, so that a handler of Jupyter's that came to be mounted by mistake would let nobody in.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler


class PortalIdentityProvider(IdentityProvider):
    """Knows who is signed in from the handler that has already looked (`handlers.SignedInMixin`)."""

    need_token = False

    @property
    def auth_enabled(self) -> bool:
        return True

    async def get_user(self, handler: JupyterHandler) -> User | None:  # type: ignore[override]
        """The signed-in account; None for handlers that do not know our cookie."""
        me = getattr(handler, "signed_in", None)
        return User(username=str(me.account_id)) if me is not None else None

    def get_handlers(self) -> list[Any]:
        """No login or logout page of Jupyter's."""
        return []


class OwnChannelOnly(Authorizer):
    """Denies everything but the websocket of a lesson that was found to be the account's own."""

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:
        return resource == "kernels" and action == "execute" and getattr(handler, "owned", False) is True
