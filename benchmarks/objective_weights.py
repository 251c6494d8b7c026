"""Make the table of weights of the objective reader from the open labelled sentences; check it by cross-validation.

Three log-linear models over the features of a sentence (``isoxa_courses.objective.features``): its kind (specific,
measurable and activity as one), relevant, two objectives; and how much the rules count beside them
(``objective_voices``). Sentences of labellers who had not seen the rules count double. A blind half is never read.

``--check`` leaves out a labeller's sentences in turn, of those that the rules were not mended by, and tells how many
are then read as labelled: by the weights alone, and together with the rules.

Four tables are made on the way, each without some of the sentences: with two processors it takes some five minutes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from isoxa_courses.objective import judged_by_rules
from isoxa_courses.objective.features import features
from isoxa_courses.objective.reading import Reading, read_objective
from isoxa_courses.objective.review import Verdict
from isoxa_courses.objective.rules import shipped_rules
from isoxa_courses.objective.weighing import said
from isoxa_courses.objective.weights import ALWAYS, COLUMNS, KINDS, RELEVANT, WEIGHTS_FILE
from ruamel.yaml import YAML

from benchmarks.objective_fitting import Floats, Table, centred, fit
from benchmarks.objective_review import DATA, FILES, TODAY
from benchmarks.objective_voices import Said, Voices, fit_voices, heard

RAREST = 3  # a feature of two sentences tells nothing of another
LIGHTEST = 60  # in hundredths: a row without a larger number is left out
FORGOTTEN = 12  # of a hundred phrases, in a second copy of each sentence
OWN = 2414  # sentences at the head of development.yaml by whoever writes the rules
MENDED_BY = 6970  # sentences at its head that rules were mended by
BLOCK, FOLDS = 360, 4  # what follows one another is a labeller's, and left out together
SPECIFIED = 4
"""How much a sentence counts that was labelled from the specification alone; one of other labellers counts two."""
SIZES = (len(KINDS), len(RELEVANT), 2)


@dataclass(frozen=True)
class Sentence:
    """Its features, those it has with some phrases unknown, what the rules say, its classes by model, how much it
    counts, and whether no rule was mended by it."""

    found: frozenset[str]
    poorer: frozenset[str]
    said: Said
    classes: tuple[int, int, int]
    counts: float
    new: bool


def open_sentences() -> list[Sentence]:
    """All sentences that may be learned from; the new ones last."""
    rules = shipped_rules()
    made = []
    for file in (*FILES["tuning"], *FILES["development"], *FILES["independent"]):
        for at, row in enumerate(YAML(typ="safe").load(DATA / file)):
            if _kind(row) not in KINDS:
                continue  # labelled from the specification alone; by the conventions it would be another kind
            reading = read_objective(row["text"], TODAY, rules)
            developed = file in FILES["development"]
            specified = file in FILES["independent"]
            unseen = specified or (developed and at >= MENDED_BY)
            made.append(
                Sentence(
                    features(reading),
                    features(_poorer(reading)),
                    said(reading, judged_by_rules(reading)),
                    _classes(row),
                    counts=1 if developed and at < OWN else SPECIFIED if specified else 2,
                    new=unseen,
                )
            )
    return made


def _poorer(reading: Reading) -> Reading:
    """The sentence as it would look if the lists lacked some of its phrases, as they will of a new sentence."""
    kept = [
        mark
        for mark in reading.marks
        if crc32(f"{mark.phrase} {mark.first} {reading.text.source}".encode()) % 100 >= FORGOTTEN
    ]
    return replace(reading, marks=tuple(kept))


def _kind(row: dict[str, Any]) -> tuple[Verdict, Verdict, bool]:
    return row["specific"], row["measurable"], "activity" in row["notes"]


def _classes(row: dict[str, Any]) -> tuple[int, int, int]:
    return KINDS.index(_kind(row)), RELEVANT.index(row["relevant"]), int("two_objectives" in row["notes"])


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


def left_out(sentences: list[Sentence]) -> list[Floats]:
    """What the features say of each new sentence, learned without its labeller's; by model."""
    new = [at for at, one in enumerate(sentences) if one.new]
    parts = [[at for at in new if (at - new[0]) // BLOCK % FOLDS == fold] for fold in range(FOLDS)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_without, [sentences] * FOLDS, parts))
    made = [np.zeros((len(new), size), np.float32) for size in SIZES]
    for part, scores in zip(parts, found, strict=True):
        for whole, some in zip(made, scores, strict=True):
            whole[[at - new[0] for at in part]] = some
    return made


def _without(sentences: list[Sentence], part: list[int]) -> list[Floats]:
    out = frozenset(part)
    columns, models = learn([one for at, one in enumerate(sentences) if at not in out])
    table = Table([sentences[at].found for at in part], columns)
    return [table.scores(model) for model in models]


def learn_voices(new: list[Sentence], scores: list[Floats]) -> list[Voices]:
    """Of the three models; ``scores``: what the features say of each."""
    return [
        fit_voices(
            [heard(one.said, at) for one in new], scores[at], np.array([one.classes[at] for one in new])
        )
        for at in range(3)
    ]


def write(path: Path, columns: dict[str, int], models: list[Floats], voices: list[Voices]) -> int:
    """Write the table; returns how many features it holds."""
    loud = [model * np.float32(voice.features) for model, voice in zip(models, voices, strict=True)]
    rounded = np.rint(_side_by_side(loud) * 100).astype(int)
    lines = []
    for name in sorted({name for voice in voices for name in voice.names}):
        rows = [_row(voice, name) for voice in voices]
        lines.append(_line(name, np.rint(_side_by_side(rows)[0] * 100).astype(int).tolist()))
    said_by_rules = len(lines)
    for name, at in columns.items():
        if name == ALWAYS or np.abs(rounded[at]).max() >= LIGHTEST:
            lines.append(_line(name, rounded[at].tolist()))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines) - said_by_rules


def _row(voice: Voices, name: str) -> Floats:
    """What a name weighs in one model; nothing if that does not hear of it."""
    at = voice.names.get(name)
    return voice.weights[at : at + 1] if at is not None else np.zeros_like(voice.weights[:1])


def _side_by_side(models: list[Floats]) -> Floats:
    """All columns of the table: of *two* one, which says how much more speaks for two than for one."""
    kinds, relevant, two = models
    whole = np.concatenate([centred(kinds), centred(relevant), two[:, 1:] - two[:, :1]], 1)
    assert whole.shape[1] == COLUMNS
    return whole


def _line(name: str, numbers: list[int]) -> str:
    return "\t".join(map(str, (name, *numbers)))


def check(sentences: list[Sentence]) -> dict[str, tuple[float, float]]:
    """The shares of the new sentences read as labelled by the weights alone, and together with the rules; each by
    weights and voices that had not seen its labeller's."""
    new, scores = [one for one in sentences if one.new], left_out(sentences)
    both = [np.zeros_like(some) for some in scores]
    for fold in range(FOLDS):
        here = np.arange(len(new)) // BLOCK % FOLDS == fold
        kept = [one for one, out in zip(new, here, strict=True) if not out]
        voices = learn_voices(kept, [some[~here] for some in scores])
        for at, voice in enumerate(voices):
            told = [heard(one.said, at) for one, out in zip(new, here, strict=True) if out]
            both[at][here] = voice.scores(told, scores[at][here])
    alone, together = shares(new, scores), shares(new, both)
    return {name: (alone[name], together[name]) for name in alone}


def shares(sentences: list[Sentence], scores: list[Floats]) -> dict[str, float]:
    """How many of the sentences get the labels they have."""
    right: Counter[str] = Counter()
    kinds, relevant, two = (some.argmax(1) for some in scores)
    for at, one in enumerate(sentences):
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
    new = [one for one in sentences if one.new]
    if arguments.check:
        print(f"{len(new)} of {len(sentences)} sentences, read by what had not seen their labeller's:")
        for name, (alone, together) in check(sentences).items():
            print(f"  {name:15} {alone} by the weights alone, {together} with the rules")
        return
    columns, models = learn(sentences)
    voices = learn_voices(new, left_out(sentences))
    print(
        f"{len(sentences)} sentences, {write(arguments.to, columns, models, voices)} features: {arguments.to}"
    )


if __name__ == "__main__":
    main()
