"""The evidence pack: what is in it, that it is of one commune alone, and that its bytes follow from records and day."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from isoxa_grading.certificates import revoke
from isoxa_grading.certificates.files import signed_file
from isoxa_grading.effect import Judgement, Measured, record_review
from isoxa_grading.evidence import NoSuchCommune, evidence_pack, gather
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Certificate, Degree, Enrolment, LessonWork, Unit
from isoxa_grading.reports import NotInScope
from sqlalchemy import Engine, select

from tests.grading.reports.conftest import START, LamDong, World, noon
from tests.portal.tiny_course import TOOL, TOOL_LESSON

Made = Callable[..., LamDong]
DAY = START + timedelta(days=120)
FORMULA = '=HYPERLINK("http://x","Bấm")'


@dataclass
class Place:
    """The province, its records committed, and packs made of it."""

    here: LamDong
    data: DataFolder
    library: CourseLibrary
    engine: Engine

    def zip(self, unit: Unit, *, day: date = DAY, scope: Unit | None = None) -> bytes:
        session = self.here.world.session
        found = gather(
            session, self.data, self.library, unit.id, course="iso",
            scope_paths=[(scope or self.here.province).path], as_of=day,
        )  # fmt: skip
        session.commit()
        pack = evidence_pack(found, lambda one: signed_file(self.data, self.engine, one.id, now=noon(130)))
        return pack.content()

    def work(self, enrolment: Enrolment, state: Any, *, done: bool = True) -> None:
        self.here.world.session.add(
            LessonWork(
                enrolment_id=enrolment.id, lesson=TOOL_LESSON, item=TOOL, state=state, sequence=1, write_key="w",
                saved_at=noon(3), done_at=noon(3) if done else None,
            )
        )  # fmt: skip
        self.here.world.session.commit()

    def enrolment_of(self, name: str) -> Enrolment:
        rows = self.here.world.session.scalars(select(Enrolment))
        return next(row for row in rows if row.person.full_name == name)


@pytest.fixture
def place(lam_dong: Made, data: DataFolder, library: CourseLibrary, engine: Engine) -> Place:
    here = lam_dong()
    here.world.session.commit()
    return Place(here, data, library, engine)


def files_of(content: bytes) -> dict[str, bytes]:
    """Without the folder that all are in."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        (folder,) = {name.split("/")[0] for name in archive.namelist()}
        return {name.removeprefix(f"{folder}/"): archive.read(name) for name in archive.namelist()}


def sheet_of(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]


def words_of(content: bytes) -> str:
    word = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in word.paragraphs), *cells])


def test_a_pack_holds_what_the_clause_asks_for(place: Place, world: World) -> None:
    unit = place.here.units["Xã Đạ Tẻh"]
    place.work(place.enrolment_of("Phạm Thị Yến"), {"cycle": {"problem": "Hồ sơ trễ hạn"}})
    place.work(place.enrolment_of("Lê Văn Ân"), {"cycle": {"problem": "Dở dang"}}, done=False)
    judgement = Judgement(
        DAY, Degree.YES, "Hồ sơ trễ hạn giảm.", Degree.PARTLY, "Nguyễn Văn Chủ, Chủ tịch", "Học lại bài 6a.",
        (Measured("Đúng hạn (%)", "96", "98,5"),),
    )  # fmt: skip
    record_review(
        world.session,
        unit.id,
        None,
        judgement,
        course="iso",
        scope_paths=[unit.path],
        actor=None,
        now=noon(125),
    )
    files = files_of(place.zip(unit))
    numbers = list(world.session.scalars(select(Certificate.number).where(Certificate.unit_id == unit.id)))
    assert set(files) == {
        "muc-luc.xlsx",
        "SHA256SUMS",
        "1-yeu-cau/yeu-cau-ve-nang-luc.docx",
        *(f"2-dao-tao/danh-sach-nguoi-hoc.{kind}" for kind in ("docx", "xlsx")),
        *(f"3-kiem-tra/ket-qua-kiem-tra.{kind}" for kind in ("docx", "xlsx")),
        *(f"4-giay-chung-nhan/danh-sach-giay-chung-nhan.{kind}" for kind in ("docx", "xlsx")),
        *(f"4-giay-chung-nhan/{number}.pdf" for number in numbers),
        "5-san-pham/06-pham-thi-yen/4a-vong-pdca.docx",
        "6-hieu-luc/danh-gia-hieu-luc.docx",
    }
    assert len(numbers) == 2
    assert all(name.isascii() and " " not in name for name in files)
    # The index and the sums speak of every other file, and tell the truth.
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "SHA256SUMS"
    }
    index = {row[1]: row for row in sheet_of(files["muc-luc.xlsx"])[1:]}
    assert set(index) == set(files) - {"muc-luc.xlsx", "SHA256SUMS"}
    assert all(row[2] and row[3] and row[4] == sums[name] for name, row in index.items())
    people = sheet_of(files["2-dao-tao/danh-sach-nguoi-hoc.xlsx"])
    report = world.report(place.here.province, days=120, unit_id=unit.id)
    assert [row[1] for row in people[1:]] == [one.full_name for one in report.officers(unit.id)]
    quizzes = sheet_of(files["3-kiem-tra/ket-qua-kiem-tra.xlsx"])
    assert [(row[1], row[5] or None, row[7]) for row in quizzes[1:]] == [
        ("K'Brêu", 5, "Chưa đạt"),
        ("K'Brêu", None, "Chờ chấm"),
        ("Hoàng Văn Ớt", 9, "Đạt"),
        ("Phạm Thị Yến", 9, "Đạt"),
    ]
    assert "Hồ sơ trễ hạn" in words_of(files["5-san-pham/06-pham-thi-yen/4a-vong-pdca.docx"])
    review = words_of(files["6-hieu-luc/danh-gia-hieu-luc.docx"])
    assert "Hồ sơ trễ hạn giảm." in review
    assert "98,5" in review
    asked = words_of(files["1-yeu-cau/yeu-cau-ve-nang-luc.docx"])
    assert "Điều 7.2. Năng lực" in asked
    assert files[f"4-giay-chung-nhan/{numbers[0]}.pdf"].startswith(b"%PDF")
    # Nothing of the other communes.
    for name, content in files.items():
        if name.endswith(("docx", "xlsx")):
            text = words_of(content) if name.endswith("docx") else str(sheet_of(content))
            assert "Đỗ Thị Một" not in text
            assert "Đức Trọng" not in text


def test_the_same_records_and_day_give_the_same_bytes(place: Place, tmp_path: Path) -> None:
    """Built here, and by the command in another process, time zone, language and order of hashing."""
    unit = place.here.units["Xã Đạ Tẻh"]
    place.work(place.enrolment_of("Phạm Thị Yến"), {"cycle": {"problem": "Hồ sơ trễ hạn"}})
    first = place.zip(unit)
    target = tmp_path / "pack.zip"
    command = [
        sys.executable, "-c", "from isoxa_portal.cli.app import main; main()", "evidence", unit.code,
        "--data", str(place.data.path), "--course", "iso", "--as-of", f"{DAY:%d/%m/%Y}", "--output", str(target),
    ]  # fmt: skip
    elsewhere = {**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run(command, env=elsewhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert target.read_bytes() == first
    assert place.zip(unit, day=DAY - timedelta(days=1)) != first


def test_certificates_that_were_taken_back_are_told_but_not_given(place: Place, world: World) -> None:
    unit = place.here.units["Xã Đức Trọng"]
    paper = world.session.scalars(select(Certificate).where(Certificate.unit_id == unit.id)).one()
    revoke(world.session, paper, "Cấp nhầm", actor=None, now=noon(20))
    files = files_of(place.zip(unit))
    assert not any(name.endswith(".pdf") for name in files)
    rows = sheet_of(files["4-giay-chung-nhan/danh-sach-giay-chung-nhan.xlsx"])
    assert [(row[2], row[5]) for row in rows[1:]] == [(paper.number, "Đã thu hồi")]


def test_a_commune_without_officers_and_hostile_names(place: Place, world: World) -> None:
    empty = files_of(place.zip(place.here.units["Xã Di Linh"]))
    assert "chưa có cán bộ, công chức nào đăng ký" in words_of(empty["2-dao-tao/danh-sach-nguoi-hoc.docx"])
    assert "chưa có phiếu đánh giá hiệu lực nào" in words_of(empty["6-hieu-luc/danh-gia-hieu-luc.docx"])
    unit = world.commune('Xã "../../Ma\\Đa"', place.here.province)
    names = [FORMULA, "../../../etc/passwd", "Đinh " + "Dài" * 98, "赵"]
    for name in names:
        place.work(world.enrol(world.person(name, unit)), {"cycle": {"problem": FORMULA}})
    content = place.zip(unit)
    files = files_of(content)
    made = [name for name in files if name.startswith("5-san-pham/")]
    assert len(made) == len(names)
    assert all(".." not in name and name.isascii() and len(name) < 120 for name in files)
    book = openpyxl.load_workbook(io.BytesIO(files["2-dao-tao/danh-sach-nguoi-hoc.xlsx"]))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {FORMULA, *names} <= {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)


def test_only_a_commune_that_is_there_and_in_scope(place: Place, world: World) -> None:
    elsewhere = world.commune("Xã Ia Kha", world.province("Tỉnh Gia Lai"))
    old = world.commune("Xã Cũ", place.here.province, valid_from=date(2020, 1, 1), valid_to=date(2025, 6, 30))
    for unit in (elsewhere, old, place.here.province):
        with pytest.raises(NotInScope):
            place.zip(unit)
    with pytest.raises(NoSuchCommune):
        place.zip(place.here.province)
    with pytest.raises(NotInScope):
        place.zip(place.here.units["Xã Di Linh"], scope=place.here.units["Xã Đạ Tẻh"])
