"""Ordering: put the items in the right order. Answer: all ids, in the learner's order.

Share = items in their right place / number of items. The order first shown is never the right one, or leaving it as
it is could earn full marks; that rules out one order in six or more, which is why an ordering needs three items
(with two, the order shown would give the key away).
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from ..errors import AnswerError
from ..fields import MOST_PARTS, unique_ids
from .base import (
    NOT_UNDERSTOOD,
    Answer,
    Explanation,
    Layout,
    Note,
    Opaque,
    Part,
    Question,
    QuestionType,
    Reveal,
    known_ids,
    revealed,
    shuffled,
)


class Ordering(Question):
    """``items`` in the right order."""

    type: Literal["ordering"]
    items: Annotated[tuple[Part, ...], Field(min_length=3, max_length=MOST_PARTS), AfterValidator(unique_ids)]

    @property
    def item_ids(self) -> list[str]:
        """Ids in the right order."""
        return [item.id for item in self.items]

    def steps(self, ids: list[str]) -> str:
        """``"1) …; 2) …"``."""
        texts = {item.id: item.text for item in self.items}
        return "; ".join(f"{place}) {texts[id_]}" for place, id_ in enumerate(ids, start=1))


class OrderingType(QuestionType[Ordering]):
    """Each item in its place counts."""

    name = "ordering"
    model = Ordering

    def names(self, question: Ordering) -> list[str]:
        return question.item_ids

    def draw(self, question: Ordering, rng: Random) -> Layout:
        order = shuffled(question.item_ids, rng)
        while order == question.item_ids:
            order = shuffled(order, rng)
        return {"items": order}

    def show(self, question: Ordering, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        texts = {item.id: item.text for item in question.items}
        return {"items": [{"id": opaque(id_), "text": texts[id_]} for id_ in layout["items"]]}

    def from_public(self, question: Ordering, raw: object, reveal: Reveal) -> object:
        if not isinstance(raw, list) or len(raw) > len(question.items):
            raise AnswerError(NOT_UNDERSTOOD)
        return [revealed(item, reveal) for item in raw]

    def canonical(self, question: Ordering, value: object) -> Answer:
        order = known_ids(value, question.item_ids)
        if len(order) != len(question.items):
            raise AnswerError(
                f"Cần xếp đủ cả {len(question.items)} mục. Câu trả lời đã lưu trước đó vẫn còn; "
                "anh/chị hãy xếp lại."
            )
        return order

    def publish(self, question: Ordering, answer: Answer, opaque: Opaque) -> Any:
        return None if answer is None else [opaque(id_) for id_ in answer]

    def share(self, question: Ordering, answer: Answer) -> Fraction:
        in_place = sum(mine == right for mine, right in zip(answer, question.item_ids, strict=True))
        return Fraction(in_place, len(question.items))

    def explain(self, question: Ordering, answer: Answer, opaque: Opaque) -> Explanation:
        """One note an item: its right place."""
        notes = tuple(
            Note(
                opaque(item.id), answer is not None and answer[place] == item.id, f"Vị trí đúng: {place + 1}."
            )
            for place, item in enumerate(question.items)
        )
        return Explanation(
            self.is_right(question, answer), question.steps(question.item_ids), question.explanation, notes
        )

    def right_answer(self, question: Ordering) -> Answer:
        return question.item_ids

    def describe_answer(self, question: Ordering, answer: Answer) -> str:
        return question.steps(answer)


TYPE = OrderingType()
