"""Rules and weights together: the verdicts of the rules, and where the table of weights speaks louder, its own.

Rules know what a figure, a date or a reference is; what a sentence as a whole is (a result, a slogan, an activity, a
level told elsewhere) often hangs on words that no list has. So *specific*, *measurable*, *relevant* and two of the
notes are decided by both: the table weighs the features of the sentence, and each verdict of the rules, with its
reason, is one voice more, as loud as it has been right.
*Specific*, *measurable* and the note on activities are decided as one, so that they never contradict each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .content import objects, served
from .criteria import is_empty
from .elsewhere import title_or_grade
from .features import features
from .judgment import Judgment
from .reading import Reading
from .referred import referred_object
from .review import Verdict
from .unknown import unknown_work
from .weights import KINDS, RELEVANT, VOICE, Weights
from .words import Found

Noted = list[tuple[str, str]]
_SHOWN = 3


@dataclass(frozen=True)
class Judgments:
    """What the rules say of the criteria that are weighed, and the notes."""

    specific: Judgment
    measurable: Judgment
    relevant: Judgment
    notes: Noted


def weigh(reading: Reading, ruled: Judgments, weights: Weights) -> Judgments:
    """The judgments after weighing. Reasons and words stay those of the rules wherever the verdict does."""
    if is_empty(reading):
        return ruled
    scores = weights.scores(features(reading), said(reading, ruled))
    first = len(KINDS)
    # What it is about is told elsewhere: of such sentences hardly any is specific, whatever else they look like.
    elsewhere = referred_object(reading) is not None
    kinds = [
        -math.inf if elsewhere and kind[0] == "met" else score
        for kind, score in zip(KINDS, scores, strict=False)
    ]
    specific, measurable, activity = KINDS[_highest(kinds)]
    relevant = RELEVANT[_highest(scores[first:-1])]
    two = scores[-1] > 0
    return Judgments(
        ruled.specific if specific == ruled.specific.verdict else _specific(reading, specific, activity),
        ruled.measurable if measurable == ruled.measurable.verdict else _measurable(reading, measurable),
        ruled.relevant if relevant == ruled.relevant.verdict else _relevant(reading, relevant),
        _notes(reading, ruled.notes, activity=activity, two=two),
    )


def said(reading: Reading, ruled: Judgments) -> tuple[str, ...]:
    """What the rules say, by the names that the table has for it: verdicts, notes, the kinds of figure aimed at."""
    codes = {code for code, _ in ruled.notes}
    judgments = {"specific": ruled.specific, "measurable": ruled.measurable, "relevant": ruled.relevant}
    changes = reading.roles.changes
    figures = sorted({f"{'change' if one in changes else 'target'} {one.kind}" for one in reading.targets})
    return (
        VOICE,
        *(f"{VOICE} {name} {one.verdict} {one.reason}" for name, one in judgments.items()),
        *(f"{VOICE} {'' if code in codes else 'no '}{code}" for code in ("activity", "two_objectives")),
        *(f"{VOICE} figure {figure}" for figure in figures),
        *((f"{VOICE} specific referred",) if referred_object(reading) is not None else ()),
    )


def _highest(scores: list[float]) -> int:
    return max(range(len(scores)), key=scores.__getitem__)


def _notes(reading: Reading, ruled: Noted, *, activity: bool, two: bool) -> Noted:
    """The notes of the rules without these two, and these two in front where they belong."""
    told = dict(ruled)
    ahead: Noted = [("activity", told.get("activity") or _doing(reading))] if activity else []
    ahead += [("two_objectives", "")] if two else []
    return [*ahead, *(one for one in ruled if one[0] not in {"activity", "two_objectives"})]


def _specific(reading: Reading, verdict: Verdict, activity: bool) -> Judgment:
    shown = tuple(map(reading.quote, objects(reading)[:1]))
    if verdict == "met":
        return Judgment(verdict, "result", shown)
    if verdict == "not_met" and activity:
        return Judgment(verdict, "activity", (_doing(reading),))
    if verdict == "not_met":
        vague = reading.first("vague")
        return Judgment(
            verdict, "vague" if vague else "no_result", (reading.quote(vague),) if vague else shown
        )
    pointer = _elsewhere(reading)
    if pointer is not None:
        return Judgment(verdict, "elsewhere", (reading.quote(pointer),))
    figure = next(iter(reading.targets), None)
    return Judgment(
        verdict, "no_result" if shown else "no_object", (reading.quote(figure),) if figure else shown
    )


def _measurable(reading: Reading, verdict: Verdict) -> Judgment:
    figure = next((one for one in reading.targets if one.kind != "blank"), None)
    if verdict == "met":
        if figure is not None:
            return Judgment(verdict, "figure", (reading.quote(figure),))
        return Judgment(
            verdict, "checkable", (reading.quote(title_or_grade(reading) or reading.first("done")),)
        )
    if verdict == "not_met":
        return Judgment(verdict, "none")
    blank = next((one for one in reading.targets if one.kind == "blank"), None)
    if blank is not None:
        return Judgment(verdict, "blank", (reading.quote(blank),))
    pointer = _elsewhere(reading)
    if pointer is not None or figure is None:
        words = reading.quote(pointer) if pointer is not None else _opening(reading)
        return Judgment(verdict, "elsewhere", (words,))
    return Judgment(verdict, "no_unit", (reading.quote(figure),))


def _relevant(reading: Reading, verdict: Verdict) -> Judgment:
    if verdict == "met":
        return Judgment(verdict, "system", tuple(map(reading.quote, served(reading)))[:_SHOWN])
    if verdict == "cannot_tell":
        return Judgment(verdict, "none")
    outside = reading.first("outside")
    if outside is not None:
        return Judgment(verdict, "outside", (reading.quote(outside),))
    return Judgment(verdict, "other_work", (unknown_work(reading) or _opening(reading),))


def _elsewhere(reading: Reading) -> Found | None:
    """What points to another place."""
    return reading.first("elsewhere", "levels", "pointing", "grades") or reading.first("things")


def _doing(reading: Reading) -> str:
    """The words of the activity; without one in the lists, how the sentence begins."""
    return reading.quote(reading.first("activity")) or _opening(reading)


def _opening(reading: Reading) -> str:
    text = reading.text
    begin = next((at for at, token in enumerate(text.tokens) if token.kind == "word"), 0)
    last = begin
    while last < begin + _SHOWN and text.kind(last) == "word":
        last += 1
    return text.quote(begin, last)
