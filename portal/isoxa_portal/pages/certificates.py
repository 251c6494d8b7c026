"""Certificates for those who are signed in: an officer takes their own away, an administrator finds and revokes.

An officer reaches their own. An administrator reaches those of officers who serve (or served last) within the scope;
any other is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isoxa_courses.text import VIETNAM, clean
from isoxa_grading.certificates import (
    CertificateRefused,
    NotANumber,
    SigningProblem,
    issue_newest,
    parse_number,
    reissue,
    revoke,
)
from isoxa_grading.certificates.files import signed_file
from isoxa_grading.certificates.issuing import LONGEST_REASON
from isoxa_grading.certificates.lookup import (
    CertificateLine,
    Standing,
    certificates_of,
    certificates_within,
    find_certificate,
)
from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.attempts.scope import unit_of_person
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Certificate
from isoxa_grading.records.units import in_scope
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..lesson_pages import LEARNERS
from ..portal import Portal
from ..routes import Route
from .admin_base import ADMIN, AdminHandler
from .certificate_check import standing_status
from .environment import day as day_words
from .view import Link, Status, paged, with_query

__all__ = ["CertificateCard", "certificate_card", "certificate_pages"]

PAGE = 50
MOST = 500
"""More than this many are not listed; one searches for the rest."""


@dataclass(frozen=True)
class CertificateCard:
    """One's own certificate on the course's page. ``file`` is None for a revoked one, whose ``reason`` stands there."""

    number: str
    status: Status
    issued_on: date
    file: str | None
    check_url: str
    revoked_on: date | None
    reason: str


@dataclass(frozen=True)
class CertificateRow:
    """A certificate as an administrator sees it; ``name`` is '' where it was erased."""

    number: str
    name: str
    unit: str
    course: str
    status: Status
    completed_on: date
    valid_until: date | None
    issued_on: date
    revoked_on: date | None
    reason: str
    replaced_by: Link | None
    url: str


def certificate_card(portal: Portal, me: SignedIn, course: str) -> CertificateCard | None:
    """The newest certificate of who is signed in, issued now if the completion has none yet; None without one."""
    found = _own(portal, me, course)
    if not found:
        return None
    one = found[0].certificate
    revoked = one.revoked_at is not None
    return CertificateCard(
        number=one.number,
        status=standing_status(found[0].standing),
        issued_on=one.issued_at.astimezone(VIETNAM).date(),
        file=None if revoked else portal.url(f"khoa-hoc/{course}/giay-chung-nhan.pdf"),
        check_url=portal.url(f"xac-nhan/{one.number}"),
        revoked_on=one.revoked_at.astimezone(VIETNAM).date() if one.revoked_at else None,
        reason=one.revoke_reason or "",
    )


def _own(portal: Portal, me: SignedIn, course: str) -> list[CertificateLine]:
    if me.person_id is None:
        return []
    now = portal.clock()
    with reading(portal.engine) as session:
        found = certificates_of(session, me.person_id, course, now=now)
        enrolment = current_enrolment(session, me.person_id, course)
        if found or enrolment is None:
            return found
    with writing(portal.engine) as session:
        # Completed before there were certificates.
        enrolment = current_enrolment(session, me.person_id, course)
        if enrolment is None or issue_newest(session, enrolment, now=now) is None:
            return []
        return certificates_of(session, me.person_id, course, now=now)


def _own_file(portal: Portal, me: SignedIn, course: str) -> tuple[str, bytes]:
    found = _own(portal, me, course)
    if not found:
        raise PortalError(
            404,
            "not_found",
            _("Chưa có giấy chứng nhận: giấy được cấp ngay khi anh/chị hoàn thành khóa học."),
        )
    newest = found[0].certificate
    if found[0].standing is Standing.REVOKED:
        raise PortalError(
            409,
            "revoked",
            _("Giấy chứng nhận số %(number)s đã bị thu hồi ngày %(day)s. Lý do: %(reason)s")
            % {
                "number": newest.number,
                "day": day_words(newest.revoked_at),
                "reason": newest.revoke_reason or "",
            },
        )
    return newest.number, _file(portal, newest)


def _file(portal: Portal, certificate: Certificate) -> bytes:
    try:
        return signed_file(portal.data, portal.engine, certificate.id, now=portal.clock())
    except SigningProblem as problem:
        raise PortalError(503, "signing", str(problem)) from problem
    except CertificateRefused as refused:
        raise PortalError(409, refused.code, str(refused)) from refused


def _within(portal: Portal, scope: list[str], number: str) -> CertificateRow:
    with reading(portal.engine) as session:
        certificate = _find(session, scope, number)
        lines = certificates_of(
            session, certificate.enrolment.person_id, certificate.enrolment.edition.course, now=portal.clock()
        )
        return _row(portal, next(one for one in lines if one.certificate.id == certificate.id))


def _find(session: Session, scope: list[str], number: str) -> Certificate:
    """The certificate, if its officer is within the scope. Raises ``PortalError`` 404."""
    try:
        found = find_certificate(session, parse_number(number))
    except NotANumber:
        found = None
    unit = unit_of_person(session, found.enrolment.person_id) if found is not None else None
    if found is None or unit is None or not any(in_scope(unit.path, path) for path in scope):
        raise not_found()
    return found


def _row(portal: Portal, line: CertificateLine) -> CertificateRow:
    one, root = line.certificate, portal.url("quan-tri/giay-chung-nhan")
    return CertificateRow(
        number=one.number,
        name=one.person_name or "",
        unit=one.unit_name,
        course=one.course_title,
        status=standing_status(line.standing),
        completed_on=one.completed_on,
        valid_until=one.valid_until,
        issued_on=one.issued_at.astimezone(VIETNAM).date(),
        revoked_on=one.revoked_at.astimezone(VIETNAM).date() if one.revoked_at else None,
        reason=one.revoke_reason or "",
        replaced_by=Link(line.replaced_by, f"{root}/{line.replaced_by}") if line.replaced_by else None,
        url=f"{root}/{one.number}",
    )


def _list(portal: Portal, scope: list[str], text: str) -> list[CertificateRow]:
    with reading(portal.engine) as session:
        found = certificates_within(session, scope, text=text, now=portal.clock(), limit=MOST)
        return [_row(portal, one) for one in found]


def _revoke(handler: AdminHandler, number: str, reason: str) -> str:
    with writing(handler.portal.engine) as session:
        certificate = _find(session, handler.scope, number)
        revoke(session, certificate, reason, actor=handler.me.account_id, now=handler.portal.clock())
        return certificate.number


def _reissue(handler: AdminHandler, number: str) -> str:
    with writing(handler.portal.engine) as session:
        certificate = _find(session, handler.scope, number)
        return reissue(session, certificate, actor=handler.me.account_id, now=handler.portal.clock()).number


def _seen_file(portal: Portal, scope: list[str], number: str) -> tuple[str, bytes]:
    with reading(portal.engine) as session:
        certificate = _find(session, scope, number)
        session.expunge(certificate)
    return certificate.number, _file(portal, certificate)


class _FileHandler(PortalHandler):
    def give(self, number: str, content: bytes) -> None:
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'attachment; filename="giay-chung-nhan-{number}.pdf"')
        self.finish(content)


class OwnCertificateHandler(_FileHandler):
    """One's own certificate as a signed PDF."""

    async def get(self, course: str) -> None:
        self.give(*await self.run(_own_file, self.portal, self.me, course))


class CertificatesHandler(AdminHandler):
    """ "Giấy chứng nhận": the newest first, or those that a search finds."""

    async def get(self) -> None:
        search = clean(self.get_query_argument("tim", ""))[:100]
        rows = await self.run(_list, self.portal, self.scope, search)
        url = self.portal.url("quan-tri/giay-chung-nhan")
        pager = paged(rows, self.get_query_argument("trang", ""), PAGE, url, {"tim": search})
        self.render_page(
            "certificates.html",
            certificates=pager.items,
            pager=pager,
            search=search,
            total=len(rows),
            cut=len(rows) == MOST,
            issuer=clean(self.portal.settings.certificate.issuer),
            place=self.place((_("Giấy chứng nhận"), None)),
        )


class CertificateHandler(AdminHandler):
    """One certificate: what it says, taking it back, issuing another in its place."""

    async def get(self, number: str) -> None:
        row = await self.run(_within, self.portal, self.scope, number)
        self.show(row, {}, "", self.get_query_argument("xong", ""))

    async def post(self, number: str) -> None:
        work, reason = self.get_body_argument("viec", ""), self.get_body_argument("reason", "")[:2000]
        row = await self.run(_within, self.portal, self.scope, number)
        try:
            if work == "thu-hoi":
                done = await self.run(_revoke, self, number, reason)
            elif work == "cap-lai":
                done = await self.run(_reissue, self, number)
            else:
                raise self.malformed()
        except CertificateRefused as refused:
            self.set_status(400)
            field = "reason" if refused.code in ("no_reason", "long_reason") else ""
            self.show(row, {field: str(refused)}, reason, "")
            return
        self.redirect(
            with_query(self.portal.url(f"quan-tri/giay-chung-nhan/{done}"), {"xong": work}), status=303
        )

    def show(self, row: CertificateRow, errors: dict[str, str], reason: str, done: str) -> None:
        words = {
            "thu-hoi": _("Đã thu hồi. Ai tra cứu số này đều thấy giấy không còn giá trị."),
            "cap-lai": _("Đã cấp giấy mới với họ tên hiện nay. Người được cấp tải giấy ở trang khóa học."),
        }
        self.render_page(
            "certificate.html",
            certificate=row,
            errors=errors,
            reason=reason,
            longest=LONGEST_REASON,
            done=words.get(done, ""),
            place=self.place(
                (_("Giấy chứng nhận"), self.portal.url("quan-tri/giay-chung-nhan")), (row.number, None)
            ),
        )


class SeenCertificateHandler(AdminHandler, _FileHandler):
    """The same signed file that the officer takes away."""

    async def get(self, number: str) -> None:
        self.give(*await self.run(_seen_file, self.portal, self.scope, number))


def certificate_pages() -> list[Route]:
    """The officer's file; the administrator's list, page and file."""
    number = r"/quan-tri/giay-chung-nhan/(?P<number>[0-9A-Za-z-]{1,40})"
    return [
        Route(r"/khoa-hoc/(?P<course>[\w.-]+)/giay-chung-nhan\.pdf", OwnCertificateHandler, LEARNERS, "page"),
        Route(r"/quan-tri/giay-chung-nhan/?", CertificatesHandler, ADMIN, "page"),
        Route(number, CertificateHandler, ADMIN, "page"),
        Route(rf"{number}\.pdf", SeenCertificateHandler, ADMIN, "page"),
    ]
