"""Matching: find the right-hand partner of each left-hand text. Answer: left pair id → the chosen right's pair id.

Share = pairs found / number of pairs. ``extra`` adds right-hand texts that belong to nobody. The two sides of a pair
have names of their own (``left:p1``, ``right:p1``), so their opaque ids have nothing in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ..fields import MOST_PARTS, ContentModel, Id, Line, refusal, unique_ids
from ._pairing import PairingType
from .base import Answer, Explanation, Layout, Note, Opaque, Question, shuffled

_LEFT, _RIGHT = "left:", "right:"


class Extra(ContentModel):
    """A right-hand text without a partner."""

    id: Id
    right: Line


class Pair(Extra):
    """Two texts that belong together."""

    left: Line


class Matching(Question):
    """``pairs`` and, if wanted, ``extra`` right-hand texts."""

    type: Literal["matching"]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=MOST_PARTS), AfterValidator(unique_ids)]
    extra: Annotated[tuple[Extra, ...], Field(max_length=MOST_PARTS), AfterValidator(unique_ids)] = ()

    @model_validator(mode="after")
    def _different_rights(self) -> Self:
        seen: dict[str, str] = {}
        fields: tuple[tuple[str, tuple[Extra, ...]], ...] = (("pairs", self.pairs), ("extra", self.extra))
        for field, sides in fields:
            for index, side in enumerate(sides):
                if field == "extra" and side.id in self.left_ids:
                    raise refusal(f"Mã “{side.id}” đã dùng trong pairs.", field, index, "id")
                text = side.right.casefold()
                if text in seen:
                    raise refusal(
                        f"Vế phải trùng với mục “{seen[text]}”: người học không phân biệt được.",
                        *(field, index, "right"),
                    )
                seen[text] = side.id
        return self

    @property
    def left_ids(self) -> list[str]:
        """Pair ids, in bank order."""
        return [pair.id for pair in self.pairs]

    @property
    def rights(self) -> dict[str, str]:
        """Every right-hand text by the id of its pair or extra."""
        sides: tuple[Extra, ...] = (*self.pairs, *self.extra)
        return {side.id: side.right for side in sides}


class MatchingType(PairingType[Matching]):
    """Each pair found counts; an unfinished answer is kept and earns what it has."""

    name = "matching"
    model = Matching
    from_prefix, to_prefix = _LEFT, _RIGHT

    def sides(self, question: Matching) -> tuple[Sequence[str], Sequence[str]]:
        return question.left_ids, list(question.rights)

    def draw(self, question: Matching, rng: Random) -> Layout:
        return {"lefts": shuffled(question.left_ids, rng), "rights": shuffled(list(question.rights), rng)}

    def show(self, question: Matching, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        lefts = {pair.id: pair.left for pair in question.pairs}
        rights = question.rights
        return {
            "lefts": [{"id": opaque(_LEFT + id_), "text": lefts[id_]} for id_ in layout["lefts"]],
            "rights": [{"id": opaque(_RIGHT + id_), "text": rights[id_]} for id_ in layout["rights"]],
        }

    def share(self, question: Matching, answer: Answer) -> Fraction:
        return Fraction(sum(answer.get(id_) == id_ for id_ in question.left_ids), len(question.pairs))

    def explain(self, question: Matching, answer: Answer, opaque: Opaque) -> Explanation:
        """One note a left-hand text: its right partner."""
        mine = answer or {}
        notes = tuple(
            Note(opaque(_LEFT + pair.id), mine.get(pair.id) == pair.id, pair.right) for pair in question.pairs
        )
        correct = "; ".join(f"{pair.left} → {pair.right}" for pair in question.pairs)
        return Explanation(self.is_right(question, answer), correct, question.explanation, notes)

    def right_answer(self, question: Matching) -> Answer:
        return {id_: id_ for id_ in question.left_ids}

    def describe_answer(self, question: Matching, answer: Answer) -> str:
        lefts, rights = {pair.id: pair.left for pair in question.pairs}, question.rights
        return "; ".join(f"{lefts[left]} → {rights[right]}" for left, right in answer.items())


TYPE = MatchingType()
