"""The administrator answers requests about personal data: correct it, or erase what need not be kept."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from isoxa_courses.text import clean, format_date
from isoxa_grading.certificates.files import remove_forgotten
from isoxa_grading.handins import remove_forgotten as remove_forgotten_hand_ins
from isoxa_grading.nbgrader_bridge.course_folder import student_name
from isoxa_grading.records.account_admin import AccountChanged, take_accounts
from isoxa_grading.records.account_scope import find_account, home_unit_id
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.erasing import answer_request, correct_person, erase_person
from isoxa_grading.records.tables import (
    Account,
    CourseEdition,
    DataRequest,
    DataRequestKind,
    Enrolment,
    Person,
    SignInSession,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .account_changes import Desk, FormError
from .admin_base import ADMIN, AdminHandler
from .requests_page import request_kinds
from .view import with_query

__all__ = ["person_data_pages"]

_PHONE = re.compile(r"0[0-9]{8,10}")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
FIELDS = ("full_name", "staff_code", "birth_date", "phone", "email")


class _Asked(NamedTuple):
    words: str
    text: str
    at: datetime
    kind: str


class _Shown(NamedTuple):
    account_id: int
    version: int
    name: str
    values: dict[str, str]
    erased: bool
    requests: list[_Asked]


def _person_of(session: Session, account: Account | None) -> Person:
    person = session.get(Person, account.person_id) if account and account.person_id is not None else None
    if person is None:
        raise not_found()
    return person


def _read(portal: Portal, scope: list[str], account_id: int) -> _Shown:
    with reading(portal.engine) as session:
        account = find_account(session, scope, account_id)
        person = _person_of(session, account)
        assert account is not None
        values = {name: getattr(person, name) or "" for name in FIELDS}
        if person.birth_date is not None:
            values["birth_date"] = format_date(person.birth_date)
        open_requests = _open(session, person)
        return _Shown(
            account.id, account.version, person.full_name, values, person.erased_at is not None,
            [_Asked(request_kinds()[one.kind], one.text, one.requested_at, one.kind.value) for one in open_requests],
        )  # fmt: skip


def _open(session: Session, person: Person) -> list[DataRequest]:
    query = select(DataRequest).where(DataRequest.person_id == person.id, DataRequest.closed_at.is_(None))
    return list(session.scalars(query.order_by(DataRequest.id)))


def _parse(typed: dict[str, str]) -> dict[str, Any]:
    """The form's fields as the record keeps them. Raises ``FormError``."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {name: value or None for name, value in typed.items()}
    if not typed["full_name"]:
        errors["full_name"] = _("Anh/chị chưa nhập họ và tên.")
    if typed["birth_date"]:
        try:
            values["birth_date"] = datetime.strptime(typed["birth_date"], "%d/%m/%Y").date()
            if not date(1900, 1, 1) <= values["birth_date"] <= date.today():  # a birthday
                raise ValueError
        except ValueError:
            errors["birth_date"] = _("“%(typed)s” không phải ngày. Hãy viết như 31/12/2026.") % {
                "typed": typed["birth_date"]
            }
    if typed["phone"]:
        values["phone"] = re.sub(r"[\s.\-()]", "", typed["phone"])
        if not _PHONE.fullmatch(values["phone"]):
            errors["phone"] = _("Số điện thoại gồm 9 đến 11 chữ số, bắt đầu bằng 0.")
    if typed["email"]:
        values["email"] = typed["email"].lower()
        if not _MAIL.fullmatch(values["email"]):
            errors["email"] = _("Thư điện tử chưa đúng, ví dụ ten@tinh.gov.vn.")
    if errors:
        raise FormError(errors)
    return values


def _close(
    session: Session,
    desk: Desk,
    person: Person,
    kind: DataRequestKind,
    done: bool,
    answer: str,
    unit_id: int | None,
) -> None:
    for request in _open(session, person):
        if request.kind is kind:
            answer_request(
                session,
                request,
                done=done,
                answer=answer,
                actor=desk.me.account_id,
                unit_id=unit_id,
                now=desk.now,
            )


def _correct(desk: Desk, versions: dict[int, int | None], typed: dict[str, str]) -> list[int]:
    values = _parse(typed)
    with writing(desk.portal.engine) as session:
        [account] = take_accounts(session, desk.scope, versions)
        person = _person_of(session, account)
        if person.erased_at is not None:
            raise not_found()
        unit_id = home_unit_id(session, account)
        if values["birth_date"] is not None and person.birth_year is not None:
            values["birth_year"] = None
        correct_person(
            session, person, account, values, actor=desk.me.account_id, unit_id=unit_id, now=desk.now
        )
        _close(session, desk, person, DataRequestKind.CORRECT, True, _("Đã sửa theo yêu cầu."), unit_id)
    desk.portal.attempts.after_commit.request()
    return []


def _refuse(desk: Desk, versions: dict[int, int | None], kind: str, answer: str) -> list[int]:
    if kind not in list(DataRequestKind):
        raise not_found()
    if not answer:
        raise FormError({f"answer_{kind}": _("Anh/chị chưa viết lý do. Người gửi yêu cầu sẽ đọc lý do này.")})
    with writing(desk.portal.engine) as session:
        [account] = take_accounts(session, desk.scope, versions)
        person = _person_of(session, account)
        _close(session, desk, person, DataRequestKind(kind), False, answer, home_unit_id(session, account))
    return []


def _erase(desk: Desk, versions: dict[int, int | None], sure: bool) -> list[int]:
    if not sure:
        raise FormError({"sure": _("Anh/chị đánh dấu xác nhận trước khi xóa. Chưa có gì bị xóa.")})
    if desk.me.account_id in versions:
        raise FormError({"": _("Anh/chị không tự xóa thông tin của mình được. Hãy nhờ người quản trị khác.")})
    with writing(desk.portal.engine) as session:
        [account] = take_accounts(session, desk.scope, versions)
        person = _person_of(session, account)
        unit_id = home_unit_id(session, account)
        _close(session, desk, person, DataRequestKind.ERASE, True, "", unit_id)
        erase_person(session, desk.portal.library, person, actor=desk.me.account_id, now=desk.now)
        ended = list(
            session.scalars(
                select(SignInSession.id).where(
                    SignInSession.account_id == account.id, SignInSession.ended_at == desk.now
                )
            )
        )
        courses = set(
            session.scalars(
                select(CourseEdition.course).join(Enrolment).where(Enrolment.person_id == person.id)
            )
        )
    desk.portal.attempts.after_commit.request()
    with reading(desk.portal.engine) as session:
        remove_forgotten(desk.portal.data, session)
        remove_forgotten_hand_ins(desk.portal.data, session)
    for course in courses:
        # Feedback pages quote the answers; a trainer makes them anew from what is left.
        shutil.rmtree(
            desk.portal.data.nbgrader(course) / "feedback" / student_name(person.id), ignore_errors=True
        )
    return ended


class PersonDataHandler(AdminHandler):
    """ "Thông tin cá nhân" of one person."""

    async def get(self, account: str) -> None:
        shown = await self.run(_read, self.portal, self.scope, int(account))
        self.show(shown, shown.values, {}, self.get_query_argument("xong", ""))

    async def post(self, account: str) -> None:
        account_id, work = int(account), self.get_body_argument("viec", "")
        await self.run(_read, self.portal, self.scope, account_id)
        version = self.get_body_argument("version", "")
        if not (version.isascii() and version.isdecimal() and len(version) < 10):
            raise self.malformed()
        one: dict[int, int | None] = {account_id: int(version)}
        typed = {name: clean(self.get_body_argument(name, ""))[:200] for name in FIELDS}
        kind = self.get_body_argument("kind", "")
        answer = clean(self.get_body_argument(f"answer_{kind}", ""), lines=True)[:2000]
        sure = self.get_body_argument("sure", "") == "1"
        acts: dict[str, Callable[[], list[int]]] = {
            "sua": lambda: _correct(self.desk, one, typed),
            "tu-choi": lambda: _refuse(self.desk, one, kind, answer),
            "xoa": lambda: _erase(self.desk, one, sure),
        }
        if work not in acts:
            raise self.malformed()
        try:
            ended = await self.run(acts[work])
        except (FormError, AccountChanged) as problem:
            shown = await self.run(_read, self.portal, self.scope, account_id)
            self.set_status(409 if isinstance(problem, AccountChanged) else 400)
            errors = problem.errors if isinstance(problem, FormError) else {"": str(problem)}
            self.show(
                shown, typed if work == "sua" and isinstance(problem, FormError) else shown.values, errors, ""
            )
            return
        await self.end_lessons(ended)
        if work == "xoa":
            # With nobody's unit left, the account is no longer within reach: to the list.
            self.redirect(self.portal.url("quan-tri/yeu-cau"), status=303)
            return
        url = self.portal.url(f"quan-tri/tai-khoan/{account_id}/thong-tin")
        self.redirect(with_query(url, {"xong": work}), status=303)

    def show(self, shown: _Shown, values: dict[str, str], errors: dict[str, str], done: str) -> None:
        words = {"sua": _("Đã lưu thông tin."), "tu-choi": _("Đã gửi câu trả lời.")}
        account_url = self.portal.url(f"quan-tri/tai-khoan/{shown.account_id}")
        self.render_page(
            "person_data.html",
            person=shown,
            values=values,
            errors=errors,
            done=words.get(done, ""),
            place=self.place(
                (_("Tài khoản"), self.portal.url("quan-tri/tai-khoan")),
                (shown.name, account_url),
                (_("Thông tin cá nhân"), None),
            ),
        )


def person_data_pages() -> list[Route]:
    """One person's."""
    return [Route(r"/quan-tri/tai-khoan/(?P<account>[0-9]{1,9})/thong-tin", PersonDataHandler, ADMIN, "page")]
