"""Who is asking: one port, so that a Hub, single sign-on or a workshop link can take the password's place.

A request shows a cookie of our own; an `Identity` tells whose it is, and, where it can, opens and ends sign-ins.
`PasswordIdentity` keeps sign-ins in the records database, so that any replica of the portal knows them and an
administrator can end one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from isoxa_grading.records.database import writing
from isoxa_grading.records.signin import SessionLimits, SignedIn, end_session, recognise_all, sign_in
from sqlalchemy import Engine

COOKIE = "isoxa_session"


class Identity(Protocol):
    """The port. Every method may block (it asks a database or another server): call it off the event loop."""

    def who(self, tokens: Collection[str], now: datetime) -> Mapping[str, SignedIn]:
        """Whose cookies these are, of requests that came together; without those that are unknown, ended or expired,
        or whose account is disabled."""
        ...

    def sign_in(self, username: str, password: str, *, address: str, user_agent: str, now: datetime) -> str:
        """Open a sign-in and return the cookie's token. Raises ``LoginRefused``."""
        ...

    def carry_on(self, token: str, before: str | None) -> str:
        """The cookie for a sign-in just opened in a browser that shows the cookie ``before``. Raises ``LoginRefused``
        where the one needs something of the other that is not there."""
        ...

    def sign_out(self, token: str, now: datetime) -> None:
        """End a sign-in; an unknown one is no error."""
        ...

    def close(self) -> None:
        """The portal stops."""
        ...


class PasswordIdentity:
    """Username and password, checked against the account's argon2id hash."""

    def __init__(self, engine: Engine, limits: SessionLimits) -> None:
        self._engine = engine
        self._limits = limits

    def who(self, tokens: Collection[str], now: datetime) -> Mapping[str, SignedIn]:
        """Whose cookies these are."""
        return recognise_all(self._engine, tokens, now, limits=self._limits)

    def sign_in(self, username: str, password: str, *, address: str, user_agent: str, now: datetime) -> str:
        """Check the password and open a sign-in."""
        return sign_in(
            self._engine,
            username,
            password,
            address=address,
            user_agent=user_agent,
            now=now,
            limits=self._limits,
        )

    def carry_on(self, token: str, before: str | None) -> str:
        """A sign-in of ours needs nothing of the one before."""
        return token

    def close(self) -> None:
        """Nothing is held open."""

    def sign_out(self, token: str, now: datetime) -> None:
        """End a sign-in."""
        with writing(self._engine) as session:
            end_session(session, token, now)
