"""The signed file: made once, read by others' tools, and told from every file that is not as we made it."""

from __future__ import annotations

import io
import shutil
import stat
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from isoxa_courses.certificate_texts import CertificateTexts, load_certificate_texts
from isoxa_grading.certificates import CertificateRefused, SigningProblem, forget_person
from isoxa_grading.certificates.face import face_of
from isoxa_grading.certificates.files import file_of, remove_forgotten, signed_file
from isoxa_grading.certificates.keys import trusted
from isoxa_grading.certificates.pdf import certificate_pdf
from isoxa_grading.certificates.verifying import Verdict, verify_pdf
from isoxa_grading.completion import record_lesson_completed
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Certificate, CertificateFile
from pypdf import PdfReader
from sqlalchemy import Engine, select

from .conftest import ISSUER, LONG, NOW, a_face, make_edition, make_enrolment


def text_of(pdf: bytes) -> str:
    [page] = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(page.extract_text().split())


def test_it_is_made_once_and_is_ours(
    data: DataFolder, records: Engine, made: dict[str, int], plain: bytes
) -> None:
    assert signed_file(data, records, made["plain"], now=NOW + timedelta(days=9)) == plain
    with writing(records) as session:
        number = session.get_one(Certificate, made["plain"]).number
    file = file_of(data, number)
    assert file.read_bytes() == plain
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = verify_pdf(plain, trusted(data))
    assert found.verdict is Verdict.GENUINE
    assert found.signer == ISSUER
    assert found.statement == {
        "number": number, "name": "Trần Thị Mẫu", "unit": "Xã Suối Lành, tỉnh Núi Xanh",
        "course": "Khóa học #thử *đậm* <b>", "completed_on": "2026-11-21", "valid_until": "",
        "issued_on": "2026-11-21", "issuer": ISSUER, "url": f"https://iso.example.vn/xac-nhan/{number}",
        "made_up": False,
    }  # fmt: skip
    text = text_of(plain)
    for words in ("GIẤY CHỨNG NHẬN", "Trần Thị Mẫu", "Khóa học #thử *đậm* <b>", number, "(Đã ký số)", "GIÁM ĐỐC",
                  "Núi Xanh, ngày 21 tháng 11 năm 2026"):  # fmt: skip
        assert words in text
    assert "CỘNG HÒA" not in text


def test_other_tools_read_the_signature(plain: bytes, tmp_path: Path) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    file = tmp_path / "giay.pdf"
    file.write_bytes(plain)
    said = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said


def test_a_long_and_hostile_name_stands_as_it_is_on_one_page(
    data: DataFolder, records: Engine, made: dict[str, int]
) -> None:
    pdf = signed_file(data, records, made["long"], now=NOW)
    assert " ".join(LONG.split()) in text_of(pdf)
    found = verify_pdf(pdf, trusted(data))
    assert found.genuine
    assert found.statement is not None
    assert found.statement["name"] == LONG


@pytest.mark.parametrize("name", ["x" * 300, "Ỡ" * 300, "", "\u202eđảo", "👩‍🌾 Tên"])
def test_no_name_breaks_the_page(name: str) -> None:
    long = a_face(name, unit="đ" * 400, course=name * 3, issuer="Ủy ban " * 42, valid_until="2028-02-29",
                  signer_title="CHỦ TỊCH " * 22, signer_name="Nguyễn " * 28)  # fmt: skip
    pdf = certificate_pdf(long)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "có giá trị đến hết ngày 29/02/2028" in text_of(pdf)


def test_the_same_face_gives_the_same_bytes() -> None:
    assert certificate_pdf(a_face()) == certificate_pdf(a_face())
    assert "Ngày 05 tháng 02 năm 2026" in text_of(certificate_pdf(a_face()))
    motto = text_of(certificate_pdf(a_face(national_motto=True, made_up=True)))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in motto


def test_many_at_once_get_the_same_file(data: DataFolder, records: Engine, made: dict[str, int]) -> None:
    got: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: got.append(signed_file(data, records, made["other"], now=NOW)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert len(set(got)) == 1
    assert verify_pdf(got[0], trusted(data)).genuine


def test_a_damaged_file_is_made_anew(data: DataFolder, records: Engine, made: dict[str, int]) -> None:
    before = signed_file(data, records, made["other"], now=NOW)
    prints = select(CertificateFile.sha256).where(CertificateFile.certificate_id == made["other"])
    with writing(records) as session:
        file = file_of(data, session.get_one(Certificate, made["other"]).number)
        known = session.scalars(prints).all()
    file.write_bytes(before[:-100])
    after = signed_file(data, records, made["other"], now=NOW)
    assert verify_pdf(after, trusted(data)).genuine
    assert file.read_bytes() == after
    with writing(records) as session:
        # The first file, which somebody may have, is still known.
        assert len(session.scalars(prints).all()) == len(known) + 1


def test_an_erased_name_leaves_no_file(data: DataFolder, records: Engine, made: dict[str, int]) -> None:
    signed_file(data, records, made["erased"], now=NOW)
    with writing(records) as session:
        certificate = session.get_one(Certificate, made["erased"])
        file = file_of(data, certificate.number)
        forget_person(session, certificate.enrolment.person_id)
    assert file.exists()
    with writing(records) as session:
        assert remove_forgotten(data, session) == 1
        assert remove_forgotten(data, session) == 0
    assert not file.exists()
    with pytest.raises(CertificateRefused, match="không còn tên"):
        signed_file(data, records, made["erased"], now=NOW)


# -- texts ---------------------------------------------------------------------------------------------------------


def test_a_courses_own_words_are_printed_as_they_stand(
    data: DataFolder, records: Engine, made: dict[str, int], tmp_path: Path
) -> None:
    (tmp_path / "certificate.yaml").write_text("title: Giấy khen\nstatement: 'đã học #let x = 1'\n", "utf-8")
    texts = load_certificate_texts(tmp_path)
    with writing(records) as session:
        face = face_of(session.get_one(Certificate, made["plain"]), texts, data.settings)
    assert "đã học #let x = 1" in text_of(certificate_pdf(face))
    assert load_certificate_texts(tmp_path / "x") == CertificateTexts()


def test_broken_words_are_told_and_nothing_is_kept(
    data: DataFolder, records: Engine, made: dict[str, int]
) -> None:
    with writing(records) as session:
        unit = session.get_one(Certificate, made["plain"]).enrolment.person.memberships[0].unit
        enrolment = make_enrolment(session, make_edition(session, "2099.1"), unit, "Ai")
        record_lesson_completed(session, enrolment, lesson="01", now=NOW)
        one = session.scalars(select(Certificate).where(Certificate.enrolment_id == enrolment.id)).one()
        certificate_id = one.id
    folder = data.editions("iso", "2099.1")
    folder.mkdir(parents=True)
    (folder / "certificate.yaml").write_text("titel: x\n")
    with pytest.raises(SigningProblem, match=r"certificate\.yaml"):
        signed_file(data, records, certificate_id, now=NOW)
    (folder / "certificate.yaml").write_text("title: Giấy mới\n")
    assert "GIẤY MỚI" in text_of(signed_file(data, records, certificate_id, now=datetime.now(UTC)))
