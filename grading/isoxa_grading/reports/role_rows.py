"""Coverage by role: how many have it, how many of them are trained, and how many communes have nobody who is both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isoxa_grading.records.tables.people import QualityRole

from .places import Place
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


def roles_missing(
    tally: Tally, places: Sequence[Place], only: QualityRole | None
) -> list[tuple[Place, QualityRole]]:
    """Each commune and role (``only``: this one) that nobody there both has and has completed the course with."""
    wanted = [role for role in QualityRole if only in (None, role)]
    trained = {key for key, counts in tally.groups.items() if counts.done}
    return [(place, role) for place in places for role in wanted if (place.id, role) not in trained]


def role_rows(tally: Tally, communes: int) -> list[RoleRow]:
    """A row a role, then those without one; ``communes``: how many there are."""
    once = tally.by_role()
    trained: dict[QualityRole | None, int] = {}
    for (_unit_id, role), counts in tally.groups.items():
        if counts.done:
            trained[role] = trained.get(role, 0) + 1
    rows = []
    for role in (*QualityRole, None):
        counts = once.get(role or "", Counts())
        without = communes - trained.get(role, 0) if role is not None else None
        rows.append(RoleRow(role, counts.serving, counts.registered, counts.done, without))
    return rows
