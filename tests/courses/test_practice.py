"""Checkpoints and the PDCA board of a lesson."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from isoxa_courses.errors import AnswerError, UnknownName
from isoxa_courses.models import Course, Lesson
from isoxa_courses.practice import judge_practice, practice_done, score_practice, show_practice
from isoxa_courses.tools.pdca_board import BOXES, CYCLE, PdcaBoard, judge_board

from tests.courses.strategies import JSON

PLACED = {"v1": "plan", "v2": "do", "v3": "check", "v4": "act"}
WRITTEN = dict.fromkeys(CYCLE, "ba từ đây")


@pytest.fixture(scope="session")
def lesson(course: Course) -> Lesson:
    return course.lesson("01-thu")


@pytest.fixture(scope="session")
def board(lesson: Lesson) -> PdcaBoard:
    tool = lesson.tool("bang")
    assert isinstance(tool, PdcaBoard)
    return tool


def test_a_lesson_lists_what_there_is_to_do(lesson: Lesson) -> None:
    assert lesson.items == ("chon-mot", "noi-cap", "viet", "bang")
    with pytest.raises(UnknownName):
        lesson.checkpoint("bang")


def test_practice_is_shown_the_same_to_everybody(lesson: Lesson) -> None:
    shown = show_practice(lesson, "chon-mot")
    assert shown == show_practice(lesson, "chon-mot")
    assert shown["type"] == "single_choice"
    assert {choice["id"] for choice in shown["choices"]} == {"a", "b"}
    with pytest.raises(UnknownName):
        show_practice(lesson, "khong-co")


def test_practice_is_judged(lesson: Lesson) -> None:
    right, wrong = judge_practice(lesson, "chon-mot", "b"), judge_practice(lesson, "chon-mot", "a")
    assert (right.done, wrong.done) == (True, False)
    assert wrong.to_json()["explanation"]["notes"][0]["text"] == "Thiếu một."
    assert not judge_practice(lesson, "chon-mot", None).done
    with pytest.raises(AnswerError):
        judge_practice(lesson, "chon-mot", 3)


def test_matching_practice_takes_shown_and_plain_ids(lesson: Lesson) -> None:
    shown = show_practice(lesson, "noi-cap")
    sides = {part["text"]: part["id"] for part in (*shown["lefts"], *shown["rights"])}
    assert judge_practice(lesson, "noi-cap", {sides["1"]: sides["một"], sides["2"]: sides["hai"]}).done
    assert judge_practice(lesson, "noi-cap", {"p1": "p1", "p2": "p2"}).done
    assert score_practice(lesson, "noi-cap", {sides["1"]: sides["một"]}) == 0.5


def test_a_state_may_hold_more_than_the_answer(lesson: Lesson) -> None:
    assert practice_done(lesson, "chon-mot", "b")
    assert practice_done(lesson, "chon-mot", {"answer": "b", "tries": 3})
    assert not practice_done(lesson, "chon-mot", {"answer": "a"})
    assert practice_done(lesson, "viet", "một hai ba")
    assert not practice_done(lesson, "viet", "một hai")
    with pytest.raises(UnknownName):
        practice_done(lesson, "khong-co", "b")


@given(raw=JSON)
@settings(deadline=None, max_examples=100)
def test_no_state_from_outside_is_a_crash(lesson: Lesson, raw: Any) -> None:
    for item in lesson.items:
        assert practice_done(lesson, item, raw) in (True, False)
    for state in ({"placed": raw, "cycle": raw}, {"placed": {"v1": raw}, "cycle": {"plan": raw}}):
        assert not practice_done(lesson, "bang", state)


def test_the_board_is_done_when_all_is_placed_and_written(board: PdcaBoard, lesson: Lesson) -> None:
    state = {"placed": PLACED, "cycle": WRITTEN, "seen": True}
    result = judge_board(board, state)
    assert result.to_json() == {"done": True, "misplaced": [], "unplaced": [], "cycle_missing": []}
    assert practice_done(lesson, "bang", state)


def test_the_board_says_what_is_wrong_and_why(board: PdcaBoard) -> None:
    state = {
        "placed": {"v1": "do", "v2": "do", "v3": "đâu đó"},
        "cycle": {**WRITTEN, "act": "  hai \u200b từ "},
    }
    assert judge_board(board, state).to_json() == {
        "done": False,
        "misplaced": [{"item": "v1", "right_box": "plan", "why": "Trước khi làm."}],
        "unplaced": ["v3", "v4"],
        "cycle_missing": ["act"],
    }
    nothing = judge_board(board, None)
    assert nothing.unplaced == ("v1", "v2", "v3", "v4")
    assert nothing.cycle_missing == CYCLE
    assert [box["id"] for box in board.boxes] == list(BOXES)
