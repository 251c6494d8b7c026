"""A session shows, answers and reports as a kernel of its own would."""

from __future__ import annotations

import array
import json
from typing import Any

import pytest
from notebook_sessions.messages import Message

from tests.sessions.conftest import Notebook, Stage, Visit

WIDGETS = "import ipywidgets as w\nfrom IPython.display import display, Markdown, HTML, clear_output"


def shown(stage: Stage, notebook: Notebook, *sources: str) -> list[list[dict[str, Any]]]:
    """What each cell showed."""

    async def visit() -> list[list[dict[str, Any]]]:
        made = await Visit(stage.host, notebook(*sources)).open()
        stage.host.forget(made.id)
        return [cell.outputs for cell in made.cells]

    return stage.run(visit())


def texts(outputs: list[dict[str, Any]]) -> list[str]:
    return [one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs]


def test_streams_values_and_displays_come_in_order(stage: Stage, notebook: Notebook) -> None:
    (outputs,) = shown(
        stage,
        notebook,
        f"{WIDGETS}\nimport sys\nprint('một')\nprint('hai')\nprint('lỗi', file=sys.stderr)\n"
        "display(Markdown('**ba**'), HTML('<b>bốn</b>'))\n5",
    )
    kinds = [one["output_type"] for one in outputs]
    assert kinds == ["stream", "stream", "display_data", "display_data", "execute_result"]
    assert outputs[0] == {"output_type": "stream", "name": "stdout", "text": "một\nhai\n"}
    assert outputs[1]["name"] == "stderr"
    assert outputs[2]["data"]["text/markdown"] == "**ba**"
    assert outputs[3]["data"]["text/html"] == "<b>bốn</b>"
    assert outputs[4]["data"]["text/plain"] == "5"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", []),
        ("None", []),
        ("1;", []),
        ("'một', 'hai'", ["('một', 'hai')"]),
        ("for n in range(2): n", []),
        ("import asyncio\nawait asyncio.sleep(0)\n7", ["7"]),
        ("await __import__('asyncio').sleep(0, 8)", ["8"]),
        ("print('bỏ')\nfrom IPython.display import clear_output\nclear_output()\nprint('giữ')", ["giữ\n"]),
        ("from IPython.display import *\nprint(1)\nclear_output(wait=True)\nprint(2)", ["2\n"]),
        ("h = display('cũ', display_id=True)\nh.update('mới')", ["'mới'"]),
        ("_ if False else 9", ["9"]),
    ],
)
def test_a_cell_shows_what_it_shows_elsewhere(
    stage: Stage, notebook: Notebook, source: str, expected: list[str]
) -> None:
    (outputs,) = shown(stage, notebook, source)
    assert texts(outputs) == expected


def test_cells_share_their_variables_and_nothing_of_the_builtins_is_missing(
    stage: Stage, notebook: Notebook
) -> None:
    outputs = shown(
        stage, notebook, "x = [n for n in range(3)]", "def f(): return x\nclass C: y = x", "f() + C.y"
    )
    assert texts(outputs[2]) == ["[0, 1, 2, 0, 1, 2]"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("%matplotlib inline", "SyntaxError"),
        ("!ls", "SyntaxError"),
        ("-" * 5_000 + "1", "SyntaxError"),
        ("raise SystemExit", "SystemExit"),
        ("input('tên?')", "NotInSession"),
        ("get_ipython().run_line_magic('who', '')", "NotInSession"),
        ("get_ipython().events.register('post_execute', print)", "NotInSession"),
        ("while True: pass", "CutShort"),
        ("while True:\n  try:\n    while True: pass\n  except Exception: pass", "CutShort"),
        ("import asyncio\nawait asyncio.sleep(1000)", "TimeoutError"),
        ("import threading, ipywidgets as w\nt = threading.Thread(target=w.IntText)\nt.start(); t.join()\nw.nope",
         "AttributeError"),
    ],
)  # fmt: skip
def test_a_cell_that_fails_says_why_and_the_next_one_runs(
    stage: Stage, notebook: Notebook, source: str, name: str
) -> None:
    async def visit() -> list[Any]:
        made = await Visit(stage.host, notebook(source, "'còn đây'")).open()
        stage.host.forget(made.id)
        return made.cells

    failed, after = stage.run(visit())
    assert failed.failed
    assert failed.outputs[-1]["output_type"] == "error"
    assert failed.outputs[-1]["ename"] == name
    assert not after.failed
    assert texts(after.outputs) == ["'còn đây'"]


def test_what_is_shown_inside_an_output_widget_is_its_own(stage: Stage, notebook: Notebook) -> None:
    async def visit() -> tuple[list[dict[str, Any]], dict[str, Any]]:
        made = await Visit(
            stage.host,
            notebook(
                f"{WIDGETS}\nout = w.Output()\nprint('trước')\nwith out:\n    print('trong')\n    display('hiện')\n"
                "print('sau')\nout"
            ),
        ).open()
        state = (await made.states())[made.models()[0]]["state"]
        stage.host.forget(made.id)
        return made.outputs, state

    outputs, state = stage.run(visit())
    assert texts(outputs)[0] == "trước\nsau\n"
    assert [one["output_type"] for one in state["outputs"]] == ["stream", "display_data"]
    assert state["outputs"][0]["text"] == "trong\n"
    assert state["msg_id"] == ""


def visit_with(stage: Stage, notebook: Notebook, *sources: str) -> Visit:
    return stage.run(Visit(stage.host, notebook(*sources)).open())


def test_a_callback_answers_as_under_a_kernel(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(
        stage,
        notebook,
        f"{WIDGETS}\nn, out = w.IntSlider(), w.Output()\nlabel = w.Label()\n"
        "def twice(change):\n    label.value = str(change.new * 2)\n    with out: print('nghe', change.new)\n"
        "n.observe(twice, 'value')\ndisplay(n, label, out)",
    )
    slider, label, out = visit.models()

    async def move() -> list[Message]:
        return await visit.idle(visit.update(slider, value=21))

    heard = stage.run(move())
    kinds = [one.kind for one in heard]
    assert kinds[0] == kinds[-1] == "status"
    sent = [one.content for one in heard if one.kind == "comm_msg"]
    echoed = [one for one in sent if one["data"]["method"] == "echo_update"]
    assert echoed[0]["data"]["state"] == {"value": 21}
    assert {"value": "42"} in [one["data"].get("state") for one in sent if one["comm_id"] == label]
    entered = [one["data"]["state"]["msg_id"] for one in sent if one["comm_id"] == out]
    assert entered == [heard[0].parent["msg_id"], ""], "the page catches what is printed between the two"
    streams = [one for one in heard if one.kind == "stream"]
    assert [one.content["text"] for one in streams] == ["nghe 21\n"]
    assert kinds.index("stream") < len(kinds) - 1


def test_an_error_in_a_callback_is_shown_and_the_next_one_works(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(
        stage,
        notebook,
        f"{WIDGETS}\nb = w.Button()\ncount = w.IntText()\n"
        "def press(_):\n    count.value += 1\n    if count.value == 1: raise ValueError('hỏng')\n"
        "b.on_click(press)\ndisplay(b, count)",
    )
    button, count = visit.models()

    async def press() -> list[Message]:
        return await visit.idle(visit.custom(button, {"event": "click"}))

    first, second = stage.run(press()), stage.run(press())
    assert [one.content["evalue"] for one in first if one.kind == "error"] == ["hỏng"]
    assert not [one for one in second if one.kind == "error"]
    assert stage.run(visit.states())[count]["state"]["value"] == 2


def test_a_callback_that_asks_the_process_to_end_ends_itself_alone(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(
        stage,
        notebook,
        f"{WIDGETS}\nimport asyncio\nb = w.Button()\n"
        "async def leave(): raise SystemExit\n"
        "def press(_):\n    asyncio.ensure_future(leave())\n    raise SystemExit('thôi')\n"
        "b.on_click(press)\nb",
    )
    (button,) = visit.models()

    async def press() -> list[str]:
        heard = await visit.idle(visit.custom(button, {"event": "click"}))
        return [one.content["ename"] for one in heard if one.kind == "error"]

    assert [stage.run(press()) for _ in range(3)] == [["SystemExit"]] * 3
    assert stage.run(visit.states())


def test_buffers_go_both_ways(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(
        stage,
        notebook,
        "import ipywidgets as w\nfrom traitlets import Bytes, Unicode\n"
        "class Blob(w.DOMWidget):\n    data = Bytes(b'abc').tag(sync=True)\n"
        "    _view_name = Unicode('BlobView').tag(sync=True)\n"
        "    def __init__(self):\n        super().__init__()\n        self.on_msg(self.back)\n"
        "    def back(self, _, content, buffers):\n"
        "        self.send({'size': len(buffers[0])}, [bytes(buffers[0])[::-1]])\nblob = Blob()\nblob",
    )
    (model,) = visit.models()

    async def talk() -> tuple[list[Message], dict[str, Any]]:
        data = {"method": "custom", "content": {}}
        numbers = memoryview(array.array("i", [1, 2]))
        request = visit.say("comm_msg", {"comm_id": model, "data": data}, buffers=[numbers])
        return await visit.idle(request), (await visit.states())[model]["state"]

    heard, state = stage.run(talk())
    (answer,) = [one for one in heard if one.kind == "comm_msg"]
    assert answer.content["data"]["content"] == {"size": 8}
    assert bytes(answer.buffers[0]) == array.array("i", [1, 2]).tobytes()[::-1]
    assert "data" not in state, "binary values travel as buffers"


def test_a_widget_made_in_a_callback_is_announced(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(
        stage,
        notebook,
        f"{WIDGETS}\nb, box = w.Button(), w.VBox()\n"
        "b.on_click(lambda _: setattr(box, 'children', (*box.children, w.Label('mới'))))\ndisplay(b, box)",
    )
    button, box = visit.models()

    async def press() -> list[Message]:
        return await visit.idle(visit.custom(button, {"event": "click"}))

    heard = stage.run(press())
    opened = [one.content for one in heard if one.kind == "comm_open"]
    label = next(one for one in opened if one["data"]["state"].get("value") == "mới")
    changed = [
        one.content["data"]["state"]
        for one in heard
        if one.kind == "comm_msg" and one.content["comm_id"] == box
    ]
    assert {"children": [f"IPY_MODEL_{label['comm_id']}"]} in changed


def test_a_task_started_by_a_callback_goes_on_after_it(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(
        stage,
        notebook,
        f"{WIDGETS}\nimport asyncio\nb, label = w.Button(), w.Label()\n"
        "async def later():\n    for n in range(3):\n        await asyncio.sleep(0.01)\n        label.value = str(n)\n"
        "b.on_click(lambda _: asyncio.ensure_future(later()))\ndisplay(b, label)",
    )
    button, label = visit.models()

    def values() -> list[Any]:
        return [
            one.content["data"]["state"].get("value")
            for one in visit.heard
            if one.kind == "comm_msg" and one.content["comm_id"] == label
        ]

    async def press() -> list[Any]:
        await visit.idle(visit.custom(button, {"event": "click"}))
        return await visit.until(lambda: values() if len(values()) == 3 else None)

    assert stage.run(press()) == ["0", "1", "2"]


def test_the_front_ends_first_questions_are_answered(stage: Stage, notebook: Notebook) -> None:
    visit = visit_with(stage, notebook, f"{WIDGETS}\nw.IntText(3)")

    async def ask() -> tuple[list[Message], list[Message]]:
        info = await visit.idle(visit.say("kernel_info_request", {}))
        comms = await visit.idle(visit.say("comm_info_request", {"target_name": "jupyter.widget"}))
        return info, comms

    info, comms = stage.run(ask())
    (reply,) = [one for one in info if one.kind == "kernel_info_reply"]
    assert reply.channel == "shell"
    assert reply.content["language_info"]["name"] == "python"
    (known,) = [one for one in comms if one.kind == "comm_info_reply"]
    assert set(visit.models()) <= set(known.content["comms"])


@pytest.mark.parametrize(
    "make",
    [
        "w.IntText(3)",
        "w.VBox([w.Label('a')])",
        "w.Output()",
        "type('Both', (w.Label,), {'_repr_html_': lambda self: '<b>x</b>'})()",
    ],
)
def test_a_widget_is_shown_as_ipythons_formatters_show_it(
    stage: Stage, notebook: Notebook, make: str
) -> None:
    shown_, formatted = shown(
        stage,
        notebook,
        f"{WIDGETS}\nx = {make}\nx",
        "import json\nprint(json.dumps(get_ipython().display_formatter.format(x)[0], sort_keys=True))",
    )
    assert json.loads(formatted[0]["text"]) == shown_[0]["data"]
