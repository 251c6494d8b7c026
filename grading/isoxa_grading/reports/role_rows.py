"""Coverage by role: how many have it, how many of them are trained, and how many communes have nobody who is both."""

from __future__ import annotations

from dataclasses import dataclass

from isoxa_grading.records.tables.people import QualityRole

from .tally import Counts, Tally


@dataclass(frozen=True)
class RoleRow:
    """Those who have a role in their commune (``None``: no role is written down), each person once.

    ``communes_without``: communes where nobody who has completed the course has it; ``None`` for no role.
    """

    role: QualityRole | None
    serving: int
    registered: int
    completed: int
    communes_without: int | None


def role_rows(tally: Tally, communes: int) -> list[RoleRow]:
    """A row a role, then those without one; ``communes``: how many there are."""
    once = tally.by_role()
    trained: dict[QualityRole | None, int] = {}
    for (_unit_id, role), counts in tally.groups.items():
        trained[role] = trained.get(role, 0) + (counts.done > 0)
    rows = []
    for role in (*QualityRole, None):
        counts = once.get(role or "", Counts())
        without = communes - trained.get(role, 0) if role is not None else None
        rows.append(RoleRow(role, counts.serving, counts.registered, counts.done, without))
    return rows
