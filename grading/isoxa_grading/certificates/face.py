"""All that is printed on a certificate, put together once and then kept with it.

The file can so be made again from the record alone, whatever became of settings, texts, names and units since. What the
signed file states for machines (``statement``) is the part of it that says who completed what, and when.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from isoxa_courses.certificate_texts import CertificateTexts
from isoxa_courses.text import VIETNAM, clean, format_date

from isoxa_grading.records.data_folder import Settings
from isoxa_grading.records.tables import Certificate

__all__ = ["NO_ISSUER", "Face", "face_of", "public_url", "statement_of"]

NO_ISSUER = "Lớp học ISO xã"
"""Who certifies where ``isoxa.toml`` names nobody."""

_STATED = (
    "number", "name", "unit", "course", "completed_on", "valid_until", "issued_on", "issuer", "url", "made_up",
)  # fmt: skip

# A word this long is no word: it may be broken anywhere, rather than leave the page.
_LONG_WORD = re.compile(r"\S{30}(?=\S)")


@dataclass(frozen=True)
class Face:
    """Days are ISO (``2026-11-21``); an empty string stands for what is not printed.

    ``made_up``: of a person who was made up for a demonstration; the page says so across its middle.
    """

    number: str
    name: str
    unit: str
    course: str
    completed_on: str
    valid_until: str
    issued_on: str
    issuer: str
    signer_title: str
    signer_name: str
    place: str
    national_motto: bool
    url: str
    made_up: bool
    texts: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Face:
        return cls(**kept)

    def printed(self) -> dict[str, Any]:
        """What the page's template is given: the same, with days as they are written on paper."""
        broken = ("name", "unit", "course", "issuer", "signer_title", "signer_name")
        return {
            **self.to_json(),
            **{name: _LONG_WORD.sub("\\g<0>\u200b", getattr(self, name)) for name in broken},
            "completed_on": format_date(date.fromisoformat(self.completed_on)),
            "valid_until": format_date(date.fromisoformat(self.valid_until)) if self.valid_until else "",
            "dateline": _dateline(self.place, date.fromisoformat(self.issued_on)),
        }


def face_of(certificate: Certificate, texts: CertificateTexts, settings: Settings) -> Face:
    """The face of a certificate that has no file yet. Its name must not have been erased."""
    mine = settings.certificate
    return Face(
        number=certificate.number,
        name=clean(certificate.person_name or ""),
        unit=certificate.unit_name,
        course=certificate.course_title,
        completed_on=certificate.completed_on.isoformat(),
        valid_until=certificate.valid_until.isoformat() if certificate.valid_until else "",
        issued_on=certificate.issued_at.astimezone(VIETNAM).date().isoformat(),
        issuer=clean(mine.issuer) or NO_ISSUER,
        signer_title=clean(mine.signer_title),
        signer_name=clean(mine.signer_name),
        place=clean(mine.place),
        national_motto=mine.national_motto,
        url=public_url(settings, certificate.number),
        made_up=certificate.enrolment.person.made_up,
        texts=texts.model_dump(),
    )


def public_url(settings: Settings, number: str) -> str:
    """Where anybody may look the number up; '' where ``isoxa.toml`` gives no public address."""
    return f"{settings.public_address}xac-nhan/{number}" if settings.public_address else ""


def statement_of(face: Face) -> dict[str, Any]:
    """What the file says for machines."""
    return {name: getattr(face, name) for name in _STATED}


def _dateline(place: str, day: date) -> str:
    """``Lâm Đồng, ngày 05 tháng 02 năm 2026``: days below 10, January and February with a zero before them
    (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    words = f"ngày {day.day:02d} tháng {month} năm {day.year}"
    return f"{place}, {words}" if place else words[0].upper() + words[1:]
