"""Ids of live lessons that say, to this portal alone, whose they are and of which lesson.

A page that comes back after its session is gone (the laptop slept, the portal was started anew) knows only its
kernel's id. The id is the proof: six random bytes and an HMAC of them with the account and the lesson, in the form of
a UUID of version 8 (RFC 9562, section 5.8). Nobody can make one, and one of another account fits no lesson; nor does
one that was made under another version of the program or of the lesson (`lesson_version`).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from uuid import UUID

from .lesson_pool import LessonPlace

_NONCE = 6
_VERSION_8 = 0x8 << 76
_VARIANT = 0b10 << 62
_CLEAR = ~((0xF << 76) | (0b11 << 62))


class LessonTickets:
    """Ids under one secret of the data folder."""

    def __init__(self, secret: bytes, version: Callable[[LessonPlace], str] = lambda _place: "") -> None:
        self._secret = secret
        self._version = version

    def new(self, account: int, place: LessonPlace) -> str:
        """A new id for this account's visit to this lesson."""
        return str(self._made(secrets.token_bytes(_NONCE), account, place))

    def find(self, ticket: str, account: int, places: Iterable[LessonPlace]) -> LessonPlace | None:
        """Which of these lessons the id was made for; None if for none of them, or for another account."""
        try:
            asked = UUID(ticket)
        except ValueError:
            return None
        if str(asked) != ticket:
            return None  # in other letters or digits it would be another lesson to whoever goes by the text
        nonce = asked.bytes[:_NONCE]
        for place in places:
            if hmac.compare_digest(asked.bytes, self._made(nonce, account, place).bytes):
                return place
        return None

    def _made(self, nonce: bytes, account: int, place: LessonPlace) -> UUID:
        version = self._version(place)
        text = f"{account}\0{place.course}\0{place.edition}\0{place.lesson}\0{version}".encode()
        proof = hmac.digest(self._secret, nonce + text, hashlib.sha256)[: 16 - _NONCE]
        return UUID(int=int.from_bytes(nonce + proof) & _CLEAR | _VERSION_8 | _VARIANT)
