"""The table of units on "Báo cáo hoàn thành": provinces or communes, their columns, their order, one page of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from isoxa_grading.reports import CommuneRow, UnitRow

from ..i18n import gettext as _
from .environment import day, number, percent
from .report_change import difference
from .report_query import ReportQuery
from .view import Pager, paged

__all__ = ["Cell", "ColumnHead", "TableRow", "share_words", "table"]

PAGE = 50
Row = CommuneRow | UnitRow


@dataclass(frozen=True)
class ColumnHead:
    """``order``: "ascending", "descending" or "" where the table is not sorted by it; ``url`` sorts by it."""

    words: str
    numeric: bool
    order: str
    url: str


@dataclass(frozen=True)
class Cell:
    """A value as it is written; ``zero``: nothing to see, so written softly. ``bar``: 0 to 100, None without one.

    ``aside``: left out on a telephone, where 34 provinces must stay a list to look through; the unit's page has it.
    """

    text: str
    numeric: bool
    bad: bool = False
    zero: bool = False
    bar: float | None = None
    aside: bool = False


@dataclass(frozen=True)
class TableRow:
    """A unit, with the address of the level below."""

    name: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True)
class _Column:
    """``kind`` says how a value is written; ``bad``: a value above nothing is a warning."""

    slug: str
    words: str
    kind: str
    value: Callable[[Any], Any]
    bad: bool = False
    aside: bool = False


def share_words(share: float | None) -> str:
    """0–1 as per cent, rounded down, so that 100 % always means all; "–" where there is none."""
    return "–" if share is None else percent(Decimal(round(share * 1000) // 10), 100)


def _of_communes() -> list[_Column]:
    return [
        _Column("dang-ky", _("Đăng ký"), "number", lambda row: row.registered),
        _Column("chua-bat-dau", _("Chưa bắt đầu"), "number", lambda row: row.not_started),
        _Column("hoc-do-dang", _("Học dở dang"), "number", lambda row: row.in_progress),
        _Column("da-hoc", _("Đã học được"), "share", lambda row: row.progress_share),
        _Column("hoat-dong", _("Hoạt động gần nhất"), "day", lambda row: row.last_activity),
        _Column("cho-cham", _("Chờ chấm"), "number", lambda row: row.waiting_for_grading),
        _Column("qua-han", _("Quá hạn"), "number", lambda row: row.overdue, bad=True),
        _Column("hoan-thanh", _("Hoàn thành"), "number", lambda row: row.completed),
        _Column("ty-le", _("Tỷ lệ hoàn thành"), "bar", lambda row: row.share_completed),
    ]


def _of_provinces() -> list[_Column]:
    return [
        _Column("so-don-vi", _("Số đơn vị"), "number", lambda row: row.communes, aside=True),
        _Column("chua-cu-ai", _("Chưa cử ai"), "number", lambda row: row.communes_nobody_sent, bad=True),
        _Column("mot-nguoi", _("Chỉ có một người"), "number", lambda row: row.communes_one_person_only),
        _Column("dang-ky", _("Đăng ký"), "number", lambda row: row.registered),
        _Column("cho-cham", _("Chờ chấm"), "number", lambda row: row.waiting_for_grading, aside=True),
        _Column("qua-han", _("Quá hạn"), "number", lambda row: row.overdue, bad=True),
        _Column("hoan-thanh", _("Hoàn thành"), "number", lambda row: row.completed, aside=True),
        _Column("ty-le", _("Tỷ lệ hoàn thành"), "bar", lambda row: row.share_completed),
    ]


def table(
    rows: Sequence[Row],
    query: ReportQuery,
    url: str,
    *,
    provinces: bool = False,
    with_province: bool = False,
    before: Mapping[int, int] | None = None,
) -> tuple[list[ColumnHead], Pager[TableRow]]:
    """Heads (the first is the unit's name) and the page of rows that the query asks for.

    Without an order asked for, the report's own is kept (by name, in Vietnamese order). Rows that have no value in
    the sorted column come last either way. ``provinces``: the rows are provinces; ``with_province``: they are
    communes of several, and the name says which. ``before``: unit id to how many had completed when figures were
    last kept; then a column says how many more there are.
    """
    columns = _of_provinces() if provinces else _of_communes()
    if before is not None:
        columns.insert(-1, _Column("thay-doi", _("So với kỳ trước"), "change", _changed_since(before)))
    rows = list(rows)
    wanted, descending = query.sort.removeprefix("-"), query.sort.startswith("-")
    chosen = next((column for column in columns if column.slug == wanted), None)
    if chosen is not None:
        rows = _sorted(rows, chosen, descending)
    elif wanted == "don-vi" and descending:
        rows = rows[::-1]
    pager = paged(rows, query.page, PAGE, url, query.parameters())
    made = [_row(row, columns, query, url, with_province) for row in pager.items]
    shown = Pager(made, pager.page, pager.last, pager.total, pager.previous_url, pager.next_url)
    by_name = "descending" if wanted == "don-vi" and descending else "" if chosen else "ascending"
    first = _("Tỉnh, thành phố") if provinces else _("Đơn vị")
    heads = [_head(first, "don-vi", False, by_name, query, url)]
    for column in columns:
        order = "" if column is not chosen else "descending" if descending else "ascending"
        heads.append(_head(column.words, column.slug, column.kind != "day", order, query, url))
    return heads, shown


def _changed_since(before: Mapping[int, int]) -> Callable[[Row], int | None]:
    return lambda row: row.completed - before[row.unit_id] if row.unit_id in before else None


def _sorted(rows: list[Row], column: _Column, descending: bool) -> list[Row]:
    known = [row for row in rows if column.value(row) is not None]
    unknown = [row for row in rows if column.value(row) is None]
    return sorted(known, key=column.value, reverse=descending) + unknown


def _head(words: str, slug: str, numeric: bool, order: str, query: ReportQuery, url: str) -> ColumnHead:
    # What is looked for is at the top of a descending figure and of an ascending name; a second click turns it round.
    first, second = (f"-{slug}", slug) if slug != "don-vi" else (slug, f"-{slug}")
    first_order = "descending" if first.startswith("-") else "ascending"
    link = query.link(url, {"sap-xep": second if order == first_order else first})
    return ColumnHead(words, numeric, order, f"{link}#cac-xa")


def _row(row: Row, columns: list[_Column], query: ReportQuery, url: str, with_province: bool) -> TableRow:
    name = row.name
    if with_province and isinstance(row, CommuneRow):
        name = f"{row.name} ({row.province})"
    return TableRow(
        name, query.at_unit(url, row.unit_id), [_cell(column, column.value(row)) for column in columns]
    )


def _cell(column: _Column, value: int | float | date | None) -> Cell:
    if isinstance(value, date) or column.kind == "day":
        return Cell(day(value if isinstance(value, date) else None, "–"), numeric=False, zero=value is None)
    if column.kind == "share":
        return Cell(share_words(value), numeric=True, zero=value is None)
    if column.kind == "bar":
        bar = None if value is None else round(value * 100, 1)
        return Cell(share_words(value), numeric=True, zero=value is None, bar=bar)
    if column.kind == "change":
        words = "–" if value is None else difference(int(value), 0) if value else "0"
        return Cell(words, numeric=True, zero=not value)
    count = int(value or 0)
    return Cell(
        number(count), numeric=True, bad=column.bad and count > 0, zero=count == 0, aside=column.aside
    )
