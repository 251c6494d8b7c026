"""The department's page "Báo cáo hoàn thành": the country, a province or a commune, and its files.

Page, files and ``isoxa report --json`` ask the same functions of the grading package, within the units the account
has the role for; a unit outside is not found.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

from isoxa_grading.records.database import reading
from isoxa_grading.reports import NotInScope, UnknownCourse, write_csv, write_xlsx
from isoxa_grading.reports.pdf import write_pdf

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .environment import number
from .published import published_courses
from .report_base import DEPARTMENT, TYPES, ReportBase
from .report_change import change_since
from .report_find import Found, ask_overview, ask_report, find
from .report_links import UnitLinks, list_links, list_urls, officer_url, unit_links
from .report_lists import list_pages
from .report_map_view import map_view
from .report_months import month_chart
from .report_officer import officer_report_pages
from .report_query import ReportQuery, role_options, state_options
from .report_snapshots import snapshot_pages
from .report_table import table
from .report_view import finding_chart, officer_line, role_lines, roles_finding, tiles

__all__ = ["report_pages"]


def _find(portal: Portal, query: ReportQuery, scope: list[str], day: date) -> Found | None:
    with reading(portal.engine) as session:
        return find(session, query, scope, day)


def _file(portal: Portal, query: ReportQuery, scope: list[str], day: date, kind: str) -> bytes:
    stream = io.BytesIO()
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            raise not_found()
        query = replace(query, course=query.course or courses[0][0])
        if kind == "pdf":
            try:
                write_pdf(
                    session, stream, course=query.course, scope_paths=scope, as_of=day, filters=query.filters
                )
            except (NotInScope, UnknownCourse) as error:
                raise not_found() from error
            return stream.getvalue()
        report = ask_report(session, query, scope, day)
        if kind == "xlsx":
            write_xlsx(report, stream)
        else:
            one = ask_overview(session, query, scope, day).level == "commune"
            write_csv(report, stream, table="officers" if one else "communes")
    return stream.getvalue()


class ReportHandler(ReportBase):
    """The report of the whole scope, a province or a commune."""

    async def get(self) -> None:
        as_of, problem = self.query.as_of(self.today)
        found = await self.run(_find, self.portal, self.query, self.scope, as_of)
        if found is None:
            self.render_page("report_none.html", place=None)
            return
        asked = self.query.day if problem else ""
        found = replace(found, query=found.query.settled(found.query.course, as_of, self.today))
        place = self.place(found.path, found.query) if len(found.path) > 1 else None
        shown = {**self.common(found), "day_asked": asked, "day_problem": problem}
        if found.view.level == "commune":
            self.render_page("report_unit.html", place=place, report=shown | self.commune(found))
        else:
            self.render_page("report.html", place=place, report=shown | self.several(found))

    def common(self, found: Found) -> dict[str, Any]:
        view, query = found.view, found.query
        without_order = {"sap-xep": None}
        communes = view.figures.communes
        kept = found.kept
        change = change_since(view.figures, kept.figures, kept.snapshot.as_of) if kept else None
        return {
            "scope_name": ", ".join(view.scope_names),
            "name": found.path[-1][1],
            "course_title": view.course_title,
            "as_of": view.as_of,
            "is_today": view.as_of == self.today,
            "today": self.today,
            "led": found.led,
            "tiles": tiles(
                view.figures,
                list_urls(query, self.portal),
                change.notes if change else {},
                one_unit=view.level == "commune",
            ),
            "change": change,
            "chart": finding_chart(view.figures),
            "waived": view.figures.waived,
            "months": month_chart(view.months),
            "roles": role_lines(view.roles),
            "roles_finding": roles_finding(view.roles, communes),
            "courses": found.courses,
            "query": query,
            "unit_options": [("", _("Tất cả đơn vị")), *found.unit_options],
            "role_options": role_options(),
            "state_options": state_options(),
            "clear_url": query.at_unit(self.report_url, query.unit),
            "plain_url": ReportQuery(course=query.course, unit=query.unit).link(self.report_url),
            "effect_url": query.at_unit(self.portal.url("bao-cao/hieu-luc"), query.unit),
            "snapshots_url": query.at_unit(self.portal.url("bao-cao/so-lieu-chot"), query.unit),
            "action": self.report_url,
            "searches": False,
            "has_pdf": True,
            "lists": list_links(query, self.portal, view),
            **{
                f"{kind}_url": query.link(self.portal.url(f"bao-cao/tai-ve.{kind}"), without_order)
                for kind in TYPES
            },
        }

    def several(self, found: Found) -> dict[str, Any]:
        """The country, a province, or several units."""
        view, query = found.view, found.query
        provinces = view.level == "country" and found.communes is None
        rows = found.communes if found.communes is not None else view.units
        before = {unit: kept.completed for unit, kept in found.kept.units.items()} if found.kept else None
        heads, pager = table(
            rows,
            query,
            self.report_url,
            provinces=provinces,
            with_province=view.level == "country",
            before=before,
        )
        whole = number(view.figures.communes)
        return {
            "level": view.level,
            "map": map_view(view, found.province_of, query, self.report_url),
            "columns": heads,
            "rows": pager.items,
            "provinces": provinces,
            "rows_text": _("%(count)s tỉnh, thành phố") % {"count": number(pager.total)}
            if provinces
            else _("%(shown)s trên %(total)s đơn vị") % {"shown": number(pager.total), "total": whole},
            "pager": pager,
        }

    def commune(self, found: Found) -> dict[str, Any]:
        """One commune and its officers."""
        view, query = found.view, found.query
        assert view.unit is not None
        unit_id = view.unit.id
        officers = [
            officer_line(row, officer_url(row.person_id, unit_id, query, self.portal))
            for row in found.officers
        ]
        links: UnitLinks = unit_links(query, self.portal, view)
        return {
            "name": view.unit.name,
            "nobody": view.figures.communes_nobody_sent > 0,
            "one_person": view.figures.communes_one_person_only > 0,
            "officers": officers,
            "officers_text": _("%(count)s người") % {"count": number(len(officers))},
            "links": links,
        }


class ReportFileHandler(ReportBase):
    """ "Tải Excel", "Tải CSV", "Tải PDF": the same report as a file. A day that is none gives no file."""

    async def get(self, name: str) -> None:
        as_of, problem = self.query.as_of(self.today)
        if problem:
            raise PortalError(400, "bad_day", problem)
        content = await self.run(_file, self.portal, self.query, self.scope, as_of, name)
        self.send_file(content, name, f"bao-cao-hoan-thanh-{as_of:%Y-%m-%d}")


def report_pages() -> list[Route]:
    """The page and its files, the lists, the kept figures, an officer."""
    return [
        Route(r"/bao-cao/?", ReportHandler, DEPARTMENT, "page"),
        Route(r"/bao-cao/tai-ve\.(?P<name>xlsx|csv|pdf)", ReportFileHandler, DEPARTMENT, "page"),
        *list_pages(),
        *snapshot_pages(),
        *officer_report_pages(),
    ]
