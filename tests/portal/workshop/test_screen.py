"""The trainer's screen and the room's pace, by pages: no script runs."""

from __future__ import annotations

import pytest
import requests
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Role, Unit, Workshop
from sqlalchemy import select

from tests.grading.workshops.conftest import MORNING
from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import Page, Reader
from tests.portal.pages.test_officer_pages import RIGHT
from tests.portal.tiny_course import CANARIES, COURSE, LESSON, QUIZ
from tests.portal.workshop.conftest import BASE
from tests.portal.workshop.test_pages import join, take

NAMES = ("Lò Văn Một", "Lò Văn Hai", "Lò Văn Ba")


@pytest.fixture(scope="module")
def trainer(hall: Server) -> Reader:
    with writing(hall.app.portal.engine) as session:
        unit = session.scalars(select(Unit).where(Unit.name == "Tỉnh Lâm Đồng")).one()
        account = create_account(
            session, username="giang", password=PASSWORD, display_name="Chị Giảng", actor=None, now=MORNING
        )
        grant_role(session, account, Role.TRAINER, unit, actor=None, now=MORNING)
    reader = Reader(hall)
    form = reader.get(f"{BASE}dang-nhap?tai-khoan=1")
    reader.send(form, "Đăng nhập", username="giang", password=PASSWORD)
    return reader


@pytest.fixture(scope="module")
def here(trainer: Reader) -> str:
    page = trainer.send(
        trainer.get(f"{BASE}lop-tap-huan"), "Mở lớp và lấy mã", title="Lớp ở hội trường", place="Hội trường"
    )
    assert page.status == 200, page.text
    return page.path


def screen(trainer: Reader, here: str) -> Page:
    page = trainer.get(f"{here}/man-hinh")
    assert page.status == 200, page.text
    return page


def figures(page: Page) -> list[str]:
    return [one.get_text() for one in page.html.select(".ix-screen-tiles strong")]


def start(reader: Reader) -> requests.Response:
    root = reader.server.url
    token = reader.cookies.get(f"{root}api/session", timeout=60).json()["xsrf"]
    return reader.cookies.post(
        f"{root}api/attempts",
        json={"course": COURSE, "quiz": QUIZ},
        headers={"X-Isoxa-Xsrf": token},
        timeout=60,
    )


def test_the_screen_fills_and_names_nobody(hall: Server, trainer: Reader, here: str) -> None:
    assert "Chưa ai vào lớp" in screen(trainer, here).text
    for name in NAMES:
        reader, _page = join(hall, name)
        take(reader, {**RIGHT, "c3": "99999"})
    page = screen(trainer, here)
    assert figures(page)[:2] == ["3", "3"]
    assert page.one(".ix-screen-question strong").get_text() == "100 %"
    assert page.one(".ix-screen-prompt").get_text()
    live = trainer.get(f"{here}/man-hinh.json").answer
    assert live.headers["Content-Type"].startswith("application/json")
    assert (live.json()["joined"], live.json()["open_steps"]) == (3, None)
    for shown in (page.text, live.text):
        assert not [one for one in (*NAMES, *CANARIES) if one in shown]
    assert page.one("noscript meta")["http-equiv"] == "refresh"


def test_the_room_is_led_and_let_go(hall: Server, trainer: Reader, here: str) -> None:
    officer, course = join(hall, "Người Đang Chờ")
    assert "Giảng viên chưa mở" not in course.text
    led = trainer.send(screen(trainer, here), "Dẫn lớp từ bài đầu")
    assert led.path == f"{here}/man-hinh"
    course = officer.get(f"{BASE}khoa-hoc/{COURSE}")
    held = officer.get(f"{BASE}khoa-hoc/{COURSE}/cho-mo.json").answer.json()["held"]
    assert course.text.count("Giảng viên chưa mở") == held > 0
    assert course.one("[data-ix-held]")["data-ix-held"] == str(held)
    assert officer.get(f"{BASE}khoa-hoc").status == 200
    first = officer.get(f"{BASE}khoa-hoc/{COURSE}/bai/{LESSON}")
    assert "Giảng viên chưa mở" not in first.text
    waiting = officer.get(f"{BASE}khoa-hoc/{COURSE}/kiem-tra/{QUIZ}")
    assert "Giảng viên chưa mở bài này" in waiting.text
    assert waiting.answer.headers["Refresh"]
    refused = start(officer)
    assert refused.status_code == 409
    assert "Giảng viên chưa mở" in refused.text
    # Pressed twice on a page that was sent once: one step, not two.
    before = screen(trainer, here)
    trainer.send(before, "Mở bài tiếp theo cho cả lớp")
    trainer.send(before, "Mở bài tiếp theo cho cả lớp")
    assert trainer.get(f"{here}/man-hinh.json").answer.json()["open_steps"] == 2
    assert officer.get(f"{BASE}khoa-hoc/{COURSE}/cho-mo.json").answer.json()["held"] == held - 1
    trainer.send(screen(trainer, here), "Đóng lại bài vừa mở")
    assert trainer.get(f"{here}/man-hinh.json").answer.json()["open_steps"] == 1
    free = trainer.send(screen(trainer, here), "Mở hết, thôi dẫn lớp")
    assert "ai cũng học theo nhịp của mình" in free.text
    assert "Giảng viên chưa mở" not in officer.get(f"{BASE}khoa-hoc/{COURSE}").text
    assert start(officer).status_code != 409 or "Giảng viên" not in start(officer).text


@pytest.mark.parametrize("typed", ["-1", "0", "99", "hai", "१", "1" * 400])
def test_a_number_that_is_none(hall: Server, trainer: Reader, here: str, typed: str) -> None:
    page = screen(trainer, here)
    field = page.one(".ix-screen input[name=_isoxa_xsrf]")["value"]
    answer = trainer.cookies.post(
        f"{hall.url}{here.removeprefix(BASE)}/nhip",
        data={"_isoxa_xsrf": field, "so_buoc": typed},
        timeout=60,
    )
    assert answer.status_code in (400, 409)
    with reading(hall.app.portal.engine) as session:
        assert set(session.scalars(select(Workshop.open_steps))) == {None}


def test_a_portal_that_nobody_reports_to_says_so(office: Server) -> None:
    organiser = Reader(office).log_in("trainer")
    page = organiser.send(
        organiser.get("/lop-tap-huan"), "Mở lớp và lấy mã", title="Lớp Binder", place="Hội trường"
    )
    shown = organiser.get(page.link("Mở màn hình lớp"))
    assert "Chưa trang nào của người học báo về cổng này" in shown.text
    assert figures(shown) == ["0", "0", "0"]
    assert Reader(office).get(f"/khoa-hoc/{COURSE}/cho-mo.json").path.startswith("/dang-nhap")
