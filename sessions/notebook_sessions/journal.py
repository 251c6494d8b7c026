"""What a page last told its widgets, kept at the server so that a session can be made again.

A session that slept or whose worker died is made by running the notebook again; its widgets then have the values they
began with. The last value of each that the page had set is put back by the same messages that brought it. Binary
values and custom messages are not kept: who relies on those keeps its own state (as a lesson's tools do).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from . import messages
from .messages import Message

# A page that sets more than this is not remembered further; what was set before stays.
MOST_BYTES = 256 * 1024


class Journal:
    """The last values of one session's widgets, by comm and name."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Any]] = {}
        self._bytes = 0

    def note(self, message: Message) -> None:
        """Keep what a message of the page sets, if it sets anything."""
        if message.kind != "comm_msg" or message.buffers:
            return
        data, comm = message.content.get("data"), message.content.get("comm_id")
        if not isinstance(comm, str) or not isinstance(data, dict) or data.get("method") != "update":
            return
        state = data.get("state")
        if not isinstance(state, dict):
            return
        size = len(json.dumps(state))
        if self._bytes + size > MOST_BYTES:
            return
        kept = self._values.setdefault(comm, {})
        before = len(json.dumps(kept)) if kept else 0
        kept.update(state)
        self._bytes += len(json.dumps(kept)) - before

    def frames(self, session: str) -> Iterator[bytes]:
        """Messages that set it all again, as websocket frames."""
        for comm, state in self._values.items():
            data = {"method": "update", "state": state, "buffer_paths": []}
            header = messages.header("comm_msg", session)
            yield messages.encode(Message("shell", header, {}, {}, {"comm_id": comm, "data": data}))
