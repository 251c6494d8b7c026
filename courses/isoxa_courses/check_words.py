"""The same thing always under the same name: the glossary's banned words must not stand in what people read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from .check_notebook import Notebook, prose_of
from .errors import Problem
from .facts import Term
from .text import clean
from .yaml_files import Document, Location

_NOT_PROSE = {
    "id",
    "type",
    "tool",
    "box",
    "section",
    "lesson",
    "quiz",
    "course",
    "after",
    "edition",
    "accepted",
}
"""Fields that hold names, and accepted answers: a learner may well know a thing under its old name."""


class BannedWords:
    """Finds the banned words of a glossary, as whole words, whatever their case."""

    def __init__(self, glossary: Sequence[Term]) -> None:
        self._wanted = {
            clean(word).casefold(): term.term
            for term in glossary
            for word in term.banned
            if word.casefold() != term.term.casefold()
        }
        words = sorted(self._wanted, key=len, reverse=True)
        self._pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)")

    def in_text(self, text: str) -> Iterator[str]:
        """One reason for each banned word in ``text``."""
        if not self._wanted:
            return
        for match in self._pattern.finditer(clean(text).casefold()):
            word = match.group()
            yield f"Không dùng “{word}”; hãy viết “{self._wanted[word]}” (xem glossary.yaml)."

    def in_document(self, document: Document) -> Iterator[Problem]:
        """Banned words in the texts of a YAML file."""
        for location, text in texts_in(document.data):
            for reason in self.in_text(text):
                yield document.problem(location, reason)

    def in_notebook(self, notebook: Notebook) -> Iterator[Problem]:
        """Banned words in the markdown of a notebook."""
        for cell in notebook.cells:
            if cell["cell_type"] == "markdown":
                for reason in self.in_text(prose_of(cell)):
                    yield notebook.problem(cell, reason)


def texts_in(data: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text for people in the data of a content file, with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in _NOT_PROSE:
                yield from texts_in(value, (*location, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from texts_in(value, (*location, index))
    elif isinstance(data, str):
        yield location, data
