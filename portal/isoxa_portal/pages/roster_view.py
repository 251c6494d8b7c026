"""A roster's preview as its page shows it: figures, one kind of rows at a time, and what can be chosen for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isoxa_courses.text import format_date
from isoxa_grading.records.roster import Absent, Choice, Decision, RosterPreview, RowKind
from isoxa_grading.records.tables import QualityRole, Unit
from isoxa_grading.records.units import unit_label
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..i18n import gettext as _
from .environment import number
from .view import Tile

__all__ = ["PAGE", "PreviewRow", "Tab", "first_tab", "tab_rows", "tabs", "tiles"]

PAGE = 100
ABSENT = "vang"


@dataclass(frozen=True)
class Tab:
    """One kind of rows; ``slug`` stands in the address."""

    slug: str
    words: str
    count: int
    kind: str


@dataclass(frozen=True)
class PreviewRow:
    """A row: where it stands, who, where, what would change (``notes``), why it is left out (``reasons``), and what
    can be chosen: (value, words) pairs; ``chosen`` is what was chosen before."""

    key: str
    where: str
    name: str
    unit: str
    position: str
    notes: list[str]
    reasons: list[str]
    options: list[tuple[str, str]]
    chosen: str


def tabs(preview: RosterPreview) -> list[Tab]:
    """In the order in which they ask for attention."""
    counts = preview.counts
    return [
        Tab("nghi-van", _("Cần quyết định"), counts["doubtful"], "wait"),
        Tab("tu-choi", _("Không nhập được"), counts["refused"], "bad"),
        Tab("moi", _("Thêm mới"), counts["new"], "good"),
        Tab("thay-doi", _("Thay đổi"), counts["changed"], "now"),
        Tab("chuyen", _("Chuyển đơn vị"), counts["moved"], "now"),
        Tab("khong-doi", _("Không đổi"), counts["unchanged"], "none"),
        Tab(ABSENT, _("Không có trong tệp"), len(preview.absent), "none"),
    ]


_KINDS = {
    "nghi-van": RowKind.DOUBTFUL,
    "tu-choi": RowKind.REFUSED,
    "moi": RowKind.NEW,
    "thay-doi": RowKind.CHANGED,
    "chuyen": RowKind.MOVED,
    "khong-doi": RowKind.UNCHANGED,
}


def first_tab(preview: RosterPreview) -> str:
    """The first kind there is any of."""
    return next((tab.slug for tab in tabs(preview) if tab.count), "moi")


def tab_rows(preview: RosterPreview, slug: str) -> Sequence[Decision | Absent]:
    """The rows of one kind."""
    if slug == ABSENT:
        return preview.absent
    kind = _KINDS[slug]
    return [decision for decision in preview.rows if decision.kind is kind]


def shown_rows(
    session: Session, preview: RosterPreview, items: Sequence[Decision | Absent]
) -> list[PreviewRow]:
    """The rows as the table shows them."""
    before = {one.changes["unit"][0] for one in items if isinstance(one, Decision) and "unit" in one.changes}
    units = {
        unit.id: unit_label(unit)
        for unit in session.scalars(select(Unit).where(Unit.id.in_(before - {None})))
    }
    return [
        _decision(one, preview.choices, units)
        if isinstance(one, Decision)
        else PreviewRow("", "", one.full_name, unit_label(one.unit), "", [], [], [], "")
        for one in items
    ]


def _decision(decision: Decision, choices: Mapping[str, Choice], units: Mapping[int, str]) -> PreviewRow:
    row = decision.row
    choice = choices.get(row.key)
    notes = [_change(name, pair, units) for name, pair in decision.changes.items()]
    if decision.note:
        notes.append(decision.note)
    return PreviewRow(
        key=row.key,
        where=_("Trang “%(sheet)s”, dòng %(row)s") % {"sheet": row.sheet, "row": row.number},
        name=row.full_name or row.raw.get("full_name", ""),
        unit=unit_label(decision.unit) if decision.unit else row.unit,
        position=row.position or "",
        notes=notes,
        reasons=[_reason(one) for one in decision.problems],
        options=_options(decision, choice),
        chosen=_text(choice) if choice else "",
    )


def _reason(problem: Any) -> str:
    reason = f"{problem.column}: {problem.reason}" if problem.column else problem.reason
    if problem.nearest and problem.nearest not in reason:
        reason += " " + _("Có phải “%(nearest)s”?") % {"nearest": problem.nearest}
    return str(reason)


def _options(decision: Decision, choice: Choice | None) -> list[tuple[str, str]]:
    """What is open for a row that is left out; for one that was decided, to think again."""
    if decision.kind is RowKind.DOUBTFUL:
        unit = f"unit:{choice.unit_id} " if choice and choice.unit_id is not None else ""
        options = [("", _("Chưa quyết định: bỏ qua lần này"))]
        options += [(f"unit:{one.id}", unit_label(one)) for one in decision.units]
        for one in decision.people:
            options.append(
                (f"{unit}person:{one.person_id}", _("Chính là %(name)s (%(about)s)") % {
                    "name": one.full_name, "about": one.about
                })
            )  # fmt: skip
        if decision.asks_person and decision.people:
            options.append((f"{unit}person:new", _("Người khác, thêm mới")))
        return [*options, ("leave", _("Bỏ dòng này"))]
    if choice is not None:
        return [(_text(choice), _("Giữ lựa chọn")), ("", _("Chọn lại"))]
    return []


def _text(choice: Choice) -> str:
    if choice.leave_out:
        return "leave"
    parts = [f"unit:{choice.unit_id}"] if choice.unit_id is not None else []
    return " ".join([*parts, *([f"person:{choice.person}"] if choice.person is not None else [])])


def _change(name: str, pair: tuple[Any, Any], units: Mapping[int, str]) -> str:
    labels = {
        "full_name": _("họ và tên"),
        "staff_code": _("mã cán bộ"),
        "birth_date": _("ngày sinh"),
        "birth_year": _("năm sinh"),
        "phone": _("điện thoại"),
        "email": _("thư điện tử"),
        "position": _("chức danh"),
        "quality_role": _("vai trò"),
    }
    before, after = pair
    if name == "unit":
        return _("Đang ở %(unit)s") % {"unit": units.get(before, "–")}
    if before in (None, ""):
        return _("Thêm %(field)s: %(after)s") % {"field": labels.get(name, name), "after": _value(after)}
    return _("Đổi %(field)s: %(before)s → %(after)s") % {
        "field": labels.get(name, name), "before": _value(before), "after": _value(after)
    }  # fmt: skip


def _value(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, QualityRole):
        return {
            QualityRole.LEADER: _("Lãnh đạo"),
            QualityRole.ISO_SECRETARY: _("Thư ký ISO"),
            QualityRole.ONE_STOP: _("Một cửa"),
            QualityRole.SPECIALIST: _("Chuyên môn"),
            QualityRole.INTERNAL_AUDITOR: _("Đánh giá viên nội bộ"),
        }[value]
    if hasattr(value, "isoformat"):
        return format_date(value)
    return str(value)


def tiles(counts: Mapping[str, int]) -> list[Tile]:
    """What an import did, in figures."""
    return [
        Tile("good", number(counts.get("new", 0)), _("người mới")),
        Tile("now", number(counts.get("changed", 0)), _("người có thay đổi")),
        Tile("now", number(counts.get("moved", 0)), _("người chuyển đơn vị")),
        Tile("none", number(counts.get("unchanged", 0)), _("người không đổi")),
        Tile(
            "wait" if counts.get("doubtful") else "none",
            number(counts.get("doubtful", 0)),
            _("dòng chưa quyết định, bỏ qua"),
        ),
        Tile(
            "bad" if counts.get("refused") else "none",
            number(counts.get("refused", 0)),
            _("dòng không nhập được"),
        ),
    ]
