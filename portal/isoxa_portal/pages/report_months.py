"""Who completed, month by month: a column a month, under a title that says what the columns show.

Only places leave this module. Across they are per cent of the picture's width, so that text keeps its size on a
phone; down they are pixels. The same figures stand in a table under the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isoxa_grading.reports import MonthRow

from ..i18n import gettext as _
from .environment import number

__all__ = ["MonthChart", "MonthColumn", "month_chart"]

_SHOWN = 12
_TOP, _BOTTOM, _HEIGHT = 24, 184, 226


@dataclass(frozen=True)
class MonthColumn:
    """A month: its column in per cent across and pixels down, what stands over it, under it, and in the table."""

    left: float
    width: float
    middle: float
    y: float
    height: float
    over: str
    under: str
    year: str
    name: str
    completed: str
    until: str


@dataclass(frozen=True)
class MonthChart:
    """``bottom``: where the columns stand, pixels down."""

    title: str
    columns: list[MonthColumn]
    bottom: int = _BOTTOM
    height: int = _HEIGHT


def month_chart(months: Sequence[MonthRow]) -> MonthChart | None:
    """The last twelve months there are; None before anybody completed."""
    shown = list(months)[-_SHOWN:]
    if not any(row.completed for row in shown):
        return None
    most = max(row.completed for row in shown)
    step = 100 / max(len(shown), 4)
    columns = []
    for place, row in enumerate(shown):
        height = round((_BOTTOM - _TOP) * row.completed / most, 1)
        # Long figures would run into each other on a phone: then only the highest and the last are written.
        told = row.completed and (most < 1000 or row.completed == most or place == len(shown) - 1)
        columns.append(
            MonthColumn(
                left=round(place * step + step * 0.14, 2),
                width=round(step * 0.72, 2),
                middle=round(place * step + step / 2, 2),
                y=_BOTTOM - height,
                height=height,
                over=number(row.completed) if told else "",
                under=str(row.first_day.month),
                year=str(row.first_day.year) if place == 0 or row.first_day.month == 1 else "",
                name=_month(row),
                completed=number(row.completed),
                until=number(row.completed_until),
            )
        )
    return MonthChart(_finding(shown, most), columns)


def _month(row: MonthRow) -> str:
    return _("Tháng %(month)s/%(year)s") % {"month": row.first_day.month, "year": row.first_day.year}


def _finding(shown: Sequence[MonthRow], most: int) -> str:
    last = shown[-1]
    best = next(row for row in shown if row.completed == most)
    if len(shown) == 1:
        return _("%(month)s có %(count)s người hoàn thành lần đầu") % {
            "month": _month(last), "count": number(last.completed)
        }  # fmt: skip
    if last.completed == most and best is not last:
        return _("%(month)s có %(count)s người hoàn thành, bằng tháng nhiều nhất") % {
            "month": _month(last), "count": number(most)
        }  # fmt: skip
    if best is last:
        return _("%(month)s có nhiều người hoàn thành nhất: %(count)s người") % {
            "month": _month(last), "count": number(most)
        }  # fmt: skip
    if last.completed == 0:
        return _("%(month)s chưa có ai hoàn thành; nhiều nhất là %(best)s: %(count)s người") % {
            "month": _month(last), "best": _month(best).lower(), "count": number(most)
        }  # fmt: skip
    return _("%(month)s có %(now)s người hoàn thành; nhiều nhất là %(best)s: %(count)s người") % {
        "month": _month(last), "now": number(last.completed), "best": _month(best).lower(), "count": number(most)
    }  # fmt: skip
