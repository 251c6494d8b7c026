"""Why a criterion got its verdict: the codes behind the sentences of advice, and the codes of the notes."""

from __future__ import annotations

REASONS: dict[str, frozenset[str]] = {
    "specific": frozenset(
        ["result", "empty", "vague", "activity", "no_object", "elsewhere", "grade", "no_result"]
    ),
    "measurable": frozenset(
        ["figure", "checkable", "none", "no_unit", "elsewhere", "blank", "vague", "activity"]
    ),
    "achievable": frozenset(
        ["possible", "over_hundred", "past", "wrong_way", "impossible_ratio", "no_baseline", "no_target"]
    ),
    "relevant": frozenset(["system", "empty", "outside", "other_work", "none", "unclear"]),
    "time_bound": frozenset(
        [
            "limit",
            "none",
            "vague",
            "no_end",
            "start",
            "no_year",
            "no_start",
            "event",
            "elsewhere",
            "impossible",
            "blank",
            "baseline",
        ]
    ),
}
NOTES = frozenset(
    [
        "activity",
        "two_objectives",
        "no_year",
        "impossible_date",
        "impossible_figure",
        "long",
        "no_marks",
        "relative_time",
        "direction",
        "unreadable",
    ]
)
