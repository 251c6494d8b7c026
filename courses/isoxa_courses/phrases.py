"""Looking for phrases of a word list in what an officer wrote, with diacritics or without."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .text import clean, fold


def is_bare(text: str) -> bool:
    """Whether a text is typed without any diacritics, so that only letters can be compared."""
    return fold(text) == clean(text).casefold()


def any_of(phrases: Iterable[str], *, bare: bool) -> str:
    """A pattern (to compile) of these phrases as whole words in case-folded text, the longest first."""
    written = {fold(phrase) if bare else clean(phrase).casefold() for phrase in phrases}
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(written, key=len, reverse=True)))})(?!\w)"
