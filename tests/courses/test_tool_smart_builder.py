"""The SMART builder's judge and document: by example, and for JSON of any shape."""

from __future__ import annotations

import json
import unicodedata
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.loading import load_lesson
from isoxa_courses.shipped import content_root
from isoxa_courses.tools.smart_builder import (
    LONGEST_SENTENCE,
    SmartBuilder,
    judge_builder,
    read_sentence,
)
from pydantic import ValidationError

from tests.courses.objective_tools import BUILDER, GOOD, GOOD_TOO, IMPOSSIBLE, WEAK, builder, builder_done

TODAY = date(2026, 11, 22)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just(GOOD),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=6)
            | st.sampled_from(
                ["repairs", "objectives", "id", "text", "baseline", "source", "owner", "cau-1"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=16,
)


def test_whole_sentences_and_an_own_objective_finish_it() -> None:
    result = judge_builder(builder(), builder_done(), TODAY)
    assert result.done
    assert builder().judge(builder_done())
    assert all(one.good for one in result.repairs.values())
    assert (result.own_good, result.own_needed) == (1, 1)


@pytest.mark.parametrize("text", ["", "   ", "…", WEAK, IMPOSSIBLE, None, 7, "x" * (LONGEST_SENTENCE + 1)])
@pytest.mark.parametrize("where", ["repair", "objective"])
def test_one_sentence_that_is_not_whole_leaves_it_unfinished(text: Any, where: str) -> None:
    state = builder_done()
    if where == "repair":
        state["repairs"]["cau-2"] = text
    else:
        state["objectives"][0]["text"] = text
    result = judge_builder(builder(), state, TODAY)
    assert not result.done
    assert result.repairs["cau-1"].good


def test_what_cannot_be_told_about_achievable_holds_nobody_back_but_the_impossible_does() -> None:
    unknown = read_sentence(GOOD_TOO, TODAY)
    assert unknown.review is not None
    assert unknown.review.achievable.verdict == "cannot_tell"
    assert unknown.good
    refuted = read_sentence(IMPOSSIBLE, TODAY)
    assert refuted.review is not None
    assert refuted.review.achievable.verdict == "not_met"
    assert not refuted.good


def test_the_baseline_beside_the_sentence_changes_no_verdict() -> None:
    state = builder_done()
    state["objectives"] = [{"id": "r1", "text": GOOD_TOO, "baseline": "12% năm 2026"}]
    result = judge_builder(builder(), state, TODAY)
    review = result.objectives["r1"].review
    assert review is not None
    assert review.achievable.verdict == "cannot_tell"


def test_the_same_objective_copied_counts_once() -> None:
    content = deepcopy(BUILDER)
    content["own"]["min_objectives"] = 2
    tool = SmartBuilder.model_validate(content)
    state = builder_done()
    state["objectives"] = [{"id": "r1", "text": GOOD}, {"id": "r2", "text": f"  {GOOD.upper()} "}]
    assert judge_builder(tool, state, TODAY).own_good == 1
    assert not tool.judge(state)
    state["objectives"][1]["text"] = GOOD_TOO
    assert tool.judge(state)


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    assert read_sentence(unicodedata.normalize("NFD", GOOD), TODAY) == read_sentence(GOOD, TODAY)


def test_every_quoted_word_stands_in_the_text_that_was_read() -> None:
    result = read_sentence(f"  {unicodedata.normalize('NFD', IMPOSSIBLE)}\n\n", TODAY)
    assert result.review is not None
    review = result.review
    for one in (review.specific, review.measurable, review.achievable, review.relevant, review.time_bound):
        assert all(words in result.text for words in one.words)
    assert review.achievable.words


def test_too_long_and_empty_are_told_and_not_read() -> None:
    assert read_sentence("Đ" * (LONGEST_SENTENCE + 1)).to_json() == {
        "state": "too_long",
        "text": "",
        "good": False,
        "review": None,
    }
    assert read_sentence("Đ" * LONGEST_SENTENCE).state == "read"
    assert read_sentence(" \u200b\n ").state == "empty"


@settings(deadline=None, max_examples=150)
@given(raw=JSON)
def test_no_state_raises(raw: object) -> None:
    tool = builder()
    result = judge_builder(tool, raw, TODAY)
    json.dumps(result.to_json())
    assert tool.judge(raw) is result.done
    for document in tool.documents(raw):
        assert all(len(row) == len(table.columns) for table in document.tables for row in table.rows)


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=300))
def test_no_sentence_raises(text: str) -> None:
    result = read_sentence(text, TODAY)
    assert result.state in ("read", "empty")
    if result.review is not None:
        criteria = [result.review.specific, result.review.measurable, result.review.time_bound]
        assert all(words in result.text for one in criteria for words in one.words)


def test_the_document_is_a_table_of_the_officers_own_words() -> None:
    state = builder_done()
    state["objectives"] += [
        {"id": "r2", "text": "", "baseline": "", "source": "", "owner": ""},
        {"id": "r3", "text": GOOD_TOO, "owner": "Ông Bình\x00"},
    ]
    (document,) = builder().documents(state)
    assert document.kind == "muc-tieu-chat-luong"
    assert document.title == "MỤC TIÊU CHẤT LƯỢNG"
    (table,) = document.tables
    assert [column.title for column in table.columns] == [
        "STT",
        "Mục tiêu",
        "Mức hiện nay",
        "Nguồn số liệu",
        "Người phụ trách",
    ]
    assert table.rows == (
        ("1", GOOD, "96,0%", "Sổ một cửa", "Bà An"),
        ("2", GOOD_TOO, "", "", "Ông Bình"),
    )
    assert [one.role for one in document.signatures] == ["NGƯỜI LẬP", "NGƯỜI PHÊ DUYỆT"]
    assert [(kind.kind, kind.formats) for kind in SmartBuilder.document_kinds] == [
        ("muc-tieu-chat-luong", ("docx", "xlsx"))
    ]


@pytest.mark.parametrize(
    "raw", [None, {}, {"objectives": [{"id": "r1", "text": " – "}]}, {"repairs": {"cau-1": GOOD}}]
)
def test_nothing_of_ones_own_gives_no_document(raw: object) -> None:
    assert builder().documents(raw) == ()


def test_a_record_that_is_malformed_is_left_out_of_the_document() -> None:
    (document,) = builder().documents(
        {
            "objectives": [
                7,
                {"text": "không có mã"},
                {"id": "r1", "text": GOOD},
                {"id": "r1", "text": "lần hai"},
            ]
        }
    )
    assert [row[1] for row in document.tables[0].rows] == [GOOD]


@pytest.mark.parametrize(
    "change",
    [
        {"repairs": BUILDER["repairs"][:1]},
        {"repairs": [BUILDER["repairs"][0], BUILDER["repairs"][0]]},
        {"own": {"example": "", "min_objectives": 1}},
        {"own": {"example": GOOD, "min_objectives": 0}},
        {"answers": []},
    ],
    ids=["one repair", "one id twice", "no example", "none asked for", "unknown field"],
)
def test_content_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SmartBuilder.model_validate({**BUILDER, **change})


def test_the_lesson_shows_samples_that_the_reader_would_pass() -> None:
    lesson = load_lesson(content_root().courses / "iso-9001-cap-xa", "06a-muc-tieu-smart")
    tools = [tool for tool in lesson.tools if isinstance(tool, SmartBuilder)]
    assert tools
    for tool in tools:
        for repair in tool.repairs:
            assert not read_sentence(repair.text, TODAY).good, f"{repair.id} is not weak"
            assert read_sentence(repair.sample, TODAY).good, f"{repair.id}: the sample itself is not whole"
        assert read_sentence(tool.own.example, TODAY).good
