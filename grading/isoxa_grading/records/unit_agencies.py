"""Departments and other agencies by name: ``Sở KH&CN tỉnh Lâm Đồng``, ``Văn phòng Sở Nội vụ``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from isoxa_courses.text import clean

from .unit_index import Place, UnitIndex, agency_key
from .unit_text import is_marked, plain, read_part, search_key
from .words import Words

__all__ = ["find_agency"]


def find_agency(index: UnitIndex, words: Words, text: str, areas: list[Place]) -> list[Place] | None:
    """The agencies that the text names, in the areas (none: anywhere); None where it names no agency on record."""
    if not index.agencies or not words.agency_types.match(text):
        return None
    for said, place in _readings(index, words, text):
        found = _named(index, words, said)
        near = [place] if place else areas
        inside = [one for one in found if not near or _serves(index, one, near)]
        if inside:
            return inside
    return None


def _serves(index: UnitIndex, agency: Place, areas: list[Place]) -> bool:
    """Whether it is in one of these areas, or of the country."""
    return any(heir.path.startswith(agency.path) or agency.under([heir]) for heir in index.heirs(areas))


def _named(index: UnitIndex, words: Words, said: str) -> list[Place]:
    """Agencies of that very name; then those that the text is a part of, as the office of a department is."""
    key = agency_key(said, words)
    whole = [one for one in index.agencies if agency_key(one.name, words) == key]
    whole = [one for one in whole if plain(one.name) == plain(said)] or whole
    if whole or not words.agency_parts.match(said):
        return whole
    ends = [one for one in index.agencies if key.endswith(" " + agency_key(one.name, words))]
    longest = max((len(one.name) for one in ends), default=0)
    return [one for one in ends if len(one.name) == longest]


def _readings(index: UnitIndex, words: Words, text: str) -> Iterable[tuple[str, Place | None]]:
    """The text, and the text without the province it may end in."""
    yield text, None
    pieces = [piece for piece in re.split(r"[,;]|\s[-–—]\s|\bthuộc\b", clean(text)) if piece.strip()]
    for taken in range(len(pieces), 0, -1):
        said = " ".join(pieces[:taken])
        province = _province(index, words, pieces[taken]) if taken < len(pieces) else None
        if taken == len(pieces) or province:
            yield said, province
        tokens = said.split()
        for last in range(1, min(6, len(tokens))):
            province = _province(index, words, " ".join(tokens[-last:]))
            if province:
                yield " ".join(tokens[:-last]), province
    if len(pieces) > 1 and words.agency_parts.match(clean(pieces[0])):
        yield pieces[-1], None
    elif len(pieces) > 1:
        # "Chi cục TĐC - Sở KH&CN": the part of an agency, then the agency.
        for above in _named(index, words, pieces[-1]):
            yield pieces[0], above


def _province(index: UnitIndex, words: Words, text: str) -> Place | None:
    for reading in read_part(text, words).readings:
        for place in index.by_key.get(search_key(reading.name), ()):
            same = plain(reading.name) == plain(place.short_name) or not is_marked(reading.name)
            fits = same and reading.type_word in (None, place.type_word)
            if place in index.provinces and not place.old and fits:
                return place
    return None
