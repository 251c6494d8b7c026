"""Whose code it is that somebody typed who has no account here: the one secret that a hall's pages show.

Every class's code is compared, each in constant time, so that an answer tells neither which part of a code was right
nor whether a class of that name exists. Wrong codes are counted by name and by address (`records.guessing`).

The name of a class is no secret: anybody can type 60 wrong codes that bear it. So 60 different ones are the limit of
an address, and only their sender waits; a name has a limit far above it, which holds for all addresses together, since
whoever guesses may have many. It lets 3,000 pass in ten minutes, 18,000 an hour. The secret part of a code has seven
characters of 22, 22^7 = 2.5 thousand million: to try half of them takes 7.9 years without a pause, one address alone
395 years, and in the ten days or so that a class's code is taken the chance is 1 in 577.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.guessing import GuessLimits, TooManyGuesses, check_guesses, note_wrong
from isoxa_grading.records.tables import Workshop

from .codes import name_of, read_code
from .errors import CodeRefused

__all__ = ["CLASS_CODES", "known_class", "workshop_of"]

CLASS_CODES = GuessLimits("lop", of_subject=3000, of_address=60, window=timedelta(minutes=10))


def known_class(session: Session, typed: str, *, address: str, now: datetime) -> Workshop | None:
    """The class of this code, or None. Raises `CodeRefused` while no code is looked at, and ``EntryRefused`` for what
    has not the form of a code (a slip of the hand, which costs nothing)."""
    code = read_code(typed)
    try:
        check_guesses(session, CLASS_CODES, name_of(code), address, now)
    except TooManyGuesses as refused:
        raise CodeRefused(str(refused), refused.wait_seconds) from refused
    found = None
    for workshop in session.scalars(select(Workshop).order_by(Workshop.id)):
        if hmac.compare_digest(workshop.code.encode(), code.encode()):
            found = workshop
    return found


def workshop_of(session: Session, typed: str, *, address: str, now: datetime) -> Workshop:
    """The class of this code. Raises what `known_class` does, and `CodeRefused` for a wrong one, which is noted."""
    found = known_class(session, typed, address=address, now=now)
    if found is None:
        code = read_code(typed)
        note_wrong(session, CLASS_CODES, name_of(code), address, code, now)
        raise CodeRefused(
            "Cổng này không có lớp nào mang mã ấy. Anh/chị xem lại từng ký tự của mã trên màn chiếu."
        )
    return found
