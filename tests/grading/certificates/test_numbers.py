"""Numbers: the published check character, every slip of one character, and what people type."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from isoxa_grading.certificates.numbers import (
    NotANumber,
    can_be_given,
    check_character,
    make_number,
    parse_number,
)

NUMBERS = st.builds(make_number, st.integers(2020, 2099), st.integers(1, 1_200_000)).filter(can_be_given)
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        # Global Release Identifier, the example of its own standard: A1-2425G-ABC1234002-M.
        ("A12425GABC1234002", "M"),
    ],
)
def test_published_example(text: str, check: str) -> None:
    assert check_character(text) == check


@given(st.text(CHARACTERS, min_size=1, max_size=20), st.data())
@settings(deadline=None)
def test_every_single_slip_changes_the_check_character(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(CHARACTERS).filter(lambda one: one != text[place]))
    slipped = text[:place] + other + text[place + 1 :]
    assert check_character(slipped) != check_character(text)


def test_nearly_every_transposition_of_digits_is_found() -> None:
    found = missed = 0
    for sequence in range(1, 3000):
        number = make_number(2026, sequence)
        digits = number[6:10] + number[11:17]
        for place in range(len(digits) - 1):
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            if swapped != digits:
                same = check_character("ISOXA" + swapped) == number[-1]
                missed, found = missed + same, found + (not same)
    assert missed / (missed + found) < 0.005


@given(NUMBERS, st.data())
@settings(deadline=None)
def test_a_number_is_read_back_however_it_is_typed(number: str, data: st.DataObject) -> None:
    typed = number
    if data.draw(st.booleans()):
        typed = typed.lower()
    typed = typed.replace("-", data.draw(st.sampled_from(["-", " ", "", " - ", "–", "."])))
    if data.draw(st.booleans()):
        typed = typed[5:]
    typed = typed.replace("0", data.draw(st.sampled_from(["0", "O", "o"])))
    typed = typed.replace("1", data.draw(st.sampled_from(["1", "I", "l"])))
    assert parse_number(f" {typed}\n") == number


@given(NUMBERS, st.data())
@settings(deadline=None)
def test_one_wrong_digit_is_told(number: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([n for n in range(6, len(number) - 2) if number[n].isdigit()]))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != number[place])
    with pytest.raises(NotANumber, match="chép nhầm"):
        parse_number(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    "typed",
    ["", "ISOXA", "123", "ISOXA-2026-000001", "x" * 500, "ISOXA-2026-000001-**", "<script>", "'; DROP TABLE",
     "ISOXA-2026-" + "9" * 40 + "-A", "\0\ufeff", "０００１"],
)  # fmt: skip
def test_what_is_no_number_is_told(typed: str) -> None:
    with pytest.raises(NotANumber, match="ISOXA-2026-000123-K"):
        parse_number(typed)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_nothing_typed_breaks_it(typed: str) -> None:
    with contextlib.suppress(NotANumber):
        number = parse_number(typed)
        assert parse_number(number) == number


def test_a_seventh_digit_is_room_enough() -> None:
    assert make_number(2026, 1_000_000).startswith("ISOXA-2026-1000000-")
    assert parse_number(make_number(2026, 1_000_000)) == make_number(2026, 1_000_000)
    # Zeros before it would be another way to write a number that has one already.
    with pytest.raises(NotANumber):
        parse_number("ISOXA-2026-0000001-" + check_character("ISOXA20260000001"))
