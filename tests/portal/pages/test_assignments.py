"""Hand-written assignments, page by page: taken away, handed in, refused in words, graded, seen by trainers."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_grading.handins import hand_in_within, versions_of
from isoxa_grading.nbgrader_bridge import NbgraderFolder, student_name
from isoxa_grading.nbgrader_bridge.sandbox import available_cages
from isoxa_grading.nbgrader_bridge.sandbox.cages import available
from isoxa_grading.nbgrader_bridge.sandbox.marks import CellMark, Marks, write_marks
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import AuditEvent
from isoxa_portal import i18n
from isoxa_portal.cli.app import app
from isoxa_portal.pages.assignments_view import attachment, file_size
from sqlalchemy import select
from typer.testing import CliRunner, Result

from tests.grading.sandbox.world import NAME, RIGHT, make_released
from tests.made_once import made_once
from tests.portal.conftest import Server
from tests.portal.pages.conftest import Page, Reader, World
from tests.portal.tiny_course import COURSE

pytestmark = pytest.mark.filterwarnings("ignore:Object of type")
SOTAY = f"{NAME}.ipynb"
PAGE = f"/khoa-hoc/{COURSE}/bai-tap/{NAME}"
SECRETS = ("KEYTOKEN", "MARKTOKEN", "BEGIN SOLUTION", "HIDDEN TESTS")


@pytest.fixture(scope="module")
def world(world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The pages' world with a hand-written assignment in its course (and its gradebook: no quiz is taken here)."""
    made = made_once(tmp_path_factory, "hand-written", make_released) / "data" / "nbgrader" / "k"
    here = world.data.nbgrader(COURSE)
    for step in ("release", "source"):
        shutil.copytree(made / step / NAME, here / step / NAME)
    (here / "release" / NAME / "số liệu.csv").write_text("xã,số\n", "utf-8")
    shutil.copyfile(made / "gradebook.db", here / "gradebook.db")
    return world


@pytest.fixture
def folder(world: World) -> NbgraderFolder:
    return NbgraderFolder(world.data.nbgrader(COURSE))


@pytest.fixture
def work(folder: NbgraderFolder) -> Callable[..., bytes]:
    def made(code: str = RIGHT) -> bytes:
        notebook = deepcopy(nbformat.read(folder.release(NAME), as_version=4))
        next(
            c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "tong"
        ).source = code
        return nbformat.writes(notebook).encode()

    return made


def give(reader: Reader, *files: tuple[str, bytes]) -> Page:
    return reader.send(reader.get(PAGE), "Nộp bài", files=[("file", one) for one in files])


def press(reader: Reader) -> Page:
    """The button of a page that was opened before somebody else pressed."""
    token = reader.cookies.get(f"{reader.server.root}/api/session", timeout=60).json()["xsrf"]
    return Page(
        reader.cookies.post(f"{reader.server.root}/cham-bai/bai-tap", data={"_isoxa_xsrf": token}, timeout=60)
    )


def eventually(look: Callable[[], Page], words: str) -> Page:
    """The page, once these words are on it."""
    for _try in range(600):
        page = look()
        if words in page.text:
            return page
        time.sleep(0.2)
    raise AssertionError(page.text)


def newest(portal: Server, world: World, who: str) -> Any:
    with reading(portal.app.portal.engine) as session:
        return next(iter(versions_of(session, COURSE, NAME, world.people[who])), None)


def due(folder: NbgraderFolder, at: datetime | None) -> None:
    text = None if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(folder.root / "gradebook.db") as book:
        book.execute("update assignment set duedate = ? where name = ?", (text, NAME))


def mark(folder: NbgraderFolder, student: str, at: datetime, scores: dict[str, float | None]) -> None:
    cells = [CellMark(NAME, id_, score, None) for id_, score in scores.items()]
    write_marks(folder, NAME, student, Marks(at, cells, [], {}))


@pytest.mark.slow
def test_from_the_page_through_the_cage_to_the_page(
    portal: Server,
    world: World,
    folder: NbgraderFolder,
    work: Callable[..., bytes],
    as_user: Callable[[str], Reader],
) -> None:
    """First in this module: the button and ``isoxa grade`` run all that was handed in, and this is the only one yet."""
    if not available_cages():
        pytest.skip("no cage holds on this machine (bubblewrap missing, or its trial failed)")

    def isoxa(*arguments: str) -> Result:
        done = CliRunner().invoke(app, [*arguments, "--data", str(world.data.path)])
        assert done.exit_code == 0, done.output
        return done

    isoxa("course", "due-assignment", NAME, "31/12/2030 17:00", "--course", COURSE)
    xa = as_user("xa")
    assert "Hạn nộp 31/12/2030 17:00" in xa.get(PAGE).text
    isoxa("course", "due-assignment", NAME, "không", "--course", COURSE)
    give(xa, (SOTAY, work(RIGHT + "import sys\nsys.stderr.write('KEYTOKEN?')")))
    student = student_name(world.people["xa"])
    shutil.rmtree(folder.root / "submitted" / student)  # a crash before it was put forward
    trainer = as_user("giang-vien.gialai")
    page = trainer.get("/cham-bai/bai-tap")
    assert "1 bài chưa có điểm" in page.text
    page = trainer.send(page, "Chấm các bài mới nộp")
    assert "Đang chấm; anh/chị bấm lúc" in page.text
    assert page.answer.headers["Refresh"]
    # Pressed again on a page of before, by the same or another trainer: refused in words, and nothing is begun.
    for who in (trainer, as_user("giang-vien")):
        again = press(who)
        assert again.status == 409
        assert "Đang có một lượt chấm nên chưa bắt đầu lượt mới" in again.text
    assert "Giảng viên khác đang cho chấm" in as_user("giang-vien").get("/cham-bai/bai-tap").text
    page = eventually(lambda: trainer.get("/cham-bai/bai-tap"), "máy chấm 1 bài mới nộp, có điểm 1 bài")
    assert "1 bài chờ người chấm" in page.text
    assert "Refresh" not in page.answer.headers
    assert json.loads(isoxa("grade", "--json").stdout)["hand_ins"] == 0
    with reading(portal.app.portal.engine) as session:
        asked = session.scalars(select(AuditEvent).where(AuditEvent.action == "assignment.run_asked")).all()
    assert [one.actor_account_id for one in asked] == [world.accounts["giang-vien.gialai"]]
    home = xa.get("/khoa-hoc")
    assert "Bài tập thực hành của anh/chị có kết quả mới" in home.text
    xa.get(home.link("Xem kết quả và nhận xét: Bài tập"))
    assert "có kết quả mới" not in xa.get("/khoa-hoc").text
    page = xa.get(PAGE)
    assert "Không có hạn nộp" in page.text
    assert "Đã có 3 trên 7 điểm" in page.text
    assert "Đã nộp, chờ chấm" in page.text
    assert not any(secret in page.answer.text for secret in SECRETS)
    with sqlite3.connect(folder.root / "gradebook.db") as book:
        named = book.execute("select last_name, first_name from student where id = ?", (student,)).fetchone()
    assert named == ("Rơ Châm", "Xa")


def test_an_officer_takes_hands_in_and_reads_what_it_got(
    portal: Server,
    world: World,
    folder: NbgraderFolder,
    work: Callable[..., bytes],
    as_user: Callable[[str], Reader],
) -> None:
    an = as_user("an")
    due(folder, datetime(2030, 12, 31, 10, 0, tzinfo=UTC))
    course = an.get(f"/khoa-hoc/{COURSE}")
    assert "Bài tập thực hành" in course.text
    assert "Hạn nộp 31/12/2030 17:00" in course.text
    page = an.get(course.link("Bài tập"))
    assert "Chưa nộp" in page.text
    assert an.get(page.link(f"Tải {SOTAY}")).answer.content == folder.release(NAME).read_bytes()
    everything = an.get(page.link("Tải tất cả (tệp nén .zip)")).answer
    names = zipfile.ZipFile(io.BytesIO(everything.content)).namelist()
    assert names == [f"{NAME}/{SOTAY}", f"{NAME}/số liệu.csv"]
    assert everything.headers["Content-Disposition"].startswith(f'attachment; filename="{NAME}.zip"')

    page = give(an, (SOTAY, work("x = 1")), ("kèm theo.csv", b"a,b\n"))
    assert "Đã nhận bài, lần nộp 1" in page.text
    assert hashlib.sha256(work("x = 1")).hexdigest() in page.text
    assert "Đã nộp, chờ chấm" in page.text
    again = give(an, (SOTAY, work("x = 1")), ("kèm theo.csv", b"a,b\n"))
    assert "giống hệt bản nộp" in again.text
    page = give(an, ("bt1 (1).ipynb", work()))
    assert "Đã nhận bài, lần nộp 2" in page.text
    assert f"được nhận là bài làm của {SOTAY}" in page.text
    # The first version is still there to be taken back; a file from outside is only ever saved.
    first = an.get(page.link(f"Tải {SOTAY}, Lần 1")).answer
    assert first.content == work("x = 1")
    assert first.headers["Content-Type"] == "application/octet-stream"
    assert first.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in first.headers["Content-Security-Policy"]

    row, student = newest(portal, world, "an"), student_name(world.people["an"])
    mark(folder, student, row.received_at, {"kiem-tra": 2, "luon-dung": 1, "nhan-xet": None, "so-do": None})
    page = an.get(PAGE)
    assert "Đã nộp, chờ chấm" in page.text
    assert "Đã có 3 trên 7 điểm" in page.text
    with sqlite3.connect(folder.root / "gradebook.db") as book:
        book.execute(
            "update grade set manual_score = 2.5, needs_manual_grade = 0 where cell_id in "
            "(select id from base_cell where name = 'nhan-xet')"
        )
        book.execute(
            "update grade set manual_score = 1, needs_manual_grade = 0 where cell_id in "
            "(select id from base_cell where name = 'so-do')"
        )
        book.execute(
            "update comment set manual_comment = 'Rõ <b>ý</b>' where cell_id in "
            "(select id from base_cell where name = 'nhan-xet')"
        )
    page = an.get(PAGE)
    assert "Đã chấm: 6,5/7" in page.text
    assert "6,5 trên 7 điểm" in page.text
    assert "Rõ <b>ý</b>" in page.text
    assert page.html.find("b", string="ý") is None
    assert "Đã chấm: 6,5/7" in an.get(f"/khoa-hoc/{COURSE}").text
    assert not any(secret in page.answer.text for secret in SECRETS)
    # It counts for nothing else: the course's steps are what they were.
    assert "Không tính vào việc hoàn thành khóa học" in course.text


def test_home_and_course_say_how_each_exercise_stands(
    portal: Server,
    world: World,
    folder: NbgraderFolder,
    work: Callable[..., bytes],
    as_user: Callable[[str], Reader],
) -> None:
    hostile = as_user("hostile")
    due(folder, datetime(2030, 12, 31, 10, 0, tzinfo=UTC))
    for path in ("/khoa-hoc", f"/khoa-hoc/{COURSE}"):
        page = hostile.get(path)
        assert "Hạn nộp 31/12/2030 17:00" in page.text
        assert "Chưa nộp" in page.text
    assert hostile.get(hostile.get("/khoa-hoc").link("Bài tập")).one("h1").get_text() == "Bài tập"
    give(hostile, (SOTAY, work("z = 1")))
    assert "Đã nộp, chờ chấm" in hostile.get("/khoa-hoc").text
    row, student = newest(portal, world, "hostile"), student_name(world.people["hostile"])
    mark(folder, student, row.received_at, {"kiem-tra": 2, "luon-dung": 1, "nhan-xet": 0, "so-do": 1})
    for path in ("/khoa-hoc", f"/khoa-hoc/{COURSE}"):
        assert "Đã chấm: 4/7" in hostile.get(path).text
    home = hostile.get("/khoa-hoc")
    hostile.get(home.link("Xem kết quả và nhận xét: Bài tập"))
    assert "có kết quả mới" not in hostile.get("/khoa-hoc").text
    with sqlite3.connect(folder.root / "gradebook.db") as book:
        book.execute(
            "update comment set manual_comment = 'Thêm số liệu.' where notebook_id in (select n.id from "
            "submitted_notebook n join submitted_assignment s on s.id = n.assignment_id where s.student_id = ?)",
            (student,),
        )
    assert "có kết quả mới" in hostile.get("/khoa-hoc").text, "a comment alone is news too"


def test_a_trainer_gives_one_person_more_time(
    folder: NbgraderFolder, world: World, as_user: Callable[[str], Reader]
) -> None:
    due(folder, datetime.now(UTC) - timedelta(hours=1))
    trainer, an = as_user("giang-vien"), as_user("an")
    page = trainer.get(f"/cham-bai/bai-tap/{COURSE}/{NAME}")
    search = trainer.get(page.link("Gia hạn, cho nộp thêm cho một người"))
    assert search.field_labelled("Tên học viên")["name"] == "tim"
    assert "Không tìm thấy ai" in trainer.get(f"{search.path}?tim=chua+ghi+danh").text
    form = trainer.get(trainer.get(f"{search.path}?tim=nguyen+an").link("Nguyễn Văn An"))
    assert "Học viên còn nộp lại được" in form.text
    for day, reason, words in (
        ("", "Ốm", "Ngày viết như 31/12/2026"),
        ("31/12/2030", " ", "Chưa có lý do"),
        ("01/01/2020", "Ốm", "Hạn mới đã qua"),
    ):
        refused = trainer.send(form, "Gia hạn", due_on=day, due_reason=reason)
        assert refused.status == 400
        assert words in refused.one(".ix-errors").get_text()
    done = trainer.send(form, "Gia hạn", due_on="31/12/2030", due_reason="Ốm <b>nặng</b>")
    assert "Đã gia hạn. Học viên thấy hạn mới kèm lý do." in done.text
    assert "người gia hạn: Giảng viên Lâm Đồng. Lý do: Ốm <b>nặng</b>" in done.text
    page = an.get(PAGE)
    assert "Nộp đến 31/12/2030 23:59 là đúng hạn. Lý do: Ốm <b>nặng</b>." in page.text
    assert page.html.find("b", string="nặng") is None
    assert "quá hạn" not in page.text
    assert "Được gia hạn nộp đến 31/12/2030 23:59" in an.get("/khoa-hoc").text
    assert "quá hạn" in as_user("binh").get(PAGE).text, "it is nobody else's"
    # Another province's trainer finds neither the person nor the form.
    other = as_user("giang-vien.gialai")
    here = f"/cham-bai/bai-tap/{COURSE}/{NAME}/gia-han"
    assert "Không tìm thấy ai" in other.get(f"{here}?tim=nguyen+van+an").text
    assert other.get(f"{here}/{world.people['an']}").status == 404
    assert trainer.get(f"/cham-bai/bai-tap/{COURSE}/khong-co/gia-han").status == 404
    log = as_user("quan-tri").get("/quan-tri/nhat-ky?viec=assignment.extended")
    assert "Gia hạn nộp bài tự soạn" in log.text
    assert "lý do: Ốm <b>nặng</b>" in log.text
    due(folder, None)


def test_one_more_version_by_page(
    folder: NbgraderFolder,
    world: World,
    work: Callable[..., bytes],
    as_user: Callable[[str], Reader],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("isoxa_grading.handins.grants.MOST_VERSIONS", 1)
    moi, trainer = as_user("moi"), as_user("giang-vien.gialai")
    give(moi, (SOTAY, work("v = 1")))
    refused = give(moi, (SOTAY, work("v = 2")))
    assert "được thêm một lần nộp" in refused.one(".ix-errors").get_text()
    here = f"/cham-bai/bai-tap/{COURSE}/{NAME}/gia-han/{world.people['moi']}"
    form = trainer.get(here)
    assert "Bài này" not in form.text
    assert trainer.send(form, "Cho nộp thêm", more_reason="").status == 400
    done = trainer.send(form, "Cho nộp thêm", more_reason="Nộp nhầm tệp")
    assert "Đã cho nộp thêm một lần" in done.text
    assert "Giảng viên cho anh/chị nộp thêm 1 lần" in moi.get(PAGE).text
    assert "Đã nhận bài, lần nộp 2" in give(moi, (SOTAY, work("v = 2"))).text


def test_where_no_cage_holds_the_page_says_why(
    as_user: Callable[[str], Reader], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = as_user("giang-vien")
    monkeypatch.setenv("PATH", str(tmp_path))
    available.cache_clear()
    try:
        page = trainer.get("/cham-bai/bai-tap")
        assert "apt install bubblewrap" in page.text
        assert not [one for one in page.html.find_all("button") if "Chấm các bài" in one.get_text()]
        answer = press(trainer)
        assert answer.status == 409
        assert "apt install bubblewrap" in answer.text
    finally:
        monkeypatch.undo()
        available.cache_clear()
    assert "Đang chấm;" not in trainer.get("/cham-bai/bai-tap").text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("", b"", "chưa chọn tệp"),
        (SOTAY, b"\xff\xd8\xff\xe0" + bytes(99), "ảnh JPEG đổi tên"),
        (SOTAY, b'{"cells": [{"cell_type": "co', "bị cắt cụt"),
        ("bai.zip", b"PK\x03\x04", "Không nhận tệp “bai.zip”"),
        ("<b>x</b>.html", b"<script>", "Không nhận tệp “b>.html”"),
        (SOTAY, b"x" * 25_000_000, "nặng hơn 20 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_on_the_page(
    portal: Server, world: World, as_user: Callable[[str], Reader], name: str, content: bytes, words: str
) -> None:
    binh = as_user("binh")
    page = give(binh, (name, content))
    assert page.status == 400
    summary = page.one(".ix-errors")
    assert words in summary.get_text()
    assert "Chưa có gì thay đổi" in summary.get_text()
    assert summary.a is not None
    assert summary.a["href"] == "#file"
    assert page.html.find("b") is None
    assert newest(portal, world, "binh") is None
    assert page.one("title").get_text().startswith("Lỗi:")


def test_a_form_that_no_page_sent_is_refused(
    world: World, portal: Server, as_user: Callable[[str], Reader]
) -> None:
    binh = as_user("binh")
    answer = binh.cookies.post(portal.root + PAGE, files={"file": (SOTAY, b"{}")}, timeout=60)
    assert answer.status_code == 403
    assert newest(portal, world, "binh") is None


def test_late_is_taken_and_said(
    folder: NbgraderFolder, work: Callable[..., bytes], as_user: Callable[[str], Reader]
) -> None:
    mot = as_user("mot")
    due(folder, datetime.now(UTC) - timedelta(hours=1))
    try:
        page = mot.get(PAGE)
        assert "Chưa nộp, đã quá hạn" in page.text
        assert "Anh/chị vẫn nộp được; bài ghi là nộp muộn" in page.text
        page = give(mot, (SOTAY, work()))
        assert "Bài ghi là nộp muộn" in page.text
        assert "Nộp muộn" in page.one("#cac-lan-nop").find_parent("section").get_text()  # type: ignore[union-attr]
        assert "(muộn)" in as_user("giang-vien").get(f"/cham-bai/bai-tap/{COURSE}/{NAME}").text
    finally:
        due(folder, None)


def test_a_gradebook_that_is_held_hides_no_work(
    folder: NbgraderFolder, work: Callable[..., bytes], as_user: Callable[[str], Reader]
) -> None:
    mot = as_user("mot")
    give(mot, (SOTAY, work("y = 1")))
    book = folder.root / "gradebook.db"
    whole = book.read_bytes()
    book.write_bytes(b"half of it")
    try:
        page = mot.get(PAGE)
        assert page.status == 200
        assert "chưa hiện được điểm" in page.text
        assert "Lần 1" in page.text
        assert mot.get(f"/khoa-hoc/{COURSE}").status == 200
        trainer = as_user("giang-vien")
        assert "chưa hiện được điểm" in trainer.get(f"/cham-bai/bai-tap/{COURSE}/{NAME}").text
        assert trainer.get("/cham-bai/bai-tap").status == 200
    finally:
        book.write_bytes(whole)


def test_a_trainer_sees_who_handed_in_and_takes_it_away(
    portal: Server,
    world: World,
    folder: NbgraderFolder,
    work: Callable[..., bytes],
    as_user: Callable[[str], Reader],
) -> None:
    give(as_user("an"), (SOTAY, work("x = 5")))
    give(as_user("hostile"), ("của tôi.ipynb", work("x = 6")), ("số.csv", b"1\n"))
    trainer = as_user("giang-vien")
    page = trainer.get(trainer.get("/cham-bai").link("Bài tập thực hành: xem bài đã nộp"))
    assert "người đã nộp" in page.text
    page = trainer.get(page.link("Bài tập"))
    assert "Nguyễn Văn An" in page.text
    assert "alert(1)" in page.text
    assert page.html.find("script", string="alert(1)") is None
    assert page.link("Bấm “Chấm các bài mới nộp” ở trang Bài tập thực hành") == "/cham-bai/bai-tap"
    content = trainer.get(page.link("Tải tất cả bài nộp (.zip)")).answer.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        student = student_name(world.people["hostile"])
        kept = {name for name in archive.namelist() if f"/{student}/" in name}
        assert kept == {f"submitted/{student}/{NAME}/{one}" for one in (SOTAY, "số.csv", "timestamp.txt")}
        here = folder.root / "submitted" / student / NAME
        assert archive.read(f"submitted/{student}/{NAME}/{SOTAY}") == (here / SOTAY).read_bytes()
    theirs = newest(portal, world, "hostile")
    one = trainer.get(f"/cham-bai/bai-nop/{theirs.id}")
    assert "alert(1)" in one.one("h1").get_text()
    assert "Chờ máy chấm" in one.text
    assert f"“của tôi.ipynb” được nhận là bài làm của {SOTAY}" in one.text
    one = trainer.get(page.link("Nguyễn Văn An"))
    assert student_name(world.people["an"]) in one.text
    assert trainer.get(one.html.select_one("#cac-lan-nop ~ ol a")["href"]).answer.content == work("x = 5")  # type: ignore[index]

    # Another province: nothing of it is there.
    other = as_user("giang-vien.gialai")
    assert "Nguyễn Văn An" not in other.get(f"/cham-bai/bai-tap/{COURSE}/{NAME}").text
    row = newest(portal, world, "an")
    assert other.get(f"/cham-bai/bai-nop/{row.id}").status == 404
    assert other.get(f"/cham-bai/bai-nop/{row.id}/0").status == 404
    assert trainer.get(f"/cham-bai/bai-nop/{row.id}/7").status == 404
    content = other.get(f"/cham-bai/bai-tap/{COURSE}/{NAME}/bai-nop.zip").answer.content
    assert student_name(world.people["an"]) not in str(zipfile.ZipFile(io.BytesIO(content)).namelist())
    # Nor is another officer's work one's own.
    assert as_user("binh").get(f"{PAGE}/bai-nop/{row.id}/0").status == 404
    with reading(portal.app.portal.engine) as session:
        assert hand_in_within(session, row.id, ["/"]).name == "Nguyễn Văn An"


def test_who_is_not_enrolled(world: World, as_user: Callable[[str], Reader]) -> None:
    assert as_user("ngoai").get(PAGE).status == 403
    trainer = as_user("giang-vien")
    page = trainer.get(PAGE)
    assert "Xem thử" in page.text
    assert not page.html.find_all("input", attrs={"type": "file"})
    token = trainer.cookies.get(f"{trainer.server.root}/api/session", timeout=60).json()["xsrf"]
    answer = trainer.cookies.post(
        trainer.server.root + PAGE, data={"_isoxa_xsrf": token}, files={"file": (SOTAY, b"{}")}, timeout=60
    )
    assert answer.status_code == 403
    assert "xem thử" in answer.text
    for path in ("/bai-tap/khong-co", "/bai-tap/..", f"/bai-tap/{NAME}/de/9", "/bai-tap/01-mo-dau-v1"):
        assert trainer.get(f"/khoa-hoc/{COURSE}{path}").status == 404


def test_erased_with_the_person(
    portal: Server, world: World, work: Callable[..., bytes], as_user: Callable[[str], Reader]
) -> None:
    give(as_user("moi"), (SOTAY, work("x = 'riêng tư'")))
    row = newest(portal, world, "moi")
    kept = as_user("moi").get("/thong-tin-cua-toi")
    assert "Bài tập thực hành đã nộp" in kept.text
    admin = as_user("quan-tri")
    page = admin.get(f"/quan-tri/tai-khoan/{world.accounts['moi']}/thong-tin")
    button = next(
        one for one in page.html.find_all("button") if one.get("value") == "xoa" or "Xóa" in one.get_text()
    )
    admin.send(page, button, tick=["1"])
    assert not (world.data.hand_ins / row.id).exists()
    assert not list(world.data.nbgrader(COURSE).glob(f"submitted/{student_name(world.people['moi'])}/*"))
    assert newest(portal, world, "moi").files == []


def test_names_and_sizes_in_words() -> None:
    i18n.use_language("vi")
    assert [file_size(size) for size in (0, 900, 1500, 5 * 1024**2 // 2)] == [
        "1 KB",
        "1 KB",
        "1 KB",
        "2,5 MB",
    ]
    assert attachment("kem/Số “1”.csv") == (
        "attachment; filename=\"so--1-.csv\"; filename*=UTF-8''S%E1%BB%91%20%E2%80%9C1%E2%80%9D.csv"
    )
