"""Letters, evidence packs and reviews of effect: what a department takes away, and nothing of anybody else's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import docx
import pytest
from isoxa_grading.completion import record_checkpoint_done, record_lesson_completed, record_quiz_passed
from isoxa_grading.completion.requirements import Requirements
from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import AuditEvent, EffectReview
from sqlalchemy import select

from tests.portal.conftest import Server
from tests.portal.pages.conftest import NOW, TODAY, Reader, World
from tests.portal.tiny_course import COURSE

AsUser = Callable[[str], Reader]
AGO = 100


@pytest.fixture(scope="module", autouse=True)
def completed(portal: Server, world: World) -> None:
    """Lê Một of phường Hòn Rơm completed the course 100 days ago, and nobody else."""
    now = NOW - timedelta(days=AGO)
    with writing(portal.app.portal.engine) as session:
        enrolment = current_enrolment(session, world.people["mot"], COURSE)
        assert enrolment is not None
        required = Requirements.from_manifest(enrolment.edition.manifest)
        for lesson, items in required.lessons.items():
            for item in items:
                record_checkpoint_done(session, enrolment, lesson=lesson, item=item, now=now)
            record_lesson_completed(session, enrolment, lesson=lesson, now=now)
        for quiz in required.quizzes:
            record_quiz_passed(session, enrolment, quiz=quiz, attempt_id="0" * 32, now=now)


def ask(reader: Reader, path: str) -> tuple[int, bytes, str]:
    answer = reader.cookies.get(reader.server.root + path, timeout=60)
    return answer.status_code, answer.content, answer.headers.get("Content-Disposition", "")


def test_a_letter_is_one_click_from_the_commune(as_user: AsUser, world: World) -> None:
    reader = as_user("so.lamdong")
    page = reader.get(f"/bao-cao?don-vi={world.units['suoi-lanh']}")
    status, content, name = ask(reader, page.link("Công văn đôn đốc: quá hạn"))
    assert status == 200
    assert name == 'attachment; filename="cong-van-qua-han-suoi-lanh.docx"'
    word = docx.Document(io.BytesIO(content))
    assert any(one.text == "Kính gửi: Ủy ban nhân dân xã Suối Lành" for one in word.paragraphs)
    table = word.tables[1]
    assert [row.cells[1].text for row in table.rows[1:]] == ["Trần Thị Bình"]
    assert table.rows[1].cells[-1].text == "3"
    assert "TỈNH LÂM ĐỒNG" in word.tables[0].rows[0].cells[0].text


def test_the_list_of_answers_that_wait_offers_no_letter(as_user: AsUser, world: World) -> None:
    reader = as_user("so.lamdong")
    path = f"/bao-cao/cong-van/cho-cham/{world.units['suoi-lanh']}.docx"
    assert ask(reader, path)[0] == 404


ELSEWHERE = (
    "/bao-cao/cong-van/chi-co-mot-nguoi/{ia-kha}.docx",
    "/bao-cao/cong-van/qua-han/{lam-dong}.docx",
    "/bao-cao/cong-van/qua-han/{hon-rom}.docx",  # not on the list
    "/bao-cao/cong-van/qua-han/999999999.docx",
    "/bao-cao/ho-so/{ia-kha}.zip",
    "/bao-cao/ho-so/{lam-dong}.zip",
    "/bao-cao/ho-so/999999999.zip",
    "/bao-cao/hieu-luc/{ia-kha}",
    "/bao-cao/hieu-luc/{lam-dong}",
    "/bao-cao/hieu-luc/999999999",
    "/bao-cao/hieu-luc?don-vi={gia-lai}",
    "/bao-cao/ho-so/{suoi-lanh}.zip?khoa=khong-co",
)


def test_what_is_elsewhere_or_none_is_not_found(as_user: AsUser, world: World) -> None:
    reader = as_user("so.lamdong")
    for path in ELSEWHERE:
        status, content, _name = ask(reader, path.format(**world.units))
        assert status == 404, path
        assert b"Ia Kha" not in content


def test_another_province_reaches_its_own(as_user: AsUser, world: World) -> None:
    theirs, trainer = as_user("so.gialai"), as_user("giang-vien")
    for path in ("/bao-cao/ho-so/{ia-kha}.zip", "/bao-cao/hieu-luc/{ia-kha}"):
        assert ask(theirs, path.format(**world.units))[0] == 200
        assert ask(trainer, path.format(**world.units))[0] == 403


def test_a_day_that_is_none_gives_no_paper(as_user: AsUser, world: World) -> None:
    status, content, _name = ask(
        as_user("so.lamdong"), f"/bao-cao/ho-so/{world.units['suoi-lanh']}.zip?ngay=31/02/2026"
    )
    assert status == 400
    assert "Không có ngày 31/02/2026 trong lịch" in content.decode()


def test_a_pack_is_one_click_from_the_commune_and_the_same_twice(as_user: AsUser, world: World) -> None:
    reader = as_user("so.lamdong")
    page = reader.get(f"/bao-cao?don-vi={world.units['hon-rom']}")
    link = page.link("Tải hồ sơ minh chứng")
    status, content, name = ask(reader, link)
    assert status == 200
    assert name == f'attachment; filename="ho-so-dieu-7-2-hon-rom-{TODAY.isoformat()}.zip"'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert sum(one.endswith(".pdf") for one in names) == 1
    assert ask(reader, link)[1] == content


def test_who_is_due_is_judged_and_then_no_longer_due(as_user: AsUser, world: World, portal: Server) -> None:
    reader = as_user("so.lamdong")
    due = reader.get("/bao-cao/hieu-luc")
    assert "1 đơn vị, 1 người đến hạn" in due.text
    page = reader.get(due.link("Phường Hòn Rơm"))
    assert "Lê Một Công chức" in page.text
    assert "Đến hạn" in page.text
    wrong = reader.send(
        page, "Ghi đánh giá", **{"thuc-hien": "co", "hieu-luc": "khong", "thay-doi": "<b>Sổ mới</b>"}
    )
    assert wrong.status == 400
    assert wrong.one("#viec-tiep-error").get_text().endswith("làm gì, ai làm, khi nào xong.")
    assert wrong.one("#thay-doi").get_text() == "<b>Sổ mới</b>"
    typed = {"viec-tiep": "Học lại bài 1.", "nguoi-danh-gia": "Nguyễn Văn Chủ, Chủ tịch UBND phường"}
    figures = {"so-lieu-1": "Tỷ lệ đúng hạn (%)", "truoc-1": "96", "sau-1": "98,5"}
    again = reader.send(wrong, "Ghi đánh giá", **typed, **figures)
    assert again.status == 200
    assert "Đã ghi đánh giá" in again.text
    assert "Tỷ lệ đúng hạn (%): trước 96, sau 98,5" in again.text
    assert "<b>Sổ mới</b>" in again.text
    assert "Chưa có đơn vị nào đến hạn" in reader.get("/bao-cao/hieu-luc").text
    with writing(portal.app.portal.engine) as session:
        review = session.scalars(select(EffectReview)).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "effect.reviewed")).one()
        assert review.recorded_by_account_id == event.actor_account_id == world.accounts["so.lamdong"]


TAMPERED = (
    ({"nguoi": "12x"}, "nguoi"),
    ({"nguoi": "999999999"}, "nguoi"),
    ({"ngay-danh-gia": "31/02/2026"}, "ngay-danh-gia"),
    ({"ngay-danh-gia": ""}, "ngay-danh-gia"),
    ({"ngay-danh-gia": "01/01/2999"}, "ngay-danh-gia"),
    ({"thuc-hien": "rat-tot"}, "thuc-hien"),
    ({"hieu-luc": ""}, "hieu-luc"),
    ({"truoc-1": "chín"}, "so-lieu-1"),
)


def test_a_form_that_was_tampered_with_is_told_where(as_user: AsUser, world: World) -> None:
    reader = as_user("so.lamdong")
    page = reader.get(f"/bao-cao/hieu-luc/{world.units['hon-rom']}")
    good = {
        "nguoi": "xa", "thuc-hien": "co", "hieu-luc": "co", "thay-doi": "Có.", "nguoi-danh-gia": "A",
        "so-lieu-1": "Tỷ lệ", "truoc-1": "1", "sau-1": "2",
    }  # fmt: skip
    for typed, field in TAMPERED:
        answered = reader.send(page, "Ghi đánh giá", **(good | typed))
        assert answered.status == 400, typed
        assert answered.html.find(id=f"{field}-error") is not None, typed
