"""The signed file of a certificate: made when it is first asked for, then the same bytes ever after.

It lies in ``DATA/certificates/YEAR/NUMBER.pdf`` (0600). Before it is written, its fingerprint is recorded: a file whose
fingerprint is not on record was damaged, and is made anew from the face that was kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from isoxa_courses.certificate_texts import load_certificate_texts
from isoxa_courses.errors import ContentError
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Certificate, CertificateFile

from .errors import CertificateRefused, SigningProblem
from .face import Face, face_of, statement_of
from .numbers import parse_number

__all__ = ["file_of", "remove_forgotten", "signed_file"]


def signed_file(data: DataFolder, engine: Engine, certificate_id: int, *, now: datetime) -> bytes:
    """The signed PDF. Raises ``CertificateRefused`` if the name was erased, ``SigningProblem``."""
    with reading(engine) as session:
        certificate = session.get_one(Certificate, certificate_id)
        number = certificate.number
        if certificate.person_name is None:
            raise CertificateRefused("erased")
        known = _fingerprints(session, certificate_id)
    place = file_of(data, number)
    content = _read(place)
    if content is not None and _sha256(content) in known:
        return content
    made = _make(data, engine, certificate_id, now)
    with writing(engine) as session:
        _record(session, certificate_id, _sha256(made), now)
    standing = _write(place, made, replace=content)
    with reading(engine) as session:
        if session.get_one(Certificate, certificate_id).person_name is None:
            # Erased while the file was made, after whoever erased had looked for files.
            place.unlink(missing_ok=True)
            raise CertificateRefused("erased")
    return standing


def file_of(data: DataFolder, number: str) -> Path:
    """Where the file of a number lies, whether it was made yet or not."""
    year = parse_number(number).split("-")[1]
    return data.certificates / year / f"{number}.pdf"


def remove_forgotten(data: DataFolder, session: Session) -> int:
    """Delete the files of certificates whose name was erased; how many there were."""
    removed = 0
    for number in session.scalars(select(Certificate.number).where(Certificate.person_name.is_(None))):
        with contextlib.suppress(FileNotFoundError):
            file_of(data, number).unlink()
            removed += 1
    return removed


def _make(data: DataFolder, engine: Engine, certificate_id: int, now: datetime) -> bytes:
    # Only who makes a file waits for typst, pyHanko and cryptography to be imported.
    from .keys import signing_key
    from .pdf import certificate_pdf
    from .signing import sign_pdf

    face = _face(data, engine, certificate_id)
    settings = data.settings.certificate
    return sign_pdf(
        certificate_pdf(face),
        statement_of(face),
        signing_key(data, now),
        owner=face.issuer,
        timestamp_url=settings.timestamp_url,
    )


def _face(data: DataFolder, engine: Engine, certificate_id: int) -> Face:
    """What is printed: as it was kept, or put together now and kept."""
    with writing(engine) as session:
        certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
        if certificate.person_name is None:
            raise CertificateRefused("erased")
        if certificate.face is None:
            edition = certificate.enrolment.edition
            try:
                texts = load_certificate_texts(data.editions(edition.course, edition.edition))
            except ContentError as error:
                raise SigningProblem(
                    "Lời in trên giấy chứng nhận của khóa học (certificate.yaml) đang bị hỏng nên chưa làm được giấy. "
                    "Kết quả học tập vẫn còn nguyên; anh/chị báo giảng viên hoặc người quản trị."
                ) from error
            certificate.face = face_of(certificate, texts, data.settings).to_json()
        return Face.from_json(certificate.face)


def _fingerprints(session: Session, certificate_id: int) -> set[str]:
    return set(
        session.scalars(
            select(CertificateFile.sha256).where(CertificateFile.certificate_id == certificate_id)
        )
    )


def _record(session: Session, certificate_id: int, sha256: str, now: datetime) -> None:
    # The certificate's row is locked, so an erasure comes wholly before this (and stops it) or wholly after.
    certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
    if certificate.person_name is None:
        raise CertificateRefused("erased")
    if sha256 not in _fingerprints(session, certificate_id):
        session.add(CertificateFile(certificate_id=certificate_id, sha256=sha256, made_at=now))


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def _write(place: Path, made: bytes, *, replace: bytes | None) -> bytes:
    """Put the file in its place whole; if another was first, its file stands. ``replace``: what was damaged there."""
    place.parent.mkdir(mode=0o700, exist_ok=True)
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(made)
            stream.flush()
            os.fsync(stream.fileno())
        if replace is not None and _read(place) == replace:
            draft.replace(place)
            return made
        with contextlib.suppress(FileExistsError):
            place.hardlink_to(draft)
        return place.read_bytes()
    finally:
        draft.unlink(missing_ok=True)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
