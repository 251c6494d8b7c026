"""What every lesson tool has: an id, its place in the lesson, words around it, and a judge of its state."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from ..documents import Document, DocumentKind
from ..fields import ContentModel, Id, Line, Paragraphs


class Tool(ContentModel):
    """A tool in a lesson. Tools are practice: their content and answers may reach the lesson's kernel."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = ()
    """What the officer's work with this tool can be taken away as."""

    id: Id
    tool: str
    section: Id | None = None
    title: Line | None = None
    intro: Paragraphs | None = None

    @abstractmethod
    def judge(self, raw: object) -> bool:
        """Whether a state from outside (JSON of any shape) is done. Never raises."""

    def documents(self, raw: object) -> tuple[Document, ...]:
        """What a state from outside (JSON of any shape) gives, one of each of ``document_kinds`` that has words in it.

        Never raises: what makes no sense is left out.
        """
        return ()
