"""Whose file it is: changes, other signers, the keys and the trust file, the organisation's own key, timestamps."""

from __future__ import annotations

import asyncio
import http.server
import io
import random
import shutil
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from isoxa_grading.certificates import SigningProblem
from isoxa_grading.certificates.errors import CertificateProblem
from isoxa_grading.certificates.face import statement_of
from isoxa_grading.certificates.keys import SigningKey, make_keys, signing_key, trusted, write_trust
from isoxa_grading.certificates.pdf import certificate_pdf
from isoxa_grading.certificates.signing import sign_pdf
from isoxa_grading.certificates.verifying import Verdict, read_trust, verify_pdf
from isoxa_grading.records.data_folder import CertificateSettings, DataFolder, Settings
from pyhanko.keys.internal import (
    translate_pyca_cryptography_cert_to_asn1,
    translate_pyca_cryptography_key_to_asn1,
)
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from .conftest import ISSUER, NOW, a_face


def _in_pdf(text: str) -> bytes:
    """As pyHanko writes UTF-16 in a string."""
    return b"".join(b"\\000" + one.encode("ascii") for one in text)


def test_a_coroutine_signs_and_verifies_too(data: DataFolder) -> None:
    """A kernel's thread has a running event loop, where pyHanko would refuse to start its own."""
    face = a_face()

    async def inside() -> Verdict:
        pdf = sign_pdf(certificate_pdf(face), statement_of(face), signing_key(data, NOW), owner=ISSUER)
        return verify_pdf(pdf, trusted(data)).verdict

    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(asyncio.run, inside()).result() is Verdict.GENUINE


def test_any_one_byte_changed_is_told(data: DataFolder, plain: bytes) -> None:
    trust, random_ = trusted(data), random.Random(7)
    begin = plain.index(b"/Contents <")
    # Everywhere, and above all where the signature itself stands, which it does not cover.
    places = [
        *random_.sample(range(len(plain)), 60),
        *range(begin, begin + 120, 2),
        *range(begin + 4000, begin + 4100, 3),
    ]
    for place in places:
        changed = bytearray(plain)
        changed[place] ^= 1 << random_.randrange(8)
        verdict = verify_pdf(bytes(changed), trust).verdict
        assert verdict in (Verdict.ALTERED, Verdict.NOT_PDF), (place, verdict)
        assert verdict is Verdict.ALTERED or place < 8


@pytest.mark.parametrize("change", ["appended", "cut", "case of the signature", "name", "incremental"])
def test_other_changes_are_told(data: DataFolder, plain: bytes, change: str) -> None:
    if change == "appended":
        altered = plain + b"\n%%EOF\n"
    elif change == "cut":
        altered = plain[:-300]
    elif change == "name":
        altered = plain.replace(_in_pdf("2026"), _in_pdf("2020"))
    elif change == "case of the signature":
        begin = plain.index(b"/Contents <")
        altered = plain[:begin] + plain[begin : begin + 400].replace(b"A", b"a") + plain[begin + 400 :]
    else:
        from pyhanko.pdf_utils.generic import pdf_string
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

        writer = IncrementalPdfFileWriter(io.BytesIO(plain))
        information = writer.trailer["/Info"]
        information["/IsoxaCertificate"] = pdf_string('{"name": "Kẻ Gian"}')
        writer.update_container(information)
        out = io.BytesIO()
        writer.write(out)
        altered = out.getvalue()
    assert altered != plain
    found = verify_pdf(altered, trusted(data))
    assert found.verdict is Verdict.ALTERED
    assert found.statement is None


def test_what_bears_no_signature_of_ours(data: DataFolder, plain: bytes) -> None:
    trust = trusted(data)
    assert verify_pdf(certificate_pdf(a_face()), trust).verdict is Verdict.UNSIGNED
    for content in (b"", b"xin ch\xc3\xa0o", b"PK\x03\x04", b"%PDF-1.7\n" + b"\0" * 500, b"\x89PNG%PDF"):
        assert verify_pdf(content, trust).verdict is Verdict.NOT_PDF
    # The same words, made by somebody with a key of the same name.
    _, pem = make_keys(ISSUER, NOW, bits=2048)
    other = DataFolder(data.path.parent / "other")
    other.create(Settings(certificate=CertificateSettings(issuer=ISSUER)))
    other.secret_file("certificate-signing.pem", lambda: pem)
    face = a_face()
    forged = sign_pdf(certificate_pdf(face), statement_of(face), signing_key(other, NOW), owner=ISSUER)
    assert verify_pdf(forged, trust).verdict is Verdict.STRANGER
    assert verify_pdf(forged, trusted(other)).verdict is Verdict.GENUINE
    assert verify_pdf(plain, []).verdict is Verdict.STRANGER


def test_the_trust_file_is_all_that_others_need(data: DataFolder, plain: bytes, tmp_path: Path) -> None:
    file = tmp_path / "tin-cay.pem"
    assert write_trust(data, file, NOW) == 1
    assert b"PRIVATE" not in file.read_bytes()
    assert verify_pdf(plain, read_trust(file)).genuine
    file.write_text("không phải chứng thư")
    with pytest.raises(CertificateProblem, match="không phải tệp tin cậy"):
        read_trust(file)
    with pytest.raises(CertificateProblem, match="không đọc được"):
        read_trust(tmp_path / "khong-co.pem")


def test_keys_are_closed_and_made_once(data: DataFolder) -> None:
    key = signing_key(data, NOW)
    assert signing_key(data, NOW) == key
    for file in (data.path / "secrets").glob("certificate-*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(SigningProblem, match="hết hạn"):
        signing_key(data, NOW + timedelta(days=40 * 365))


@pytest.fixture
def organisation(tmp_path: Path) -> Path:
    """A PKCS#12 file as an authority gives it: an elliptic key, its certificate, and the authority's."""
    begin, end = NOW - timedelta(days=1), NOW + timedelta(days=700)
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Gốc dùng chung")])
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sở Thật")])
    root, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def certificate(subject: x509.Name, public: ec.EllipticCurvePublicKey, ca: bool) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(root, hashes.SHA256())
        )

    content = pkcs12.serialize_key_and_certificates(
        b"isoxa", key, certificate(name, key.public_key(), False), [certificate(root_name, root.public_key(), True)],
        BestAvailableEncryption("mật khẩu".encode()),
    )  # fmt: skip
    file = tmp_path / "so.p12"
    file.write_bytes(content)
    return file


def with_key(tmp_path: Path, **settings: str) -> DataFolder:
    data = DataFolder(tmp_path / "data")
    data.create(Settings(certificate=CertificateSettings(**settings)))
    return data


def test_an_organisations_own_key(organisation: Path, tmp_path: Path) -> None:
    data = with_key(tmp_path, pkcs12=str(organisation), pkcs12_password="mật khẩu")
    key = signing_key(data, NOW)
    face = a_face()
    pdf = sign_pdf(certificate_pdf(face), statement_of(face), key, owner="Sở Thật")
    found = verify_pdf(pdf, trusted(data))
    assert (found.verdict, found.signer) == (Verdict.GENUINE, "Sở Thật")
    # Exactly this signer is trusted, not whoever else has a certificate of the same root.
    assert trusted(data) == [key.certificate]
    assert not list((data.path / "secrets").glob("certificate-signing*"))
    # Back to a key of its own later: what was signed before is still ours.
    data.settings_file.unlink()
    data.create(Settings())
    data.secret_file("certificate-signing.pem", lambda: make_keys("x", NOW, bits=2048)[1])
    assert signing_key(data, NOW).anchor in trusted(data)
    assert verify_pdf(pdf, trusted(data)).genuine


def test_a_key_that_cannot_be_used_is_told(organisation: Path, tmp_path: Path) -> None:
    for settings, words in (
        ({"pkcs12": str(organisation), "pkcs12_password": "sai"}, "sai mật khẩu"),
        ({"pkcs12": "khong-co.p12"}, "không đọc được"),
        ({"pkcs12": __file__}, "không phải tệp PKCS#12"),
    ):
        shutil.rmtree(tmp_path / "data", ignore_errors=True)
        with pytest.raises(SigningProblem, match=words):
            signing_key(with_key(tmp_path, **settings), NOW)
    data = with_key(tmp_path / "x")
    data.secret_file("certificate-signing.pem", lambda: b"-----BEGIN")
    with pytest.raises(SigningProblem, match="bị hỏng"):
        signing_key(data, NOW)


def test_a_timestamp_server_that_is_down_is_told(data: DataFolder) -> None:
    face = a_face()
    with pytest.raises(SigningProblem, match="Máy chủ dấu thời gian"):
        sign_pdf(
            certificate_pdf(face), statement_of(face), signing_key(data, NOW), owner=ISSUER,
            timestamp_url="http://127.0.0.1:9/",
        )  # fmt: skip


class _Clock(http.server.BaseHTTPRequestHandler):
    """A timestamp server (RFC 3161) with a key of its own."""

    stamper: Any = None

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        answer = asyncio.run(self.stamper.async_request_tsa_response(asked)).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: object) -> None:
        pass


def test_a_timestamp_is_taken_where_one_is_configured(data: DataFolder) -> None:
    key = _tsa_key()
    _Clock.stamper = DummyTimeStamper(
        tsa_cert=translate_pyca_cryptography_cert_to_asn1(key.certificate),
        tsa_key=translate_pyca_cryptography_key_to_asn1(key.key),
        certs_to_embed=None,
        fixed_dt=NOW,
    )
    server = http.server.HTTPServer(("127.0.0.1", 0), _Clock)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    face = a_face()
    try:
        pdf = sign_pdf(
            certificate_pdf(face), statement_of(face), signing_key(data, NOW), owner=ISSUER,
            timestamp_url=f"http://127.0.0.1:{server.server_port}/",
        )  # fmt: skip
    finally:
        server.shutdown()
        server.server_close()
    found = verify_pdf(pdf, trusted(data))
    assert (found.verdict, found.timestamped) == (Verdict.GENUINE, True)
    said = pdf.index(b"20261121050000Z".hex().upper().encode())
    assert verify_pdf(pdf[:said] + b"33" + pdf[said + 2 :], trusted(data)).verdict is Verdict.ALTERED


def _tsa_key() -> SigningKey:
    """A self-signed certificate that may give timestamps."""
    key = rsa.generate_private_key(65537, 2048)  # all that pyHanko's own test server knows
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Máy chủ dấu thời gian")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=100))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return SigningKey(key, certificate, (), certificate)
