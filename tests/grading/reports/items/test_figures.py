"""The figures against a table worked by hand, and what holds for every table."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.reports.items.equal import chi_square_tail, holm, kruskal_wallis
from isoxa_grading.reports.items.figures import (
    cronbach_alpha,
    facility,
    item_rest_correlations,
    rounded,
    standard_deviation,
    standard_error,
    upper_lower_differences,
)
from isoxa_grading.reports.items.timing import seconds_by_slot

# Four officers, three slots of 1, 1 and 2 points, in hundredths.
#         a    b    c   total
BY_HAND = np.array([
    [100, 100, 200],  # 4
    [100,   0, 200],  # 3
    [100,   0,   0],  # 1
    [  0,   0,   0],  # 0
])  # fmt: skip
MOST = np.array([100, 100, 200])


def test_facility_by_hand() -> None:
    # (1+1+1+0)/4 = 0.75; 1/4 = 0.25; (2+2)/(4*2) = 0.5
    assert [facility(BY_HAND[:, slot], int(MOST[slot])) for slot in range(3)] == [0.75, 0.25, 0.5]
    assert facility(BY_HAND[:0, 0], 100) is None


def test_item_rest_correlation_by_hand() -> None:
    # a = 1 1 1 0, the rest b+c = 3 2 0 0. Means 3/4 and 5/4.
    # Products: (1/4)(7/4)+(1/4)(3/4)+(1/4)(-5/4)+(-3/4)(-5/4) = (7+3-5+15)/16 = 5/4.
    # Squares: a (1+1+1+9)/16 = 3/4; rest (49+9+25+25)/16 = 27/4. r = 5/4 / sqrt(81/16) = 5/9.
    # b = 1 0 0 0, a+c = 3 3 1 0, means 1/4, 7/4: products (15/16-5/16+3/16+7/16) = 5/4;
    # squares 3/4 and (25+25+9+49)/16 = 27/4: r = 5/9.
    # c = 2 2 0 0, a+b = 2 1 1 0, means 1, 1: products 1+0+0+1 = 2; squares 4 and 2: r = 2/sqrt(8) = 0.7071.
    assert item_rest_correlations(BY_HAND) == pytest.approx([5 / 9, 5 / 9, math.sqrt(0.5)])


def test_alpha_and_standard_error_by_hand() -> None:
    # Variances (n-1): a (3/4)/3 = 1/4, b 1/4, c 4/3; sum 11/6. Totals 4 3 1 0, mean 2: (4+1+1+4)/3 = 10/3.
    # alpha = 3/2 (1 - (11/6)/(10/3)) = 3/2 (1 - 11/20) = 27/40. SEM = sqrt(10/3 * 13/40) = sqrt(13/12).
    assert cronbach_alpha(BY_HAND) == pytest.approx(27 / 40)
    deviation = standard_deviation(BY_HAND)
    assert deviation == pytest.approx(math.sqrt(10 / 3))
    assert standard_error(deviation, 27 / 40) == pytest.approx(math.sqrt(13 / 12))


def test_upper_and_lower_groups_by_hand() -> None:
    # 27 % of 4 is 1.08: one in each group, the first and the last officer: 1-0, 1-0, 1-0.
    assert upper_lower_differences(BY_HAND, MOST) == [1.0, 1.0, 1.0]
    # Eight with totals 4 3 3 3 1 1 0 0; 27 % is 2.16: two. Upper: the 4, and a third of each 3.
    # Slot a of the three 3s: 1 1 0, so upper a = (1 + 2/3)/2 = 5/6; lower: both 0s, a = 0.
    table = np.array([[100, 300], [100, 200], [100, 200], [0, 300], [100, 0], [0, 100], [0, 0], [0, 0]])
    first, _second = upper_lower_differences(table, np.array([100, 300]))
    assert first == pytest.approx(5 / 6)


def test_variants_by_hand() -> None:
    # Right or wrong: 8 of 10 against 2 of 10. Pearson's chi-square is 20(8*8-2*2)^2/10^4 = 7.2, H = 19/20 of it.
    groups = [np.array([1.0] * 8 + [0.0] * 2), np.array([1.0] * 2 + [0.0] * 8)]
    h, p = kruskal_wallis(groups)
    assert h == pytest.approx(7.2 * 19 / 20)
    # Fisher's exact p of this table is 0.0230; the permutation p estimates the same.
    assert p == pytest.approx(0.0230, abs=0.008)
    many = [np.repeat(group, 20) for group in groups]
    h, p = kruskal_wallis(many)
    assert h == pytest.approx(144 * 399 / 400)
    assert p < 1e-12
    assert kruskal_wallis([np.ones(10), np.ones(12)]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "freedom", "tail"),
    # The printed tables' 5 % and 1 % points.
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (7.815, 3, 0.05), (9.488, 4, 0.05), (15.086, 5, 0.01), (0, 3, 1)],
)
def test_chi_square_as_in_printed_tables(value: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(tail, abs=5e-5)


def test_holm_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.04: times 3, 2, 1 is 0.03, 0.04, 0.04.
    assert holm([0.04, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])
    assert holm([]) == []


def test_nothing_to_tell() -> None:
    same = np.full((12, 3), 100)
    assert item_rest_correlations(same) == [None] * 3
    assert cronbach_alpha(same) is None
    assert upper_lower_differences(same, MOST) == [0.0] * 3
    for table in (same[:1], same[:0]):
        assert cronbach_alpha(table) is None
        assert standard_deviation(table) is None
        assert item_rest_correlations(table) == [None] * 3
        assert upper_lower_differences(table, MOST) == [None] * 3
    assert cronbach_alpha(BY_HAND[:, :1]) is None
    assert standard_error(1.0, -0.2) is None
    assert standard_error(None, None) is None


def test_one_rounding_rule() -> None:
    assert [rounded(0.145), rounded(0.1449), rounded(-0.001), rounded(0.295), rounded(None)] == [
        *(Decimal("0.15"), Decimal("0.14"), Decimal("0.00"), Decimal("0.30")), None,
    ]  # fmt: skip
    assert str(rounded(-0.001)) == "0.00"


tables = st.integers(2, 6).flatmap(
    lambda slots: st.lists(
        st.lists(st.integers(0, 3).map(lambda n: n * 100), min_size=slots, max_size=slots),
        min_size=2,
        max_size=30,
    ).map(np.array)
)


@settings(deadline=None, max_examples=80)
@given(tables, st.integers(2, 9), st.randoms(use_true_random=False))
def test_what_holds_for_every_table(table: np.ndarray, factor: int, random) -> None:  # type: ignore[no-untyped-def]
    most = np.full(table.shape[1], 300)
    alpha, rs, ds = cronbach_alpha(table), item_rest_correlations(table), upper_lower_differences(table, most)
    assert alpha is None or alpha <= 1
    assert all(r is None or -1 <= r <= 1 for r in rs)
    assert all(-1 - 1e-9 <= d <= 1 + 1e-9 for d in ds if d is not None)
    assert all(0 <= (facility(column, 300) or 0) <= 1 for column in table.T)
    order = list(range(len(table)))
    random.shuffle(order)
    for other, limit in ((table[order], most), (table * factor, most * factor)):
        assert cronbach_alpha(other) == (None if alpha is None else pytest.approx(alpha))
        assert [r is None for r in item_rest_correlations(other)] == [r is None for r in rs]
        known = [(a, b) for a, b in zip(item_rest_correlations(other), rs, strict=True) if b is not None]
        assert [a for a, _b in known] == pytest.approx([b for _a, b in known], abs=1e-9)
        assert upper_lower_differences(other, limit) == pytest.approx(ds, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=15), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
)
def test_the_order_of_answers_does_not_decide_a_p(groups: list[list[float]], random) -> None:  # type: ignore[no-untyped-def]
    first = kruskal_wallis([np.array(group) for group in groups])
    for group in groups:
        random.shuffle(group)
    again = kruskal_wallis([np.array(group) for group in groups])
    assert again == pytest.approx(first)
    assert 0 < first[1] <= 1
    assert first[0] >= -1e-9


START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_time_between_saves_by_hand() -> None:
    # a saved at 60, b at 100, a again at 130: a took 60 + 30, b 40.
    assert seconds_by_slot(START, [(at(130), "a"), (at(60), "a"), (at(100), "b")]) == {"a": 90, "b": 40}


def test_time_that_cannot_be_told_is_not_told() -> None:
    # b after a lunch of an hour; c and d in one batch; e after them is told.
    saves = [(at(60), "a"), (at(3660), "b"), (at(3700), "c"), (at(3700.2), "d"), (at(3740.2), "e")]
    assert seconds_by_slot(START, saves) == {"a": 60, "e": pytest.approx(40)}
    assert seconds_by_slot(START, []) == {}
    assert seconds_by_slot(START, [(at(-5), "a")]) == {}
    assert seconds_by_slot(START, [(at(0.3), "a")]) == {"a": pytest.approx(0.3)}
