"""Frames between the server and a worker, over one stream socket.

A frame is: length of what follows (4 bytes), kind (1 byte), session (16 bytes), payload. Payloads that are no Jupyter
frames are JSON. Neither side trusts lengths: beyond `MOST` the connection is given up.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

MOST = 64 * 1024 * 1024
_HEAD = struct.Struct("<IB16s")
NOBODY = UUID(int=0)


class Kind(IntEnum):
    """What a frame says. First those to a worker, then those from one."""

    OPEN = 1  # {"notebook": path, "cell_seconds", "callback_seconds"}
    INPUT = 2  # a websocket frame
    CLOSE = 3
    PING = 4
    CELL = 11  # {"index", "outputs", "failed"}
    OPENED = 12  # {"cells": n}: the notebook has run to its end
    OUTPUT = 13  # a websocket frame
    ENDED = 14  # {"reason"}: the worker gave the session up
    BEGUN = 16  # the next of its messages is being handled
    DONE = 17  # it has been
    PONG = 15  # {"sessions", "lost_lanes"}


class Frame(NamedTuple):
    """One frame."""

    kind: Kind
    session: UUID
    payload: bytes

    def json(self) -> dict[str, Any]:
        """Its payload as an object. Raises ``ValueError``."""
        value = json.loads(self.payload or b"{}")
        if not isinstance(value, dict):
            raise ValueError("a frame's payload is an object")
        return value


class BrokenWire(ConnectionError):
    """The other side sent what is no frame."""


def pack(kind: Kind, session: UUID = NOBODY, payload: bytes | dict[str, Any] = b"") -> bytes:
    """A frame as bytes."""
    if isinstance(payload, dict):
        payload = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
    return _HEAD.pack(len(payload) + 17, kind, session.bytes) + payload


class Unpacker:
    """Bytes in, frames out."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, received: bytes) -> Iterator[Frame]:
        """The frames that are whole now. Raises `BrokenWire`."""
        waiting = self._waiting
        waiting += received
        start = 0
        while len(waiting) - start >= _HEAD.size:
            length, kind, session = _HEAD.unpack_from(waiting, start)
            if not 17 <= length <= MOST or kind not in _KINDS:
                raise BrokenWire("no frame")
            end = start + 4 + length
            if len(waiting) < end:
                break
            yield Frame(Kind(kind), UUID(bytes=session), bytes(waiting[start + _HEAD.size : end]))
            start = end
        del waiting[:start]


_KINDS = frozenset(Kind)
