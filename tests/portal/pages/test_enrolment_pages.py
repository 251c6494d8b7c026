"""Enrolling, due days, excusing, withdrawing and reminding from the pages, without a script, within the scope."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from isoxa_courses.text import VIETNAM, format_date
from isoxa_grading.completion import State
from isoxa_grading.enrolment import Learner, Selection, learners
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Enrolment, EnrolmentBatch, Person, Reminder, ReminderStatus
from isoxa_grading.records.units import country
from openpyxl import load_workbook
from sqlalchemy import select

from tests.portal.conftest import Server
from tests.portal.pages.conftest import HOSTILE, Page, Reader, World
from tests.portal.tiny_course import COURSE

As = Callable[[str], Reader]


def today(portal: Server) -> date:
    return portal.app.portal.clock().astimezone(VIETNAM).date()


def person(portal: Server, world: World, username: str) -> Learner:
    with reading(portal.app.portal.engine) as session:
        (found,) = learners(
            session,
            Selection(people=(world.people[username],)),
            course=COURSE,
            scope_paths=[country(session).path],
            day=today(portal),
        )
        return found


def choose(reader: Reader, act: str, **fields: str) -> Page:
    """The form of an act, sent with these fields."""
    return reader.send(reader.get(f"/ghi-danh/{act}"), "Xem trước", **fields)


def tile(page: Page, words: str) -> str:
    for found in page.html.select(".ix-tile"):
        if found.select_one(".ix-tile-words").get_text() == words:
            return str(found.select_one(".ix-tile-figure").get_text())
    raise AssertionError(f"no tile {words!r}: {page.text}")


def confirm(reader: Reader, page: Page, **fields: str) -> Page:
    (button,) = page.html.select("button[value=xac-nhan]")
    tick = [fields.pop("tick")] if "tick" in fields else []
    done = reader.send(page, button, tick=tick, **fields)
    for _ in range(50):
        if "Đang ghi" not in done.text:
            return done
        time.sleep(0.2)
        done = reader.get(done.path)
    raise AssertionError(done.text)


def test_a_department_enrols_a_unit_with_a_due_day(portal: Server, world: World, as_user: As) -> None:
    so = as_user("so.lamdong")
    home = so.get("/ghi-danh")
    assert "Ghi danh" in home.one("h1").get_text()
    assert tile(home, "đã ghi danh trên 5 người trong phạm vi") == "4", "another province's are not counted"
    due = today(portal) + timedelta(days=60)
    page = choose(so, "ghi-danh", cach="don-vi", **{"ten-don-vi": "xã Đá Bạc"}, due=format_date(due))
    assert page.status == 200, page.text
    assert tile(page, "Ghi danh mới") == "1"
    assert "Phạm Chưa Ghi Danh" in page.text
    assert person(portal, world, "ngoai").state is State.NOT_ENROLLED, "a preview writes nothing"
    done = confirm(so, page)
    assert "Đã ghi danh 1 người." in done.text
    assert (person(portal, world, "ngoai").state, person(portal, world, "ngoai").due_on) == (
        State.NOT_STARTED,
        due,
    )
    again = so.send(page, page.html.select_one("button[value=xac-nhan]"))
    assert "Đã ghi danh 1 người." in again.text, "pressed twice, it was done once"
    assert "Đã ghi danh 1 người." in so.get("/ghi-danh").text


def test_what_the_form_refuses(portal: Server, as_user: As) -> None:
    so = as_user("so.lamdong")
    yesterday = format_date(today(portal) - timedelta(days=1))
    for act, fields, said in (
        ("ghi-danh", {"cach": "tat-ca", "due": "32/13/2026"}, "không phải ngày"),
        ("ghi-danh", {"cach": "tat-ca", "due": yesterday}, "Hạn hoàn thành đã qua"),
        ("ghi-danh", {"cach": "don-vi"}, "Chưa chọn đơn vị nào"),
        ("ghi-danh", {"cach": "don-vi", "ten-don-vi": "xã Không Có"}, "“xã Không Có”"),
        ("ghi-danh", {"cach": "don-vi", "ten-don-vi": "tỉnh Gia Lai"}, "nằm ngoài phạm vi"),
        ("ghi-danh", {"cach": "danh-sach"}, "Dán danh sách vào ô"),
        ("ghi-danh", {"cach": "danh-sach", "dan": "Rơ Châm Xa"}, "Không khớp được dòng nào"),
        ("doi-han", {"cach": "tat-ca"}, "Ghi hạn mới"),
        ("thoi-hoc", {"cach": "tat-ca", "reason": " "}, "lý do"),
    ):
        page = choose(so, act, **fields)
        assert page.status == 400, (act, fields)
        assert said in page.text, (act, fields, page.text)
        assert page.one(".ix-errors")


def test_a_list_pasted_or_sent_tells_what_fits_nobody(portal: Server, world: World, as_user: As) -> None:
    so = as_user("so.lamdong")
    form = so.get("/ghi-danh/doi-han")
    file = ("ds.csv", "Họ và tên,Đơn vị\nNguyễn Văn An,\nLò Thị Lạ,\n=cmd|calc,\n".encode())
    page = so.send(form, "Xem trước", files={"file": file}, cach="danh-sach", tick=["1"])
    assert page.status == 200, page.text
    assert tile(page, "Dòng không khớp, bỏ qua") == "2"
    sheet = load_workbook(
        io.BytesIO(so.get(page.link("Tải các dòng không khớp (Excel)")).answer.content)
    ).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=cmd|calc" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "no formula"
    before = person(portal, world, "binh").due_on
    confirm(so, page)
    assert person(portal, world, "an").due_on is None
    assert person(portal, world, "binh").due_on == before


def test_from_the_list_of_learners_to_excusing_one_and_back(
    portal: Server, world: World, as_user: As
) -> None:
    so = as_user("so.lamdong")
    page = so.get("/ghi-danh/nguoi-hoc?tim=" + "nam xe")
    page = so.get("/ghi-danh/nguoi-hoc")
    assert HOSTILE.strip() in page.html.get_text() or HOSTILE in page.text
    assert "Rơ Châm Xa" not in page.text, "another province's"
    hostile = str(world.people["hostile"])
    form = so.send(page, "Miễn học", tick=[hostile])
    assert "1 người đã chọn" in form.text
    preview = so.send(form, "Xem trước", reason="Đã có chứng nhận TCVN ISO 9001 năm 2025")
    done = confirm(so, preview)
    assert "Đã miễn học cho 1 người." in done.text
    assert person(portal, world, "hostile").state is State.WAIVED
    form = so.send(so.get("/ghi-danh/nguoi-hoc"), "Bỏ miễn học", tick=[hostile])
    done = confirm(so, so.send(form, "Xem trước", reason="Chứng nhận là của khóa khác"))
    assert "Đã bỏ miễn học của 1 người." in done.text
    assert person(portal, world, "hostile").state is State.NOT_STARTED

    form = so.send(so.get("/ghi-danh/nguoi-hoc"), "Cho thôi học", tick=[str(world.people["mot"])])
    confirm(so, so.send(form, "Xem trước", reason="Chuyển công tác"))
    assert person(portal, world, "mot").state is State.NOT_ENROLLED
    page = choose(so, "ghi-danh", cach="tat-ca")
    assert tile(page, "Đã thôi học trước đây") == "1"
    confirm(so, page, tick="1")
    assert person(portal, world, "mot").state is State.NOT_STARTED
    log = as_user("quan-tri.lamdong").get("/quan-tri/nhat-ky").text
    assert "Miễn học" in log
    assert "Bỏ miễn học" in log
    assert "Chứng nhận là của khóa khác" in log
    assert "Chuyển công tác" in log
    assert "Ghi danh lại" in log


def test_people_of_other_provinces_cannot_be_named_by_id(portal: Server, world: World, as_user: As) -> None:
    so = as_user("so.lamdong")
    page = so.get("/ghi-danh/nguoi-hoc")
    token = page.html.find("input", attrs={"name": "_isoxa_xsrf"})["value"]
    answer = so.cookies.post(
        portal.root + "/ghi-danh/thoi-hoc",
        data={
            "_isoxa_xsrf": token,
            "khoa": COURSE,
            "cach": "nguoi",
            "nguoi": world.people["xa"],
            "reason": "Thử thôi",
        },
        timeout=30,
    )
    preview = Page(answer)
    assert "Không có ai phải thay đổi." in preview.text
    assert "Rơ Châm Xa" not in preview.text


def test_a_batch_is_its_makers_alone(portal: Server, as_user: As) -> None:
    page = choose(as_user("so.lamdong"), "ghi-danh", cach="tat-ca")
    assert page.path.startswith("/ghi-danh/viec/")
    for other in ("so.gialai", "trung-uong", "quan-tri"):
        assert as_user(other).get(page.path).status == 404
    assert as_user("giang-vien").get("/ghi-danh").status == 403


def test_reminders_from_the_list_to_the_outbox(portal: Server, world: World, as_user: As) -> None:
    engine = portal.app.portal.engine
    with writing(engine) as session:
        session.get_one(Person, world.people["binh"]).email = "binh@x.vn"
        session.get_one(Person, world.people["an"]).phone = "0912345678"
        an = session.scalars(select(Enrolment).where(Enrolment.person_id == world.people["an"])).one()
    so = as_user("so.lamdong")
    late = format_date(today(portal) - timedelta(days=2))
    form = so.send(
        so.get("/ghi-danh/nguoi-hoc"),
        "Đổi hạn hoàn thành",
        tick=[str(world.people["an"]), str(world.people["binh"])],
    )
    confirm(so, so.send(form, "Xem trước", due=late))
    page = so.get("/ghi-danh/nhac-hoc?don-vi=Suối Lành")
    assert "Quá hạn: 2 người" in page.text
    assert "0912345678" in page.text
    assert "Chưa có thư điện tử" in page.text
    letter = so.get(page.link("Xem thư mẫu"))
    assert "Kính gửi anh/chị Trần Thị Bình" in letter.text
    assert "Sở KH&CN Lâm Đồng" in letter.text
    calls = load_workbook(
        io.BytesIO(so.get(page.link("Tải danh sách cần gọi (Excel)")).answer.content)
    ).active
    rows = list(calls.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["Nguyễn Văn An"]
    assert rows[1][3] == "0912345678"

    sent = so.send(page, "Gửi thư cho 1 người")
    assert "Đã xếp 1 thư để gửi" in sent.text
    assert "1 người không gửi thư được, cần gọi điện" in sent.text
    for _ in range(50):
        with reading(engine) as session:
            status = session.scalars(select(Reminder.status)).one()
        if status is ReminderStatus.WRITTEN:
            break
        time.sleep(0.1)
    assert status is ReminderStatus.WRITTEN, "without a mail server: a file"
    assert "Đã ghi ra tệp" in so.get("/ghi-danh/nhac-hoc/da-gui").text
    assert "Hôm nay đã xếp thư: 1 người" in so.get("/ghi-danh/nhac-hoc").text
    assert as_user("so.gialai").get("/ghi-danh/nhac-hoc/da-gui").text.count("Trần Thị Bình") == 0
    assert as_user("so.gialai").get(f"/ghi-danh/nhac-hoc/thu/{an.person_id}?khoa={COURSE}").status == 404
    assert as_user("so.gialai").get("/ghi-danh/nhac-hoc/can-goi.xlsx?don-vi=Suối Lành").status == 404


def test_letters_put_back_are_the_scopes_own(portal: Server, world: World, as_user: As) -> None:
    engine = portal.app.portal.engine
    with writing(engine) as session:
        reminder = session.scalars(select(Reminder)).one()
        reminder.status, reminder.error = ReminderStatus.UNCERTAIN, "Mất kết nối"
        number = str(reminder.id)
    so, other = as_user("so.lamdong"), as_user("so.gialai")
    page = so.get("/ghi-danh/nhac-hoc/da-gui")
    assert "Chưa rõ đã đi chưa" in page.text
    token = other.get("/ghi-danh").html.find("input", attrs={"name": "_isoxa_xsrf"})["value"]
    other.cookies.post(
        portal.root + "/ghi-danh/nhac-hoc/da-gui",
        data={"_isoxa_xsrf": token, "viec": "gui-lai", "thu": number},
        timeout=30,
    )
    with reading(engine) as session:
        assert session.scalars(select(Reminder.status)).one() is ReminderStatus.UNCERTAIN
    assert "Đã xếp lại 1 thư" in so.send(page, "Gửi lại ngay", tick=[number]).text


@pytest.mark.parametrize(
    "path", ["viec/" + "0" * 32, "viec/" + "0" * 32 + "/khong-khop.xlsx", "khong-co", "nhac-hoc/thu/1?khoa=x"]
)
def test_what_is_not_there(as_user: As, path: str) -> None:
    assert as_user("so.lamdong").get(f"/ghi-danh/{path}").status == 404


def test_a_big_list_tells_how_far_it_is(portal: Server, as_user: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the work runs the page waits by itself; the batch stays what it was until it is done."""
    import threading

    from isoxa_portal.pages import enrolment, enrolment_work

    go = threading.Event()
    real = enrolment_work.confirm

    def slow(*args, **more):  # type: ignore[no-untyped-def]
        more["progress"](1)
        go.wait(20)
        return real(*args, **more)

    monkeypatch.setattr(enrolment_work, "confirm", slow)
    monkeypatch.setattr(enrolment, "PATIENCE", 0.1)
    so = as_user("so.lamdong")
    page = choose(so, "doi-han", cach="tat-ca", due=format_date(today(portal) + timedelta(days=90)))
    waiting = so.send(page, page.html.select_one("button[value=xac-nhan]"))
    assert "1 người, đã" in waiting.text
    assert waiting.answer.headers["Refresh"] == "1"
    with reading(portal.app.portal.engine) as session:
        assert session.get_one(EnrolmentBatch, page.path.rsplit("/", 1)[1]).done_at is None
    go.set()
    for _ in range(50):
        waiting = so.get(page.path)
        if "Đã đổi hạn" in waiting.text:
            return
        time.sleep(0.1)
    raise AssertionError(waiting.text)
