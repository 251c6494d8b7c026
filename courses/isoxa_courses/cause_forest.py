"""A tree of causes as it was saved: a flat list, each cause naming the one it explains.

The list comes from outside, so a parent may be missing, come later, be the cause itself, or lead round in a circle.
Reading makes a forest of it in any case: a cause whose parents lead to no beginning becomes a beginning.
"""

from __future__ import annotations

from dataclasses import dataclass

from .tool_states import records_of, text_of


@dataclass(frozen=True)
class Cause:
    """A cause; ``parent`` is the id of the cause it explains, or "" for the problem itself."""

    id: str
    parent: str
    text: str


@dataclass(frozen=True)
class Forest:
    """``causes`` in reading order (each followed by what explains it); ``numbers`` of all: "1", "1.1", "1.2", "2"."""

    causes: tuple[Cause, ...]
    numbers: dict[str, str]

    def depth(self, id_: str) -> int:
        """How many whys lead to a cause of the forest: 1 for one that explains the problem itself."""
        return self.numbers[id_].count(".") + 1

    def text_of(self, id_: str) -> str:
        """The words of a cause; "" if there is none of that id."""
        return next((cause.text for cause in self.causes if cause.id == id_), "")

    def children(self, id_: str) -> tuple[Cause, ...]:
        """What explains a cause."""
        return tuple(cause for cause in self.causes if cause.parent == id_)


def forest_of(raw: object) -> Forest:
    """The causes of a list from outside. Never raises."""
    texts = {str(one["id"]): text_of(one.get("text")) for one in records_of(raw)}
    parents = {str(one["id"]): one.get("parent") for one in records_of(raw)}
    tidy: dict[str, str] = {}
    for id_, parent in parents.items():
        tidy[id_] = (
            parent
            if isinstance(parent, str) and parent in texts and not _leads_to(parents, parent, id_)
            else ""
        )
        parents[id_] = tidy[id_]  # a circle is cut once, at the first of its causes
    children: dict[str, list[str]] = {}
    for id_, parent in tidy.items():
        children.setdefault(parent, []).append(id_)
    causes: list[Cause] = []
    numbers: dict[str, str] = {}
    waiting = [(id_, str(number)) for number, id_ in enumerate(children.get("", ()), start=1)][::-1]
    while waiting:
        id_, number = waiting.pop()
        causes.append(Cause(id_, tidy[id_], texts[id_]))
        numbers[id_] = number
        below = enumerate(children.get(id_, ()), start=1)
        waiting += [(child, f"{number}.{place}") for place, child in below][::-1]
    return Forest(tuple(causes), numbers)


def _leads_to(parents: dict[str, object], start: object, goal: str) -> bool:
    """Whether going up from ``start`` comes to ``goal``."""
    seen: set[object] = set()
    at = start
    while isinstance(at, str) and at in parents and at not in seen:
        if at == goal:
            return True
        seen.add(at)
        at = parents[at]
    return False
