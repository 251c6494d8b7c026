"""Papers about one commune, ready to be taken along: the letter that a list gives for it, and its evidence pack.

Both are made of what the report shows, on the same day and within the same scope. A pack is sent file by file as it is
made, so that a large commune's download begins at once.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, datetime

from isoxa_courses.errors import ContentError
from isoxa_courses.official_letters import OFFICIAL_KINDS
from isoxa_grading.certificates import CertificateProblem
from isoxa_grading.certificates.files import signed_file
from isoxa_grading.evidence import Gathered, Pack, evidence_pack, gather
from isoxa_grading.letters import NotOnList, ReadyLetter, official_letter, sender_of
from isoxa_grading.records.database import reading
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Certificate, Role, Unit
from isoxa_grading.reports import ListKind, NotInScope, UnknownCourse
from isoxa_grading.work_products import write_official_letter
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .published import published_courses
from .report_base import DEPARTMENT, ReportBase
from .report_query import ReportQuery

__all__ = ["paper_pages"]

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class _Asked:
    """Who asks for which commune's paper, of which course and day."""

    me: SignedIn
    unit: int
    query: ReportQuery
    as_of: date
    now: datetime

    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.DEPARTMENT)


def _letter(portal: Portal, asked: _Asked, kind: ListKind, today: date) -> tuple[bytes, str]:
    with reading(portal.engine) as session:
        try:
            made = _ready(session, portal, asked, kind, today)
        except (NotInScope, UnknownCourse) as error:
            raise not_found() from error
        except NotOnList as error:
            raise PortalError(404, "not_found", str(error)) from error
        except ContentError as error:
            raise _broken_text() from error
    stream = io.BytesIO()
    write_official_letter(made.paper, stream, saved_at=asked.now)
    return stream.getvalue(), made.name


def _ready(session: Session, portal: Portal, asked: _Asked, kind: ListKind, today: date) -> ReadyLetter:
    commune = session.get(Unit, asked.unit)
    if commune is None:
        raise not_found()
    charges = [unit_id for role, unit_id, _path in asked.me.grants if role is Role.DEPARTMENT]
    sender = sender_of(session, asked.me.person_id, charges, commune, today)
    return official_letter(
        session,
        portal.data,
        kind,
        asked.unit,
        course=_course(session, asked),
        scope_paths=asked.scope,
        as_of=asked.as_of,
        today=today,
        sender=sender,
    )


def _pack(portal: Portal, asked: _Asked) -> Pack:
    def signed(certificate: Certificate) -> bytes:
        return signed_file(portal.data, portal.engine, certificate.id, now=asked.now)

    found = _gathered(portal, asked)
    try:
        return evidence_pack(found, signed)
    except CertificateProblem as error:
        raise PortalError(503, "certificate", str(error)) from error


def _gathered(portal: Portal, asked: _Asked) -> Gathered:
    with reading(portal.engine) as session:
        try:
            return gather(
                session,
                portal.data,
                portal.library,
                asked.unit,
                course=_course(session, asked),
                scope_paths=asked.scope,
                as_of=asked.as_of,
            )
        except (NotInScope, UnknownCourse) as error:
            raise not_found() from error
        except ContentError as error:
            raise _broken_text() from error


def _course(session: Session, asked: _Asked) -> str:
    courses = published_courses(session)
    if not courses:
        raise not_found()
    return asked.query.course or courses[0][0]


def _broken_text() -> PortalError:
    return PortalError(
        503,
        "text",
        _(
            "Lời của giấy tờ này trong khóa học đang có lỗi nên chưa tạo được tệp. Số liệu vẫn còn nguyên; "
            "anh/chị báo giảng viên chạy “isoxa course check” rồi thử lại."
        ),
    )


class _PaperHandler(ReportBase):
    def asked(self, unit: str) -> _Asked:
        """Raises ``PortalError`` 400 for a day that is none."""
        as_of, problem = self.query.as_of(self.today)
        if problem:
            raise PortalError(400, "bad_day", problem)
        return _Asked(self.me, int(unit), replace(self.query, unit=None), as_of, self.portal.clock())

    def as_download(self, name: str, type_: str) -> None:
        self.set_header("Content-Type", type_)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')


class LetterHandler(_PaperHandler):
    """The letter (công văn đôn đốc) to a commune that is on a list."""

    async def get(self, list_: str, unit: str) -> None:
        kind = ListKind.of_slug(list_)
        if kind is None:
            raise not_found()
        content, name = await self.run(_letter, self.portal, self.asked(unit), kind, self.today)
        self.as_download(f"{name}.docx", _WORD)
        self.finish(content)


class PackHandler(_PaperHandler):
    """The evidence pack (hồ sơ minh chứng) of a commune."""

    async def get(self, unit: str) -> None:
        pack = await self.run(_pack, self.portal, self.asked(unit))
        self.as_download(f"{pack.name}.zip", "application/zip")
        parts = pack.parts()
        while (part := await self.run(next, parts, None)) is not None:
            self.write(part)
            await self.flush()
        await self.finish()


def paper_pages() -> list[Route]:
    """Letters and packs."""
    lists = "|".join(OFFICIAL_KINDS.values())
    unit = r"(?P<unit>\d{1,9})"
    return [
        Route(rf"/bao-cao/cong-van/(?P<list_>{lists})/{unit}\.docx", LetterHandler, DEPARTMENT, "page"),
        Route(rf"/bao-cao/ho-so/{unit}\.zip", PackHandler, DEPARTMENT, "page"),
    ]
