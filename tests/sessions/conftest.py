"""Notebooks made for one test, run in real worker processes."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from notebook_sessions import CellResult, HostLimits, SessionHost, WorkerPlace, messages
from notebook_sessions.messages import Message

PATIENCE = 60.0
T = TypeVar("T")
Notebook = Callable[..., Path]


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all notebooks here: one folder, one worker."""
    return tmp_path_factory.mktemp("notebooks")


@pytest.fixture(scope="session")
def notebook(notebooks: Path) -> Notebook:
    """``notebook(source, …)``: a notebook of these code cells."""
    numbers = itertools.count()

    def make(*sources: str) -> Path:
        cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
        path = notebooks / f"{next(numbers)}.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return make


class Visit:
    """One session and what its page hears."""

    def __init__(self, host: SessionHost, notebook: Path) -> None:
        self.id: UUID = uuid4()
        self.host = host
        self.heard: list[Message] = []
        self.cells: list[CellResult] = []
        self._news = asyncio.Event()
        host.add(self.id, notebook, notebook.parent)

    async def open(self) -> Visit:
        """Run the notebook, then connect the page."""
        self.cells = [cell async for cell in self.host.run(self.id)]
        self.connect()
        return self

    def connect(self) -> None:
        self.host.attach(self.id, self._hear)

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """What all cells showed."""
        return [output for cell in self.cells for output in cell.outputs]

    def models(self) -> list[str]:
        """The ids of the widgets that were shown, in order."""
        view = "application/vnd.jupyter.widget-view+json"
        return [one["data"][view]["model_id"] for one in self.outputs if view in one.get("data", {})]

    def say(
        self, kind: str, content: dict[str, Any], metadata: dict[str, Any] | None = None, buffers: Any = ()
    ) -> str:
        """Send a message as a page does; returns its id."""
        header = messages.header(kind, "page")
        frame = messages.encode(Message("shell", header, {}, metadata or {}, content, buffers))
        self.host.deliver(self.id, frame)
        return str(header["msg_id"])

    def update(self, model: str, **state: Any) -> str:
        """Set a widget's values as its view does."""
        data = {"method": "update", "state": state, "buffer_paths": []}
        return self.say("comm_msg", {"comm_id": model, "data": data})

    def custom(self, model: str, content: Any) -> str:
        """Send a widget a message of its own."""
        return self.say("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

    async def idle(self, request: str) -> list[Message]:
        """All that was heard in answer to a request, up to the end of its handling."""

        def answered() -> list[Message]:
            mine = [one for one in self.heard if one.parent.get("msg_id") == request]
            over = any(one.kind == "status" and one.content["execution_state"] == "idle" for one in mine)
            return mine if over else []

        return await self.until(answered)

    async def until(self, check: Callable[[], Any]) -> Any:
        """Wait until something that was heard makes this true; gives it back."""
        async with asyncio.timeout(PATIENCE):
            while not (found := check()):
                self._news.clear()
                await self._news.wait()
        return found

    async def states(self) -> dict[str, dict[str, Any]]:
        """Every widget's state, asked for as the front end does."""
        control = uuid4().hex
        self.say("comm_open", {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}},
                 {"version": "1.0.0"})  # fmt: skip
        request = self.say("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        said = next(one for one in await self.idle(request) if one.kind == "comm_msg")
        assert said.content["data"]["method"] == "update_states"
        states: dict[str, dict[str, Any]] = said.content["data"]["states"]
        return states

    def _hear(self, frame: bytes) -> None:
        self.heard.append(messages.decode(frame))
        self._news.set()


def place(folder: Path) -> WorkerPlace:
    """A worker with an environment of its own."""
    environment = {"PATH": str(Path(sys.executable).parent), "HOME": str(folder), "LANG": "C.UTF-8"}
    return WorkerPlace(folder, environment)


@asynccontextmanager
async def hosting(**limits: Any) -> AsyncIterator[SessionHost]:
    """A host of a test's own, closed at the end."""
    host = SessionHost(place, HostLimits(**{"workers": 1, **limits}))
    try:
        yield host
    finally:
        await host.close()


class Stage:
    """An event loop in a thread with one host, for all tests that leave its worker as they found it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.host = SessionHost(place, HostLimits(workers=1, cell_seconds=1.5, callback_seconds=1.5))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE * 2)

    def close(self) -> None:
        self.run(self.host.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()
