"""What a lesson notebook works with: ``bai = lesson("03-pdca")``, then one call a cell.

The practice content is found where the process may look: the released edition that the portal names
(``ISOXA_RELEASE_DIR``), else the course folder of a checkout around the notebook, else the content that came with the
installation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from ipywidgets.widgets.widget_layout import Layout
from isoxa_courses.loading import load_facts, load_lesson
from isoxa_courses.models import Fact, LessonFile
from isoxa_courses.shipped import content_root
from isoxa_courses.tools import Tool

from .checkpoint import Checkpoint
from .facts import FactNote
from .summary import Summary
from .widget import LessonWidget, one_layout

COURSE = "iso-9001-cap-xa"


class LessonNotFound(LookupError):
    """No practice content of that lesson where this process may look."""


def _places(course: str) -> Iterator[Path]:
    released = os.environ.get("ISOXA_RELEASE_DIR")
    if released:
        # A lesson process of the portal sees its own edition and nothing else.
        yield Path(released)
        return
    here = Path.cwd()
    for folder in (here, *here.parents):
        yield folder / "courses" / course
    yield content_root().courses / course


def find_content(lesson_id: str, course: str) -> Path:
    """The folder that holds ``lessons/ID.yaml`` and ``facts.yaml``. Raises `LessonNotFound`."""
    for folder in _places(course):
        if (folder / "lessons" / f"{lesson_id}.yaml").is_file():
            return folder
    raise LessonNotFound(f"Không tìm thấy nội dung luyện tập của bài “{lesson_id}”.")


@lru_cache(maxsize=32)
def _read(folder: Path, lesson_id: str, _stamp: tuple[int, ...]) -> tuple[LessonFile, tuple[Fact, ...]]:
    return load_lesson(folder, lesson_id), load_facts(folder)


def _stamp(folder: Path, lesson_id: str) -> tuple[int, ...]:
    files = (folder / "lessons" / f"{lesson_id}.yaml", folder / "facts.yaml")
    return tuple(file.stat().st_mtime_ns for file in files if file.is_file())


def tool_widget(tool: Tool) -> LessonWidget:
    """The widget of a tool: ``WIDGET`` of the module that has the tool's name."""
    widget: LessonWidget = import_module(f"{__package__}.{tool.tool}").WIDGET(tool)
    return widget


class LessonTools:
    """The tools of one lesson; each call gives something a notebook shows."""

    def __init__(self, content: LessonFile, facts: tuple[Fact, ...]) -> None:
        self._content = content
        self._facts = {fact.id: fact for fact in facts}
        self._shown: list[LessonWidget] = []
        self._layout = Layout()

    def __repr__(self) -> str:
        return f"lesson({self._content.id!r})"

    def _show(self, widget: LessonWidget) -> LessonWidget:
        self._shown.append(widget)
        return widget

    def checkpoint(self, id: str) -> LessonWidget:
        """The practice question of that id. Raises ``UnknownName``."""
        with one_layout(self._layout):
            return self._show(Checkpoint(self._content, id))

    def tool(self, id: str) -> LessonWidget:
        """The tool of that id. Raises ``UnknownName``."""
        with one_layout(self._layout):
            return self._show(tool_widget(self._content.tool(id)))

    def fact(self, id: str) -> FactNote:
        """The fact of that id, as a note. Raises `LessonNotFound`."""
        if id not in self._facts:
            raise LessonNotFound(f"Không có căn cứ “{id}” trong facts.yaml.")
        return FactNote(self._facts[id])

    def summary(self) -> Summary:
        """The end of the lesson: what is done and what comes next."""
        with one_layout(self._layout):
            summary = Summary(self._content)
        summary.follow(self._shown)
        return summary


def lesson(lesson_id: str, course: str = COURSE, *, folder: str | Path | None = None) -> LessonTools:
    """The tools of a lesson; an author may name the course ``folder``.

    Raises `LessonNotFound`, or ``ContentError`` when its files cannot be read.
    """
    place = find_content(lesson_id, course) if folder is None else Path(folder)
    if not (place / "lessons" / f"{lesson_id}.yaml").is_file():
        raise LessonNotFound(f"Không tìm thấy nội dung luyện tập của bài “{lesson_id}” trong {place}.")
    return LessonTools(*_read(place, lesson_id, _stamp(place, lesson_id)))
