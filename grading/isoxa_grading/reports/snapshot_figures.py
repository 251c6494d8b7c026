"""Reading a kept snapshot: its figures for a scope, and the counts of each unit in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.records.tables.reporting import ReportSnapshotCount, ReportSnapshotShared
from isoxa_grading.records.tables.units import Unit, UnitKind, UnitSuccessor

from .counting import communes_of, counts_of, figures, share_completed
from .report import Figures, plain
from .role_rows import RoleRow, role_rows
from .scope import check_scopes
from .snapshots import Snapshot
from .tally import STATES, Counts, SharedPerson, Tally


@dataclass(frozen=True)
class UnitCounts:
    """A unit's persons in a snapshot, each once; the last three are about communes (1, and 0 or 1, for one itself)."""

    registered: int
    not_started: int
    in_progress: int
    waiting_for_grading: int
    completed: int
    completed_late: int
    expired: int
    waived: int
    overdue: int
    not_registered: int
    share_completed: float | None
    communes: int
    communes_nobody_sent: int
    communes_one_person_only: int


@dataclass(frozen=True)
class SnapshotFigures:
    """``units``: counts by id of the communes and provinces of that day, and of today's that they went into whole."""

    snapshot: Snapshot
    figures: Figures
    units: dict[int, UnitCounts]
    roles: list[RoleRow]

    def to_json(self) -> dict[str, Any]:
        """JSON values; days and times as ISO text."""
        made: dict[str, Any] = plain(
            {
                "as_of": self.snapshot.as_of,
                "taken_at": self.snapshot.taken_at,
                "figures": asdict(self.figures),
                "units": {str(unit_id): asdict(counts) for unit_id, counts in self.units.items()},
                "roles": [asdict(row) for row in self.roles],
            }
        )
        return made


def snapshot_figures(session: Session, snapshot: Snapshot, scope_paths: Sequence[str]) -> SnapshotFigures:
    """The snapshot's figures for a reader with this scope."""
    check_scopes(scope_paths)
    heirs = _heirs_since(session, snapshot.as_of)
    paths: dict[int, str] = {}
    groups: dict[tuple[int, QualityRole | None], Counts] = {}
    rows = session.execute(
        select(*inspect(ReportSnapshotCount).columns).where(ReportSnapshotCount.snapshot_id == snapshot.id)
    )
    for row in rows:
        lies = (row.path, heirs.get(row.unit_id, ("", 0))[0])
        if any(path.startswith(scope) for scope in scope_paths for path in lies):
            paths[row.unit_id] = row.path
            groups[row.unit_id, QualityRole(row.role) if row.role else None] = Counts(
                **{state.value: row._mapping[state.value] for state in STATES},
                overdue=row.overdue,
                progress=row.progress,
                last_activity=row.last_activity,
            )
    tally = Tally(groups, _shared(session, snapshot.id)).of_communes(frozenset(paths))
    by_commune = tally.by_commune
    return SnapshotFigures(
        snapshot,
        figures(tally.total(), **communes_of(by_commune.values())),
        _units(session, tally, by_commune, paths, {old: new for old, (_path, new) in heirs.items()}),
        role_rows(tally, len(by_commune)),
    )


def _units(
    session: Session,
    tally: Tally,
    by_commune: Mapping[int, Counts],
    paths: Mapping[int, str],
    heirs: Mapping[int, int],
) -> dict[int, UnitCounts]:
    provinces = set(session.scalars(select(Unit.id).where(Unit.kind == UnitKind.PROVINCE)))
    above = {
        unit_id: next((one for one in map(int, path.strip("/").split("/")) if one in provinces), 0)
        for unit_id, path in paths.items()
    }
    made = {unit_id: unit_counts(counts, [counts]) for unit_id, counts in by_commune.items()}
    by_province: dict[int, list[int]] = {}
    for unit_id, province in above.items():
        by_province.setdefault(province, []).append(unit_id)
    once = tally.by_unit(lambda unit_id: above[unit_id])
    for province, inside in by_province.items():
        made[province] = unit_counts(once[province], [by_commune[unit_id] for unit_id in inside])
    into: dict[int, list[int]] = {}
    for old in by_commune:
        if old in heirs:
            into.setdefault(heirs[old], []).append(old)
    gathered = tally.by_unit(lambda unit_id: heirs.get(unit_id))
    for today, parts in into.items():
        made[today] = unit_counts(gathered[today], [by_commune[unit_id] for unit_id in parts])
    made.pop(0, None)
    return made


def unit_counts(once: Counts, communes: Sequence[Counts]) -> UnitCounts:
    """From a unit's persons, each once, and the counts of its communes."""
    return UnitCounts(**counts_of(once), share_completed=share_completed(once), **communes_of(communes))


def _shared(session: Session, snapshot_id: int) -> list[SharedPerson]:
    row = ReportSnapshotShared
    people: dict[int, list[ReportSnapshotShared]] = {}
    query = select(row).where(row.snapshot_id == snapshot_id).order_by(row.number, row.unit_id)
    for one in session.scalars(query):
        people.setdefault(one.number, []).append(one)
    return [
        SharedPerson(
            tuple((one.unit_id, QualityRole(one.role) if one.role else None) for one in places),
            State(places[0].state),
            places[0].overdue,
            places[0].progress,
        )
        for places in people.values()
    ]


def _heirs_since(session: Session, day: date) -> dict[int, tuple[str, int]]:
    """Units that went whole into another one after ``day``: path and id of what they are in today."""
    rows = session.execute(
        select(UnitSuccessor.unit_id, UnitSuccessor.successor_id, Unit.path)
        .join(Unit, Unit.id == UnitSuccessor.successor_id)
        .where(UnitSuccessor.whole, UnitSuccessor.since > day)
    )
    into = {row.unit_id: (row.path, row.successor_id) for row in rows}
    made = {}
    for unit_id in into:
        place, steps = into[unit_id], 0
        while place[1] in into and steps < len(into):
            place, steps = into[place[1]], steps + 1
        made[unit_id] = place
    return made
