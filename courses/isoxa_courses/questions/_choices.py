"""What single and multiple choice share: choices, the order they are shown in, and the reason for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictBool

from ..fields import MOST_PARTS, Paragraphs, unique_ids
from .base import Layout, Note, Opaque, Part, Question, shuffled


class Choice(Part):
    """One choice; ``why`` says what is right or wrong about it."""

    correct: StrictBool = False
    why: Paragraphs | None = None


Choices = Annotated[
    tuple[Choice, ...], Field(min_length=2, max_length=MOST_PARTS), AfterValidator(unique_ids)
]


class ChoiceQuestion(Question):
    """A question whose parts are choices."""

    choices: Choices

    @property
    def choice_ids(self) -> list[str]:
        """Ids in bank order."""
        return [choice.id for choice in self.choices]

    @property
    def correct_ids(self) -> list[str]:
        """Ids of the right choices, in bank order."""
        return [choice.id for choice in self.choices if choice.correct]

    def texts(self, ids: Collection[str]) -> str:
        """The texts of these choices on one line, in bank order."""
        return "; ".join(choice.text for choice in self.choices if choice.id in ids)


def draw_choices(question: ChoiceQuestion, rng: Random) -> Layout:
    """All choices in random order."""
    return {"choices": shuffled(question.choice_ids, rng)}


def show_choices(question: ChoiceQuestion, layout: Layout, opaque: Opaque) -> dict[str, Any]:
    """``{"choices": [{id, text}]}`` in the drawn order."""
    texts = {choice.id: choice.text for choice in question.choices}
    return {"choices": [{"id": opaque(id_), "text": texts[id_]} for id_ in layout["choices"]]}


def notes_on_choices(
    question: ChoiceQuestion, chosen: Collection[str], opaque: Opaque, about: Sequence[Choice]
) -> tuple[Note, ...]:
    """For each choice of ``about``: was it right to choose it, or to leave it, and why."""
    return tuple(
        Note(opaque(choice.id), (choice.id in chosen) == choice.correct, choice.why or question.explanation)
        for choice in about
    )
