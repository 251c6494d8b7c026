"""The communes that a report speaks of, each with its province and its place on the map, in Vietnamese order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.tables.units import Unit, UnitKind

from .scope import exists_on, within


@dataclass(frozen=True, slots=True)
class Province:
    """A province of the communes; ``id`` 0 stands for communes that have none above them."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A commune. Coordinates in degrees, where they are known."""

    id: int
    code: str
    name: str
    province: Province
    latitude: float | None
    longitude: float | None


_NO_PROVINCE = Province(0, "", "")


def read_places(session: Session, as_of: date, scope_paths: Sequence[str]) -> list[Place]:
    """The communes in scope that exist on the day, by province, then by name."""
    session.flush()  # for what goes past the session below: rows as they come are read in half the time
    provinces: dict[int, tuple[str, Province]] = {
        row.id: (row.sort_key, Province(row.id, row.code, row.name))
        for row in session.execute(
            select(Unit.id, Unit.code, Unit.name, Unit.sort_key).where(Unit.kind == UnitKind.PROVINCE)
        )
    }
    rows = session.connection().execute(
        select(Unit.id, Unit.code, Unit.name, Unit.path, Unit.sort_key, Unit.latitude, Unit.longitude).where(
            Unit.kind == UnitKind.COMMUNE, exists_on(as_of), within(Unit.path, scope_paths)
        )
    )
    found = []
    for id, code, name, path, key, latitude, longitude in rows:
        above = (int(part) for part in path.strip("/").split("/"))
        province_key, province = next(
            (provinces[one] for one in above if one in provinces), ("", _NO_PROVINCE)
        )
        place = Place(id, code, name, province, latitude, longitude)
        found.append(((province_key, province.id, key, id), place))
    return [place for _key, place in sorted(found, key=lambda one: one[0])]
