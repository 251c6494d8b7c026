"""A unit through time: what went into it, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from isoxa_courses.text import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from .tables import Unit, UnitSuccessor
from .tables.units import UnitKind

__all__ = ["UnitHistory", "UnitStep", "unit_history"]

_MOST = 500


@dataclass(frozen=True)
class UnitStep:
    """``unit`` went into another one on ``since``, whole or in part."""

    unit: Unit
    into: Unit
    whole: bool
    since: date


@dataclass(frozen=True)
class UnitHistory:
    """``before``: what went into the unit, the latest first; ``after``: what it went into, the earliest first."""

    unit: Unit
    before: tuple[UnitStep, ...]
    after: tuple[UnitStep, ...]

    @property
    def today(self) -> list[Unit]:
        """What the unit is today: itself, or what it or its heirs went into."""
        if self.unit.valid_to is None:
            return [self.unit]
        return list(dict.fromkeys(step.into for step in self.after if step.into.valid_to is None))

    def sentences(self) -> list[str]:
        """The history in Vietnamese, a line for each change."""
        lines = []
        for step in (*self.before, *self.after):
            verb = "nhập vào" if step.whole else "một phần nhập vào"
            lines.append(f"Từ {format_date(step.since)}: {_label(step.unit)} {verb} {_label(step.into)}.")
        if self.unit.valid_to is not None and not self.after:
            ended = format_date(self.unit.valid_to + timedelta(days=1))
            lines.append(f"Từ {ended}: {_label(self.unit)} kết thúc hoạt động.")
        return lines


def unit_history(session: Session, unit: Unit) -> UnitHistory:
    """From the units of before July 2025 to today's; a unit that never changed has no steps."""
    return UnitHistory(
        unit, tuple(_steps(session, unit, back=True)), tuple(_steps(session, unit, back=False))
    )


def _steps(session: Session, unit: Unit, *, back: bool) -> list[UnitStep]:
    here, there = UnitSuccessor.unit_id, UnitSuccessor.successor_id
    if back:
        here, there = there, here
    steps: list[UnitStep] = []
    waiting, seen = [unit], {unit.id}
    while waiting and len(steps) < _MOST:
        one = waiting.pop(0)
        query = select(UnitSuccessor, Unit).join(Unit, Unit.id == there).where(here == one.id)
        for link, other in session.execute(query.order_by(Unit.sort_key, Unit.id)):
            old, new = (other, one) if back else (one, other)
            steps.append(UnitStep(old, new, link.whole, link.since))
            if other.id not in seen:
                seen.add(other.id)
                waiting.append(other)
    return steps


def _label(unit: Unit) -> str:
    parent = unit.parent
    if parent is None or parent.kind is UnitKind.COUNTRY:
        return unit.name
    return f"{unit.name} ({parent.type_word} {parent.short_name})"
