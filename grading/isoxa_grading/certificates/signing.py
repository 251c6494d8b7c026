"""The signature: PAdES baseline B-B (ETSI EN 319 142-1), by pyHanko.

It shows that the file came from the holder of the key and has not changed since; the time in it is that of our own
clock. With a timestamp server (``timestamp_url``) it becomes B-T: a third party vouches for the time. The signature
certifies the document and allows no change at all, so that readers warn of anything appended later. What the
certificate states is put into the document's information as JSON before it is signed, with a fingerprint of the
signer's certificates, which a signature carries along but does not cover.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .apart import apart
from .errors import SigningProblem
from .keys import SigningKey

__all__ = ["CHAIN_KEY", "STATEMENT_KEY", "chain_print", "sign_pdf"]

STATEMENT_KEY = "/IsoxaCertificate"
CHAIN_KEY = "/IsoxaSigners"
_FIELD = "ChuKySo"
_TIMESTAMP_SECONDS = 10
# Classes without types.
_algorithm: Any = SignedDigestAlgorithm
_stamper: Any = HTTPTimeStamper
_store: Any = SimpleCertificateStore


class _KeySigner(Signer):
    """Signs with a key that was read once; pyHanko's own reads (and checks) it anew for every signature."""

    def __init__(self, key: SigningKey) -> None:
        self._private = key.key
        store = _store()
        store.register_multiple(translate_pyca_cryptography_cert_to_asn1(one) for one in key.chain)
        mechanism = "sha256_rsa" if isinstance(key.key, rsa.RSAPrivateKey) else "sha256_ecdsa"
        super().__init__(
            signing_cert=translate_pyca_cryptography_cert_to_asn1(key.certificate),
            cert_registry=store,
            signature_mechanism=_algorithm({"algorithm": mechanism}),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if (
            dry_run
        ):  # only to learn how much room to keep: DER of an ECDSA signature is two numbers and their heads
            return bytes(-(-self._private.key_size // 8) * (1 if self._is_rsa else 2) + 16)
        if isinstance(self._private, rsa.RSAPrivateKey):
            return self._private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._private.sign(data, ec.ECDSA(hashes.SHA256()))

    @property
    def _is_rsa(self) -> bool:
        return isinstance(self._private, rsa.RSAPrivateKey)


def chain_print(certificates: Iterable[bytes]) -> str:
    """SHA-256 (hex) over the SHA-256 of each certificate (DER), sorted; each once."""
    prints = sorted({hashlib.sha256(one).digest() for one in certificates})
    return hashlib.sha256(b"".join(prints)).hexdigest()


def sign_pdf(
    pdf: bytes, statement: Mapping[str, Any], key: SigningKey, *, owner: str, timestamp_url: str = ""
) -> bytes:
    """The signed file. Raises ``SigningProblem`` if the timestamp server gives no timestamp."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    information = writer.trailer["/Info"]
    information[STATEMENT_KEY] = pdf_string(json.dumps(statement, ensure_ascii=False))
    information[CHAIN_KEY] = pdf_string(
        chain_print(one.public_bytes(Encoding.DER) for one in (key.certificate, *key.chain))
    )
    writer.update_container(information)
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=owner,
        reason=f"Giấy chứng nhận {statement['number']}",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    stamper = _stamper(timestamp_url, timeout=_TIMESTAMP_SECONDS) if timestamp_url else None
    out = io.BytesIO()
    try:
        signer = PdfSigner(metadata, _KeySigner(key), timestamper=stamper)
        apart(lambda: signer.sign_pdf(writer, output=out))
    except (TimestampRequestError, OSError) as error:
        raise SigningProblem(
            "Máy chủ dấu thời gian không trả lời nên chưa ký được giấy chứng nhận. "
            "Kết quả học tập vẫn còn nguyên; anh/chị thử lại sau ít phút."
        ) from error
    return out.getvalue()
