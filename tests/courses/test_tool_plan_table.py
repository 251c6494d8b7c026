"""The plan table's judge and document: by example, and for JSON of any shape."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.tools.plan_table import GAP_COLUMNS, ROW_FIELDS, PlanTable, judge_plan
from pydantic import ValidationError

from tests.courses.objective_tools import GOOD, PLAN, plan, plan_done

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2027-03-31", "9999-99-99", "who"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=6)
            | st.sampled_from(["found", "objective", "rows", "id", "dong-1", *ROW_FIELDS]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def test_gaps_objective_and_whole_rows_finish_it() -> None:
    result = judge_plan(plan(), plan_done())
    assert result.done
    assert plan().judge(plan_done())
    assert (result.complete_rows, result.needed) == (2, 2)


def test_the_order_of_the_ticks_and_repeats_do_not_matter() -> None:
    state = plan_done()
    state["found"]["dong-1"] = ["resources", "evaluation", "resources"]
    assert plan().judge(state)


@pytest.mark.parametrize(
    ("named", "found", "extra", "left"),
    [
        ([], (), (), 2),
        (["resources"], ("resources",), (), 1),
        (["resources", "evaluation", "who"], ("resources", "evaluation"), ("who",), 0),
        (list(GAP_COLUMNS), ("resources", "evaluation"), tuple(GAP_COLUMNS)[:6], 0),
        ("resources", (), (), 2),
        ([["resources"], 3, None, "budget"], (), (), 2),
    ],
)
def test_a_row_is_right_only_with_exactly_its_gaps(
    named: object, found: tuple[str, ...], extra: tuple[str, ...], left: int
) -> None:
    state = plan_done()
    state["found"]["dong-1"] = named
    result = judge_plan(plan(), state)
    gap = result.gaps[0]
    assert (gap.found, gap.extra, gap.left) == (found, extra, left)
    assert not gap.right
    assert not result.done
    assert gap.why


def test_a_whole_row_is_right_when_it_is_left_alone_and_wrong_when_ticked() -> None:
    state = plan_done()
    assert judge_plan(plan(), state).gaps[1].right
    state["found"]["dong-2"] = ["how"]
    assert not judge_plan(plan(), state).gaps[1].right


@pytest.mark.parametrize("field", ROW_FIELDS)
@pytest.mark.parametrize("value", ["", "  ", "…", "-", None, 3])
def test_each_column_of_a_row_is_needed(field: str, value: object) -> None:
    state = plan_done()
    state["rows"][1][field] = value
    result = judge_plan(plan(), state)
    assert result.rows[1].empty == (field,)
    assert not result.rows[1].complete
    assert not result.done


@pytest.mark.parametrize("value", ["0202-03-01", "2027-02-30", "31/03/2027", "hằng tuần", "2027-3-1"])
def test_a_date_that_is_none_counts_as_empty(value: str) -> None:
    state = plan_done()
    state["rows"][0]["end"] = value
    assert judge_plan(plan(), state).rows[0].empty == ("end",)


def test_an_end_before_the_start_is_told() -> None:
    state = plan_done()
    state["rows"][0]["end"] = "2027-01-31"
    result = judge_plan(plan(), state)
    assert result.rows[0].order_wrong
    assert not result.rows[0].complete
    assert not result.done
    state["rows"][0]["end"] = state["rows"][0]["start"]
    assert plan().judge(state), "one day is enough"


def test_untouched_rows_are_passed_over_and_begun_ones_are_not() -> None:
    state = plan_done()
    state["rows"].append({"id": "r3", **dict.fromkeys(ROW_FIELDS, "")})
    state["rows"].append({"id": "r4", "what": "Việc mới nghĩ ra"})
    result = judge_plan(plan(), state)
    assert [row.row for row in result.rows] == ["r1", "r2", "r4"]
    assert result.rows[2].empty == tuple(ROW_FIELDS[1:])
    assert result.done, "what is more than asked for may be unfinished"


@pytest.mark.parametrize("objective", ["", " … ", None, ["x"]])
def test_a_plan_needs_an_objective(objective: object) -> None:
    state = plan_done()
    state["objective"] = objective
    assert not judge_plan(plan(), state).objective
    assert not plan().judge(state)


@settings(deadline=None, max_examples=200)
@given(raw=JSON)
def test_no_state_raises(raw: object) -> None:
    tool = plan()
    result = judge_plan(tool, raw)
    json.dumps(result.to_json())
    assert tool.judge(raw) is result.done
    for document in tool.documents(raw):
        assert all(len(row) == len(table.columns) for table in document.tables for row in table.rows)


@settings(deadline=None, max_examples=60)
@given(
    texts=st.lists(st.text(max_size=12), min_size=len(ROW_FIELDS), max_size=len(ROW_FIELDS)),
    start=st.dates(),
    end=st.dates(),
)
def test_a_row_is_complete_exactly_when_nothing_is_empty_and_it_ends_after_it_starts(
    texts: list[str], start: Any, end: Any
) -> None:
    row = {"id": "r1", **dict(zip(ROW_FIELDS, texts, strict=True)), "start": str(start), "end": str(end)}
    state = {**plan_done(), "rows": [row]}
    rows = judge_plan(plan(), state).rows
    if not rows:
        assert not any(char.isalnum() for text in row.values() for char in text[2:])
        return
    said = all(any(char.isalnum() for char in row[field]) for field in ROW_FIELDS)
    known = 1900 <= start.year <= 2199 and 1900 <= end.year <= 2199
    assert rows[0].complete == (said and known and start <= end)


def test_the_document_holds_the_objective_and_a_broad_table() -> None:
    state = plan_done()
    state["rows"][1].update(end="không rõ", resources="")
    (document,) = plan().documents(state)
    assert (document.kind, document.title, document.landscape) == ("ke-hoach-thuc-hien", "KẾ HOẠCH", True)
    (table,) = document.tables
    assert [column.title for column in table.columns][:7] == [
        "STT",
        "Nội dung công việc",
        "Mục đích",
        "Người thực hiện",
        "Nơi thực hiện",
        "Bắt đầu",
        "Hoàn thành",
    ]
    assert table.rows[0][:2] == ("1", state["rows"][0]["what"])
    assert table.rows[0][5:7] == ("01/02/2027", "28/02/2027")
    assert table.rows[1][6] == ""
    assert table.rows[1][8] == ""
    assert [block.text for block in document.blocks if hasattr(block, "text")] == [
        "I. Mục tiêu",
        GOOD,
        "II. Nội dung thực hiện",
    ]


@pytest.mark.parametrize(
    "raw", [None, [], {}, {"objective": " ", "rows": [{"id": "r1"}]}, {"found": {"dong-1": ["who"]}}]
)
def test_nothing_of_ones_own_gives_no_document(raw: object) -> None:
    assert plan().documents(raw) == ()


def _content(change: str) -> dict[str, Any]:
    content = deepcopy(PLAN)
    rows = content["gaps"]["rows"]
    if change == "empty but not missing":
        rows[1]["cells"]["how"] = ""
    elif change == "nothing missing":
        rows[0]["cells"]["resources"] = "Hai người"
        for row in rows:
            row["missing"] = []
    elif change == "unknown column":
        rows[0]["missing"] = ["budget"]
    elif change == "one id twice":
        rows[1]["id"] = rows[0]["id"]
    elif change == "unknown cell":
        rows[0]["cells"]["budget"] = "1 triệu"
    else:
        content["own"]["min_rows"] = 0
    return content


@pytest.mark.parametrize(
    "change",
    [
        "empty but not missing",
        "nothing missing",
        "unknown column",
        "one id twice",
        "unknown cell",
        "no row asked for",
    ],
)
def test_content_that_makes_no_sense_is_refused(change: str) -> None:
    with pytest.raises(ValidationError):
        PlanTable.model_validate(_content(change))
