"""What every question type promises, and the data that passes between its steps.

An answer follows one path, each step a pure function::

    draw   question, rng        -> layout       which order this attempt shows
    show   question, layout     -> public form  nothing from which the key can be told
    parse  raw JSON from outside -> answer      or AnswerError, which costs no attempt
    score  answer, key          -> points       half up to 0.01, once
    explain                     -> what was right, and why

Answers are stored in canonical form, with the ids of the bank. A learner's browser sees opaque ids instead, made for
each attempt and slot: ``opaque`` and ``reveal`` translate. They work on *names* (see :meth:`QuestionType.names`):
a pair of a matching question has two names, so that its two sides get unrelated ids.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Any, Generic, TypeVar

from ..errors import AnswerError
from ..fields import ContentModel, Id, Line, Paragraphs
from ..text import round_points

Opaque = Callable[[str], str]
Reveal = Callable[[str], "str | None"]
Layout = dict[str, list[str]]
"""What was drawn for one slot, in bank ids: list name → ids in the order shown. JSON; never leaves the server."""
Answer = Any
"""A canonical answer (JSON, the bank's ids), or None: not answered."""

NOT_ANSWERED = "(chưa trả lời)"
NOT_UNDERSTOOD = (
    "Hệ thống không đọc được câu trả lời vừa gửi. Câu trả lời đã lưu trước đó vẫn còn; "
    "anh/chị hãy tải lại trang rồi trả lời lại."
)


class Question(ContentModel):
    """One variant of a slot, or one checkpoint of a lesson. ``prompt`` is plain text; a blank line parts paragraphs."""

    id: Id
    type: str
    prompt: Paragraphs
    explanation: Paragraphs


class Part(ContentModel):
    """A choice, item or box: an id and the text people see."""

    id: Id
    text: Line


@dataclass(frozen=True)
class Score:
    """Points of one slot; ``points`` is None while a trainer has yet to judge."""

    points: Decimal | None
    max_points: Decimal


@dataclass(frozen=True)
class Note:
    """About one part: ``part`` is its opaque id, ``right`` whether what the learner did with it was right."""

    part: str
    right: bool
    text: str


@dataclass(frozen=True)
class Explanation:
    """Shown when the attempt's answers may be told. ``right`` is None where a trainer judges."""

    right: bool | None
    correct_text: str
    why: str
    notes: tuple[Note, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """``{"right", "correct_text", "why", "notes": [{"part", "right", "text"}]}``."""
        return {**asdict(self), "notes": [asdict(note) for note in self.notes]}


Q = TypeVar("Q", bound=Question)


class QuestionType(ABC, Generic[Q]):
    """One kind of question. A new kind is a module of this package that ends in ``TYPE = NewKind()``."""

    name: str
    model: type[Q]
    judged_by_trainer: bool = False

    def names(self, question: Q) -> Sequence[str]:
        """Everything of the question that gets an opaque id."""
        return ()

    def draw(self, question: Q, rng: Random) -> Layout:
        """The order in which this attempt shows the parts."""
        return {}

    @abstractmethod
    def show(self, question: Q, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        """The type's own fields of the public form."""

    def parse(self, question: Q, raw: object, reveal: Reveal) -> Answer:
        """The canonical answer in ``raw`` (JSON from outside); None stays None. Raises AnswerError."""
        return None if raw is None else self.canonical(question, self.from_public(question, raw, reveal))

    @abstractmethod
    def from_public(self, question: Q, raw: object, reveal: Reveal) -> object:
        """``raw`` with the bank's ids in place of opaque ones. Raises AnswerError."""

    @abstractmethod
    def canonical(self, question: Q, value: object) -> Answer:
        """``value``, if it is an answer in the bank's ids, in its one canonical form. Raises AnswerError."""

    @abstractmethod
    def publish(self, question: Q, answer: Answer, opaque: Opaque) -> Any:
        """The stored answer in the browser's form: ``parse(publish(answer)) == answer``."""

    @abstractmethod
    def share(self, question: Q, answer: Answer) -> Fraction:
        """How much of the slot's points a (not None) answer earns: 0 to 1, 1 exactly if it is right."""

    def score(self, question: Q, answer: Answer, max_points: Decimal) -> Score:
        """Points for a canonical answer; None scores 0."""
        if answer is None:
            return Score(Decimal("0.00"), max_points)
        return Score(_points(max_points, self.share(question, answer)), max_points)

    def is_right(self, question: Q, answer: Answer) -> bool:
        """Whether the answer earns all points."""
        return answer is not None and self.share(question, answer) == 1

    @abstractmethod
    def explain(self, question: Q, answer: Answer, opaque: Opaque) -> Explanation:
        """What was right and why, for this answer (None too)."""

    @abstractmethod
    def right_answer(self, question: Q) -> Answer:
        """A canonical answer that earns all points (written: the sample). Tells the key."""

    def describe(self, question: Q, answer: Answer) -> str:
        """The answer in plain words on one line, for whoever reads the notebook."""
        return NOT_ANSWERED if answer is None else self.describe_answer(question, answer)

    @abstractmethod
    def describe_answer(self, question: Q, answer: Answer) -> str:
        """As :meth:`describe`, for an answer that is not None."""


@lru_cache(maxsize=4096)
def _points(max_points: Decimal, share: Fraction) -> Decimal:
    # A class that hands in together asks for few different shares hundreds of times.
    return round_points(Fraction(max_points) * share)


def shuffled(ids: Sequence[str], rng: Random) -> list[str]:
    """A new list in random order."""
    order = list(ids)
    rng.shuffle(order)
    return order


def revealed(raw: object, reveal: Reveal) -> str:
    """The name behind one opaque id from outside. Raises AnswerError if it is none of this question's."""
    name = reveal(raw) if isinstance(raw, str) else None
    if name is None:
        raise AnswerError(NOT_UNDERSTOOD)
    return name


def known_ids(value: object, known: Sequence[str]) -> list[str]:
    """``value`` as a list of different ids out of ``known``. Raises AnswerError."""
    if not isinstance(value, list) or len(value) > len(known):
        raise AnswerError(NOT_UNDERSTOOD)
    ids = [item for item in value if isinstance(item, str) and item in known]
    if len(ids) != len(value) or len(set(ids)) != len(ids):
        raise AnswerError(NOT_UNDERSTOOD)
    return ids


def known_mapping(value: object, keys: Sequence[str], values: Sequence[str]) -> dict[str, str] | None:
    """``value`` as a mapping from ``keys`` to ``values`` in the order of ``keys``; empty is None (not answered)."""
    if not isinstance(value, dict) or len(value) > len(keys):
        raise AnswerError(NOT_UNDERSTOOD)
    for key, target in value.items():
        if not (isinstance(key, str) and key in keys and isinstance(target, str) and target in values):
            raise AnswerError(NOT_UNDERSTOOD)
    return {key: value[key] for key in keys if key in value} or None
