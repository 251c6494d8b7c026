"""An officer's attempts at quizzes: start, answer, submit, look."""

from __future__ import annotations

import asyncio

from isoxa_grading.records.attempts import AttemptRefused, AttemptView, Receipt, Refusal
from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.tables import AttemptStatus

from ..course_access import course_access
from .base import ApiHandler


class _AttemptHandler(ApiHandler):
    def write_attempt(self, view: AttemptView | Receipt) -> None:
        """The attempt; once submitted, with the address of its result."""
        result_url = None
        if view.status is not AttemptStatus.OPEN:
            result_url = self.portal.url(f"khoa-hoc/{view.course}/ket-qua/{view.id}")
        self.write_json(view.to_json(result_url))


class AttemptsHandler(_AttemptHandler):
    """``POST /api/attempts``"""

    async def post(self) -> None:
        body = self.body()
        course, quiz = self.text(body, "course"), self.text(body, "quiz")
        if self.portal.settings.workshop:
            await self.run(self.refuse_held, course, quiz)
        view = await self.run(self.portal.attempts.start, self.person_id, course, quiz, self.portal.clock())
        self.write_attempt(view)

    def refuse_held(self, course: str, quiz: str) -> None:
        """Raises ``AttemptRefused`` for a quiz that the trainer of this hall has not opened yet."""
        if (StepKind.QUIZ, quiz) in course_access(self.portal, self.me, course).held:
            raise AttemptRefused(
                Refusal.LOCKED, "Giảng viên chưa mở bài kiểm tra này cho cả lớp. Chưa có lần làm nào bị tính."
            )


class AttemptHandler(_AttemptHandler):
    """``GET /api/attempts/A``"""

    async def get(self, attempt: str) -> None:
        view = await self.run(self.portal.attempts.view, attempt, self.person_id, self.portal.clock())
        self.write_attempt(view)


class SlotHandler(ApiHandler):
    """``PUT /api/attempts/A/slots/S``"""

    async def put(self, attempt: str, slot: str) -> None:
        body = self.body()
        saved = await self.run(
            self.portal.attempts.save,
            attempt,
            self.person_id,
            slot,
            body.get("answer"),
            body.get("seq"),
            body.get("key"),
            self.portal.clock(),
        )
        self.write_json(saved.to_json())


class SubmitHandler(_AttemptHandler):
    """``POST /api/attempts/A/submit``; ``round``: the one the page shows, see `attempts.submitting`; ``brief``:
    a receipt will do, since the page goes on to the result"""

    async def post(self, attempt: str) -> None:
        # An older page says nothing of rounds; then it is the present one that is handed in.
        body = self.body() if self.has_body else {}
        seen = body.get("round")
        if type(seen) not in (int, type(None)):
            raise self.malformed()
        # Not in one of the portal's few threads: all who press at the same moment are to be one transaction.
        handed_in = self.portal.attempts.hand_in(
            attempt, self.person_id, self.portal.clock(), seen_round=seen, brief=body.get("brief") is True
        )
        self.write_attempt(await asyncio.wrap_future(handed_in))
