"""The end of a lesson on one page: what is done, what is left, one's own work, and where to go next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isoxa_courses.models import LessonFile
from isoxa_courses.tools.pdca_board import PdcaBoard
from traitlets import Dict, List, Unicode

from .widget import LessonWidget


class Summary(LessonWidget):
    """``items``: ``[{"id", "title", "section"}]`` in the order of the lesson.

    ``cycles``: tool id → ``[{"id", "label"}]`` of what an officer writes in it.
    ``progress`` is ``{"items": {id: {"done"}}, "done", "total", "complete"}``: the same as the portal's lesson state.
    """

    module = "summary"
    title = Unicode().tag(sync=True)
    items: List[Any] = List().tag(sync=True)
    cycles = Dict().tag(sync=True)
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
            cycles={tool.id: _labels(tool) for tool in lesson.tools if isinstance(tool, PdcaBoard)},
        )
        self._shown: tuple[LessonWidget, ...] = ()
        self.follow(())

    def follow(self, widgets: Sequence[LessonWidget]) -> None:
        """Count the lesson's widgets as they are done; where there is no portal, this kernel is all there is."""
        self._shown = tuple(widgets)
        for widget in self._shown:
            widget.observe(self._count, names=["done"])
        self._count()

    def _count(self, _change: object = None) -> None:
        by_id = {widget.item: widget for widget in self._shown}
        known = [one["id"] for one in self.items]
        states = {id_: {"state": by_id[id_].state, "done": by_id[id_].done} for id_ in known if id_ in by_id}
        done = sum(1 for state in states.values() if state["done"])
        self.progress = {"items": states, "done": done, "total": len(known), "complete": done >= len(known)}

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """Nothing to judge: the progress once more, with the newest states."""
        self._count()
        return {"kind": "progress", **self.progress}


def _labels(board: PdcaBoard) -> list[dict[str, str]]:
    return [{"id": field.id, "label": field.label} for field in board.cycle.fields]
