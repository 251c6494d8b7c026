"""One open of a lesson, as a browser does it and nothing more: the page, the websocket, the widgets' states.

It is the same client for every server: GET the page with the visitor's cookie, read the kernel's id out of it, open
the channels' websocket, ask for the kernel's info, open the widget manager's control comm and request the states. The
clock stops when the message with all states has arrived. A visit then stays, answering the server's pings and able to
`click`, until it leaves as a page does: the socket is closed and the beacon sent.

Solara's page has no kernel's id (its script makes one up), and the app is run by a message; the rest is the same.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from . import wire

HOST = "127.0.0.1"
_KERNEL = re.compile(rb'id="jupyter-config-data".*?"kernelId"\s*:\s*"([0-9a-f-]{32,36})"', re.DOTALL)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+=[^;\r]*)", re.IGNORECASE)
_STATES = b'"update_states"'
_FINISHED = b'"finished"'
_INFO = b'"kernel_info_reply"'
_FIRST_MODEL = re.compile(rb'"states": ?\{"([0-9a-f]{32})"')
# As long as ipywidgets' manager waits for the control comm before it asks each widget by itself.
_AGAIN_SECONDS = 4.0


class OpenFailed(RuntimeError):
    """The lesson did not open; ``str()`` says at which step, short enough to be counted."""


@dataclass(frozen=True)
class Site:
    """Where a lesson is. ``leave`` is the beacon's address with ``{kernel}`` (and ``{page}``) in it."""

    port: int
    page: str
    leave: str
    dialect: Literal["jupyter", "solara"] = "jupyter"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}{self.page}"


@dataclass(frozen=True)
class Answer:
    """What an HTTP request got."""

    status: int
    cookies: list[str]
    body: bytes


class Visit:
    """A visitor on a lesson. ``cookie`` is the whole Cookie header ("" for none)."""

    def __init__(self, site: Site, cookie: str) -> None:
        self.site, self.cookie = site, cookie
        self.page_seconds = self.seconds = 0.0
        self.page_bytes = 0
        self.states = b""
        self._frames = wire.Frames()
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self._asked: tuple[str, int, asyncio.Future[dict[str, Any]]] | None = None
        self._control, self._page = uuid4().hex, str(uuid4())
        # Made before the clock runs.
        self._get = self._request("GET", site.page, "Accept-Encoding: gzip\r\nAccept: text/html\r\n")
        self._info = self._packed(wire.message("kernel_info_request", {}))
        self._request_states = b"".join(self._packed(said) for said in wire.open_control(self._control))

    async def open(self) -> None:
        """Until the last state is there. Raises `OpenFailed`."""
        begun = time.perf_counter()
        try:
            answer = await ask(self.site.port, self._get)
            self.page_seconds = time.perf_counter() - begun
            if answer.status != 200:
                raise OpenFailed(f"page: HTTP {answer.status}")
            self.kernel = self._kernel(answer)
            await self._connect(begun)
        except (OSError, EOFError, asyncio.IncompleteReadError, wire.BrokenFrame) as problem:
            raise OpenFailed(f"{type(problem).__name__}: {problem}"[:80]) from problem

    def _kernel(self, answer: Answer) -> str:
        self.page_bytes = len(answer.body)
        self.cookie = "; ".join([*([self.cookie] if self.cookie else []), *answer.cookies])
        if self.site.dialect == "solara":
            return str(uuid4())
        found = _KERNEL.search(answer.body)
        if found is None:
            raise OpenFailed("page: no kernel")
        return found[1].decode()

    async def _connect(self, begun: float) -> None:
        reader, self._writer = await asyncio.open_connection(HOST, self.site.port, limit=1 << 20)
        prefix = "/jupyter" if self.site.dialect == "solara" else ""
        protocol = "" if prefix else f"Sec-WebSocket-Protocol: {wire.SUBPROTOCOL}\r\n"
        path = f"{prefix}/api/kernels/{self.kernel}/channels?session_id={self._page}"
        upgrade = (
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n{protocol}"
        )
        self._writer.write(self._request("GET", path, upgrade))
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in head[:16]:
            raise OpenFailed(f"websocket: HTTP {head[9:12].decode()}")
        heard = self._hear(reader)
        self._writer.write(self._info)
        await _until(heard, _INFO)
        if self.site.dialect == "solara":
            self._writer.write(b"".join(self._packed(said) for said in run_solara()))
            await _until(heard, _FINISHED)
        self._ask_for_states()
        self.states = await _until(heard, _STATES, self._control.encode())
        self.seconds = time.perf_counter() - begun
        if self._again is not None:
            self._again.cancel()
        self._listening = asyncio.create_task(self._listen(heard))

    def _ask_for_states(self) -> None:
        """Once; of Solara again after a while, as its front end does in its own way: in its process the control comm
        is everybody's, so that a reply can go to another visitor."""
        assert self._writer is not None
        self._writer.write(self._request_states)
        seconds = _AGAIN_SECONDS if self.site.dialect == "solara" else 3600.0
        self._again = asyncio.get_running_loop().call_later(seconds, self._ask_for_states)

    async def _hear(self, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        assert self._writer is not None
        while received := await reader.read(1 << 18):
            for frame in self._frames.feed(received):
                if frame.opcode == wire.PING:
                    self._writer.write(wire.client_frame(frame.payload, wire.PONG))
                elif frame.opcode == wire.CLOSE:
                    raise OpenFailed("websocket: closed")
                elif frame.opcode != wire.PONG:
                    yield frame.payload
        raise OpenFailed("websocket: lost")

    async def _listen(self, heard: AsyncIterator[bytes]) -> None:
        with suppress(OpenFailed, OSError):
            async for frame in heard:
                if self._asked is not None and b'"custom"' in frame:
                    self._take(self._content(frame))

    def _take(self, content: dict[str, Any]) -> None:
        assert self._asked is not None
        comm, number, future = self._asked
        said = content.get("data", {}).get("content", {})
        if content.get("comm_id") == comm and said.get("id") == number and not future.done():
            future.set_result(said)

    async def click(self, comm: str, number: int, content: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        """Ask a widget, as a button's press does; seconds until its reply, and the reply."""
        assert self._writer is not None
        asked = self._packed(wire.custom(comm, {**content, "id": number}))
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._asked = comm, number, future
        begun = time.perf_counter()
        self._writer.write(asked)
        said = await future
        return time.perf_counter() - begun, said

    @property
    def first_model(self) -> bytes:
        """One of the visit's own model ids: nobody else may have been sent it."""
        found = _FIRST_MODEL.search(self.states)
        return found[1] if found else b""

    def models(self) -> dict[str, dict[str, Any]]:
        """The widgets' states by model id, as they came."""
        return {str(id_): one["state"] for id_, one in self._content(self.states)["data"]["states"].items()}

    def _content(self, frame: bytes) -> dict[str, Any]:
        content: dict[str, Any] = (
            json.loads(frame)["content"]
            if self.site.dialect == "solara"
            else json.loads(wire.unpack(frame)[4])
        )
        return content

    async def leave(self) -> None:
        """Go away as a page does. One that never came whole leaves what it has."""
        if self._again is not None:
            self._again.cancel()
        if self._listening is not None:
            self._listening.cancel()
        if self._writer is not None:
            with suppress(OSError):
                self._writer.write(wire.client_frame(b"\x03\xe9", wire.CLOSE))
                self._writer.close()
        if hasattr(self, "kernel"):
            # Tornado compares the form's word with the cookie's, whichever it is; the portal does not look at it.
            xsrf = f"_xsrf={self._control}"
            self.cookie = f"{self.cookie}; {xsrf}"
            form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(xsrf)}\r\n"
            path = self.site.leave.format(kernel=self.kernel, page=self._page)
            with suppress(OSError, EOFError, TimeoutError, OpenFailed, asyncio.IncompleteReadError):
                async with asyncio.timeout(20):
                    await ask(self.site.port, self._request("POST", path, form) + xsrf.encode())

    def _request(self, method: str, path: str, headers: str) -> bytes:
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        host = f"{HOST}:{self.site.port}"
        return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{cookie}{headers}\r\n".encode()

    def _packed(self, said: dict[str, Any]) -> bytes:
        if self.site.dialect == "solara":
            return wire.client_frame(json.dumps(said).encode(), wire.TEXT)
        return wire.client_frame(wire.pack(said))


async def _until(heard: AsyncIterator[bytes], *marks: bytes) -> bytes:
    async for frame in heard:
        if all(mark in frame for mark in marks):
            return frame
    raise OpenFailed("websocket: lost")


def run_solara() -> list[dict[str, Any]]:
    """Solara's page asks for its app to be run before it asks for the states."""
    comm = uuid4().hex
    run = {"method": "run", "args": {"path": "/", "dark": False, "themes": {"light": {}, "dark": {}}}}
    return [
        wire.message("comm_open", {"comm_id": comm, "target_name": "solara.control", "data": {}}),
        wire.message("comm_msg", {"comm_id": comm, "data": run}),
    ]


async def ask(port: int, request: bytes) -> Answer:
    """One HTTP request on a connection of its own. Raises ``OSError``, ``EOFError``, `OpenFailed`."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 20)
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = b"" if b" 204 " in head[:14] else await _body(reader, head)
    finally:
        writer.close()
    if b"content-encoding: gzip" in head.lower():
        body = zlib.decompress(body, 31)
    return Answer(int(head[9:12]), [found.decode() for found in _COOKIE.findall(head)], body)


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    length = _LENGTH.search(head)
    if length is not None:
        return await reader.readexactly(int(length[1]))
    if b"chunked" not in head.lower():
        return await reader.read()
    chunks = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    return b"".join(chunks)
