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
STEPS, RATE, SHRINK = 200, 0.3, 3e-6


class Table:
    """Sentences by features, as a sparse matrix whose rows have length one."""

    def __init__(self, sentences: list[frozenset[str]], columns: dict[str, int]) -> None:
        known = [[columns[name] for name in (*found, ALWAYS) if name in columns] for found in sentences]
        lengths = [len(row) for row in known]
        self.columns = len(columns)
        self._at = np.array([at for row in known for at in row])
        row = np.repeat(np.arange(len(known)), lengths)
        self._rows_begin = np.cumsum([0, *lengths[:-1]])
        self._value = np.array([1 / np.sqrt(len(found) + 1) for found in sentences], np.float32)[row]
        # The same once more, by columns.
        order = np.argsort(self._at, kind="stable")
        self._row_of, self._value_of = row[order], self._value[order]
        self._columns_with, self._columns_begin = np.unique(self._at[order], return_index=True)

    def scores(self, weights: Floats) -> Floats:
        """A row a sentence, a column a class."""
        sums = [np.add.reduceat(one[self._at] * self._value, self._rows_begin) for one in weights.T.copy()]
        return np.stack(sums, 1)

    def gradient(self, errors: Floats) -> Floats:
        """A row a feature, a column a class."""
        made = np.zeros((self.columns, errors.shape[1]), np.float32)
        for at, one in enumerate(errors.T.copy()):
            made[self._columns_with, at] = np.add.reduceat(
                one[self._row_of] * self._value_of, self._columns_begin
            )
        return made


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
