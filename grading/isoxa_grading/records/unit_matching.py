"""Finds the unit that a text means, and never guesses: a wrong commune is worse than none.

``Xã Di Linh`` · ``UBND xã Di Linh, tỉnh Lâm Đồng`` · ``xa di linh, lam dong`` · ``P.1 Bảo Lộc`` · ``xã Gung Ré, huyện
Di Linh`` (a unit until 30 June 2025: found by what became of it) · ``Sở KH&CN``.

Steps: an agency of that name, or else cut the text into parts (``unit_text``), find the province, look among today's
units there, then among those of before (``unit_search``), and say what came of it (``unit_answers``). Diacritics decide
when they are written (xã Ba Tơ and xã Ba Tô are two communes of one province). A name without a district means today's
unit, if there is one; with a district of before, both readings count, and if they differ a person decides. So does a
person where a unit was split: no default is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from isoxa_courses.text import clean
from sqlalchemy.orm import Session

from .tables import Unit
from .tables.units import UnitKind
from .unit_agencies import find_agency
from .unit_answers import Answers, Found
from .unit_index import Place, UnitIndex, unit_index
from .unit_search import PartSearch
from .unit_text import Part, is_marked, read_part, remarks_of, search_key, splits
from .words import Words, shipped_words

__all__ = ["Found", "Said", "UnitFinder", "UnitMatch", "find_unit"]

_LONGEST = 1000
_OLD = re.compile(r"\s*\b(?:cũ|trước sáp nhập|trước sắp xếp|trước đây)$", re.IGNORECASE)
_ENDING = re.compile('(?:[\\s,;-]+việt nam)?[\\s.,;:–—"“”-]*$', re.IGNORECASE)


@dataclass(frozen=True)
class UnitMatch:
    """``unit``, or None with the ``candidates`` it could be (perhaps none) and the ``reason`` in Vietnamese.

    ``doubtful``: the candidates are what the text can mean, and a person may choose; otherwise they are only like it.
    With a unit, ``reason`` is empty, or says that the name is one of before July 2025. ``hint``: a sentence that
    names the candidates where nothing was found, else empty.
    """

    unit: Unit | None
    candidates: tuple[Unit, ...] = ()
    reason: str = ""
    hint: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class Said:
    """What a row says of a unit. ``home``: the province that the file's title names; ``commune``: the text stands where
    only communes stand, in a column "Xã/phường".
    """

    text: str
    district: str = ""
    province: str = ""
    home: str = ""
    commune: bool = False


@dataclass(frozen=True)
class _How:
    """How a text is to be taken: typed with diacritics; said to be of before; certainly a commune."""

    marked: bool
    only_old: bool = False
    commune: bool = False


def find_unit(session: Session, text: str, scope: Unit | None = None) -> UnitMatch:
    """The unit that ``text`` names, under ``scope`` (None: anywhere)."""
    finder = UnitFinder(unit_index(session), shipped_words(), scope.id if scope else None)
    found = finder.find(Said(text))
    candidates = tuple(session.get_one(Unit, place.id) for place in found.candidates)
    hint = (
        f"Gần nhất: {finder.answers.listed(found.candidates)}." if candidates and not found.doubtful else ""
    )
    unit = session.get_one(Unit, found.place.id) if found.place else None
    return UnitMatch(unit, candidates, found.reason, hint, found.doubtful)


class UnitFinder:
    """Finds units within one scope; the same question is answered from memory the second time."""

    def __init__(self, index: UnitIndex, words: Words, scope_id: int | None = None) -> None:
        self.index, self.words = index, words
        scope = index.by_id[scope_id] if scope_id is not None else None
        self.scope = None if scope is None or scope.kind is UnitKind.COUNTRY else scope
        self.search = PartSearch(index, words)
        self.answers = Answers(index, self.scope)
        self._known: dict[Said, Found] = {}

    def find(self, said: Said) -> Found:
        """The unit that is meant, or why it cannot be told."""
        answer = self._known.get(said)
        if answer is None:
            answer = self._known[said] = self._find(said)
        return answer

    def _find(self, said: Said) -> Found:
        text, remarks = remarks_of(clean(said.text, lines=True).replace("\n", ", ")[:_LONGEST])
        text = _ENDING.sub("", text).lstrip(' .,;:-–—"“”')
        if not text:
            return Found(reason="Chưa ghi tên đơn vị.")
        only_old = bool(_OLD.search(text)) or any(_OLD.fullmatch(remark) for remark in remarks)
        text = _OLD.sub("", text) or text
        areas = self.search.areas(said.province)
        if areas is None:
            return self._unknown_province(said.province, "province")
        home = self.search.areas(said.home) or []
        agency = find_agency(self.index, self.words, text, areas or home or self._scope_area())
        if agency is not None:
            return self.answers.agency(text, agency)
        how = _How(is_marked(f"{said.text} {said.district} {said.province}"), only_old, said.commune)
        first: Found | None = None
        for pieces in (*splits(text), *self._joined(text), *self._bracketed(text, remarks)):
            found = self._read(pieces, said.district, areas, home, how)
            if not found.missing:
                return found
            if first is None or (found.candidates and not first.candidates):
                first = found
        assert first is not None
        if self.words.agency_types.match(text) and not read_part(text, self.words).typed:
            reason = f"Chưa có đơn vị “{text}” trong danh mục. Nếu là sở, ban, ngành, hãy thêm đơn vị trước."
            return replace(first, reason=reason)
        return first

    def _joined(self, text: str) -> Iterable[list[str]]:
        """``P. Xuân Hương, Đà Lạt`` is one name of today; ``xã Di Linh Lâm Đồng`` two parts without a comma."""
        parts = next(splits(text), [])
        if len(parts) > 1:
            yield [f"{parts[0]} {read_part(parts[1], self.words).readings[0].name}", *parts[2:]]
        words = parts[0].split(" ") if parts else []
        for taken in range(1, min(5, len(words) - 1)):
            if search_key(" ".join(words[-taken:])) in self.index.province_keys:
                yield [" ".join(words[:-taken]), " ".join(words[-taken:]), *parts[1:]]

    def _bracketed(self, text: str, remarks: list[str]) -> Iterable[list[str]]:
        """``Di Linh (Lâm Đồng)``: what is in brackets may be the unit above."""
        for remark in (_OLD.sub("", remark) for remark in remarks):
            key = search_key(read_part(remark, self.words).readings[0].name)
            if any(
                one.kind in (UnitKind.PROVINCE, UnitKind.DISTRICT) for one in self.index.by_key.get(key, ())
            ):
                yield [text, remark]

    def _read(
        self, pieces: list[str], district: str, areas: list[Place], home: list[Place], how: _How
    ) -> Found:
        first, *above = [read_part(piece, self.words) for piece in pieces]
        if not first.text:
            return Found(reason="Chưa ghi tên xã, phường, đặc khu.")
        said = pieces[0]
        named = self.search.provinces(above[-1], how.marked) if above else []
        if named:
            above = above[:-1]
            if areas and not self.search.overlap(named, areas):
                there, here = self.answers.listed(areas), self.answers.listed(named)
                return Found(reason=f"Cột tỉnh ghi {there}, cột đơn vị lại ghi {here}.")
            # An old province says more than the new one that it went into.
            areas = named if not areas or any(place.old for place in named) else areas
        if self.scope and areas and not self.search.overlap(areas, [self.scope]):
            return self.answers.outside(areas)
        if not areas:
            areas = home
            if self.scope and not (areas and self.search.overlap(areas, [self.scope])):
                areas = self._scope_area()
        if district:
            column = read_part(district, self.words)
            city = (
                []
                if self.search.districts(column, [], how.marked)
                else self.search.provinces(column, how.marked)
            )
            if city:
                areas = areas or city  # a city that is a province, written where districts stand
            elif not any(_same_name(column, part) for part in above):
                above = [*above, column]
        if len(above) > 1:
            if named:
                return self._nearest(said, first, areas)
            return self._unknown_province(pieces[-1])
        if above and not areas and not self.search.districts(above[0], areas, how.marked):
            return self._unknown_province(pieces[-1])
        found = self._in_areas(said, first, above[0] if above else None, areas, how)
        if found.missing and named and not above and len(pieces) > 1:
            # "Lạng Sơn" is a province and was a town: the last part may have been the district.
            again = self._in_areas(
                said,
                first,
                read_part(pieces[-1], self.words),
                self._scope_area(),
                replace(how, only_old=False),
            )
            found = found if again.missing else again
        return found

    def _in_areas(self, said: str, name: Part, district: Part | None, areas: list[Place], how: _How) -> Found:
        search = self.search
        today, before = [area for area in areas if not area.old], search.before(areas)
        places: list[Place] = []
        if district is not None:
            districts = search.districts(district, areas, how.marked)
            if not districts:
                near = self._nearest(said, name, areas)
                reason = f"Không tìm thấy huyện, quận, thị xã, thành phố tên “{district.text}”."
                return replace(near, reason=reason, column="district")
            said = f"{said}, {district.text}"
            old = search.choose(
                name, how.marked, lambda one: one.old and one.under(districts) and one not in districts
            )
            places = search.choose(
                name, how.marked, lambda one: not one.old and search.was_in(one, districts)
            )
        else:
            if not how.only_old and (today or not areas):
                places = search.choose(
                    name, how.marked, lambda one: not one.old and (not areas or one.under(today))
                )
                if places:
                    return self.answers.one_of(said, name, places, how.commune)
            old = search.choose(name, how.marked, lambda one: one.old and (not areas or one.under(before)))
            if not how.only_old and areas and not today:
                # An old province with a commune of today: Đắk Nông is gone, its communes are in Lâm Đồng.
                places = search.choose(
                    name, how.marked, lambda one: not one.old and search.was_in(one, before)
                )
        if old:
            return self.answers.today_of(said, old, places)
        return (
            self.answers.one_of(said, name, places, how.commune)
            if places
            else self._nearest(said, name, areas)
        )

    def _scope_area(self) -> list[Place]:
        return [self.scope] if self.scope else []

    def _nearest(self, said: str, part: Part, areas: list[Place]) -> Found:
        return self.answers.nearest(said, part, areas, self.search.before(areas))

    def _unknown_province(self, said: str, column: str = "unit") -> Found:
        return self.answers.unknown_province(said, read_part(said, self.words).readings[0].name, column)


def _same_name(one: Part, other: Part) -> bool:
    mine, theirs = ({search_key(reading.name) for reading in part.readings} for part in (one, other))
    return bool(mine & theirs)
