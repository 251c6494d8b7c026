"""The analysts' tables hold the report's figures, and each column is documented."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
from isoxa_grading.reports import FRAME_COLUMNS, Filters, frames
from isoxa_grading.reports.columns import RESULTS

DAY = date(2026, 3, 12)


def in_words(kind: str, value: Any) -> str:
    if kind == "share":
        return f"{round(value * 1000) // 10}%"
    return value.isoformat() if kind == "day" else str(value)


def tables(world: Any, unit: Any, **more: Any) -> dict[str, pd.DataFrame]:
    made: dict[str, pd.DataFrame] = frames(
        world.session, course="iso", scope_paths=[unit.path], as_of=DAY, **more
    )
    return made


def test_sums_over_the_tables_are_the_reports_figures(lam_dong: Callable[..., Any], world: Any) -> None:
    made = lam_dong()
    found = tables(world, made.province)
    figures = made.report.figures
    assert {name: list(table.columns) for name, table in found.items()} == {
        name: list(columns) for name, columns in FRAME_COLUMNS.items()
    }
    communes, officers = found["communes"], found["officers"]
    for name in ("registered", "completed", "completed_late", "overdue", "not_registered"):
        assert communes[name].sum() == getattr(figures, name)
    assert officers["state"].isin(["completed", "completed_late"]).sum() == figures.completed
    assert officers["overdue"].sum() == figures.overdue
    assert str(officers["completed_on"].dtype).startswith("datetime64")
    assert officers.loc[officers["full_name"] == "K'Brêu", "best_score"].item() == 0.5

    quizzes = found["quiz_results"]
    waits = quizzes.loc[
        quizzes["person_id"].isin(officers.loc[officers["full_name"] == "K'Brêu", "person_id"])
    ]
    assert (waits["attempts"].item(), waits["points"].item(), waits["share"].item()) == (2, 5.0, 0.5)
    assert quizzes["passed"].sum() == figures.completed

    file = io.BytesIO()
    assert made.report.write_results(file, ";") == len(quizzes)
    headings, *lines = csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""), delimiter=";")
    assert headings == [column.heading for column in RESULTS]
    assert lines == [
        ["" if (value := column.value(row)) is None else in_words(column.kind, value) for column in RESULTS]
        for row in made.report.each_result()
    ], "the quick way says what the columns say"

    facts = found["facts_by_month"]
    completed = facts[facts["kind"] == "completed"]
    assert (completed["facts"].sum(), completed["persons"].sum()) == (4, 4)
    assert set(facts["month"]) == {pd.Timestamp("2026-03-01")}

    calls = found["calls"].groupby("list").size()
    assert (calls["nobody_sent"], calls["one_person_only"], calls["overdue"]) == (1, 2, 5)


def test_an_empty_scope_gives_empty_tables_of_the_same_columns(world: Any) -> None:
    province = world.province("Tỉnh Không Xã")
    for name, table in tables(world, province).items():
        assert table.empty
        assert list(table.columns) == list(FRAME_COLUMNS[name])


def test_only_the_scope_leaves_the_house(lam_dong: Callable[..., Any], world: Any) -> None:
    made = lam_dong()
    other = world.province("Tỉnh Khác")
    world.complete(world.enrol(world.person("Người Kia", world.commune("Xã Kia", other))))
    one = made.units["Xã Đạ Tẻh"]
    for table in tables(world, made.province, filters=Filters(unit_id=one.id)).values():
        assert set(table["unit_id"]) <= {one.id}
    for table in tables(world, made.province).values():
        assert other.name not in set(table["province"])
