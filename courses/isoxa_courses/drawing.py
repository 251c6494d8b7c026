"""From a quiz to one learner's attempt: which variants, in which order, under which ids.

Everything random comes from one seed, an HMAC of officer, quiz and attempt number under a server secret: nobody can
work it out, and the same attempt is the same on every server. Ids in the browser are HMACs too, made for each
attempt and slot, so an id learned from a colleague or an earlier attempt means nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from random import Random
from typing import Any, Self

from .errors import UnknownName
from .models import QuizFile
from .questions import Answer, Layout, Question, type_of
from .questions.written import plain_number

_ID_LENGTH = 10


def _digest(key: bytes, *parts: object) -> str:
    # JSON keeps the parts apart: ("ab", "c") and ("a", "bc") must not meet. Written out, since a page shows a hundred
    # ids, and a class that hands in asks for twenty pages at once.
    message = f"[{', '.join([encode_basestring(str(part)) for part in parts])}]"
    return hmac.digest(key, message.encode(), "sha256").hex()


def attempt_seed(secret: bytes, person_id: object, quiz: str, attempt_number: int) -> str:
    """The seed of one attempt: 64 hex digits (HMAC-SHA256)."""
    return _digest(secret, "attempt", person_id, quiz, attempt_number)


class OpaqueIds:
    """The ids of one slot in one attempt: ``opaque`` for the browser, ``reveal`` back (None: not one of ours)."""

    def __init__(self, key: str, slot_id: str, names: Iterable[str]) -> None:
        self._opaque: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for name in sorted(names):
            turn = 0
            while (short := _digest(key.encode(), "id", slot_id, name, turn)[:_ID_LENGTH]) in self._names:
                turn += 1
            self._opaque[name], self._names[short] = short, name

    def opaque(self, name: str) -> str:
        """The browser's id. Raises KeyError for a name the question does not have."""
        return self._opaque[name]

    def reveal(self, short: str) -> str | None:
        """The name behind an id from the browser."""
        return self._names.get(short)


def opaque_ids(seed: str, slot_id: str, names: Iterable[str]) -> OpaqueIds:
    """The opaque ids of a slot's drawn variant; ``names`` are ``question_type.names(question)``."""
    return _opaque_ids(seed, slot_id, tuple(names))


@lru_cache(maxsize=1024)
def _opaque_ids(seed: str, slot_id: str, names: tuple[str, ...]) -> OpaqueIds:
    # A page asks for the same ids to show the question, its answer and what was right.
    return OpaqueIds(seed, slot_id, names)


@dataclass(frozen=True)
class DrawnSlot:
    """What one attempt drew for one slot; ``layout`` holds the bank's ids and stays on the server."""

    slot: str
    variant: str
    layout: Layout


@dataclass(frozen=True)
class DrawnQuiz:
    """What one attempt drew."""

    slots: tuple[DrawnSlot, ...]

    def slot(self, id_: str) -> DrawnSlot:
        """What was drawn for that slot. Raises UnknownName."""
        for drawn in self.slots:
            if drawn.slot == id_:
                return drawn
        raise UnknownName(f"Không có câu “{id_}” trong lượt làm bài này.")

    def to_json(self) -> dict[str, Any]:
        """``{"slots": [{"slot", "variant", "layout"}]}``."""
        return {"slots": [{"slot": d.slot, "variant": d.variant, "layout": d.layout} for d in self.slots]}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The reverse of :meth:`to_json`."""
        return cls(tuple(DrawnSlot(d["slot"], d["variant"], d["layout"]) for d in data["slots"]))


def draw_quiz(quiz: QuizFile, seed: str) -> DrawnQuiz:
    """One variant a slot, with its layout; the same for the same seed."""
    drawn = []
    for slot in quiz.slots:
        # A draw of its own for each slot: a slot added later does not change the others.
        rng = Random(_digest(seed.encode(), "draw", slot.id))  # noqa: S311 - its seed is the secret part
        variant = rng.choice(slot.variants)
        drawn.append(DrawnSlot(slot.id, variant.id, type_of(variant).draw(variant, rng)))
    return DrawnQuiz(tuple(drawn))


def drawn_question(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str) -> Question:
    """The variant this attempt drew for the slot. Raises UnknownName."""
    return quiz.slot(slot_id).variant(drawn.slot(slot_id).variant)


def show_slot(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str, seed: str) -> dict[str, Any]:
    """What the learner may see: ``{"slot", "number", "points", "type", "prompt", …the type's own}``; no key in it."""
    question = drawn_question(quiz, drawn, slot_id)
    return {
        "slot": slot_id,
        "number": quiz.number(slot_id),
        "points": plain_number(quiz.slot(slot_id).points),
        **show_question(question, drawn.slot(slot_id).layout, _ids(question, seed, slot_id)),
    }


def show_question(question: Question, layout: Layout, ids: OpaqueIds) -> dict[str, Any]:
    """``{"type", "prompt", …the type's own}``."""
    own = type_of(question).show(question, layout, ids.opaque)
    return {"type": question.type, "prompt": question.prompt, **own}


def parse_answer(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str, seed: str, raw: object) -> Answer:
    """The canonical answer in JSON from the browser. Raises AnswerError (costs nothing), UnknownName."""
    question = drawn_question(quiz, drawn, slot_id)
    return type_of(question).parse(question, raw, _ids(question, seed, slot_id).reveal)


def publish_answer(quiz: QuizFile, drawn: DrawnQuiz, slot_id: str, seed: str, answer: Answer) -> Any:
    """A stored answer in the browser's form. Raises UnknownName."""
    question = drawn_question(quiz, drawn, slot_id)
    return type_of(question).publish(question, answer, _ids(question, seed, slot_id).opaque)


def _ids(question: Question, seed: str, slot_id: str) -> OpaqueIds:
    return opaque_ids(seed, slot_id, type_of(question).names(question))
