"""How much the rules' verdicts count beside the table of weights of the objective reader.

What a verdict with its reason is worth can be learned only from sentences that nobody mended rules by: on the others
the rules are always right. So, too, must what the features say of those sentences come from weights that have not
seen them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from isoxa_courses.objective.weights import VOICE

from benchmarks.objective_fitting import Floats, descend, likely

Said = tuple[str, ...]
STEPS, RATE, SHRINK = 400, 0.05, 1e-3
HEARD = (("specific", "measurable", "activity", "figure"), ("relevant",), ("two_objectives",))
"""By model: of which verdicts, notes and figures it hears."""


@dataclass(frozen=True)
class Voices:
    """``features``: how loud the table's weights are; ``weights``: a row a name of what the rules say."""

    features: float
    names: dict[str, int]
    weights: Floats

    def scores(self, said: list[Said], by_features: Floats) -> Floats:
        """Of sentences with what the rules and the features say of them."""
        found: Floats = self.features * by_features + ones(said, self.names) @ self.weights
        return found


def heard(said: Said, model: int) -> Said:
    """That part of what the rules say which a model hears."""
    return tuple(name for name in said if name == VOICE or set(name.split()) & set(HEARD[model]))


def ones(said: list[Said], names: dict[str, int]) -> Floats:
    """A row a sentence, 1 for each name that is said of it."""
    made = np.zeros((len(said), len(names)), np.float32)
    for row, those in enumerate(said):
        made[row, [names[name] for name in those if name in names]] = 1
    return made


def fit_voices(said: list[Said], by_features: Floats, wanted: npt.NDArray[np.int64]) -> Voices:
    """How loud features and rules must be so that together they say what is wanted."""
    names = {name: at for at, name in enumerate(sorted({name for those in said for name in those}))}
    spoken = ones(said, names)
    size = by_features.shape[1]
    classes = np.eye(size, dtype=np.float32)[wanted]
    # The last row holds how loud the features are: the same number in each column.
    start = np.concatenate([np.zeros((len(names), size)), np.ones((1, size))]).astype(np.float32)

    def slope(weights: Floats) -> Floats:
        errors = likely(weights[-1] * by_features + spoken @ weights[:-1]) - classes
        loudness = np.full((1, size), np.sum(errors * by_features))
        now = np.concatenate([spoken.T @ errors, loudness]) / len(said) + SHRINK * (weights - start)
        return now.astype(np.float32)

    fitted = descend(start, slope, STEPS, lambda _done: RATE)
    return Voices(float(fitted[-1, 0]), names, fitted[:-1])
