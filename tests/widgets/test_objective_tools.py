"""The Python side of the SMART builder and the plan table: what a page gets, and what nonsense gets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from isoxa_widgets import lesson
from isoxa_widgets.lessons import tool_widget
from isoxa_widgets.widget import LessonWidget

from tests.courses.objective_tools import GOOD, builder, builder_done, plan, plan_done
from tests.widgets.test_lesson_tools import JSON, ask


@pytest.fixture(params=["builder", "plan"])
def widget(request: pytest.FixtureRequest) -> LessonWidget:
    return tool_widget(builder() if request.param == "builder" else plan())


def test_a_whole_state_is_done_and_stays_done(widget: LessonWidget) -> None:
    state = builder_done() if widget.item == "muc-tieu" else plan_done()
    (reply,) = ask(widget, {"kind": "check", "id": 4, "state": state})
    assert (reply["id"], reply["done"], widget.done) == (4, True, True)
    (reply,) = ask(widget, {"kind": "check", "id": 5, "state": {}})
    assert (reply["done"], widget.done) == (False, True)


def test_the_page_is_not_told_where_the_holes_of_the_plan_are() -> None:
    shown = {k: v for k, v in tool_widget(plan()).get_state().items() if not k.startswith("_")}
    text = json.dumps(shown, ensure_ascii=False, default=str)
    assert "missing" not in text
    assert "không ai chịu trách nhiệm" not in text
    assert tool_widget(plan()).get_state()["source"] == {
        "lesson": "06a-muc-tieu-smart",
        "tool": "muc-tieu",
        "number": "6a",
    }


def test_a_plan_without_an_earlier_lesson_has_no_source() -> None:
    assert tool_widget(plan().model_copy(update={"objective_from": None})).get_state()["source"] == {}


def test_a_reply_says_each_criterion_with_the_words_that_decided_it() -> None:
    (reply,) = ask(
        tool_widget(builder()),
        {"kind": "check", "id": 1, "state": {"objectives": [{"id": "r7", "text": f" {GOOD}\n"}]}},
    )
    one = reply["objectives"]["r7"]
    assert (one["state"], one["text"], one["good"]) == ("read", GOOD, True)
    criteria = {name: value for name, value in one["review"].items() if name != "notes"}
    assert set(criteria) == {"specific", "measurable", "achievable", "relevant", "time_bound"}
    assert all(value["advice"] and set(value["words"]) for value in criteria.values())
    json.dumps(reply)


@settings(deadline=None, max_examples=60)
@given(value=JSON)
def test_no_message_from_outside_raises_or_finishes_anything(value: Any) -> None:
    for widget in (tool_widget(builder()), tool_widget(plan())):
        ask(widget, value)
        for state in (
            value,
            {"repairs": value, "objectives": value},
            {"found": value, "objective": value, "rows": value},
        ):
            (reply,) = ask(widget, {"kind": "check", "id": 7, "state": state})
            assert reply["id"] == 7
        assert not widget.done


@pytest.mark.parametrize(
    ("lesson_id", "tool"), [("06a-muc-tieu-smart", "muc-tieu"), ("06b-ke-hoach-5w1h", "ke-hoach")]
)
def test_the_lessons_show_their_tools(lesson_id: str, tool: str) -> None:
    state = lesson(lesson_id).tool(tool).get_state()
    assert state["item"] == tool
    assert state["documents"]
