"""Sessions of one process see nothing of each other, and what one does costs the others nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from notebook_sessions import NoSession, WorkerLost, messages, process
from notebook_sessions import host as host_module
from notebook_sessions.host import may_repeat

from tests.sessions.conftest import Notebook, Stage, Visit, hosting


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are asked for a sign of life all the time."""
    monkeypatch.setattr(host_module, "PING_SECONDS", 0.1)


# A visitor's number, shown back doubled, with all that was ever set kept in a list and printed into an Output.
COUNTING = """
import ipywidgets as w
from IPython.display import display
n, label, out, seen = w.IntText(), w.Label(), w.Output(), []
def heard(change):
    seen.append(change.new)
    label.value = ",".join(map(str, seen))
    with out:
        print("nghe", change.new)
n.observe(heard, "value")
display(n, label, out)
"""
VISITORS = 8
STEPS = st.lists(st.tuples(st.integers(0, VISITORS - 1), st.integers(1, 10**6)), max_size=40)


@settings(deadline=None, max_examples=15)
@given(STEPS)
def test_many_at_once_hear_of_their_own_alone(
    stage: Stage, notebook: Notebook, steps: list[tuple[int, int]]
) -> None:
    path = notebook(COUNTING)

    async def everybody() -> None:
        visits = [Visit(stage.host, path) for _ in range(VISITORS)]
        await asyncio.gather(*(visit.open() for visit in visits))
        last = [visit.update(visit.models()[0], value=0) for visit in visits]
        for who, value in steps:
            last[who] = visits[who].update(visits[who].models()[0], value=value)
        for visit, request in zip(visits, last, strict=True):
            await visit.idle(request)
        of_all = [set(visit.models()) for visit in visits]
        for number, visit in enumerate(visits):
            mine = [value for who, value in steps if who == number]
            changes = [value for value, before in zip(mine, [0, *mine], strict=False) if value != before]
            states = await visit.states()
            assert states[visit.models()[1]]["state"]["value"] == ",".join(map(str, changes))
            printed = [one.content["text"] for one in visit.heard if one.kind == "stream"]
            assert "".join(printed) == "".join(f"nghe {value}\n" for value in changes)
            others = set().union(*(ids for other, ids in enumerate(of_all) if other != number))
            assert not others & set(states)
            assert not others & {one.content.get("comm_id") for one in visit.heard}
        for visit in visits:
            stage.host.forget(visit.id)

    stage.run(everybody())


def test_a_message_for_anothers_widget_reaches_nobody(stage: Stage, notebook: Notebook) -> None:
    path = notebook(COUNTING)

    async def reach_over() -> tuple[Any, Any]:
        mine, other = await Visit(stage.host, path).open(), await Visit(stage.host, path).open()
        foreign = other.models()[0]
        await mine.idle(mine.update(foreign, value=666))
        return (await other.states())[foreign]["state"]["value"], await mine.states()

    value, mine = stage.run(reach_over())
    assert value == 0
    assert "666" not in str(mine)


ENDLESS = "import ipywidgets as w\nb = w.Button()\ndef f(_):\n    while True: pass\nb.on_click(f)\nb"


def test_an_endless_callback_does_not_hold_up_the_others(stage: Stage, notebook: Notebook) -> None:
    async def both() -> tuple[bool, list[str]]:
        stuck = [await Visit(stage.host, notebook(ENDLESS)).open() for _ in range(3)]
        other = await Visit(stage.host, notebook(COUNTING)).open()
        requests = [one.custom(one.models()[0], {"event": "click"}) for one in stuck]
        await other.idle(other.update(other.models()[0], value=5))
        held_up = all(
            not any(m.kind == "status" and m.content["execution_state"] == "idle" for m in one.heard)
            for one in stuck
        )
        errors = []
        for one, request in zip(stuck, requests, strict=True):
            errors += [m.content["ename"] for m in await one.idle(request) if m.kind == "error"]
            assert await one.states(), "it goes on"
        return held_up, errors

    answered_meanwhile, errors = stage.run(both())
    assert answered_meanwhile
    assert errors == ["CutShort"] * 3


def test_a_new_visit_is_opened_while_others_are_stuck(stage: Stage, notebook: Notebook) -> None:
    async def visit() -> list[dict[str, Any]]:
        stuck = [await Visit(stage.host, notebook(ENDLESS)).open() for _ in range(3)]
        for one in stuck:
            one.custom(one.models()[0], {"event": "click"})
        made = await Visit(stage.host, notebook("1 + 1")).open()
        for one in stuck:
            stage.host.forget(one.id)
        return made.outputs

    assert stage.run(visit())[0]["data"]["text/plain"] == "2"


@pytest.mark.slow
def test_code_that_holds_the_whole_process_costs_its_neighbours_a_moment(
    notebook: Notebook, quick_watch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sum in C gives nobody a turn: the worker ends, and who was in it is made again with what they had set."""
    monkeypatch.setattr(process, "HELD_UP_SECONDS", 1.5)

    async def visit() -> tuple[Any, int]:
        async with hosting() as host:
            greedy = await Visit(
                host,
                notebook(
                    "import ipywidgets as w\nb = w.Button()\nb.on_click(lambda _: sum(range(10**13)))\nb"
                ),
            ).open()
            other = await Visit(host, notebook(COUNTING)).open()
            await other.idle(other.update(other.models()[0], value=7))
            greedy.custom(greedy.models()[0], {"event": "click"})
            states = await other.states()
            return states[other.models()[0]]["state"]["value"], host.workers_lost

    assert asyncio.run(visit()) == (7, 1)


def test_a_session_comes_back_from_a_killed_worker_with_what_was_set(notebook: Notebook) -> None:
    async def visit() -> tuple[Any, Any, int]:
        async with hosting() as host:
            made = await Visit(host, notebook(COUNTING)).open()
            number, label, _ = made.models()
            await made.idle(made.update(number, value=3))
            await made.idle(made.update(number, value=4))
            host.workers[0].kill()
            while host.workers:
                await asyncio.sleep(0.01)
            assert not host.awake(made.id)
            await made.idle(made.update(number, value=5))
            states = await made.states()
            return states[number]["state"]["value"], states[label]["state"]["value"], host.workers_lost

    number, label, lost = asyncio.run(visit())
    assert number == 5
    assert label == "5", "values that were set since come back; what code had gathered by itself begins anew"
    assert lost == 1


def test_a_page_that_is_opening_does_not_notice_that_its_worker_ended(notebook: Notebook) -> None:
    """What was shown stays and is not shown twice; what follows comes from the next worker, with the same widgets."""
    once = (
        "import os, pathlib, uuid\nfirst = pathlib.Path(f'{uuid.uuid4()}.x')\n"
        "import ipywidgets as w\nw.IntText(1)",
        "found = list(pathlib.Path('.').glob('*.x'))\nfirst.touch()\nif not found: os._exit(3)\nw.IntText(2)",
    )

    async def visit() -> tuple[list[tuple[int, bool]], list[str], list[str], int]:
        async with hosting() as host:
            made = await Visit(host, notebook(*once)).open()
            states = await made.states()
            shown = [states[id_]["state"]["value"] for id_ in made.models()]
            return [(cell.index, cell.failed) for cell in made.cells], made.models(), shown, host.workers_lost

    cells, models, shown, lost = asyncio.run(visit())
    assert lost == 1
    assert cells == [(0, False), (1, False)]
    assert shown == [1, 2]
    assert len(set(models)) == 2


def test_what_may_be_asked_twice_is_asked_again_of_the_next_worker(notebook: Notebook) -> None:
    """Its worker died of it once, or beside it: a value that was set is set again; of a click nobody knows."""
    once = (
        "import os, pathlib, uuid, ipywidgets as w\nn, b = w.IntText(), w.Button()\n"
        "def die(*_):\n    mark = pathlib.Path('died.' + str(os.getppid()))\n    if not mark.exists():\n"
        "        mark.touch()\n        os._exit(3)\nn.observe(die, 'value')\ndisplay(n, b)"
    )

    async def visit() -> tuple[Any, int]:
        async with hosting() as host:
            made = await Visit(host, notebook(once)).open()
            number = made.models()[0]
            await made.idle(made.update(number, value=8))
            return (await made.states())[number]["state"]["value"], host.workers_lost

    assert asyncio.run(visit()) == (8, 1)


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("kernel_info_request", {}, True),
        ("comm_info_request", {"target_name": "jupyter.widget"}, True),
        ("comm_open", {"comm_id": "a", "data": {}}, True),
        ("comm_msg", {"comm_id": "a", "data": {"method": "request_states"}}, True),
        ("comm_msg", {"comm_id": "a", "data": {"method": "update", "state": {}}}, True),
        ("comm_msg", {"comm_id": "a", "data": {"method": "custom", "content": {}}}, False),
        ("comm_msg", {"comm_id": "a"}, False),
    ],
)
def test_a_click_is_not_repeated(kind: str, content: dict[str, Any], expected: bool) -> None:
    frame = messages.encode(messages.Message("shell", messages.header(kind, ""), {}, {}, content))
    assert may_repeat(frame) is expected


def test_a_worker_that_takes_long_to_start_is_waited_for(
    notebook: Notebook, quick_watch: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It imports what all notebooks need, and computes all the while: no sign of life is no sign of trouble yet."""
    monkeypatch.setattr(process, "HELD_UP_SECONDS", 0.2)

    async def visit() -> tuple[list[dict[str, Any]], int]:
        async with hosting() as host:
            made = await Visit(host, notebook("6 * 7")).open()
            return made.outputs, host.workers_lost

    outputs, lost = asyncio.run(visit())
    assert outputs[0]["data"]["text/plain"] == "42"
    assert lost == 0


def test_nobody_is_sent_to_a_worker_that_was_told_to_end(notebook: Notebook) -> None:
    async def visit() -> tuple[bool, int]:
        async with hosting() as host:
            first = await Visit(host, notebook("1")).open()
            host.forget(first.id)
            (leaving,) = host.workers
            leaving.kill()
            second = await Visit(host, notebook("2")).open()
            return second.outputs[0]["data"]["text/plain"] == "2", host.workers_lost

    assert asyncio.run(visit()) == (True, 0)


def test_a_notebook_of_which_nothing_comes_does_not_hold_up_the_others_for_good(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when its worker loses it: whoever waits behind it gets a turn, and its own page an answer."""
    monkeypatch.setattr(host_module, "_SLACK_SECONDS", -29.7)

    async def visit() -> str:
        async with hosting(opening_at_once=1, cell_seconds=30.0) as host:
            path = notebook("1 + 1")
            host.warm(path, path.parent)
            async with asyncio.timeout(60):
                while host.workers[0].warming is not None:
                    await asyncio.sleep(0.01)
            stuck = Visit(host, notebook("import time\ntime.sleep(5)"))
            with pytest.raises(WorkerLost, match="nothing came"):
                await stuck.open()
            made = await Visit(host, path).open()
            return str(made.outputs[0]["data"]["text/plain"])

    assert asyncio.run(visit()) == "2"


def test_one_that_rests_wakes_when_its_page_speaks(stage: Stage, notebook: Notebook) -> None:
    async def visit() -> tuple[bool, Any, bool]:
        made = await Visit(stage.host, notebook(COUNTING)).open()
        number = made.models()[0]
        await made.idle(made.update(number, value=11))
        stage.host.sleep(made.id)
        asleep = not stage.host.awake(made.id)
        value = (await made.states())[number]["state"]["value"]
        return asleep, value, stage.host.awake(made.id)

    assert stage.run(visit()) == (True, 11, True)


def test_what_a_page_says_before_its_notebook_has_run_is_answered_after(
    stage: Stage, notebook: Notebook
) -> None:
    async def visit() -> list[Any]:
        made = Visit(stage.host, notebook(COUNTING))
        made.connect()
        request = made.say("comm_info_request", {})
        assert len(stage.host.workers) == 1
        made.cells = [cell async for cell in stage.host.run(made.id)]
        reply = next(one for one in await made.idle(request) if one.kind == "comm_info_reply")
        assert set(made.models()) <= set(reply.content["comms"])
        return [cell.failed for cell in made.cells]

    assert stage.run(visit()) == [False]


def test_one_that_kills_its_worker_again_and_again_is_given_up(notebook: Notebook) -> None:
    deadly = "import ipywidgets as w\nb = w.Button()\nb.on_click(lambda _: __import__('os')._exit(1))\nb"

    async def visit() -> tuple[int, Any]:
        async with hosting() as host:
            other = await Visit(host, notebook(COUNTING)).open()
            made = await Visit(host, notebook(deadly)).open()
            for _ in range(20):
                try:
                    made.custom(made.models()[0], {"event": "click"})
                except NoSession:
                    break
                before = host.workers_lost
                async with asyncio.timeout(60):
                    while host.workers_lost == before:
                        await asyncio.sleep(0.01)
            with pytest.raises(NoSession):
                made.custom(made.models()[0], {"event": "click"})
            return host.workers_lost, await other.states()

    lost, states = asyncio.run(visit())
    assert lost == 3
    assert states


def test_a_notebook_that_eats_memory_gets_an_error_of_its_own(notebook: Notebook) -> None:
    async def visit() -> tuple[str, Any]:
        async with hosting(memory_mb=1500) as host:
            other = await Visit(host, notebook(COUNTING)).open()
            made = await Visit(host, notebook("x = bytearray(10**10)", "x = [0] * 10**10")).open()
            assert [cell.failed for cell in made.cells] == [True, True]
            return made.outputs[0]["ename"], await other.states()

    name, states = asyncio.run(visit())
    assert name == "MemoryError"
    assert states


def test_a_worker_that_dies_while_a_notebook_runs_says_so(notebook: Notebook) -> None:
    async def visit() -> None:
        async with hosting() as host:
            with pytest.raises(WorkerLost):
                await Visit(host, notebook("import os\nos._exit(3)")).open()

    asyncio.run(visit())


def test_a_file_that_is_no_notebook_ends_its_own_visit_alone(stage: Stage, notebooks: Any) -> None:
    broken = notebooks / "broken.ipynb"
    broken.write_text('{"cells": 5}')

    async def visit(path: Any) -> None:
        with pytest.raises(WorkerLost):
            await Visit(stage.host, path).open()

    stage.run(visit(broken))
    stage.run(visit(notebooks / "khong-co.ipynb"))


def test_memory_of_those_who_left_is_used_again(notebook: Notebook, quick_watch: None) -> None:
    """Growth after a second crowd as large as the first is a leak."""

    async def crowd(host: Any, path: Any) -> int:
        visits = [Visit(host, path) for _ in range(40)]
        await asyncio.gather(*(visit.open() for visit in visits))
        held = int(host.workers[0].memory())
        for visit in visits:
            host.forget(visit.id)
        await asyncio.sleep(0.5)  # some signs of life: what is left of them is collected at one
        return held

    async def crowds() -> list[int]:
        async with hosting() as host:
            path = notebook(COUNTING)
            return [await crowd(host, path) for _ in range(3)]

    first, second, third = asyncio.run(crowds())
    # One crowd holds about 4 MB.
    assert third - second < 2**20, (first, second, third)
