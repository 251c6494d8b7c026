"""Where the report's lists, letters and packs are: addresses, with what was asked for kept on.

A link to a part that this portal does not have (a letter, an evidence pack) is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from isoxa_grading.reports import ListKind, Overview

from ..i18n import gettext as _
from ..portal import Portal
from .report_query import ReportQuery
from .view import Link

__all__ = [
    "UnitLinks",
    "certificate_url",
    "letter_url",
    "list_links",
    "list_urls",
    "list_words",
    "pack_url",
    "unit_links",
]


@dataclass(frozen=True)
class UnitLinks:
    """Of one commune: letters that can be sent now, the evidence pack, the review after 90 days ("" where none)."""

    letters: list[Link]
    pack: str
    review: str


@dataclass(frozen=True)
class ListLink:
    """A list with how many are on it."""

    name: str
    url: str
    count: int
    unit: str


def list_words(kind: ListKind) -> str:
    """The list's name, as on its page."""
    return {
        ListKind.NOBODY_SENT: _("Chưa cử ai"),
        ListKind.ONE_PERSON_ONLY: _("Chỉ có một người"),
        ListKind.OVERDUE: _("Quá hạn"),
        ListKind.DUE_SOON: _("Sắp đến hạn"),
        ListKind.WAITING_FOR_GRADING: _("Chờ chấm"),
        ListKind.EXPIRING_SOON: _("Đạt nhưng sắp hết hiệu lực"),
        ListKind.ROLES_WITHOUT_ANYONE: _("Vai trò chưa có ai"),
    }[kind]


def list_urls(query: ReportQuery, portal: Portal) -> dict[ListKind, str]:
    """Each list's address, of the unit shown."""
    return {
        kind: query.at_unit(portal.url(f"bao-cao/danh-sach/{kind.slug}"), query.unit) for kind in ListKind
    }


def list_links(query: ReportQuery, portal: Portal, view: Overview) -> list[ListLink]:
    """Whom to call: every list, with how many are on it."""
    figures, people, units = view.figures, _("người"), _("đơn vị")
    known = {
        ListKind.NOBODY_SENT: (figures.communes_nobody_sent, units),
        ListKind.ONE_PERSON_ONLY: (figures.communes_one_person_only, units),
        ListKind.OVERDUE: (figures.overdue, people),
        ListKind.DUE_SOON: (view.due_soon, people),
        ListKind.WAITING_FOR_GRADING: (figures.waiting_for_grading, people),
        ListKind.EXPIRING_SOON: (view.expiring_soon, people),
        ListKind.ROLES_WITHOUT_ANYONE: (view.roles_missing, _("vai trò ở các đơn vị")),
    }
    urls = list_urls(query, portal)
    return [ListLink(list_words(kind), urls[kind], *known[kind]) for kind in ListKind]


def officer_url(person_id: int, unit_id: int, query: ReportQuery, portal: Portal) -> str:
    """The page of one officer."""
    return query.at_unit(portal.url(f"bao-cao/hoc-vien/{person_id}"), unit_id)


def certificate_url(number: str, portal: Portal) -> str:
    """The public page of a certificate."""
    return portal.url(f"xac-nhan/{number}") if _answers("/xac-nhan/") else ""


def letter_url(kind: ListKind, unit_id: int, query: ReportQuery, portal: Portal) -> str:
    """The ready letter to a commune on a list, "" where this portal makes none."""
    if kind is ListKind.WAITING_FOR_GRADING or not _answers("/bao-cao/cong-van/"):
        return ""  # answers wait for a trainer: there is nothing to ask of the commune
    return ReportQuery(course=query.course, day=query.day).link(
        portal.url(f"bao-cao/cong-van/{kind.slug}/{unit_id}.docx")
    )


def pack_url(unit_id: int, query: ReportQuery, portal: Portal) -> str:
    """The evidence pack of a commune, "" where this portal makes none."""
    if not _answers("/bao-cao/ho-so/"):
        return ""
    return ReportQuery(course=query.course, day=query.day).link(portal.url(f"bao-cao/ho-so/{unit_id}.zip"))


def unit_links(query: ReportQuery, portal: Portal, view: Overview) -> UnitLinks:
    """What can be sent to, or taken home from, the commune shown."""
    assert view.unit is not None
    figures = view.figures
    fitting = {
        ListKind.NOBODY_SENT: figures.communes_nobody_sent,
        ListKind.ONE_PERSON_ONLY: figures.communes_one_person_only,
        ListKind.OVERDUE: figures.overdue,
    }
    letters = [
        Link(_("Công văn đôn đốc: %(list)s") % {"list": list_words(kind).lower()}, url)
        for kind, count in fitting.items()
        if count and (url := letter_url(kind, view.unit.id, query, portal))
    ]
    review = ""
    if _answers("/bao-cao/hieu-luc/"):
        review = ReportQuery(course=query.course).link(portal.url(f"bao-cao/hieu-luc/{view.unit.id}"))
    return UnitLinks(letters, pack_url(view.unit.id, query, portal), review)


@cache
def _answers(beginning: str) -> bool:
    """Whether the portal has an address that begins like this."""
    from ..routes import routes

    return any(route.pattern.startswith(beginning) for route in routes())
