"""The grading desk: piles, the next answer, its claim, its mark, and the trainer's kept comments.

Every call speaks for the trainer who is signed in: what lies outside their units, and their own work, is not found.
An answer is named by its task's id, which says nothing of whose it is; asked for with ``anonymous``, nothing else
does either.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from isoxa_courses.text import clean, parse_number
from isoxa_grading.records.attempts.views import number
from isoxa_grading.records.desk import DeskAnswer, Pile, Trainer
from isoxa_grading.records.desk.marks import Mark
from isoxa_grading.records.tables import BankComment, Role

from ..errors import PortalError
from ..i18n import gettext as _
from ..pages.environment import number as words
from ..routes import Route
from .base import ApiHandler

TRAINER = frozenset({Role.TRAINER})
_TASK = re.compile(r"[0-9a-f]{32}")
_MOST_LINES = 100


class DeskHandler(ApiHandler):
    """What the desk's handlers share."""

    @property
    def trainer(self) -> Trainer:
        """Who grades, and for which units."""
        me = self.me
        return Trainer(me.account_id, me.person_id, tuple(me.scope_paths(Role.TRAINER)))

    def flag(self, body: dict[str, Any], name: str) -> bool:
        """A field that must be true or false; false where it is missing."""
        value = body.get(name, False)
        if not isinstance(value, bool):
            raise self.malformed()
        return value


class PilesHandler(DeskHandler):
    """``GET /api/desk/piles``"""

    async def get(self) -> None:
        found = await self.run(self.portal.desk.piles, self.trainer, self.portal.clock())
        self.write_json({"piles": [self._pile(one) for one in found]})

    def _pile(self, one: Pile) -> dict[str, Any]:
        return {
            "course": one.course,
            "quiz": one.quiz,
            "slot": one.slot,
            "title": one.quiz_title,
            "number": one.number,
            "outcome": one.outcome,
            "waiting": one.waiting,
            "held": one.held,
            "oldest": one.oldest.isoformat(),
            "url": self.portal.url(f"cham-bai/ban/{one.course}/{one.quiz}/{one.slot}"),
        }


class NextHandler(DeskHandler):
    """``POST /api/desk/next``: the next free answer of a pile, now held for this trainer.

    ``waiting``: how many of the pile have no mark; null while going on from one to the next.
    """

    async def post(self) -> None:
        body = self.body()
        pile = [self.text(body, name)[:80] for name in ("course", "quiz", "slot")]
        after = body.get("after")
        if after is not None and not (isinstance(after, str) and _TASK.fullmatch(after)):
            raise self.malformed()
        if any("\0" in part for part in pile):
            raise self.malformed()
        found = await self.run(
            self.portal.desk.take_next,
            self.trainer,
            *pile,
            self.portal.clock(),
            after=after,
            anonymous=self.flag(body, "anonymous"),
        )
        waiting = None
        if found is None or after is None:
            waiting = await self.run(self.portal.desk.count, self.trainer, *pile)
        answer = None if found is None else _answer(found, self.portal.url())
        self.write_json({"answer": answer, "waiting": waiting})


class AnswerHandler(DeskHandler):
    """``GET /api/desk/answers/T``: an answer seen before; ``?an-danh=1`` leaves the names out."""

    async def get(self, task: str) -> None:
        anonymous = self.get_query_argument("an-danh", "") == "1"
        found = await self.run(self.portal.desk.open, self.trainer, task, anonymous=anonymous)
        self.write_json({"answer": _answer(found, self.portal.url())})


class ClaimHandler(DeskHandler):
    """``PUT`` and ``DELETE /api/desk/answers/T/claim``: hold on to it, give it back."""

    async def put(self, task: str) -> None:
        until = await self.run(self.portal.desk.renew, self.trainer, task, self.portal.clock())
        self.write_json({"until": until.isoformat()})

    async def delete(self, task: str) -> None:
        await self.run(self.portal.desk.release, self.trainer, task)
        self.write_json({"released": True})


class GradeHandler(DeskHandler):
    """``PUT /api/desk/answers/T/grade`` ``{points, comment, rubric, revision, reason}``; points as typed."""

    async def put(self, task: str) -> None:
        body = self.body()
        seen = await self.run(self.portal.desk.open, self.trainer, task)
        rubric, revision, reason = body.get("rubric"), body.get("revision"), body.get("reason")
        if rubric is not None and not (
            isinstance(rubric, list)
            and len(rubric) <= _MOST_LINES
            and all(isinstance(line, str) for line in rubric)
        ):
            raise self.malformed()
        if not isinstance(revision, int) or isinstance(revision, bool) or revision < 0:
            raise self.malformed()
        if reason is not None and not isinstance(reason, str):
            raise self.malformed()
        mark = Mark(
            points=typed_points(self.text(body, "points"), seen.max_points),
            comment=self.text(body, "comment"),
            rubric=None if rubric is None else tuple(rubric),
            revision=revision,
            reason=reason,
        )
        given = await self.run(self.portal.desk.give, self.trainer, task, mark, self.portal.clock())
        self.write_json({"saved": True, "revision": given, "points": number(mark.points)})


class CommentsHandler(DeskHandler):
    """``GET`` and ``POST /api/desk/comments/C``: the trainer's own, by course."""

    async def get(self, course: str) -> None:
        kept = await self.run(self.portal.desk.comments, self.trainer, course)
        self.write_json({"comments": [_comment(one) for one in kept]})

    async def post(self, course: str) -> None:
        text = self.text(self.body(), "text")
        kept = await self.run(self.portal.desk.keep_comment, self.trainer, course, text, self.portal.clock())
        self.write_json({"comment": _comment(kept)})


class CommentHandler(DeskHandler):
    """``DELETE /api/desk/comments/C/N``"""

    async def delete(self, course: str, comment: str) -> None:
        await self.run(self.portal.desk.forget_comment, self.trainer, course, int(comment))
        self.write_json({"deleted": True})


def typed_points(typed: str, most: Decimal) -> Decimal:
    """The points a trainer typed. Raises ``PortalError`` 400 ``points``, in words."""
    try:
        points = parse_number(typed)
    except ValueError as problem:
        raise PortalError(400, "points", f"{problem} {_('Chưa lưu; sửa điểm rồi lưu lại.')}") from None
    if not 0 <= points <= most:
        raise PortalError(
            400,
            "points",
            _("Điểm phải từ 0 đến %(max)s; anh/chị đã nhập %(typed)s. Chưa lưu; sửa điểm rồi lưu lại.")
            % {"max": words(most), "typed": clean(typed)[:40]},
        )
    if points * 100 % 1:
        raise PortalError(
            400, "points", _("Điểm lấy tối đa hai chữ số sau dấu phẩy. Chưa lưu; sửa điểm rồi lưu lại.")
        )
    return points


def _answer(one: DeskAnswer, base: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "task": one.task,
        "number": one.number,
        "title": one.quiz_title,
        "prompt": one.prompt,
        "answer": one.answer,
        "words": one.words,
        "came_late": one.came_late,
        "max_points": number(one.max_points),
        "rubric": [{"id": line.id, "text": line.text, "points": number(line.points)} for line in one.rubric],
        "sample": one.sample,
        "revision": one.revision,
        "points": number(one.points),
        "comment": one.comment,
        "met": list(one.met),
    }
    if one.attempt_id is not None:
        shown |= {
            "officer": one.officer,
            "unit": one.unit,
            "submitted_at": one.submitted_at.isoformat(),
            "support_url": f"{base}cham-bai/ho-tro/{one.attempt_id}",
        }
    return shown


def _comment(one: BankComment) -> dict[str, Any]:
    return {"id": one.id, "text": one.text}


def desk_routes() -> list[Route]:
    """Every address of the desk's API."""
    answer = r"/api/desk/answers/(?P<task>[0-9a-f]{32})"
    comments = r"/api/desk/comments/(?P<course>[\w.-]{1,80})"
    return [
        Route(r"/api/desk/piles", PilesHandler, TRAINER, "api"),
        Route(r"/api/desk/next", NextHandler, TRAINER, "api"),
        Route(answer, AnswerHandler, TRAINER, "api"),
        Route(rf"{answer}/claim", ClaimHandler, TRAINER, "api"),
        Route(rf"{answer}/grade", GradeHandler, TRAINER, "api"),
        Route(comments, CommentsHandler, TRAINER, "api"),
        Route(rf"{comments}/(?P<comment>[0-9]{{1,9}})", CommentHandler, TRAINER, "api"),
    ]
