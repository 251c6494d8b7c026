"""The overview: a unit, its figures, the next level down, roles, the map's dots and the months, without any person.

What the page's kernel, its map and its charts may hold: counts of communes and provinces. The figures are those of
``completion_report``; both are added up from one tally.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from isoxa_grading.records.tables.units import UnitKind

from .counting import communes_of, figures, row_of, share_completed
from .places import Place, Province
from .remembered import remembered
from .report import Figures, Filters, plain
from .role_rows import RoleRow, role_rows, roles_missing
from .scope import UnitRef
from .survey import survey
from .tally import Counts, Tally

Level = Literal["country", "province", "commune"]


@dataclass(frozen=True)
class UnitRow:
    """A unit of the next level: a province of the country, a commune of a province. Counts as in ``CommuneRow``.

    ``communes`` and what follows only for a province; its persons are counted once each, wherever in it they serve.
    """

    unit_id: int
    code: str
    name: str
    kind: UnitKind
    registered: int
    not_started: int
    in_progress: int
    progress_share: float | None
    last_activity: date | None
    waiting_for_grading: int
    completed: int
    completed_late: int
    expired: int
    waived: int
    overdue: int
    not_registered: int
    share_completed: float | None
    communes: int | None = None
    communes_nobody_sent: int | None = None
    communes_one_person_only: int | None = None


@dataclass(frozen=True)
class Dot:
    """A commune on the map; degrees. Communes without coordinates have no dot."""

    unit_id: int
    name: str
    latitude: float
    longitude: float
    registered: int
    completed: int
    share: float | None


@dataclass(frozen=True)
class MonthRow:
    """First completions in the month that begins on ``first_day``, and until its end (or the report's day)."""

    first_day: date
    completed: int
    completed_until: int


@dataclass(frozen=True)
class Overview:
    """``unit``: what the overview is of, where it is a single one. No person in it.

    ``due_soon``, ``expiring_soon``: how many persons those call lists name; ``roles_missing``: how many rows the list
    of roles without anyone has.
    """

    course: str
    course_title: str
    edition: str | None
    as_of: date
    filters: Filters
    level: Level
    unit: UnitRef | None
    scope_names: tuple[str, ...]
    figures: Figures
    units: list[UnitRow]
    roles: list[RoleRow]
    dots: list[Dot]
    months: list[MonthRow]
    due_soon: int
    expiring_soon: int
    roles_missing: int

    def to_json(self) -> dict[str, Any]:
        """JSON values; days as ISO text."""
        made: dict[str, Any] = plain(asdict(self))
        return made


def overview(
    session: Session,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> Overview:
    """Figures, units, roles, dots and months of the scope, or of ``filters.unit_id`` in it, as of a day.

    ``filters.state``, ``overdue`` and ``text`` do not narrow it. Raises ``UnknownCourse``, ``NotInScope``.
    """
    filters = filters or Filters()
    key = ("overview", course, edition, tuple(scope_paths), as_of, filters)
    return remembered(session, key, lambda: _overview(session, course, edition, scope_paths, as_of, filters))


def _overview(
    session: Session,
    course: str,
    edition: str | None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters,
) -> Overview:
    asked = survey(
        session, course=course, edition=edition, scope_paths=scope_paths, as_of=as_of, filters=filters
    )
    tally = asked.tally()
    by_commune = tally.by_commune
    level, total = _level(asked.units), tally.total()
    return Overview(
        course=course,
        course_title=asked.editions[0].title,
        edition=edition,
        as_of=as_of,
        filters=filters,
        level=level,
        unit=asked.units[0] if len(asked.units) == 1 else None,
        scope_names=tuple(unit.name for unit in asked.units),
        figures=figures(total, **_communes(asked.places, by_commune)),
        units=_units(level, asked.places, tally, by_commune),
        roles=role_rows(tally, len(asked.places)),
        dots=_dots(asked.places, by_commune),
        months=months_of(tally.completions, as_of),
        due_soon=total.due_soon,
        expiring_soon=total.expiring_soon,
        roles_missing=len(roles_missing(tally, asked.places, filters.role)),
    )


_NOBODY = Counts()


def _communes(places: Sequence[Place], by_commune: Mapping[int, Counts]) -> dict[str, Any]:
    return communes_of(by_commune.get(place.id, _NOBODY) for place in places)


def _level(units: Sequence[UnitRef]) -> Level:
    kinds = {unit.kind for unit in units}
    if UnitKind.COUNTRY in kinds or (len(units) > 1 and UnitKind.PROVINCE in kinds):
        return "country"
    return "commune" if kinds == {UnitKind.COMMUNE} and len(units) == 1 else "province"


def _units(
    level: Level, places: Sequence[Place], tally: Tally, by_commune: Mapping[int, Counts]
) -> list[UnitRow]:
    if level == "commune":
        return []
    if level == "province":
        return [
            UnitRow(
                place.id,
                place.code,
                place.name,
                UnitKind.COMMUNE,
                **row_of(by_commune.get(place.id, _NOBODY)),
            )
            for place in places
        ]
    inside: dict[Province, list[Place]] = {}
    for place in places:
        inside.setdefault(place.province, []).append(place)
    province_of = {place.id: place.province.id for place in places}
    once = tally.by_unit(lambda unit_id: province_of[unit_id])
    return [
        UnitRow(
            province.id,
            province.code,
            province.name,
            UnitKind.PROVINCE,
            **row_of(once.get(province.id, _NOBODY)),
            **_communes(communes, by_commune),
        )
        for province, communes in inside.items()
    ]


def _dots(places: Sequence[Place], by_commune: Mapping[int, Counts]) -> list[Dot]:
    dots = []
    for place in places:
        if place.latitude is not None and place.longitude is not None:
            counts = by_commune.get(place.id, _NOBODY)
            dots.append(
                Dot(
                    place.id,
                    place.name,
                    place.latitude,
                    place.longitude,
                    counts.registered,
                    counts.done,
                    share_completed(counts),
                )
            )
    return dots


def months_of(completions: Mapping[date, int], as_of: date) -> list[MonthRow]:
    """From first completions a day to months without a gap, from the first one's to the report's."""
    rows: list[MonthRow] = []
    if not completions:
        return rows
    by_month: dict[date, int] = {}
    for day, number in completions.items():
        month = day.replace(day=1)
        by_month[month] = by_month.get(month, 0) + number
    month, until = min(by_month), 0
    while month <= as_of:
        until += by_month.get(month, 0)
        rows.append(MonthRow(month, by_month.get(month, 0), until))
        year, of_year = divmod(month.year * 12 + month.month, 12)
        month = date(year, of_year + 1, 1)
    return rows
