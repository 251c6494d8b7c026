"""The administrator sees who is signed in now, and ends sign-ins."""

from __future__ import annotations

from isoxa_courses.text import clean
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.sign_ins import SignIn, end_sign_ins, live_sign_ins

from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_changes import Desk
from .admin_base import ADMIN, AdminHandler
from .browsers import browser_words
from .view import paged, with_query

__all__ = ["sign_in_pages"]

PAGE = 50


def _live(portal: Portal, desk: Desk, text: str) -> list[SignIn]:
    with reading(portal.engine) as session:
        return live_sign_ins(session, desk.scope, desk.now, text=text, limits=portal.limits)


def _end(desk: Desk, session_ids: list[int]) -> list[int]:
    with writing(desk.portal.engine) as session:
        return end_sign_ins(
            session, desk.scope, session_ids=session_ids, actor=desk.me.account_id, now=desk.now,
            limits=desk.portal.limits,
        )  # fmt: skip


class SignInsHandler(AdminHandler):
    """ "Ai đang đăng nhập"."""

    async def get(self) -> None:
        search = clean(self.get_query_argument("tim", ""))[:100]
        found = await self.run(_live, self.portal, self.desk, search)
        ended = self.get_query_argument("xong", "")
        url = self.portal.url("quan-tri/phien")
        pager = paged(found, self.get_query_argument("trang", ""), PAGE, url, {"tim": search})
        self.render_page(
            "sign_ins.html",
            sign_ins=[
                {
                    "id": one.id,
                    "account_url": self.portal.url(f"quan-tri/tai-khoan/{one.account_id}"),
                    "display_name": one.display_name,
                    "username": one.username,
                    "unit": one.unit,
                    "browser": browser_words(one.user_agent),
                    "address": one.address,
                    "created_at": one.created_at,
                    "last_seen_at": one.last_seen_at,
                    "own": one.id == self.me.session_id,
                }
                for one in pager.items
            ],
            search=search,
            total=len(found),
            people=len({one.account_id for one in found}),
            pager=pager,
            ended=ended == "1",
            place=self.place((_("Ai đang đăng nhập"), None)),
        )

    async def post(self) -> None:
        chosen = self.get_body_arguments("phien")
        if not chosen or not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in chosen):
            raise self.malformed()
        ids = [int(one) for one in chosen if int(one) != self.me.session_id]
        await self.end_lessons(await self.run(_end, self.desk, ids))
        search = clean(self.get_body_argument("tim", ""))[:100]
        self.redirect(with_query(self.portal.url("quan-tri/phien"), {"tim": search, "xong": "1"}), status=303)


def sign_in_pages() -> list[Route]:
    """The list."""
    return [Route(r"/quan-tri/phien", SignInsHandler, ADMIN, "page")]
