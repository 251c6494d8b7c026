"""What is kept about me: to read, to take away as JSON or as a page, and to ask for correction or erasure."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from isoxa_courses.text import clean
from isoxa_grading.records.account_scope import home_unit_id
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.erasing import LONGEST_REQUEST, ask
from isoxa_grading.records.personal_data import kept_about
from isoxa_grading.records.tables import Account, DataRequest, DataRequestKind, Person
from sqlalchemy import select

from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import ALL_ROLES, Route
from .kept_words import label, said
from .requests_page import request_kinds
from .view import with_query

__all__ = ["my_data_pages"]


class _Mine(NamedTuple):
    kept: dict[str, Any]
    open_requests: list[DataRequestKind]
    has_person: bool


def _read(portal: Portal, account_id: int) -> _Mine:
    with reading(portal.engine) as session:
        account = session.get_one(Account, account_id)
        asked = select(DataRequest.kind).where(
            DataRequest.person_id == account.person_id, DataRequest.closed_at.is_(None)
        )
        return _Mine(
            kept_about(session, portal.library, account),
            list(session.scalars(asked)),
            account.person_id is not None,
        )


def _ask(portal: Portal, account_id: int, kind: DataRequestKind, text: str) -> None:
    now = portal.clock()
    with writing(portal.engine) as session:
        account = session.get_one(Account, account_id)
        person = session.get(Person, account.person_id) if account.person_id is not None else None
        if person is None:
            raise PortalError(
                400,
                "bad_request",
                _("Tài khoản này không gắn với hồ sơ cán bộ nên không có yêu cầu nào để gửi."),
            )
        ask(session, person, kind, text, actor=account, unit_id=home_unit_id(session, account), now=now)


class MyDataHandler(PortalHandler):
    """ "Thông tin của tôi"."""

    async def get(self) -> None:
        await self.show({}, self.get_query_argument("xong", "") == "1")

    async def post(self) -> None:
        kind, text = self.get_body_argument("kind", ""), clean(self.get_body_argument("text", ""), lines=True)
        errors = {}
        if kind not in list(DataRequestKind):
            errors["kind"] = _("Anh/chị chọn một loại yêu cầu.")
        if not text:
            errors["text"] = _("Anh/chị chưa viết nội dung yêu cầu.")
        elif len(text) > LONGEST_REQUEST:
            errors["text"] = _("Nội dung dài quá %(count)s ký tự. Xin viết ngắn hơn.") % {
                "count": LONGEST_REQUEST
            }
        if errors:
            self.set_status(400)
            await self.show(errors, False, kind, text)
            return
        await self.run(_ask, self.portal, self.me.account_id, DataRequestKind(kind), text)
        self.redirect(with_query(self.portal.url("thong-tin-cua-toi"), {"xong": "1"}), status=303)

    async def show(self, errors: dict[str, str], done: bool, kind: str = "", text: str = "") -> None:
        found = await self.run(_read, self.portal, self.me.account_id)
        self.render_page(
            "my_data.html",
            kept=found.kept,
            label=label,
            said=said,
            open_requests=[request_kinds()[one] for one in found.open_requests],
            can_ask=found.has_person,
            kind_options=[(one.value, words) for one, words in request_kinds().items()],
            kind=kind,
            text=text,
            errors=errors,
            done=done,
            place=[(_("Thông tin của tôi"), None)],
        )


class MyDataFileHandler(PortalHandler):
    """The same to take away."""

    async def get(self, kind: str) -> None:
        found = await self.run(_read, self.portal, self.me.account_id)
        self.set_header("Content-Disposition", f'attachment; filename="thong-tin-cua-toi.{kind}"')
        if kind == "json":
            self.set_header("Content-Type", "application/json; charset=UTF-8")
            self.finish(json.dumps(found.kept, ensure_ascii=False, indent=2))
            return
        self.render_page(
            "my_data_file.html", kept=found.kept, label=label, said=said, made_at=self.portal.clock()
        )


def my_data_pages() -> list[Route]:
    """The page and its files."""
    return [
        Route(r"/thong-tin-cua-toi", MyDataHandler, ALL_ROLES, "page"),
        Route(r"/thong-tin-cua-toi\.(?P<kind>json|html)", MyDataFileHandler, ALL_ROLES, "page"),
    ]
