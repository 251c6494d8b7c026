"""What a reader of "Báo cáo hoàn thành" asks for: read from the address, written back into links.

The names and values in the address are permanent (a department keeps such links), so they are Vietnamese words of
their own, not the names of the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from isoxa_courses.text import clean
from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.reports import Filters

from ..errors import not_found
from ..i18n import gettext as _
from .environment import day
from .view import report_state, with_query

__all__ = ["OVERDUE", "ReportQuery", "role_options", "role_words", "state_options"]

OVERDUE = "qua-han"
STATES = {
    "chua-bat-dau": State.NOT_STARTED,
    "hoc-do-dang": State.IN_PROGRESS,
    "cho-cham": State.WAITING_FOR_GRADING,
    "hoan-thanh": State.COMPLETED,
    "hoan-thanh-muon": State.COMPLETED_LATE,
    "het-hieu-luc": State.EXPIRED,
    "duoc-mien": State.WAIVED,
}
ROLES = {
    "lanh-dao": QualityRole.LEADER,
    "thu-ky-iso": QualityRole.ISO_SECRETARY,
    "mot-cua": QualityRole.ONE_STOP,
    "chuyen-mon": QualityRole.SPECIALIST,
    "danh-gia-vien": QualityRole.INTERNAL_AUDITOR,
}
_LONGEST_SEARCH = 100
_LONGEST_DAY = 20
# Links carry the first; people write the second, in whatever language their browser is.
_DAYS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})", re.ASCII),
)


@dataclass(frozen=True)
class ReportQuery:
    """``unit``: id of a unit or None. ``day``: as typed, ``as_of`` reads it. ``sort``: a column's name, with "-"
    before it for descending."""

    course: str = ""
    unit: int | None = None
    role: str = ""
    day: str = ""
    state: str = ""
    text: str = ""
    sort: str = ""
    page: str = ""

    @classmethod
    def read(cls, argument: Callable[[str, str], str]) -> ReportQuery:
        """From ``argument(name, default)``. Raises ``PortalError`` 404 for a unit that cannot be one."""
        unit = argument("don-vi", "")
        if unit and not (unit.isascii() and unit.isdecimal() and len(unit) < 10):
            raise not_found()
        state, role = argument("trang-thai", ""), argument("vai-tro", "")
        return cls(
            course=argument("khoa", ""),
            unit=int(unit) if unit else None,
            role=role if role in ROLES else "",
            day=clean(argument("ngay", ""))[:_LONGEST_DAY],
            state=state if state in STATES or state == OVERDUE else "",
            text=clean(argument("tim", ""))[:_LONGEST_SEARCH],
            sort=argument("sap-xep", ""),
            page=argument("trang", ""),
        )

    def as_of(self, today: date) -> tuple[date, str]:
        """The report's day, and what is wrong with the day asked for ("": nothing); then it is ``today``."""
        if not self.day:
            return today, ""
        found = next((match for form in _DAYS if (match := form.fullmatch(self.day))), None)
        if found is None:
            return today, _("Chưa hiểu ngày “%(day)s”. Xin ghi ngày dạng 31/12/2026.") % {"day": self.day}
        try:
            asked = date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            return today, _("Không có ngày %(day)s trong lịch. Xin kiểm tra lại.") % {"day": self.day}
        if asked > today:
            return today, _("Ngày %(day)s chưa đến. Số liệu chỉ có đến hôm nay.") % {"day": day(asked)}
        return asked, ""

    def settled(self, course: str, as_of: date, today: date) -> ReportQuery:
        """With the course there is and the day that counts: what the page's links carry on. Today stays unsaid, so
        that a kept link means the day it is opened."""
        return replace(self, course=course, day="" if as_of == today else as_of.isoformat())

    @property
    def filters(self) -> Filters:
        return Filters(
            unit_id=self.unit,
            state=STATES.get(self.state),
            overdue=self.state == OVERDUE,
            text=self.text,
            role=ROLES.get(self.role),
        )

    @property
    def narrowed(self) -> bool:
        """Whether the table may leave something out."""
        return bool(self.state or self.text)

    def parameters(self) -> dict[str, str]:
        """All but the page, for links that keep what was asked."""
        return {
            "khoa": self.course,
            "don-vi": str(self.unit or ""),
            "vai-tro": self.role,
            "ngay": self.day,
            "trang-thai": self.state,
            "tim": self.text,
            "sap-xep": self.sort,
        }

    def link(self, url: str, changes: Mapping[str, str | None] = {}) -> str:
        """``url`` with these parameters, some of them changed (None: left out)."""
        merged = {**self.parameters(), **{name: value or "" for name, value in changes.items()}}
        return with_query(url, merged)

    def at_unit(self, url: str, unit: int | None) -> str:
        """One level down or up: course, role and day stay; the table's state, search and order do not."""
        return ReportQuery(course=self.course, unit=unit, role=self.role, day=self.day).link(url)


def state_options() -> list[tuple[str, str]]:
    """For the filter: value in the address, words."""
    named = [(slug, report_state(state).words) for slug, state in STATES.items()]
    return [("", _("Tất cả trạng thái")), (OVERDUE, _("Quá hạn")), *named]


def role_words(role: QualityRole | None) -> str:
    """A part in the quality management system, as the unit calls it."""
    words = {
        QualityRole.LEADER: _("Lãnh đạo"),
        QualityRole.ISO_SECRETARY: _("Thư ký ISO"),
        QualityRole.ONE_STOP: _("Bộ phận Một cửa"),
        QualityRole.SPECIALIST: _("Chuyên môn"),
        QualityRole.INTERNAL_AUDITOR: _("Đánh giá viên nội bộ"),
    }
    return words[role] if role is not None else _("Chưa ghi vai trò")


def role_options() -> list[tuple[str, str]]:
    """For the filter: value in the address, words."""
    return [("", _("Tất cả vai trò")), *((slug, role_words(role)) for slug, role in ROLES.items())]
