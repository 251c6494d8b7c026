"""A bar chart that says its finding in the title and its figures beside the bars.

Only numbers leave this module; the template draws them as SVG. Widths are shares of the picture's own width, so the
text keeps its size on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bar", "Chart", "Measure", "bar_chart"]

_LABEL = 20  # px from a bar's top line to the foot of its label
_THICKNESS = 18
_STEP = 56


@dataclass(frozen=True)
class Measure:
    """What a bar shows: ``kind`` names its look (ix-mark-KIND), ``value`` of the chart's whole."""

    label: str
    kind: str
    value: int
    value_text: str


@dataclass(frozen=True)
class Bar:
    """A bar placed: pixels down, ``share`` 0–1 and ``width`` in per cent of the picture."""

    label: str
    kind: str
    value_text: str
    share: float
    width: float
    label_y: int
    y: int
    thickness: int


@dataclass(frozen=True)
class Chart:
    """``height`` in pixels; the width is the page's."""

    title: str
    bars: list[Bar]
    height: int


def bar_chart(title: str, measures: list[Measure], whole: int) -> Chart | None:
    """Bars one below the other, each a share of ``whole``; None where there is nothing to show.

    A value above nothing is never drawn thinner than half a per cent: it must be seen.
    """
    if whole <= 0 or not measures:
        return None
    bars = []
    for row, measure in enumerate(measures):
        share = min(max(measure.value / whole, 0.0), 1.0)
        top = row * _STEP
        bars.append(
            Bar(
                label=measure.label,
                kind=measure.kind,
                value_text=measure.value_text,
                share=share,
                width=round(max(share * 100, 0.5 if share else 0), 2),
                label_y=top + _LABEL - 4,
                y=top + _LABEL + 4,
                thickness=_THICKNESS,
            )
        )
    return Chart(title, bars, height=_STEP * (len(bars) - 1) + _LABEL + 4 + _THICKNESS + 2)
