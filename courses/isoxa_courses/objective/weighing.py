"""Rules and weights together: the verdicts of the rules, and where the table of weights speaks louder, its own.

Rules know what a figure, a date or a reference is; what a sentence as a whole is (a result, a slogan, an activity, a
level told elsewhere) often hangs on words that no list has. So *specific*, *measurable*, *relevant* and two of the
notes are decided by both: the table weighs the features of the sentence, the verdict of the rules is one voice more.
*Specific*, *measurable* and the note on activities are decided as one, so that they never contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from .content import objects, served
from .criteria import is_empty
from .elsewhere import title_or_grade
from .features import features
from .judgment import Judgment
from .reading import Reading
from .review import Verdict
from .unknown import unknown_work
from .weights import KINDS, RELEVANT, Weights
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
    scores = weights.scores(features(reading))
    codes = {code for code, _ in ruled.notes}
    voice = weights.rules
    mine = (ruled.specific.verdict, ruled.measurable.verdict, "activity" in codes)
    kinds = [
        scores[at] + voice[at] / 100 * sum(one == other for one, other in zip(kind, mine, strict=True))
        for at, kind in enumerate(KINDS)
    ]
    specific, measurable, activity = KINDS[max(range(len(KINDS)), key=kinds.__getitem__)]
    first = len(KINDS)
    relevances = [
        scores[first + at] + voice[first + at] / 100 * (verdict == ruled.relevant.verdict)
        for at, verdict in enumerate(RELEVANT)
    ]
    relevant = RELEVANT[max(range(len(RELEVANT)), key=relevances.__getitem__)]
    two = scores[-1] + voice[-1] / 100 * (1 if "two_objectives" in codes else -1) > 0
    return Judgments(
        ruled.specific if specific == ruled.specific.verdict else _specific(reading, specific, activity),
        ruled.measurable if measurable == ruled.measurable.verdict else _measurable(reading, measurable),
        ruled.relevant if relevant == ruled.relevant.verdict else _relevant(reading, relevant),
        _notes(reading, ruled.notes, activity=activity, two=two),
    )


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
