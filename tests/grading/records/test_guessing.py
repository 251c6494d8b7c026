"""Short codes that are guessed: different ones are counted, by what they were to open and by where they came from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from isoxa_grading.records.database import writing
from isoxa_grading.records.guessing import GuessLimits, TooManyGuesses, check_guesses, note_wrong
from isoxa_grading.records.tables import WrongCode
from sqlalchemy import Engine, func, select

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
DOORS = GuessLimits("cua", of_subject=3, of_address=5, window=timedelta(minutes=10))
OTHERS = GuessLimits("cua-khac", of_subject=3, of_address=5, window=timedelta(minutes=10))


def wait(
    engine: Engine, subject: str, address: str, later: timedelta = timedelta(), limits: GuessLimits = DOORS
) -> int:
    """Seconds until a code is looked at; 0: at once."""
    with writing(engine) as session:
        try:
            check_guesses(session, limits, subject, address, NOW + later)
        except TooManyGuesses as refused:
            return refused.wait_seconds
    return 0


def guess(engine: Engine, subject: str, address: str, *codes: str, later: timedelta = timedelta()) -> None:
    with writing(engine) as session:
        for code in codes:
            note_wrong(session, DOORS, subject, address, code, NOW + later)


def test_different_codes_count_and_the_same_slip_does_not(engine: Engine) -> None:
    guess(engine, "a", "10.0.0.1", "A", "A", "A", "A", "B")
    assert wait(engine, "a", "10.0.0.9") == 0
    guess(engine, "a", "10.0.0.2", "C", later=timedelta(minutes=4))
    assert wait(engine, "a", "10.0.0.9", timedelta(minutes=4)) == 360, "wherever it is asked from"
    assert wait(engine, "b", "10.0.0.1", timedelta(minutes=4)) == 0
    assert wait(engine, "a", "10.0.0.9", timedelta(minutes=10)) == 0, "the window has passed"


def test_one_address_that_tries_many_doors(engine: Engine) -> None:
    for number in range(5):
        guess(engine, f"cửa {number}", "10.0.0.1", "A")
    assert wait(engine, "x", "10.0.0.1") == 600
    assert wait(engine, "x", "10.0.0.2") == 0
    assert wait(engine, "x", "10.0.0.1", limits=OTHERS) == 0, "other codes are counted apart"


def test_what_is_noted_is_short_and_soon_forgotten(engine: Engine) -> None:
    guess(engine, "x" * 500, "a" * 500, "MÃ BÍ MẬT" * 50)
    with writing(engine) as session:
        row = session.scalars(select(WrongCode)).one()
        assert (len(row.subject), len(row.address), len(row.fingerprint)) == (200, 64, 64)
    guess(engine, "y", "b", "A", later=timedelta(minutes=61))
    with writing(engine) as session:
        assert session.scalar(select(func.count(WrongCode.id))) == 1


def test_a_sign_of_sql_is_no_wildcard(engine: Engine) -> None:
    odd = GuessLimits("%", of_subject=1, of_address=1, window=timedelta(minutes=10))
    guess(engine, "a", "10.0.0.1", "A", "B", "C", "D", "E", "F")
    assert wait(engine, "z", "10.0.0.1", limits=odd) == 0


@pytest.mark.parametrize("address", ["", "::1", "x'; DROP TABLE wrong_code; --"])
def test_any_address(engine: Engine, address: str) -> None:
    guess(engine, "a", address, "A", "B", "C")
    assert wait(engine, "a", address) == 600
