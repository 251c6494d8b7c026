"""Reads what people write for a unit, without knowing any unit: ``UBND xã Gung Ré (cũ), H. Di Linh - Lâm Đồng``.

A text is one or more *parts* (commune, district, province). A part may be read in several ways: without diacritics
"Quan Son" is "Quan Son" or a district (quận) "Son". Where parts end is not always said by a comma, so a text has
several *splits*, the plainest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from isoxa_courses.text import clean, fold

from .spelling import is_marked, plain, search_key
from .words import Words

__all__ = [
    "Part",
    "Reading",
    "is_marked",
    "plain",
    "read_part",
    "remarks_of",
    "search_key",
    "splits",
    "variant_key",
]

TYPE_WORDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "tỉnh", "quận", "huyện", "phường", "xã")
_ABOVE = re.compile(
    r"\s+(?=(?:huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tx\.?|thuộc)\s|tp\.?\s?hcm\b|(?:h|t|q|tp|tx)\.\s*\w)",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\(([^()]*)\)?")
_LINK = re.compile(r"^(?:thuộc|trực thuộc|nay thuộc|của)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One way to read a part: its type word (None: not said) and the name without it."""

    type_word: str | None
    name: str


@dataclass(frozen=True)
class Part:
    """A part of a text and every way to read it."""

    text: str
    readings: tuple[Reading, ...]

    @property
    def typed(self) -> bool:
        """Whether a type word is certain or possible."""
        return any(reading.type_word for reading in self.readings)


def variant_key(name: str, words: Words) -> str:
    """Equal for the many spellings of one name: ``Phú Quí`` and ``Phú Quý``, ``Đăk Mil`` and ``Đắk Mil``."""
    syllables = [words.spellings.get(word, word) for word in clean(name).casefold().split()]
    bare = plain(" ".join(syllables)).replace(" ", "")
    return re.sub(r"(?<=[bcdđghklmnpqrstvx])y|(?<=qu)y", "i", bare)


def remarks_of(text: str) -> tuple[str, list[str]]:
    """The text without what stands in brackets, and that."""
    return clean(_REMARK.sub(" ", text)), [
        clean(remark) for remark in _REMARK.findall(text) if remark.strip()
    ]


def splits(text: str) -> Iterator[list[str]]:
    """Ways to cut a text into parts, the plainest first."""
    parts = [part for part in (_LINK.sub("", clean(part)) for part in re.split(r"[,;|/\n]", text)) if part]
    if not parts:
        return
    seen = [parts]
    yield parts
    for more in (
        [piece for part in parts for piece in _ABOVE.split(part)],
        [piece for part in parts for piece in re.split(r"\s+[-–—]\s+", part)],
        [piece for part in parts for cut in re.split(r"\s*[-–—]\s*", part) for piece in _ABOVE.split(cut)],
    ):
        pieces = [piece for piece in (_LINK.sub("", clean(piece).strip(" -–—")) for piece in more) if piece]
        if pieces and pieces not in seen:
            seen.append(pieces)
            yield pieces
    for pieces in seen[:]:
        if len(pieces) > 1 and pieces[::-1] not in seen and _is_province_word(pieces[0]):
            seen.append(pieces[::-1])
            yield pieces[::-1]


def _is_province_word(part: str) -> bool:
    return fold(part).startswith(("tinh ", "thanh pho ", "tp ", "tp.", "t. "))


@lru_cache(maxsize=16384)
def without_office(text: str, words: Words) -> str:
    """``Đảng ủy xã Di Linh`` → ``xã Di Linh``; "" where only an office is named."""
    tokens = list(re.finditer(r"[^\W_]+", text))
    key = " ".join(fold(token[0]) for token in tokens)
    found = words.offices.match(key)
    if found is None:
        return text
    taken = len(found[0].split())
    return text[tokens[taken - 1].end() :].strip(" .:,;-–—&/")


@lru_cache(maxsize=16384)
def read_part(text: str, words: Words) -> Part:
    """What a part may say."""
    text = without_office(clean(text), words).strip(" .:*\"“”'")
    short = re.match(r"([^\W\d_]\.?[^\W\d_]{0,3})\.\s*(?=\w)", text) or re.match(
        r"([^\W\d_]{2})\s+(?=\w)|([pfqPFQ])\s?(?=\d)", text
    )
    if short:
        type_word = words.type_words.get((short[1] or short[2]).casefold())
        if type_word:
            return Part(text, (Reading(type_word, text[short.end() :]), Reading(None, text)))
    marked = is_marked(text)
    tokens = text.split(" ")
    compared = [plain(token) if marked else fold(token) for token in tokens]
    readings = [Reading(None, text)]
    for type_word in TYPE_WORDS:
        taken = len(type_word.split(" "))
        sought = plain(type_word) if marked else fold(type_word)
        if len(tokens) > taken and " ".join(compared[:taken]) == sought:
            readings.insert(0, Reading(type_word, " ".join(tokens[taken:])))
            break
    return Part(text, tuple(readings))
