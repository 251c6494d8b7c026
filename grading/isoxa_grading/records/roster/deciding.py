"""Decides what each row of a roster would do, and writes nothing: the preview."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from isoxa_courses.text import fold
from sqlalchemy.orm import Session

from ..tables import Unit, UnitKind
from ..unit_matching import UnitMatch, find_unit
from .people import KnownPerson, PeopleIndex
from .rows import RosterFile, RosterRow, RowProblem

__all__ = ["Decision", "RosterPreview", "RowKind", "preview_roster"]

PERSON_FIELDS = ("full_name", "staff_code", "birth_date", "phone", "email")
SERVICE_FIELDS = ("position", "quality_role")


class RowKind(enum.StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Decision:
    """``changes``: field → (recorded, in the file). ``note``: for example that the unit has a new name since 2025."""

    row: RosterRow
    kind: RowKind
    unit: Unit | None = None
    known: KnownPerson | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class RosterPreview:
    """What an import of ``file`` would do now."""

    file: RosterFile
    scope: Unit | None
    rows: tuple[Decision, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Rows in all (``total``) and of each kind."""
        found = Counter(decision.kind.value for decision in self.rows)
        return {"total": len(self.rows), **{kind.value: found[kind.value] for kind in RowKind}}

    @property
    def problems(self) -> list[RowProblem]:
        """Why rows are refused, in the order of the file."""
        return [problem for decision in self.rows for problem in decision.problems]


def preview_roster(session: Session, file: RosterFile, scope: Unit | None = None) -> RosterPreview:
    """Decide every row against the records as they are; units must lie in ``scope`` (None: anywhere)."""
    people = PeopleIndex(session)
    units: dict[str, UnitMatch] = {}
    return RosterPreview(file, scope, tuple(_decide(session, row, scope, people, units) for row in file.rows))


def _decide(
    session: Session, row: RosterRow, scope: Unit | None, people: PeopleIndex, units: dict[str, UnitMatch]
) -> Decision:
    if row.problems:
        return Decision(row, RowKind.REFUSED, problems=row.problems)
    place = _place(row)
    match = units.get(place) or units.setdefault(place, find_unit(session, place, scope))
    unit = match.unit
    if unit is None or unit.kind is UnitKind.COUNTRY:
        nearest = match.candidates[0].name if match.candidates else ""
        return _refused(row, row.problem("unit", match.reason or "Hãy ghi tên xã, phường, đặc khu.", nearest))
    known = people.find(row, unit.id)
    if isinstance(known, RowProblem):
        return _refused(row, known, unit)
    if known is None:
        people.add_row(row, unit.id)
        return Decision(row, RowKind.NEW, unit, note=match.reason)
    if known.claimed_by is not None:
        first = known.claimed_by
        return _refused(
            row, row.problem("", f"Trùng người với dòng {first.number}, trang “{first.sheet}”."), unit
        )
    known.claimed_by = row
    changes = dict(_changes(row, unit, known))
    kind = RowKind.MOVED if "unit" in changes else RowKind.CHANGED if changes else RowKind.UNCHANGED
    return Decision(row, kind, unit, known, changes, note=match.reason)


def _refused(row: RosterRow, problem: RowProblem, unit: Unit | None = None) -> Decision:
    return Decision(row, RowKind.REFUSED, unit, problems=(problem,))


def _place(row: RosterRow) -> str:
    """Unit and province as one name; some write the province into both."""
    unit, _, last = row.unit.rpartition(",")
    if unit and fold(last).endswith(fold(row.province).removeprefix("tinh ").removeprefix("thanh pho ")):
        return f"{unit}, {row.province}"
    return f"{row.unit}, {row.province}"


def _same(name: str, before: Any, after: Any) -> bool:
    """Whether what the file has says no more than what is recorded: a list in capitals, or typed without
    diacritics, takes nothing away from a name.
    """
    if before is None or name not in ("full_name", "staff_code"):
        return bool(before == after)
    typed = after.casefold()
    return typed == before.casefold() or (name == "full_name" and typed == fold(after) == fold(before))


def _changes(row: RosterRow, unit: Unit, known: KnownPerson) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name in PERSON_FIELDS:
        before, after = getattr(known.person, name), getattr(row, name)
        if after is not None and not _same(name, before, after):
            yield name, (before, after)
    if known.unit_id != unit.id:
        yield "unit", (known.unit_id, unit.id)
    for name in SERVICE_FIELDS:
        before, after = getattr(known.membership, name, None), getattr(row, name)
        if after is not None and after != before:
            yield name, (before, after)
