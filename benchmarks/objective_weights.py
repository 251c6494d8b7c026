"""Make the table of weights of the objective reader from the open labelled sentences; check it by cross-validation.

Three log-linear models over the features of a sentence (``isoxa_courses.objective.features``): its kind (specific,
measurable and activity as one), relevant, two objectives. Least regularised cross-entropy by Adam on all sentences at
once; no chance is involved, so the same sentences give the same table. Sentences of labellers who had not seen the
rules count double. A blind half is never read here.

``--check`` leaves out every fourth sentence in turn and tells how many are then read as labelled by the weights alone.
That is kinder than a blind half: the word lists know the sentences left out.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from isoxa_courses.objective.features import features
from isoxa_courses.objective.reading import Reading, read_objective
from isoxa_courses.objective.rules import shipped_rules
from isoxa_courses.objective.weights import ALWAYS, COLUMNS, KINDS, LEANING, RELEVANT, RULES, WEIGHTS_FILE
from ruamel.yaml import YAML

from benchmarks.objective_review import DATA, FILES, TODAY

RAREST = 2  # a feature of one sentence tells nothing of another
STEPS, RATE, SHRINK = 120, 0.3, 1e-5
LIGHTEST = 25  # in hundredths: a row without a larger number is left out
VOICES = (*[100] * len(KINDS), *[300] * len(RELEVANT), 200)
_KINDS_LEAN = [50 * (kind[0] == "cannot_tell") + 25 * (kind[1] == "not_met") for kind in KINDS]
LEANINGS = (*_KINDS_LEAN, *[0] * len(RELEVANT), 100)
"""Both in hundredths, set by the last 1,199 open sentences, of five labellers, when the table had not seen them.

``VOICES``: how much a verdict of the rules counts; it agrees with all open sentences, so it cannot be learned.
``LEANINGS``: what speaks in every sentence for what is seldom and was missed too often.
"""
FORGOTTEN = 12  # of a hundred phrases, in a second copy of each sentence
OWN = 2402  # sentences at the head of development.yaml by whoever writes the rules
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sentence:
    """Its features, those it has with some phrases unknown, its classes by model, and how much it counts."""

    found: frozenset[str]
    poorer: frozenset[str]
    classes: tuple[int, int, int]
    counts: float


def open_sentences() -> list[Sentence]:
    """All sentences that may be learned from."""
    rules = shipped_rules()
    made = []
    for file in (*FILES["tuning"], *FILES["development"]):
        for at, row in enumerate(YAML(typ="safe").load(DATA / file)):
            reading = read_objective(row["text"], TODAY, rules)
            own = file == "development.yaml" and at < OWN
            whole, poorer = features(reading), features(_poorer(reading))
            made.append(Sentence(whole, poorer, _classes(row), 1 if own else 2))
    return made


def _poorer(reading: Reading) -> Reading:
    """The sentence as it would look if the lists lacked some of its phrases, as they will of a new sentence."""
    kept = [
        mark
        for mark in reading.marks
        if crc32(f"{mark.phrase} {mark.first} {reading.text.source}".encode()) % 100 >= FORGOTTEN
    ]
    return replace(reading, marks=tuple(kept))


def _classes(row: dict[str, Any]) -> tuple[int, int, int]:
    kind = KINDS.index((row["specific"], row["measurable"], "activity" in row["notes"]))
    return kind, RELEVANT.index(row["relevant"]), int("two_objectives" in row["notes"])


class Table:
    """Sentences by features, as a sparse matrix whose rows have length one."""

    def __init__(self, sentences: list[frozenset[str]], columns: dict[str, int]) -> None:
        known = [[columns[name] for name in (*found, ALWAYS) if name in columns] for found in sentences]
        self.columns = len(columns)
        self.at = np.array([at for row in known for at in row])
        self.row = np.repeat(np.arange(len(known)), [len(row) for row in known])
        self.starts = np.cumsum([0, *(len(row) for row in known[:-1])])
        scale = np.array([1 / np.sqrt(len(found) + 1) for found in sentences], np.float32)
        self.value = scale[self.row]

    def scores(self, weights: Floats) -> Floats:
        return np.add.reduceat(weights[self.at] * self.value[:, None], self.starts, axis=0)

    def gradient(self, errors: Floats) -> Floats:
        sums = [
            np.bincount(self.at, errors[self.row, at] * self.value, self.columns)
            for at in range(errors.shape[1])
        ]
        return np.stack(sums, 1).astype(np.float32)


def fit(table: Table, wanted: npt.NDArray[np.int64], counts: Floats) -> Floats:
    """The weights of one model, a row a feature, a column a class."""
    classes = np.eye(int(wanted.max()) + 1, dtype=np.float32)[wanted]
    weights = np.zeros((table.columns, classes.shape[1]), np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = table.scores(weights)
        likely = np.exp(scores - scores.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        slope = table.gradient((likely - classes) * counts[:, None]) / len(wanted) + SHRINK * weights
        mean *= 0.9
        mean += 0.1 * slope
        square *= 0.999
        square += 0.001 * slope * slope
        rate = RATE * 0.5 * (1 + math.cos(math.pi * step / STEPS))
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


def learn(sentences: list[Sentence]) -> tuple[dict[str, int], list[Floats]]:
    """The columns of the features, and the weights of the three models."""
    often = Counter(name for one in sentences for name in one.found)
    names = [ALWAYS, *sorted(name for name, count in often.items() if count >= RAREST)]
    columns = {name: at for at, name in enumerate(names)}
    table = Table([*(one.found for one in sentences), *(one.poorer for one in sentences)], columns)
    counts = np.array([one.counts for one in sentences] * 2, np.float32)
    counts /= counts.mean()
    models = [fit(table, np.array([one.classes[at] for one in sentences] * 2), counts) for at in range(3)]
    return columns, models


def write(path: Path, columns: dict[str, int], models: list[Floats]) -> int:
    """Write the table; returns how many features it holds."""
    kinds, relevant, two = models
    kinds = kinds - kinds.mean(1, keepdims=True, dtype=np.float32)
    relevant = relevant - relevant.mean(1, keepdims=True, dtype=np.float32)
    whole = np.concatenate([kinds, relevant, two[:, 1:] - two[:, :1]], 1)
    rounded = np.rint(whole * 100).astype(int)
    assert rounded.shape[1] == COLUMNS
    lines = ["\t".join(map(str, row)) for row in ((RULES, *VOICES), (LEANING, *LEANINGS))]
    for name, at in columns.items():
        if name == ALWAYS or np.abs(rounded[at]).max() >= LIGHTEST:
            lines.append("\t".join(map(str, (name, *rounded[at]))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - 2


def check(sentences: list[Sentence], folds: int = 4) -> dict[str, float]:
    """The share read as labelled when it was left out, by the weights alone."""
    right: Counter[str] = Counter()
    for fold in range(folds):
        kept = [one for at, one in enumerate(sentences) if at % folds != fold]
        left = [one for at, one in enumerate(sentences) if at % folds == fold]
        columns, models = learn(kept)
        table = Table([one.found for one in left], columns)
        kinds, relevant, two = (table.scores(model).argmax(1) for model in models)
        for at, one in enumerate(left):
            wanted, given = KINDS[one.classes[0]], KINDS[kinds[at]]
            for name, want, got in zip(("specific", "measurable", "activity"), wanted, given, strict=True):
                right[name] += want == got
            right["relevant"] += one.classes[1] == relevant[at]
            right["two_objectives"] += one.classes[2] == two[at]
    return {name: round(count / len(sentences), 4) for name, count in right.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate instead of writing the table")
    parser.add_argument("--to", type=Path, default=WEIGHTS_FILE, help="where to write the table")
    arguments = parser.parse_args()
    sentences = open_sentences()
    if arguments.check:
        print(f"{len(sentences)} sentences, each read by weights that had not seen it:")
        for name, share in check(sentences).items():
            print(f"  {name:15} {share}")
        return
    columns, models = learn(sentences)
    print(f"{len(sentences)} sentences, {write(arguments.to, columns, models)} features: {arguments.to}")


if __name__ == "__main__":
    main()
