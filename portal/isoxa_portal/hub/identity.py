"""Who is asking, where a JupyterHub does the signing in.

A sign-in is one of ours, kept in the records database like any other, with the Hub's token beside it: the cookie holds
both, ``OURS.HUB'S``, and the portal keeps neither. It counts as long as both do: ours ends as `PasswordIdentity`'s, the
Hub's with the Hub's own logout. So any replica of the portal knows it, and an administrator can end it.

The Hub is asked about a token at most every fifteen seconds. A Hub that restarts, or hangs, for some minutes throws
nobody out of a quiz: what it said last counts for ten more minutes while it does not answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from isoxa_grading.records.accounts import LoginRefused
from isoxa_grading.records.database import writing
from isoxa_grading.records.login import account_of
from isoxa_grading.records.signin import SessionLimits, SignedIn, start_session
from sqlalchemy import Engine

from ..i18n import gettext as _
from ..identity import PasswordIdentity
from .service import Hub, HubUnreachable

__all__ = ["HubIdentity", "NoSuchAccount"]

FRESH_SECONDS = 15.0
GRACE_SECONDS = 600.0
_MOST_REMEMBERED = 10_000
_AT_ONCE = 8

log = logging.getLogger("isoxa.portal")


class NoSuchAccount(Exception):
    """The Hub knows this name, isoxa does not (any more)."""


@dataclass(frozen=True)
class _Heard:
    """What the Hub said of a token, and when."""

    name: str
    at: float


class HubIdentity(PasswordIdentity):
    """`Identity` by the Hub's sign-in; the Hub's user is the account of that username."""

    def __init__(
        self, engine: Engine, limits: SessionLimits, hub: Hub, *, timer: Callable[[], float] = monotonic
    ) -> None:
        super().__init__(engine, limits)
        self._hub = hub
        self._timer = timer
        self._heard: dict[str, _Heard] = {}
        self._askers = ThreadPoolExecutor(_AT_ONCE, "hub")

    def who(self, tokens: Collection[str], now: datetime) -> Mapping[str, SignedIn]:
        """Whose cookies these are, of those that the Hub stands by."""
        parts = {token: token.partition(".") for token in tokens}
        ours = super().who({mine for mine, _dot, theirs in parts.values() if theirs}, now)
        asked = {theirs for mine, _dot, theirs in parts.values() if mine in ours}
        names = dict(zip(asked, self._askers.map(self._name_of, asked), strict=True))
        return {
            token: ours[mine]
            for token, (mine, _dot, theirs) in parts.items()
            if mine in ours and names.get(theirs) == ours[mine].username
        }

    def open(self, name: str, hub_token: str, *, address: str, user_agent: str, now: datetime) -> str:
        """A sign-in for whom the Hub says is there; returns the cookie's token. Raises `NoSuchAccount`."""
        with writing(self._engine) as session:
            account = account_of(session, name)
            if account is None:
                raise NoSuchAccount(name)
            mine = start_session(session, account, now, user_agent, address, limits=self._limits)
        self._heard[hub_token] = _Heard(name, self._timer())
        return f"{mine}.{hub_token}"

    def carry_on(self, token: str, before: str | None) -> str:
        """The Hub's part stays the browser's: a new sign-in of ours takes it over. Raises ``LoginRefused``."""
        if "." in token:
            return token
        theirs = (before or "").partition(".")[2]
        if not theirs or self._name_of(theirs) is None:
            raise LoginRefused(
                _(
                    "Ở đây anh/chị đăng nhập qua trang của trung tâm. Xin mở trang đăng nhập ở một thẻ khác, "
                    "đăng nhập, rồi quay lại đây tải lại trang. Những gì đã làm vẫn được giữ trên máy này."
                )
            )
        return f"{token}.{theirs}"

    def sign_out(self, token: str, now: datetime) -> None:
        """End our part; the Hub's ends on the Hub's own page, to which the browser goes next."""
        mine, _dot, theirs = token.partition(".")
        self._heard.pop(theirs, None)
        super().sign_out(mine, now)

    def close(self) -> None:
        """Ask nobody any more."""
        self._askers.shutdown(wait=False, cancel_futures=True)

    def _name_of(self, hub_token: str) -> str | None:
        heard, now = self._heard.get(hub_token), self._timer()
        if heard is not None and now - heard.at < FRESH_SECONDS:
            return heard.name
        try:
            name = self._hub.name_of(hub_token)
        except HubUnreachable as silent:
            log.warning("the Hub does not answer: %s", silent)
            return heard.name if heard is not None and now - heard.at < GRACE_SECONDS else None
        if name is None:
            self._heard.pop(hub_token, None)
            return None
        if len(self._heard) >= _MOST_REMEMBERED:
            self._heard.clear()
        self._heard[hub_token] = _Heard(name, now)
        return name
