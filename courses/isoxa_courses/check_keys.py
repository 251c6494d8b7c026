"""Words that say too much: what explains a quiz must not stand in a lesson, where every officer reads it."""

from __future__ import annotations

from collections.abc import Iterator

from .check_notebook import Notebook, source_of
from .check_words import texts_in
from .errors import Problem
from .loading import Reading
from .yaml_files import Document

_TELLING = 25
"""From how many characters on a text of the key is surely not in a lesson by chance."""


def telling_texts(reading: Reading) -> dict[str, str]:
    """Texts that give a quiz's key away, each with the quiz they are from."""
    texts: dict[str, str] = {}
    for name, document in reading.documents.items():
        if name.startswith("quizzes/"):
            for location, text in texts_in(document.data.get("slots")):
                if location[-1] in ("explanation", "why", "sample") and len(text) >= _TELLING:
                    texts[" ".join(text.split())] = name
    return texts


def keys_in_notebook(notebook: Notebook, telling: dict[str, str]) -> Iterator[Problem]:
    """Cells that hold such a text."""
    for cell in notebook.cells:
        source = " ".join(source_of(cell).split())
        for text, name in telling.items():
            if text in source:
                yield notebook.problem(cell, f"Ô chứa lời giải của {name}: “{text[:40]}…”.")


def keys_in_practice(document: Document, telling: dict[str, str]) -> Iterator[Problem]:
    """Texts of a lesson's practice content that are such a text."""
    for location, text in texts_in(document.data):
        name = telling.get(" ".join(text.split()))
        if name is not None:
            yield document.problem(location, f"Trùng với lời giải trong {name}; người học sẽ đọc được.")
