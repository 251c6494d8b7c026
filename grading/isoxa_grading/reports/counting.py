"""From the database's counts to the report's rows and figures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from isoxa_grading.completion import State

from .learners import DONE_STATES
from .report import CommuneRow, Figures, Filters, OnePersonReason


def commune_row(unit_id: int, code: str, name: str, province: str, counts: Row[Any] | None) -> CommuneRow:
    """A commune's row; ``counts`` is ``None`` where nobody serves that we know of."""
    made = counts_of(counts, "all")
    mean = counts.progress_share if counts is not None else None
    return CommuneRow(
        unit_id=unit_id,
        code=code,
        name=name,
        province=province,
        progress_share=None if mean is None else _down(float(mean)),
        last_activity=counts.last_activity if counts is not None else None,
        share_completed=share(made["completed"], made["registered"] - made["waived"]),
        **made,
    )


def counts_of(row: Row[Any] | None, prefix: str) -> dict[str, int]:
    """Counts of one commune: of everybody there (``all``), or without those counted elsewhere (``once``)."""

    def of(name: str) -> int:
        return 0 if row is None else int(row._mapping[f"{prefix}_{name}"])

    states = {state: of(state.value) for state in State}
    return {
        "registered": sum(number for state, number in states.items() if state != State.NOT_ENROLLED),
        "not_started": states[State.NOT_STARTED],
        "in_progress": states[State.IN_PROGRESS],
        "waiting_for_grading": states[State.WAITING_FOR_GRADING],
        "completed": sum(states[state] for state in DONE_STATES),
        "completed_late": states[State.COMPLETED_LATE],
        "expired": states[State.EXPIRED],
        "waived": states[State.WAIVED],
        "overdue": of("overdue"),
        "not_registered": states[State.NOT_ENROLLED],
    }


def figures(counts: Iterable[Row[Any]], communes: int, nobody_sent: int, one_person_only: int) -> Figures:
    """The figures at the top, from the counts of all communes."""
    total = counts_of(None, "once")
    for row in counts:
        for name, number in counts_of(row, "once").items():
            total[name] += number
    return Figures(
        communes=communes,
        communes_nobody_sent=nobody_sent,
        communes_one_person_only=one_person_only,
        share_completed=share(total["completed"], total["registered"] - total["waived"]),
        **total,
    )


def one_person_reason(row: CommuneRow) -> OnePersonReason | None:
    """Whether and why the commune rests on one person (the rule is in ``report``'s docstring)."""
    if row.registered == 1:
        return OnePersonReason.ONE_REGISTERED
    return OnePersonReason.ONE_TRAINED if row.completed == 1 else None


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
    # A database's mean of thirds may lie a hair below the true value.
    return math.floor(share * 1000 + 1e-9) / 1000
