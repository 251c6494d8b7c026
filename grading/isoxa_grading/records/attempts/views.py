"""What an officer's page is given of an attempt: plain values, nothing from which a key can be told before its time.

``to_json`` is the form of the JSON API (contracts, section 6); the result page reads the dataclasses themselves.
Points are `Decimal` here and JSON numbers there (exact to 0.01); times are aware UTC, ISO 8601 in JSON.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..tables import AttemptStatus
from .reopening import Reopened


class Verdict(enum.StrEnum):
    """What became of one slot."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    WAITING = "waiting"

    @classmethod
    def of(cls, points: Decimal | None, max_points: Decimal, *, answered: bool) -> Verdict:
        """Full marks are right and none are wrong; ``points`` None waits for a trainer."""
        if points is None:
            return cls.WAITING
        if points >= max_points:
            return cls.RIGHT
        if points > 0:
            return cls.PARTLY
        return cls.WRONG if answered else cls.UNANSWERED


@dataclass(frozen=True)
class RubricLine:
    """A line of a written question's rubric, as the officer saw it; ``met``: the trainer found it met."""

    text: str
    points: Decimal
    met: bool


@dataclass(frozen=True, kw_only=True)
class SlotResult:
    """One slot of a submitted attempt.

    ``explanation`` (the right answer and why; `isoxa_courses` ``Explanation`` as JSON) is None until the officer has
    passed or used the last attempt. ``came_late``: a later answer is kept, but came after the deadline and does not
    count. ``section``: anchor in ``lesson`` to read again. ``rubric``: what the trainer ticked; None: they
    did not say.
    """

    verdict: Verdict
    points: Decimal | None
    max_points: Decimal
    lesson: str
    section: str | None
    section_title: str | None
    came_late: bool
    comment: str | None
    explanation: dict[str, Any] | None
    rubric: tuple[RubricLine, ...] | None = None

    def to_json(self) -> dict[str, Any]:
        """The ``result`` of a slot in the JSON API."""
        return {
            "verdict": self.verdict.value,
            "points": number(self.points),
            "max_points": number(self.max_points),
            "lesson": self.lesson,
            "section": self.section,
            "section_title": self.section_title,
            "came_late": self.came_late,
            "comment": self.comment,
            "rubric": None
            if self.rubric is None
            else [{"text": one.text, "points": number(one.points), "met": one.met} for one in self.rubric],
            "explanation": self.explanation,
        }


@dataclass(frozen=True, kw_only=True)
class SlotView:
    """One question as drawn for this attempt. ``shown`` is `drawing.show_slot`; ``answer`` is in browser form.

    While the attempt is open ``answer`` is the newest one stored; afterwards the one that was scored.
    """

    slot: str
    number: int
    max_points: Decimal
    shown: dict[str, Any]
    answer: Any
    seq: int
    late: bool
    result: SlotResult | None

    def to_json(self) -> dict[str, Any]:
        """A slot of ``GET /api/attempts/A``."""
        return {
            **self.shown,
            "answer": self.answer,
            "seq": self.seq,
            "late": self.late,
            "result": self.result.to_json() if self.result else None,
        }


@dataclass(frozen=True, kw_only=True)
class ResultView:
    """The attempt as a whole, once submitted.

    ``points`` and ``passed`` are None while a written answer waits; ``points_so_far`` is what is scored already.
    ``reveals``: right answers are shown. ``counts``: this is the attempt that counts.
    """

    points: Decimal | None
    points_so_far: Decimal
    max_points: Decimal
    pass_mark: int
    passed: bool | None
    waiting_slots: tuple[str, ...]
    reveals: bool
    counts: bool
    attempts_used: int
    attempts_allowed: int
    can_retry: bool

    def to_json(self) -> dict[str, Any]:
        """The ``result`` of ``GET /api/attempts/A``."""
        return {
            "points": number(self.points),
            "points_so_far": number(self.points_so_far),
            "max_points": number(self.max_points),
            "pass_mark": self.pass_mark,
            "passed": self.passed,
            "waiting": list(self.waiting_slots),
            "reveals": self.reveals,
            "counts": self.counts,
            "attempts_used": self.attempts_used,
            "attempts_allowed": self.attempts_allowed,
            "can_retry": self.can_retry,
        }


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """An attempt as its officer sees it at ``server_time``. ``reopened``: how a later round than the first began."""

    id: str
    course: str
    quiz: str
    title: str
    number: int
    status: AttemptStatus
    started_at: datetime
    deadline: datetime | None
    submitted_at: datetime | None
    server_time: datetime
    slots: tuple[SlotView, ...]
    result: ResultView | None
    round: int = 1
    reopened: Reopened | None = None

    def to_json(self, result_url: str | None = None) -> dict[str, Any]:
        """The body of ``GET /api/attempts/A``; the portal gives the address of the result page."""
        return {
            "id": self.id,
            "course": self.course,
            "quiz": self.quiz,
            "title": self.title,
            "number": self.number,
            "status": self.status.value,
            "started_at": self.started_at.isoformat(),
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "submitted_at": self.submitted_at.isoformat() if self.submitted_at else None,
            "server_time": self.server_time.isoformat(),
            "slots": [slot.to_json() for slot in self.slots],
            "result": self.result.to_json() if self.result else None,
            "result_url": result_url,
            "round": self.round,
            "reopened": self.reopened.to_json() if self.reopened else None,
        }


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A submitted attempt in brief, for a page that goes on to the result: twenty of them cost what one view does."""

    id: str
    course: str
    quiz: str
    status: AttemptStatus
    submitted_at: datetime | None
    round: int

    def to_json(self, result_url: str | None = None) -> dict[str, Any]:
        """These fields of an attempt's own JSON."""
        return {
            "id": self.id,
            "course": self.course,
            "quiz": self.quiz,
            "status": self.status.value,
            "submitted_at": self.submitted_at.isoformat() if self.submitted_at else None,
            "round": self.round,
            "result_url": result_url,
        }


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The acknowledgement of a stored answer; the same again for the same write."""

    seq: int
    saved_at: datetime
    late: bool

    def to_json(self) -> dict[str, Any]:
        """The body of ``PUT /api/attempts/A/slots/S``."""
        return {"saved": True, "seq": self.seq, "saved_at": self.saved_at.isoformat(), "late": self.late}


def number(points: Decimal | None) -> int | float | None:
    """Points as a JSON number: 2 rather than 2.0; exact, since they have at most two decimals."""
    if points is None:
        return None
    return int(points) if points == points.to_integral_value() else float(points)
