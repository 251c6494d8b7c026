"""The table of communes on "Báo cáo hoàn thành": its columns, their order, one page of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from isoxa_grading.reports import CommuneRow

from ..i18n import gettext as _
from .environment import day, number, percent
from .report_query import ReportQuery
from .view import Pager, paged

__all__ = ["Cell", "ColumnHead", "TableRow", "share_words", "table"]

PAGE = 50


@dataclass(frozen=True)
class ColumnHead:
    """``order``: "ascending", "descending" or "" where the table is not sorted by it; ``url`` sorts by it."""

    words: str
    numeric: bool
    order: str
    url: str


@dataclass(frozen=True)
class Cell:
    """A value as it is written; ``zero``: nothing to see, so written softly."""

    text: str
    numeric: bool
    bad: bool = False
    zero: bool = False


@dataclass(frozen=True)
class TableRow:
    """A commune, with the address of its officers."""

    name: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class _Column:
    """``kind`` says how a value is written; ``bad``: a value above nothing is a warning."""

    slug: str
    words: str
    kind: str
    value: Callable[[CommuneRow], Any]
    bad: bool = False


def share_words(share: float | None) -> str:
    """0–1 as per cent, rounded down, so that 100 % always means all; "–" where there is none."""
    return "–" if share is None else percent(Decimal(round(share * 1000) // 10), 100)


def _columns() -> list[_Column]:
    return [
        _Column("dang-ky", _("Đăng ký"), "number", lambda row: row.registered),
        _Column("chua-bat-dau", _("Chưa bắt đầu"), "number", lambda row: row.not_started),
        _Column("hoc-do-dang", _("Học dở dang"), "number", lambda row: row.in_progress),
        _Column("da-hoc", _("Đã học được"), "share", lambda row: row.progress_share),
        _Column("hoat-dong", _("Hoạt động gần nhất"), "day", lambda row: row.last_activity),
        _Column("cho-cham", _("Chờ chấm"), "number", lambda row: row.waiting_for_grading),
        _Column("hoan-thanh", _("Hoàn thành"), "number", lambda row: row.completed),
        _Column("qua-han", _("Quá hạn"), "number", lambda row: row.overdue, bad=True),
    ]


def table(
    rows: list[CommuneRow], query: ReportQuery, url: str, with_province: bool
) -> tuple[list[ColumnHead], Pager[TableRow]]:
    """Heads (the first is the unit's name) and the page of rows that the query asks for.

    Without an order asked for, the report's own is kept (by name, in Vietnamese order). Rows that have no value in
    the sorted column come last either way. ``with_province`` adds it to the name.
    """
    columns = _columns()
    wanted, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
    chosen = next((column for column in columns if column.slug == wanted), None)
    if chosen is not None:
        rows = _sorted(rows, chosen, descending)
    elif wanted == "don-vi" and descending:
        rows = rows[::-1]
    made = [_row(row, columns, query, url, with_province) for row in rows]
    pager = paged(made, query.page, PAGE, url, query.parameters())
    by_name = "descending" if wanted == "don-vi" and descending else "" if chosen else "ascending"
    heads = [_head(_("Đơn vị"), "don-vi", False, by_name, query, url)]
    for column in columns:
        order = "" if column is not chosen else "descending" if descending else "ascending"
        heads.append(_head(column.words, column.slug, column.kind in ("number", "share"), order, query, url))
    return heads, pager


def _sorted(rows: list[CommuneRow], column: _Column, descending: bool) -> list[CommuneRow]:
    known = [row for row in rows if column.value(row) is not None]
    unknown = [row for row in rows if column.value(row) is None]
    return sorted(known, key=column.value, reverse=descending) + unknown


def _head(words: str, slug: str, numeric: bool, order: str, query: ReportQuery, url: str) -> ColumnHead:
    # What is looked for is at the top of a descending figure and of an ascending name; a second click turns it round.
    first, second = (f"-{slug}", slug) if slug != "don-vi" else (slug, f"-{slug}")
    first_order = "descending" if first.startswith("-") else "ascending"
    link = query.link(url, {"sap-xep": second if order == first_order else first})
    return ColumnHead(words, numeric, order, f"{link}#cac-xa")


def _row(
    row: CommuneRow, columns: list[_Column], query: ReportQuery, url: str, with_province: bool
) -> TableRow:
    name = f"{row.name} ({row.province})" if with_province else row.name
    link = ReportQuery(course=query.course, unit=row.unit_id).link(url)
    return TableRow(name, link, [_cell(column, column.value(row)) for column in columns])


def _cell(column: _Column, value: int | float | date | None) -> Cell:
    if isinstance(value, date) or column.kind == "day":
        return Cell(day(value if isinstance(value, date) else None, "–"), numeric=False, zero=value is None)
    if column.kind == "share":
        return Cell(share_words(value), numeric=True, zero=value is None)
    count = int(value or 0)
    return Cell(number(count), numeric=True, bad=column.bad and count > 0, zero=count == 0)
