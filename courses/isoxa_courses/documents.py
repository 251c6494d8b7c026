"""What an officer made with a tool, as a document: neutral blocks that Word and Excel writers lay out.

A tool turns its saved state into documents (:meth:`isoxa_courses.tools.base.Tool.documents`); who wrote them, for which
unit, and how a commune's office lays out a page is the writer's part, so that nothing here knows people or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Column:
    """A column of a table; ``width`` is its share of the line, in any unit."""

    title: str
    width: int = 1
    kind: Literal["text", "number", "date"] = "text"


@dataclass(frozen=True)
class Heading:
    """A numbered part's title, such as "I. Phạm vi đánh giá"."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; line breaks are kept."""

    text: str


@dataclass(frozen=True)
class Fields:
    """Labels with what the officer wrote; an empty value leaves a dotted line to fill by hand."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows of cells, as many as ``columns``; ``caption`` may be empty."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


Block: TypeAlias = Heading | Text | Fields | Table


@dataclass(frozen=True)
class Signature:
    """A place to sign: the role in capitals ("NGƯỜI LẬP"), and the name if it is known."""

    role: str
    name: str = ""


@dataclass(frozen=True)
class DocumentKind:
    """A document that a tool can give: ``kind`` is its id in addresses, lower-case words joined by hyphens."""

    kind: str
    title: str
    formats: tuple[Literal["docx", "xlsx"], ...] = ("docx",)


@dataclass(frozen=True)
class Document:
    """One document. ``title`` in capitals as printed ("KẾ HOẠCH"), ``about`` the line under it (trích yếu)."""

    kind: str
    title: str
    about: str
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...] = ()
    landscape: bool = False

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))
