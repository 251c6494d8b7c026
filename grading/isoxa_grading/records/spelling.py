"""When two spellings are one name: case, Unicode form, where the tone stands, the kind of dash or apostrophe."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from isoxa_courses.text import clean, fold

__all__ = ["is_marked", "plain", "search_key"]

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_APOSTROPHES = re.compile("['’‘ʼ`´]")


@lru_cache(maxsize=65536)
def search_key(name: str) -> str:
    """How a short name is kept for search: folded, apostrophes out, other signs as spaces, no leading zeros."""
    bare = re.sub(r"[^a-z0-9]+", " ", _APOSTROPHES.sub("", fold(name)))
    return " ".join(re.sub(r"\b0+(?=\d)", "", bare).split())


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Equal for two spellings of one name: case, the kind of dash or apostrophe, and where in a syllable the tone
    stands do not matter.
    """
    words = []
    for word in re.sub(r"[^\w\s]+", " ", _APOSTROPHES.sub("", clean(text).casefold())).split():
        word = unicodedata.normalize("NFD", word.replace("ð", "đ"))
        tone = "".join(sign for sign in word if sign in _TONES)
        words.append("".join(sign for sign in word if sign not in _TONES).lstrip("0") + tone)
    return " ".join(words)


@lru_cache(maxsize=65536)
def is_marked(text: str) -> bool:
    """Whether the text has Vietnamese letters at all."""
    return fold(text) != clean(text).casefold()
