"""The public page of a certificate ("Xác nhận giấy chứng nhận"): whoever holds the paper asks whether it stands.

No sign-in. It shows what the paper itself says, and whether it is valid, expired, revoked or was never issued; never
why it was revoked, and nothing that leads to anybody else. Search engines are told to keep away.
"""

from __future__ import annotations

from urllib.parse import quote

from isoxa_courses.text import clean
from isoxa_grading.certificates.lookup import PublicView, Standing, TooManyLookups, look_up
from isoxa_grading.certificates.numbers import LONGEST_TYPED, NotANumber
from isoxa_grading.records.database import writing

from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .view import Status

__all__ = ["certificate_check_pages", "standing_status"]


def standing_status(standing: Standing) -> Status:
    """The standing as everybody reads it."""
    kind, words = {
        Standing.VALID: ("good", _("Có hiệu lực")),
        Standing.EXPIRED: ("wait", _("Hết hiệu lực")),
        Standing.REVOKED: ("bad", _("Đã bị thu hồi")),
    }[standing]
    return Status(kind, words)


def _look_up(portal: Portal, typed: str, address: str, account_id: int | None) -> PublicView | None:
    with writing(portal.engine) as session:
        return look_up(session, typed, address=address, account_id=account_id, now=portal.clock())


class CheckFormHandler(PortalHandler):
    """The form to type a number into."""

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("X-Robots-Tag", "noindex, nofollow")

    async def get(self) -> None:
        typed = clean(self.get_query_argument("so", ""))[: LONGEST_TYPED + 1]
        if not typed:
            self.show("", {})
            return
        self.redirect(self.portal.url(f"xac-nhan/{quote(typed, safe='')}"), status=303)

    def show(
        self, typed: str, errors: dict[str, str], found: PublicView | None = None, never: str = ""
    ) -> None:
        """``never``: a number that was never issued."""
        self.render_page(
            "certificate_check.html",
            typed=typed,
            errors=errors,
            found=found,
            never=never,
            status=standing_status(found.standing) if found else None,
            issuer=clean(self.portal.settings.certificate.issuer),
            contact=self.portal.settings.help_contact,
            place=None,
        )


class CheckHandler(CheckFormHandler):
    """What there is to know of one number."""

    async def get(self, number: str) -> None:  # type: ignore[override]  # the number stands in the path
        typed = clean(number)[: LONGEST_TYPED + 1]
        me = self.signed_in
        try:
            found = await self.run(
                _look_up, self.portal, typed, self.request.remote_ip or "", me.account_id if me else None
            )
        except NotANumber as problem:
            self.set_status(404)
            self.show(typed, {"so": str(problem)})
        except TooManyLookups as problem:
            self.set_status(429)
            self.set_header("Retry-After", str(problem.wait_seconds))
            self.show(typed, {"so": str(problem)})
        else:
            if found is None:
                self.set_status(404)
            self.show(typed if found is None else "", {}, found, never="" if found else typed)


def certificate_check_pages() -> list[Route]:
    """The form and its answer, open to anybody."""
    return [
        Route(r"/xac-nhan/?", CheckFormHandler, None, "page"),
        Route(r"/xac-nhan/(?P<number>[^/]{1,300})", CheckHandler, None, "page"),
    ]
