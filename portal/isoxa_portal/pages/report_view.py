"""From the completion report to the pages that show it: tiles, the chart with its finding, lists, one commune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from isoxa_grading.reports import (
    CommuneRow,
    CompletionReport,
    Figures,
    OfficerRow,
    OnePersonReason,
    OnePersonRow,
)

from ..i18n import gettext as _
from .chart import Chart, Measure, bar_chart
from .environment import number, percent
from .report_query import ReportQuery
from .report_table import share_words
from .view import Link, Status, Tile, report_state

__all__ = [
    "OfficerLine",
    "finding_chart",
    "nobody_links",
    "officer_line",
    "one_person_links",
    "tiles",
    "unit_tiles",
]


@dataclass(frozen=True)
class OfficerLine:
    """An officer in the table of their commune."""

    name: str
    position: str
    state: Status
    done_text: str
    last_activity: date | None
    due_on: date | None
    overdue: bool


def tiles(figures: Figures) -> list[Tile]:
    """The figures at the top; the two that are about communes lead to their lists."""
    return [
        Tile("now", number(figures.registered), _("người đăng ký học, ở %(units)s đơn vị") % {
            "units": number(figures.communes - figures.communes_nobody_sent)
        }),
        Tile("good", number(figures.completed), _("người hoàn thành (%(share)s)") % {
            "share": share_words(figures.share_completed)
        }),
        Tile("wait", number(figures.waiting_for_grading), _("người chờ chấm")),
        Tile("bad" if figures.overdue else "none", number(figures.overdue), _("người quá hạn")),
        Tile(
            "bad" if figures.communes_nobody_sent else "none",
            number(figures.communes_nobody_sent),
            _("đơn vị chưa cử ai"),
            "#chua-cu-ai",
        ),
        Tile(
            "wait" if figures.communes_one_person_only else "none",
            number(figures.communes_one_person_only),
            _("đơn vị chỉ có một người"),
            "#chi-co-mot-nguoi",
        ),
    ]  # fmt: skip


def unit_tiles(row: CommuneRow) -> list[Tile]:
    """The figures of one commune."""
    return [
        Tile("now", number(row.registered), _("người đăng ký học")),
        Tile("good", number(row.completed), _("người hoàn thành")),
        Tile("now", number(row.in_progress), _("người học dở dang")),
        Tile("bad" if row.overdue else "none", number(row.overdue), _("người quá hạn")),
    ]


def finding_chart(figures: Figures) -> Chart | None:
    """The states as bars of all registered, under a title that says what the bars show."""
    whole = figures.registered
    rest = [
        ("wait", _("Chờ chấm"), figures.waiting_for_grading),
        ("now", _("Học dở dang"), figures.in_progress),
        ("none", _("Chưa bắt đầu"), figures.not_started),
        ("bad", _("Hết hiệu lực"), figures.expired),
        ("late", _("Được miễn"), figures.waived),
    ]
    measures = [_measure("good", _("Hoàn thành"), figures.completed, whole)]
    measures += [
        _measure(kind, label, value, whole)
        for kind, label, value in rest
        if value or kind in ("wait", "now", "none")
    ]
    return bar_chart(_finding(figures), measures, whole)


def _measure(kind: str, label: str, value: int, whole: int) -> Measure:
    words = _("%(count)s người (%(share)s)") % {"count": number(value), "share": percent(value, whole)}
    return Measure(label, kind, value, words)


def _finding(figures: Figures) -> str:
    owing = figures.registered - figures.waived
    if owing and figures.completed >= owing:
        return _("Cả %(count)s người phải học đều đã hoàn thành") % {"count": number(owing)}
    left = max(
        (figures.not_started, _("%(count)s người chưa bắt đầu")),
        (figures.in_progress, _("%(count)s người còn học dở dang")),
        (figures.waiting_for_grading, _("%(count)s người đang chờ chấm")),
    )
    done = share_words(figures.share_completed)
    half = figures.share_completed is not None and Decimal(str(figures.share_completed)) >= Decimal("0.5")
    beginning = _("Đã có %(share)s hoàn thành") if half else _("Mới có %(share)s hoàn thành")
    return f"{beginning % {'share': done}}; {left[1] % {'count': number(left[0])}}"


def nobody_links(report: CompletionReport, query: ReportQuery, url: str, with_province: bool) -> list[Link]:
    """ "Chưa cử ai", each with the address of its page."""
    return [Link(_name(row, with_province), _unit_url(row, query, url)) for row in report.nobody_sent]


def one_person_links(
    report: CompletionReport, query: ReportQuery, url: str, with_province: bool
) -> list[Link]:
    """ "Chỉ có một người", each with who that is."""
    return [
        Link(_name(row.commune, with_province), _unit_url(row.commune, query, url), _one_person(row))
        for row in report.one_person_only
    ]


def _one_person(row: OnePersonRow) -> str:
    if row.reason is OnePersonReason.ONE_REGISTERED:
        return _("chỉ cử %(name)s") % {"name": row.officer.full_name}
    return _("chỉ %(name)s đã hoàn thành") % {"name": row.officer.full_name}


def _name(row: CommuneRow, with_province: bool) -> str:
    return f"{row.name} ({row.province})" if with_province else row.name


def _unit_url(row: CommuneRow, query: ReportQuery, url: str) -> str:
    return ReportQuery(course=query.course, unit=row.unit_id).link(url)


def officer_line(row: OfficerRow) -> OfficerLine:
    """From the report's row."""
    return OfficerLine(
        name=row.full_name,
        position=row.position or "",
        state=report_state(row.state),
        done_text=share_words(row.share_done),
        last_activity=row.last_activity,
        due_on=row.due_on,
        overdue=row.overdue,
    )
