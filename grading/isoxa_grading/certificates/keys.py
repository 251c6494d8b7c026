"""Whose key signs, and whom one may trust.

Without a file of the organisation's own (``[certificate] pkcs12`` in ``isoxa.toml``), two keys are made on first use
and kept in ``DATA/secrets`` (mode 0600): that of a small authority of this data folder's own, and the one that signs,
which the authority certifies. Both are RSA with 3072 bits, good beyond 2030 (NIST SP 800-57 Part 1, Table 2), and every
PDF reader knows them. They last thirty years: nobody reminds a commune to renew a key.

What is trusted is named, never inherited: our own authority, or exactly the organisation's signing certificate.
Trusting the root above that one would take the signature of anybody else under it for ours. Every certificate that
ever signed stays in ``secrets/certificate-trust.pem``, so what was signed with an earlier key can still be checked.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from isoxa_courses.text import clean

from isoxa_grading.records.data_folder import DataFolder

from .errors import SigningProblem
from .face import NO_ISSUER

__all__ = ["PrivateKey", "SigningKey", "make_keys", "signing_key", "trust_pem", "trusted", "write_trust"]

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_AUTHORITY, _SIGNING, _TRUST = "certificate-authority.pem", "certificate-signing.pem", "certificate-trust.pem"
_BITS = 3072
_YEARS = timedelta(days=30 * 365)
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_lock = threading.Lock()


@dataclass(frozen=True)
class SigningKey:
    """A key with its certificate; ``chain``: the certificates above it; ``anchor``: what others are to trust."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    anchor: x509.Certificate


def signing_key(data: DataFolder, now: datetime) -> SigningKey:
    """The key that signs; made on first use. Raises ``SigningProblem`` for a file that cannot be used."""
    mine = data.settings.certificate
    with _lock:
        if mine.pkcs12:
            found = _of_organisation(data.path / mine.pkcs12, mine.pkcs12_password)
        else:
            found = _own(data, clean(mine.issuer) or NO_ISSUER, now)
        _remember(data, found.anchor)
    if not found.certificate.not_valid_before_utc <= now <= found.certificate.not_valid_after_utc:
        raise SigningProblem(
            "Chứng thư ký giấy chứng nhận đã hết hạn hoặc chưa đến ngày dùng được. "
            "Người quản trị cần thay tệp khóa trong mục [certificate] của isoxa.toml."
        )
    return found


def trusted(data: DataFolder) -> list[x509.Certificate]:
    """Every certificate whose signatures are this data folder's own."""
    file = data.path / "secrets" / _TRUST
    return x509.load_pem_x509_certificates(file.read_bytes()) if file.exists() else []


def trust_pem(data: DataFolder) -> bytes:
    """The same as a file to hand out: it holds no secret."""
    return b"".join(
        f"# {one.subject.rfc4514_string()}\n".encode() + one.public_bytes(serialization.Encoding.PEM)
        for one in trusted(data)
    )


def write_trust(data: DataFolder, output: Path, now: datetime) -> int:
    """Write what others need to check our signatures; how many certificates. Makes the key if there is none yet."""
    signing_key(data, now)
    output.write_bytes(trust_pem(data))
    return len(trusted(data))


def make_keys(owner: str, now: datetime, bits: int = _BITS) -> tuple[bytes, bytes]:
    """PEM of an authority of that name, and of a signing key it certified (each: key, then certificates)."""
    begin, end = now - timedelta(days=1), now + _YEARS
    authority_key, key = (rsa.generate_private_key(65537, bits) for _ in range(2))
    authority_name = _name(owner, "Gốc tin cậy giấy chứng nhận ISO xã")
    authority = (
        _certificate(authority_name, authority_name, authority_key, begin, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    own = (
        _certificate(_name(owner, "Ký giấy chứng nhận ISO xã"), authority_name, key, begin, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False
        )
        .sign(authority_key, hashes.SHA256())
    )
    return _pem(authority_key, authority), _pem(key, own, authority)


def _own(data: DataFolder, owner: str, now: datetime) -> SigningKey:
    made: list[bytes] = []

    def part(index: int) -> bytes:
        if not made:
            made.extend(make_keys(owner, now))
        return made[index]

    # The signing file names the authority it came from, so it alone decides which pair stands.
    signing = data.secret_file(_SIGNING, lambda: part(1)).read_bytes()
    if made:
        data.secret_file(_AUTHORITY, lambda: part(0))
    return _read_own(signing)


@lru_cache(8)
def _read_own(signing: bytes) -> SigningKey:
    # Kept: reading an RSA key checks it, which takes a quarter of a second.
    try:
        key = serialization.load_pem_private_key(signing, None)
        own, authority = x509.load_pem_x509_certificates(signing)
    except (ValueError, TypeError) as error:
        raise SigningProblem(
            f"DATA/secrets/{_SIGNING}: tệp khóa bị hỏng. Hãy khôi phục từ bản sao lưu."
        ) from error
    if not isinstance(key, PrivateKey):
        raise SigningProblem(f"DATA/secrets/{_SIGNING}: loại khóa này không dùng để ký được.")
    return SigningKey(key, own, (authority,), authority)


def _of_organisation(file: Path, password: str) -> SigningKey:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SigningProblem(f"{file}: không đọc được tệp khóa ký ({error.strerror}).") from error
    return _read_pkcs12(file, content, password)


@lru_cache(8)
def _read_pkcs12(file: Path, content: bytes, password: str) -> SigningKey:
    try:
        key, own, others = pkcs12.load_key_and_certificates(content, password.encode() if password else None)
    except ValueError as error:
        raise SigningProblem(
            f"{file}: sai mật khẩu (pkcs12_password), hoặc không phải tệp PKCS#12."
        ) from error
    if not isinstance(key, PrivateKey) or own is None:
        raise SigningProblem(f"{file}: không có khóa RSA hay EC kèm chứng thư để ký.")
    return SigningKey(key, own, tuple(others), own)


def _remember(data: DataFolder, anchor: x509.Certificate) -> None:
    if anchor in trusted(data):
        return
    file = data.secret_file(_TRUST, bytes)
    # Replaced whole: whoever reads it meanwhile sees the old list or the new one.
    draft = file.with_name(f"{_TRUST}.new")
    draft.touch(mode=0o600)
    draft.write_bytes(file.read_bytes() + anchor.public_bytes(serialization.Encoding.PEM))
    draft.replace(file)


def _name(owner: str, role: str) -> x509.Name:
    # X.520: a common name and an organisation have at most 64 characters.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, role),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates, content_commitment=not certificates, key_cert_sign=certificates,
        crl_sign=certificates, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(key: rsa.RSAPrivateKey, *certificates: x509.Certificate) -> bytes:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)
