"""``letters/ho-so-minh-chung.yaml``: what an evidence pack says it answers: the requirement, and the law that binds it.

The requirement stands there in our own words, point by point, each with what in the pack shows it; the legal facts are
named by their ids and read from ``facts.yaml``, where each stands once. A course without the file uses the one that
comes with isoxa, with those of its facts that the course has too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from .complaints import validated
from .facts import Fact
from .fields import ContentModel, Id, Line, Paragraphs
from .letter_texts import LETTERS
from .shipped import content_root
from .yaml_files import read_yaml

__all__ = ["EVIDENCE_FILE", "EvidenceTexts", "RequirementPoint", "load_evidence_texts"]

EVIDENCE_FILE = f"{LETTERS}/ho-so-minh-chung.yaml"
_SHIPPED_COURSE = "iso-9001-cap-xa"


class RequirementPoint(ContentModel):
    """A point of the requirement: ``point`` is its letter, ``shown_by`` what of the pack shows it."""

    point: Annotated[Line, Field(max_length=20)]
    text: Annotated[Paragraphs, Field(max_length=1_000)]
    shown_by: Annotated[Line, Field(max_length=400)]


class EvidenceTexts(ContentModel):
    """The requirement and what binds it. ``facts``: ids in ``facts.yaml``."""

    source: Annotated[Line, Field(max_length=200)]
    clause: Annotated[Line, Field(max_length=100)]
    requirement: Annotated[Paragraphs, Field(max_length=3_000)]
    points: Annotated[tuple[RequirementPoint, ...], Field(min_length=1, max_length=12)]
    facts: tuple[Id, ...] = ()
    note: Annotated[Paragraphs, Field(max_length=2_000)] | None = None

    def facts_of(self, facts: tuple[Fact, ...]) -> list[Fact]:
        """Its facts, in its order, as far as they are among ``facts``."""
        known = {fact.id: fact for fact in facts}
        return [known[id_] for id_ in self.facts if id_ in known]


def load_evidence_texts(folder: Path) -> EvidenceTexts:
    """The texts of a course folder, or those that come with isoxa. Raises ``ContentError``."""
    path = folder / EVIDENCE_FILE
    if not path.is_file():
        path = content_root().courses / _SHIPPED_COURSE / EVIDENCE_FILE
    return validated(EvidenceTexts, read_yaml(path))
