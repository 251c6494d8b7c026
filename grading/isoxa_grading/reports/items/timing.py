"""How long a slot took, as far as the records can tell. Pure.

Nobody measures how long an officer looks at a question. What is recorded is when each answer was saved. So a slot's
time is the time from the save before (or from the opening of the attempt) to its own save, added up over its saves:
it holds reading, thinking, and whatever else was done meanwhile. Two things make it worthless, and are left out:

- a gap of more than half an hour: the officer was away;
- saves of different slots within a second: the browser sent what it had kept while there was no connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

AWAY = 30 * 60
"""Seconds; a longer gap measures nothing."""
TOGETHER = 1
"""Seconds; saves of different slots so close came in one batch."""


def seconds_by_slot(started_at: datetime, saves: Iterable[tuple[datetime, str]]) -> dict[str, float]:
    """Seconds for each slot of one attempt that can be told; ``saves``: (saved at, slot), in any order."""
    spent: dict[str, float] = {}
    unknown: set[str] = set()
    before, slot_before = started_at, None
    for at, slot in sorted(saves):
        gap = (at - before).total_seconds()
        if gap < 0 or gap > AWAY:
            unknown.add(slot)
        elif gap < TOGETHER and slot_before not in (None, slot):
            unknown |= {slot, slot_before}
        spent[slot] = spent.get(slot, 0.0) + gap
        before, slot_before = at, slot
    return {slot: seconds for slot, seconds in spent.items() if slot not in unknown}
