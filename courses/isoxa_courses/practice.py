"""The checkpoints and tools of a lesson: shown, and judged, by the same rules in the kernel and on the server.

Practice may carry its own answers, so the browser sees the bank's ids here. The order is shuffled once for all, by
the checkpoint's id: every officer's page of a lesson is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from .errors import AnswerError
from .models import LessonFile
from .questions import Answer, Explanation, Question, type_of


@dataclass(frozen=True)
class PracticeResult:
    """``done``: answered rightly, or, where a text is asked for, at enough length."""

    done: bool
    explanation: Explanation

    def to_json(self) -> dict[str, Any]:
        """``{"done", "explanation"}``."""
        return {"done": self.done, "explanation": self.explanation.to_json()}


def show_practice(lesson: LessonFile, checkpoint_id: str) -> dict[str, Any]:
    """``{"id", "section", "type", "prompt", …the type's own}``, as for a quiz. Raises UnknownName."""
    checkpoint = lesson.checkpoint(checkpoint_id)
    question = checkpoint.question
    kind = type_of(question)
    rng = Random(f"{lesson.id}/{checkpoint_id}")  # noqa: S311 - the same order for everybody, no secret
    return {
        "id": checkpoint.id,
        "section": checkpoint.section,
        "type": question.type,
        "prompt": question.prompt,
        **kind.show(question, kind.draw(question, rng), _plain),
    }


def judge_practice(lesson: LessonFile, checkpoint_id: str, raw: object) -> PracticeResult:
    """Judge an answer in the browser's form. Raises UnknownName, and AnswerError if it makes no sense."""
    question = lesson.checkpoint(checkpoint_id).question
    answer = _read(question, raw)
    kind = type_of(question)
    return PracticeResult(kind.is_right(question, answer), kind.explain(question, answer, _plain))


def practice_done(lesson: LessonFile, item_id: str, raw_state: object) -> bool:
    """Whether a saved state finishes a checkpoint or tool of the lesson.

    A checkpoint's state is the answer, or ``{"answer": …}`` with whatever else its widget keeps. Never raises for a
    state: one that makes no sense is not done. Raises UnknownName.
    """
    for tool in lesson.tools:
        if tool.id == item_id:
            return tool.judge(raw_state)
    try:
        return judge_practice(lesson, item_id, raw_state).done
    except AnswerError:
        return False


def score_practice(lesson: LessonFile, item_id: str, raw_state: object) -> float:
    """The share of a checkpoint that is right, 0.0 to 1.0. Raises UnknownName, AnswerError."""
    question = lesson.checkpoint(item_id).question
    answer = _read(question, raw_state)
    return 0.0 if answer is None else float(type_of(question).share(question, answer))


def _plain(name: str) -> str:
    return name


def _read(question: Question, raw: object) -> Answer:
    if isinstance(raw, dict) and "answer" in raw:
        raw = raw["answer"]
    kind = type_of(question)
    names = set(kind.names(question))
    try:
        return kind.parse(question, raw, lambda name: name if name in names else None)
    except AnswerError as error:
        if not isinstance(raw, dict):
            raise
        try:
            return kind.canonical(question, raw)  # {"p1": "p2"}, without the names' sides
        except AnswerError:
            raise error from None


__all__ = [
    "PracticeResult",
    "judge_practice",
    "practice_done",
    "score_practice",
    "show_practice",
]
