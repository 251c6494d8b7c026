"""The lists that say whom to call, each with its own address, its files, and each commune's letter beside it."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date

from isoxa_grading.records.database import reading
from isoxa_grading.reports import (
    CallList,
    ListKind,
    NotInScope,
    UnknownCourse,
    call_list,
)
from isoxa_grading.reports.list_files import write_list_csv, write_list_xlsx
from isoxa_grading.reports.scope import UnitRef, narrowed
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .environment import number
from .published import published_courses
from .report_base import DEPARTMENT, ReportBase
from .report_find import Path, path_of, unit_options
from .report_links import list_words
from .report_list_table import call_table
from .report_query import ReportQuery, role_options

__all__ = ["list_pages"]

KINDS = "|".join(kind.slug for kind in ListKind)


@dataclass(frozen=True)
class _Found:
    courses: list[tuple[str, str]]
    query: ReportQuery
    made: CallList
    unit_options: list[tuple[str, str]]
    path: Path


def _call_list(session: Session, kind: ListKind, query: ReportQuery, scope: list[str], day: date) -> CallList:
    try:
        return call_list(
            session, kind, course=query.course, scope_paths=scope, as_of=day, filters=query.filters
        )
    except (NotInScope, UnknownCourse) as error:
        raise not_found() from error


def _find(portal: Portal, kind: ListKind, query: ReportQuery, scope: list[str], day: date) -> _Found:
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            raise not_found()
        query = replace(query, course=query.course or courses[0][0])
        made = _call_list(session, kind, query, scope, day)
        unit = _unit(session, query.unit, scope, day)
        return _Found(
            courses, query, made, unit_options(session, scope, unit, day), path_of(session, unit, scope)
        )


def _unit(session: Session, unit_id: int | None, scope: list[str], day: date) -> UnitRef | None:
    """The unit shown: the one asked for, or the single one that it has become."""
    if unit_id is None:
        return None
    found = narrowed(session, unit_id, scope, day)
    return found[0] if len(found) == 1 else None


def _file(
    portal: Portal, kind: ListKind, query: ReportQuery, scope: list[str], day: date, name: str
) -> bytes:
    stream = io.BytesIO()
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            raise not_found()
        query = replace(query, course=query.course or courses[0][0])
        made = _call_list(session, kind, query, scope, day)
        (write_list_xlsx if name == "xlsx" else write_list_csv)(made, stream)
    return stream.getvalue()


class ListHandler(ReportBase):
    """One list."""

    async def get(self, list_: str) -> None:
        kind = ListKind.of_slug(list_)
        if kind is None:
            raise not_found()
        as_of, problem = self.query.as_of(self.today)
        found = await self.run(_find, self.portal, kind, self.query, self.scope, as_of)
        query = found.query.settled(found.query.course, as_of, self.today)
        url = self.portal.url(f"bao-cao/danh-sach/{list_}")
        heads, pager = call_table(found.made, query, url, self.portal)
        total, shown = len(found.made.rows), pager.total
        counted = _("%(count)s dòng") if shown == total else _("%(count)s trên %(all)s dòng")
        lists = [
            (
                list_words(one),
                query.at_unit(self.portal.url(f"bao-cao/danh-sach/{one.slug}"), query.unit),
                one is kind,
            )
            for one in ListKind
        ]
        report = {
            "title": list_words(kind),
            "name": "",
            "means": _(found.made.means),
            "scope_name": ", ".join(found.made.scope_names),
            "course_title": found.made.course_title,
            "as_of": as_of,
            "today": self.today,
            "is_today": as_of == self.today,
            "day_asked": self.query.day if problem else "",
            "day_problem": problem,
            "led": "",
            "courses": found.courses,
            "query": query,
            "unit_options": [("", _("Tất cả đơn vị")), *found.unit_options],
            "role_options": role_options(),
            "plain_url": ReportQuery(course=query.course, unit=query.unit).link(url),
            "clear_url": query.at_unit(url, query.unit),
            "action": url,
            "searches": True,
            "lists": lists,
            "columns": heads,
            "rows": pager.items,
            "with_papers": any(line.papers for line in pager.items),
            "rows_text": counted % {"count": number(shown), "all": number(total)},
            "empty": total == 0,
            "pager": pager,
            "has_pdf": False,
            **{
                f"{name}_url": query.link(f"{url}.{name}", {"sap-xep": None, "tim": None})
                for name in ("xlsx", "csv")
            },
        }
        self.render_page(
            "report_list.html", place=self.place(found.path, query, list_words(kind)), report=report
        )


class ListFileHandler(ReportBase):
    """The list as a file, whole: what the page's search leaves out is in it."""

    async def get(self, list_: str, name: str) -> None:
        kind = ListKind.of_slug(list_)
        if kind is None:
            raise not_found()
        as_of, problem = self.query.as_of(self.today)
        if problem:
            raise PortalError(400, "bad_day", problem)
        content = await self.run(_file, self.portal, kind, self.query, self.scope, as_of, name)
        self.send_file(content, name, f"{list_}-{as_of:%Y-%m-%d}")


def list_pages() -> list[Route]:
    """The lists and their files."""
    return [
        Route(rf"/bao-cao/danh-sach/(?P<list_>{KINDS})", ListHandler, DEPARTMENT, "page"),
        Route(
            rf"/bao-cao/danh-sach/(?P<list_>{KINDS})\.(?P<name>xlsx|csv)", ListFileHandler, DEPARTMENT, "page"
        ),
    ]
