"""What people ask of their administrator: a new password; to correct or erase what is kept about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from isoxa_grading.records.account_admin import take_accounts
from isoxa_grading.records.account_scope import home_unit_id, in_reach
from isoxa_grading.records.audit import audit
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.resets import close_reset_requests, open_reset_requests
from isoxa_grading.records.tables import Account, DataRequest, DataRequestKind
from sqlalchemy import select

from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_changes import Desk, FormError
from .admin_base import ADMIN
from .code_sheet import SheetHandler

__all__ = ["open_requests", "request_kinds", "request_pages"]


@dataclass(frozen=True)
class Asked:
    """A request: of which account (``key`` with its version), when; ``words``: what is asked for."""

    key: str
    account_id: int
    name: str
    username: str
    at: datetime
    words: str = ""


def request_kinds() -> dict[DataRequestKind, str]:
    """What can be asked about personal data."""
    return {
        DataRequestKind.CORRECT: _("Sửa thông tin sai"),
        DataRequestKind.ERASE: _("Xóa thông tin cá nhân"),
    }


def open_requests(portal: Portal, scope: list[str]) -> tuple[list[Asked], list[Asked]]:
    """Forgotten passwords, and requests about personal data, that nobody has answered; the oldest first."""
    with reading(portal.engine) as session:
        resets = [
            _asked(request.account, request.requested_at)
            for request in open_reset_requests(session, scope)
            if request.account is not None
        ]
        query = (
            select(DataRequest, Account)
            .join(Account, Account.person_id == DataRequest.person_id)
            .where(DataRequest.closed_at.is_(None), in_reach(session, scope))
            .order_by(DataRequest.requested_at, DataRequest.id)
        )
        data = [
            _asked(account, request.requested_at, request_kinds()[request.kind])
            for request, account in session.execute(query)
        ]
        return resets, data


def _asked(account: Account, at: datetime, words: str = "") -> Asked:
    return Asked(
        f"{account.id}.{account.version}", account.id, account.display_name, account.username, at, words
    )


def _dismiss(desk: Desk, versions: dict[int, int | None]) -> None:
    with writing(desk.portal.engine) as session:
        accounts = take_accounts(session, desk.scope, versions)
        close_reset_requests(session, accounts, "dismissed", actor=desk.me.account_id, now=desk.now)
        for account in accounts:
            audit(
                session, desk.me.account_id, "reset.dismissed", "account", account.id,
                home_unit_id(session, account), {}, desk.now,
            )  # fmt: skip


class RequestsHandler(SheetHandler):
    """ "Yêu cầu chờ xử lý"."""

    async def get(self) -> None:
        await self.show({})

    async def post(self) -> None:
        work, versions = self.get_body_argument("viec", ""), self.versions("tai-khoan")
        if work not in ("ma", "bo-qua"):
            raise self.malformed()
        try:
            if not versions:
                raise FormError({"": _("Anh/chị chưa chọn yêu cầu nào. Đánh dấu ở đầu dòng rồi làm lại.")})
            if work == "ma":
                codes = await self.run(self.desk.codes, versions)
                await self.show_sheet(codes, _("Quên mật khẩu"))
                return
            await self.run(_dismiss, self.desk, versions)
        except FormError as problem:
            self.set_status(400)
            await self.show(problem.errors)
            return
        self.redirect(self.portal.url("quan-tri/yeu-cau"), status=303)

    async def show(self, errors: dict[str, str]) -> None:
        resets, data = await self.run(open_requests, self.portal, self.scope)
        self.render_page(
            "requests.html",
            resets=resets,
            data=data,
            errors=errors,
            place=self.place((_("Yêu cầu chờ xử lý"), None)),
        )


def request_pages() -> list[Route]:
    """The list."""
    return [Route(r"/quan-tri/yeu-cau", RequestsHandler, ADMIN, "page")]
