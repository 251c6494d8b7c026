"""The reader of objectives on the open labelled sentences: it agrees with the labels, however they are typed.

A blind half is not read here: whoever works on the rules would see its sentences in a failing test.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.objective import CRITERIA, review_objective
from ruamel.yaml import YAML

SET = Path(__file__).parents[2] / "benchmarks" / "data" / "objectives"
TODAY = date(2026, 11, 21)
VERDICTS = ("met", "not_met", "cannot_tell")


@cache
def rows(*names: str) -> list[dict[str, Any]]:
    """Of the longest set every fifth sentence: the benchmark reads them all."""
    return [
        row
        for name in names
        for row in YAML(typ="safe").load(SET / f"{name}.yaml")[:: 5 if name == "development" else 1]
    ]


@cache
def verdicts(text: str) -> tuple[str, ...]:
    review = review_objective(text, today=TODAY)
    return tuple(getattr(review, criterion).verdict for criterion in CRITERIA)


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in apart if not unicodedata.combining(char))


@pytest.mark.parametrize(
    "names", [("tuning", "frozen", "frozen2", "frozen3", "frozen4"), ("development",), ("independent",)]
)
def test_precision_and_recall_on_the_open_sentences(names: tuple[str, ...]) -> None:
    pairs: Counter[tuple[str, str, str]] = Counter()
    for row in rows(*names):
        for criterion, given in zip(CRITERIA, verdicts(row["text"]), strict=True):
            pairs[criterion, row[criterion], given] += 1
    low = {}
    for criterion in CRITERIA:
        for verdict in VERDICTS:
            right = pairs[criterion, verdict, verdict]
            labelled = sum(pairs[criterion, verdict, given] for given in VERDICTS)
            said = sum(pairs[criterion, wanted, verdict] for wanted in VERDICTS)
            if right < 0.95 * labelled or right < 0.95 * said:
                low[criterion, verdict] = (right, labelled, said)
    assert low == {}


@pytest.mark.parametrize("typed", [str.upper, lambda text: unicodedata.normalize("NFD", text)])
def test_capitals_and_letters_taken_apart_change_nothing(typed: Callable[[str], str]) -> None:
    texts = [unicodedata.normalize("NFC", row["text"]) for row in rows("tuning", "frozen")]
    assert [text for text in texts if verdicts(typed(text)) != verdicts(text)] == []


def test_most_verdicts_are_the_same_without_diacritics() -> None:
    texts = [unicodedata.normalize("NFC", row["text"]) for row in rows("tuning", "frozen", "development")]
    pairs = [pair for text in texts for pair in zip(verdicts(text), verdicts(bare(text)), strict=True)]
    assert sum(one == other for one, other in pairs) >= 0.98 * len(pairs)
