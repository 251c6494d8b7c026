"""What a review says: five criteria, each with a verdict, the words that decided it and advice; and notes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["met", "not_met", "cannot_tell"]
CRITERIA = ("specific", "measurable", "achievable", "relevant", "time_bound")


@dataclass(frozen=True, slots=True)
class CriterionReview:
    """One criterion. ``words`` are quoted from the text in NFC; ``reason`` is the code behind ``advice``."""

    verdict: Verdict
    words: tuple[str, ...]
    advice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something else to look at. ``text`` is for the officer."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ObjectiveReview:
    """The review of one objective."""

    specific: CriterionReview
    measurable: CriterionReview
    achievable: CriterionReview
    relevant: CriterionReview
    time_bound: CriterionReview
    notes: tuple[Note, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data: ``{criterion: {verdict, words, advice, reason}, "notes": [{code, text}]}``."""
        return asdict(self)
