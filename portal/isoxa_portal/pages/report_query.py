"""What a reader of "Báo cáo hoàn thành" asks for: read from the address, written back into links.

The names and values in the address are permanent (a department keeps such links), so they are Vietnamese words of
their own, not the names of the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isoxa_courses.text import clean
from isoxa_grading.completion import State
from isoxa_grading.reports import Filters

from ..errors import not_found
from ..i18n import gettext as _
from .view import report_state, with_query

__all__ = ["OVERDUE", "ReportQuery", "state_options"]

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
_LONGEST_SEARCH = 100


@dataclass(frozen=True)
class ReportQuery:
    """``unit``: id of a unit or None. ``sort``: a column's name, with "-" before it for descending."""

    course: str = ""
    unit: int | None = None
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
        state = argument("trang-thai", "")
        return cls(
            course=argument("khoa", ""),
            unit=int(unit) if unit else None,
            state=state if state in STATES or state == OVERDUE else "",
            text=clean(argument("tim", ""))[:_LONGEST_SEARCH],
            sort=argument("sap-xep", ""),
            page=argument("trang", ""),
        )

    @property
    def filters(self) -> Filters:
        return Filters(
            unit_id=self.unit,
            state=STATES.get(self.state),
            overdue=self.state == OVERDUE,
            text=self.text,
        )

    @property
    def narrowed(self) -> bool:
        """Whether the table may leave something out."""
        return bool(self.unit or self.state or self.text)

    def parameters(self) -> dict[str, str]:
        """All but the page, for links that keep what was asked."""
        return {
            "khoa": self.course,
            "don-vi": str(self.unit or ""),
            "trang-thai": self.state,
            "tim": self.text,
            "sap-xep": self.sort,
        }

    def link(self, url: str, changes: Mapping[str, str | None] = {}) -> str:
        """``url`` with these parameters, some of them changed (None: left out)."""
        merged = {**self.parameters(), **{name: value or "" for name, value in changes.items()}}
        return with_query(url, merged)


def state_options() -> list[tuple[str, str]]:
    """For the filter: value in the address, words."""
    named = [(slug, report_state(state).words) for slug, state in STATES.items()]
    return [("", _("Tất cả trạng thái")), (OVERDUE, _("Quá hạn")), *named]
