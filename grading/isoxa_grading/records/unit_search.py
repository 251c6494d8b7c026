"""Looks a part of a text up in the index: which provinces, districts or communes it can name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .tables.units import UnitKind
from .unit_index import Place, UnitIndex
from .unit_text import Part, is_marked, plain, read_part, remarks_of, search_key
from .words import Words, words_key

__all__ = ["PartSearch"]


class PartSearch:
    """``marked`` in these methods: whether the text as a whole was typed with diacritics."""

    def __init__(self, index: UnitIndex, words: Words) -> None:
        self.index, self.words = index, words

    def choose(self, part: Part, marked: bool, fits: Callable[[Place], bool]) -> list[Place]:
        """Units that the part names and that fit: as it is written; or, for a name without any diacritics, whatever
        they are; or, if that finds none, another spelling of the name, where only one unit fits.
        """
        exact: dict[int, Place] = {}
        bare: dict[int, Place] = {}
        for reading in part.readings:
            for place in self.index.by_key.get(search_key(reading.name), ()):
                if reading.type_word not in (None, place.type_word) or not fits(place):
                    continue
                if plain(reading.name) == plain(place.short_name):
                    exact[place.id] = place
                if not is_marked(reading.name):
                    bare[place.id] = place
        if not marked:
            return list((exact | bare).values())
        found = exact or bare
        if found:
            return list(found.values())
        variants = {
            place.id: place
            for reading in part.readings
            for place in self.index.by_variant(reading.name, self.words)
            if reading.type_word in (None, place.type_word) and fits(place)
        }
        return list(variants.values()) if len(variants) == 1 else []

    def provinces(self, part: Part, marked: bool) -> list[Place]:
        """Provinces of that name: today's, or else those of before."""
        short = self.words.provinces.get(words_key(part.text))
        if short:
            part, marked = read_part(short, self.words), True
        found = self.choose(part, marked, lambda place: place.kind is UnitKind.PROVINCE)
        return [place for place in found if not place.old] or found

    def areas(self, province: str) -> list[Place] | None:
        """The provinces of a cell; [] where it says nothing, None where it is not understood."""
        text, _remarks = remarks_of(province)
        if not text:
            return []
        return self.provinces(read_part(text.split(",")[-1], self.words), is_marked(province)) or None

    def districts(self, part: Part, areas: list[Place], marked: bool) -> list[Place]:
        """Districts of before with that name, in the areas (none: anywhere)."""
        before = self.before(areas)
        return self.choose(
            part, marked, lambda place: place.kind is UnitKind.DISTRICT and (not areas or place.under(before))
        )

    def before(self, areas: Iterable[Place]) -> list[Place]:
        """The areas of before under which units of before are to be looked for."""
        areas = list(areas)
        return [area for area in areas if area.old] + self.index.forebears(
            area for area in areas if not area.old
        )

    def was_in(self, place: Place, areas: list[Place]) -> bool:
        """Whether a commune of today has land that was in these areas of before."""
        return place.kind is UnitKind.COMMUNE and any(
            old.under(areas) for old in self.index.forebears([place])
        )

    def overlap(self, some: Iterable[Place], others: Iterable[Place]) -> bool:
        """Whether one of these is above, below or the same as one of the others, as they are today."""
        here, there = self.index.heirs(some), self.index.heirs(others)
        return any(
            one.path.startswith(other.path) or other.path.startswith(one.path)
            for one in here
            for other in there
        )
