"""Making the completion report: who finished, commune by commune, as of a day.

One function makes it for the page, the spreadsheet, the CSV and the JSON. It speaks of the communes in the
reader's scope that exist on the day, also those from which nobody came, and counts people where they serve
on that day. It asks the database a fixed number of questions, whatever the number of communes; counting is
the database's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from isoxa_courses.text import fold
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from isoxa_grading.completion import Requirements, State
from isoxa_grading.records.tables.training import CourseEdition
from isoxa_grading.records.tables.units import Unit, UnitKind

from .counting import commune_row, figures, has_somebody, one_person_reason, share
from .learners import DONE_STATES, Edition, Learners
from .report import (
    CommuneRow,
    CompletionReport,
    Filters,
    OfficerRow,
    OnePersonReason,
    OnePersonRow,
)
from .scope import NotInScope, communes_select, within


class UnknownCourse(LookupError):
    """No such course, or no such edition of it, was published."""

    def __init__(self, course: str, edition: str | None) -> None:
        named = f"“{course}”" if edition is None else f"“{course}”, phiên bản {edition}"
        super().__init__(f"Chưa có khóa học {named} trong hệ thống. Hãy kiểm tra lại tên khóa học.")


def completion_report(
    session: Session,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> CompletionReport:
    """The report on ``course`` (all its editions, or one) for a reader with this scope, as of a day.

    Raises ``UnknownCourse``, and ``NotInScope`` when ``filters.unit_id`` is not under the scope.
    """
    filters = filters or Filters()
    editions = _editions(session, course, edition)
    scope_names: tuple[str, ...] = _scope_names(session, scope_paths)
    if filters.unit_id is not None:
        unit = session.scalar(select(Unit).where(Unit.id == filters.unit_id, within(Unit.path, scope_paths)))
        if unit is None:
            raise NotInScope
        scope_paths, scope_names = [unit.path], (unit.name,)
    maker = _Maker(session, editions, as_of, communes_select(as_of, scope_paths))
    counts = {row.unit_id: row for row in session.execute(maker.learners(None).counts())}
    communes = maker.communes(counts)
    one_person_only = maker.one_person_only(communes)
    nobody_sent = [row for row in communes if row.registered == 0]
    named = _named(communes, filters.text)
    shown = [row for row in communes if has_somebody(row, filters)]
    if named is not None:
        found = named | maker.units_of_people_named(filters.text)
        shown = [row for row in shown if row.unit_id in found]
    return CompletionReport(
        course=course,
        course_title=editions[0].title,
        edition=edition,
        scope_names=scope_names,
        as_of=as_of,
        filters=filters,
        figures=figures(counts.values(), len(communes), len(nobody_sent), len(one_person_only)),
        communes=shown,
        nobody_sent=nobody_sent,
        one_person_only=one_person_only,
        _load=maker.officers,
        _unit_ids=frozenset(row.unit_id for row in communes),
        _named=named,
    )


@dataclass
class _Maker:
    """What the report's questions have in common."""

    session: Session
    editions: Sequence[Edition]
    as_of: date
    in_scope: Select[int]

    def learners(self, unit_ids: Sequence[int] | None) -> Learners:
        communes = self.in_scope if unit_ids is None else self.in_scope.where(Unit.id.in_(unit_ids))
        return Learners(self.editions, self.as_of, communes)

    def communes(self, counts: Mapping[int, Row[Any]]) -> list[CommuneRow]:
        provinces = self._provinces()
        units = self.session.execute(
            select(Unit.id, Unit.code, Unit.name, Unit.path, Unit.sort_key).where(Unit.id.in_(self.in_scope))
        ).all()
        sorted_units = sorted(units, key=lambda u: (_province(u.path, provinces)[1], u.sort_key, u.id))
        return [
            commune_row(
                unit.id, unit.code, unit.name, _province(unit.path, provinces)[0], counts.get(unit.id)
            )
            for unit in sorted_units
        ]

    def officers(self, unit_ids: Sequence[int] | None) -> list[OfficerRow]:
        if unit_ids is not None and not unit_ids:
            return []
        provinces = self._provinces()
        rows = self.session.execute(self.learners(unit_ids).people()).all()
        units = {
            unit.id: unit
            for unit in self.session.execute(
                select(Unit.id, Unit.name, Unit.path).where(Unit.id.in_(self.in_scope))
            )
        }
        return [
            OfficerRow(
                person_id=row.person_id,
                unit_id=row.unit_id,
                commune=units[row.unit_id].name,
                province=_province(units[row.unit_id].path, provinces)[0],
                full_name=row.full_name,
                position=row.position,
                quality_role=row.quality_role,
                state=State(row.state),
                share_done=share(row.done, row.total) or 0.0,
                last_activity=row.last_activity,
                best_score=share(row.points, row.max_points),
                due_on=row.due_on,
                overdue=bool(row.overdue),
                completed_on=row.completed_on,
            )
            for row in rows
        ]

    def one_person_only(self, communes: Iterable[CommuneRow]) -> list[OnePersonRow]:
        reasons = {row.unit_id: (row, reason) for row in communes if (reason := one_person_reason(row))}
        people = {
            officer.unit_id: officer
            for officer in self.officers(list(reasons))
            if reasons[officer.unit_id][1] == OnePersonReason.ONE_REGISTERED or officer.state in DONE_STATES
        }
        return [OnePersonRow(row, reason, people[unit_id]) for unit_id, (row, reason) in reasons.items()]

    def units_of_people_named(self, text: str) -> set[int]:
        wanted = fold(text)
        return {
            row.unit_id
            for row in self.session.execute(self.learners(None).names())
            if wanted in fold(row.full_name)
        }

    def _provinces(self) -> dict[int, tuple[str, str]]:
        rows = self.session.execute(
            select(Unit.id, Unit.name, Unit.sort_key).where(Unit.kind == UnitKind.PROVINCE)
        )
        return {row.id: (row.name, row.sort_key) for row in rows}


def _editions(session: Session, course: str, edition: str | None) -> list[Edition]:
    """The published editions, the newest first."""
    wanted = (
        select(CourseEdition)
        .where(CourseEdition.course == course)
        .order_by(CourseEdition.published_at.desc(), CourseEdition.id.desc())
    )
    if edition is not None:
        wanted = wanted.where(CourseEdition.edition == edition)
    found = [
        Edition(row.id, row.edition, row.title, Requirements.from_manifest(row.manifest))
        for row in session.scalars(wanted)
    ]
    if not found:
        raise UnknownCourse(course, edition)
    return found


def _scope_names(session: Session, scope_paths: Sequence[str]) -> tuple[str, ...]:
    rows = session.execute(select(Unit.name).where(Unit.path.in_(scope_paths)).order_by(Unit.path))
    return tuple(row.name for row in rows)


def _province(path: str, provinces: Mapping[int, tuple[str, str]]) -> tuple[str, str]:
    """Name and sort key of the province in a unit's path; empty where there is none."""
    ids = (int(part) for part in path.strip("/").split("/"))
    return next((provinces[part] for part in ids if part in provinces), ("", ""))


def _named(communes: Iterable[CommuneRow], text: str) -> frozenset[int] | None:
    """The communes whose own name (with the province's) holds the text; ``None`` without a text."""
    wanted = fold(text)
    if not wanted:
        return None
    return frozenset(row.unit_id for row in communes if wanted in fold(f"{row.name} {row.province}"))
