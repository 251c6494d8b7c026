"""All units in memory, small: what matching a name asks of them, without a query a name.

Some fourteen thousand units of administration load in a quarter of a second; a process keeps one index for each
database and looks, before using it, whether a unit was added, changed or closed since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from isoxa_courses.text import clean
from rapidfuzz import fuzz, process
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

from .tables import Unit, UnitSuccessor
from .tables.units import UnitKind
from .unit_text import search_key, variant_key
from .words import Words, words_key

__all__ = ["Place", "UnitIndex", "agency_key", "unit_index"]

AGENCIES = (UnitKind.DEPARTMENT, UnitKind.AGENCY)
_ALIKE = 72.0


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, as matching needs it. ``old``: it ended on 30 June 2025 (or later was closed)."""

    id: int
    kind: UnitKind
    type_word: str
    name: str
    short_name: str
    parent_id: int | None
    path: str
    old: bool
    search_key: str

    def under(self, areas: Iterable[Place]) -> bool:
        """Whether it is one of the areas, or below one."""
        return any(self.path.startswith(area.path) for area in areas)


class UnitIndex:
    """Every unit with its heirs (units it went to) and forebears (units that went to it)."""

    def __init__(self, places: Iterable[Place], successors: Iterable[tuple[int, int]]) -> None:
        self.by_id = {place.id: place for place in places}
        self.by_key: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self.by_id.values():
            if place.kind not in AGENCIES:
                self.by_key[place.search_key].append(place)
        self._heirs: defaultdict[int, list[Place]] = defaultdict(list)
        self._forebears: defaultdict[int, list[Place]] = defaultdict(list)
        for old, new in successors:
            self._heirs[old].append(self.by_id[new])
            self._forebears[new].append(self.by_id[old])
        self._alike: dict[tuple[str, ...], list[str]] = {}

    @cached_property
    def agencies(self) -> list[Place]:
        """Departments and other agencies of today."""
        return [place for place in self.by_id.values() if place.kind in AGENCIES and not place.old]

    @cached_property
    def provinces(self) -> list[Place]:
        """Provinces, of today and of before."""
        return [place for place in self.by_id.values() if place.kind is UnitKind.PROVINCE]

    @cached_property
    def province_keys(self) -> frozenset[str]:
        """Search keys of all provinces."""
        return frozenset(place.search_key for place in self.provinces)

    def parent(self, place: Place) -> Place | None:
        """The unit above."""
        return self.by_id.get(place.parent_id) if place.parent_id else None

    def heirs(self, old: Iterable[Place]) -> list[Place]:
        """What became of these units, each once; a unit that still is, is its own heir."""
        found = {
            heir.id: heir for place in old for heir in ([place] if not place.old else self._heirs[place.id])
        }
        return list(found.values())

    def forebears(self, today: Iterable[Place]) -> list[Place]:
        """Units that went into these."""
        return [old for place in today for old in self._forebears[place.id]]

    def by_variant(self, name: str, words: Words) -> list[Place]:
        """Units whose name is another spelling of this one."""
        return self._variants(words).get(variant_key(name, words), [])

    def alike(self, name: str, areas: Sequence[Place], limit: int) -> list[Place]:
        """Today's units under the areas (none: anywhere) with a name like this one, the likest first."""
        cached = tuple(area.path for area in areas)
        keys = self._alike.get(cached)
        if keys is None:
            keys = [
                key
                for key, places in self.by_key.items()
                if any(not place.old and (not areas or place.under(areas)) for place in places)
            ]
            self._alike[cached] = keys
        found = process.extract(search_key(name), keys, scorer=fuzz.ratio, limit=limit, score_cutoff=_ALIKE)
        near = [
            place
            for key, _, _ in found
            for place in self.by_key[key]
            if not place.old and (not areas or place.under(areas))
        ]
        return near[:limit]

    def _variants(self, words: Words) -> dict[str, list[Place]]:
        if self._variant_table is None:
            table: defaultdict[str, list[Place]] = defaultdict(list)
            for places in self.by_key.values():
                for place in places:
                    table[variant_key(place.short_name, words)].append(place)
            self._variant_table = table
        return self._variant_table

    _variant_table: dict[str, list[Place]] | None = None


def agency_key(text: str, words: Words) -> str:
    """Equal for an agency's name and its abbreviation: ``Sở KH&CN``, ``Sở Khoa học và Công nghệ``."""
    tokens = clean(text).replace(" & ", "&").replace("& ", "&").replace(" &", "&").split(" ")
    full = []
    for token in tokens:
        short = words_key(token).replace(" ", "")
        # "CT" is Công Thương and "ct" is nothing: an abbreviation is written in capitals.
        is_short = sum(letter.isupper() for letter in token) >= 2
        full.append(words.abbreviations.get(short, words_key(token)) if is_short else words_key(token))
    return " ".join(word for word in " ".join(full).split() if word != "va")


_indexes: WeakKeyDictionary[Pool, tuple[tuple[object, ...], UnitIndex]] = WeakKeyDictionary()


def unit_index(session: Session) -> UnitIndex:
    """The index of the session's database, as its units are now."""
    session.flush()
    stamp = tuple(
        session.execute(
            select(
                func.count(Unit.id), func.max(Unit.id), func.count(Unit.valid_to),
                select(func.count()).select_from(UnitSuccessor).scalar_subquery(),
                # Only agencies can be renamed, and there are few of them.
                func.sum(func.length(Unit.name)),
            )
        ).one()
    )  # fmt: skip
    pool = session.connection().engine.pool
    known = _indexes.get(pool)
    if known is not None and known[0] == stamp:
        return known[1]
    columns = (
        Unit.id, Unit.kind, Unit.type_word, Unit.name, Unit.short_name, Unit.parent_id, Unit.path,
        Unit.valid_to.is_not(None), Unit.search_key,
    )  # fmt: skip
    places = [Place(*row) for row in session.execute(select(*columns).order_by(Unit.sort_key, Unit.id))]
    successors = session.execute(select(UnitSuccessor.unit_id, UnitSuccessor.successor_id)).all()
    index = UnitIndex(places, [(row[0], row[1]) for row in successors])
    _indexes[pool] = (stamp, index)
    return index
