"""``isoxa certificate``: issuing, listing, taking back, and checking a file with and without the data folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from isoxa_grading.certificates.files import signed_file
from isoxa_grading.certificates.keys import make_keys
from isoxa_grading.records.data_folder import CertificateSettings, DataFolder, Settings
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.tables import Certificate, CourseEdition, Enrolment, FactKind, Person, TrainingFact
from isoxa_portal.cli import main
from sqlalchemy import select

NOW = datetime.now(UTC)
NAME = 'Hồ [bold]"Thị" <b>Ánh</b>'
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``isoxa certificate`` in this process: exit code, stdout, stderr."""

    def run_one(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["isoxa", "certificate", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        code = stop.value.code
        return (code if isinstance(code, int) else int(code is not None)), said.out, said.err

    return run_one


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Two people who completed a course long ago; one of them a year too long."""
    data = DataFolder(tmp_path_factory.mktemp("cli") / "data")
    data.create(Settings(certificate=CertificateSettings(issuer="Sở Thử")))
    data.secret_file("certificate-signing.pem", lambda: make_keys("Sở Thử", NOW, bits=2048)[1])
    engine = data.engine()
    migrate(engine)
    with writing(engine) as session:
        edition = CourseEdition(
            course="iso",
            edition="1",
            title="Khóa học",
            manifest={},
            content_sha256="0" * 64,
            published_at=NOW,
        )
        for name, until in ((NAME, None), ("Người Hết Hạn", date(2025, 1, 31))):
            person = Person(full_name=name, sort_key="x", made_up=True, created_at=NOW)
            enrolment = Enrolment(person=person, edition=edition, enrolled_at=NOW, source="test")
            session.add(enrolment)
            session.flush()
            for kind, value in ((FactKind.COMPLETED, None), (FactKind.VALID_UNTIL, until)):
                if kind is FactKind.COMPLETED or value:
                    session.add(
                        TrainingFact(
                            enrolment_id=enrolment.id, kind=kind, on=date(2024, 1, 31), value=value, recorded_at=NOW
                        )
                    )  # fmt: skip
    engine.dispose()
    return data


def pdf_of(data: DataFolder, name: str) -> tuple[str, bytes]:
    engine = data.engine()
    with writing(engine) as session:
        one = session.scalars(
            select(Certificate).where(Certificate.person_name == name).order_by(Certificate.id.desc())
        ).first()
        assert one is not None
        number, id_ = one.number, one.id
    content = signed_file(data, engine, id_, now=NOW)
    engine.dispose()
    return number, content


def test_from_issuing_to_checking(data: DataFolder, run: Run, tmp_path: Path) -> None:
    at = ("--data", data.path)
    assert json.loads(run("issue", "--json", *at)[1]) == {"issued": 2, "files_removed": 0}
    assert json.loads(run("issue", "--json", *at)[1])["issued"] == 0
    code, out, err = run("list", *at)
    assert (code, "2 giấy." in err) == (0, True)
    assert NAME in out
    assert "Đã hết hiệu lực." in out
    [listed] = json.loads(run("list", "--search", "anh</b>", "--json", *at)[1])
    number, content = pdf_of(data, NAME)
    assert (listed["number"], listed["standing"], listed["name"]) == (number, "valid", NAME)

    file, trust = tmp_path / "giay.pdf", tmp_path / "tin-cay.pem"
    file.write_bytes(content)
    code, out, _ = run("verify", file, *at)
    assert code == 0
    for words in ("ĐÚNG:", number, NAME, "Sở Thử", "TRÌNH DIỄN", "Có hiệu lực."):
        assert words in out
    # Elsewhere, with the trust file alone.
    assert "1 chứng thư" in run("trust", "--output", trust, *at)[2]
    code, out, _ = run("verify", file, "--trust", trust, "--data", tmp_path / "khong-co")
    assert code == 0
    assert "Tệp không cho biết giấy có bị thu hồi hay không" in out
    code, _, err = run("verify", file, "--data", tmp_path / "khong-co")
    assert (code, "--trust" in err) == (1, True)

    old_number, old = pdf_of(data, "Người Hết Hạn")
    assert old_number != number
    expired = tmp_path / "cu.pdf"
    expired.write_bytes(old)
    for more in (("--trust", trust), at):
        code, out, _ = run("verify", expired, "--json", *more)
        said = json.loads(out)
        assert (code, said["verdict"], said["standing"], said["ok"]) == (1, "genuine", "expired", False)


def test_what_is_not_right_is_told(data: DataFolder, run: Run, tmp_path: Path) -> None:
    at = ("--data", data.path)
    run("issue", *at)
    _, content = pdf_of(data, NAME)
    other = tmp_path / "khac.pem"
    other.write_bytes(
        make_keys("Ai khác", NOW - timedelta(days=3), bits=2048)[1].split(b"-----END PRIVATE KEY-----\n")[1]
    )
    middle = len(content) // 3
    cases = {
        "altered": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "not_pdf": b"<html>",
        "unsigned": content[: content.index(b"%%EOF") + 6],
    }
    for verdict, changed in cases.items():
        file = tmp_path / f"{verdict}.pdf"
        file.write_bytes(changed)
        code, out, _ = run("verify", file, "--json", *at)
        said = json.loads(out)
        assert (code, said["verdict"], said["standing"], said["statement"]) == (1, verdict, None, None)
    assert "ĐÃ BỊ SỬA" in run("verify", tmp_path / "altered.pdf", *at)[1]
    file = tmp_path / "dung.pdf"
    file.write_bytes(content)
    code, out, _ = run("verify", file, "--trust", other)
    assert (code, "KHÔNG PHẢI CỦA CHÚNG TÔI" in out) == (1, True)
    code, _, err = run("verify", file, "--trust", file)
    assert (code, "không phải tệp tin cậy" in err) == (1, True)
    code, _, err = run("verify", tmp_path / "khong-co.pdf", *at)
    assert (code, "khong-co.pdf" in err) == (1, True)


def test_taking_back_and_giving_again(data: DataFolder, run: Run, tmp_path: Path) -> None:
    at = ("--data", data.path)
    run("issue", *at)
    number, content = pdf_of(data, NAME)
    assert "chưa bị thu hồi" in run("reissue", number, *at)[2]
    assert "Chưa có lý do" in run("revoke", number, "--reason", " ", *at)[2]
    assert run("revoke", number.lower(), "--reason", "Thử", *at)[0] == 0
    assert "đã bị thu hồi trước đó" in run("revoke", number, "--reason", "Thử", *at)[2]
    file = tmp_path / "giay.pdf"
    file.write_bytes(content)
    code, out, _ = run("verify", file, *at)
    assert (code, "Đã bị thu hồi." in out) == (1, True)
    code, _, err = run("reissue", number, *at)
    assert (code, f"thay cho {number}" in err) == (0, True)
    assert "chép nhầm" in run("revoke", "ISOXA-2026-000001-A", "--reason", "x", *at)[2]
    assert (
        "Chưa từng cấp"
        in run("revoke", "ISOXA-2020-000123-A"[:-1] + _check("ISOXA2020000123"), "--reason", "x", *at)[2]
    )


def _check(body: str) -> str:
    from isoxa_grading.certificates import check_character

    return check_character(body)
