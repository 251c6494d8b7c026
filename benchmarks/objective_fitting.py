"""Log-linear models for the objective reader: least regularised cross-entropy by Adam, on all sentences at once.

No chance is involved: the same sentences give the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from isoxa_courses.objective.weights import ALWAYS

Floats = npt.NDArray[np.float32]
STEPS, RATE, SHRINK = 120, 0.3, 3e-6


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
    """The weights of one model, a row a feature, a column a class, the numbers of a row around nought."""
    classes = np.eye(int(wanted.max()) + 1, dtype=np.float32)[wanted]

    def slope(weights: Floats) -> Floats:
        errors = likely(table.scores(weights)) - classes
        return table.gradient(errors * counts[:, None]) / len(wanted) + SHRINK * weights

    start = np.zeros((table.columns, classes.shape[1]), np.float32)
    return centred(descend(start, slope, STEPS, lambda done: RATE * 0.5 * (1 + math.cos(math.pi * done))))


def likely(scores: Floats) -> Floats:
    """How likely each class is: a row a sentence, adding up to one."""
    made: Floats = np.exp(scores - scores.max(1, keepdims=True))
    made /= made.sum(1, keepdims=True)
    return made


def centred(model: Floats) -> Floats:
    """The same model: only what tells one class from another counts."""
    made: Floats = model - model.mean(1, keepdims=True, dtype=np.float32)
    return made


def descend(
    weights: Floats, slope: Callable[[Floats], Floats], steps: int, rate: Callable[[float], float]
) -> Floats:
    """Adam (Kingma and Ba 2014, algorithm 1); ``rate`` of the share of the steps that is done."""
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        now = slope(weights)
        mean = 0.9 * mean + 0.1 * now
        square = 0.999 * square + 0.001 * now * now
        moved = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights = weights - np.float32(rate(step / steps)) * moved
    return weights
