"""Files that participants' pages sent, for the trainer: look at them like files that were brought, throw them away; and
the trainer's word that lets such files be recorded as they come.
"""

from __future__ import annotations

from collections.abc import Callable

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Workshop
from isoxa_grading.workshops import (
    ReportRefused,
    WorkshopRefused,
    begin_vouching,
    discard_waiting,
    end_vouching,
    find_workshop,
    waiting_files,
)
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from . import uploads
from .classes import TRAINER, ClassBase
from .uploads import Files

__all__ = ["sent_file_pages"]


class _Base(ClassBase):
    def back(self, workshop: str, query: str = "") -> None:
        """To the class's page."""
        self.redirect(self.portal.url(f"lop-tap-huan/{int(workshop)}") + query, status=303)

    def change(self, workshop_id: int, work: Callable[[Session, Workshop], int | None]) -> int | None:
        """``work`` on a class within the scope, in one transaction. Raises 404."""
        with writing(self.portal.engine) as session:
            try:
                workshop = find_workshop(session, workshop_id, self.scope)
            except WorkshopRefused as refused:
                raise not_found() from refused
            return work(session, workshop)


class LookHandler(_Base):
    """Lay what waits beside the roster, on the page where files that were brought are laid."""

    async def post(self, workshop: str) -> None:
        files = await self.run(_waiting, self.portal, self.scope, int(workshop))
        if not files:
            self.back(workshop)
            return
        portal = self.portal
        ticket = await self.run(
            uploads.keep, portal.data, self.me.account_id, int(workshop), files, portal.clock()
        )
        self.redirect(portal.url(f"lop-tap-huan/{int(workshop)}/nhap/{ticket}"), status=303)


def _waiting(portal: Portal, scope: list[str], workshop_id: int) -> Files:
    with reading(portal.engine) as session:
        try:
            return waiting_files(session, find_workshop(session, workshop_id, scope))
        except WorkshopRefused as refused:
            raise not_found() from refused


class DiscardHandler(_Base):
    """Throw away what waits."""

    async def post(self, workshop: str) -> None:
        if self.get_body_argument("chac_chan", "") != "1":
            raise PortalError(
                400, "not_sure", _("Anh/chị chưa đánh dấu ô “Tôi chắc chắn”. Các tệp vẫn còn nguyên.")
            )
        actor, now = self.me.account_id, self.portal.clock()
        count = await self.run(
            self.change,
            int(workshop),
            lambda session, one: discard_waiting(session, one, actor=actor, now=now),
        )
        self.back(workshop, f"?da-bo={count}")


class VouchHandler(_Base):
    """Give one's word for the class, or take it back."""

    async def post(self, workshop: str) -> None:
        begin = self.get_body_argument("bao_dam", "") == "1"
        act = begin_vouching if begin else end_vouching
        actor, now = self.me.account_id, self.portal.clock()
        try:
            await self.run(self.change, int(workshop), lambda session, one: act(session, one, actor, now=now))
        except ReportRefused as refused:
            raise PortalError(409, refused.code, str(refused)) from refused
        self.back(workshop)


def sent_file_pages() -> list[Route]:
    """What pages sent, of one class."""
    one = r"/lop-tap-huan/(?P<workshop>[0-9]{1,9})/gui-ve"
    return [
        Route(one, LookHandler, TRAINER, "page"),
        Route(rf"{one}/bo", DiscardHandler, TRAINER, "page"),
        Route(rf"{one}/bao-dam", VouchHandler, TRAINER, "page"),
    ]
