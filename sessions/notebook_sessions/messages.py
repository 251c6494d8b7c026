"""Jupyter messages on a websocket: the binary form ``v1.kernel.websocket.jupyter.org``.

A frame is: the number of offsets n and n offsets, each an unsigned 64-bit little-endian integer; then channel, header,
parent header, metadata and content (JSON, UTF-8), then the buffers. Offset i is where part i begins; the last one is
where the frame ends.
"""

from __future__ import annotations

import itertools
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

SUBPROTOCOL = "v1.kernel.websocket.jupyter.org"
# Version of Jupyter's messages spoken here (comm messages are the same since 5.0).
VERSION = "5.3"
# Channel, header, parent header, metadata, content: what every frame has before its buffers.
_PARTS = 5
_MOST_PARTS = 1000

Buffer = bytes | bytearray | memoryview


class BadFrame(ValueError):
    """A frame that is no Jupyter message; the words say why, for the log."""


@dataclass(frozen=True)
class Message:
    """One message. ``header`` and ``parent`` are plain JSON objects as Jupyter defines them."""

    channel: str
    header: dict[str, Any]
    parent: dict[str, Any]
    metadata: dict[str, Any]
    content: dict[str, Any]
    buffers: Sequence[Buffer] = field(default=())

    @property
    def kind(self) -> str:
        """Its ``msg_type``."""
        return str(self.header["msg_type"])

    def as_request(self) -> dict[str, Any]:
        """As ipykernel hands a message to a comm: one dictionary."""
        return {
            "header": self.header,
            "parent_header": self.parent,
            "metadata": self.metadata,
            "content": self.content,
            "buffers": list(self.buffers),
            "msg_id": self.header["msg_id"],
            "msg_type": self.kind,
        }


def decode(frame: bytes) -> Message:
    """Raises `BadFrame` for anything that is not a whole, well-formed message."""
    parts = _split(frame)
    try:
        channel = bytes(parts[0]).decode("utf-8")
        header, parent, metadata, content = (json.loads(bytes(part)) for part in parts[1:_PARTS])
    except (ValueError, RecursionError) as problem:
        raise BadFrame(f"not JSON: {type(problem).__name__}") from None
    for name, part in (("header", header), ("parent", parent), ("metadata", metadata), ("content", content)):
        if not isinstance(part, dict):
            raise BadFrame(f"{name} is no object")
    for name in ("msg_id", "msg_type"):
        if not isinstance(header.get(name), str):
            raise BadFrame(f"header has no {name}")
    return Message(channel, header, parent, metadata, content, parts[_PARTS:])


def _split(frame: bytes) -> list[memoryview]:
    if len(frame) < 8:
        raise BadFrame("too short")
    (count,) = struct.unpack_from("<Q", frame)
    if not _PARTS < count <= _MOST_PARTS or len(frame) < 8 * (count + 1):
        raise BadFrame("no offsets")
    offsets = struct.unpack_from(f"<{count}Q", frame, 8)
    if offsets[0] != 8 * (count + 1) or offsets[-1] != len(frame) or list(offsets) != sorted(offsets):
        raise BadFrame("offsets out of order")
    whole = memoryview(frame)
    return [whole[start:end] for start, end in itertools.pairwise(offsets)]


def encode(message: Message) -> bytes:
    """The frame of a message. Raises ``TypeError`` if it holds what JSON cannot."""
    parts: list[Buffer] = [message.channel.encode("utf-8")]
    parts += [_json(part) for part in (message.header, message.parent, message.metadata, message.content)]
    # A buffer of numbers counts in items until it is cast to bytes.
    parts += [memoryview(buffer).cast("B") for buffer in message.buffers]
    count = len(parts) + 1
    offsets = [8 * (count + 1)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{count + 1}Q", count, *offsets) + b"".join(parts)


def header(kind: str, session: str) -> dict[str, Any]:
    """A new message's header."""
    return {
        "msg_id": uuid4().hex,
        "msg_type": kind,
        "session": session,
        "username": "kernel",
        "date": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        "version": VERSION,
    }


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """What widgets' states may hold beside JSON: dates, and numbers of NumPy, which know their plain form."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return cast(Any, value).tolist()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def from_json(text: str) -> bytes:
    """The frame of a message in the older JSON form, which carries no buffers. Raises `BadFrame`."""
    try:
        found = json.loads(text)
        header, parent, metadata, content = (
            found.get(name) or {} for name in ("header", "parent_header", "metadata", "content")
        )
        channel = found.get("channel") or "shell"
    except (ValueError, RecursionError, AttributeError):
        raise BadFrame("not JSON") from None
    if not isinstance(channel, str):
        raise BadFrame("no message")
    return encode(Message(channel, header, parent, metadata, content))


def to_json(frame: bytes) -> str:
    """The older JSON form of a frame; its buffers cannot be in it."""
    message = decode(frame)
    return json.dumps(
        {
            "channel": message.channel,
            "header": message.header,
            "parent_header": message.parent,
            "metadata": message.metadata,
            "content": message.content,
            "buffers": [],
            "msg_id": message.header["msg_id"],
            "msg_type": message.kind,
        },
        ensure_ascii=False,
    )
