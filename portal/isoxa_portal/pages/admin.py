"""The administrator's start page: how much there is, and the two things to do."""

from __future__ import annotations

from dataclasses import dataclass

from isoxa_grading.records.database import reading
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Enrolment, Membership, Role, Unit
from isoxa_grading.records.units import under
from sqlalchemy import distinct, func, or_, select

from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_list import AccountFilter, account_ids
from .environment import number
from .requests_page import open_requests
from .roster_work import Imported, recent_imports
from .view import Tile

__all__ = ["admin_pages"]

_RECENT = 10


@dataclass(frozen=True)
class _Figures:
    people: int
    units: int
    enrolled: int
    accounts: int
    without_password: int
    waiting: int
    imports: list[Imported]


def _figures(portal: Portal, me: SignedIn, scope: list[str]) -> _Figures:
    resets, data = open_requests(portal, scope)
    with reading(portal.engine) as session:
        inside = or_(*(under(Unit.path, path) for path in scope))
        serving = (
            select(func.count(distinct(Membership.person_id)), func.count(distinct(Membership.unit_id)))
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.valid_to.is_(None), inside)
        )
        people, units = session.execute(serving).one()
        enrolled = session.scalar(
            select(func.count(distinct(Enrolment.person_id)))
            .join(Membership, Membership.person_id == Enrolment.person_id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.valid_to.is_(None), inside)
        )
        without = len(account_ids(session, scope, AccountFilter(state="chua-mat-khau")))
        using = len(account_ids(session, scope, AccountFilter(state="dang-dung")))
        return _Figures(
            people=people,
            units=units,
            enrolled=enrolled or 0,
            accounts=using + without,
            without_password=without,
            waiting=len(resets) + len(data),
            imports=recent_imports(portal, me, scope, _RECENT),
        )


class AdminHandler(PortalHandler):
    """ "Quản trị"."""

    async def get(self) -> None:
        found = await self.run(_figures, self.portal, self.me, self.me.scope_paths(Role.ADMIN))
        tiles = [
            Tile("now", number(found.people), _("người trong danh sách, ở %(units)s đơn vị") % {
                "units": number(found.units)
            }),
            Tile("now", number(found.enrolled), _("người được ghi danh học")),
            Tile("now", number(found.accounts), _("tài khoản đang dùng")),
            Tile(
                "wait" if found.without_password else "none",
                number(found.without_password),
                _("tài khoản chưa có mật khẩu"),
            ),
        ]  # fmt: skip
        self.render_page("admin.html", tiles=tiles, imports=found.imports, waiting=found.waiting, place=None)


def admin_pages() -> list[Route]:
    """The start page."""
    return [Route(r"/quan-tri/?", AdminHandler, frozenset({Role.ADMIN}), "page")]
