"""Attempts fold to one row an officer, commune and quiz; cells that would hurt a spreadsheet are guarded and quoted."""

import csv
import io
import re
from datetime import date
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.reports import Filters
from isoxa_grading.reports.csv_file import guarded
from isoxa_grading.reports.results import _attempts_select, folded
from isoxa_grading.reports.results_csv import _quoting
from isoxa_grading.reports.survey import survey
from sqlalchemy import text

small = st.integers(1, 3)
marks = st.none() | st.integers(0, 1000)
attempt = st.tuples(
    small,
    st.sampled_from(["01", "02"]),
    marks,
    st.integers(100, 1000),
    st.none() | st.just(1),
    st.sampled_from([f"2026-03-{day:02} 05:00:00.000000" for day in range(1, 30)]),
)


@given(st.lists(attempt, max_size=40))
@settings(deadline=None)
def test_folded_is_what_plain_loops_find(attempts: list[tuple[Any, ...]]) -> None:
    attempts.sort(key=lambda row: row[:2])
    learners = [(post, 7, post + 100, 1, "Ksor Hương") for post in (1, 2, 3, 4)]
    wanted = []
    for (post, quiz), group in groupby(attempts, key=lambda row: row[:2]):
        rows = list(group)
        points = [row[2] for row in rows if row[2] is not None]
        mark = (
            quiz,
            len(rows),
            max(points, default=None),
            max(row[3] for row in rows),
            any(row[4] for row in rows),
        )
        wanted.append((learners[post - 1], mark, max(row[5] for row in rows)))
    assert list(folded(attempts, learners)) == wanted


@pytest.mark.parametrize("separator", [";", ","])
@given(cell=st.text(alphabet=st.sampled_from("aắ;,\"'\r\n\t =+-@")))
@settings(deadline=None)
def test_a_cell_is_quoted_as_the_csv_module_does(cell: str, separator: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator="\r\n").writerow([guarded(cell), "b"])
    assert f"{_quoting(separator)(cell)}{separator}b\r\n" == file.getvalue()


def test_the_database_looks_from_the_communes_and_sorts_no_results(world: Any) -> None:
    """Looking up every person in every commune made a small country's workbook slower than a large one's."""
    s = world.session
    if s.get_bind().dialect.name != "sqlite":
        pytest.skip("plans of SQLite")
    world.commune("Xã Một", world.province("Tỉnh Một"))
    asked = survey(
        s,
        course="iso",
        edition=None,
        scope_paths=[world.country.path],
        as_of=date(2026, 3, 9),
        filters=Filters(),
    )

    def plan(query: Any) -> str:
        words = query.compile(s.get_bind(), compile_kwargs={"literal_binds": True})
        return "\n".join(row.detail for row in s.execute(text(f"EXPLAIN QUERY PLAN {words}")))

    every = [place.id for place in asked.places]
    for query in (asked.learners().people(), asked.learners(every).serving_people(None)):
        assert "ix_person_sort_key" not in plan(query)
        assert re.search(r"SEARCH membership USING .*\(unit_id=\?", plan(query))
    found = plan(_attempts_select(asked))
    assert "USING COVERING INDEX ix_attempt_marks (enrolment_id=?)" in found
    assert "TEMP B-TREE" not in found
