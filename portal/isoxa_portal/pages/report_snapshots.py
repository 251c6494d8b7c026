""" "Số liệu đã chốt": the figures of a course as they were kept, kept at each month's end and whenever somebody asks.

What is kept is the whole country's; a reader sees their own units' part. So it is for accounts of a province or of the
country to ask for it, not for 3,321 communes, each in any minute. Nothing here changes what was kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Unit, UnitKind
from isoxa_grading.reports import (
    Figures,
    NoSnapshot,
    NotInScope,
    Snapshot,
    UnknownCourse,
    keep_snapshot,
    snapshots,
)
from isoxa_grading.reports.scope import UnitRef, narrowed
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .environment import day, number
from .published import published_courses
from .report_base import DEPARTMENT, ReportBase
from .report_change import difference
from .report_find import Path, path_of
from .report_kept import kept_figures
from .report_query import ReportQuery
from .report_table import share_words
from .view import Pager, paged

__all__ = ["snapshot_pages"]

PAGE = 12
ADDRESS = "bao-cao/so-lieu-chot"
_TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class KeptLine:
    """A snapshot; ``url`` opens the report as of its day. Cells: text, and what changed since the one before."""

    as_of: date
    taken_at: datetime
    url: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class _Found:
    courses: list[tuple[str, str]]
    query: ReportQuery
    path: Path
    unit: UnitRef | None
    pager: Pager[tuple[Snapshot, Figures]]
    before: Figures | None
    may_keep: bool


def _may_keep(session: Session, scope: list[str]) -> bool:
    """Whether the account is one of a province or of the country."""
    kinds = session.scalars(select(Unit.kind).where(Unit.path.in_(scope)))
    return not {UnitKind.COUNTRY, UnitKind.PROVINCE}.isdisjoint(kinds)


def _find(portal: Portal, query: ReportQuery, scope: list[str], today: date, url: str) -> _Found:
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            raise not_found()
        query = replace(query, course=query.course or courses[0][0])
        if query.course not in dict(courses):
            raise not_found()
        unit = _unit(session, query.unit, scope, today)
        shown = [unit.path] if unit is not None else scope
        kept = snapshots(session, query.course)
        pager = paged(kept, query.page, PAGE, url, query.parameters())
        after = kept[pager.page * PAGE : pager.page * PAGE + 1]
        figured = [(one, kept_figures(session, one, shown).figures) for one in pager.items]
        before = kept_figures(session, after[0], shown).figures if after else None
        return _Found(
            courses,
            query,
            path_of(session, unit, scope),
            unit,
            Pager(figured, pager.page, pager.last, pager.total, pager.previous_url, pager.next_url),
            before,
            _may_keep(session, scope),
        )


def _unit(session: Session, unit_id: int | None, scope: list[str], today: date) -> UnitRef | None:
    if unit_id is None:
        return None
    try:
        return narrowed(session, unit_id, scope, today)[0]
    except NotInScope as error:
        raise not_found() from error


def _take(
    portal: Portal, query: ReportQuery, scope: list[str], as_of: date, today: date, actor: int
) -> tuple[Snapshot | None, str]:
    """The snapshot, or why there is none. Pressed twice, the button keeps one. Raises 403 for whom it is not for."""
    now = portal.clock()
    with reading(portal.engine) as session:
        _unit(session, query.unit, scope, today)
        if not _may_keep(session, scope):
            raise PortalError(
                403,
                "not_yours",
                _(
                    "Chỉ tài khoản của tỉnh hoặc của cả nước chốt được số liệu. Số liệu vẫn tự chốt vào cuối mỗi tháng."
                ),
            )
        courses = published_courses(session)
    course = query.course or (courses[0][0] if courses else "")
    try:
        kept = keep_snapshot(
            portal.engine, course=course, as_of=as_of, now=now, actor=actor, unless_within=_TWICE
        )
    except NoSnapshot as refused:
        return None, str(refused)
    except UnknownCourse as error:
        raise not_found() from error
    return kept, ""


class SnapshotsHandler(ReportBase):
    """What was kept; and a new one on demand."""

    async def get(self) -> None:
        await self.show()

    async def post(self) -> None:
        query = ReportQuery.read(lambda name, default: self.get_body_argument(name, default))
        as_of, problem = query.as_of(self.today)
        if not problem:
            made, problem = await self.run(
                _take, self.portal, query, self.scope, as_of, self.today, self.me.account_id
            )
            if made is not None:
                done = query.at_unit(self.portal.url(ADDRESS), query.unit)
                self.redirect(
                    f"{done}{'&' if '?' in done else '?'}da-chot={made.as_of.isoformat()}", status=303
                )
                return
        self.set_status(400)
        await self.show(query, problem)

    async def show(self, asked: ReportQuery | None = None, problem: str = "") -> None:
        query = asked or self.query
        url = self.portal.url(ADDRESS)
        found = await self.run(_find, self.portal, query, self.scope, self.today, url)
        query = replace(found.query, day="")
        done, _bad = replace(query, day=self.get_query_argument("da-chot", "")).as_of(self.today)
        kept = {
            "scope_name": found.unit.name if found.unit else "",
            "course": query.course,
            "course_title": dict(found.courses)[query.course],
            "courses": found.courses,
            "unit": query.unit,
            "today": self.today,
            "day": asked.day if asked and problem else day(self.today),
            "problem": problem,
            "may_keep": found.may_keep,
            "done": done if self.get_query_argument("da-chot", "") and not _bad else None,
            "heads": [_("Đăng ký"), _("Hoàn thành"), _("Tỷ lệ hoàn thành"), _("Quá hạn"), _("Chưa cử ai")],
            "lines": _lines(found, query, self.report_url),
            "count_text": _("%(count)s lần chốt") % {"count": number(found.pager.total)},
            "pager": found.pager,
            "report_url": query.at_unit(self.report_url, query.unit),
            "action": url,
        }
        place = self.place(found.path, query, _("Số liệu đã chốt"))
        self.render_page("report_snapshots.html", place=place, kept=kept)


def _lines(found: _Found, query: ReportQuery, report_url: str) -> list[KeptLine]:
    items = found.pager.items
    befores: list[Figures | None] = [*(figures for _one, figures in items[1:]), found.before][: len(items)]
    lines = []
    for (one, figures), before in zip(items, befores, strict=True):
        cells = []
        for field in ("registered", "completed", "share_completed", "overdue", "communes_nobody_sent"):
            value = getattr(figures, field)
            if field == "share_completed":
                cells.append((share_words(value), ""))
            else:
                cells.append((number(value), difference(value, getattr(before, field)) if before else ""))
        url = replace(query, day=one.as_of.isoformat()).at_unit(report_url, query.unit)
        lines.append(KeptLine(one.as_of, one.taken_at, url, cells))
    return lines


def snapshot_pages() -> list[Route]:
    """The page of kept figures."""
    return [Route(r"/bao-cao/so-lieu-chot", SnapshotsHandler, DEPARTMENT, "page")]
