"""What a cell shows, gathered while the notebook runs, in the form notebooks store it (nbformat 4).

Until the page is there nobody receives messages, so what a front end would do with them is done here: put streams
together, clear, update what has a display id, and give to an ``Output`` widget what is shown inside it.
"""

from __future__ import annotations

from typing import Any

SHOWN = frozenset(
    {"stream", "display_data", "execute_result", "update_display_data", "error", "clear_output"}
)


class Outputs:
    """The outputs of one cell."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._clear_next = False
        self._named: dict[str, list[dict[str, Any]]] = {}
        # Output widgets that take what is shown now, the innermost last.
        self._takers: list[Any] = []

    def take(self, widget: Any, message_id: str) -> None:
        """An ``Output`` widget was entered (``message_id``) or left (an empty one)."""
        if message_id:
            self._takers.append(widget)
        elif widget in self._takers:
            self._takers.remove(widget)

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """One message that shows something."""
        if self._takers:
            taker = self._takers[-1]
            if kind == "clear_output":
                taker.outputs = ()
            elif kind != "update_display_data":
                taker.outputs = (*taker.outputs, _stored(kind, content))
            return
        if kind == "clear_output":
            if content.get("wait"):
                self._clear_next = True
            else:
                self.items.clear()
            return
        if self._clear_next:
            self._clear_next = False
            self.items.clear()
        name = content.get("transient", {}).get("display_id")
        if kind == "update_display_data":
            for item in self._named.get(name, ()):
                item["data"], item["metadata"] = content["data"], content["metadata"]
            return
        item = _stored(kind, content)
        last = self.items[-1] if self.items else None
        if kind == "stream" and last and last["output_type"] == "stream" and last["name"] == item["name"]:
            last["text"] += item["text"]
            return
        self.items.append(item)
        if name:
            self._named.setdefault(name, []).append(item)


def _stored(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"output_type": kind}
    if kind == "stream":
        item |= {"name": content["name"], "text": content["text"]}
    elif kind == "error":
        item |= {"ename": content["ename"], "evalue": content["evalue"], "traceback": content["traceback"]}
    else:
        item |= {"data": content["data"], "metadata": content["metadata"]}
        if kind == "execute_result":
            item["execution_count"] = None
    return item
