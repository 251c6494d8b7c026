"""Lanes come and go with the work, and no session is left behind in one that goes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from uuid import uuid4

import pytest
from notebook_sessions.lanes import Lane, Lanes, Work
from notebook_sessions.session import Session

PATIENCE = 20.0


def session(*work: Work) -> Session:
    """A session that waits for a lane with this to do."""
    made = Session(uuid4(), lambda _frame: None)
    made.inbox.extend(work)
    made.at_work = True
    return made


def until(check: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.mark.parametrize("order", ["taken, then sent away", "sent away, then asked"])
def test_a_lane_that_is_sent_away_leaves_nobody_behind(order: str) -> None:
    """Both wait for it at once, as they do on a busy machine."""
    ready: deque[tuple[Session, float]] = deque()
    lane, holding, held = Lane(0, ready), threading.Event(), threading.Event()
    done: list[int] = []

    def hold() -> None:
        holding.set()
        held.wait()

    async def work() -> None:
        done.append(len(done))

    waiting = session(work, work)
    lane.call(hold)
    assert holding.wait(PATIENCE)
    ready.append((waiting, 5.0))
    for ask in (lane.look, lane.retire) if order.startswith("taken") else (lane.retire, lane.look):
        ask()
    held.set()
    if order.startswith("taken"):
        until(lambda: not waiting.at_work)
        assert done == [0, 1]
        assert not lane.ended
        lane.retire()
    until(lambda: lane.ended)
    assert bool(ready) == (not done), "what it has not taken is there for the others"


def test_a_lane_stays_while_a_session_in_it_awaits_something() -> None:
    ready: deque[tuple[Session, float]] = deque()
    lane, come = Lane(0, ready), threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def work() -> None:
        loops.append((asyncio.get_running_loop(), asyncio.Event()))
        come.set()
        await loops[0][1].wait()

    waiting = session(work)
    ready.append((waiting, 5.0))
    lane.look()
    assert come.wait(PATIENCE)
    lane.retire()
    passed = threading.Event()
    lane.call(passed.set)
    assert passed.wait(PATIENCE)
    assert not lane.ended
    loop, event = loops[0]
    loop.call_soon_threadsafe(event.set)
    until(lambda: not waiting.at_work)
    lane.retire()
    until(lambda: lane.ended)


def test_lanes_that_were_added_for_slow_code_end_and_everything_is_done() -> None:
    given_up: list[Session] = []
    lanes = Lanes(given_up.append, at_first=1)
    done: list[bool] = []
    crowd = [Session(uuid4(), lambda _frame: None) for _ in range(30)]

    def work(seconds: float) -> Work:
        async def do() -> None:
            time.sleep(seconds)
            done.append(True)

        return do

    asked = 0
    for one in crowd[:3]:
        lanes.submit(one, work(0.45), 10)
        asked += 1
    most = 1
    # Small pieces all the while that the lanes which were added go again.
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        for one in crowd:
            lanes.submit(one, work(0), 10)
            asked += 1
        most = max(most, len(lanes._lanes))
        time.sleep(0.004)
    until(lambda: len(done) == asked)
    until(lambda: len(lanes._lanes) == 1)
    assert most > 1
    assert given_up == []
    assert not any(one.at_work for one in crowd)
