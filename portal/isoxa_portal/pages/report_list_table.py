"""A call list as a table: the columns that its files have, a row a call, the commune's letter and pack beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from isoxa_courses.text import fold
from isoxa_grading.reports import CallList, CallRow
from isoxa_grading.reports.columns import Column

from ..i18n import gettext as _
from ..portal import Portal
from .environment import day, number
from .report_links import letter_url, officer_url, pack_url
from .report_query import ReportQuery
from .report_table import ColumnHead
from .view import Link, Pager, paged

__all__ = ["CallCell", "CallLine", "call_table"]

PAGE = 50
_HEAD = 3  # the first columns (province, code, commune) name the row


@dataclass(frozen=True)
class CallCell:
    """A value as it is written; ``url``: an officer's page; ``whole``: not to be broken over lines."""

    text: str
    numeric: bool
    url: str = ""
    whole: bool = False


@dataclass(frozen=True)
class CallLine:
    """A call: the commune, its cells, and what can be sent to it (at its first line on the page)."""

    name: str
    province: str
    url: str
    cells: list[CallCell]
    papers: list[Link]


def slug_of(heading: str) -> str:
    """A column's word in the address: "Ngày đến hạn" is ``ngay-den-han``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(heading)).strip("-")


def call_table(
    found: CallList, query: ReportQuery, url: str, portal: Portal
) -> tuple[list[ColumnHead], Pager[CallLine]]:
    """Heads (the first is the commune) and the page of lines that the query asks for.

    ``query.text`` keeps the rows whose commune, province or officer holds it. Rows without a value in the sorted
    column come last either way.
    """
    # A column that nobody has a value in (telephones are often not known) is left to the files.
    shown = [one for one in found.columns[_HEAD:] if any(one.value(row) is not None for row in found.rows)]
    rows = _named(found.rows, query.text)
    wanted, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
    chosen = next((column for column in shown if slug_of(column.heading) == wanted), None)
    if chosen is not None:
        rows = _sorted(rows, chosen, descending)
    elif wanted == "don-vi" and descending:
        rows = rows[::-1]
    pager = paged(rows, query.page, PAGE, url, query.parameters())
    by_name = "descending" if wanted == "don-vi" and descending else "" if chosen else "ascending"
    heads = [_head(_("Đơn vị"), "don-vi", False, by_name, query, url)]
    for column in shown:
        order = "" if column is not chosen else "descending" if descending else "ascending"
        numeric = column.kind in ("number", "share")
        heads.append(_head(_(column.heading), slug_of(column.heading), numeric, order, query, url))
    several = len({row.province for row in found.rows}) > 1
    lines = list(_lines(found, pager.items, shown, query, portal, several))
    return heads, Pager(lines, pager.page, pager.last, pager.total, pager.previous_url, pager.next_url)


def _named(rows: Sequence[CallRow], text: str) -> list[CallRow]:
    wanted = fold(text)
    if not wanted:
        return list(rows)
    return [row for row in rows if wanted in fold(f"{row.commune} {row.province} {row.full_name or ''}")]


def _sorted(rows: list[CallRow], column: Column[CallRow], descending: bool) -> list[CallRow]:
    def key(row: CallRow) -> tuple[float, str]:
        value = column.value(row)
        if isinstance(value, date):
            return float(value.toordinal()), ""
        return (0.0, fold(value)) if isinstance(value, str) else (float(value or 0), "")

    known = [row for row in rows if column.value(row) is not None]
    unknown = [row for row in rows if column.value(row) is None]
    return sorted(known, key=key, reverse=descending) + unknown


def _head(words: str, slug: str, numeric: bool, order: str, query: ReportQuery, url: str) -> ColumnHead:
    first, second = (f"-{slug}", slug) if numeric else (slug, f"-{slug}")
    first_order = "descending" if numeric else "ascending"
    link = query.link(url, {"sap-xep": second if order == first_order else first})
    return ColumnHead(words, numeric, order, link)


def _lines(
    found: CallList,
    rows: Sequence[CallRow],
    shown: Sequence[Column[CallRow]],
    query: ReportQuery,
    portal: Portal,
    several: bool,
) -> list[CallLine]:
    report = portal.url("bao-cao")
    with_papers: set[int] = set()
    lines = []
    for row in rows:
        papers: list[Link] = []
        if row.unit_id not in with_papers:
            with_papers.add(row.unit_id)
            letter = letter_url(found.kind, row.unit_id, query, portal)
            pack = pack_url(row.unit_id, query, portal)
            papers = [
                *([Link(_("Công văn"), letter)] if letter else []),
                *([Link(_("Hồ sơ minh chứng"), pack)] if pack else []),
            ]
        cells = [_cell(column, row, query, portal) for column in shown]
        lines.append(
            CallLine(
                row.commune,
                row.province if several else "",
                query.at_unit(report, row.unit_id),
                cells,
                papers,
            )
        )
    return lines


def _cell(column: Column[CallRow], row: CallRow, query: ReportQuery, portal: Portal) -> CallCell:
    value = column.value(row)
    if value is None:
        return CallCell("", column.kind == "number")
    if isinstance(value, date):
        return CallCell(day(value), False, whole=True)
    if isinstance(value, str):
        mine = column.heading == "Họ và tên" and row.person_id is not None
        url = officer_url(row.person_id, row.unit_id, query, portal) if mine and row.person_id else ""
        return CallCell(value, False, url)
    return CallCell(number(round(value)), True)
