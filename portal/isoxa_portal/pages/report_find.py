"""What "Báo cáo hoàn thành" reads, each page in one transaction, within the units the account has the role for.

A unit outside, a course that is none, a person who serves nowhere inside: not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from isoxa_grading.records.tables import Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import (
    CommuneRow,
    CompletionReport,
    NotInScope,
    OfficerRow,
    Overview,
    SnapshotFigures,
    UnknownCourse,
    completion_report,
    overview,
)
from isoxa_grading.reports.remembered import remembered
from isoxa_grading.reports.scope import UnitRef, exists_on, within
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import not_found
from .published import published_courses
from .report_kept import last_kept
from .report_query import ReportQuery

__all__ = ["Found", "Path", "ask_overview", "ask_report", "find", "path_of", "unit_options"]

Path = list[tuple[int | None, str]]
"""Units from the reader's whole scope (None) down to the one shown."""


@dataclass(frozen=True)
class Found:
    """What a page of the report shows; ``communes``: those that the table's filter leaves, None where there is none.

    ``kept``: the figures last kept before the day. ``led``: the name of the unit that was asked for, where it is no
    longer and led to another.
    """

    courses: list[tuple[str, str]]
    query: ReportQuery
    view: Overview
    unit_options: list[tuple[str, str]]
    path: Path
    communes: list[CommuneRow] | None = None
    officers: list[OfficerRow] = field(default_factory=list)
    province_of: dict[int, int] = field(default_factory=dict)
    kept: SnapshotFigures | None = None
    led: str = ""


def find(session: Session, query: ReportQuery, scope: Sequence[str], as_of: date) -> Found | None:
    """The level that ``query.unit`` asks for. None where no course is published."""
    courses = published_courses(session)
    if not courses:
        return None
    query = replace(query, course=query.course or courses[0][0])
    view = ask_overview(session, query, scope, as_of)
    found = Found(
        courses=courses,
        query=query,
        view=view,
        unit_options=unit_options(session, scope, view.unit, as_of),
        path=path_of(session, view.unit, scope),
        kept=last_kept(session, view, scope),
        led=_led(session, query.unit, view),
    )
    if view.level == "commune" and view.unit is not None:
        report = ask_report(session, query, scope, as_of)
        return replace(found, officers=report.officers(view.unit.id))
    if query.narrowed:
        found = replace(found, communes=ask_report(session, query, scope, as_of).communes)
    if view.level == "country":
        found = replace(found, province_of=_provinces(session, scope, {row.unit_id for row in view.units}))
    return found


def ask_overview(session: Session, query: ReportQuery, scope: Sequence[str], as_of: date) -> Overview:
    """Raises ``PortalError`` 404 for a unit outside the scope or a course that is none."""
    try:
        return overview(session, course=query.course, scope_paths=scope, as_of=as_of, filters=query.filters)
    except (NotInScope, UnknownCourse) as error:
        raise not_found() from error


def ask_report(session: Session, query: ReportQuery, scope: Sequence[str], as_of: date) -> CompletionReport:
    """Raises ``PortalError`` 404 for a unit outside the scope or a course that is none."""
    try:
        return completion_report(
            session, course=query.course, scope_paths=scope, as_of=as_of, filters=query.filters
        )
    except (NotInScope, UnknownCourse) as error:
        raise not_found() from error


def unit_options(
    session: Session, scope: Sequence[str], shown: UnitRef | None, as_of: date
) -> list[tuple[str, str]]:
    """Units to choose from: the communes of a province, or the provinces of a wider scope, and the one shown."""
    tops = list(session.scalars(select(Unit).where(Unit.path.in_(scope))))
    wide = len(tops) > 1 or any(unit.kind is UnitKind.COUNTRY for unit in tops)
    kind = UnitKind.PROVINCE if wide else UnitKind.COMMUNE
    units = session.execute(
        select(Unit.id, Unit.name)
        .where(within(Unit.path, scope), Unit.kind == kind, exists_on(as_of))
        .order_by(Unit.sort_key, Unit.id)
    ).all()
    options = [(str(unit.id), unit.name) for unit in units]
    top_ids = {unit.id for unit in tops}
    if shown is not None and shown.id not in top_ids and str(shown.id) not in dict(options):
        options.append((str(shown.id), shown.name))
    return options


def path_of(session: Session, unit: UnitRef | None, scope: Sequence[str]) -> Path:
    """From the whole scope to ``unit``; districts, which are no longer, are left out."""
    path: Path = [(None, "")]
    if unit is None or unit.path in scope:
        return path
    above = [int(part) for part in unit.path.strip("/").split("/")]
    rows = session.execute(
        select(Unit.id, Unit.name)
        .where(
            Unit.id.in_(above),
            within(Unit.path, scope),
            Unit.path.not_in(scope),
            Unit.kind != UnitKind.DISTRICT,
        )
        .order_by(Unit.path)
    )
    return [*path, *((row.id, row.name) for row in rows)]


def _provinces(session: Session, scope: Sequence[str], provinces: set[int]) -> dict[int, int]:
    """Commune id to the id of its province; kept in memory as the overview is."""

    def read() -> dict[int, int]:
        rows = session.execute(
            select(Unit.id, Unit.path).where(within(Unit.path, scope), Unit.kind == UnitKind.COMMUNE)
        )
        made = {}
        for unit_id, path in rows:
            above = (int(part) for part in path.strip("/").split("/"))
            made[unit_id] = next((one for one in above if one in provinces), 0)
        return made

    return remembered(session, ("provinces of communes", tuple(scope), frozenset(provinces)), read)


def _led(session: Session, asked: int | None, view: Overview) -> str:
    if asked is None or (view.unit is not None and view.unit.id == asked):
        return ""
    unit = session.get(Unit, asked)
    return unit.name if unit is not None else ""
