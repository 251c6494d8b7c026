"""The analysts' tables hold the report's figures, and each column is documented."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from isoxa_grading.records.tables import Attempt, SlotScore
from isoxa_grading.reports import FRAME_COLUMNS, Filters, frames
from isoxa_grading.reports.columns import RESULTS
from sqlalchemy import select

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


def test_points_lost_by_clause_are_of_first_attempts(lam_dong: Callable[..., Any], world: Any) -> None:
    """K'Brêu lost both points of "a" at first and got them later; what a trainer put right counts as put right."""
    made, tested = lam_dong(), {"a": ("4.1", "8.5"), "b": ("8.5",)}
    attempts = world.session.scalars(
        select(Attempt).join(Attempt.enrolment).order_by(Attempt.enrolment_id, Attempt.number)
    ).all()
    for attempt in attempts:
        right = attempt.number > 1 or attempt.enrolment_id != attempts[0].enrolment_id
        for slot, points in (("a", 2 if right else 0), ("b", 2), ("not of the quiz", 0)):
            world.session.add(
                SlotScore(
                    attempt_id=attempt.id, slot=slot, points=Decimal(points), max_points=Decimal(2),
                    source="auto", at=attempt.submitted_at, round=1, revision=1,
                )
            )  # fmt: skip
    world.session.add(
        SlotScore(
            attempt_id=attempts[0].id, slot="b", points=Decimal(1), max_points=Decimal(2), source="trainer",
            at=attempts[0].submitted_at, round=1, revision=2,
        )
    )  # fmt: skip
    world.session.flush()
    assert attempts[0].enrolment_id == attempts[1].enrolment_id, "one has two attempts"
    found = tables(world, made.province, clauses=lambda edition, quiz: tested)["clauses"].set_index(
        ["commune", "clause"]
    )
    assert set(found["quiz"]) == {"q1"}
    mixed = found.loc["Xã Đạ Tẻh"]
    assert mixed["answers"].to_dict() == {"4.1": 3, "8.5": 6}
    assert mixed["points"].to_dict() == {"4.1": 4, "8.5": 9}
    assert mixed["share_lost"].to_dict() == {"4.1": 1 - 4 / 6, "8.5": 0.25}
    assert found.loc[("Xã Đức Trọng", "8.5"), "share_lost"] == 0
    assert tables(world, made.province)["clauses"].empty


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
