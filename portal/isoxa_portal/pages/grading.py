"""The trainer's pages: what waits for grading, and the form for one answer.

A trainer sees the answers of officers in the units the role was granted for, and not their own: nobody grades
themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from isoxa_courses.text import clean, parse_number
from isoxa_grading.records.attempts import GradeRefused, NotYours, WrittenAnswer
from isoxa_grading.records.desk import Trainer, WaitingLine
from isoxa_grading.records.tables import Role

from ..errors import not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..routes import Route
from .environment import number
from .view import Place, paged

__all__ = ["grading_pages"]

TRAINER = frozenset({Role.TRAINER})
PAGE = 30
_SAVED = "da-luu"


@dataclass(frozen=True)
class WaitingRow:
    url: str
    person: str
    unit: str
    quiz_title: str
    number: int
    submitted_at: datetime


@dataclass(frozen=True)
class PileCard:
    url: str
    quiz_title: str
    number: int
    outcome: str
    waiting: int
    held: int


@dataclass(frozen=True)
class GradeForm:
    """What was typed, as it was typed."""

    points: str = ""
    comment: str = ""
    reason: str = ""


class _GradingHandler(PortalHandler):
    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.TRAINER)

    @property
    def trainer(self) -> Trainer:
        return Trainer(self.me.account_id, self.me.person_id, tuple(self.scope))

    async def waiting(self, offset: int, limit: int) -> list[WaitingLine]:
        now = self.portal.clock()
        return await self.run(self.portal.desk.waiting, self.trainer, now, offset, limit)

    def url_of(self, one: WaitingLine) -> str:
        return self.portal.url(f"cham-bai/{one.attempt_id}/{one.slot}")


class WaitingHandler(_GradingHandler):
    """ "Chấm bài": the piles, each with its desk, and the answers one by one, oldest first."""

    async def get(self) -> None:
        piles = await self.run(self.portal.desk.piles, self.trainer, self.portal.clock())
        total = sum(pile.waiting for pile in piles)
        # Twenty thousand may wait: only the lines of the page that is shown are read.
        pager = paged(
            range(total), self.get_query_argument("trang", ""), PAGE, self.portal.url("cham-bai"), {}
        )
        lines = await self.waiting(pager.items[0], PAGE) if total else []
        rows = [
            WaitingRow(self.url_of(one), one.officer, one.unit, one.quiz_title, one.number, one.submitted_at)
            for one in lines
        ]
        (oldest,) = await self.waiting(0, 1) if total else (None,)
        self.render_page(
            "grading.html",
            piles=[
                PileCard(
                    self.portal.url(f"cham-bai/ban/{one.course}/{one.quiz}/{one.slot}"),
                    one.quiz_title,
                    one.number,
                    one.outcome,
                    one.waiting,
                    one.held,
                )
                for one in piles
            ],
            waiting=rows,
            first=self.url_of(oldest) if oldest else None,
            total=total,
            pager=pager,
            saved=self.get_query_argument(_SAVED, "") == "1",
            place=None,
        )


class GradeHandler(_GradingHandler):
    """One answer with its rubric, and the form for points and comment."""

    async def task(self, attempt: str, slot: str) -> WrittenAnswer:
        """Raises ``NotYours``, ``NoSuchSlot``, ``PortalError`` 404 for a question that is not written."""
        found = await self.run(self.portal.attempts.to_grade, attempt, slot, self.scope)
        if found.person_id == self.me.person_id:
            raise NotYours
        if not found.rubric:
            raise not_found()
        return found

    async def get(self, attempt: str, slot: str) -> None:
        task = await self.task(attempt, slot)
        form = GradeForm()
        if task.score is not None:
            form = GradeForm(points=number(task.score.points), comment=task.score.comment or "")
        self.show(task, form, {}, saved=self.get_query_argument(_SAVED, "") == "1")

    async def post(self, attempt: str, slot: str) -> None:
        task = await self.task(attempt, slot)
        # Stripping is left to the service: what was typed comes back as it was typed when it is refused.
        form = GradeForm(
            points=self.get_body_argument("points", ""),
            comment=self.get_body_argument("comment", "", strip=False).replace("\r\n", "\n"),
            reason=self.get_body_argument("reason", ""),
        )
        errors: dict[str, str] = {}
        if task.score is not None and not clean(form.reason):
            errors["reason"] = _("Câu này đã có điểm. Anh/chị ghi lý do chấm lại.")
        points = _points(form.points, task.max_points, errors)
        if points is not None and not errors:
            try:
                await self.run(
                    self.portal.attempts.grade_slot,
                    attempt,
                    slot,
                    points,
                    form.comment,
                    self.me.account_id,
                    self.portal.clock(),
                    form.reason or None,
                    scope_paths=self.scope,
                    seen_round=_round(self.get_body_argument("vong", "")),
                )
            except GradeRefused as refused:
                errors[_field_of(refused, task)] = refused.message
        if errors:
            self.set_status(400)
            self.show(task, form, errors)
            return
        left = [one for one in await self.waiting(0, PAGE) if not one.held]
        # On with the same officer's other answers first, else with whoever waits longest.
        following = next((one for one in left if one.attempt_id == attempt), left[0] if left else None)
        onward = self.url_of(following) if following else self.portal.url("cham-bai")
        self.redirect(f"{onward}?{_SAVED}=1", status=303)

    def show(self, task: WrittenAnswer, form: GradeForm, errors: dict[str, str], saved: bool = False) -> None:
        place: Place = [
            (_("Chấm bài"), self.portal.url("cham-bai")),
            (_("Câu %(number)s") % {"number": number(task.number)}, None),
        ]
        answer = task.answer if isinstance(task.answer, str) else ""
        shown = {
            "number": task.number,
            "person": task.officer,
            "unit": task.unit,
            "quiz_title": task.quiz_title,
            "prompt": task.prompt,
            "answer": answer,
            "words": len(answer.split()),
            "came_late": task.came_late,
            "submitted_at": task.submitted_at,
            "rubric": [{"text": text, "points": points} for text, points in task.rubric],
            "sample": task.sample,
            "max_points": task.max_points,
            "graded": task.score.points if task.score is not None else None,
            "round": task.round,
            "support_url": self.portal.url(f"cham-bai/ho-tro/{task.attempt_id}"),
        }
        self.render_page("grade_slot.html", task=shown, form=form, errors=errors, saved=saved, place=place)


def _round(sent: str) -> int | None:
    """The attempt's round that the form was made for; None for a form without."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def _points(typed: str, most: Decimal, errors: dict[str, str]) -> Decimal | None:
    """The points typed, or None with the reason in ``errors``."""
    try:
        points = parse_number(typed)
    except ValueError as problem:
        errors["points"] = str(problem)
        return None
    if not 0 <= points <= most:
        errors["points"] = _("Điểm phải từ 0 đến %(max)s; anh/chị đã nhập %(typed)s. Chưa lưu.") % {
            "max": number(most),
            "typed": clean(typed),
        }
        return None
    if points * 100 % 1:
        errors["points"] = _("Điểm lấy tối đa hai chữ số sau dấu phẩy. Chưa lưu.")
        return None
    return points


def _field_of(refused: GradeRefused, task: WrittenAnswer) -> str:
    """Where a refusal of the service belongs: our own checks leave it the lengths and a grade given meanwhile."""
    return "comment" if "ký tự" in refused.message else "points"


def grading_pages() -> list[Route]:
    """The list and the form."""
    return [
        Route(r"/cham-bai/?", WaitingHandler, TRAINER, "page"),
        Route(r"/cham-bai/(?P<attempt>\w+)/(?P<slot>[\w.-]+)", GradeHandler, TRAINER, "page"),
    ]
