"""Make the table of pairs of the objective reader (``pairs.tsv``) from the open labelled sentences.

A sentence whose *achievable* is met has a baseline and a target; one that cannot be told has none. Which two figures
they are the rules say where they know; where they do not, the two that speak most for it, by a table made without
those sentences, and once more by one made with them. ``--check`` leaves out a labeller's sentences in turn, of the new
ones, and tells how many baselines are then found, by the rules alone and together with the table.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from isoxa_courses.objective.achievable import judge_achievable
from isoxa_courses.objective.directions import wrong_way
from isoxa_courses.objective.pairing import (
    APART,
    FIRST,
    PAIRS_FILE,
    SECOND,
    SURE,
    Figures,
    candidates,
    pair_features,
)
from isoxa_courses.objective.reading import Reading, read_objective
from isoxa_courses.objective.rules import Rules, shipped_rules
from isoxa_courses.objective.weights import ALWAYS
from ruamel.yaml import YAML

from benchmarks.objective_fitting import Table, fit
from benchmarks.objective_review import DATA, FILES, TODAY

LIGHTEST = 15  # in hundredths: a row without a larger number is left out
RAREST = 2  # pairs that a feature must be seen in
NEW = 12_003  # sentences at the head of development.yaml that the rules of baselines were mended by
BLOCK, FOLDS = 60, 4


@dataclass(frozen=True)
class Sentence:
    """``pairs``: by candidate its features, and the column it is known to be of, if any; ``paired``: what the label
    says, ``None`` where it says nothing; ``ruled``: whether the rules find a pair;
    ``sound``: one that the label bears out."""

    pairs: tuple[tuple[frozenset[str], int | None], ...]
    paired: bool | None
    ruled: bool
    sound: bool
    new: bool


def open_sentences() -> list[Sentence]:
    """All sentences that may be learned from; the new ones last."""
    rules = shipped_rules()
    return [
        _sentence(row["text"], row["achievable"], rules, file not in FILES["tuning"] and at >= NEW)
        for file in (*FILES["tuning"], *FILES["development"], *FILES["independent"])
        for at, row in enumerate(YAML(typ="safe").load(DATA / file))
    ]


def _sentence(text: str, verdict: str, rules: Rules, new: bool) -> Sentence:
    reading = read_objective(text, TODAY, rules, paired=False)
    figures = Figures(reading.text, reading.today, reading.marks, reading.times, reading.quantities)
    sound = [pair for pair in reading.roles.pairs if verdict != "met" or not wrong_way(reading, *pair)]
    known = {**dict.fromkeys(sound, FIRST), **{(b, a): SECOND for a, b in sound}}
    paired = _is_paired(reading, verdict)
    return Sentence(
        tuple(
            (pair_features(figures, *pair), known.get(pair) if paired else APART if paired is False else None)
            for pair in candidates(figures)
        ),
        paired,
        bool(reading.roles.pairs),
        bool(sound),
        new,
    )


def _is_paired(reading: Reading, verdict: str) -> bool | None:
    """Whether the label says that there is a baseline; a target that cannot be says so only if it is the wrong way."""
    if verdict == "cannot_tell":
        return False
    if verdict == "met":
        told = reading.roles.pairs or judge_achievable(reading).verdict != "met"
        return True if told else None  # "giữ nguyên …", "từ con số không …": a baseline that is no figure
    if any(wrong_way(reading, *pair) for pair in reading.roles.pairs):
        return True
    other = not reading.roles.pairs and judge_achievable(reading).verdict == "not_met"
    return False if other else None  # a day that is over, a share over 100 %: without a baseline


def learn(sentences: list[Sentence]) -> tuple[dict[str, int], np.ndarray]:
    """The columns of the features, and their weights."""
    known = [(found, column) for one in sentences for found, column in one.pairs if column is not None]
    columns, weights = _fitted(known)
    untold = [one for one in sentences if one.paired and not one.sound and one.pairs]
    for _ in range(2):
        chosen = []
        for one in untold:
            scores = Table([found for found, _ in one.pairs], columns).scores(weights)[:, FIRST:]
            at, column = np.unravel_index(scores.argmax(), scores.shape)
            chosen.append((one.pairs[at][0], int(column) + FIRST))
        columns, weights = _fitted([*known, *chosen])
    return columns, weights


def _fitted(known: list[tuple[frozenset[str], int]]) -> tuple[dict[str, int], np.ndarray]:
    often = Counter(name for found, _ in known for name in found)
    names = [ALWAYS, *sorted(name for name, count in often.items() if count >= RAREST)]
    columns = {name: at for at, name in enumerate(names)}
    table = Table([found for found, _ in known], columns)
    wanted = np.array([column for _, column in known])
    return columns, fit(table, wanted, np.ones(len(known), np.float32))


def check(sentences: list[Sentence]) -> dict[str, tuple[int, int]]:
    """Of the new sentences: baselines found and missed and made up, by the rules alone and with the table, which had
    not seen their labeller's."""
    new = [at for at, one in enumerate(sentences) if one.new and one.paired is not None]
    told: Counter[tuple[str, str]] = Counter()
    for fold in range(FOLDS):
        out = {at for at in new if at // BLOCK % FOLDS == fold}
        columns, weights = learn([one for at, one in enumerate(sentences) if at not in out])
        for one in (sentences[at] for at in out):
            found = one.ruled
            if not found and one.pairs:
                scores = Table([features for features, _ in one.pairs], columns).scores(weights)
                found = bool((scores[:, FIRST:].max(1) - scores[:, APART] > SURE).any())
            for name, says in (("rules", one.ruled), ("both", found)):
                told[
                    name, ("found" if says else "missed") if one.paired else "made up" if says else "none"
                ] += 1
    kinds = ("found", "missed", "made up", "none")
    return {kind: (told["rules", kind], told["both", kind]) for kind in kinds}


def write(path: Path, columns: dict[str, int], weights: np.ndarray) -> int:
    """Write the table; returns how many features it holds."""
    rounded = np.rint(weights * 100).astype(int)
    lines = [
        "\t".join(map(str, (name, *rounded[at].tolist())))
        for name, at in columns.items()
        if name == ALWAYS or np.abs(rounded[at]).max() >= LIGHTEST
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate instead of writing the table")
    parser.add_argument("--to", type=Path, default=PAIRS_FILE, help="where to write the table")
    arguments = parser.parse_args()
    sentences = open_sentences()
    if arguments.check:
        for kind, (rules, both) in check(sentences).items():
            print(f"  {kind:8} {rules} by the rules alone, {both} with the table")
        return
    print(f"{len(sentences)} sentences, {write(arguments.to, *learn(sentences))} features: {arguments.to}")


if __name__ == "__main__":
    main()
