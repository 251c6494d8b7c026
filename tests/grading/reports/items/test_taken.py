"""Wrong parts of every question type, from answers that were stored and from ones that make no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest
from isoxa_courses.questions import question_type
from isoxa_grading.reports.items.taken import taken_of

COMMON = {"id": "v1", "prompt": "Hỏi?", "explanation": "Vì thế."}
PARTS = [{"id": "a", "text": "Một"}, {"id": "b", "text": "Hai"}, {"id": "c", "text": "Ba"}]


def made(**fields: Any) -> Any:
    return question_type(fields["type"]).model.model_validate(COMMON | fields)


ORDER = made(type="ordering", items=PARTS)
MATCH = made(
    type="matching",
    pairs=[
        {"id": "p1", "left": "Trái 1", "right": "Phải 1"},
        {"id": "p2", "left": "Trái 2", "right": "Phải 2"},
    ],
    extra=[{"id": "e", "right": "Thừa"}],
)
SORT = made(
    type="classification",
    boxes=[{"id": "x", "text": "Hộp X"}, {"id": "y", "text": "Hộp Y"}],
    items=[
        {"id": "a", "text": "Một", "box": "x", "why": "."},
        {"id": "b", "text": "Hai", "box": "y", "why": "."},
    ],
)
FIGURE = made(type="numeric", answer="98,5", tolerance="0,1", unit="%")
SHORT = made(type="short_text", accepted=["Một cửa"])
MATRIX = made(
    type="matrix_score",
    items=[{"id": "r", "text": "Mất mạng", "likelihood": 3, "severity": 4, "tolerance": 1, "why": "."}],
)
TABLE = made(
    type="table_fill", columns=[{"id": "ai", "text": "Ai"}], rows=[{"id": "viec", "text": "Soạn"}],
    bank=PARTS, cells=[{"row": "viec", "column": "ai", "answer": "a", "why": "."}],
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "answers", "wrong", "empty"),
    [
        (ORDER, [(["a", "b", "c"], 3), (["b", "a", "c"], 2), (None, 1)],
         [("Hai", "xếp thứ 1, đúng là thứ 2", 2), ("Một", "xếp thứ 2, đúng là thứ 1", 2)], 1),
        (MATCH, [({"p1": "p1", "p2": "p2"}, 5), ({"p1": "e"}, 2), ({"p1": "p2", "p2": "p1"}, 1)],
         [("Trái 1", "Thừa", 2), ("Trái 1", "Phải 2", 1), ("Trái 2", "Phải 1", 1)], 0),
        (SORT, [({"a": "x", "b": "x"}, 4), ({"a": "y"}, 1)], [("Hai", "Hộp X", 4), ("Một", "Hộp Y", 1)], 0),
        (FIGURE, [("98.5", 3), ("98.4", 1), ("97", 2), ("1250", 1)],
         [("", "97 %", 2), ("", "1.250 %", 1)], 0),
        (SHORT, [("Một cửa", 1), ("mot cua.", 2), ("Liên thông", 1), ("lien thong", 3), ("<b>x</b>", 1)],
         [("", "lien thong", 4), ("", "<b>x</b>", 1)], 0),
        (MATRIX, [({"r": [4, 5]}, 2), ({"r": [1, 4]}, 3), ({"r": [None, 4]}, 1)],
         [("Mất mạng", "khả năng 1 (Rất hiếm khi) × ảnh hưởng 4 (Nặng) = 4, mức thấp", 3)], 0),
        (TABLE, [({"viec/ai": "a"}, 2), ({"viec/ai": "c"}, 1)], [("Soạn – Ai", "Ba", 1)], 0),
    ],
    ids=lambda one: getattr(one, "type", None),
)  # fmt: skip
def test_wrong_parts(question: Any, answers: list[tuple[Any, int]], wrong: list[Any], empty: int) -> None:
    stored = {json.dumps(answer): count for answer, count in answers}
    taken, left_empty = taken_of(question, stored)
    assert [(one.part, one.text, one.count) for one in taken] == wrong
    assert left_empty == empty
    assert not any(one.right for one in taken)


def test_nobody_was_asked() -> None:
    for question in (ORDER, MATCH, SORT, FIGURE, SHORT, MATRIX, TABLE):
        assert taken_of(question, {}) == ([], 0)


def test_ids_that_are_no_more_are_passed_over() -> None:
    single = made(
        type="single_choice",
        choices=[{"id": "a", "text": "A", "correct": True, "why": "."}, {"id": "b", "text": "B", "why": "."}],
    )
    taken, _empty = taken_of(single, {json.dumps("gone"): 3, json.dumps("a"): 1})
    assert [one.count for one in taken] == [1, 0]
    assert taken_of(SORT, {json.dumps({"gone": "x", "a": "gone"}): 3}) == ([], 0)
    assert taken_of(MATCH, {json.dumps({"p1": "gone"}): 1}) == ([], 0)
