"""A practice question inside a lesson, judged and explained by the lesson's kernel."""

from __future__ import annotations

from typing import Any

from isoxa_courses.errors import AnswerError
from isoxa_courses.models import LessonFile
from isoxa_courses.practice import judge_practice, show_practice
from traitlets import Dict

from .widget import LessonWidget


class Checkpoint(LessonWidget):
    """``question`` is the public form (contracts, section 7); the answer stays with the lesson."""

    module = "checkpoint"
    question = Dict().tag(sync=True)

    def __init__(self, lesson: LessonFile, checkpoint_id: str) -> None:
        self._lesson = lesson
        super().__init__(item=checkpoint_id, question=show_practice(lesson, checkpoint_id))

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "feedback", "done", "explanation"}``, or ``{"kind": "problem", "message"}`` for no real answer."""
        try:
            result = judge_practice(self._lesson, self.item, question.get("answer"))
        except AnswerError as error:
            return {"kind": "problem", "message": str(error)}
        if result.done:
            self.done = True
        return {"kind": "feedback", **result.to_json()}
