"""An attempt's result, from the attempt service's view to what the page shows.

What may be told (right answers, reasons) is decided by the service; where it tells nothing, nothing is here to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from isoxa_grading.records.attempts import AttemptView, ResultView, SlotView, Verdict

from .answers import answer_words, part_texts
from .view import Link

__all__ = ["ResultPage", "result_page"]


@dataclass(frozen=True)
class Again:
    url: str
    left: int


@dataclass(frozen=True)
class PartNote:
    right: bool
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
    read_again: Link | None


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """``verdict``: good (passed), bad, wait."""

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
        notes=tuple(_note(note, texts) for note in told.get("notes") or ()),
        comment=result.comment,
        read_again=_read_again(slot, root, lessons) if not right else None,
    )


def _note(note: dict[str, Any], texts: dict[str, str]) -> PartNote:
    part = texts.get(note["part"], "")
    return PartNote(bool(note["right"]), f"{part}: {note['text']}" if part else note["text"])


def _read_again(slot: SlotView, root: str, lessons: dict[str, str]) -> Link | None:
    result = slot.result
    if result is None or not result.section:
        return None
    name = result.section_title or lessons.get(result.lesson) or result.section
    return Link(name, f"{root}/bai/{result.lesson}#{result.section}")
