"""From counts to the report's rows and figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from isoxa_grading.completion import State

from .places import Place
from .report import CommuneRow, Figures, Filters, OnePersonReason
from .tally import Counts


def counts_of(counts: Counts) -> dict[str, int]:
    """The numbers of persons that every row and the figures have."""
    return {
        "registered": counts.registered,
        "not_started": counts.not_started,
        "in_progress": counts.in_progress,
        "waiting_for_grading": counts.waiting_for_grading,
        "completed": counts.done,
        "completed_late": counts.completed_late,
        "expired": counts.expired,
        "waived": counts.waived,
        "overdue": counts.overdue,
        "not_registered": counts.not_enrolled,
    }


def row_of(counts: Counts) -> dict[str, Any]:
    """What a row says of its persons: the numbers, the mean share done, the last activity, the share completed."""
    learning = counts.in_progress
    return {
        **counts_of(counts),
        "progress_share": _down(counts.progress / learning) if learning else None,
        "last_activity": counts.last_activity,
        "share_completed": share_completed(counts),
    }


def commune_row(place: Place, counts: Counts | None) -> CommuneRow:
    """A commune's row; ``counts`` is ``None`` where nobody serves that we know of."""
    return CommuneRow(
        unit_id=place.id,
        code=place.code,
        name=place.name,
        province=place.province.name,
        **row_of(counts or Counts()),
    )


def figures(
    total: Counts, communes: int, communes_nobody_sent: int, communes_one_person_only: int
) -> Figures:
    """The figures at the top, from the counts of everybody, each once."""
    return Figures(
        communes=communes,
        communes_nobody_sent=communes_nobody_sent,
        communes_one_person_only=communes_one_person_only,
        share_completed=share_completed(total),
        **counts_of(total),
    )


def communes_of(communes: Iterable[Counts]) -> dict[str, int]:
    """How many communes, how many of them sent nobody, how many rest on one person."""
    number = nobody = one = 0
    for counts in communes:
        registered = counts.registered
        number += 1
        nobody += registered == 0
        one += rests_on_one(registered, counts.done) is not None
    return {"communes": number, "communes_nobody_sent": nobody, "communes_one_person_only": one}


def share_completed(counts: Counts) -> float | None:
    """Completed of those registered and not excused; ``None`` of nobody."""
    return share(counts.done, counts.registered - counts.waived)


def rests_on_one(registered: int, completed: int) -> OnePersonReason | None:
    """Whether and why a commune with so many rests on one person (the rule is in ``report``'s docstring)."""
    if registered == 1:
        return OnePersonReason.ONE_REGISTERED
    return OnePersonReason.ONE_TRAINED if completed == 1 else None


def has_somebody(row: CommuneRow, filters: Filters) -> bool:
    """Whether somebody of the commune is in the state that the reader asks for."""
    if filters.overdue and not row.overdue:
        return False
    if filters.state is None:
        return True
    on_time = row.completed - row.completed_late
    by_state = {
        State.NOT_ENROLLED: row.registered == 0,
        State.NOT_STARTED: row.not_started > 0,
        State.IN_PROGRESS: row.in_progress > 0,
        State.WAITING_FOR_GRADING: row.waiting_for_grading > 0,
        State.COMPLETED: on_time > 0,
        State.COMPLETED_LATE: row.completed_late > 0,
        State.EXPIRED: row.expired > 0,
        State.WAIVED: row.waived > 0,
    }
    return by_state[filters.state]


def share(part: int | Decimal | None, whole: int | Decimal | None) -> float | None:
    """``part / whole`` rounded down to a thousandth; ``None`` of nothing."""
    if part is None or not whole:
        return None
    return int(part * 1000 // whole) / 1000


def _down(share: float) -> float:
    # A sum of thirds may lie a hair below the true value.
    return math.floor(share * 1000 + 1e-6) / 1000
