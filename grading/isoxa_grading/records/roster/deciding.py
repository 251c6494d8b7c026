"""Decides what each row of a roster would do, and writes nothing: the preview.

A row is new, changed, moved, unchanged, doubtful or refused. A doubtful one is left out until a person has chosen:
which unit, which person, or to leave it out (``decide``). The same officer twice in a file counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from isoxa_courses.text import fold
from sqlalchemy.orm import Session

from ..tables import Unit
from ..tables.units import UnitKind
from ..unit_answers import Found
from ..unit_index import Place, unit_index
from ..unit_matching import UnitFinder
from ..unit_text import is_marked, plain
from ..words import Words, shipped_words
from .people import KnownPerson, PeopleIndex, PersonMatch
from .places import PlaceFinder
from .preview import Absent, Choice, Decision, DecisionRefused, PersonChoice, RosterPreview, RowKind
from .rows import RosterFile, RosterRow
from .sheets import RosterError

__all__ = ["PERSON_FIELDS", "SERVICE_FIELDS", "decide", "preview_roster"]

PERSON_FIELDS = ("full_name", "staff_code", "birth_date", "birth_year", "phone", "email")
SERVICE_FIELDS = ("position", "quality_role")


def preview_roster(
    session: Session,
    file: RosterFile,
    scope: Unit | None = None,
    choices: Mapping[str, Choice] | None = None,
    *,
    words: Words | None = None,
) -> RosterPreview:
    """Decide every row against the records as they are; units must lie in ``scope`` (None: anywhere).

    ``choices``: row key → what a person chose. Raises ``RosterError`` if nothing in the file says a unit,
    ``DecisionRefused`` for a choice that is not open.
    """
    return _Preview(session, file, scope, choices or {}, words or shipped_words()).make()


def decide(session: Session, preview: RosterPreview, choices: Mapping[str, Choice]) -> RosterPreview:
    """The preview with these choices added to those made before; other rows may follow from them.

    Raises ``DecisionRefused`` for a row that is not in the file, or a unit or person that is not open to choose.
    """
    keys = {decision.row.key for decision in preview.rows}
    for key in choices:
        if key not in keys:
            raise DecisionRefused(f"Không có dòng “{key}” trong tệp.")
    return preview_roster(session, preview.file, preview.scope, {**preview.choices, **choices})


class _Preview:
    """One preview while it is being made."""

    def __init__(
        self,
        session: Session,
        file: RosterFile,
        scope: Unit | None,
        choices: Mapping[str, Choice],
        words: Words,
    ) -> None:
        self.session, self.file, self.scope, self.choices = session, file, scope, choices
        self.index = unit_index(session)
        self.finder = UnitFinder(self.index, words, scope.id if scope else None)
        self.places = PlaceFinder(file, self.finder)
        self.people = PeopleIndex(session)
        self.decisions: dict[str, Decision] = {}
        self._units: dict[int, Unit] = {}

    def make(self) -> RosterPreview:
        if not self.places.any_unit():
            raise RosterError(
                f"{self.file.name}: thiếu cột “Đơn vị”. Không có cột nào, tiêu đề nào trong tệp cho biết cán bộ thuộc "
                "xã, phường nào. Hãy thêm cột “Đơn vị” rồi nhập lại."
            )
        for row in self.file.rows:
            self.decisions[row.key] = self._decide(row)
        return RosterPreview(
            self.file, self.scope, tuple(self.decisions.values()), dict(self.choices), tuple(self._absent())
        )

    def _decide(self, row: RosterRow) -> Decision:
        choice = self.choices.get(row.key, Choice())
        if choice.leave_out:
            return Decision(row, RowKind.REFUSED, problems=(row.problem("", "Đã chọn bỏ qua dòng này."),))
        if row.problems:
            return Decision(row, RowKind.REFUSED, problems=row.problems)
        found = self._chosen_place(choice.unit_id) if choice.unit_id is not None else self.places.find(row)
        if found.place is None:
            return self._without_unit(row, found)
        unit = self._unit(found.place)
        match = self.people.find(row, unit.id)
        if choice.person is not None:
            match = self._chosen_person(row, match, choice.person)
        if not match.doubt and match.known and self._is_elsewhere(match.known):
            doubt = f"{match.known.full_name} đang ở đơn vị ngoài phạm vi này. Hãy nhờ quản trị viên cấp trên chuyển."
            return self._doubtful(row, unit, PersonMatch(None, doubt, "full_name"))
        if match.doubt:
            return self._doubtful(row, unit, match)
        return self._settled(row, unit, match.known, found.reason)

    def _settled(self, row: RosterRow, unit: Unit, known: KnownPerson | None, note: str) -> Decision:
        if known is None:
            self.people.add_row(row, unit.id, unit.path)
            return Decision(row, RowKind.NEW, unit, note=note)
        if known.claimed_by is not None:
            return self._again(row, unit, known, note)
        known.claimed_by = row
        return self._against(row, unit, known, note)

    def _against(self, row: RosterRow, unit: Unit, known: KnownPerson, note: str) -> Decision:
        changes = dict(_changes(row, unit, known))
        kind = RowKind.MOVED if "unit" in changes else RowKind.CHANGED if changes else RowKind.UNCHANGED
        return Decision(row, kind, unit, known, changes, note=note)

    def _again(self, row: RosterRow, unit: Unit, known: KnownPerson, note: str) -> Decision:
        """A row for someone whom an earlier row is: what it adds goes to that row."""
        first_row = known.claimed_by
        assert first_row is not None
        first = self.decisions[first_row.key]
        where = f"dòng {first_row.number}, trang “{first_row.sheet}”"
        if first.unit is None or first.unit.id != unit.id:
            name = first.unit.name if first.unit else "đơn vị khác"
            match = PersonMatch(None, f"Trùng người với {where}, nhưng dòng đó ghi {name}.", "unit")
            return self._doubtful(row, unit, match)
        conflicts = [
            name
            for name in ("birth_date", "staff_code")
            if _both(row, first_row, name) and getattr(row, name) != getattr(first_row, name)
        ]
        if conflicts:
            match = PersonMatch(None, f"Trùng người với {where}, nhưng dòng đó ghi khác.", conflicts[0])
            return self._doubtful(row, unit, match)
        added = {
            name: getattr(row, name)
            for name in (*PERSON_FIELDS, *SERVICE_FIELDS)
            if getattr(first_row, name) is None and getattr(row, name) is not None
        }
        if added:
            merged = replace(first_row, **added)
            known.claimed_by = merged
            if first.known is None:
                self.decisions[first_row.key] = replace(first, row=merged)
                for name in added:
                    setattr(known, name, added[name])
            else:
                self.decisions[first_row.key] = replace(
                    self._against(merged, unit, first.known, first.note), row=merged
                )
        same = f"Trùng người với {where}: tính một lần."
        return Decision(
            row, RowKind.UNCHANGED, unit, note=" ".join(filter(None, (note, same))), same_as=first_row.key
        )

    # What cannot be settled.

    def _without_unit(self, row: RosterRow, found: Found) -> Decision:
        reason = found.reason or "Hãy ghi tên xã, phường, đặc khu."
        nearest = self._called(found.candidates[0]) if found.candidates else ""
        kind = RowKind.DOUBTFUL if found.doubtful else RowKind.REFUSED
        problem = row.problem(found.column, reason, nearest, kind.value)
        units = tuple(self._unit(place) for place in found.candidates)
        return Decision(row, kind, problems=(problem,), units=units)

    def _doubtful(self, row: RosterRow, unit: Unit, match: PersonMatch) -> Decision:
        people = tuple(
            PersonChoice(one.person_id, one.full_name, self._about(one))
            for one in match.candidates
            if one.person_id is not None and not self._is_elsewhere(one)
        )
        nearest = people[0].full_name if people else ""
        problem = row.problem(match.column, match.doubt, nearest, RowKind.DOUBTFUL.value)
        return Decision(row, RowKind.DOUBTFUL, unit, problems=(problem,), people=people)

    def _called(self, place: Place) -> str:
        """Its name; with its province, where that is not the one that everything here is about."""
        scope = self.finder.scope
        return place.name if scope and place.under([scope]) else self.finder.answers.label(place)

    def _about(self, one: KnownPerson) -> str:
        """What tells this person apart, for the one who decides."""
        place = self.index.by_id.get(one.unit_id) if one.unit_id else None
        birth = f"{one.birth_date:%d/%m/%Y}" if one.birth_date else str(one.birth_year or "")
        said = (
            self.finder.answers.label(place) if place else "",
            one.position,
            one.staff_code,
            birth,
            one.phone,
        )
        return ", ".join(text for text in said if text)

    def _is_elsewhere(self, one: KnownPerson) -> bool:
        scope = self.finder.scope
        return scope is not None and bool(one.unit_path) and not one.unit_path.startswith(scope.path)

    # What a person chose.

    def _chosen_place(self, unit_id: int) -> Found:
        place = self.index.by_id.get(unit_id)
        scope = self.finder.scope
        if (
            place is None
            or place.old
            or place.kind is UnitKind.COUNTRY
            or (scope and not place.under([scope]))
        ):
            raise DecisionRefused("Đơn vị đã chọn không còn, hoặc nằm ngoài phạm vi của anh/chị.")
        return Found(place)

    def _chosen_person(self, row: RosterRow, match: PersonMatch, chosen: int | str) -> PersonMatch:
        if chosen == "new":
            return PersonMatch()
        known = self.people.known.get(chosen) if isinstance(chosen, int) else None
        open_to = {one.person_id for one in match.candidates} | {
            match.known.person_id if match.known else None
        }
        if known is None or chosen not in open_to:
            raise DecisionRefused(f"Dòng {row.number}: không chọn được người này cho dòng.")
        return PersonMatch(known)

    def _absent(self) -> Iterator[Absent]:
        """Who serves in a unit that the file names and is not in the file."""
        units = {decision.unit.id: decision.unit for decision in self.decisions.values() if decision.unit}
        maybe = {one.person_id for decision in self.decisions.values() for one in decision.people}
        for one in self.people.known.values():
            if one.claimed_by is None and one.unit_id in units and one.person_id not in maybe:
                assert one.person_id is not None
                yield Absent(one.person_id, one.full_name, units[one.unit_id])

    def _unit(self, place: Place) -> Unit:
        unit = self._units.get(place.id)
        if unit is None:
            unit = self._units[place.id] = self.session.get_one(Unit, place.id)
        return unit


def _both(one: RosterRow, other: RosterRow, name: str) -> bool:
    return getattr(one, name) is not None and getattr(other, name) is not None


def _same(name: str, before: Any, after: Any) -> bool:
    """Whether what the file has says no more than what is recorded: a list in capitals, or typed without
    diacritics, takes nothing away from a name.
    """
    if before is None:
        return False
    if name == "full_name":
        return plain(before) == plain(after) or (not is_marked(after) and fold(after) == fold(before))
    if name == "staff_code":
        return bool(before.casefold() == after.casefold())
    return bool(before == after)


def _changes(row: RosterRow, unit: Unit, known: KnownPerson) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in PERSON_FIELDS:
        before, after = getattr(known, name), getattr(row, name)
        if after is None or _same(name, before, after):
            continue
        if name == "birth_year" and known.birth_date is not None:
            continue  # the day is known: a year says less
        yield name, (before, after)
    if row.birth_date is not None and known.birth_year is not None:
        yield "birth_year", (known.birth_year, None)
    if known.unit_id != unit.id:
        yield "unit", (known.unit_id, unit.id)
    for name in SERVICE_FIELDS:
        before, after = getattr(known, name), getattr(row, name)
        if after is not None and after != before:
            yield name, (before, after)
