"""What the client says and hears on a websocket, made and read with as little work as can be.

The client shares two processors with the server it measures, so its frames are made before the clock starts, and of
what it hears it looks only at what it waits for. Websocket frames are RFC 6455's; a client must mask them, and a mask
of zeros leaves the bytes as they are. Jupyter's messages are binary in ``v1.kernel.websocket.jupyter.org`` (offsets,
then channel, header, parent, metadata, content, buffers) and plain JSON with Solara.
"""

from __future__ import annotations

import itertools
import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

SUBPROTOCOL = "v1.kernel.websocket.jupyter.org"
CONTROL = "jupyter.widget.control"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_NO_MASK = bytes(4)
_PARTS = 5


class BrokenFrame(ValueError):
    """The server sent what is no frame, or no Jupyter message."""


class Frame(NamedTuple):
    """A whole websocket message."""

    opcode: int
    payload: bytes


def client_frame(payload: bytes, opcode: int = BINARY) -> bytes:
    """A websocket frame as a client sends it."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, size)
    return head + _NO_MASK + payload


class Frames:
    """Bytes from a server in, whole messages out; one that came in pieces is put together."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._pieces: list[bytes] = []
        self._opcode = 0

    def feed(self, received: bytes) -> Iterator[Frame]:
        """The messages that are whole now. Raises `BrokenFrame`."""
        waiting = self._waiting
        waiting += received
        start = 0
        while (found := _next(waiting, start)) is not None:
            final, opcode, begin, end = found
            payload = bytes(memoryview(waiting)[begin:end])
            start = end
            if opcode >= CLOSE:
                yield Frame(opcode, payload)
                continue
            if opcode:
                self._opcode = opcode
            self._pieces.append(payload)
            if final:
                whole = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
                self._pieces = []
                yield Frame(self._opcode, whole)
        del waiting[:start]


def _next(waiting: bytearray, start: int) -> tuple[bool, int, int, int] | None:
    """Whether the frame at ``start`` is its message's last, its opcode, and where its payload begins and ends."""
    if len(waiting) - start < 2:
        return None
    first, second = waiting[start], waiting[start + 1]
    if first & 0x70 or second & 0x80:
        raise BrokenFrame("an extension nobody asked for, or a masked frame from a server")
    size, begin = second & 0x7F, start + 2
    wide = {126: "!H", 127: "!Q"}.get(size)
    if wide is not None:
        if len(waiting) < begin + struct.calcsize(wide):
            return None
        (size,) = struct.unpack_from(wide, waiting, begin)
        begin += struct.calcsize(wide)
    if len(waiting) < begin + size:
        return None
    return bool(first & 0x80), first & 0x0F, begin, begin + size


def message(
    kind: str, content: Mapping[str, Any], metadata: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A message of the shell channel, as a page sends it."""
    header = {
        "msg_id": uuid4().hex,
        "msg_type": kind,
        "session": uuid4().hex,
        "username": "",
        "date": "2026-01-01T00:00:00.000Z",
        "version": "5.2",
    }
    return {
        "channel": "shell",
        "header": header,
        "parent_header": {},
        "metadata": dict(metadata or {}),
        "content": dict(content),
        "buffers": [],
    }


def pack(said: Mapping[str, Any]) -> bytes:
    """A message without buffers in the binary form."""
    names = ("header", "parent_header", "metadata", "content")
    parts = [said["channel"].encode(), *(json.dumps(said[name]).encode() for name in names)]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def unpack(frame: bytes) -> list[bytes]:
    """Channel, header, parent, metadata, content (JSON, not read) and buffers. Raises `BrokenFrame`."""
    if len(frame) < 8:
        raise BrokenFrame("too short")
    (count,) = struct.unpack_from("<Q", frame)
    if not _PARTS < count <= 1000 or len(frame) < 8 * (count + 1):
        raise BrokenFrame("no offsets")
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    if offsets[-1] != len(frame) or list(offsets) != sorted(offsets):
        raise BrokenFrame("offsets out of order")
    return [frame[start:end] for start, end in itertools.pairwise(offsets)]


def open_control(comm: str) -> list[dict[str, Any]]:
    """What the front end asks once it is connected: the state of every widget."""
    return [
        message(
            "comm_open",
            {"comm_id": comm, "target_name": CONTROL, "data": {}},
            {"version": "1.0.0"},
        ),
        message("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}),
    ]


def custom(comm: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A widget's own message to its kernel, as ``model.send`` sends it."""
    return message("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})
