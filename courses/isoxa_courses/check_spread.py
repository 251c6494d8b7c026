"""How likely a spread of counts is, if only lot decided: Pearson's chi-square test.

The statistic is the sum of (observed − expected)² / expected; its upper tail has a closed form for whole degrees of
freedom (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5), so no numerical library is
needed for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, pi, sqrt


def chance_of_spread(observed: Sequence[int], expected: Sequence[float]) -> float:
    """The probability (0 to 1) of counts at least as uneven as ``observed``, where lot would give ``expected``.

    Positions at which nothing is expected are left out; with fewer than two positions it is 1.
    """
    pairs = [(count, mean) for count, mean in zip(observed, expected, strict=True) if mean > 0]
    if len(pairs) < 2:
        return 1.0
    return chi_square_tail(sum((count - mean) ** 2 / mean for count, mean in pairs), len(pairs) - 1)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """P(X ≥ ``statistic``) for a chi-square variable with ``freedom`` (1 or more) degrees of freedom."""
    half = statistic / 2
    if freedom % 2:
        tail, term, power = erfc(sqrt(half)), 2 * sqrt(half / pi) * exp(-half), 1
    else:
        tail, term, power = 0.0, exp(-half), 0
    # The series 26.4.4 (odd) or 26.4.5 (even): each term is the one before times x / (power + 2).
    while power < freedom:
        tail += term
        power += 2
        term *= statistic / power
    return min(tail, 1.0)
