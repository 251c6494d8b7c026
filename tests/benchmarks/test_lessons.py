"""The benchmark of lessons: what it sends, hears, counts and concludes, without any server."""

from __future__ import annotations

import json
import os
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.loading import load_lesson
from isoxa_courses.practice import judge_practice, show_practice
from isoxa_courses.shipped import content_root
from notebook_sessions import messages

from benchmarks.lessons import crowd, processes, report, soak, visit, wire


def from_server(payload: bytes, opcode: int = wire.BINARY, *, final: bool = True) -> bytes:
    """A frame as a server sends it: not masked."""
    size = len(payload)
    head = bytes([0x80 * final | opcode])
    if size < 126:
        return head + bytes([size]) + payload
    if size < 1 << 16:
        return head + bytes([126]) + struct.pack("!H", size) + payload
    return head + bytes([127]) + struct.pack("!Q", size) + payload


@settings(deadline=None, max_examples=60)
@given(
    payloads=st.lists(st.binary(max_size=400) | st.integers(120, 70_000).map(bytes), max_size=6),
    cuts=st.lists(st.integers(1, 500), max_size=30),
)
def test_messages_come_whole_however_the_line_cuts_them(payloads: list[bytes], cuts: list[int]) -> None:
    sent = b"".join(from_server(payload) for payload in payloads)
    frames, heard = wire.Frames(), []
    for cut in [*cuts, len(sent)]:
        heard += list(frames.feed(sent[:cut]))
        sent = sent[cut:]
    assert [frame.payload for frame in heard] == payloads


def test_a_message_in_pieces_is_one_and_a_ping_may_come_between() -> None:
    sent = from_server(b"ab", final=False) + from_server(b"?", wire.PING) + from_server(b"cd", 0)
    assert list(wire.Frames().feed(sent)) == [(wire.PING, b"?"), (wire.BINARY, b"abcd")]


@pytest.mark.parametrize("first", [bytes([0x82 | 0x40, 0]), bytes([0x82, 0x80, 0, 0, 0, 0])])
def test_extensions_and_masked_frames_of_a_server_are_refused(first: bytes) -> None:
    with pytest.raises(wire.BrokenFrame):
        list(wire.Frames().feed(first))


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_client_frame_is_masked_and_says_its_length(size: int) -> None:
    frame = wire.client_frame(bytes(size))
    length = frame[1] & 0x7F
    assert frame[1] & 0x80
    wide = {126: (2, "!H"), 127: (8, "!Q")}.get(length)
    told = struct.unpack(wide[1], frame[2 : 2 + wide[0]])[0] if wide else length
    assert told == size == len(frame) - 2 - (wide[0] if wide else 0) - 4


def test_what_is_packed_is_what_the_sessions_read() -> None:
    opened, asked = wire.open_control("c0ffee")
    message = messages.decode(wire.pack(opened))
    assert (message.channel, message.kind) == ("shell", "comm_open")
    assert message.content["target_name"] == "jupyter.widget.control"
    assert message.metadata == {"version": "1.0.0"}
    assert messages.decode(wire.pack(asked)).content["data"] == {"method": "request_states"}
    parts = wire.unpack(wire.pack(wire.custom("m", {"kind": "check", "id": 3})))
    assert json.loads(parts[4])["data"]["content"] == {"kind": "check", "id": 3}


@pytest.mark.parametrize(
    "frame", [b"", b"\x00" * 8, struct.pack("<Q", 1 << 60), wire.pack(wire.message("x", {}))[:-1]]
)
def test_what_is_no_message_is_said_to_be_none(frame: bytes) -> None:
    with pytest.raises(wire.BrokenFrame):
        wire.unpack(frame)


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 10.0), (0.95, 19.0), (0.951, 20.0), (1.0, 20.0), (0.0, 1.0)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert crowd.percentile([float(one) for one in range(20, 0, -1)], share) == value


def test_no_percentile_of_nothing() -> None:
    assert crowd.percentile([], 0.95) is None


def test_no_visitor_comes_twice_to_a_round() -> None:
    visitors = crowd.Visitors(["a", "b", "c"])
    assert [list(visitors.some(2)), list(visitors.some(3))] == [["a", "b"], ["c", "a", "b"]]
    with pytest.raises(ValueError, match="4 visitors of 3"):
        list(visitors.some(4))


def test_a_process_whose_name_has_brackets_is_read() -> None:
    assert processes.fields_of("12 (a) b) (c)) S 7 12") == ["S", "7", "12"]
    assert processes.pss_of("Rss: 9 kB\nPss:   42 kB\nPss_Anon: 7 kB\n") == 42
    assert os.getpid() in processes.tree(os.getppid())
    assert 5 < processes.pss_mb(os.getpid()) < 5_000
    assert processes.processor_seconds(os.getpid()) > 0


def figures(rate: float, cpu: float, megabytes: float, text: str) -> dict[str, object]:
    round_ = {"opens_per_second": rate, "server_cpu_ms_per_open": cpu, "failures": 0}
    return {
        "at_once": {"20": round_, "200": {**round_, "opens_per_second": rate * 2, "failures": 3}},
        "memory": {"at": [{"mb_each": 1.0}, {"mb_each": megabytes}]},
        "browser": {"text": text, "answers": ["Chưa đúng"]},
    }


def test_ratios_compare_stock_at_its_best_with_ours_at_its_fullest() -> None:
    found = report.compare(figures(1.6, 1_200.0, 38.0, "a\nb"), figures(40.0, 20.0, 0.2, "a\nb"))
    assert found["opens_ratio"] == 50.0
    assert found["cpu_ratio"] == 60.0
    assert found["memory_ratio"] == 190.0
    assert found["failures_200"] == 3
    assert found["same_text"]
    assert found["same_answers"]


def test_pages_that_differ_are_told_apart_by_their_first_line() -> None:
    found = report.compare(figures(1.6, 1.0, 38.0, "a\nb"), figures(40.0, 1.0, 0.2, "a\nc\nd"))
    assert not found["same_text"]
    assert found["text_differs"] == ["b", "c"]
    assert report.first_difference("a", "a\nb") == ["", "b"]
    assert report.first_difference("a", "a") == []


def test_what_is_not_reached_is_said_to_be_so() -> None:
    ours = figures(40.0, 20.0, 0.2, "a\nb")
    found = {**report.compare(figures(1.6, 1_200.0, 38.0, "a\nb"), ours), "ours": ours}
    assert [words for words, reached in report.verdict(found) if not reached] == [
        "failures of 200 at once: 3"
    ]
    ours["soak"] = {"click_p95_ms": 250.0, "no_reply": 0}
    missed = [words for words, reached in report.verdict({**found, "opens_ratio": None}) if not reached]
    assert missed[0].startswith("opens a second None")
    assert missed[-1] == "click p95 250.0 ms (< 200)"


def test_nothing_measured_is_no_ratio() -> None:
    assert report.ratio(None, 2.0) is None
    assert report.ratio(2.0, 0.0) is None


@pytest.mark.parametrize("form", ['"kernelId": "%s"', '"kernelId":"%s"'])
def test_the_kernel_is_read_from_the_page(form: str) -> None:
    kernel = "893a6b75-b356-8433-94c2-9f6d82439d5b"
    page = (
        f'<p>"kernelId": "no"</p><script id="jupyter-config-data" type="application/json">{{{form % kernel}}}'
    )
    site = visit.Site(1, "/", "/{kernel}")
    one = visit.Visit(site, "a=b")
    assert one._kernel(visit.Answer(200, ["c=d"], page.encode())) == kernel
    assert one.cookie == "a=b; c=d"
    with pytest.raises(visit.OpenFailed, match="no kernel"):
        visit.Visit(site, "")._kernel(visit.Answer(200, [], b"<p>waiting</p>"))


def test_every_question_of_the_lesson_takes_the_first_answer() -> None:
    lesson = load_lesson(content_root().courses / "iso-9001-cap-xa", "03-pdca")
    for checkpoint in lesson.checkpoints:
        answer = soak.first_answer(show_practice(lesson, checkpoint.id))
        assert judge_practice(lesson, checkpoint.id, answer).explanation is not None


def test_what_could_not_be_had_of_solara_is_said() -> None:
    whole = {"browser": {"text": "x", "answers": [], "first_visit": {}}, "at_once": {"20": {"failures": 0}}}
    assert report.limits(whole) is None
    assert "text" not in whole["browser"], "its text is compared with nothing"
    failed = {"failures": 2, "reasons": {"not there after 60 s": 2}}
    words = report.limits(
        {"browser": {"problem": "no input"}, "at_once": {"20": {"failures": 0}, "40": failed}}
    )
    assert words == "Chromium: no input; 2 of 40 at once did not open (not there after 60 s)"
