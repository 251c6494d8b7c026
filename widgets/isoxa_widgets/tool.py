"""The base of the tools' widgets: title, words around it, and the documents that an officer's work gives."""

from __future__ import annotations

from typing import Any

from isoxa_courses.tools import Tool
from traitlets import List, Unicode

from .widget import LessonWidget


class ToolWidget(LessonWidget):
    """``documents``: ``[{"kind", "title", "formats": ["docx", …]}]``, what the portal gives of the saved state."""

    title = Unicode().tag(sync=True)
    intro = Unicode().tag(sync=True)
    documents: List[Any] = List().tag(sync=True)

    def __init__(self, tool: Tool, title: str, **values: Any) -> None:
        documents = [
            {"kind": one.kind, "title": one.title, "formats": list(one.formats)}
            for one in tool.document_kinds
        ]
        super().__init__(
            item=tool.id,
            title=tool.title or title,
            intro=tool.intro or "",
            documents=documents,
            **values,
        )
