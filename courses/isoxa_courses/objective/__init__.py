"""A small reader of quality objectives: is a sentence specific, measurable, achievable, relevant and time-bound?

``text → words → phrases, times, figures → one reading → judgments of the rules → weighed``. The word lists and the
sentences of advice are content (``rules.yaml``), and so are the tables (``weights.tsv``, ``pairs.tsv``); the grammar of
numbers and dates is code. Nothing is guessed: what the words do not tell
is ``"cannot_tell"``.

``words``, ``numbers``, ``clauses``
    the sentence in syllables, the phrases of the lists in it, numbers, parts
``references``, ``times`` (``time_value``, ``time_days``, ``time_forms``, ``time_relative``),
``quantities`` (``quantity``, ``figure_forms``, ``figure_ranks``, ``ratios``, ``wholes``, ``noughts``)
    names with numbers, times and figures, and where they stand
``roles`` (``baselines``, ``others``, ``told_apart``, ``untold``, ``frequencies``), ``pairing``, ``reading``, ``dating``
    what the figures are for: baseline, target, change; pairs that no rule knows, weighed by ``pairs.tsv``; all of it
    in one; which times are no deadline
``pointers``, ``elsewhere`` (``referred``), ``levels``, ``unknown``, ``content``, ``activities``, ``results``,
``changes``, ``endings``
    what is only pointed at, what no list knows, what the sentence is about and what it states
``criteria``, ``timeliness`` (``occasions``, ``schedules``, ``open_days``), ``achievable`` (``directions``,
``leanings``, ``predicates``, ``gains``, ``spans``, ``parts_of_all``),
``notes`` (``joined``)
    the judgments of the rules
``features``, ``weights``, ``weighing``
    what a sentence as a whole looks like, learned from the open sentences (``weights.tsv``); one decision of both
``rules``, ``reasons``, ``review``
    the content file; the codes; the result
"""

from __future__ import annotations

from datetime import date, datetime

from ..text import VIETNAM
from .achievable import judge_achievable
from .criteria import (
    judge_measurable,
    judge_relevant,
    judge_specific,
)
from .judgment import Judgment
from .notes import noted
from .reading import Reading, read_objective
from .review import CRITERIA, CriterionReview, Note, ObjectiveReview, Verdict
from .rules import RULES_FILE, Rules, load_rules, shipped_rules
from .timeliness import judge_time_bound
from .weighing import Judgments, weigh
from .weights import WEIGHTS_FILE, Weights, load_weights, shipped_weights

__all__ = [
    "CRITERIA",
    "RULES_FILE",
    "WEIGHTS_FILE",
    "CriterionReview",
    "Note",
    "ObjectiveReview",
    "Rules",
    "Verdict",
    "Weights",
    "judged_by_rules",
    "load_rules",
    "load_weights",
    "review_objective",
]


def review_objective(text: str, *, today: date | None = None, rules: Rules | None = None) -> ObjectiveReview:
    """Review one objective. Never raises for a ``str``; ``today`` is the day in Vietnam unless it is given.

    ``words`` of each criterion are substrings of ``text`` in NFC. At most 20,000 characters and 300 words and signs
    are read.
    """
    rules = rules or shipped_rules()
    reading = read_objective(text, today or datetime.now(VIETNAM).date(), rules)

    def told(criterion: str, judgment: Judgment) -> CriterionReview:
        words = tuple(dict.fromkeys(word for word in judgment.words if word))
        advice = rules.advice(criterion, judgment.reason, ", ".join(words))
        return CriterionReview(judgment.verdict, words, advice, judgment.reason)

    judged = weigh(reading, judged_by_rules(reading), shipped_weights())
    return ObjectiveReview(
        told("specific", judged.specific),
        told("measurable", judged.measurable),
        told("achievable", judge_achievable(reading)),
        told("relevant", judged.relevant),
        told("time_bound", judge_time_bound(reading)),
        tuple(Note(code, rules.note(code, words)) for code, words in judged.notes),
    )


def judged_by_rules(reading: Reading) -> Judgments:
    """What the rules alone say of the criteria that are weighed, and the notes."""
    return Judgments(
        judge_specific(reading), judge_measurable(reading), judge_relevant(reading), noted(reading)
    )
