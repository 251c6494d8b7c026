"""Classification: sort statements into boxes. Answer: item id → box id.

Share = items in their right box / number of items. Items are shown in random order; the boxes keep the order of the
bank (Plan, Do, Check, Act; low, medium, high), which tells nothing about the items.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ..fields import MOST_PARTS, Id, Paragraphs, refusal, unique_ids
from ._pairing import PairingType
from .base import Answer, Explanation, Layout, Note, Opaque, Part, Question, shuffled

_ITEM, _BOX = "item:", "box:"


class Item(Part):
    """A statement, the box it belongs in, and why."""

    box: Id
    why: Paragraphs | None = None


class Classification(Question):
    """``boxes`` and the ``items`` to sort into them."""

    type: Literal["classification"]
    boxes: Annotated[tuple[Part, ...], Field(min_length=2, max_length=MOST_PARTS), AfterValidator(unique_ids)]
    items: Annotated[tuple[Item, ...], Field(min_length=2, max_length=MOST_PARTS), AfterValidator(unique_ids)]

    @model_validator(mode="after")
    def _boxes_exist(self) -> Self:
        for index, item in enumerate(self.items):
            if item.box not in self.box_texts:
                raise refusal(f"Không có ô “{item.box}” trong boxes.", "items", index, "box")
        return self

    @property
    def item_ids(self) -> list[str]:
        """Ids in bank order."""
        return [item.id for item in self.items]

    @property
    def box_texts(self) -> dict[str, str]:
        """Text by box id, in bank order."""
        return {box.id: box.text for box in self.boxes}


class ClassificationType(PairingType[Classification]):
    """Each item in its box counts; items not yet sorted are kept out and earn nothing."""

    name = "classification"
    model = Classification
    from_prefix, to_prefix = _ITEM, _BOX

    def sides(self, question: Classification) -> tuple[Sequence[str], Sequence[str]]:
        return question.item_ids, list(question.box_texts)

    def draw(self, question: Classification, rng: Random) -> Layout:
        return {"items": shuffled(question.item_ids, rng)}

    def show(self, question: Classification, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        texts = {item.id: item.text for item in question.items}
        return {
            "boxes": [{"id": opaque(_BOX + box.id), "text": box.text} for box in question.boxes],
            "items": [{"id": opaque(_ITEM + id_), "text": texts[id_]} for id_ in layout["items"]],
        }

    def share(self, question: Classification, answer: Answer) -> Fraction:
        placed = sum(answer.get(item.id) == item.box for item in question.items)
        return Fraction(placed, len(question.items))

    def explain(self, question: Classification, answer: Answer, opaque: Opaque) -> Explanation:
        """One note an item: its right box, and why."""
        mine = answer or {}
        boxes = question.box_texts
        notes = tuple(
            Note(
                opaque(_ITEM + item.id),
                mine.get(item.id) == item.box,
                f"{boxes[item.box]}: {item.why}" if item.why else boxes[item.box],
            )
            for item in question.items
        )
        correct = "; ".join(f"{item.text} → {boxes[item.box]}" for item in question.items)
        return Explanation(self.is_right(question, answer), correct, question.explanation, notes)

    def right_answer(self, question: Classification) -> Answer:
        return {item.id: item.box for item in question.items}

    def describe_answer(self, question: Classification, answer: Answer) -> str:
        texts, boxes = {item.id: item.text for item in question.items}, question.box_texts
        return "; ".join(f"{texts[item]} → {boxes[box]}" for item, box in answer.items())


TYPE = ClassificationType()
