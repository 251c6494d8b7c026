"""The table of weights (``weights.tsv``): what each feature of a sentence speaks for, learned from the open sentences.

``python -m benchmarks.objective_weights`` makes the table. One line a feature: its name, then a whole number for each
column, in hundredths. A name that begins with ``rules:`` is of no feature but of something the rules said: how much
that verdict with that reason counts, learned from sentences that whoever wrote the rules had not seen. The columns are

``kind``
    ten kinds of sentence, each with its verdict of *specific* and *measurable* and whether it states an activity
``relevant``
    the three verdicts
``two``
    whether there are two objectives
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .review import Verdict

WEIGHTS_FILE = Path(__file__).with_name("weights.tsv")
KINDS: tuple[tuple[Verdict, Verdict, bool], ...] = (
    ("met", "met", False),  # a result with its figure, or an end state
    ("met", "cannot_tell", False),  # a result whose level stands elsewhere
    ("met", "not_met", False),  # a change without a figure
    ("cannot_tell", "cannot_tell", False),  # a figure that does not say of what
    ("cannot_tell", "met", False),  # counted things, told by reference, that are to be finished
    ("cannot_tell", "not_met", False),  # faults told by reference, that are to become fewer
    ("not_met", "not_met", False),  # a slogan
    ("not_met", "not_met", True),  # an activity
    ("not_met", "met", True),  # an activity that is counted
    ("not_met", "cannot_tell", True),  # one whose number is left blank
)
"""Specific, measurable, and whether the sentence states an activity."""
RELEVANT: tuple[Verdict, ...] = ("met", "not_met", "cannot_tell")
COLUMNS = len(KINDS) + len(RELEVANT) + 1
ALWAYS, VOICE = "=always", "rules:"


@dataclass(frozen=True)
class Weights:
    """The table. By column: ``rows`` of features, ``voices`` of what the rules said."""

    rows: dict[str, tuple[int, ...]]
    voices: dict[str, tuple[int, ...]]

    def scores(self, found: Iterable[str], said: Iterable[str]) -> list[float]:
        """What speaks for each column: the sum over the features, by the root of their number, and over the voices."""
        names = [*found, ALWAYS]
        rows = [self.rows[name] for name in names if name in self.rows]
        sums = [sum(column) / len(names) ** 0.5 for column in zip(*rows, strict=True)]
        voices = [self.voices[name] for name in said if name in self.voices]
        return [sum(column) / 100 for column in zip(sums, *voices, strict=True)]


def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """The table of a file. Raises ``ValueError`` if a line has not as many numbers as there are columns."""
    rows = load_rows(path, COLUMNS)
    voices = {name: rows.pop(name) for name in list(rows) if name.startswith(VOICE)}
    return Weights(rows, voices)


def load_rows(path: Path, columns: int) -> dict[str, tuple[int, ...]]:
    """The lines of a table by their names. Raises ``ValueError`` as above."""
    rows: dict[str, tuple[int, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, *numbers = line.split("\t")
        if len(numbers) != columns:
            raise ValueError(f"{path.name}: {name!r} has {len(numbers)} numbers, not {columns}")
        rows[name] = tuple(map(int, numbers))
    return rows


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The table that comes with isoxa, read once."""
    return load_weights()
