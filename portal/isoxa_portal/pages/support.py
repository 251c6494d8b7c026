"""More time, or one more attempt, for one officer: plain forms, each with a reason that the audit log keeps."""

from __future__ import annotations

from datetime import date

from isoxa_grading.records.desk import SupportRefused, Trainer
from isoxa_grading.records.tables import Role

from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..routes import Route
from .view import Place

__all__ = ["support_pages"]

_SAVED = {"gia-han": "due_on", "lam-them": "more"}


class SupportHandler(PortalHandler):
    """``/cham-bai/ho-tro/ATTEMPT``"""

    @property
    def trainer(self) -> Trainer:
        """Who asks, for which units."""
        return Trainer(self.me.account_id, self.me.person_id, tuple(self.me.scope_paths(Role.TRAINER)))

    async def get(self, attempt: str) -> None:
        saved = self.get_query_argument("xong", "")
        await self.show(attempt, {}, {}, saved if saved in _SAVED else "")

    async def post(self, attempt: str) -> None:
        what = self.get_body_argument("viec", "")
        typed = {name: self.get_body_argument(name, "") for name in ("due_on", "due_reason", "more_reason")}
        desk, now = self.portal.desk, self.portal.clock()
        # Who it is about is asked first: out of reach, nothing more is said.
        await self.run(desk.support, self.trainer, attempt)
        errors: dict[str, str] = {}
        try:
            if what == "gia-han":
                due_on = _day(typed["due_on"], errors)
                if due_on is not None:
                    await self.run(desk.extend_due, self.trainer, attempt, due_on, typed["due_reason"], now)
            elif what == "lam-them":
                await self.run(desk.one_more, self.trainer, attempt, typed["more_reason"], now)
            else:
                errors[""] = _("Yêu cầu không hợp lệ. Chưa có gì thay đổi.")
        except SupportRefused as refused:
            about_due = what == "gia-han"
            reason = typed["due_reason" if about_due else "more_reason"].strip()
            field = ("due_on" if reason else "due_reason") if about_due else "more_reason"
            errors[field] = refused.message
        if errors:
            self.set_status(400)
            await self.show(attempt, typed, errors)
            return
        self.redirect(f"{self.portal.url(f'cham-bai/ho-tro/{attempt}')}?xong={what}", status=303)

    async def show(
        self, attempt: str, typed: dict[str, str], errors: dict[str, str], saved: str = ""
    ) -> None:
        """The officer's standing and the two forms, with what was typed."""
        found = await self.run(self.portal.desk.support, self.trainer, attempt)
        place: Place = [
            (_("Chấm bài"), self.portal.url("cham-bai")),
            (_("Gia hạn, cho làm thêm"), None),
        ]
        self.render_page("support.html", one=found, typed=typed, errors=errors, saved=saved, place=place)


def _day(typed: str, errors: dict[str, str]) -> date | None:
    """A day as the browser's date field sends it, or as people write it (31/12/2026)."""
    text = typed.strip()
    parts = text.split("/")
    try:
        if len(parts) == 3:
            return date(int(parts[2]), int(parts[1]), int(parts[0]))
        return date.fromisoformat(text)
    except ValueError:
        errors["due_on"] = _("Ngày viết như 31/12/2026. Chưa đổi hạn; ghi lại ngày rồi lưu.")
        return None


def support_pages() -> list[Route]:
    """The forms of one officer."""
    return [Route(r"/cham-bai/ho-tro/(?P<attempt>\w+)", SupportHandler, frozenset({Role.TRAINER}), "page")]
