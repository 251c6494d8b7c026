"""Where the standard is misunderstood: points lost and wrong choices taken, by clause. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from .analysis import FEWEST, QuizItems, SlotItems
from .figures import rounded
from .responses import MISSING, Responses
from .taken import Taken

MOST_WRONG = 3
_BETWEEN = re.compile(r"\s*;\s*")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class WrongChoice:
    """``taken`` of the slot numbered ``number``; ``prompt`` is the question that it answered."""

    number: int
    prompt: str
    taken: Taken


@dataclass(frozen=True)
class ClauseItems:
    """``clause`` as the quiz names it, "" where a slot names none; ``lost``: share of points lost, None of too few.

    A slot that tests two clauses counts for both. ``wrong``: the wrong choices taken by the greatest shares.
    """

    clause: str
    numbers: tuple[int, ...]
    answers: int
    lost: Decimal | None
    wrong: tuple[WrongChoice, ...]


def clauses_of(responses: Responses, items: QuizItems) -> list[ClauseItems]:
    """The clauses that the quiz tests, the one with the greatest share of points lost first."""
    by_clause: dict[str, list[SlotItems]] = {}
    for one in items.slots:
        for clause in dict.fromkeys(_BETWEEN.split((one.slot.clause or "").strip(" ;"))):
            by_clause.setdefault(clause, []).append(one)
    found = [_clause(responses, clause, slots) for clause, slots in by_clause.items()]
    return sorted(found, key=lambda one: (one.lost is None, -(one.lost or 0), _order(one.clause)))


def _order(clause: str) -> tuple[list[int], str]:
    """9.1 before 10."""
    return [int(number) for number in _NUMBERS.findall(clause)], clause


def _clause(responses: Responses, clause: str, slots: list[SlotItems]) -> ClauseItems:
    places = [one.number - 1 for one in slots]
    table = responses.points[:, places]
    scored = table != MISSING
    most = np.array([int(one.slot.points * 100) for one in slots], dtype=np.int64)
    answers, possible = int(scored.sum()), int((scored * most).sum())
    lost = None
    if int(scored.any(axis=1).sum()) >= FEWEST:
        lost = rounded(1 - float(table[scored].sum()) / possible)
    wrong = [
        WrongChoice(one.number, variant.question.prompt, taken)
        for one in slots
        for variant in one.variants
        for taken in variant.taken
        if not taken.right and taken.count
    ]
    wrong.sort(key=lambda one: (-one.taken.share, one.number, one.taken.part, one.taken.text))
    return ClauseItems(clause, tuple(one.number for one in slots), answers, lost, tuple(wrong[:MOST_WRONG]))
