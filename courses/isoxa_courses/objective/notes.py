"""What else a reader of an objective would say: two objectives in one sentence, a time without a year, …"""

from __future__ import annotations

from .criteria import counts_activities, is_activity, result_figures
from .reading import Reading

_PARTS = frozenset({";", ".", "\n", ","})


def noted(reading: Reading) -> list[tuple[str, str]]:
    """Codes (see ``rules.NOTES``) and the words they are about, in the order of importance."""
    notes: list[tuple[str, str]] = []
    text = reading.text
    if not any(token.kind == "word" for token in text.tokens):
        notes.append(("unreadable", ""))
    activity = is_activity(reading)
    if activity is not None:
        notes.append(("activity", reading.quote(activity)))
    if has_two_objectives(reading):
        notes.append(("two_objectives", ""))
    for time in reading.times:
        if time.kind == "impossible":
            notes.append(("impossible_date", reading.quote(time)))
        elif time.kind == "yearless":
            notes.append(("no_year", reading.quote(time)))
        elif time.kind == "duration" or (time.limits and not _names_a_year(reading.quote(time))):
            notes.append(("relative_time", reading.quote(time)))
    if text.cut:
        notes.append(("long", ""))
    words = sum(token.kind == "word" for token in text.tokens)
    if words >= 4 and not text.marked:
        notes.append(("no_marks", ""))
    return list(dict.fromkeys(notes))


def _names_a_year(words: str) -> bool:
    return sum(char.isdigit() for char in words) >= 4 or words.count("/") == 2


def has_two_objectives(reading: Reading) -> bool:
    """Two parts of the sentence with a figure (or a verb of change) and a measure each, and not the same measure."""
    text = reading.text
    measures: list[str] = []
    start = 0
    for at in range(len(text.tokens) + 1):
        ends = (
            at == len(text.tokens)
            or text.bare(at) in _PARTS
            or text.says(at, "và")
            or text.sequence(at, "đồng", "thời")
        )
        if not ends:
            continue
        inner = [mark for mark in reading.of("more", "less") if start <= mark.first < at]
        figure = any(
            start <= quantity.first < at and not counts_activities(reading, quantity)
            for quantity in result_figures(reading)
        )
        turning = any(text.says(step, "tăng", "giảm", "nâng", "rút", "hạ") for step in range(start, at))
        if inner and (figure or turning):
            measures.append(inner[-1].phrase)
        start = at
    return len(set(measures)) > 1
