"""The cause tree: content, judge, reminders, the forest of causes, and the document."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.cause_forest import forest_of
from isoxa_courses.documents import Fields
from isoxa_courses.reminders import only_reminds
from isoxa_courses.tools.cause_tree import KINDS, CauseTree, judge_causes
from pydantic import ValidationError

from tests.courses.strategies import JSON

TREE: dict[str, Any] = {
    "id": "cay-thu",
    "tool": "cause_tree",
    "title": "Cây nguyên nhân",
    "sort": [
        {"id": "v1", "text": "In lại giấy hẹn ghi nhầm", "kind": "correction", "why": "Sửa đúng tờ giấy ấy."},
        {"id": "v2", "text": "Lập lịch ký thay", "kind": "corrective_action", "why": "Bỏ nguyên nhân."},
        {"id": "v3", "text": "Yêu cầu rút kinh nghiệm", "kind": "neither", "why": "Không gì khác đi."},
    ],
    "chain": {
        "problem": "Quầy phát mẫu đã hết hiệu lực.",
        "steps": [
            {
                "id": "s1",
                "question": "Vì sao quầy phát mẫu cũ?",
                "options": [
                    {"id": "a", "text": "Vì thiếu chú ý", "why": "Dừng ở người."},
                    {"id": "b", "text": "Vì mẫu cũ còn trong khay", "correct": True, "why": "Có bằng chứng."},
                ],
            },
            {
                "id": "s2",
                "question": "Vì sao mẫu cũ còn trong khay?",
                "options": [
                    {"id": "a", "text": "Vì chưa ai được giao thu", "correct": True, "why": "Xã sửa được."},
                    {"id": "b", "text": "Vì khay ở góc khuất", "why": "Dời khay vẫn vậy."},
                ],
            },
        ],
    },
    "own": {"intro": "Lập phiếu.", "min_whys": 2},
}
SORTED = {"v1": "correction", "v2": "corrective_action", "v3": "neither"}
CHAIN = {"s1": "b", "s2": "a"}
OWN: dict[str, Any] = {
    "problem": "50 hồ sơ quá hạn",
    "requirement": "Trả đúng giấy hẹn",
    "evidence": "Sổ theo dõi tháng 9",
    "correction": "Trả ngay, gọi xin lỗi",
    "similar": "Đã xem hai quầy khác, không thấy",
    "causes": [
        {"id": "c1", "parent": "", "text": "Chờ ký"},
        {"id": "c2", "parent": "c1", "text": "Chưa có lịch ký thay"},
        {"id": "c3", "parent": "c1", "text": "Trình ký theo tập"},
    ],
    "root": "c2",
    "actions": [{"id": "r1", "text": "Lập lịch ký thay", "owner": "Chánh Văn phòng", "due": "2027-01-15"}],
    "effect": {"measure": "Tỷ lệ đúng hạn ba tháng", "date": "2027-04-20", "result": ""},
}
STATE = {"sorted": SORTED, "chain": CHAIN, "own": OWN}


@pytest.fixture(scope="module")
def tree() -> CauseTree:
    return CauseTree.model_validate(TREE)


def missing(tree: CauseTree, **changes: Any) -> list[tuple[str, str, str, str]]:
    result = judge_causes(tree, {**STATE, "own": {**OWN, **changes}})
    return [(one.part, one.item, one.field, one.reason) for one in result.own_missing]


def test_done_needs_all_three_parts(tree: CauseTree) -> None:
    assert tree.judge(STATE)
    assert not tree.judge({**STATE, "sorted": {**SORTED, "v3": "correction"}})
    assert not tree.judge({**STATE, "sorted": {"v1": "correction"}})
    assert not tree.judge({**STATE, "chain": {**CHAIN, "s2": "b"}})
    assert not tree.judge({**STATE, "chain": {"s1": "b"}})
    assert not tree.judge({**STATE, "own": {}})


def test_what_is_wrong_comes_with_its_reason(tree: CauseTree) -> None:
    state = {"sorted": {"v1": "neither", "v2": "đâu đó"}, "chain": {"s1": "a", "s2": "không có"}}
    result = judge_causes(tree, state).to_json()
    assert result["missorted"] == [{"item": "v1", "right_kind": "correction", "why": "Sửa đúng tờ giấy ấy."}]
    assert result["unsorted"] == ["v2", "v3"]
    assert result["chain"] == [{"step": "s1", "option": "a", "right": False, "why": "Dừng ở người."}]
    assert result["chain_missing"] == ["s2"]
    parts = [one["part"] for one in result["own_missing"]]
    assert parts == [
        "problem",
        "requirement",
        "evidence",
        "correction",
        "similar",
        "causes",
        "actions",
        "effect",
        "effect",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"similar": " \u200b "}, [("similar", "", "", "missing")]),
        ({"root": "không có"}, [("root", "", "", "missing")]),
        ({"root": "c1"}, [("root", "c1", "", "shallow")]),
        ({"causes": [{"id": "c2", "parent": "", "text": " "}]}, [("causes", "", "", "missing")]),
        ({"actions": []}, [("actions", "", "", "missing")]),
        (
            {"actions": [{"id": "r1", "text": "Nhắc nhở cán bộ", "owner": "", "due": "mai"}]},
            [
                ("actions", "r1", "owner", "missing"),
                ("actions", "r1", "due", "missing"),
                ("actions", "r1", "text", "only_reminds"),
            ],
        ),
        ({"actions": [*OWN["actions"], {"id": "r2", "text": "Nhắc nhở", "owner": "", "due": ""}]}, []),
        (
            {"effect": {"measure": "", "date": "20/04/2027"}},
            [("effect", "", "measure", "missing"), ("effect", "", "date", "missing")],
        ),
        ({"effect": {**OWN["effect"], "date": "2027-01-15"}}, [("effect", "", "date", "too_early")]),
        ({"effect": {**OWN["effect"], "date": "2027-01-16"}}, []),
    ],
)
def test_what_a_slip_lacks(
    tree: CauseTree, changes: dict[str, Any], expected: list[tuple[str, str, str, str]]
) -> None:
    assert missing(tree, **changes) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nhắc nhở cán bộ",
        "NHẮC NHỞ toàn thể công chức, nghiêm túc rút kinh nghiệm",
        "nhac nho can bo, rut kinh nghiem",
        "Phê bình bộ phận một cửa trong giao ban",
        "Quán triệt toàn bộ công chức nâng cao tinh thần trách nhiệm",
        "Nhắc cán bộ cập nhật phần mềm",
        "Khi thấy sai thì nhắc nhở",
        "Nha\u0306\u0301c nhơ\u0309 cán bộ",
    ],
)
def test_a_reminder_alone_is_told(text: str) -> None:
    assert only_reminds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lập lịch ký thay khi người ký đi họp",
        "Lập bảng nhắc nhở đặt cạnh máy",
        "Phần mềm tự động nhắc nhở trước hạn một ngày",
        "Nhắc nhở, đồng thời bổ sung bước thu mẫu cũ vào quy trình",
        "Rút kinh nghiệm và phân công người ký thay",
        "lap lich ky thay, nhac nho can bo",
        "Mua thêm một máy quét",
    ],
)
def test_a_change_is_not_taken_for_a_reminder(text: str) -> None:
    assert not only_reminds(text)


def cause(id_: str, parent: Any, text: str = "x") -> dict[str, Any]:
    return {"id": id_, "parent": parent, "text": text}


def test_causes_are_read_depth_first_and_numbered() -> None:
    forest = forest_of([cause("b", "a"), cause("a", ""), cause("c", "a"), cause("d", "b"), cause("e", "")])
    assert forest.numbers == {"a": "1", "b": "1.1", "d": "1.1.1", "c": "1.2", "e": "2"}
    assert [one.id for one in forest.causes] == ["a", "b", "d", "c", "e"]
    assert [forest.depth(id_) for id_ in "abd"] == [1, 2, 3]
    assert [one.id for one in forest.children("a")] == ["b", "c"]


def test_a_circle_is_cut_and_a_lost_parent_forgotten() -> None:
    circle = forest_of([cause("a", "c"), cause("b", "a"), cause("c", "b"), cause("d", "d"), cause("e", "?")])
    assert circle.numbers == {"a": "1", "b": "1.1", "c": "1.1.1", "d": "2", "e": "3"}
    assert forest_of([cause("a", ["x"]), cause("a", ""), {"text": "no id"}, 3]).numbers == {"a": "1"}


IDS = st.sampled_from(["a", "b", "c", "d", ""])


@given(
    raw=st.lists(st.fixed_dictionaries({"id": IDS, "parent": IDS | JSON, "text": JSON}) | JSON, max_size=9)
    | JSON
)
@settings(deadline=None, max_examples=200)
def test_any_list_becomes_a_forest_with_every_cause_once(raw: Any) -> None:
    forest = forest_of(raw)
    ids = [one.id for one in forest.causes]
    assert len(ids) == len(set(ids)) == len(forest.numbers)
    for one in forest.causes:
        assert one.parent == "" or ids.index(one.parent) < ids.index(one.id)
        assert forest.depth(one.id) == (forest.depth(one.parent) + 1 if one.parent else 1)


def test_a_long_chain_is_cut_and_costs_little() -> None:
    forest = forest_of([cause(str(number), str(number - 1)) for number in range(5_000)])
    assert len(forest.causes) == 60
    assert forest.depth("59") == 60


def test_the_document_is_the_slip(tree: CauseTree) -> None:
    (document,) = tree.documents({"own": {**OWN, "effect": {**OWN["effect"], "result": "96% → 98,6%"}}})
    assert document.kind == "phieu-hanh-dong-khac-phuc"
    assert document.title == "PHIẾU HÀNH ĐỘNG KHẮC PHỤC"
    causes, actions = document.tables
    assert causes.rows == (
        ("1", "Chờ ký", ""),
        ("1.1", "Chưa có lịch ký thay", "Nguyên nhân gốc"),
        ("1.2", "Trình ký theo tập", ""),
    )
    assert actions.rows == (("1", "Lập lịch ký thay", "Chánh Văn phòng", "15/01/2027"),)
    fields = dict(row for block in document.blocks if isinstance(block, Fields) for row in block.rows)
    assert "Nguyên nhân gốc được chọn" not in fields
    assert fields["Ngày kiểm tra"] == "20/04/2027"
    assert fields["Kết quả kiểm tra"] == "96% → 98,6%"
    assert [one.role for one in document.signatures] == [
        "NGƯỜI LẬP",
        "NGƯỜI KIỂM TRA HIỆU LỰC",
        "NGƯỜI PHÊ DUYỆT",
    ]


def test_nothing_written_gives_no_document_and_half_a_slip_has_lines_to_fill(tree: CauseTree) -> None:
    assert tree.documents({"sorted": SORTED, "chain": CHAIN}) == ()
    (document,) = tree.documents({"own": {"problem": "50 hồ sơ quá hạn"}})
    assert [table.rows for table in document.tables] == [(("", "", ""),), (("", "", "", ""),)]
    rows = [row for block in document.blocks if isinstance(block, Fields) for row in block.rows]
    assert ("Nguyên nhân gốc được chọn", "") in rows


def _maybe(value: Any) -> Any:
    return JSON | st.just(value)


STATES = JSON | st.fixed_dictionaries(
    {
        "sorted": st.dictionaries(st.sampled_from(sorted(SORTED)), JSON | st.sampled_from(sorted(KINDS)))
        | JSON,
        "chain": _maybe(CHAIN),
        "own": st.fixed_dictionaries({name: _maybe(value) for name, value in OWN.items()}) | JSON,
    }
)


@given(raw=STATES)
@settings(deadline=None, max_examples=150)
def test_no_state_from_outside_is_a_crash(tree: CauseTree, raw: Any) -> None:
    assert tree.judge(raw) in (True, False)
    judge_causes(tree, raw).to_json()
    for document in tree.documents(raw):
        for table in document.tables:
            assert all(len(row) == len(table.columns) for row in table.rows)
            assert all(isinstance(cell, str) for row in table.rows for cell in row)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("sort", 0, "kind"), "sửa"),
        (("sort", 1, "id"), "v1"),
        (("chain", "steps", 0, "options", 0, "correct"), True),
        (("chain", "steps", 0, "options", 1, "correct"), False),
        (("own", "min_whys"), 0),
        (("own", "min_why"), 3),
    ],
)
def test_content_that_makes_no_sense_is_refused(place: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(TREE)
    spot: Any = broken
    for step in place[:-1]:
        spot = spot[step]
    spot[place[-1]] = value
    with pytest.raises(ValidationError):
        CauseTree.model_validate(broken)
