"""The item analysis of one quiz: responses in, figures with flags out.

Below ``FEWEST`` answers there are no figures, only how many answers there are: with so few, chance decides.

Totals (alpha, deviation, discrimination) need attempts that have all their points. A slot that most attempts still
wait to have graded would leave none, so such a slot is left out of the totals (``in_total`` False) and the totals are
of the others; of the attempts, those count that have points for every slot left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from statistics import fmean, median

import numpy as np
from isoxa_courses.models import Slot
from isoxa_courses.questions import Question

from .equal import holm, kruskal_wallis
from .figures import (
    Table,
    cronbach_alpha,
    facility,
    item_rest_correlations,
    rounded,
    standard_deviation,
    standard_error,
    upper_lower_differences,
)
from .responses import MISSING, Responses, Which
from .taken import Taken, taken_of

FEWEST = 10
"""Answers for a figure. Our choice: far fewer than books ask for (100 for a stable discrimination index), enough not
to mislead outright; the number of answers always stands beside the figure."""
HARD, EASY = Decimal("0.3"), Decimal("0.9")
"""Facility below and above which a slot tells little about who learned: Ebel and Frisbie 1991 on item difficulty; the
bounds commonly drawn from it."""
WEAK = Decimal("0.2")
"""Discrimination below which a slot is poor, "to be rejected or improved by revision" (Ebel and Frisbie 1991)."""
UNRELIABLE = Decimal("0.64")
"""Alpha below which a quiz as a whole is unsatisfactory (Moodle, "Quiz report statistics": 64 %)."""
UNEQUAL_P, UNEQUAL_BY = 0.05, Decimal("0.1")
"""Variants differ in difficulty when the test says so (p adjusted for the number of slots) and by enough to matter:
with thousands of officers a hundredth would be "significant". The tenth is our choice."""


class Flag(StrEnum):
    """Why a slot, or a quiz, should be looked at again."""

    TOO_HARD = "too_hard"
    TOO_EASY = "too_easy"
    AGAINST = "against"
    """Discrimination below 0: those who did well elsewhere did worse here. Often the key is wrong."""
    WEAK = "weak"
    UNEQUAL_VARIANTS = "unequal_variants"
    UNRELIABLE = "unreliable"


@dataclass(frozen=True)
class VariantItems:
    """One variant of a slot; figures and ``taken`` only from ``FEWEST`` answers on."""

    question: Question
    asked: int
    scored: int
    facility: Decimal | None
    empty: int
    taken: list[Taken]


@dataclass(frozen=True)
class SlotItems:
    """One slot. ``scored``: attempts with points for it; None in a figure: too few answers, or it cannot be told.

    ``discrimination`` is the corrected item-total correlation, ``upper_lower`` Ebel's D; ``mean_seconds`` and
    ``median_seconds`` are of ``timed`` attempts; ``equal_p`` is the adjusted p of the variants being equally hard.
    """

    slot: Slot
    number: int
    scored: int
    waiting: int
    facility: Decimal | None
    discrimination: Decimal | None
    upper_lower: Decimal | None
    in_total: bool
    timed: int
    mean_seconds: int | None
    median_seconds: int | None
    variants: list[VariantItems]
    equal_p: Decimal | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class QuizItems:
    """One version of a quiz. ``in_totals``: attempts that the totals are of; points are of the slots in the totals."""

    course: str
    edition: str
    which: Which
    quiz: str
    version: int
    title: str
    lesson: str
    officers: int
    attempts: int
    in_totals: int
    max_points: Decimal
    mean_points: Decimal | None
    deviation: Decimal | None
    alpha: Decimal | None
    standard_error: Decimal | None
    slots: list[SlotItems]
    flags: tuple[Flag, ...] = field(default=())

    @property
    def too_early(self) -> bool:
        """Whether there are too few attempts for any figure."""
        return self.attempts < FEWEST

    @property
    def flagged(self) -> list[SlotItems]:
        """Slots to look at again."""
        return [slot for slot in self.slots if slot.flags]


def analyse(responses: Responses) -> QuizItems:
    """All figures of one quiz."""
    quiz, table = responses.quiz, responses.points
    slots = list(quiz.slots)
    max_points = np.array([int(slot.points * 100) for slot in slots], dtype=np.int64)
    scored = table != MISSING
    in_total = 2 * scored.sum(axis=0) >= max(1, table.shape[0])
    complete = table[scored[:, in_total].all(axis=1)][:, in_total]
    enough = complete.shape[0] >= FEWEST
    alpha = cronbach_alpha(complete) if enough else None
    deviation = standard_deviation(complete) if enough else None
    discrimination = _in_place(in_total, item_rest_correlations(complete) if enough else [])
    differences = _in_place(
        in_total, upper_lower_differences(complete, max_points[in_total]) if enough else []
    )
    ps = _equal_ps(responses, max_points)
    made = [
        _slot(responses, place, max_points, discrimination[place], differences[place], ps.get(place))
        for place in range(len(slots))
    ]
    figure = rounded(alpha)
    return QuizItems(
        course=responses.course,
        edition=responses.edition,
        which=responses.which,
        quiz=quiz.id,
        version=quiz.version,
        title=quiz.title,
        lesson=quiz.lesson,
        officers=responses.officers,
        attempts=table.shape[0],
        in_totals=complete.shape[0],
        max_points=Decimal(int(max_points[in_total].sum())) / 100,
        mean_points=rounded(float(complete.sum(axis=1).mean()) / 100) if enough else None,
        deviation=rounded(deviation),
        alpha=figure,
        standard_error=rounded(standard_error(deviation, alpha)),
        slots=made,
        flags=(Flag.UNRELIABLE,) if figure is not None and figure < UNRELIABLE else (),
    )


def _in_place(kept: np.ndarray, figures: list[float | None]) -> list[float | None]:
    """Figures of the slots kept, among all slots."""
    found = iter(figures)
    return [next(found, None) if one else None for one in kept]


def _slot(
    responses: Responses,
    place: int,
    max_points: Table,
    discrimination: float | None,
    difference: float | None,
    equal_p: float | None,
) -> SlotItems:
    slot = responses.quiz.slots[place]
    column = responses.points[:, place]
    points = column[column != MISSING]
    enough = len(points) >= FEWEST
    share = rounded(facility(points, int(max_points[place]))) if enough else None
    times = responses.seconds.get(slot.id, [])
    timed = len(times) >= FEWEST
    variants = [
        _variant(responses, place, number, int(max_points[place])) for number in range(len(slot.variants))
    ]
    r = rounded(discrimination)
    return SlotItems(
        slot=slot,
        number=place + 1,
        scored=len(points),
        waiting=len(column) - len(points),
        facility=share,
        discrimination=r,
        upper_lower=rounded(difference),
        in_total=2 * len(points) >= len(column),
        timed=len(times),
        mean_seconds=int(fmean(times) + 0.5) if timed else None,
        median_seconds=int(median(times) + 0.5) if timed else None,
        variants=variants,
        equal_p=rounded(equal_p, 3),
        flags=_flags(share, r, equal_p, [one.facility for one in variants]),
    )


def _variant(responses: Responses, place: int, number: int, max_points: int) -> VariantItems:
    slot = responses.quiz.slots[place]
    question = slot.variants[number]
    got = np.array([row[place] == question.id for row in responses.variants], dtype=bool)
    column = responses.points[:, place][got]
    points = column[column != MISSING]
    answers: Mapping[str, int] = responses.answers.get((slot.id, question.id), {})
    asked = sum(answers.values())
    taken, empty = taken_of(question, answers) if asked >= FEWEST else ([], 0)
    share = rounded(facility(points, max_points)) if len(points) >= FEWEST else None
    return VariantItems(question, asked, len(points), share, empty, taken)


def _equal_ps(responses: Responses, max_points: Table) -> dict[int, float]:
    """Place of a slot → adjusted p, for slots with two variants or more that each have enough points."""
    found: dict[int, float] = {}
    for place, slot in enumerate(responses.quiz.slots):
        column = responses.points[:, place]
        got = np.array([row[place] for row in responses.variants], dtype=object)
        groups = [
            np.sort(column[(got == variant.id) & (column != MISSING)]) / max_points[place]
            for variant in slot.variants
        ]
        groups = [group for group in groups if len(group) >= FEWEST]
        if len(groups) >= 2:
            found[place] = kruskal_wallis(groups)[1]
    return dict(zip(found, holm(list(found.values())), strict=True))


def _flags(
    share: Decimal | None, r: Decimal | None, equal_p: float | None, shares: list[Decimal | None]
) -> tuple[Flag, ...]:
    known = [one for one in shares if one is not None]
    unequal = equal_p is not None and equal_p < UNEQUAL_P and max(known) - min(known) >= UNEQUAL_BY
    raised: Mapping[Flag, bool] = {
        Flag.TOO_HARD: share is not None and share < HARD,
        Flag.TOO_EASY: share is not None and share > EASY,
        Flag.AGAINST: r is not None and r < 0,
        Flag.WEAK: r is not None and 0 <= r < WEAK,
        Flag.UNEQUAL_VARIANTS: unequal,
    }
    return tuple(flag for flag, on in raised.items() if on)
