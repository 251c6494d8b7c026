"""People who complete a small course at a made-up commune, and a data folder whose keys are made once a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from isoxa_courses.certificate_texts import CertificateTexts
from isoxa_grading.certificates.face import Face
from isoxa_grading.certificates.files import signed_file
from isoxa_grading.certificates.keys import make_keys
from isoxa_grading.completion import record_lesson_completed
from isoxa_grading.records.data_folder import CertificateSettings, DataFolder, Settings
from isoxa_grading.records.database import connect, migrate, writing
from isoxa_grading.records.tables import Certificate, CourseEdition, Enrolment, Membership, Person, Unit
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ISSUER = 'Sở "KH&CN" tỉnh Núi Xanh'

Complete = Callable[..., Enrolment]


def make_unit(session: Session, name: str, kind: UnitKind, parent: Unit | None, type_word: str) -> Unit:
    unit = Unit(
        code=f"{kind.value}-{name}", kind=kind, type_word=type_word, name=name,
        short_name=name.split(" ", 1)[1], parent=parent, path="?", valid_from=date(1900, 1, 1),
        sort_key=name, search_key=name,
    )  # fmt: skip
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def make_edition(session: Session, edition: str, **changes: Any) -> CourseEdition:
    manifest = {"course": "iso", "lessons": [{"id": "01", "items": []}], "quizzes": []} | changes
    made = CourseEdition(
        course="iso", edition=edition, title="Khóa học #thử *đậm* <b>", manifest=manifest,
        content_sha256="0" * 64, published_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def make_enrolment(session: Session, edition: CourseEdition, unit: Unit, name: str) -> Enrolment:
    person = Person(full_name=name, sort_key="x", made_up=False, created_at=NOW)
    session.add(Membership(person=person, unit=unit, valid_from=date(2026, 1, 1)))
    enrolment = Enrolment(person=person, edition=edition, enrolled_at=NOW, due_on=None, source="test")
    session.add(enrolment)
    session.flush()
    return enrolment


def make_commune(session: Session) -> Unit:
    country = make_unit(session, "Nước ta", UnitKind.COUNTRY, None, "quốc gia")
    province = make_unit(session, "Tỉnh Núi Xanh", UnitKind.PROVINCE, country, "tỉnh")
    return make_unit(session, "Xã Suối Lành", UnitKind.COMMUNE, province, "xã")


@pytest.fixture
def complete(session: Session) -> Complete:
    """``complete(name="…", now=…, **manifest)``: somebody of Xã Suối Lành who completes a fresh edition then."""
    commune = make_commune(session)
    made = 0

    def complete(name: str = "Trần Thị Mẫu", now: datetime = NOW, **manifest: Any) -> Enrolment:
        nonlocal made
        made += 1
        enrolment = make_enrolment(session, make_edition(session, f"e{made}", **manifest), commune, name)
        record_lesson_completed(session, enrolment, lesson="01", now=now)
        session.flush()
        return enrolment

    return complete


@pytest.fixture(scope="module")
def keys() -> tuple[bytes, bytes]:
    """An authority and a signing key; small, since making a large one takes seconds."""
    return make_keys(ISSUER, NOW, bits=2048)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, keys: tuple[bytes, bytes]) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("certificates") / "data")
    folder.create(
        Settings(
            public_address="https://iso.example.vn/",
            certificate=CertificateSettings(issuer=ISSUER, signer_title="Giám đốc", place="Núi Xanh"),
        )
    )
    for name, pem in zip(("certificate-authority.pem", "certificate-signing.pem"), keys, strict=True):
        folder.secret_file(name, lambda pem=pem: pem)  # type: ignore[misc]
    return folder


HOSTILE = 'Hồ #eval("1") \\ *Ánh* _Ỷ_ $x$ @a `b` "ngoặc" <script>alert(1)</script> // {} [] '
LONG = (HOSTILE + "Nguyễn Đặng Thị Ưỡn " * 20)[:300].strip()


@pytest.fixture(scope="module")
def records(data: DataFolder) -> Iterator[Engine]:
    """The records of ``data``."""
    engine = connect(data.database_url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def made(data: DataFolder, records: Engine) -> dict[str, int]:
    """Ids of certificates: ``plain``, ``long`` (a hostile name of 300 characters), ``erased``, ``other``."""
    with writing(records) as session:
        commune, edition = make_commune(session), make_edition(session, "2026.1")
        found = {}
        names = {"plain": "Trần Thị Mẫu", "long": LONG, "erased": "Sẽ Được Xóa", "other": "Người Khác"}
        for key, name in names.items():
            enrolment = make_enrolment(session, edition, commune, name)
            record_lesson_completed(session, enrolment, lesson="01", now=NOW)
            found[key] = session.scalars(
                select(Certificate.id).where(Certificate.enrolment_id == enrolment.id)
            ).one()
    return found


@pytest.fixture(scope="module")
def plain(data: DataFolder, records: Engine, made: dict[str, int]) -> bytes:
    return signed_file(data, records, made["plain"], now=NOW)


def a_face(name: str = "Trần Thị Mẫu", **more: object) -> Face:
    values: dict[str, object] = {
        "number": "ISOXA-2026-000123-8", "name": name, "unit": "Xã Suối Lành, tỉnh Núi Xanh", "course": "Khóa học",
        "completed_on": "2026-11-21", "valid_until": "", "issued_on": "2026-02-05", "issuer": ISSUER,
        "signer_title": "", "signer_name": "", "place": "", "national_motto": False, "url": "", "made_up": False,
        "texts": CertificateTexts().model_dump(),
    }  # fmt: skip
    return Face.from_json(values | more)
