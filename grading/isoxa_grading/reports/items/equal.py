"""Are the variants of one slot equally difficult? A test of it, and what the test may say. Pure.

The variants of a slot are drawn at random, so the groups that got them differ by chance alone, and so should their
points. Kruskal and Wallis' H, corrected for ties, asks whether they differ by more than chance ("Use of ranks in
one-criterion variance analysis", *J. Am. Stat. Assoc.* 47 (1952) 583-621); for right-or-wrong answers it is Pearson's
chi-square times (N-1)/N. Its p is from the chi-square distribution, and where answers are few, from permutations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

PERMUTE_BELOW = 200
"""With fewer answers than this the chi-square approximation is not relied on."""
PERMUTATIONS = 1_999
_SEED = 20_261_123

Shares = npt.NDArray[np.float64]


def kruskal_wallis(groups: Sequence[Shares]) -> tuple[float, float]:
    """(H corrected for ties, p) for two or more groups that are not empty. All values the same: (0, 1).

    The p of few answers is (1 + permutations that reach H) / (1 + permutations), with a fixed seed over sorted values:
    the same answers give the same p in whatever order they come.
    """
    sizes = np.array([len(group) for group in groups])
    pooled = _midranks(np.concatenate(groups))
    count = len(pooled)
    spread = float(((pooled - pooled.mean()) ** 2).sum())
    if spread == 0:
        return 0.0, 1.0
    sums = np.array([[pooled[a:b].sum()] for a, b in _spans(sizes)])
    observed = float(_statistics(sums, sizes, count, spread)[0])
    if count >= PERMUTE_BELOW:
        return observed, chi_square_tail(observed, len(groups) - 1)
    shuffled = np.random.default_rng(_SEED).permuted(np.tile(np.sort(pooled), (PERMUTATIONS, 1)), axis=1)
    drawn = _statistics(
        np.stack([shuffled[:, a:b].sum(axis=1) for a, b in _spans(sizes)]), sizes, count, spread
    )
    reached = int((drawn >= observed - 1e-9).sum())
    return observed, (1 + reached) / (1 + PERMUTATIONS)


def _spans(sizes: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    ends = np.cumsum(sizes)
    return [(int(end - size), int(end)) for end, size in zip(ends, sizes, strict=True)]


def _midranks(values: Shares) -> Shares:
    """Ranks from 1; equal values get the mean of their ranks."""
    _unique, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[where], dtype=np.float64)


def _statistics(sums: Shares, sizes: npt.NDArray[np.int64], count: int, spread: float) -> Shares:
    """H of each column of ``sums`` (groups, columns of sums of ranks).

    (N-1) x sum of squares between groups / whole sum of squares of the ranks: the correction for ties is in it.
    """
    middle = (count + 1) / 2
    weights = sizes[:, np.newaxis]
    between = (weights * (sums / weights - middle) ** 2).sum(axis=0)
    return np.asarray((count - 1) * between / spread, dtype=np.float64)


def chi_square_tail(value: float, freedom: int) -> float:
    """P(chi-square with ``freedom`` >= 1 degrees is at least ``value``), by the recurrence of the incomplete gamma
    function in steps of one from erfc (odd) or exp (even): Abramowitz and Stegun 1964, 26.4.4 and 26.4.5."""
    half = max(value, 0.0) / 2
    if freedom % 2:
        tail, shape = math.erfc(math.sqrt(half)), 0.5
    else:
        tail, shape = math.exp(-half), 1.0
    while shape < freedom / 2:
        if half > 0:
            tail += math.exp(shape * math.log(half) - half - math.lgamma(shape + 1))
        shape += 1
    return min(tail, 1.0)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values adjusted for having been several (S. Holm, *Scand. J. Stat.* 6 (1979) 65-70), in the same order."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for step, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - step) * p_values[place]))
        adjusted[place] = highest
    return adjusted
