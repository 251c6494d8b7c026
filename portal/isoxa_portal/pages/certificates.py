"""One's own certificate: on the course's page, and as a signed PDF to take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isoxa_courses.text import VIETNAM
from isoxa_grading.certificates import CertificateRefused, SigningProblem, issue_newest
from isoxa_grading.certificates.files import signed_file
from isoxa_grading.certificates.lookup import CertificateLine, Standing, certificates_of
from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Certificate

from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..lesson_pages import LEARNERS
from ..portal import Portal
from ..routes import Route
from .certificate_check import standing_status
from .environment import day as day_words
from .view import Status

__all__ = [
    "CertificateCard",
    "CertificateFileHandler",
    "certificate_card",
    "certificate_file",
    "certificate_pages",
]


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
    return newest.number, certificate_file(portal, newest)


def certificate_file(portal: Portal, certificate: Certificate) -> bytes:
    """The signed PDF. Raises ``PortalError`` if it cannot be made. Blocks."""
    try:
        return signed_file(portal.data, portal.engine, certificate.id, now=portal.clock())
    except SigningProblem as problem:
        raise PortalError(503, "signing", str(problem)) from problem
    except CertificateRefused as refused:
        raise PortalError(409, refused.code, str(refused)) from refused


class CertificateFileHandler(PortalHandler):
    """Gives a signed file away."""

    def give(self, number: str, content: bytes) -> None:
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'attachment; filename="giay-chung-nhan-{number}.pdf"')
        self.finish(content)


class OwnCertificateHandler(CertificateFileHandler):
    """One's own certificate as a signed PDF."""

    async def get(self, course: str) -> None:
        self.give(*await self.run(_own_file, self.portal, self.me, course))


def certificate_pages() -> list[Route]:
    """The officer's file."""
    return [
        Route(r"/khoa-hoc/(?P<course>[\w.-]+)/giay-chung-nhan\.pdf", OwnCertificateHandler, LEARNERS, "page")
    ]
