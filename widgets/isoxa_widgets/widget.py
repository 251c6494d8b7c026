"""The base of the lesson widgets: their module, their messages, and what they keep where there is no portal.

A browser asks ``{"kind": "check", "id": n, …}`` and gets ``{"kind": …, "id": n, …}`` back. What comes from a browser
may be anything, so a message that makes no sense gets an answer in words or none, and never an exception into the
kernel.
On the portal what an officer does is kept by the server; ``state`` and ``done`` are only used without one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

import anywidget
from ipywidgets.widgets.widget_layout import Layout
from traitlets import Bool, Dict, Unicode, default

from .assets import css_for, esm_for

_layout: ContextVar[Layout | None] = ContextVar("layout", default=None)


@contextmanager
def one_layout(layout: Layout) -> Iterator[None]:
    """Widgets made in here share it. ipywidgets gives each a layout of its own, a second model that says nothing:
    ours are laid out by their style sheets."""
    token = _layout.set(layout)
    try:
        yield
    finally:
        _layout.reset(token)


class LessonWidget(anywidget.AnyWidget):
    """A widget in a lesson; ``item`` is its id there. A subclass names its ``module`` and answers in `answer`."""

    module: ClassVar[str]

    _esm = Unicode().tag(sync=True)
    _css = Unicode().tag(sync=True)
    item = Unicode().tag(sync=True)
    state = Dict().tag(sync=True)
    done = Bool(False).tag(sync=True)
    _anywidget_id = Unicode().tag(sync=True)

    @default("_anywidget_id")
    def _class_name(self) -> str:
        return f"{type(self).__module__}.{type(self).__name__}"

    @default("_esm")
    def _module_text(self) -> str:
        return esm_for(self.module)

    @default("_css")
    def _style_text(self) -> str:
        return css_for(self.module)

    def __init__(self, **values: Any) -> None:
        shared = _layout.get()
        super().__init__(**({} if shared is None else {"layout": shared}), **values)
        self.on_msg(self._on_message)

    def add_traits(self, **traits: Any) -> None:
        """anywidget adds its id to every instance, for which traitlets makes a class anew each time: two fifths of
        what a widget costs. Ours have the id from their class."""
        missing = {name: trait for name, trait in traits.items() if not self.has_trait(name)}
        if missing:
            super().add_traits(**missing)

    def __repr__(self) -> str:
        """Short: it goes into every page that shows the widget, where nobody reads it."""
        return f"{type(self).__name__}({self.item!r})"

    def _on_message(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict) or content.get("kind") != "check":
            return
        number = content.get("id")
        if type(number) is not int:
            return
        self.send({**self.answer(content), "id": number})

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """The reply to a ``check`` message: ``{"kind": …}`` and what its browser module reads. Never raises."""
        raise NotImplementedError
