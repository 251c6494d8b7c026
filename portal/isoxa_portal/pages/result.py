"""An attempt's result, from the attempt service's view to what the page shows.

What may be told (right answers, reasons) is decided by the service; where it tells nothing, nothing is here to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from isoxa_grading.records.attempts import AttemptView, ResultView, SlotView, Verdict
from isoxa_grading.records.attempts.reopening import Reopened
from isoxa_grading.records.attempts.views import RubricLine

from ..i18n import gettext as _
from .answers import answer_words, part_texts
from .view import Link

__all__ = ["ResultPage", "result_page"]


@dataclass(frozen=True)
class Again:
    url: str
    left: int


@dataclass(frozen=True)
class PartNote:
    """``word`` says what was right or wrong about the part: a cross beside a right choice that was left out would
    read as if the choice were wrong."""

    right: bool
    word: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SlotRow:
    """One question. ``kind``: good, part, bad, judged (by a trainer); ``points`` None waits for a trainer."""

    number: int
    kind: str
    points: Decimal | None
    max_points: Decimal
    answered: bool
    prompt: str
    answer_text: str
    came_late: bool
    correct_text: str
    why: str
    notes: tuple[PartNote, ...]
    comment: str | None
    rubric: tuple[RubricLine, ...]
    read_again: Link | None


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """``verdict``: good (passed), bad, wait. ``reopened``: why it was handed in anew, if it was."""

    title: str
    course: str
    verdict: str
    points: Decimal | None
    points_so_far: Decimal | None
    max_points: Decimal
    pass_mark: int
    number: int
    counts: bool
    submitted_at: datetime | None
    again: Again | None
    shows_answers: bool
    slots: tuple[SlotRow, ...]
    reopened: Reopened | None = None


def result_page(view: AttemptView, result: ResultView, root: str, lessons: dict[str, str]) -> ResultPage:
    """``root``: address of the course; ``lessons``: id → title, where a section has no title of its own."""
    waits = result.points is None
    left = result.attempts_allowed - result.attempts_used
    return ResultPage(
        title=view.title,
        course=view.course,
        verdict="wait" if waits else "good" if result.passed else "bad",
        points=result.points,
        points_so_far=result.points_so_far if waits else None,
        max_points=result.max_points,
        pass_mark=result.pass_mark,
        number=view.number,
        counts=result.counts,
        submitted_at=view.submitted_at,
        again=Again(f"{root}/kiem-tra/{view.quiz}", left) if result.can_retry else None,
        shows_answers=result.reveals,
        slots=tuple(_row(slot, root, lessons) for slot in view.slots),
        reopened=view.reopened,
    )


def _row(slot: SlotView, root: str, lessons: dict[str, str]) -> SlotRow:
    result = slot.result
    assert result is not None, "a submitted attempt has a result for each slot"
    kinds = {Verdict.RIGHT: "good", Verdict.PARTLY: "part"}
    told = result.explanation or {}
    texts = part_texts(slot.shown)
    right = result.verdict is Verdict.RIGHT
    judged = slot.shown["type"] == "written" and slot.answer is not None and result.points is not None
    return SlotRow(
        number=slot.number,
        kind="judged" if judged else kinds.get(result.verdict, "bad"),
        points=result.points,
        max_points=result.max_points,
        answered=slot.answer is not None,
        prompt=slot.shown["prompt"],
        answer_text=answer_words(slot.shown, slot.answer),
        came_late=result.came_late,
        correct_text="" if right else told.get("correct_text") or "",
        why=told.get("why") or "",
        notes=tuple(_note(note, texts, _chosen(slot)) for note in told.get("notes") or ()),
        comment=result.comment,
        rubric=result.rubric or (),
        read_again=_read_again(slot, root, lessons) if not right else None,
    )


def _chosen(slot: SlotView) -> list[str] | None:
    """What was ticked; None where the question is not one of choosing."""
    if slot.shown["type"] == "single_choice":
        return [] if slot.answer is None else [slot.answer]
    if slot.shown["type"] == "multiple_choice":
        return list(slot.answer or ())
    return None


def _note(note: dict[str, Any], texts: dict[str, str], chosen: list[str] | None) -> PartNote:
    part, right = texts.get(note["part"], ""), bool(note["right"])
    if chosen is None:
        word = _("Đúng:") if right else _("Chưa đúng:")
    elif note["part"] in chosen:
        word = _("Chọn đúng:") if right else _("Không nên chọn:")
    else:
        word = _("Không chọn là đúng:") if right else _("Nên chọn:")
    return PartNote(right, word, f"{part}: {note['text']}" if part else note["text"])


def _read_again(slot: SlotView, root: str, lessons: dict[str, str]) -> Link | None:
    result = slot.result
    if result is None or not result.section:
        return None
    name = result.section_title or lessons.get(result.lesson) or result.section
    return Link(name, f"{root}/bai/{result.lesson}#{result.section}")
