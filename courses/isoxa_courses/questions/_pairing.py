"""What the types share whose answer leads from one kind of thing to another: item to box, left to right, cell to text.

In the browser both sides have opaque ids, made from a name with the side's prefix, so that no id tells its partner.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from ..errors import AnswerError
from .base import NOT_UNDERSTOOD, Answer, Opaque, Q, QuestionType, Reveal, known_mapping, revealed


class PairingType(QuestionType[Q]):
    """Names of both sides, and the way of an answer between the browser's ids and the bank's."""

    from_prefix: ClassVar[str]
    to_prefix: ClassVar[str]

    @abstractmethod
    def sides(self, question: Q) -> tuple[Sequence[str], Sequence[str]]:
        """The ids an answer leads from, and those it leads to, in bank order."""

    def names(self, question: Q) -> list[str]:
        starts, ends = self.sides(question)
        return [self.from_prefix + id_ for id_ in starts] + [self.to_prefix + id_ for id_ in ends]

    def from_public(self, question: Q, raw: object, reveal: Reveal) -> object:
        starts, _ends = self.sides(question)
        if not isinstance(raw, dict) or len(raw) > len(starts):
            raise AnswerError(NOT_UNDERSTOOD)
        named = {revealed(start, reveal): revealed(end, reveal) for start, end in raw.items()}
        if not all(k.startswith(self.from_prefix) and v.startswith(self.to_prefix) for k, v in named.items()):
            raise AnswerError(NOT_UNDERSTOOD)
        return {k.removeprefix(self.from_prefix): v.removeprefix(self.to_prefix) for k, v in named.items()}

    def canonical(self, question: Q, value: object) -> Answer:
        starts, ends = self.sides(question)
        return known_mapping(value, list(starts), list(ends))

    def publish(self, question: Q, answer: Answer, opaque: Opaque) -> Any:
        if answer is None:
            return None
        return dict(
            sorted((opaque(self.from_prefix + k), opaque(self.to_prefix + v)) for k, v in answer.items())
        )
