"""What anybody may learn of a number, what its officer sees, and what an administrator finds.

The public learns whether a certificate stands, and name, unit, course and days: no more than the paper says, and not
why it was revoked. Numbers follow one another, so whoever asks for many different ones in a short time is made to wait:
asking again for the same one costs nothing, and neither does a slip that the check character finds.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from isoxa_courses.text import VIETNAM, fold
from sqlalchemy import delete, distinct, exists, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.attempts.scope import within
from isoxa_grading.records.database import RecordedRefusal
from isoxa_grading.records.tables import (
    Certificate,
    CertificateFile,
    CertificateLookup,
    CourseEdition,
    Enrolment,
)

from .numbers import parse_number

__all__ = [
    "CertificateLine", "PublicView", "Standing", "TooManyLookups", "certificates_of", "certificates_within",
    "find_certificate", "fingerprint_known", "look_up", "standing_of",
]  # fmt: skip

WINDOW, MOST = timedelta(minutes=10), 30
DAY, MOST_A_DAY = timedelta(days=1), 200
SIGNED_IN_TIMES = 10
"""How much more somebody may ask who is signed in, and so is known."""


class Standing(enum.StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class PublicView:
    """A certificate as anybody may see it. ``name`` None: erased at the person's request; ``made_up``: for show."""

    number: str
    standing: Standing
    name: str | None
    unit: str
    course: str
    completed_on: date
    valid_until: date | None
    revoked_on: date | None
    replaced: bool
    made_up: bool
    sha256: tuple[str, ...]


@dataclass(frozen=True)
class CertificateLine:
    """A certificate with its standing, for its officer and for administrators; ``replaced_by``: number, or ''."""

    certificate: Certificate
    standing: Standing
    replaced_by: str


class TooManyLookups(RecordedRefusal):
    """Too many different numbers from one place; ``wait_seconds`` until the next."""

    def __init__(self, wait_seconds: int) -> None:
        minutes = max(1, math.ceil(wait_seconds / 60))
        super().__init__(
            f"Từ nơi này vừa tra cứu quá nhiều số khác nhau. Anh/chị đợi khoảng {minutes} phút rồi tra tiếp; "
            "số đã tra vẫn xem lại được ngay."
        )
        self.wait_seconds = wait_seconds


def standing_of(certificate: Certificate, day: date) -> Standing:
    """Revoked for good; else valid to its last day, that day included."""
    if certificate.revoked_at is not None:
        return Standing.REVOKED
    if certificate.valid_until is not None and certificate.valid_until < day:
        return Standing.EXPIRED
    return Standing.VALID


def look_up(
    session: Session, typed: str, *, address: str, account_id: int | None = None, now: datetime
) -> PublicView | None:
    """What there is to know of a number; None if it was never issued.

    Raises ``NotANumber`` for a slip, ``TooManyLookups``. Needs a writing session: the asking is recorded.
    """
    number = parse_number(typed)
    _ask(session, number, f"account:{account_id}" if account_id is not None else address[:64], now)
    found = find_certificate(session, number)
    if found is None:
        return None
    return PublicView(
        number=found.number,
        standing=standing_of(found, _day(now)),
        name=found.person_name,
        unit=found.unit_name,
        course=found.course_title,
        completed_on=found.completed_on,
        valid_until=found.valid_until,
        revoked_on=_day(found.revoked_at) if found.revoked_at else None,
        replaced=bool(_replacement(session, found)),
        made_up=found.enrolment.person.made_up,
        sha256=tuple(
            session.scalars(
                select(CertificateFile.sha256)
                .where(CertificateFile.certificate_id == found.id)
                .order_by(CertificateFile.id)
            )
        ),
    )


def find_certificate(session: Session, number: str) -> Certificate | None:
    """The certificate of a number as it is kept (``parse_number``)."""
    return session.scalars(select(Certificate).where(Certificate.number == number)).one_or_none()


def fingerprint_known(session: Session, sha256: str) -> Certificate | None:
    """The certificate of which a file with this fingerprint was made here."""
    return session.scalars(
        select(Certificate)
        .join(CertificateFile, CertificateFile.certificate_id == Certificate.id)
        .where(CertificateFile.sha256 == sha256)
    ).first()


def certificates_of(session: Session, person_id: int, course: str, *, now: datetime) -> list[CertificateLine]:
    """A person's certificates of a course, the newest first."""
    query = (
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(CourseEdition, CourseEdition.id == Enrolment.edition_id)
        .where(Enrolment.person_id == person_id, CourseEdition.course == course)
        .order_by(Certificate.id.desc())
    )
    return [_line(session, one, now) for one in session.scalars(query)]


def certificates_within(
    session: Session, scope_paths: Sequence[str] | None, *, text: str = "", now: datetime, limit: int
) -> list[CertificateLine]:
    """Certificates of officers who serve (or served last) in one of the scopes, the newest first; None: all.

    ``text``: part of a name, a unit or a number, without regard to case and diacritics.
    """
    query = select(Certificate).join(Enrolment, Enrolment.id == Certificate.enrolment_id)
    if scope_paths is not None:
        if not scope_paths:
            return []
        query = within(query, scope_paths)
    query = query.order_by(Certificate.id.desc())
    wanted, number = fold(text), fold(text).upper().replace(" ", "")
    found: list[CertificateLine] = []
    for one in session.scalars(query.execution_options(yield_per=500)):
        named = wanted in fold(f"{one.person_name or ''} {one.unit_name}") or number in one.number
        if named:
            found.append(_line(session, one, now))
        if len(found) >= limit:
            break
    return found


def _line(session: Session, certificate: Certificate, now: datetime) -> CertificateLine:
    return CertificateLine(
        certificate, standing_of(certificate, _day(now)), _replacement(session, certificate)
    )


def _replacement(session: Session, certificate: Certificate) -> str:
    return session.scalar(select(Certificate.number).where(Certificate.replaces_id == certificate.id)) or ""


def _ask(session: Session, number: str, asker: str, now: datetime) -> None:
    """Record the asking. Raises ``TooManyLookups``."""
    session.execute(delete(CertificateLookup).where(CertificateLookup.at <= now - DAY))
    mine = CertificateLookup.asker == asker
    again = select(
        exists().where(mine, CertificateLookup.number == number, CertificateLookup.at > now - WINDOW)
    )
    if session.scalar(again):
        return
    times = SIGNED_IN_TIMES if asker.startswith("account:") else 1
    for window, most in ((WINDOW, MOST), (DAY, MOST_A_DAY)):
        asked, first = session.execute(
            select(func.count(distinct(CertificateLookup.number)), func.min(CertificateLookup.at)).where(
                mine, CertificateLookup.at > now - window
            )
        ).one()
        if asked >= most * times:
            raise TooManyLookups(max(1, math.ceil((first + window - now).total_seconds())))
    session.add(CertificateLookup(asker=asker, number=number, at=now))
    session.flush()


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()
