"""The department's page "Báo cáo hoàn thành", one commune of it, and its files. All ask one function of the grading
package, within the units the account has the role for; a unit outside is not found.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from isoxa_courses.text import VIETNAM
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Role, Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import (
    CompletionReport,
    NotInScope,
    UnknownCourse,
    completion_report,
    write_csv,
    write_xlsx,
)
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .environment import number
from .published import published_courses
from .report_query import ReportQuery, state_options
from .report_table import table
from .report_view import (
    OfficerLine,
    finding_chart,
    nobody_links,
    officer_line,
    one_person_links,
    tiles,
    unit_tiles,
)

__all__ = ["report_pages"]

DEPARTMENT = frozenset({Role.DEPARTMENT})


@dataclass(frozen=True)
class _Found:
    """What is read in one transaction; ``unit`` is set when one commune is asked for, with its ``officers``."""

    courses: list[tuple[str, str]]
    report: CompletionReport | None
    unit_options: list[tuple[str, str]]
    unit: tuple[int, str] | None
    officers: list[OfficerLine]


def _report(session: Session, query: ReportQuery, scope: list[str], day: date) -> CompletionReport:
    """Raises ``PortalError`` 404 for a unit outside the scope or a course that is none."""
    try:
        return completion_report(
            session, course=query.course, scope_paths=scope, as_of=day, filters=query.filters
        )
    except (NotInScope, UnknownCourse) as error:
        raise not_found() from error


def _options(session: Session, scope: list[str]) -> list[tuple[str, str]]:
    """Units to choose from: the communes of a province, or the provinces of a wider scope."""
    tops = list(session.scalars(select(Unit).where(Unit.path.in_(scope))))
    wide = any(unit.kind is UnitKind.COUNTRY for unit in tops)
    kind = UnitKind.PROVINCE if wide else UnitKind.COMMUNE
    inside = or_(*(Unit.path.startswith(path, autoescape=True) for path in scope))
    units = session.scalars(
        select(Unit)
        .where(inside, Unit.kind == kind, Unit.valid_to.is_(None))
        .order_by(Unit.sort_key, Unit.id)
    )
    return [(str(unit.id), unit.name) for unit in units]


def _find(portal: Portal, query: ReportQuery, scope: list[str], day: date) -> _Found:
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            return _Found([], None, [], None, [])
        query = replace(query, course=query.course or courses[0][0])
        report = _report(session, query, scope, day)
        unit = session.get(Unit, query.unit) if query.unit is not None else None
        is_commune = unit is not None and unit.kind is UnitKind.COMMUNE
        try:
            rows = report.officers(unit.id) if is_commune and unit is not None else []
        except NotInScope as error:  # a commune that is no longer, or not yet
            raise not_found() from error
        return _Found(
            courses,
            report,
            _options(session, scope),
            (unit.id, unit.name) if is_commune and unit is not None else None,
            [officer_line(row) for row in rows],
        )


def _file(portal: Portal, query: ReportQuery, scope: list[str], day: date, kind: str) -> bytes:
    stream = io.BytesIO()
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            raise not_found()
        query = replace(query, course=query.course or courses[0][0])
        report = _report(session, query, scope, day)
        unit = session.get(Unit, query.unit) if query.unit is not None else None
        if kind == "xlsx":
            write_xlsx(report, stream)
        else:
            one = unit is not None and unit.kind is UnitKind.COMMUNE
            write_csv(report, stream, table="officers" if one else "communes")
    return stream.getvalue()


class _ReportHandler(PortalHandler):
    @property
    def day(self) -> date:
        return self.portal.clock().astimezone(VIETNAM).date()

    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.DEPARTMENT)

    @property
    def query(self) -> ReportQuery:
        return ReportQuery.read(lambda name, default: self.get_query_argument(name, default))


class ReportHandler(_ReportHandler):
    """The report, or, where a commune is asked for, its officers."""

    async def get(self) -> None:
        query = self.query
        found = await self.run(_find, self.portal, query, self.scope, self.day)
        if found.report is None:
            self.render_page("report_none.html", place=None)
            return
        query = replace(query, course=found.report.course)
        if found.unit is not None:
            self.show_commune(found, found.report, query)
        else:
            self.show_report(found, found.report, query)

    def links(self, query: ReportQuery) -> dict[str, Any]:
        return {
            "xlsx_url": query.link(self.portal.url("bao-cao/tai-ve.xlsx"), {"sap-xep": None}),
            "csv_url": query.link(self.portal.url("bao-cao/tai-ve.csv"), {"sap-xep": None}),
        }

    def show_report(self, found: _Found, report: CompletionReport, query: ReportQuery) -> None:
        url = self.portal.url("bao-cao")
        with_province = len({row.province for row in report.communes}) > 1
        heads, pager = table(report.communes, query, url, with_province)
        shown = {
            "scope_name": ", ".join(report.scope_names),
            "course_title": report.course_title,
            "as_of": report.as_of,
            "tiles": tiles(report.figures),
            "chart": finding_chart(report.figures),
            "courses": found.courses,
            "query": query,
            "unit_options": [("", _("Tất cả đơn vị")), *found.unit_options],
            "state_options": state_options(),
            "clear_url": ReportQuery(course=query.course).link(url),
            "columns": heads,
            "rows": pager.items,
            "rows_text": _("%(shown)s trên %(total)s đơn vị")
            % {"shown": number(pager.total), "total": number(report.figures.communes)},
            "pager": pager,
            "nobody_sent": nobody_links(report, query, url, with_province),
            "one_person_only": one_person_links(report, query, url, with_province),
            **self.links(query),
        }
        self.render_page("report.html", report=shown, place=None)

    def show_commune(self, found: _Found, report: CompletionReport, query: ReportQuery) -> None:
        assert found.unit is not None
        unit_id, name = found.unit
        row = next((one for one in report.communes if one.unit_id == unit_id), None)
        shown = {
            "name": name,
            "course_title": report.course_title,
            "as_of": report.as_of,
            "nobody": any(one.unit_id == unit_id for one in report.nobody_sent),
            "one_person": any(one.commune.unit_id == unit_id for one in report.one_person_only),
            "tiles": unit_tiles(row) if row else [],
            "officers": found.officers,
            "officers_text": _("%(count)s người") % {"count": number(len(found.officers))},
            "clear_url": ReportQuery(course=query.course, unit=unit_id).link(self.portal.url("bao-cao")),
            **self.links(query),
        }
        place = [
            (_("Báo cáo hoàn thành"), ReportQuery(course=query.course).link(self.portal.url("bao-cao"))),
            (name, None),
        ]
        self.render_page("report_unit.html", unit=shown, place=place)


class ReportFileHandler(_ReportHandler):
    """ "Tải Excel" and "Tải CSV": the same report as a file."""

    async def get(self, name: str) -> None:
        content = await self.run(_file, self.portal, self.query, self.scope, self.day, name)
        types = {
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "csv": "text/csv; charset=UTF-8",
        }
        self.set_header("Content-Type", types[name])
        self.set_header(
            "Content-Disposition", f'attachment; filename="bao-cao-hoan-thanh-{self.day:%Y-%m-%d}.{name}"'
        )
        self.finish(content)


def report_pages() -> list[Route]:
    """The page and its files."""
    return [
        Route(r"/bao-cao/?", ReportHandler, DEPARTMENT, "page"),
        Route(r"/bao-cao/tai-ve\.(?P<name>xlsx|csv)", ReportFileHandler, DEPARTMENT, "page"),
    ]
