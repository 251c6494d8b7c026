"""Is this file a certificate of ours, as we made it? Needs neither the server nor its data, only whom to trust.

The verdict is the first that fits::

    NOT_PDF    it cannot be read as a PDF at all
    UNSIGNED   it bears no signature
    ALTERED    something in it is not as it was signed, be it one byte, or something appended
    STRANGER   it is as it was signed, but by somebody whom the trust file does not name
    GENUINE    as we made it

That a genuine certificate was revoked since, no file can know: its number is to be looked up.
"""

from __future__ import annotations

import enum
import hashlib
import io
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography import x509
from isoxa_courses.text import VIETNAM
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import UnacceptableSignerError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .apart import apart
from .errors import CertificateProblem
from .signing import CHAIN_KEY, STATEMENT_KEY, chain_print

__all__ = ["LARGEST", "Verdict", "Verification", "read_trust", "verify_pdf"]

LARGEST = 20 * 1024 * 1024
# Whatever a hostile file makes a parser stumble over; its reader raises all of these.
_BROKEN = (
    PdfError, SignatureValidationError, UnacceptableSignerError, ValueError, KeyError, TypeError, IndexError,
    AttributeError, NotImplementedError, OverflowError, RecursionError, OSError, AssertionError,
)  # fmt: skip
# AlgorithmIdentifier of SHA-256 in DER, with its parameters left out or NULL (RFC 5754, section 2).
_SHA256 = (bytes.fromhex("300b0609608648016503040201"), bytes.fromhex("300d06096086480165030402010500"))
_content_info: Any = cms.ContentInfo
_issuer_and_serial: Any = cms.IssuerAndSerialNumber
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


class Verdict(enum.StrEnum):
    """See the module."""

    GENUINE = "genuine"
    STRANGER = "stranger"
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    NOT_PDF = "not_pdf"


@dataclass(frozen=True)
class Verification:
    """``statement``: what the file says of itself (``face.statement_of``), only where it is as it was signed.

    ``signer``: the name in the signer's certificate; ``signed_at``: the signer's own clock, or, where ``timestamped``,
    that of a timestamp server whose certificate was not checked.
    """

    verdict: Verdict
    sha256: str
    statement: dict[str, Any] | None = None
    signer: str = ""
    signed_at: datetime | None = None
    timestamped: bool = False

    @property
    def genuine(self) -> bool:
        return self.verdict is Verdict.GENUINE

    def to_json(self) -> dict[str, Any]:
        """``{"verdict", "sha256", "statement", "signer", "signed_at", "timestamped"}``."""
        return {
            "verdict": self.verdict.value,
            "sha256": self.sha256,
            "statement": self.statement,
            "signer": self.signer,
            "signed_at": self.signed_at.astimezone(VIETNAM).isoformat() if self.signed_at else None,
            "timestamped": self.timestamped,
        }


def read_trust(file: Path) -> list[x509.Certificate]:
    """The certificates of a trust file. Raises ``CertificateProblem``."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except OSError as error:
        raise CertificateProblem(f"{file}: không đọc được tệp tin cậy ({error.strerror}).") from error
    except ValueError as error:
        raise CertificateProblem(
            f"{file}: không phải tệp tin cậy. Xin đơn vị cấp giấy gửi lại tệp xuất từ “isoxa certificate trust”."
        ) from error


def verify_pdf(content: bytes, trust: Sequence[x509.Certificate]) -> Verification:
    """The verdict on a file. Never raises for what is in it."""
    # pyHanko writes what it finds wrong to the log as well; the verdict says it.
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    sha256 = hashlib.sha256(content).hexdigest()
    if b"%PDF-" not in content[:1024] or len(content) > LARGEST:
        return Verification(Verdict.NOT_PDF, sha256)
    try:
        reader = PdfFileReader(io.BytesIO(content))
        signatures = reader.embedded_signatures
    except _BROKEN:
        return Verification(Verdict.ALTERED if _was_signed(content) else Verdict.NOT_PDF, sha256)
    if not signatures:
        return Verification(Verdict.ALTERED if _was_signed(content) else Verdict.UNSIGNED, sha256)
    try:
        return _judge(content, reader, signatures, trust, sha256)
    except _BROKEN:
        return Verification(Verdict.ALTERED, sha256)


def _judge(
    content: bytes, reader: PdfFileReader, signatures: Sequence[EmbeddedPdfSignature],
    trust: Sequence[x509.Certificate], sha256: str,
) -> Verification:  # fmt: skip
    signature = signatures[-1]
    signed_at = signature.self_reported_timestamp
    status = apart(
        lambda: validate_pdf_signature(
            signature, _context(trust, signed_at), _context((), None), key_usage_settings=_USAGE
        )
    )
    stamp = status.timestamp_validity
    whole = (
        len(signatures) == 1
        and status.intact
        and status.valid
        and status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        and _container_is_as_written(content, signature)
        and (stamp is None or (stamp.intact and stamp.valid))
    )
    trailer: Any = reader.trailer
    information = trailer["/Info"] if "/Info" in trailer else {}  # noqa: SIM401  # get() follows no references
    if not whole or (CHAIN_KEY in information and str(information[CHAIN_KEY]) != _chain_of(signature)):
        return Verification(Verdict.ALTERED, sha256)
    stated = json.loads(str(information[STATEMENT_KEY])) if STATEMENT_KEY in information else None
    return Verification(
        Verdict.GENUINE if status.trusted and stated else Verdict.STRANGER,
        sha256,
        stated if isinstance(stated, dict) else None,
        _owner(signature),
        signed_at,
        stamp is not None,
    )


def _context(trust: Sequence[x509.Certificate], moment: datetime | None) -> ValidationContext:
    """Trust in these alone, at the moment the signature names; nothing is fetched from anywhere."""
    return ValidationContext(
        trust_roots=[translate_pyca_cryptography_cert_to_asn1(one) for one in trust],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _container_is_as_written(content: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The one gap that the signature does not cover holds the signature, and nothing else in any other spelling."""
    first, length, second, _rest = (int(one) for one in signature.byte_range)
    gap = content[first + length : second]
    written: Any = signature.signed_data
    one: Any = signature.signer_info
    plain = (
        written["version"].native == one["version"].native == "v1"
        and len(written["digest_algorithms"]) == 1
        and written["digest_algorithms"][0].dump() in _SHA256
        and one["digest_algorithm"].dump() in _SHA256
        and one["sid"].chosen.dump() == _names(signature)
    )
    container: Any = _content_info({"content_type": "signed_data", "content": written})
    exact = container.dump().hex().upper().encode()
    return plain and bool(gap == b"<" + exact.ljust(len(gap) - 2, b"0") + b">")


def _names(signature: EmbeddedPdfSignature) -> bytes:
    """How the signature names its signer's certificate."""
    certificate: Any = signature.signer_cert
    named: Any = _issuer_and_serial(
        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    )
    return bytes(named.dump())


def _chain_of(signature: EmbeddedPdfSignature) -> str:
    embedded: list[Any] = [signature.signer_cert, *signature.other_embedded_certs]
    return chain_print(one.dump() for one in embedded)


def _owner(signature: EmbeddedPdfSignature) -> str:
    named = signature.signer_cert.subject.native
    return str(named.get("organization_name") or named.get("common_name") or "")


def _was_signed(content: bytes) -> bool:
    """Traces of our own signature in a file whose structure no longer leads to it."""
    return b"/ByteRange" in content or STATEMENT_KEY.encode() in content
