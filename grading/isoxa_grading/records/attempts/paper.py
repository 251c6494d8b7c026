"""The questions of one attempt: the frozen quiz, what was drawn of it, and the seed that hides its ids.

Joins a stored attempt with the pure functions of `isoxa_courses`; no database here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from isoxa_courses.drawing import DrawnQuiz, drawn_question, parse_answer, publish_answer, show_slot
from isoxa_courses.errors import UnknownName
from isoxa_courses.models import Quiz, Slot
from isoxa_courses.questions import Question, Score
from isoxa_courses.scoring import explain_slot, score_slot

from ..library import CourseLibrary
from ..tables import Attempt
from .errors import NoSuchSlot


@dataclass(frozen=True)
class Paper:
    """What one officer was asked in one attempt."""

    quiz: Quiz
    drawn: DrawnQuiz
    seed: str

    @classmethod
    def of(cls, library: CourseLibrary, attempt: Attempt) -> Paper:
        """The paper of a stored attempt, from the edition that its enrolment names."""
        edition = attempt.enrolment.edition
        quiz = library.quiz(edition.course, edition.edition, attempt.quiz)
        return cls(quiz, DrawnQuiz.from_json(attempt.drawn), attempt.seed)

    @property
    def slots(self) -> list[Slot]:
        """The quiz's slots, in order."""
        return list(self.quiz.slots)

    def slot(self, slot_id: str) -> Slot:
        """Raises `NoSuchSlot`."""
        try:
            return self.quiz.slot(slot_id)
        except UnknownName:
            raise NoSuchSlot.question() from None

    def question(self, slot_id: str) -> Question:
        """The question that was drawn for the slot, as the bank has it (with its key)."""
        return drawn_question(self.quiz, self.drawn, slot_id)

    def show(self, slot_id: str) -> dict[str, Any]:
        """What the officer may see of the slot."""
        return show_slot(self.quiz, self.drawn, slot_id, self.seed)

    def parse(self, slot_id: str, raw: Any) -> Any:
        """The browser's answer as the bank's; None stays None. Raises `AnswerError`."""
        return None if raw is None else parse_answer(self.quiz, self.drawn, slot_id, self.seed, raw)

    def publish(self, slot_id: str, answer: Any) -> Any:
        """A stored answer as the browser's."""
        return None if answer is None else publish_answer(self.quiz, self.drawn, slot_id, self.seed, answer)

    def score(self, slot_id: str, answer: Any) -> Score:
        """Points, or None where a trainer must judge."""
        return score_slot(self.quiz, self.drawn, slot_id, answer)

    def explain(self, slot_id: str, answer: Any) -> dict[str, Any]:
        """The right answer and why, as JSON; only for those who may see it."""
        return explain_slot(self.quiz, self.drawn, slot_id, self.seed, answer).to_json()
