"""The risk register: content, judge, advice and document."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.documents import Table
from isoxa_courses.risk_lines import advice_of, own_risks, problems_of, risk_words
from isoxa_courses.tools.risk_register import RiskRegister, judge_register
from pydantic import ValidationError

from tests.courses.strategies import JSON

REGISTER: dict[str, Any] = {
    "id": "so-thu",
    "tool": "risk_register",
    "title": "Sổ rủi ro và cơ hội",
    "worked": [
        {
            "id": "giay-hen",
            "cause": "Ngày trả tính bằng tay",
            "event": "Giấy hẹn ghi sai ngày: 14 lần trong năm",
            "effect": "Người dân phải đi lại",
            "likelihood": 5,
            "severity": 3,
            "tolerance": 0,
            "treatment": "Để phần mềm tự tính ngày trả",
            "likelihood_after": 2,
            "severity_after": 3,
            "why": "14 lần là rất thường xuyên; có người đi lại thêm là mức 3.",
        },
        {
            "id": "vang",
            "cause": "Một người nắm việc",
            "event": "Người ấy vắng",
            "effect": "Hồ sơ quá hạn",
            "likelihood": 2,
            "severity": 4,
            "tolerance": 1,
            "treatment": "Lập lịch làm thay.",
            "likelihood_after": 1,
            "severity_after": 2,
            "why": "Ít khi, nhưng hồ sơ quá hạn.",
        },
    ],
    "typical": [
        {
            "id": "t1",
            "cause": "Không ai được giao rà mẫu đơn",
            "event": "Quầy phát mẫu đơn đã hết hiệu lực",
            "effect": "Người dân phải khai lại",
        },
        {
            "id": "t2",
            "kind": "opportunity",
            "cause": "Phần mềm một cửa có nhắn tin",
            "event": "Báo cho người dân khi có kết quả",
            "effect": "Người dân đỡ đi lại",
        },
    ],
    "own": {"intro": "Lập sổ.", "min_risks": 1, "min_opportunities": 1},
}
PLACED = {"giay-hen": {"likelihood": 5, "severity": 3}, "vang": {"likelihood": 3, "severity": 5}}
LINE: dict[str, Any] = {
    "id": "r1",
    "kind": "risk",
    "cause": "Ngày trả tính bằng tay",
    "event": "Giấy hẹn ghi sai ngày",
    "effect": "Người dân phải đi lại",
    "likelihood": 4,
    "severity": 3,
    "treatment": "Dán bảng ngày nghỉ cạnh máy",
    "owner": "Công chức một cửa",
    "due": "2027-03-31",
    "likelihood_after": 2,
    "severity_after": 3,
}
OPPORTUNITY = {**LINE, "id": "c1", "kind": "opportunity", "effect": "Dân đỡ đi lại", "likelihood_after": 5}


@pytest.fixture(scope="module")
def register() -> RiskRegister:
    return RiskRegister.model_validate(REGISTER)


def lacks(**changes: Any) -> list[tuple[str, str]]:
    (line,) = own_risks({"risks": [{**LINE, **changes}]})
    return [(problem.field, problem.reason) for problem in problems_of(line)]


def test_done_needs_the_places_a_whole_risk_and_a_whole_opportunity(register: RiskRegister) -> None:
    whole = {"placed": PLACED, "risks": [LINE, OPPORTUNITY]}
    assert register.judge(whole)
    assert not register.judge({**whole, "risks": [LINE]})
    assert not register.judge({**whole, "risks": [OPPORTUNITY]})
    assert not register.judge({**whole, "placed": {}})
    assert not register.judge({**whole, "risks": [{**LINE, "owner": " "}, OPPORTUNITY]})
    assert register.judge(
        {**whole, "risks": [LINE, OPPORTUNITY, {"id": "blank"}, {**LINE, "id": "x", "event": ""}]}
    )


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        ({"likelihood": 2, "severity": 4}, None),
        ({"likelihood": 1, "severity": 5}, None),
        ({"likelihood": 4, "severity": 4}, ("high", "right")),
        ({"likelihood": 2, "severity": 2}, ("right", "low")),
        ({"likelihood": 5, "severity": 1}, ("high", "low")),
    ],
)
def test_a_place_counts_within_its_tolerance(
    register: RiskRegister, place: dict[str, int], verdict: tuple[str, str] | None
) -> None:
    result = judge_register(register, {"placed": {**PLACED, "vang": place}})
    assert [(one.item, one.likelihood, one.severity) for one in result.misplaced] == (
        [("vang", *verdict)] if verdict else []
    )


@pytest.mark.parametrize("level", [True, 0, 6, 3.0, "3", None, [3]])
def test_what_is_no_level_is_not_placed(register: RiskRegister, level: Any) -> None:
    state = {"placed": {**PLACED, "vang": {"likelihood": level, "severity": 4}}}
    assert judge_register(register, state).unplaced == ("vang",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"cause": ""}, [("cause", "missing")]),
        ({"event": "NGÀY trả tính  bằng tay"}, [("event", "same")]),
        ({"effect": "Giấy hẹn ghi sai ngày"}, [("effect", "same")]),
        ({"severity": None}, [("severity", "missing")]),
        ({"owner": "", "due": "31/03/2027"}, [("owner", "missing"), ("due", "missing")]),
        ({"due": "0202-03-31"}, [("due", "missing")]),
        ({"due": "2027-02-30"}, [("due", "missing")]),
        ({"severity_after": None}, [("severity_after", "missing")]),
        ({"likelihood_after": 5}, [("likelihood_after", "not_lower")]),
        ({"likelihood_after": 4}, []),
        ({"kind": "opportunity"}, [("likelihood_after", "not_higher")]),
        ({"kind": "opportunity", "likelihood_after": 5}, []),
    ],
)
def test_what_a_line_lacks(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert lacks(**changes) == expected


def test_a_low_risk_may_be_accepted_without_a_treatment_but_a_treatment_is_whole() -> None:
    low = {"likelihood": 1, "severity": 5, "treatment": "", "owner": "", "due": ""}
    low |= {"likelihood_after": None, "severity_after": None}
    assert lacks(**low) == []
    medium = [name for name, _ in lacks(**{**low, "likelihood": 2, "severity": 3})]
    assert medium == ["treatment", "owner", "due", "likelihood_after", "severity_after"]
    assert [name for name, _ in lacks(**{**low, "treatment": "Dán bảng"})] == medium[1:]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"cause": "Tính tay dẫn đến sai ngày"}, [("cause", "effect_inside", "dẫn đến")]),
        ({"event": "Ghi sai ngày VÌ tính tay"}, [("event", "cause_inside", "vì")]),
        ({"effect": "Dân đi lại do thiếu thông tin"}, [("effect", "cause_inside", "do thiếu")]),
        ({"effect": "Không rõ lý do, mất tự do đi lại"}, []),
        ({"event": "vi tinh bi hong"}, []),
        ({"treatment": "Nhắc nhở, rút kinh nghiệm"}, [("treatment", "only_reminds", "")]),
    ],
)
def test_advice_on_parts_that_seem_mixed_up(
    changes: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    (line,) = own_risks({"risks": [{**LINE, **changes}]})
    assert [(one.field, one.reason, one.words) for one in advice_of(line)] == expected


def test_the_word_lists_can_be_read() -> None:
    assert "dẫn đến" in risk_words().leads_to


def test_the_document_holds_the_officers_words_in_their_columns(register: RiskRegister) -> None:
    state = {
        "risks": [LINE, OPPORTUNITY, {**LINE, "id": "r2", "due": "bao giờ xong", "likelihood_after": None}]
    }
    (document,) = register.documents(state)
    assert document.kind == "so-rui-ro-co-hoi"
    assert document.landscape
    risks, chances, scale = document.tables
    assert risks.rows == (
        (
            "1",
            "Ngày trả tính bằng tay",
            "Giấy hẹn ghi sai ngày",
            "Người dân phải đi lại",
            "4",
            "3",
            "12 – trung bình",
            "Dán bảng ngày nghỉ cạnh máy",
            "Công chức một cửa",
            "31/03/2027",
            "6 – trung bình",
        ),
        (*("2", *_first(risks)[1:9]), "", ""),
    )
    assert chances.rows[0][-1] == "15 – cao"
    assert [column.title for column in chances.columns][3:6] == ["Lợi ích", "Khả năng", "Mức lợi ích"]
    assert [len(row) for row in scale.rows] == [4] * 5
    assert register.documents({}) == ()
    assert register.documents({"risks": [{"id": "x"}]}) == ()


def _first(table: Table) -> tuple[str, ...]:
    return table.rows[0]


def _strings(value: Any) -> Any:
    return st.one_of(JSON, st.sampled_from([value, "", 0, 5, 6, "2027-01-01", "opportunity"]))


LINES = st.lists(
    st.fixed_dictionaries({name: _strings(value) for name, value in LINE.items()}) | JSON, max_size=5
)
STATES = JSON | st.fixed_dictionaries(
    {
        "placed": st.dictionaries(st.sampled_from(sorted(PLACED)), JSON | st.just(PLACED["vang"])),
        "risks": LINES | JSON,
    }
)


@given(raw=STATES)
@settings(deadline=None, max_examples=150)
def test_no_state_from_outside_is_a_crash(register: RiskRegister, raw: Any) -> None:
    assert register.judge(raw) in (True, False)
    judge_register(register, raw).to_json()
    for document in register.documents(raw):
        for table in document.tables:
            assert all(len(row) == len(table.columns) for row in table.rows)
            assert all(isinstance(cell, str) for row in table.rows for cell in row)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("worked", 0, "likelihood"), 6),
        (("worked", 0, "likelihood_after"), 5.5),
        (("worked", 1, "severity_after"), 5),
        (("worked", 1, "likelihood_after"), 5),
        (("typical", 0, "kind"), "chance"),
        (("own", "min_risks"), 0),
    ],
)
def test_content_that_makes_no_sense_is_refused(place: tuple[Any, ...], value: Any) -> None:
    broken: Any = {**REGISTER, "worked": [dict(one) for one in REGISTER["worked"]]}
    broken |= {"typical": [dict(one) for one in REGISTER["typical"]], "own": dict(REGISTER["own"])}
    spot = broken
    for step in place[:-1]:
        spot = spot[step]
    spot[place[-1]] = value
    if place == ("worked", 1, "severity_after"):
        spot["likelihood_after"] = 2  # 2 × 5 is more than 2 × 4
    with pytest.raises(ValidationError):
        RiskRegister.model_validate(broken)
