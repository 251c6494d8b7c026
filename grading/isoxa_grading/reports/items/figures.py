"""The figures of classical item analysis, from a table of points. Pure: no records, no words.

A table has one row an officer's attempt and one column a slot, in whole hundredths of a point, so that sums are exact
and two officers with the same total are tied, not nearly tied. Every figure is the same whatever the order of rows.

Sources: R. L. Ebel and D. A. Frisbie, *Essentials of Educational Measurement*, 5th ed., Prentice Hall 1991 (difficulty,
discrimination and how to read them, standard error); T. L. Kelley, "The selection of upper and lower groups for the
validation of test items", *J. Educ. Psychol.* 30 (1939) 17-24 (27 %); L. J. Cronbach, "Coefficient alpha and the
internal structure of tests", *Psychometrika* 16 (1951) 297-334. The practice followed where books leave a choice open
(first attempts, item against rest, the alpha of 0.64) is that of Moodle's "Quiz report statistics".
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.int64]
"""(attempts, slots) hundredths of a point."""

GROUP_SHARE = 0.27
"""Of all attempts, in the upper and in the lower group (Kelley 1939)."""


def rounded(value: float | None, places: int = 2) -> Decimal | None:
    """The one rounding rule: half up at ``places``, once, when a figure is done; what is shown decides the flags.

    Twelve digits of a float are what was meant (0.145 is not 0.14499999999999999).
    """
    if value is None:
        return None
    exact = Decimal(format(value, ".12g"))
    figure = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return figure if figure else abs(figure)


def facility(points: npt.NDArray[np.int64], max_points: int) -> float | None:
    """Facility index of one slot: mean points over ``max_points`` (both hundredths), 0 to 1; None of no answers.

    For right-or-wrong questions the share who were right, "item difficulty p" in Ebel and Frisbie 1991.
    """
    if not len(points):
        return None
    return float(points.sum()) / (len(points) * max_points)


def item_rest_correlations(table: Table) -> list[float | None]:
    """Corrected item-total correlation of each slot: Pearson's r of its points with the total of the *other* slots.

    For right-or-wrong slots it is the point-biserial correlation. The slot itself is left out of the total, since
    else each would correlate with itself (Moodle: "discrimination index"; Ebel and Frisbie 1991 on item-total
    correlation). -1 to 1; None where all points of the slot, or all other totals, are the same.
    """
    totals = table.sum(axis=1)
    return [_correlation(table[:, slot], totals - table[:, slot]) for slot in range(table.shape[1])]


def _correlation(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> float | None:
    if len(left) < 2 or left.min() == left.max() or right.min() == right.max():
        return None
    x, y = left - left.mean(), right - right.mean()
    r = float((x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum()))
    return min(max(r, -1.0), 1.0)


def upper_lower_differences(table: Table, max_points: npt.NDArray[np.int64]) -> list[float | None]:
    """Ebel's D of each slot: its facility in the upper 27 % by total, less that in the lower 27 %; -1 to 1.

    A group has 27 % of the attempts, rounded half up, at least one. Attempts tied at the edge of a group share the
    places left in it, each with the same weight, so nobody's place in a list decides. None of fewer than two attempts.
    """
    count = table.shape[0]
    if count < 2:
        return [None] * table.shape[1]
    size = max(1, int(GROUP_SHARE * count + 0.5))
    totals = table.sum(axis=1)
    upper, lower = _group(totals, size), _group(-totals, size)
    differences = (upper - lower) @ table / (size * max_points)
    return [float(one) for one in differences]


def _group(totals: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.float64]:
    """Weights 0 to 1 that sum to ``size``, of the highest totals."""
    edge = np.sort(totals)[::-1][size - 1]
    above, tied = totals > edge, totals == edge
    weights: npt.NDArray[np.float64] = above.astype(np.float64)
    weights[tied] = (size - int(above.sum())) / int(tied.sum())
    return weights


def cronbach_alpha(table: Table) -> float | None:
    """Cronbach's alpha: k/(k-1) x (1 - sum of the slots' variances / variance of the totals); at most 1.

    None of fewer than two slots or attempts, or where all totals are the same. It can be below 0, where slots go
    against each other.
    """
    count, slots = table.shape
    if count < 2 or slots < 2:
        return None
    total = float(table.sum(axis=1).var(ddof=1))
    if total == 0:
        return None
    alpha: float = slots / (slots - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / total)
    return min(float(alpha), 1.0)


def standard_deviation(table: Table) -> float | None:
    """Of the totals, in points (not hundredths), n - 1 in the denominator; None of fewer than two attempts."""
    if table.shape[0] < 2:
        return None
    return float(table.sum(axis=1).std(ddof=1)) / 100


def standard_error(deviation: float | None, alpha: float | None) -> float | None:
    """Standard error of measurement in points: SD x sqrt(1 - alpha) (Ebel and Frisbie 1991; Moodle "standard error").

    None where alpha is unknown or below 0: a reliability below 0 says that the model does not fit, not how much
    error there is.
    """
    if deviation is None or alpha is None or alpha < 0:
        return None
    return float(deviation * np.sqrt(1 - alpha))
