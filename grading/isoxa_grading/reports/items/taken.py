"""What was answered: how often each choice was taken, and which parts went wrong most often. Pure.

Choices are listed all, in the order of the bank: one that nobody takes tells as much as one that many take. Of other
types the wrong parts are listed, the most frequent first: an item in the wrong box, a figure that was typed.
This tells the key: only for trainers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from isoxa_courses.questions import TYPES, Question
from isoxa_courses.questions.classification import Classification
from isoxa_courses.questions.matching import Matching
from isoxa_courses.questions.matrix_score import MatrixScore
from isoxa_courses.questions.multiple_choice import MultipleChoice
from isoxa_courses.questions.numeric import Numeric
from isoxa_courses.questions.ordering import Ordering
from isoxa_courses.questions.short_text import ShortText, compared
from isoxa_courses.questions.single_choice import SingleChoice
from isoxa_courses.questions.table_fill import TableFill

from .figures import rounded

MOST_WRONG_PARTS = 8
SELDOM = Decimal("0.05")
"""A wrong choice taken by fewer than 5 % distracts nobody (T. M. Haladyna and S. M. Downing, "How many options is
enough for a multiple-choice test item?", *Educ. Psychol. Meas.* 53 (1993) 999-1010)."""


@dataclass(frozen=True)
class Taken:
    """``text`` was answered, for ``part`` of the question ("" where it has no parts), ``count`` times.

    ``share`` is of all officers who were asked this variant, those who left it empty too.
    """

    part: str
    text: str
    right: bool
    count: int
    share: Decimal


def taken_of(question: Question, answers: Mapping[str, int]) -> tuple[list[Taken], int]:
    """What was taken, and how many gave no answer. ``answers``: canonical answer as JSON text → how often."""
    asked = sum(answers.values())
    given = [(json.loads(text), count) for text, count in answers.items()]
    empty = sum(count for answer, count in given if answer is None)
    given = [(answer, count) for answer, count in given if answer is not None]
    found: Counter[tuple[str, str]] = Counter()
    if isinstance(question, SingleChoice | MultipleChoice):
        for answer, count in given:
            for id_ in answer if isinstance(answer, list) else [answer]:
                found["", id_] += count
        return [
            _taken("", choice.text, choice.correct, found["", choice.id], asked)
            for choice in question.choices
        ], empty
    if isinstance(question, ShortText):
        given = _one_spelling(given)
    for answer, count in given:
        for part in _wrong_parts(question, answer):
            found[part] += count
    # By count, then by words: never by the order in which officers came.
    common = sorted(found.items(), key=lambda one: (-one[1], one[0]))[:MOST_WRONG_PARTS]
    return [_taken(part, text, False, count, asked) for (part, text), count in common], empty


def _one_spelling(given: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Spellings that count as one answer together, under the most frequent of them."""
    same: dict[str, list[tuple[int, str]]] = {}
    for answer, count in given:
        same.setdefault(compared(answer), []).append((-count, answer))
    return [(min(spellings)[1], -sum(count for count, _text in spellings)) for spellings in same.values()]


def _taken(part: str, text: str, right: bool, count: int, asked: int) -> Taken:
    return Taken(part, text, right, count, rounded(count / asked if asked else 0.0, 4) or Decimal(0))


def _wrong_parts(question: Question, answer: Any) -> Iterator[tuple[str, str]]:
    """(part of the question, what was answered for it) for each part that is wrong; none where a trainer judges."""
    if isinstance(question, Ordering):
        places = {id_: place for place, id_ in enumerate(answer, 1)}
        for right, item in enumerate(question.items, 1):
            if places.get(item.id, right) != right:
                yield item.text, f"xếp thứ {places[item.id]}, đúng là thứ {right}"
    elif isinstance(question, Matching):
        for pair in question.pairs:
            chosen = answer.get(pair.id)
            if chosen in question.rights and chosen != pair.id:
                yield pair.left, question.rights[chosen]
    elif isinstance(question, Classification):
        boxes = {box.id: box.text for box in question.boxes}
        for placed in question.items:
            chosen = answer.get(placed.id)
            if chosen in boxes and chosen != placed.box:
                yield placed.text, boxes[chosen]
    elif isinstance(question, MatrixScore):
        for risk in question.items:
            likelihood, severity = answer.get(risk.id) or (None, None)
            levels = ((likelihood, risk.likelihood), (severity, risk.severity))
            # A level that was not chosen is left out, as an empty cell is.
            if any(mine is not None and abs(mine - right) > risk.tolerance for mine, right in levels):
                yield risk.text, question.in_words(likelihood, severity)
    elif isinstance(question, TableFill):
        for cell in question.cells:
            chosen = answer.get(cell.name)
            if chosen in question.bank_texts and chosen != cell.answer:
                yield question.cell_title(cell.name), question.bank_texts[chosen]
    elif isinstance(question, Numeric):
        value = Decimal(answer)
        if abs(value - question.answer) > question.tolerance:
            yield "", question.in_words(value)
    elif isinstance(question, ShortText) and not TYPES[question.type].is_right(question, answer):
        yield "", answer
