"""A quiz's questions in JupyterLab for whoever writes them: one cell, no server, no attempt.

``preview("07-rui-ro-co-hoi", "SLOT")`` shows every variant of the slot as an officer would get it (drawn, shuffled,
with opaque ids, by the browser module that the checkpoints use), and below it, for the author, the key, the reasons,
and the score of whatever is answered. Without a slot it shows the whole quiz.

It reads the bank itself, keys included, so it refuses to run in a lesson's kernel on the portal.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from random import Random
from typing import Any

from ipywidgets.widgets.widget_box import VBox
from ipywidgets.widgets.widget_string import HTML
from isoxa_courses.drawing import opaque_ids, show_question
from isoxa_courses.errors import AnswerError
from isoxa_courses.loading import load_quiz_file
from isoxa_courses.models import QuizFile, Slot
from isoxa_courses.questions import Explanation, Question, type_of
from isoxa_courses.shipped import content_root
from isoxa_courses.text import format_number
from traitlets import Dict

from .assets import on_portal
from .lessons import COURSE
from .widget import LessonWidget


class PreviewRefused(RuntimeError):
    """The preview cannot be shown here; the message (Vietnamese) says why."""


class QuestionPreview(LessonWidget):
    """One variant as an officer gets it; ``author`` is the panel with the key and the score of the last answer."""

    module = "checkpoint"
    question = Dict().tag(sync=True)

    def __init__(self, slot: Slot, variant: Question, turn: int = 0) -> None:
        self._slot, self._variant = slot, variant
        kind = type_of(variant)
        seed = f"preview/{slot.id}/{variant.id}/{turn}"
        self._ids = opaque_ids(seed, slot.id, kind.names(variant))
        layout = kind.draw(variant, Random(seed))  # noqa: S311 - an order to look at, no secret
        self.author = HTML(self._panel(None, None))
        super().__init__(
            item=f"xem-thu-{slot.id}-{variant.id}", question=show_question(variant, layout, self._ids)
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """As a checkpoint answers; the author's panel then tells the score."""
        kind = type_of(self._variant)
        try:
            answer = kind.parse(self._variant, question.get("answer"), self._ids.reveal)
        except AnswerError as error:
            return {"kind": "problem", "message": str(error)}
        explanation = kind.explain(self._variant, answer, self._ids.opaque)
        self.author.value = self._panel(answer, explanation)
        return {
            "kind": "feedback",
            "done": explanation.right is not False,
            "explanation": explanation.to_json(),
        }

    def _panel(self, answer: Any, explanation: Explanation | None) -> str:
        """Key and reasons; with an explanation, what ``answer`` earns too. Every text is escaped."""
        kind, variant = type_of(self._variant), self._variant
        key = kind.explain(variant, kind.right_answer(variant), self._ids.opaque)
        lines = [("Đáp án", key.correct_text), ("Giải thích chung", variant.explanation)]
        lines += [("Vì sao", text) for text in _reasons(variant)]
        if explanation is not None:
            score = kind.score(variant, answer, self._slot.points)
            most = format_number(score.max_points)
            points = (
                "chờ giảng viên chấm"
                if score.points is None
                else f"{format_number(score.points)}/{most} điểm"
            )
            lines = [("Câu trả lời vừa thử", kind.describe(variant, answer)), ("Được", points), *lines]
        rows = "".join(
            f"<dt><strong>{escape(name)}</strong></dt><dd>{_html(text)}</dd>" for name, text in lines
        )
        return (
            "<details open><summary>Dành cho người ra đề (người học không thấy)</summary>"
            f"<dl style='line-height:1.5'>{rows}</dl></details>"
        )


def preview(
    quiz: str,
    slot: str | None = None,
    *,
    course: str = COURSE,
    folder: str | Path | None = None,
    turn: int = 0,
) -> VBox:
    """Every variant of ``slot`` (None: of every slot) of ``quiz``; another ``turn`` shuffles anew.

    The bank is read from ``folder`` (a course folder), else from the checkout around the notebook, else from the
    content that came with the installation. Raises :class:`PreviewRefused`, ``ContentError`` and ``UnknownName``.
    """
    if on_portal() or os.environ.get("ISOXA_RELEASE_DIR"):
        raise PreviewRefused(
            "Xem thử câu hỏi chỉ dùng trong JupyterLab của người ra đề, không dùng trong bài học."
        )
    bank = load_quiz_file(_bank_folder(quiz, course, folder), quiz)
    slots = bank.slots if slot is None else (bank.slot(slot),)
    return VBox([HTML(_STYLE), *(part for one in slots for part in _show(bank, one, turn))])


def _show(quiz: QuizFile, slot: Slot, turn: int) -> Iterator[HTML | QuestionPreview]:
    about = f"{quiz.title} – câu {quiz.number(slot.id)} ({slot.id}), {format_number(slot.points)} điểm"
    yield HTML(f"<h3>{escape(about)}</h3><p>{escape(slot.outcome)}</p>")
    for number, variant in enumerate(slot.variants, start=1):
        widget = QuestionPreview(slot, variant, turn)
        yield HTML(f"<h4>Phương án {number}/{len(slot.variants)}: {escape(variant.id)}</h4>")
        yield widget
        yield widget.author


_STYLE = "<style>.widget-html-content dd{margin:0 0 .5em 1.5em;max-width:44em;white-space:normal}</style>"


def _places(course: str) -> Iterator[Path]:
    here = Path.cwd()
    for place in (here, *here.parents):
        yield place / "courses" / course
    yield content_root().courses / course


def _bank_folder(quiz: str, course: str, folder: str | Path | None) -> Path:
    places = [Path(folder)] if folder is not None else list(_places(course))
    for place in places:
        if (place / "quizzes" / f"{quiz}.yaml").is_file():
            return place
    raise PreviewRefused(
        f"Không tìm thấy bài kiểm tra “{quiz}” trong {places[0] if folder else 'khóa học ' + course}."
    )


def _reasons(question: Question) -> Sequence[str]:
    """The reason beside each part, named by its text or id."""
    found = []
    for name in type(question).model_fields:
        value = getattr(question, name)
        for part in value if isinstance(value, tuple) else ():
            why = getattr(part, "why", None)
            if why:
                found.append(f"{getattr(part, 'text', None) or getattr(part, 'name', '')}: {why}")
    return found


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
