"""From the report's figures to what its pages show: tiles, the chart with its finding, coverage by role, officers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.reports import Figures, ListKind, OfficerRow, RoleRow

from ..i18n import gettext as _
from .chart import Chart, Measure, bar_chart
from .environment import number
from .report_query import role_words
from .report_table import share_words
from .view import Status, Tile, report_state

__all__ = ["OfficerLine", "RoleLine", "finding_chart", "officer_line", "role_lines", "roles_finding", "tiles"]


@dataclass(frozen=True)
class OfficerLine:
    """An officer in the table of their commune."""

    name: str
    url: str
    position: str
    role: str
    state: Status
    done_text: str
    last_activity: date | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True)
class RoleLine:
    """A role across the units. ``share`` 0–100 of those who must learn; ``without`` None where it does not apply."""

    name: str
    serving: int
    registered: int
    completed: int
    share_text: str
    share: float
    without: int | None


def tiles(
    figures: Figures, lists: Mapping[ListKind, str], notes: Mapping[str, str], *, one_unit: bool = False
) -> list[Tile]:
    """The figures at the top. ``lists``: address of each list; ``notes``: what changed, by figure.

    ``one_unit``: of a single commune, where counting units says nothing.
    """
    registered = (
        _("người đăng ký học")
        if one_unit
        else _("người đăng ký học, ở %(units)s đơn vị")
        % {"units": number(figures.communes - figures.communes_nobody_sent)}
    )
    completed = _("người hoàn thành (%(share)s)") % {"share": share_words(figures.share_completed)}
    made = [
        Tile("now", number(figures.registered), registered, None, notes.get("registered", "")),
        Tile("good", number(figures.completed), completed, None, notes.get("completed", "")),
        _tile("wait", figures.waiting_for_grading, _("người chờ chấm"), lists.get(ListKind.WAITING_FOR_GRADING),
              notes.get("waiting_for_grading", "")),
        _tile("bad", figures.overdue, _("người quá hạn"), lists.get(ListKind.OVERDUE), notes.get("overdue", "")),
    ]  # fmt: skip
    if one_unit:
        return made
    nobody, alone = figures.communes_nobody_sent, figures.communes_one_person_only
    return [
        *made,
        _tile("bad", nobody, _("đơn vị chưa cử ai"), lists.get(ListKind.NOBODY_SENT),
              notes.get("communes_nobody_sent", "")),
        _tile("wait", alone, _("đơn vị chỉ có một người"), lists.get(ListKind.ONE_PERSON_ONLY),
              notes.get("communes_one_person_only", "")),
    ]  # fmt: skip


def _tile(kind: str, count: int, words: str, url: str | None, note: str) -> Tile:
    return Tile(kind if count else "none", number(count), words, url if count else None, note)


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
    words = _("%(count)s người (%(share)s)") % {"count": number(value), "share": _share_of(value, whole)}
    return Measure(label, kind, value, words)


def _share_of(part: int, whole: int) -> str:
    """Rounded down, as every share on the page."""
    return share_words(part * 1000 // whole / 1000 if whole else None)


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


def role_lines(roles: Sequence[RoleRow]) -> list[RoleLine]:
    """Every role, and those without one where there are any."""
    return [
        RoleLine(
            name=role_words(row.role),
            serving=row.serving,
            registered=row.registered,
            completed=row.completed,
            share_text=_share_of(row.completed, row.registered),
            share=round(100 * row.completed / row.registered, 1) if row.registered else 0.0,
            without=row.communes_without,
        )
        for row in roles
        if row.role is not None or row.serving
    ]


def roles_finding(roles: Sequence[RoleRow], communes: int) -> str:
    """The role that most units have nobody trained in, or that none is missing."""
    known = [row for row in roles if row.role is not None and row.communes_without is not None]
    worst = max(known, key=lambda row: row.communes_without or 0, default=None)
    if worst is None or not worst.communes_without:
        return _("Vai trò nào ở đơn vị nào cũng đã có người hoàn thành")
    if communes == 1:
        missing = [role_words(row.role) for row in known if row.communes_without]
        return _("Chưa có người hoàn thành ở vai trò: %(roles)s") % {"roles": ", ".join(missing)}
    nobody = {
        QualityRole.LEADER: _("%(count)s trên %(all)s đơn vị chưa có lãnh đạo nào hoàn thành"),
        QualityRole.ISO_SECRETARY: _("%(count)s trên %(all)s đơn vị chưa có thư ký ISO nào hoàn thành"),
        QualityRole.ONE_STOP: _("%(count)s trên %(all)s đơn vị chưa có ai ở bộ phận Một cửa hoàn thành"),
        QualityRole.SPECIALIST: _(
            "%(count)s trên %(all)s đơn vị chưa có công chức chuyên môn nào hoàn thành"
        ),
        QualityRole.INTERNAL_AUDITOR: _(
            "%(count)s trên %(all)s đơn vị chưa có đánh giá viên nội bộ nào hoàn thành"
        ),
    }
    assert worst.role is not None
    return nobody[worst.role] % {"count": number(worst.communes_without), "all": number(communes)}


def officer_line(row: OfficerRow, url: str) -> OfficerLine:
    """From the report's row."""
    return OfficerLine(
        name=row.full_name,
        url=url,
        position=row.position or "",
        role=role_words(row.quality_role) if row.quality_role is not None else "",
        state=report_state(row.state),
        done_text=share_words(row.share_done),
        last_activity=row.last_activity,
        due_on=row.due_on,
        overdue=row.overdue,
    )
