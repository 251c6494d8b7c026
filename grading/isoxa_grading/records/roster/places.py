"""Which unit a row belongs to: what its cells say, or the sheet's name, or the title, or the scope itself.

A row's own cell or the head above it comes first and alone. Only where nothing there names a unit do the sheet's name
and the title count, and only if they are one unit for certain.
"""

from __future__ import annotations

import re
from dataclasses import replace

from isoxa_courses.text import clean, fold

from ..tables.units import UnitKind
from ..unit_answers import Found
from ..unit_index import AGENCIES, Place
from ..unit_matching import Said, UnitFinder
from ..unit_text import read_part, without_office
from .rows import RosterFile, RosterRow, SheetContext

__all__ = ["PlaceFinder"]

_LONGEST_NAME = 6
_PROVINCE_IN_TITLE = re.compile(r"\b(?:tỉnh|thành phố|tp\.?)\s+([^,;()\n]+)", re.IGNORECASE)
_COMMUNE_IN_TITLE = re.compile(r"\b((?:xã(?!\s+hội)|phường|đặc khu|thị trấn)\s+[^,;()\n]+)", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*(?:\d{1,3}|[IVXLC]{1,6})\s*[.)_-]\s*")


class PlaceFinder:
    """Finds the units of the rows of one file."""

    def __init__(self, file: RosterFile, finder: UnitFinder) -> None:
        self.file, self.finder = file, finder
        self.words = finder.words
        self._home: dict[str, str] = {}
        self._around: dict[str, Found | None] = {}

    def find(self, row: RosterRow) -> Found:
        """The unit of a row, or why it cannot be told."""
        home = self._home_of(row.sheet)
        text = row.unit if row.unit and without_office(row.unit, self.words) else ""
        if not text:
            if row.unit or not self._has_unit(row.sheet):
                around = self._around_of(row.sheet)
                if around is not None:
                    return around
            return Found(reason="Chưa ghi đơn vị. Hãy ghi tên xã, phường, đặc khu.")
        said = Said(text, row.district, row.province, home, row.in_commune_column)
        found = self.finder.find(said)
        if found.place is not None and found.place.kind is UnitKind.PROVINCE and not _is_office(row.unit):
            reason = f"“{row.unit}” là tên tỉnh, thành phố. Hãy ghi tên xã, phường, đặc khu."
            return Found(None, (found.place,), reason, doubtful=True)
        if found.place is not None and found.place.kind is UnitKind.COUNTRY:
            return Found(reason="Hãy ghi tên xã, phường, đặc khu.")
        if found.place is not None and row.other_unit:
            other = self.finder.find(replace(said, text=row.other_unit, commune=False))
            differs = (
                other.place is not None
                and other.place != found.place
                and other.place.kind is UnitKind.COMMUNE
            )
            if differs and other.place is not None:
                listed = self.finder.answers.listed([found.place, other.place])
                reason = f"Hai cột đơn vị của dòng này ghi hai đơn vị: {listed}."
                return Found(None, (found.place, other.place), reason, doubtful=True)
        return found

    def any_unit(self) -> bool:
        """Whether anything in the file says a unit at all."""
        return any(row.unit for row in self.file.rows) or any(
            context.has_unit or self._around_of(name) is not None
            for name, context in self.file.sheets.items()
        )

    def _has_unit(self, sheet: str) -> bool:
        context = self.file.sheets.get(sheet)
        return context is not None and context.has_unit

    def _home_of(self, sheet: str) -> str:
        """The one province that the titles of a sheet name."""
        if sheet not in self._home:
            context = self.file.sheets.get(sheet)
            named: dict[int, str] = {}
            for title in context.titles if context else ():
                for tail in _PROVINCE_IN_TITLE.finditer(title.replace("\n", " , ")):
                    place = self._province(tail[1])
                    if place is not None:
                        named[place.id] = place.name
            self._home[sheet] = next(iter(named.values())) if len(named) == 1 else ""
        return self._home[sheet]

    def _province(self, text: str) -> Place | None:
        words = clean(text).split(" ")[:_LONGEST_NAME]
        for taken in range(len(words), 0, -1):
            part = read_part(" ".join(words[:taken]).strip(" .:-–"), self.words)
            found = self.finder.search.provinces(part, marked=True)
            if len(found) == 1:
                return found[0]
        return None

    def _around_of(self, sheet: str) -> Found | None:
        """The unit that the sheet's name, the titles or the scope say for rows that say none."""
        if sheet not in self._around:
            context = self.file.sheets.get(sheet)
            self._around[sheet] = self._find_around(context) if context else None
        return self._around[sheet]

    def _find_around(self, context: SheetContext) -> Found | None:
        home = self._home_of(context.name)
        name = _NUMBERING.sub("", context.name)
        if name != self.file.name:
            found = self.finder.find(Said(name, home=home))
            if found.place is not None and found.place.kind is UnitKind.COMMUNE:
                return found
            if not found.missing and read_part(name, self.words).typed:
                return found
        named: dict[int, Found] = {}
        for title in context.titles:
            for tail in _COMMUNE_IN_TITLE.finditer(title):
                found_here = self._commune(tail[1], home)
                if found_here is not None and found_here.place is not None:
                    named[found_here.place.id] = found_here
        if len(named) == 1:
            return next(iter(named.values()))
        scope = self.finder.scope
        if not named and scope is not None and scope.kind in (UnitKind.COMMUNE, *AGENCIES):
            return Found(scope)
        return None

    def _commune(self, text: str, home: str) -> Found | None:
        words = clean(text).split(" ")
        for taken in range(min(len(words), _LONGEST_NAME + 2), 1, -1):
            found = self.finder.find(Said(" ".join(words[:taken]).strip(" .:-–"), home=home))
            if found.place is not None and found.place.kind is UnitKind.COMMUNE:
                return found
        return None


def _is_office(text: str) -> bool:
    return re.search(r"\b(?:tinh|thanh pho|tp|ubnd|uy ban|hdnd|tinh uy|thanh uy)\b", fold(text)) is not None
