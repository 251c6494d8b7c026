"""The end of a lesson on one page: what is done, what is left, one's own work, and where to go next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isoxa_courses.documents import Block, Document, Fields, Heading, Table, Text
from isoxa_courses.models import LessonFile
from isoxa_courses.tools import Tool
from traitlets import Dict, List, Unicode

from .widget import LessonWidget


class Summary(LessonWidget):
    """``items``: ``[{"id", "title", "section"}]`` in the order of the lesson.

    ``makers``: the ids of the tools whose work can be read as documents; a browser asks with their states.
    ``progress`` is ``{"items": {id: {"done"}}, "done", "total", "complete"}``: the same as the portal's lesson state.
    """

    module = "summary"
    title = Unicode().tag(sync=True)
    items: List[Any] = List().tag(sync=True)
    makers: List[Any] = List().tag(sync=True)
    progress = Dict().tag(sync=True)

    def __init__(self, lesson: LessonFile) -> None:
        sections = {section.id: section.title for section in lesson.sections}
        items = [
            {"id": one.id, "title": sections[one.section], "section": one.section}
            for one in lesson.checkpoints
        ] + [
            {
                "id": tool.id,
                "title": tool.title or sections.get(tool.section or "", tool.id),
                "section": tool.section,
            }
            for tool in lesson.tools
        ]
        super().__init__(
            item="tom-tat",
            title=lesson.title,
            items=items,
            makers=[tool.id for tool in lesson.tools if tool.document_kinds],
        )
        self._tools = {tool.id: tool for tool in lesson.tools}
        self._shown: tuple[LessonWidget, ...] = ()
        self.follow(())

    def follow(self, widgets: Sequence[LessonWidget]) -> None:
        """Count the lesson's widgets as they are done; where there is no portal, this kernel is all there is."""
        self._shown = tuple(widgets)
        for widget in self._shown:
            widget.observe(self._count, names=["done", "state"])
        self._count()

    def _count(self, _change: object = None) -> None:
        by_id = {widget.item: widget for widget in self._shown}
        known = [one["id"] for one in self.items]
        states = {id_: {"state": by_id[id_].state, "done": by_id[id_].done} for id_ in known if id_ in by_id}
        done = sum(1 for state in states.values() if state["done"])
        self.progress = {"items": states, "done": done, "total": len(known), "complete": done >= len(known)}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "progress", …, "documents": […]}``: nothing to judge, only what ``question["states"]`` reads as.

        ``states``: tool id → state. A document is ``{"item", "kind", "title", "about", "blocks"}``; a block has
        ``"text"`` (and ``"heading": True``), or ``"fields": [[label, value]]``, or ``"columns"`` and ``"rows"``.
        """
        self._count()
        states = question.get("states")
        given = states if isinstance(states, dict) else {}
        documents = [
            one for id_, tool in self._tools.items() if id_ in given for one in _documents(tool, given[id_])
        ]
        return {"kind": "progress", **self.progress, "documents": documents}


def _documents(tool: Tool, state: object) -> list[dict[str, Any]]:
    titles = {kind.kind: kind.title for kind in tool.document_kinds}
    return [
        {
            "item": tool.id,
            "kind": document.kind,
            "title": titles.get(document.kind, document.title),
            "about": document.about,
            "blocks": _blocks(document),
        }
        for document in tool.documents(state)
    ]


def _blocks(document: Document) -> list[dict[str, Any]]:
    """What was written: a line that is still empty, and a heading with nothing under it, are for paper only."""
    shown: list[dict[str, Any]] = []
    for block in document.blocks:
        plain = _plain(block)
        if plain is not None:
            if "heading" in plain and shown and "heading" in shown[-1]:
                shown.pop()
            shown.append(plain)
    if shown and "heading" in shown[-1]:
        shown.pop()
    return shown


def _plain(block: Block) -> dict[str, Any] | None:
    match block:
        case Heading(text):
            return {"heading": True, "text": text}
        case Text(text):
            return {"text": text}
        case Fields(rows):
            written = [[label, value] for label, value in rows if value]
            return {"fields": written} if written else None
        case Table(columns, rows, caption):
            return {
                "columns": [column.title for column in columns],
                "rows": [list(row) for row in rows],
                "text": caption,
            }
