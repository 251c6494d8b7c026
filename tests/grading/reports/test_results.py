"""Attempts fold to one row an officer, commune and quiz; cells that would hurt a spreadsheet are guarded and quoted."""

import csv
import io
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.reports.csv_file import guarded
from isoxa_grading.reports.results import folded
from isoxa_grading.reports.results_csv import _quoting

small = st.integers(1, 3)
marks = st.none() | st.integers(0, 1000)
attempt = st.tuples(
    small,
    small,
    small,
    st.just("Ksor Hương"),
    st.sampled_from(["01", "02"]),
    st.booleans(),
    marks,
    st.integers(100, 1000),
    st.none() | st.booleans(),
    st.sampled_from([f"2026-03-{day:02} 05:00:00.000000" for day in range(1, 30)]),
)


@given(st.lists(attempt, max_size=40))
@settings(deadline=None)
def test_folded_is_what_plain_loops_find(attempts: list[tuple[Any, ...]]) -> None:
    attempts.sort(key=lambda row: row[:5])
    wanted = []
    for whose, group in groupby(attempts, key=lambda row: row[:5]):
        rows = list(group)
        graded = [row for row in rows if row[5]]
        points = [row[6] for row in graded if row[6] is not None]
        wanted.append(
            (
                *whose,
                len(rows),
                max(points, default=None),
                max(row[7] for row in rows),
                any(row[8] for row in graded),
                max(row[9] for row in rows),
            )
        )
    assert list(folded(attempts)) == wanted


@pytest.mark.parametrize("separator", [";", ","])
@given(text=st.text(alphabet=st.sampled_from("aắ;,\"'\r\n\t =+-@")))
@settings(deadline=None)
def test_a_cell_is_quoted_as_the_csv_module_does(text: str, separator: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerow([guarded(text), "b"])
    assert f"{_quoting(separator)(text)}{separator}b\r\n" == file.getvalue()
