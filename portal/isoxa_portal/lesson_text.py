"""A lesson's page, rendered once: its text as bytes that are sent again and again, with a gap at each code cell.

What a visit adds is the kernel's id and what its cells showed. The text is the same for everybody who reads the lesson
in the same language, so it is kept, and compressed only once.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jinja2 import Template
from nbformat import NotebookNode, from_dict
from notebook_sessions import CellResult

from .rendering import PageRenderer

log = logging.getLogger("isoxa.portal.lessons")

# No text holds this: it is put in for the kernel's id and around each code cell's number.
_MARK: Final = "\ue000isoxa\ue001"
_KERNEL: Final = f"{_MARK}kernel{_MARK}"
# Stands for a widget's id in what is kept of a cell.
_MODEL: Final = "\ue002widget"
_KEPT_PAGES = 64
_KEPT_CELLS = 500
LESSON_TEMPLATE = "isoxa-lesson.html.j2"
CELL_TEMPLATE = "isoxa-cell.html.j2"


@dataclass(frozen=True)
class LessonText:
    """``pieces``: text, and in place of a code cell its index. The kernel's id stands in the first piece."""

    pieces: Sequence[str | int]
    page: dict[str, Any]
    cell_template: Template
    cells: dict[int, NotebookNode]
    made: dict[tuple[int, str], str] = field(default_factory=dict)

    def begin(self, kernel_id: str) -> str:
        """The page up to its first code cell."""
        first = self.pieces[0]
        assert isinstance(first, str)
        return first.replace(_KERNEL, kernel_id)

    async def rest(self, results: AsyncGenerator[CellResult, None]) -> AsyncGenerator[str, None]:
        """What follows, as the cells come; a cell that fails or never comes is a notice in its place."""
        come: dict[int, CellResult] = {}
        over = False
        for piece in self.pieces[1:]:
            if isinstance(piece, str):
                yield piece
                continue
            while piece not in come and not over:
                try:
                    result = await anext(results)
                except StopAsyncIteration:
                    over = True
                else:
                    come[result.index] = result
            yield await self._cell(piece, come.get(piece))
        if not over:
            async for _ in results:
                pass

    async def _cell(self, index: int, result: CellResult | None) -> str:
        if result is None or result.failed:
            return await self._render(index, [], failed=True, lost=result is None)
        # Most cells show the same at every visit but for the ids of their widgets.
        ids = [model for one in result.outputs if (model := _model_of(one)) is not None]
        shown = json.dumps(result.outputs)
        for number, model in enumerate(ids):
            shown = shown.replace(model, f"{_MODEL}{number:04}")
        made = self.made.get((index, shown))
        if made is None:
            html = await self._render(index, result.outputs, failed=False)
            for number, model in enumerate(ids):
                html = html.replace(model, f"{_MODEL}{number:04}")
            if len(self.made) >= _KEPT_CELLS:
                self.made.clear()
            made = self.made[index, shown] = html
        for number, model in enumerate(ids):
            made = made.replace(f"{_MODEL}{number:04}", model)
        return made

    async def _render(
        self, index: int, outputs: list[dict[str, Any]], *, failed: bool, lost: bool = False
    ) -> str:
        cell = self.cells[index].copy()
        cell.outputs = from_dict(outputs)
        return await self.cell_template.render_async(cell=cell, page=self.page, failed=failed, lost=lost)


def _model_of(output: dict[str, Any]) -> str | None:
    """The id of the widget that an output shows, if it shows one and the id is what ids are."""
    model = output.get("data", {}).get("application/vnd.jupyter.widget-view+json", {}).get("model_id")
    return model if isinstance(model, str) and len(model) == 32 and model.isalnum() else None


class LessonTexts:
    """The texts that were rendered; the least used go first."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[object, ...], LessonText] = OrderedDict()
        self._lock = asyncio.Lock()

    async def get(
        self, notebook: Path, page: dict[str, Any], renderer_settings: dict[str, Any]
    ) -> LessonText:
        """The text of a released notebook in this surrounding. Raises ``OSError``."""
        status = notebook.stat()
        around = json.dumps(page, default=_plain, sort_keys=True)
        key = (str(notebook), status.st_mtime_ns, status.st_size, around)
        if key not in self._texts:
            async with self._lock:
                if key not in self._texts:
                    self._texts[key] = await _rendered(notebook, page, renderer_settings)
        self._texts.move_to_end(key)
        while len(self._texts) > _KEPT_PAGES:
            self._texts.popitem(last=False)
        return self._texts[key]


async def _rendered(notebook: Path, page: dict[str, Any], settings: dict[str, Any]) -> LessonText:
    page = {**page, "gap": _MARK, "kernel_id": _KERNEL}
    renderer = PageRenderer(notebook, LESSON_TEMPLATE, page, **settings)
    await renderer.initialize()
    whole = "".join([piece async for piece in renderer.pieces()])
    # The page's configuration is JSON, where the mark is escaped.
    whole = whole.replace(json.dumps(_KERNEL)[1:-1], _KERNEL)
    kernel, *_ = whole.partition(_KERNEL)
    head = f"{kernel}{_KERNEL}"
    parts = whole[len(head) :].split(_MARK)
    pieces: list[str | int] = [head + parts[0]]
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        pieces += [int(number), text]
    cells = {index: cell for index, cell in enumerate(renderer.notebook.cells) if cell.cell_type == "code"}
    template = renderer.exporter.environment.get_template(CELL_TEMPLATE)
    return LessonText(pieces, page, template, cells)


def _plain(value: Any) -> str:
    """Functions of the page (its words, its addresses) are the same for all visits."""
    return "" if callable(value) else repr(value)
