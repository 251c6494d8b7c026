"""One visit: a namespace, comms and widgets of its own, and a kernel's answers to its page."""

from __future__ import annotations

import asyncio
import builtins
import logging
import threading
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from IPython.core.getipython import get_ipython
from IPython.display import display
from ipywidgets.widgets.widget import Widget

from . import messages
from .cells import CodeCell
from .comms import SessionComms
from .messages import Message
from .outputs import SHOWN, Outputs

if TYPE_CHECKING:
    from .lanes import Lane

log = logging.getLogger(__name__)

# Printed text is sent in pieces of at most this many characters.
_STREAM_PIECE = 16_384
# What one cell or callback may print or show; beyond it is cut off with a word in the log.
MOST_SHOWN = 4 * 1024 * 1024


class CutShort(BaseException):
    """Raised inside a notebook's code that took too long. No ``Exception``: ``except Exception`` must not stop it."""


class Session:
    """One visit to one notebook. ``send`` takes websocket frames for its page; it may be called from any thread."""

    def __init__(self, id: UUID, send: Callable[[bytes], None]) -> None:
        self.id = id
        self.comms = SessionComms(self)
        self.widgets: dict[str, Any] = {}
        self.namespace: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": builtins,
            "display": display,
            "get_ipython": get_ipython,
        }
        self.parent: dict[str, Any] = {}
        self.tasks: set[asyncio.Task[Any]] = set()
        # Messages that wait, and whether somebody is at them; both under the lock.
        self.inbox: deque[Callable[[], Awaitable[None]]] = deque()
        self.at_work = False
        self.lock = threading.Lock()
        # Once its code has used asyncio, a session stays with one event loop.
        self.lane: Lane | None = None
        self.over = False
        # How long a callback may take.
        self.callback_seconds = 10.0
        self._send = send
        self._outputs: Outputs | None = None
        self._printed: list[tuple[str, str]] = []
        self._printed_size = 0
        self._shown = 0

    async def run(
        self,
        cells: Sequence[CodeCell],
        limit: float,
        shown: Callable[[int, list[dict[str, Any]], bool], None],
    ) -> None:
        """Run the notebook; ``shown(index, outputs, failed)`` after each code cell. A cell that fails ends itself.

        ``limit``: how many seconds a cell may wait for something; what its code may compute is the lane's to limit.
        """
        for cell in cells:
            if self.over:
                return
            self._outputs = Outputs()
            self._begin({"header": messages.header("execute_request", self.id.hex), "content": {}})
            failed = not await self._execute(cell, limit)
            self.flush()
            shown(cell.index, self._outputs.items, failed)
            await asyncio.sleep(0)  # the lane sees that it is not stuck
        self._outputs = None
        self.parent = {}

    async def handle(self, message: Message) -> None:
        """Answer one message of the page, as a kernel would: busy, the answer, idle."""
        self._begin(message.as_request())
        self._status("busy")
        try:
            self._answer(message)
        except (CutShort, SystemExit, KeyboardInterrupt) as problem:
            self.publish_error(problem)
            log.warning("session %s: a callback ended with %r", self.id, problem)
        finally:
            self.flush()
            self._status("idle")

    def end(self) -> None:
        """Nothing more is sent or run. From the thread of its lane, if it has one."""
        self.over = True
        for task in list(self.tasks):
            task.cancel()
        for one in self.comms.comms.values():
            # Most of a widget is freed at once when nothing leads back to it; its page needs no word of it.
            one.on_msg(None)
            one.on_close(None)
            one._closed = True
        self.comms.comms.clear()
        self.widgets.clear()
        self.namespace.clear()

    def publish(
        self,
        kind: str,
        content: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[messages.Buffer] = (),
    ) -> None:
        """Send a message to the page; while the notebook runs, keep what it shows instead."""
        if self.over:
            return
        if kind != "stream":
            self.flush()
        if kind in SHOWN and not self._room(content):
            return
        if self._outputs is None:
            self._reply("iopub", kind, content, metadata, buffers)
        elif kind in SHOWN:
            self._outputs.add(kind, content)
        elif kind == "comm_msg" and content["data"].get("method") == "update":
            # Nobody hears of changes yet; only what an Output widget takes matters now.
            entered = content["data"].get("state", {}).get("msg_id")
            widget = self.widgets.get(content["comm_id"])
            if entered is not None and hasattr(widget, "outputs"):
                self._outputs.take(widget, entered)

    def publish_error(self, problem: BaseException) -> None:
        """Show an exception, as a kernel shows it."""
        content = {
            "ename": type(problem).__name__,
            "evalue": str(problem),
            "traceback": traceback.format_exception(problem),
        }
        self.publish("error", content)

    def write(self, stream: str, text: str) -> None:
        """Something was printed. Sent when the code pauses, or when there is much of it."""
        self._printed.append((stream, text))
        self._printed_size += len(text)
        if self._printed_size >= _STREAM_PIECE:
            self.flush()

    def flush(self) -> None:
        """Send what was printed."""
        printed, self._printed, self._printed_size = self._printed, [], 0
        start = 0
        for end in range(1, len(printed) + 1):
            if end == len(printed) or printed[end][0] != printed[start][0]:
                text = "".join(text for _, text in printed[start:end])
                if text:
                    self.publish("stream", {"name": printed[start][0], "text": text})
                start = end

    def _begin(self, parent: dict[str, Any]) -> None:
        self.parent, self._shown = parent, 0

    def _room(self, content: dict[str, Any]) -> bool:
        size = sum(len(value) for value in _texts(content))
        if self._shown <= MOST_SHOWN < self._shown + size:
            log.warning("session %s: shows too much; the rest is left out", self.id)
        self._shown += size
        return self._shown <= MOST_SHOWN

    async def _execute(self, cell: CodeCell, limit: float) -> bool:
        if cell.problem is not None:
            self.publish_error(SyntaxError(cell.problem))
            return False
        try:
            if cell.body is not None:
                await _awaited(eval(cell.body, self.namespace), limit)  # noqa: S307  # the notebook's own code
            if cell.last is not None:
                self._show_value(await _awaited(eval(cell.last, self.namespace), limit))  # noqa: S307
        except asyncio.CancelledError:
            raise
        except BaseException as problem:  # noqa: BLE001  # a cell may raise anything, SystemExit included
            self.publish_error(problem)
            return False
        return True

    def _show_value(self, value: Any) -> None:
        shell = get_ipython()
        if value is None or shell is None or shell.display_formatter is None:
            return
        self.namespace["_"] = value
        bundle = widget_bundle(value)
        data, metadata = shell.display_formatter.format(value) if bundle is None else bundle
        if data:
            self.publish(
                "execute_result", {"data": data, "metadata": metadata or {}, "execution_count": None}
            )

    def _answer(self, message: Message) -> None:
        request = message.as_request()
        match message.kind:
            case "comm_open":
                self.comms.comm_open(None, "", request)  # type: ignore[arg-type]  # the stream is not used
            case "comm_msg":
                self.comms.comm_msg(None, "", request)  # type: ignore[arg-type]
            case "comm_close":
                self.comms.comm_close(None, "", request)  # type: ignore[arg-type]
            case "comm_info_request":
                target = message.content.get("target_name")
                known = {
                    id: {"target_name": one.target_name}
                    for id, one in self.comms.comms.items()
                    if target in (None, one.target_name)
                }
                self._reply("shell", "comm_info_reply", {"status": "ok", "comms": known})
            case "kernel_info_request":
                self._reply("shell", "kernel_info_reply", _KERNEL_INFO)
            case other:
                log.warning("session %s: %.60r is not answered here", self.id, other)

    def _status(self, state: str) -> None:
        if not self.over:
            self._reply("iopub", "status", {"execution_state": state})

    def _reply(
        self,
        channel: str,
        kind: str,
        content: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        buffers: Sequence[messages.Buffer] = (),
    ) -> None:
        header = messages.header(kind, self.id.hex)
        self._send(
            messages.encode(
                Message(channel, header, self.parent.get("header", {}), metadata or {}, content, buffers)
            )
        )


def widget_bundle(value: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What IPython's formatters make of a widget, without asking each of them in turn; None if it is not that plain.

    A widget shows itself by ``_repr_mimebundle_`` alone; one that has more ways is left to the formatters.
    """
    if not isinstance(value, Widget) or any(hasattr(value, name) for name in _OTHER_WAYS):
        return None
    if value._repr_mimebundle_ is None:
        return None  # a closed one is no widget any more
    bundle = value._repr_mimebundle_()
    if isinstance(bundle, tuple) and len(bundle) == 2:
        return bundle[0], bundle[1]
    return (bundle, {}) if isinstance(bundle, dict) else None


async def _awaited(value: Any, limit: float) -> Any:
    """The value, or what it comes to if the code holds a top-level ``await``."""
    return await asyncio.wait_for(value, limit) if asyncio.iscoroutine(value) else value


def _texts(content: dict[str, Any]) -> list[str]:
    found = [value for value in (content.get("text"), content.get("evalue")) if isinstance(value, str)]
    return found + [value for value in content.get("data", {}).values() if isinstance(value, str)]


_OTHER_WAYS = (
    "_ipython_display_",
    "_repr_html_",
    "_repr_markdown_",
    "_repr_svg_",
    "_repr_png_",
    "_repr_jpeg_",
    "_repr_latex_",
    "_repr_json_",
    "_repr_javascript_",
    "_repr_pdf_",
)
_KERNEL_INFO = {
    "status": "ok",
    "protocol_version": messages.VERSION,
    "implementation": "notebook_sessions",
    "implementation_version": "1",
    "language_info": {
        "name": "python",
        "version": "3",
        "mimetype": "text/x-python",
        "file_extension": ".py",
    },
    "banner": "",
    "help_links": [],
}
