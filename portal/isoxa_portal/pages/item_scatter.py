"""Where each question lies between too hard and too easy, and how well it tells officers apart: a drawn field.

Only places leave this module; the template draws them. Across they are per cent of the picture's width, so that text
keeps its size on a phone; down they are pixels. Numbers beside the marks give way to each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Dot", "Scatter", "Tick", "scatter"]

_LEFT, _RIGHT = 11.0, 97.0
_TOP, _BOTTOM = 34, 344
_HEIGHT = 392
_NARROW = 3.0  # px a per cent, on a phone: numbers that keep clear there keep clear everywhere
_LETTER, _LINE = 9, 15
# Beside the mark, over or under it, else away from it: shift across and down, and where the text is held.
_SIDES = (
    *((11, 5, "start"), (-11, 5, "end"), (0, -11, "middle"), (0, 22, "middle")),
    *(
        (dx * far, 5 + dy * far, "middle")
        for far in (26, 40, 54)
        for dx, dy in ((1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1), (-1, 0), (1, 0))
    ),
)


@dataclass(frozen=True)
class Dot:
    """A question; ``x`` in per cent, ``y`` in pixels, the number's shift in pixels, held at its ``anchor``."""

    number: int
    flagged: bool
    x: float
    y: float
    dx: int
    dy: int
    anchor: str

    @property
    def away(self) -> bool:
        """Whether a line must lead from the mark to its number."""
        return abs(self.dx) > 20 or abs(self.dy) > 25


@dataclass(frozen=True)
class Tick:
    """A line of the grid: ``at`` in per cent (across) or pixels (down)."""

    value: Decimal
    at: float


@dataclass(frozen=True)
class Scatter:
    """The field from ``left`` to ``right`` (per cent), ``top`` to ``bottom`` (px), and its zones to look at again."""

    dots: list[Dot]
    across: list[Tick]
    down: list[Tick]
    hard_to: float
    easy_from: float
    weak_from: float
    left: float = _LEFT
    right: float = _RIGHT
    top: int = _TOP
    bottom: int = _BOTTOM
    height: int = _HEIGHT


def scatter(
    questions: Sequence[tuple[int, Decimal, Decimal, bool]], hard: Decimal, easy: Decimal, weak: Decimal
) -> Scatter | None:
    """``questions``: (number, facility 0 to 1, discrimination -1 to 1, flagged). None where there is none to draw."""
    if not questions:
        return None
    least = min(one[2] for one in questions)
    lowest = min(Decimal("-0.2"), Decimal(int(least * 5) - 1) / 5 if least < 0 else Decimal(0))
    lowest = max(lowest, Decimal(-1))

    def across(value: Decimal) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * float(value), 2)

    def down(value: Decimal) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * float((value - lowest) / (1 - lowest)), 1)

    dots: list[Dot] = []
    placed = [(across(facility), down(r)) for _n, facility, r, _f in questions]
    taken = [_box(x * _NARROW, y, 14, 14) for x, y in placed]
    for (number, _facility, _r, flagged), (x, y) in zip(questions, placed, strict=True):
        width = _LETTER * len(str(number))
        free = [side for side in _SIDES if not _hits(_label(x, y, side, width), taken)]
        dx, dy, anchor = free[0] if free else _SIDES[0]
        taken.append(_label(x, y, (dx, dy, anchor), width))
        dots.append(Dot(number, flagged, x, y, dx, dy, anchor))
    steps = (Decimal(step) / 5 for step in range(int(lowest * 5), 6))
    return Scatter(
        dots,
        [
            Tick(value, across(value))
            for value in (Decimal(0), hard, Decimal("0.5"), Decimal("0.7"), easy, Decimal(1))
        ],
        [Tick(value, down(value)) for value in steps],
        across(hard),
        across(easy),
        down(weak),
    )


_Box = tuple[float, float, float, float]


def _box(x: float, y: float, width: float, height: float) -> _Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _label(x: float, y: float, side: tuple[int, int, str], width: int) -> _Box:
    dx, dy, anchor = side
    shift = {"start": width / 2, "end": -width / 2, "middle": 0}[anchor]
    return _box(x * _NARROW + dx + shift, y + dy - 5, width, _LINE)


def _hits(box: _Box, others: Sequence[_Box]) -> bool:
    # Its own mark never lies under any of the sides; nor may a number leave the field.
    inside = box[0] > _LEFT * _NARROW and box[2] < 100 * _NARROW and box[1] > _TOP and box[3] < _BOTTOM
    return not inside or any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )
