"""The audit desk: what its content may say, what is judged done, and what documents an officer's audit gives."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.audit_documents import VERDICTS, read_work
from isoxa_courses.documents import Document, Fields, Heading, Table, Text
from isoxa_courses.tools.audit_desk import FINDING_WORDS, AuditDesk, judge_desk
from pydantic import ValidationError

CONTENT: dict[str, Any] = {
    "id": "ban",
    "tool": "audit_desk",
    "criteria": [
        {"id": "b4", "clause": "QT-05, bước 4", "text": "Mỗi hồ sơ có phiếu kiểm soát."},
        {"id": "k75", "clause": "7.5.3", "text": "Dùng bản còn hiệu lực."},
        {"id": "k72", "clause": "7.2", "text": "Có đủ năng lực."},
    ],
    "evidence": [
        {
            "id": "so",
            "kind": "Sổ theo dõi",
            "title": "Trang sổ",
            "body": "Rút ba dòng.",
            "table": {"columns": ["Số", "Phiếu"], "rows": [["21", "không"], ["34", ""]]},
            "verdict": "nonconformity",
            "criteria": ["b4", "k75"],
            "why": "Hai hồ sơ không có phiếu.",
            "finding": "Lời ghi mẫu.",
        },
        {
            "id": "mau",
            "kind": "Tài liệu",
            "title": "Biểu mẫu",
            "body": "Đúng lần sửa.",
            "verdict": "conformity",
            "criteria": ["k75"],
            "why": "Khớp danh mục.",
        },
        {
            "id": "tu",
            "kind": "Quan sát",
            "title": "Ngăn tủ",
            "body": "Nhãn mờ.",
            "verdict": "observation",
            "why": "Chưa trái yêu cầu nào.",
            "finding": "Nhãn ngăn tủ mờ, nên làm lại.",
        },
    ],
    "own": {"min_rows": 2},
}
STATE: dict[str, Any] = {
    "judged": {
        "so": {
            "verdict": "nonconformity",
            "criterion": "b4",
            "finding": {
                "requirement": "Bước 4 đòi phiếu.",
                "evidence": "Xem ba hồ sơ, số 21 và 34",
                "gap": "không có phiếu",
            },
        },
        "mau": {"verdict": "conformity", "criterion": "k75"},
        "tu": {"verdict": "observation", "criterion": ""},
    },
    "plan": {
        "objective": "Biết quy trình có được làm đúng không.",
        "scope": "Bộ phận hộ tịch, quý III.",
        "criteria": "HT-02; 8.5",
        "date": "2026-12-15",
        "lead": "Nguyễn Thị Lan",
        "team": "",
    },
    "schedule": [{"id": "r1", "time": "8 giờ 00", "unit": "Bộ phận hộ tịch", "auditor": "Trần Văn Minh"}],
    "checklist": [
        {
            "id": "r1",
            "requirement": "HT-02, bước 3",
            "question": "Cho xem giấy hẹn?",
            "evidence": "Mười hồ sơ.",
            "verdict": "nonconformity",
            "finding": "Hai hồ sơ không có.",
        },
        {
            "id": "r2",
            "requirement": "HT-02, bước 5",
            "question": "Trả thế nào?",
            "evidence": "Sổ trả.",
            "verdict": "conformity",
            "finding": "",
        },
        {
            "id": "r3",
            "requirement": "7.2",
            "question": "Ai hướng dẫn người mới?",
            "evidence": "",
            "verdict": "",
            "finding": "",
        },
    ],
    "conclusion": "Quy trình được làm theo.",
}


@pytest.fixture(scope="module")
def desk() -> AuditDesk:
    return AuditDesk.model_validate(CONTENT)


def changed(path: tuple[str | int, ...], value: object, of: dict[str, Any] = STATE) -> dict[str, Any]:
    """A copy with one place set."""
    copy = deepcopy(of)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("evidence", 1, "criteria"), [], "ít nhất một yêu cầu"),
        (("evidence", 0, "finding"), None, "cần một lời ghi mẫu"),
        (("evidence", 1, "finding"), "x", "không có lời ghi mẫu"),
        (("evidence", 0, "criteria"), ["b4", "b9"], "“b9”"),
        (("evidence", 0, "table", "rows"), [["21"]], "1 ô"),
        (("evidence", 1, "id"), "so", "“so”"),
        (("criteria", 1, "id"), "b4", "“b4”"),
        (("evidence", 0, "verdict"), "maybe", "nonconformity"),
        (("evidence", 0, "verdcit"), "conformity", "verdcit"),
        (("own", "min_rows"), 0, "greater than"),
        (("evidence", 0, "why"), "  ", "để trống"),
    ],
)
def test_content_that_cannot_be_taught_is_refused(
    path: tuple[str | int, ...], value: object, words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        AuditDesk.model_validate(changed(path, value, CONTENT))


def test_the_whole_work_is_done(desk: AuditDesk) -> None:
    assert desk.judge(STATE)
    result = judge_desk(desk, STATE)
    assert (result.right, result.total, result.rows) == (3, 3, 3)
    assert result.pieces["so"].sample == "Lời ghi mẫu."
    assert result.pieces["tu"].sample == "Nhãn ngăn tủ mờ, nên làm lại."
    json.dumps(result.to_json())
    assert result.to_json()["done"] is True


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("judged", "so", "verdict"), "observation"),
        (("judged", "so", "criterion"), "k72"),
        (("judged", "so", "criterion"), ""),
        (("judged", "so", "criterion"), ["b4"]),
        (("judged", "so", "finding", "gap"), " \u200b "),
        (("judged", "so", "finding", "evidence"), "Thiếu phiếu"),
        (("judged", "so", "finding", "requirement"), ""),
        (("judged", "so", "finding"), "Bước 4 đòi phiếu; xem ba hồ sơ, hai hồ sơ không có phiếu."),
        (("judged", "mau", "criterion"), "b4"),
        (("judged", "tu"), None),
        (("plan", "objective"), "  "),
        (("plan", "date"), "15/12/2026"),
        (("plan", "date"), "2026-02-30"),
        (("plan", "lead"), 7),
        (("checklist",), STATE["checklist"][:1]),
        (("checklist",), [{**row, "question": ""} for row in STATE["checklist"]]),
    ],
)
def test_one_thing_missing_is_not_done(desk: AuditDesk, path: tuple[str | int, ...], value: object) -> None:
    assert not desk.judge(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("judged", "so", "criterion"), "k75"),
        (("judged", "tu", "criterion"), "b4"),
        (("judged", "gone"), {"verdict": "conformity"}),
        (("plan", "team"), "Trần Văn Minh"),
        (("schedule",), []),
        (("conclusion",), ""),
        (("checklist", 0, "verdict"), "perhaps"),
    ],
)
def test_what_is_not_asked_for_does_not_matter(
    desk: AuditDesk, path: tuple[str | int, ...], value: object
) -> None:
    assert desk.judge(changed(path, value))


def test_the_sample_waits_for_ones_own_words(desk: AuditDesk) -> None:
    state = changed(("judged", "so", "finding"), {"requirement": "có", "evidence": "một hai ba", "gap": ""})
    piece = judge_desk(desk, state).pieces["so"]
    assert (piece.sample, piece.finding_missing, piece.finding_short) == ("", ("gap",), True)
    wrong = judge_desk(desk, changed(("judged", "so", "verdict"), "conformity")).pieces["so"]
    assert (wrong.verdict_right, wrong.sample, wrong.criterion) == (False, "", "not_asked")
    assert wrong.why, "why is told for a wrong verdict too"


@pytest.mark.parametrize(("words", "enough"), [(FINDING_WORDS - 1, False), (FINDING_WORDS, True)])
def test_a_quoted_requirement_does_not_count_as_ones_own_words(
    desk: AuditDesk, words: int, enough: bool
) -> None:
    finding = {"requirement": "từ " * 40, "evidence": "từ " * (words - 1), "gap": "từ"}
    piece = judge_desk(desk, changed(("judged", "so", "finding"), finding)).pieces["so"]
    assert piece.right is enough


def test_a_line_says_what_it_lacks(desk: AuditDesk) -> None:
    rows = [
        {"id": "a", "requirement": "x", "verdict": "nonconformity"},
        {"id": "b", "question": "x", "verdict": "observation"},
        {"id": "c"},
        {"id": "a", "requirement": "twice"},
        "text",
    ]
    result = judge_desk(desk, changed(("checklist",), rows))
    assert result.row_missing == {"a": ("question", "evidence", "finding"), "b": ("requirement",)}
    assert result.rows == 0


def by_kind(documents: tuple[Document, ...]) -> dict[str, Document]:
    return {document.kind: document for document in documents}


def test_three_documents_with_the_officers_words_in_their_places(desk: AuditDesk) -> None:
    found = by_kind(desk.documents(STATE))
    assert list(found) == [kind.kind for kind in desk.document_kinds]
    plan, checklist, report = found.values()
    assert (plan.title, report.title) == ("KẾ HOẠCH", "BÁO CÁO")
    fields = next(block for block in plan.blocks if isinstance(block, Fields))
    assert dict(fields.rows) == {
        "Mục tiêu đánh giá": "Biết quy trình có được làm đúng không.",
        "Phạm vi đánh giá": "Bộ phận hộ tịch, quý III.",
        "Chuẩn mực đánh giá": "HT-02; 8.5",
        "Ngày đánh giá": "15/12/2026",
        "Trưởng đoàn đánh giá": "Nguyễn Thị Lan",
        "Thành viên đoàn đánh giá": "",
    }
    assert plan.tables[0].rows == (("1", "8 giờ 00", "Bộ phận hộ tịch", "Trần Văn Minh"),)
    assert [(one.role, one.name) for one in plan.signatures] == [
        ("TRƯỞNG ĐOÀN ĐÁNH GIÁ", "Nguyễn Thị Lan"),
        ("NGƯỜI PHÊ DUYỆT", ""),
    ]
    assert checklist.landscape
    assert checklist.tables[0].rows[0] == (
        "1",
        "HT-02, bước 3",
        "Cho xem giấy hẹn?",
        "Mười hồ sơ.",
        "Không phù hợp",
        "Hai hồ sơ không có.",
    )
    assert len(checklist.tables[0].rows) == 3
    texts = [block.text for block in report.blocks if isinstance(block, Text)]
    assert texts[0] == (
        "Đã kết luận 2 nội dung: 1 phù hợp, 1 không phù hợp, 0 điểm lưu ý.\n"
        "Còn 1 nội dung trong phiếu chưa kết luận."
    )
    assert "Không ghi nhận điểm lưu ý nào." in texts
    assert texts[-1] == "Quy trình được làm theo."
    assert [table.rows for table in report.tables[1:]] == [
        (("1", "HT-02, bước 3", "Mười hồ sơ.", "Hai hồ sơ không có."),),
        (("1", "HT-02, bước 5", "Sổ trả.", ""),),
    ]


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ({}, []),
        ({"judged": STATE["judged"]}, []),
        ({"plan": {"date": "hôm nay"}}, []),
        ({"plan": {"scope": "Hộ tịch"}}, ["ke-hoach-danh-gia"]),
        ({"schedule": [{"id": "r1", "unit": "Hộ tịch"}]}, ["ke-hoach-danh-gia"]),
        ({"schedule": [{"id": "r1", "unit": " "}]}, []),
        ({"checklist": [{"id": "r1", "question": "Ai làm?"}]}, ["phieu-kiem-tra-danh-gia"]),
        (
            {"checklist": [{"id": "r1", "verdict": "conformity"}]},
            ["phieu-kiem-tra-danh-gia", "bao-cao-danh-gia"],
        ),
        ({"conclusion": "Được."}, ["bao-cao-danh-gia"]),
    ],
)
def test_a_document_is_made_once_it_has_something_to_say(
    desk: AuditDesk, state: dict[str, Any], kinds: list[str]
) -> None:
    assert [document.kind for document in desk.documents(state)] == kinds


KEYS = st.sampled_from(
    [
        "judged",
        "plan",
        "schedule",
        "checklist",
        "conclusion",
        "id",
        "so",
        "mau",
        "verdict",
        "criterion",
        "finding",
        "evidence",
        "requirement",
        "question",
        "gap",
        "date",
        "lead",
        "unit",
        "x",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=12)
    | st.sampled_from([*VERDICTS, "b4", "2026-12-15", "\ud800", "0001-01-01", "a\nb"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@settings(deadline=None, max_examples=200)
@given(raw=JSON)
def test_no_state_from_outside_raises(raw: object) -> None:
    desk = AuditDesk.model_validate(CONTENT)
    assert desk.judge(raw) is False, "nothing made at random is a whole audit"
    for document in desk.documents(raw):
        assert document.kind in {kind.kind for kind in desk.document_kinds}
        for block in document.blocks:
            if isinstance(block, Heading | Text):
                assert block.text
            if isinstance(block, Table):
                assert all(len(row) == len(block.columns) for row in block.rows)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "verdict": st.sampled_from(["", "perhaps", *VERDICTS]),
            "requirement": st.text("ab ", max_size=4),
            "finding": st.text("cd ", max_size=4),
        }
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=100)
@given(rows=ROWS)
def test_the_report_holds_each_judged_line_once(rows: list[dict[str, str]]) -> None:
    state = {"checklist": [{"id": f"r{number}", **row} for number, row in enumerate(rows)]}
    work = read_work(state)
    report = by_kind(AuditDesk.model_validate(CONTENT).documents(state)).get("bao-cao-danh-gia")
    judged = [row for row in rows if row["verdict"] in VERDICTS]
    assert sum(work.counts().values()) == len(judged)
    if report is None:
        assert not judged
        return
    assert sum(len(table.rows) for table in report.tables) == len(judged)
