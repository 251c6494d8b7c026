from __future__ import annotations

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.text import (
    clean,
    fold,
    format_date,
    format_datetime,
    format_number,
    name_sort_key,
    parse_number,
    round_points,
    sort_key,
)

ALPHABET = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  Xã   Suối\u00a0Lành ", "Xã Suối Lành"),
        ("Xa\u0303", "Xã"),
        ("Xa\u200b\u0303", "Xã"),  # a zero-width space between letter and tone, as Word leaves it
        ("a\x00b\ufeff\u202e", "ab"),
        ("một\nhai\t ba", "một hai ba"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_clean_keeps_lines_but_no_gaps() -> None:
    assert clean("\n một  hai \r\n\r\n\n\n ba\u2028bốn\n", lines=True) == "một hai\n\nba\nbốn"


@given(st.text(), st.booleans())
@settings(deadline=None)
def test_clean_is_settled_and_storable(raw: str, lines: bool) -> None:
    once = clean(raw, lines=lines)
    assert clean(once, lines=lines) == once
    once.encode("utf-8")
    assert "\x00" not in once


def test_fold() -> None:
    assert fold("  ĐẠ  TẺH ") == fold("đạ tẻh") == "da teh"
    assert fold("Ðức") == "duc"  # Eth, a common mistyping of Đ
    assert fold("Ưu") == "uu"


def test_letters_sort_as_in_a_dictionary() -> None:
    shuffled = random.Random(3).sample(ALPHABET, len(ALPHABET))
    assert sorted(shuffled, key=sort_key) == ALPHABET


def test_tones_come_after_letters_syllable_by_syllable() -> None:
    words = ["ha", "hà", "hả", "hã", "há", "hạ", "hang", "hăng", "hâng"]
    shuffled = random.Random(5).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words
    names = ["Hà An", "Hà Bình", "Hạ An", "Hai", "Đạ Huoai", "Đạ Tẻh", "Di Linh"]
    assert sorted(names, key=sort_key) == [
        "Di Linh",
        "Đạ Huoai",
        "Đạ Tẻh",
        "Hà An",
        "Hà Bình",
        "Hạ An",
        "Hai",
    ]


def test_sort_key_ignores_case_spelling_and_old_tone_place() -> None:
    assert sort_key("ĐÀ LẠT") == sort_key("đà  lạt") == sort_key("Đa\u0300-La\u0323t")
    assert sort_key("hòa") == sort_key("hoà")


@given(st.text())
@settings(deadline=None)
def test_sort_key_is_ascii_letters_and_digits(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert key == "" or key.isalnum()
    assert key == key.lower()


def test_people_sort_by_given_name() -> None:
    people = ["Trần Văn Bình", "Nguyễn Thị Ân", "Lê An", "Bùi An"]
    assert sorted(people, key=name_sort_key) == ["Bùi An", "Lê An", "Nguyễn Thị Ân", "Trần Văn Bình"]
    assert name_sort_key("") == ""


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("98,5", "98.5"),
        ("1.250", "1250"),
        ("1 250", "1250"),
        ("1.250.000,75", "1250000.75"),
        (" -3 ", "-3"),
        ("−3,5", "-3.5"),
        ("98.5", "98.5"),  # one dot that cannot group thousands
        ("1.25", "1.25"),
        ("0.125", "0.125"),
        ("98.500", "98500"),
        ("007", "7"),
    ],
)
def test_parse_number(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "abc", "1,250.5", "1.25.3", "12.50,5", "5,", ",5", "1e5", "NaN", "٣", "1 2", "--3", "9" * 41],
)
def test_parse_number_says_what_to_do(typed: str) -> None:
    with pytest.raises(ValueError, match=r"[Ss]ố|dấu"):
        parse_number(typed)


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
@settings(deadline=None)
def test_a_number_written_is_read_back(number: Decimal) -> None:
    assert parse_number(format_number(number)) == number


def test_format_number() -> None:
    assert format_number(1250) == "1.250"
    assert format_number(Decimal("98.50")) == "98,5"
    assert format_number(Decimal("98.45"), places=1) == "98,5"
    assert format_number(3, places=2) == "3,00"
    assert format_number(Decimal("-0.001"), places=2) in ("0,00", "-0,00")
    assert format_number(Decimal("1E+3")) == "1.000"


def test_dates_are_vietnamese_days() -> None:
    late = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert format_datetime(late) == "21/11/2026 01:30"
    assert format_date(late) == "21/11/2026"
    assert format_date(date(2026, 3, 5)) == "05/03/2026"
    with pytest.raises(ValueError, match="time zone"):
        format_datetime(datetime(2026, 1, 1))


def test_points_round_half_up_exactly() -> None:
    assert round_points(Decimal("0.285")) == Decimal("0.29")
    assert round_points(Fraction(1, 3)) == Decimal("0.33")
    assert round_points(Fraction(2, 3)) == Decimal("0.67")
    assert round_points(Fraction(1, 8)) == Decimal("0.13")
    assert str(round_points(2)) == "2.00"
