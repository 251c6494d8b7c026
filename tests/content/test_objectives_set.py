"""The labelled quality objectives: valid labels, enough of each verdict, no sentence twice, two equal halves.

``frozen5.yaml`` to ``frozen8.yaml`` are the blind half of the benchmark: their rows are counted here, and none is ever
shown.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.text import fold
from ruamel.yaml import YAML

SET = Path(__file__).parents[2] / "benchmarks" / "data" / "objectives"
HALVES = ("tuning", "frozen")
OPEN = (*HALVES, "frozen2", "frozen3", "frozen4", "development", "independent")
BLIND = ("frozen5", "frozen6", "frozen7", "frozen8")
BY_SPECIFICATION = "independent"  # labelled without the conventions that the others follow
RAREST = 35  # of each verdict of specific, measurable, relevant and time_bound that sentences seldom have
CRITERIA = ("specific", "measurable", "achievable", "relevant", "time_bound")
VERDICTS = ("met", "not_met", "cannot_tell")
NOTES = ("activity", "two_objectives")
FIELDS = {"text", *CRITERIA, "notes"}


@cache
def half(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = YAML(typ="safe").load(SET / f"{name}.yaml")
    return rows


def whole() -> list[dict[str, Any]]:
    return [row for name in HALVES for row in half(name)]


def folded(text: str) -> str:
    """Letters and digits only, so that two spellings of one sentence count as one."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


@pytest.mark.parametrize("name", OPEN)
def test_rows_are_valid(name: str) -> None:
    for row in half(name):
        assert set(row) == FIELDS, row
        assert isinstance(row["text"], str)
        assert row["text"].strip() == row["text"] != ""
        assert {row[criterion] for criterion in CRITERIA} <= set(VERDICTS), row
        assert isinstance(row["notes"], list)
        assert set(row["notes"]) <= set(NOTES), row
        assert len(set(row["notes"])) == len(row["notes"])


@pytest.mark.parametrize("name", BLIND)
def test_rows_of_the_blind_half_are_valid(name: str) -> None:
    rows = half(name)
    assert len(rows) >= 200
    labels = {row[criterion] for row in rows for criterion in CRITERIA}
    wrong = sum(set(row) != FIELDS or not set(row["notes"]) <= set(NOTES) for row in rows)
    assert (wrong, labels) == (0, set(VERDICTS))


@pytest.mark.parametrize(
    ("criterion", "verdict"),
    [
        *[(criterion, "cannot_tell") for criterion in CRITERIA if criterion != "achievable"],
        ("relevant", "not_met"),
    ],
)
def test_development_covers_what_is_rare(criterion: str, verdict: str) -> None:
    assert sum(row[criterion] == verdict for row in half("development")) >= RAREST


def test_sizes() -> None:
    assert len(whole()) >= 330
    assert abs(len(half("tuning")) - len(half("frozen"))) <= 1


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_thirty_of_each_verdict_and_halves_alike(criterion: str, verdict: str) -> None:
    tuning, frozen = (sum(row[criterion] == verdict for row in half(name)) for name in HALVES)
    assert tuning + frozen >= 30
    assert abs(tuning - frozen) <= 3


@pytest.mark.parametrize("note", NOTES)
def test_thirty_of_each_note(note: str) -> None:
    assert sum(note in row["notes"] for row in whole()) >= 30


def test_no_sentence_twice() -> None:
    counts = Counter(folded(row["text"]) for name in OPEN for row in half(name))
    assert [text for text, count in counts.items() if count > 1] == []
    blind = [folded(row["text"]) for name in BLIND for row in half(name)]
    assert len(set(blind)) == len(blind)
    shared = len(counts.keys() & set(blind))
    assert shared == 0


@pytest.mark.parametrize("name", HALVES)
def test_untidy_spelling_is_kept(name: str) -> None:
    """An editor that normalises the files would take away what they are there to test."""
    texts = [row["text"] for row in half(name)]
    assert sum(unicodedata.normalize("NFC", text) != text for text in texts) >= 5
    assert sum(text.upper() == text and any(c.isalpha() for c in text) for text in texts) >= 5
    assert sum(text.isascii() for text in texts) >= 5


def test_labels_agree_with_one_another() -> None:
    for row in whole():
        if "activity" in row["notes"]:
            assert row["specific"] == "not_met", row
    for row in (row for name in OPEN if name != BY_SPECIFICATION for row in half(name)):
        if row["specific"] == "not_met":
            assert row["measurable"] != "cannot_tell" or "activity" in row["notes"], row
    for row in whole():
        if row["relevant"] == "cannot_tell":
            assert row["specific"] != "met", row
