"""Slowing down whoever guesses a short code that people read from a wall or from another screen.

A wrong code is counted for what it was to open and for the address it came from, different codes alone: typing the
same slip again costs nothing, and a hall of sixty behind one address is not locked out by one misread wall. Beyond the
limit no code is looked at until the window has passed, so that a guess that happens to be right is not taken either.
Counted in the database, so that every replica of the portal knows.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, distinct, func, select
from sqlalchemy.orm import Session

from .database import RecordedRefusal
from .tables import WrongCode

__all__ = ["GuessLimits", "TooManyGuesses", "check_guesses", "note_wrong"]

_MEMORY = timedelta(hours=1)


@dataclass(frozen=True)
class GuessLimits:
    """How many different wrong codes are let pass in ``window`` (an hour at most); ``family``: what codes these are."""

    family: str
    of_subject: int
    of_address: int
    window: timedelta


class TooManyGuesses(RecordedRefusal):
    """``wait_seconds`` until a code is looked at again."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"Đã gõ sai nhiều mã khác nhau. Anh/chị đợi {wait_seconds} giây rồi gõ lại.")
        self.wait_seconds = wait_seconds


def check_guesses(session: Session, limits: GuessLimits, subject: str, address: str, now: datetime) -> None:
    """Raise `TooManyGuesses` while this subject, or this address, must wait."""
    recent = WrongCode.at > now - limits.window
    ours = WrongCode.subject.startswith(f"{limits.family}/", autoescape=True)
    wait = timedelta()
    for which, most in (
        (WrongCode.subject == _subject(limits, subject), limits.of_subject),
        (ours & (WrongCode.address == address[:64]), limits.of_address),
    ):
        count, first = session.execute(
            select(func.count(distinct(WrongCode.fingerprint)), func.min(WrongCode.at)).where(which, recent)
        ).one()
        if count >= most:
            wait = max(wait, first + limits.window - now)
    if wait > timedelta():
        raise TooManyGuesses(math.ceil(wait.total_seconds()))


def note_wrong(
    session: Session, limits: GuessLimits, subject: str, address: str, code: str, now: datetime
) -> None:
    """Remember a wrong code; what is older than an hour is forgotten."""
    session.execute(delete(WrongCode).where(WrongCode.at < now - _MEMORY))
    whole = _subject(limits, subject)
    fingerprint = hashlib.sha256(f"{whole}\0{code}".encode()).hexdigest()
    session.add(WrongCode(subject=whole, address=address[:64], fingerprint=fingerprint, at=now))
    session.flush()


def _subject(limits: GuessLimits, subject: str) -> str:
    return f"{limits.family}/{subject}"[:200]
