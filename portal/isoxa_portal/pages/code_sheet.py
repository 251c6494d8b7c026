"""Activation codes on paper: choose a unit, get a sheet of slips. The sheet is shown once, when the codes are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from isoxa_grading.records.account_scope import in_reach, inside, unit_in_scope
from isoxa_grading.records.activation import IssuedCode
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Account, ActivationCode, Membership, Person, Unit
from isoxa_grading.records.units import unit_label
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_changes import Desk
from .admin_base import ADMIN, AdminHandler

__all__ = ["SheetHandler", "code_pages"]


@dataclass(frozen=True)
class UnitNeed:
    """A unit's people who cannot log in yet; ``coded`` of them hold a code that is still good."""

    id: int
    name: str
    without: int
    coded: int


@dataclass(frozen=True)
class SheetPart:
    """The slips of one unit."""

    unit: str
    slips: list[IssuedCode]


class SheetHandler(AdminHandler):
    """A page that can end in a sheet of codes."""

    async def show_sheet(self, codes: Sequence[IssuedCode], title: str) -> None:
        """The sheet, unit by unit, instead of the page: codes are kept nowhere, so there is no address to go to."""
        parts = await self.run(_parts, self.portal, codes)
        self.render_page(
            "code_sheet.html",
            title=title,
            parts=parts,
            total=len(codes),
            expires_at=codes[0].expires_at if codes else None,
            address=self.request.host + self.portal.url("kich-hoat"),
            place=self.place((_("Mã kích hoạt"), self.portal.url("quan-tri/ma-kich-hoat")), (title, None)),
        )


def _parts(portal: Portal, codes: Sequence[IssuedCode]) -> list[SheetPart]:
    parts: dict[int | None, list[IssuedCode]] = {}
    for code in codes:
        parts.setdefault(code.unit.id if code.unit else None, []).append(code)
    with reading(portal.engine) as session:
        units = {
            unit.id: unit
            for unit in session.scalars(select(Unit).where(Unit.id.in_([one for one in parts if one])))
        }
        ordered = sorted(parts, key=lambda one: units[one].sort_key if one in units else "")
        return [SheetPart(unit_label(units[one]) if one in units else "", parts[one]) for one in ordered]


class CodesHandler(SheetHandler):
    """ "Mã kích hoạt": which units have people who cannot log in; a sheet for one of them or for all."""

    async def get(self) -> None:
        wanted = self.unit(self.get_query_argument("don-vi", ""))
        needs = await self.run(_needs, self.portal, self.scope, wanted, self.portal.clock())
        self.render_page(
            "codes.html",
            needs=needs,
            without=sum(one.without for one in needs),
            coded=sum(one.coded for one in needs),
            chosen=wanted,
            days=self.portal.settings.activation_days,
            place=self.place((_("Mã kích hoạt"), None)),
        )

    async def post(self) -> None:
        wanted = self.unit(self.get_body_argument("don-vi", ""))
        again = self.get_body_argument("lai", "") == "1"
        title, codes = await self.run(_issue, self.desk, wanted, again)
        if codes:
            await self.show_sheet(codes, title)
            return
        self.redirect(self.portal.url("quan-tri/ma-kich-hoat"), status=303)

    def unit(self, typed: str) -> int | None:
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
            raise not_found()
        return int(typed)


def _needs(portal: Portal, scope: list[str], unit_id: int | None, now: datetime) -> list[UnitNeed]:
    """Units with people who have an account and no password, by name; of one unit, it and those below."""
    with reading(portal.engine) as session:
        paths = _paths(session, scope, unit_id)
        coded = func.sum(case((exists(_open_code(now)), 1), else_=0))
        query = (
            select(Unit, func.count(Account.id), coded)
            .join(Membership, Membership.unit_id == Unit.id)
            .join(Account, Account.person_id == Membership.person_id)
            .where(Membership.valid_to.is_(None), inside(paths), _waiting(session, scope))
            .group_by(Unit.id)
            .order_by(Unit.sort_key)
        )
        return [
            UnitNeed(unit.id, unit_label(unit), count, have) for unit, count, have in session.execute(query)
        ]


def _issue(desk: Desk, unit_id: int | None, again: bool) -> tuple[str, list[IssuedCode]]:
    """Codes for everyone of the unit (None: the whole scope) who cannot log in; without ``again`` only for those who
    hold no good code."""
    with writing(desk.portal.engine) as session:
        paths = _paths(session, list(desk.scope), unit_id)
        query = (
            select(Account)
            .join(Person, Person.id == Account.person_id)
            .join(Membership, Membership.person_id == Person.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.valid_to.is_(None), inside(paths), _waiting(session, desk.scope))
            .order_by(Unit.sort_key, Person.sort_key, Account.id)
        )
        if not again:
            query = query.where(~exists(_open_code(desk.now)))
        accounts = list(dict.fromkeys(session.scalars(query)))
        unit = session.get(Unit, unit_id) if unit_id is not None else None
        return unit_label(unit) if unit else _("Toàn bộ phạm vi quản trị"), desk.issue(session, accounts)


def _paths(session: Session, scope: list[str], unit_id: int | None) -> list[str]:
    if unit_id is None:
        return scope
    unit = unit_in_scope(session, scope, unit_id)
    if unit is None:
        raise not_found()
    return [unit.path]


def _waiting(session: Session, scope: Sequence[str]) -> ColumnElement[bool]:
    return and_(Account.password_hash.is_(None), Account.disabled_at.is_(None), in_reach(session, scope))


def _open_code(now: datetime) -> Select[int]:
    return (
        select(ActivationCode.id)
        .where(
            ActivationCode.account_id == Account.id,
            ActivationCode.ended_at.is_(None),
            ActivationCode.expires_at > now,
        )
        .correlate(Account)
    )


def code_pages() -> list[Route]:
    """Units and sheets."""
    return [Route(r"/quan-tri/ma-kich-hoat", CodesHandler, ADMIN, "page")]
