"""Frames of pages and workers, and what is refused of them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebook_sessions import NoSession, messages
from notebook_sessions.host import MOST_WAITING_BYTES
from notebook_sessions.journal import MOST_BYTES, Journal
from notebook_sessions.messages import BadFrame, Message
from notebook_sessions.wire import BrokenWire, Kind, Unpacker, pack

from tests.sessions.conftest import Notebook, Stage, Visit

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECT = st.dictionaries(st.text(), JSON, max_size=3)


@st.composite
def some_messages(draw: st.DrawFn) -> Message:
    header = {**draw(OBJECT), "msg_id": draw(st.text()), "msg_type": draw(st.text())}
    buffers = draw(st.lists(st.binary(max_size=40), max_size=3))
    return Message(draw(st.text()), header, draw(OBJECT), draw(OBJECT), draw(OBJECT), buffers)


@given(some_messages())
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    back = messages.decode(messages.encode(message))
    assert [bytes(one) for one in back.buffers] == list(message.buffers)
    assert (back.channel, back.header, back.parent, back.metadata, back.content) == (
        message.channel, message.header, message.parent, message.metadata, message.content,
    )  # fmt: skip


@given(some_messages())
def test_the_older_form_says_the_same(message: Message) -> None:
    told = json.loads(messages.to_json(messages.encode(message)))
    back = messages.decode(messages.from_json(json.dumps(told)))
    assert (back.header, back.content) == (message.header, message.content)


@given(st.binary(max_size=400))
def test_garbage_is_refused_as_such(garbage: bytes) -> None:
    with pytest.raises(BadFrame):
        messages.decode(garbage)


@given(some_messages(), st.data())
def test_a_cut_or_longer_frame_is_refused(message: Message, data: st.DataObject) -> None:
    frame = messages.encode(message)
    cut = data.draw(st.integers(0, len(frame) - 1))
    for bad in (frame[:cut], frame + b"x"):
        with pytest.raises(BadFrame):
            messages.decode(bad)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"channel": 5}', "[" * 100_000, '{"header": {}}'])
def test_json_that_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(BadFrame):
        messages.decode(messages.from_json(text))


@given(st.lists(st.tuples(st.sampled_from(list(Kind)), st.uuids(), st.binary(max_size=60))), st.data())
def test_the_wire_gives_back_what_was_sent_however_it_is_cut(
    sent: list[tuple[Kind, UUID, bytes]], data: st.DataObject
) -> None:
    whole = b"".join(pack(*one) for one in sent)
    unpacker, got, at = Unpacker(), [], 0
    while at < len(whole):
        step = data.draw(st.integers(1, 50))
        got += list(unpacker.feed(whole[at : at + step]))
        at += step
    assert [tuple(one) for one in got] == sent


@pytest.mark.parametrize("bad", [b"\xff" * 30, b"\x00" * 30, pack(Kind.PING)[:4] + b"\x63" + b"\x00" * 16])
def test_a_broken_wire_is_given_up(bad: bytes) -> None:
    with pytest.raises(BrokenWire):
        list(Unpacker().feed(bad))


def update(comm: str, state: Any, **more: Any) -> Message:
    data = {"method": "update", "state": state, **more}
    return Message("shell", messages.header("comm_msg", ""), {}, {}, {"comm_id": comm, "data": data})


def test_the_journal_keeps_the_last_value_of_each_name_and_nothing_beyond_its_size() -> None:
    journal = Journal()
    journal.note(update("a", {"value": 1, "index": 5}))
    journal.note(update("a", {"value": 2}))
    journal.note(update("b", {"value": "x" * MOST_BYTES}))
    journal.note(update("c", "no state"))
    journal.note(update("d", {"value": 3}))
    kept = {
        one.content["comm_id"]: one.content["data"]["state"]
        for one in map(messages.decode, journal.frames("s"))
    }
    assert kept == {"a": {"value": 2, "index": 5}, "d": {"value": 3}}


@pytest.mark.parametrize(
    ("channel", "kind"),
    [
        ("shell", "execute_request"), ("shell", "complete_request"), ("shell", "inspect_request"),
        ("shell", "history_request"), ("control", "shutdown_request"), ("control", "interrupt_request"),
        ("control", "debug_request"), ("stdin", "input_reply"), ("iopub", "comm_msg"), ("", "comm_msg"),
    ],
)  # fmt: skip
def test_a_page_may_send_comms_and_two_questions_alone(
    stage: Stage, notebook: Notebook, channel: str, kind: str
) -> None:
    async def ask() -> bool:
        visit = Visit(stage.host, notebook("1"))
        frame = messages.encode(Message(channel, messages.header(kind, ""), {}, {}, {"code": "1"}))
        with pytest.raises(PermissionError):
            stage.host.deliver(visit.id, frame)
        with pytest.raises(BadFrame):
            stage.host.deliver(visit.id, frame[:-1])
        with pytest.raises(NoSession):
            stage.host.deliver(uuid4(), frame)
        return stage.host.awake(visit.id)

    assert stage.run(ask())


def test_what_waits_of_one_page_is_bounded_in_bytes_too(stage: Stage, notebook: Notebook) -> None:
    async def flood() -> bool:
        visit, other = Visit(stage.host, notebook("1")), Visit(stage.host, notebook("2"))
        content = {"comm_id": "x", "data": {"method": "custom", "content": "x" * 1_000_000}}
        frame = messages.encode(Message("shell", messages.header("comm_msg", ""), {}, {}, content))
        room = MOST_WAITING_BYTES // len(frame)
        for _ in range(room):
            stage.host.deliver(visit.id, frame)
        with pytest.raises(PermissionError, match="too large"):
            stage.host.deliver(visit.id, frame)
        stage.host.deliver(other.id, frame)
        # Once the notebook has run they are handled, and there is room again.
        await visit.open()
        await visit.idle(visit.say("comm_msg", {"comm_id": "x", "data": {}}))
        stage.host.deliver(visit.id, frame)
        return stage.host.awake(visit.id)

    assert stage.run(flood())


def test_senseless_comm_messages_leave_the_session_as_it_was(stage: Stage, notebook: Notebook) -> None:
    async def talk() -> dict[str, Any]:
        visit = await Visit(stage.host, notebook("import ipywidgets as w\nw.IntText(4)")).open()
        (model,) = visit.models()
        for content in (
            {},
            {"comm_id": 5},
            {"comm_id": "nobody", "data": {}},
            {"comm_id": model},
            {"comm_id": model, "data": None},
            {"comm_id": model, "data": {"method": "update"}},
            {"comm_id": model, "data": {"method": "update", "state": {"value": "chữ"}, "buffer_paths": []}},
            {"comm_id": model, "data": {"method": "update", "state": {}, "buffer_paths": [["x", "y"]]}},
            {"comm_id": model, "data": {"method": "nonsense"}},
        ):
            await visit.idle(visit.say("comm_msg", content))
        for content in ({}, {"comm_id": "x"}, {"comm_id": "y", "target_name": "nobody", "data": {}}):
            await visit.idle(visit.say("comm_open", content))
        await visit.idle(visit.say("comm_close", {"comm_id": "nobody"}))
        states = await visit.states()
        return states[model]["state"]

    assert stage.run(talk())["value"] == 4
