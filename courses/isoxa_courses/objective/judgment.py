"""What a criterion's judge hands over."""

from __future__ import annotations

from dataclasses import dataclass

from .review import Verdict


@dataclass(frozen=True, slots=True)
class Judgment:
    """A verdict, the code of its reason (see ``reasons.REASONS``) and the words behind it."""

    verdict: Verdict
    reason: str
    words: tuple[str, ...] = ()
