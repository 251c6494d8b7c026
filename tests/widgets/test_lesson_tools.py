"""The Python side of the lesson widgets, without a kernel: what they show, how they judge, what nonsense gets."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import isoxa_widgets
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.errors import ContentError, UnknownName
from isoxa_courses.models import Fact
from isoxa_courses.shipped import content_root
from isoxa_widgets import LessonNotFound, LessonTools, lesson
from isoxa_widgets.facts import FactNote
from isoxa_widgets.widget import LessonWidget

LESSON = "03-pdca"
COURSE_FOLDER = content_root().courses / "iso-9001-cap-xa"


@pytest.fixture
def bai() -> LessonTools:
    return lesson(LESSON)


def ask(widget: LessonWidget, content: object) -> list[dict[str, Any]]:
    """What the widget sends back for one message from a browser."""
    sent: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(widget, "send", lambda content, buffers=None: sent.append(content), raising=False)
        widget._handle_custom_msg(content, [])
    return sent


def test_exported_names_are_those_of_all() -> None:
    assert set(isoxa_widgets.__all__) == {"LessonNotFound", "LessonTools", "lesson", "preview"}
    assert all(hasattr(isoxa_widgets, name) for name in isoxa_widgets.__all__)


def test_every_checkpoint_and_tool_of_the_lesson_can_be_shown(bai: LessonTools) -> None:
    for item in bai._content.items:
        is_tool = any(tool.id == item for tool in bai._content.tools)
        widget = bai.tool(item) if is_tool else bai.checkpoint(item)
        state = widget.get_state()
        json.dumps({name: value for name, value in state.items() if name != "layout"})
        assert state["item"] == item


def test_what_is_sent_to_the_page_does_not_hold_the_answer(bai: LessonTools) -> None:
    checkpoint = json.dumps(bai.checkpoint("rut-kinh-nghiem").question, ensure_ascii=False)
    assert "correct" not in checkpoint
    assert "Có việc mới" not in checkpoint  # a reason
    board = bai.tool("bang-pdca")
    assert set(board.items[0]) == {"id", "text"}
    assert [item["id"] for item in board.items] != sorted(item["id"] for item in board.items)


def test_a_right_answer_is_done_and_a_wrong_one_is_told_why(bai: LessonTools) -> None:
    widget = bai.checkpoint("rut-kinh-nghiem")
    (wrong,) = ask(widget, {"kind": "check", "id": 1, "answer": "d"})
    assert wrong["kind"] == "feedback"
    assert wrong["id"] == 1
    assert not wrong["done"]
    assert wrong["explanation"]["right"] is False
    note = next(note for note in wrong["explanation"]["notes"] if note["part"] == "d")
    assert "Chờ thêm một quý" in note["text"]
    assert not widget.done
    (right,) = ask(widget, {"kind": "check", "id": 2, "answer": "b"})
    assert right["done"]
    assert right["explanation"]["right"] is True
    assert widget.done
    ask(widget, {"kind": "check", "id": 3, "answer": "a"})
    assert widget.done, "what was done once stays done"


def test_an_answer_that_cannot_be_read_gets_a_word_and_is_not_done(bai: LessonTools) -> None:
    (reply,) = ask(bai.checkpoint("ty-le"), {"kind": "check", "id": 1, "answer": "chín mươi"})
    assert reply["kind"] == "problem"
    assert "chín mươi" in reply["message"]


def test_the_board_gives_a_reason_for_each_misplaced_task(bai: LessonTools) -> None:
    board = bai.tool("bang-pdca")
    (reply,) = ask(
        board, {"kind": "check", "id": 1, "state": {"placed": {"v01": "act", "v05": "do"}, "cycle": {}}}
    )
    assert [one["item"] for one in reply["misplaced"]] == ["v01"]
    assert "Hoạch định" in reply["misplaced"][0]["why"]
    assert len(reply["unplaced"]) == len(board.items) - 2
    assert not reply["done"]


def test_a_whole_board_and_cycle_are_done_and_counted_by_the_summary(bai: LessonTools) -> None:
    board = bai.tool("bang-pdca")
    summary = bai.summary()
    assert summary.progress["done"] == 0
    content = bai._content.tool("bang-pdca")
    state = {
        "placed": {item.id: item.box for item in content.items},  # type: ignore[attr-defined]
        "cycle": {field["id"]: "một hai ba bốn năm sáu" for field in board.cycle["fields"]},
    }
    board.state = state
    (reply,) = ask(board, {"kind": "check", "id": 1, "state": state})
    assert reply["done"]
    assert summary.progress["done"] == 1
    assert summary.progress["items"]["bang-pdca"]["done"] is True
    assert summary.progress["total"] == len(bai._content.items)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60)
@given(value=JSON)
def test_no_message_from_outside_raises_or_finishes_anything(value: object) -> None:
    bai = lesson(LESSON)
    for widget in (
        bai.checkpoint("bon-cau-hoi"),
        bai.checkpoint("ke-hoach-du"),
        bai.tool("bang-pdca"),
        bai.summary(),
    ):
        ask(widget, value)
        for key in ("answer", "state", "placed", "cycle"):
            replies = ask(widget, {"kind": "check", "id": 7, key: value})
            assert [reply["id"] for reply in replies] == [7]
        assert not widget.done


@pytest.mark.parametrize("number", [None, "1", 1.5, True, [], {}])
def test_a_message_without_a_number_is_passed_over(bai: LessonTools, number: object) -> None:
    assert ask(bai.checkpoint("ty-le"), {"kind": "check", "id": number, "answer": "96"}) == []


def test_the_browser_cannot_make_a_widget_hold_another_type(bai: LessonTools) -> None:
    widget = bai.checkpoint("ty-le")
    with pytest.raises(Exception, match="done"):
        widget.set_state({"done": {"evil": 1}})
    assert widget.done is False


def test_unknown_names_are_errors(bai: LessonTools) -> None:
    with pytest.raises(UnknownName):
        bai.checkpoint("khong-co")
    with pytest.raises(UnknownName):
        bai.tool("khong-co")
    with pytest.raises(LessonNotFound):
        bai.fact("khong-co")
    with pytest.raises(LessonNotFound):
        lesson("99-khong-co")


def test_the_release_folder_alone_is_read_where_the_portal_names_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOXA_RELEASE_DIR", str(tmp_path))
    with pytest.raises(LessonNotFound):
        lesson(LESSON)
    (tmp_path / "lessons").mkdir()
    source = (COURSE_FOLDER / "lessons" / f"{LESSON}.yaml").read_text("utf-8")
    (tmp_path / "lessons" / f"{LESSON}.yaml").write_text(source, "utf-8")
    assert lesson(LESSON)._content.id == LESSON
    (tmp_path / "lessons" / f"{LESSON}.yaml").write_text("lesson: [", "utf-8")
    with pytest.raises(ContentError):
        lesson(LESSON)


def test_a_notebook_in_a_checkout_finds_the_course_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = tmp_path / "courses" / "iso-9001-cap-xa" / "lessons"
    course.mkdir(parents=True)
    text = (COURSE_FOLDER / "lessons" / f"{LESSON}.yaml").read_text("utf-8")
    (course / f"{LESSON}.yaml").write_text(text.replace('title: "Bảng PDCA"', 'title: "Bảng riêng"'), "utf-8")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert lesson(LESSON).tool("bang-pdca").title == "Bảng riêng"


def fact(**changes: Any) -> Fact:
    values = {
        "id": "f",
        "text": "Cập nhật trong <b>3 tháng</b>.",
        "source": "QĐ 19/2014/QĐ-TTg",
        "article": "Điều 4",
        "checked": date(2026, 11, 21),
        "status": "in_force",
        "recheck_by": date(2027, 3, 31),
    }
    return Fact.model_validate({**values, **changes})


def test_a_fact_shows_source_and_day_and_never_markup_of_its_own() -> None:
    html = FactNote(fact())._repr_html_()
    assert "Điều 4, QĐ 19/2014/QĐ-TTg" in html
    assert "21/11/2026" in html
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    ("changes", "today", "words"),
    [
        ({}, date(2027, 3, 31), "còn hiệu lực"),
        ({}, date(2027, 4, 1), "cần đối chiếu lại"),
        ({"status": "recheck"}, date(2026, 12, 1), "cần đối chiếu lại"),
        ({"status": "replaced"}, date(2026, 12, 1), "đã bị thay thế"),
        ({"recheck_by": None}, date(2040, 1, 1), "còn hiệu lực"),
    ],
)
def test_a_fact_says_whether_it_may_be_relied_on(changes: dict[str, Any], today: date, words: str) -> None:
    assert words in FactNote(fact(**changes)).standing(today)
