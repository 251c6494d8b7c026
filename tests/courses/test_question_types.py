"""What is particular to one type."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.drawing import OpaqueIds, opaque_ids
from isoxa_courses.errors import AnswerError
from isoxa_courses.models import Quiz
from isoxa_courses.questions import TYPES, Question, type_of
from isoxa_courses.questions.matrix_score import band_of
from pydantic import ValidationError

from tests.courses.strategies import questions


def variant(quiz: Quiz, slot: str, id_: str) -> tuple[Question, Any, OpaqueIds]:
    question = quiz.slot(slot).variant(id_)
    kind = type_of(question)
    return question, kind, opaque_ids("seed", slot, kind.names(question))


def points(quiz: Quiz, slot: str, id_: str, canonical: Any, maximum: str = "1") -> Decimal:
    question, kind, _ = variant(quiz, slot, id_)
    score = kind.score(question, kind.canonical(question, canonical), Decimal(maximum)).points
    assert score is not None
    return score


def test_single_choice(quiz: Quiz) -> None:
    assert points(quiz, "mot", "m1", "a") == 1
    assert points(quiz, "mot", "m1", "b") == 0
    question, kind, ids = variant(quiz, "mot", "m1")
    wrong = kind.explain(question, "b", ids.opaque)
    assert wrong.correct_text == "A"
    assert {(note.part, note.right, note.text) for note in wrong.notes} == {
        (ids.opaque("a"), False, "Chữ đầu là A."),
        (ids.opaque("b"), False, "B đứng thứ hai trong bảng chữ cái."),
    }
    assert kind.describe(question, "b") == "B"
    with pytest.raises(AnswerError):
        kind.parse(question, "a", ids.reveal)  # the bank's own id is not the browser's


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (["a", "c"], "1.50"),
        (["a"], "0.75"),
        (["a", "b"], "0"),
        (["a", "c", "b"], "0.75"),
        (["a", "b", "c", "d"], "0"),  # ticking everything earns nothing
        (["b", "d"], "0"),
    ],
)
def test_multiple_choice_partial_credit(quiz: Quiz, chosen: list[str], expected: str) -> None:
    assert points(quiz, "nhieu", "n1", chosen, "1.5") == Decimal(expected)


def test_multiple_choice_is_kept_in_bank_order_and_empty_is_no_answer(quiz: Quiz) -> None:
    question, kind, ids = variant(quiz, "nhieu", "n1")
    assert kind.parse(question, [ids.opaque("c"), ids.opaque("a")], ids.reveal) == ["a", "c"]
    assert kind.parse(question, [], ids.reveal) is None
    assert kind.describe(question, ["a", "c"]) == "2; 4"


@pytest.mark.parametrize(
    ("order", "expected"), [("i1 i2 i3", "1"), ("i2 i1 i3", "0.33"), ("i3 i2 i1", "0.33"), ("i2 i3 i1", "0")]
)
def test_ordering_counts_places(quiz: Quiz, order: str, expected: str) -> None:
    assert points(quiz, "thu-tu", "t1", order.split()) == Decimal(expected)


def test_an_ordering_needs_all_items(quiz: Quiz) -> None:
    question, kind, ids = variant(quiz, "thu-tu", "t1")
    for raw in ([ids.opaque("i1")], []):
        with pytest.raises(AnswerError, match="đủ cả 3 mục"):
            kind.parse(question, raw, ids.reveal)
    assert kind.describe(question, ["i2", "i1", "i3"]) == "1) Hai; 2) Một; 3) Ba"


@given(questions(("ordering",)), st.integers())
@settings(deadline=None)
def test_an_ordering_never_starts_solved(question: Any, seed: int) -> None:
    assert type_of(question).draw(question, Random(seed))["items"] != question.item_ids


def test_matching(quiz: Quiz) -> None:
    assert points(quiz, "cap", "c1", {"p1": "p1", "p2": "p2", "p3": "p3"}, "2") == 2
    assert points(quiz, "cap", "c1", {"p1": "p1", "p2": "x1"}, "2") == Decimal("0.67")
    assert points(quiz, "cap", "c1", {"p1": "p2", "p2": "p1"}, "2") == 0
    question, kind, ids = variant(quiz, "cap", "c1")
    assert ids.opaque("left:p1") != ids.opaque("right:p1")
    unfinished = {ids.opaque("left:p2"): ids.opaque("right:p1")}
    assert kind.parse(question, unfinished, ids.reveal) == {"p2": "p1"}
    assert kind.parse(question, {}, ids.reveal) is None
    for swapped in (
        {ids.opaque("right:p1"): ids.opaque("left:p1")},
        {ids.opaque("left:p1"): ids.opaque("left:p2")},
    ):
        with pytest.raises(AnswerError):
            kind.parse(question, swapped, ids.reveal)
    assert kind.describe(question, {"p1": "x1"}) == "Lâm Đồng → Suối Lành"


def test_classification(quiz: Quiz) -> None:
    assert points(quiz, "xep-o", "x1", {"i1": "le", "i2": "chan", "i3": "le"}) == 1
    assert points(quiz, "xep-o", "x1", {"i1": "le"}) == Decimal("0.33")
    question, kind, ids = variant(quiz, "xep-o", "x1")
    half = kind.explain(question, {"i1": "chan"}, ids.opaque)
    assert half.right is False
    notes = {note.part: note for note in half.notes}
    assert notes[ids.opaque("item:i1")].text == "Lẻ: 1 không chia hết cho 2."
    assert [note.right for note in half.notes] == [False, False, False]
    shown = kind.show(question, kind.draw(question, Random(1)), ids.opaque)
    assert [box["text"] for box in shown["boxes"]] == ["Chẵn", "Lẻ"]


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ({"i1": [4, 3], "i2": [1, 5]}, "1"),
        ({"i1": [5, 2], "i2": [1, 5]}, "1"),  # the key of i1 allows one level
        ({"i1": [4, 3], "i2": [2, 5]}, "0.75"),  # that of i2 does not
        ({"i1": [2, 3]}, "0.25"),
        ({"i1": [None, 3], "i2": [1, None]}, "0.5"),
        ({"i1": [1, 5], "i2": [5, 1]}, "0"),
    ],
)
def test_matrix_score_counts_halves(quiz: Quiz, placed: dict[str, Any], expected: str) -> None:
    assert points(quiz, "rui-ro", "r1", placed) == Decimal(expected)


def test_matrix_score_words(quiz: Quiz) -> None:
    question, kind, ids = variant(quiz, "rui-ro", "r1")
    told = kind.explain(question, {"i2": [1, 3], "i1": [3, 4]}, ids.opaque)
    notes = {note.part: (note.right, note.text) for note in told.notes}
    assert notes[ids.opaque("i1")] == (
        True,
        "Đáp án: khả năng 4 (Thường xuyên) × ảnh hưởng 3 (Vừa) = 12, mức trung bình (chấp nhận lệch 1 bậc)."
        " Tháng nào cũng mất một lần.",
    )
    assert notes[ids.opaque("i2")][1].startswith("Khả năng xảy ra thì đã đúng. Đáp án: khả năng 1")
    assert kind.describe(question, {"i1": [3, None]}) == "Mất mạng: khả năng 3 × ảnh hưởng chưa chọn"
    assert kind.parse(question, {ids.opaque("i1"): [None, None]}, ids.reveal) is None
    shown = kind.show(question, kind.draw(question, Random(1)), ids.opaque)
    assert [band["to"] for band in shown["bands"]] == [5, 12, 25]
    assert [len(words) for words in shown["scale"].values()] == [5, 5]


@pytest.mark.parametrize(
    "placed", [[0, 3], [6, 3], [3], [3, 3, 3], [True, 3], [3.0, 3], ["3", 3], 3, None, {}]
)
def test_a_place_off_the_grid_is_refused(quiz: Quiz, placed: Any) -> None:
    question, kind, ids = variant(quiz, "rui-ro", "r1")
    with pytest.raises(AnswerError, match="anh/chị"):
        kind.parse(question, {ids.opaque("i1"): placed}, ids.reveal)


@pytest.mark.parametrize(
    ("product", "word"),
    [(1, "thấp"), (5, "thấp"), (6, "trung bình"), (12, "trung bình"), (15, "cao"), (25, "cao")],
)
def test_bands(product: int, word: str) -> None:
    assert band_of(product) == word


def test_table_fill(quiz: Quiz) -> None:
    right = {"v1/ai": "b1", "v2/ai": "b2", "v2/khi-nao": "b3"}
    assert points(quiz, "bang", "b1", right, "2") == 2
    assert points(quiz, "bang", "b1", {"v1/ai": "b1", "v2/ai": "b1"}, "2") == Decimal("0.67")
    question, kind, ids = variant(quiz, "bang", "b1")
    shown = kind.show(question, kind.draw(question, Random(1)), ids.opaque)
    assert shown["columns"] == ["Ai làm", "Khi nào"]
    assert shown["rows"] == [
        {"text": "Soạn quy trình", "cells": [{"id": ids.opaque("cell:v1/ai")}, {"text": "Trước 28/2"}]},
        {
            "text": "Duyệt quy trình",
            "cells": [{"id": ids.opaque("cell:v2/ai")}, {"id": ids.opaque("cell:v2/khi-nao")}],
        },
    ]
    assert kind.parse(question, {ids.opaque("cell:v2/ai"): ids.opaque("bank:b1")}, ids.reveal) == {
        "v2/ai": "b1"
    }
    for odd in (
        {ids.opaque("bank:b1"): ids.opaque("cell:v2/ai")},
        {ids.opaque("cell:v1/ai"): ids.opaque("cell:v2/ai")},
        {"v1/ai": "b1"},
    ):
        with pytest.raises(AnswerError):
            kind.parse(question, odd, ids.reveal)
    assert kind.describe(question, {"v2/ai": "b1"}) == "Duyệt quy trình – Ai làm: Công chức một cửa"
    told = {note.part: note for note in kind.explain(question, {"v2/ai": "b1"}, ids.opaque).notes}
    assert told[ids.opaque("cell:v1/ai")].text == "Công chức một cửa: Người làm viết quy trình mình làm."
    assert told[ids.opaque("cell:v2/khi-nao")].text == "Trước 31/3: Duyệt sau khi soạn xong."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"cells": [{"row": "v9", "column": "ai", "answer": "b1"}]}, "Không có hàng “v9”"),
        ({"cells": [{"row": "v1", "column": "dau", "answer": "b1"}]}, "Không có cột “dau”"),
        ({"cells": [{"row": "v1", "column": "ai", "answer": "b9"}]}, "Không có mục “b9” trong bank"),
        ({"given": [{"row": "v1", "column": "ai", "text": "x"}]}, "đã có ở trên"),
        ({"bank": [{"id": "b1", "text": "Một"}, {"id": "b2", "text": "một"}]}, "trùng với mục “b1”"),
        ({"cells": []}, "too_short"),
    ],
)
def test_a_table_must_fit(quiz: Quiz, change: dict[str, Any], reason: str) -> None:
    data = quiz.slot("bang").variant("b1").model_dump()
    with pytest.raises(ValidationError) as caught:
        TYPES["table_fill"].model.model_validate({**data, **change})
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("98,5", True),
        ("98.5", True),
        ("98,5 %", True),
        ("98,5%", True),
        ("98,50 phần trăm", True),
        ("98,4", True),  # the tolerance is inclusive
        ("98,6", True),
        ("98,61", False),
        ("985", False),
        (98.5, True),
        (98, False),
    ],
)
def test_numeric_reads_what_people_type(quiz: Quiz, typed: Any, right: bool) -> None:
    question, kind, ids = variant(quiz, "so", "s1")
    answer = kind.parse(question, typed, ids.reveal)
    assert kind.is_right(question, answer) is right


def test_numeric_dots_and_units(quiz: Quiz) -> None:
    question, kind, ids = variant(quiz, "so", "s2")
    assert kind.parse(question, "1,125", ids.reveal) == "1.125"
    assert kind.parse(question, "1.125", ids.reveal) == "1125"  # three digits after a dot are thousands
    assert kind.publish(question, "1.125", ids.opaque) == "1,125"
    assert points(quiz, "so", "s2", "1.125") == 1
    assert kind.parse(question, "-0,0", ids.reveal) == "0"
    assert kind.parse(question, "  ", ids.reveal) is None
    percent, _, _ = variant(quiz, "so", "s1")
    for raw, message in [
        ("98,5 kg", "kg"),
        ("1,250.5", "không phải là số"),
        ("9" * 81, "80 ký tự"),
        (float("nan"), "quá lớn"),
        (10**5000, "quá lớn"),
        (float("-inf"), "quá lớn"),
    ]:
        with pytest.raises(AnswerError, match=message):
            kind.parse(percent, raw, ids.reveal)
    assert kind.explain(percent, None, ids.opaque).correct_text == "98,5 % (chấp nhận chênh lệch đến 0,1)"
    assert kind.describe(percent, "1250") == "1.250 %"


@pytest.mark.parametrize("typed", ["Kiểm tra", "kiem  TRA", " “Kiểm tra”. ", "check", "Kiê\u0309m tra"])
def test_short_text_folds(quiz: Quiz, typed: str) -> None:
    assert points(quiz, "tu", "k1", typed) == 1


def test_short_text_limits(quiz: Quiz) -> None:
    assert points(quiz, "tu", "k1", "Kiểm") == 0
    assert points(quiz, "tu", "k1", "...") == 0
    question, kind, ids = variant(quiz, "tu", "k1")
    assert kind.parse(question, " \u200b ", ids.reveal) is None
    assert kind.parse(question, "x" * 500, ids.reveal) == "x" * 500
    with pytest.raises(AnswerError, match="500 ký tự"):
        kind.parse(question, "x" * 501, ids.reveal)


def test_written_waits_for_a_trainer(quiz: Quiz) -> None:
    question, kind, ids = variant(quiz, "viet", "v1")
    answer = kind.parse(question, " một \r\n\r\n hai\x00 ", ids.reveal)
    assert answer == "một\n\nhai"
    assert kind.score(question, answer, Decimal(3)).points is None
    assert kind.explain(question, answer, ids.opaque).right is None
    assert kind.describe(question, answer) == "một hai"
    blank = kind.parse(question, " \n ", ids.reveal)
    assert blank is None
    assert kind.score(question, blank, Decimal(3)).points == 0
    shown = kind.show(question, {}, ids.opaque)
    assert shown == {
        "min_words": 5,
        "rubric": [{"text": "Có số", "points": 1.5}, {"text": "Có hạn", "points": 1.5}],
    }
    with pytest.raises(AnswerError, match=r"20\.000 ký tự"):
        kind.parse(question, "x" * 20_001, ids.reveal)
