"""Notebooks as pages: Voilà's renderer and exporter with templates of our own.

Voilà makes a new Jinja environment at every visit and compiles its templates anew, most of a visit's server time;
here the compiled templates are kept (`_COMPILED`) and ours are two short files. A lesson cell that fails does not end
the page: the text after it is still shown, and in the failed cell's place a notice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbconvert.preprocessors.clearoutput import ClearOutputPreprocessor
from nbformat import NotebookNode
from voila.configuration import VoilaConfiguration
from voila.exporter import VoilaExporter
from voila.notebook_renderer import NotebookRenderer

log = logging.getLogger("isoxa.portal.rendering")

TEMPLATES = Path(__file__).parent / "voila_template"
# A cell that takes longer is interrupted, and a notice stands in its place.
CELL_SECONDS = 30


class _Compiled(BytecodeCache):
    """Compiled templates, kept in memory between visits."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._code.get(bucket.key)
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class PageExporter(VoilaExporter):
    """Voilà's exporter, reading our templates alone and keeping what it compiled."""

    def markdown2html(  # type: ignore[override]  # a filter is called by the template alone
        self, source: str, attachments: dict[str, Any] | None = None
    ) -> str:
        """Voilà's, with a cell's attachments as an argument: it finds them only inside nbconvert's own blocks."""
        renderer = self.markdown_renderer_class(
            escape=False,
            attachments=attachments or {},
            contents_manager=self.contents_manager,
            anchor_link_text=self.anchor_link_text,
        )
        return str(MarkdownWithMath(renderer=renderer).render(source))

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = _COMPILED
        return environment


class PageRenderer(NotebookRenderer):
    """Voilà's renderer for one released notebook. ``page`` is what the template shows around it."""

    def __init__(self, notebook: Path, template: str, page: dict[str, Any], **voila: Any) -> None:
        super().__init__(notebook_path=str(notebook), **voila)
        self._file = notebook
        self._template = template
        self._page = page

    async def initialize(self, **_: Any) -> None:
        """Read the notebook and set up the exporter; nothing in the notebook chooses template, theme or kernel."""
        self.notebook = await self.load_notebook(str(self._file))
        self.cwd = str(self._file.parent.parent)
        self.template_name, self.theme = "isoxa", "light"
        self.resources = {
            "base_url": self.base_url,
            "theme": self.theme,
            "metadata": {"name": self._file.stem},
            "isoxa": self._page,
        }
        self.exporter = PageExporter(
            template_paths=[str(TEMPLATES)],
            template_name=self.template_name,
            template_file=self._template,
            # Pictures named in the text are put into the page; no other file can be named.
            contents_manager=LargeFileManager(root_dir=self.cwd),
            base_url=self.base_url,
        )

    async def load_notebook(self, path: str) -> NotebookNode:
        """A fresh copy of the notebook, to be run by Python whatever it asks for."""
        status = Path(path).stat()
        read = await asyncio.to_thread(_read, path, status.st_mtime_ns, status.st_size)
        notebook = deepcopy(read)
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        return notebook

    async def _jinja_cell_generator(self, nb: NotebookNode, kernel_id: str) -> AsyncIterator[NotebookNode]:
        nb, _ = ClearOutputPreprocessor().preprocess(nb, {"metadata": {"path": self.cwd}})
        for index, cell in enumerate(nb.cells):
            try:
                yield await self.executor.execute_cell(cell, None, index, store_history=False)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as problem:
                log.error("%s, cell %s: %s", self._file.name, cell.get("id", index), problem)
                cell.outputs = []
                cell.metadata["isoxa_failed"] = True
                yield cell

    async def pieces(self, kernel_id: str | None = None, kernel: Any = None) -> AsyncGenerator[str, None]:
        """The page in pieces, as they are ready. Without a kernel nothing is run."""
        try:
            async for piece, _ in self.generate_content_generator(kernel_id, kernel):
                yield piece
        finally:
            if self.kernel_started:
                await self._cleanup_resources()


def voila_configuration(parent: Any) -> VoilaConfiguration:
    """How Voilà is set up here: no template or theme from outside, and the three extensions a lesson needs."""
    return VoilaConfiguration(
        parent=parent,
        template="isoxa",
        theme="light",
        allow_template_override="NO",
        allow_theme_override="NO",
        strip_sources=True,
        show_tracebacks=False,
        # The manager, ipywidgets' own classes, anywidget.
        extension_allowlist=[
            "@voila-dashboards/widgets-manager8",
            "@jupyter-widgets/jupyterlab-manager",
            "anywidget",
        ],
        multi_kernel_manager_class="isoxa_portal.lesson_kernels.LessonKernels",
    )


@lru_cache(maxsize=64)
def _read(path: str, changed: int, size: int) -> NotebookNode:
    read: NotebookNode = nbformat.read(path, as_version=4)
    return read
