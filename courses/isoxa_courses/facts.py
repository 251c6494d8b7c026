"""What the whole course leans on: legal facts, each stated once, and the words that everything is called by.

Law changes: a lesson shows a fact from here, with its source and the day it was checked, so a trainer has one place
to change. ``status``: ``in_force``, ``replaced``, or ``recheck`` (not to be relied on before someone has looked).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator

from .fields import ContentModel, Id, Line, Paragraphs, unique_ids


class Fact(ContentModel):
    """A legal fact: stated once here, shown by the lessons from here."""

    id: Id
    text: Paragraphs
    source: Line
    article: Line | None = None
    checked: date
    status: Literal["in_force", "replaced", "recheck"]
    recheck_by: date | None = None
    replaced_by: Id | None = None
    """The fact that took its place: a lesson may show a replaced fact only together with that one."""


class FactsFile(ContentModel):
    """``facts.yaml``."""

    facts: Annotated[tuple[Fact, ...], AfterValidator(unique_ids)] = ()


class Term(ContentModel):
    """A word of the course, and the words not to be used for it."""

    term: Line
    meaning: Paragraphs
    banned: tuple[Line, ...] = ()


class GlossaryFile(ContentModel):
    """``glossary.yaml``."""

    terms: tuple[Term, ...] = ()
