"""More time, the attempt back, or one more attempt, for one officer: plain forms, each with an audited reason.

A trainer comes here from an answer they mark, or finds the officer by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isoxa_courses.text import clean
from isoxa_grading.records.desk import FoundAttempt, SupportRefused, Trainer
from isoxa_grading.records.tables import AttemptStatus, Role

from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..routes import Route
from .view import Place, Status

__all__ = ["day_of", "support_pages"]

_KINDS = ("gia-han", "mo-lai", "lam-them")
_FIELDS = ("due_on", "due_reason", "reopen_reason", "reopen_day", "more_reason")


@dataclass(frozen=True)
class AttemptLine:
    """An officer's last attempt at a quiz, in the list that a name gave."""

    url: str
    found: FoundAttempt
    status: Status


class _TrainerHandler(PortalHandler):
    @property
    def trainer(self) -> Trainer:
        """Who asks, for which units."""
        return Trainer(self.me.account_id, self.me.person_id, tuple(self.me.scope_paths(Role.TRAINER)))


class FindHandler(_TrainerHandler):
    """``/cham-bai/ho-tro``: an officer's attempts, by name."""

    async def get(self) -> None:
        typed = clean(self.get_query_argument("tim", ""))[:200]
        found = await self.run(self.portal.desk.find_by_name, self.trainer, typed)
        words = {
            AttemptStatus.OPEN: Status("now", _("Đang làm")),
            AttemptStatus.SUBMITTED: Status("wait", _("Chờ chấm")),
            AttemptStatus.GRADED: Status("good", _("Đã có điểm")),
        }
        lines = [
            AttemptLine(self.portal.url(f"cham-bai/ho-tro/{one.attempt_id}"), one, words[one.status])
            for one in found.attempts
        ]
        place: Place = [(_("Chấm bài"), self.portal.url("cham-bai")), (_("Hỗ trợ học viên"), None)]
        self.render_page("support_find.html", lines=lines, more=found.more, typed=typed, place=place)


class SupportHandler(_TrainerHandler):
    """``/cham-bai/ho-tro/ATTEMPT``"""

    async def get(self, attempt: str) -> None:
        saved = self.get_query_argument("xong", "")
        await self.show(attempt, {}, {}, saved if saved in _KINDS else "")

    async def post(self, attempt: str) -> None:
        what = self.get_body_argument("viec", "")
        typed = {name: self.get_body_argument(name, "") for name in _FIELDS}
        # Who it is about is asked first: out of reach, nothing more is said.
        await self.run(self.portal.desk.support, self.trainer, attempt)
        give = {"gia-han": self.extend, "mo-lai": self.reopen, "lam-them": self.one_more}.get(what)
        if give is None:
            errors = {"": _("Yêu cầu không hợp lệ. Chưa có gì thay đổi.")}
        else:
            errors = await give(attempt, typed)
        if errors:
            self.set_status(400)
            await self.show(attempt, typed, errors)
            return
        self.redirect(f"{self.portal.url(f'cham-bai/ho-tro/{attempt}')}?xong={what}", status=303)

    async def extend(self, attempt: str, typed: dict[str, str]) -> dict[str, str]:
        """Move the due day; field → what is wrong."""
        due_on = day_of(typed["due_on"])
        if due_on is None:
            return {"due_on": _("Ngày viết như 31/12/2026. Chưa đổi hạn; ghi lại ngày rồi lưu.")}
        reason, now = typed["due_reason"], self.portal.clock()
        try:
            await self.run(self.portal.desk.extend_due, self.trainer, attempt, due_on, reason, now)
        except SupportRefused as refused:
            return {"due_on" if reason.strip() else "due_reason": refused.message}
        return {}

    async def reopen(self, attempt: str, typed: dict[str, str]) -> dict[str, str]:
        """Give the attempt back; field → what is wrong."""
        last_day = None
        if typed["reopen_day"].strip():
            last_day = day_of(typed["reopen_day"])
            if last_day is None:
                return {
                    "reopen_day": _("Ngày viết như 31/12/2026. Chưa mở lại; ghi lại ngày, hoặc bỏ trống.")
                }
        seen = self.get_body_argument("vong", "")
        seen_round = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
        reason, now = typed["reopen_reason"], self.portal.clock()
        try:
            await self.run(self.portal.desk.reopen, self.trainer, attempt, reason, last_day, seen_round, now)
        except SupportRefused as refused:
            about_day = refused.message.startswith("Hạn nộp lại")
            return {"reopen_day" if about_day else "reopen_reason": refused.message}
        return {}

    async def one_more(self, attempt: str, typed: dict[str, str]) -> dict[str, str]:
        """One more attempt; field → what is wrong."""
        reason, now = typed["more_reason"], self.portal.clock()
        try:
            await self.run(self.portal.desk.one_more, self.trainer, attempt, reason, now)
        except SupportRefused as refused:
            return {"more_reason": refused.message}
        return {}

    async def show(
        self, attempt: str, typed: dict[str, str], errors: dict[str, str], saved: str = ""
    ) -> None:
        """The officer's standing and the three forms, with what was typed."""
        found = await self.run(self.portal.desk.support, self.trainer, attempt)
        place: Place = [
            (_("Chấm bài"), self.portal.url("cham-bai")),
            (_("Hỗ trợ học viên"), self.portal.url("cham-bai/ho-tro")),
            (found.officer, None),
        ]
        self.render_page("support.html", one=found, typed=typed, errors=errors, saved=saved, place=place)


def day_of(typed: str) -> date | None:
    """A day as the browser's date field sends it, or as people write it (31/12/2026); None for anything else."""
    text = typed.strip()
    parts = text.split("/")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text)
    except ValueError:
        return None


def support_pages() -> list[Route]:
    """The search, and the forms of one officer."""
    trainers = frozenset({Role.TRAINER})
    return [
        Route(r"/cham-bai/ho-tro/?", FindHandler, trainers, "page"),
        Route(r"/cham-bai/ho-tro/(?P<attempt>\w+)", SupportHandler, trainers, "page"),
    ]
