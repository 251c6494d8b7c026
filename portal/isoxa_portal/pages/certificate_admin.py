"""The administrator finds certificates, takes them back and issues others in their place.

They reach those of officers who serve (or served last) within their scope; any other is not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isoxa_courses.text import VIETNAM, clean
from isoxa_grading.certificates import CertificateRefused, NotANumber, parse_number, reissue, revoke
from isoxa_grading.certificates.issuing import LONGEST_REASON
from isoxa_grading.certificates.lookup import (
    CertificateLine,
    certificates_of,
    certificates_within,
    find_certificate,
)
from isoxa_grading.records.attempts.scope import unit_of_person
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Certificate
from isoxa_grading.records.units import in_scope
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .admin_base import ADMIN, AdminHandler
from .certificate_check import standing_status
from .certificates import CertificateFileHandler, certificate_file
from .view import Link, Status, paged, with_query

__all__ = ["CertificateRow", "certificate_admin_pages"]

PAGE = 50
MOST = 500
"""More than this many are not listed; one searches for the rest."""


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
    return certificate.number, certificate_file(portal, certificate)


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


class SeenCertificateHandler(AdminHandler, CertificateFileHandler):
    """The same signed file that the officer takes away."""

    async def get(self, number: str) -> None:
        self.give(*await self.run(_seen_file, self.portal, self.scope, number))


def certificate_admin_pages() -> list[Route]:
    """The list, one certificate, its file."""
    number = r"/quan-tri/giay-chung-nhan/(?P<number>[0-9A-Za-z-]{1,40})"
    return [
        Route(r"/quan-tri/giay-chung-nhan/?", CertificatesHandler, ADMIN, "page"),
        Route(number, CertificateHandler, ADMIN, "page"),
        Route(rf"{number}\.pdf", SeenCertificateHandler, ADMIN, "page"),
    ]
