"""First time with a code, a forgotten password, another password; and what happens to old cookies."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import requests
from isoxa_grading.records.database import writing
from isoxa_grading.records.login import LONGEST_WAIT
from isoxa_grading.records.tables import Account, ActivationCode, LoginFailure
from sqlalchemy import delete, select, update

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import NOW, Page, Reader, World

CHOSEN = "ruộng bậc thang xanh"


@pytest.fixture(autouse=True)
def patience(portal: Server, world: World) -> None:
    """No test waits for what an earlier one typed wrongly."""
    with writing(portal.app.portal.engine) as session:
        session.execute(delete(LoginFailure))


def code_for(admin: Reader, world: World, username: str) -> str:
    page = admin.get(f"/quan-tri/tai-khoan/{world.accounts[username]}")
    sheet = admin.send(page, "Cấp mã kích hoạt và in")
    return sheet.html.select(".ix-slip dd")[1].get_text()


def use(reader: Reader, username: str, code: str, password: str = CHOSEN, again: str | None = None) -> Page:
    return reader.send(
        reader.get("/kich-hoat"), "Kích hoạt và đăng nhập", username=username, code=code, password=password,
        password_again=password if again is None else again,
    )  # fmt: skip


@pytest.fixture
def admin(as_user: Callable[[str], Reader]) -> Reader:
    return as_user("quan-tri.lamdong")


# -- activation --------------------------------------------------------------------------------------------------------


def test_a_code_lets_in_and_the_password_is_ones_own(admin: Reader, world: World, portal: Server) -> None:
    code, reader = code_for(admin, world, "mot"), Reader(portal)
    page = use(reader, "  MOT", code.lower().replace("-", " "))
    assert page.path == "/khoa-hoc"
    assert "Lê Một" in page.text
    used = use(Reader(portal), "mot", code, "mật khẩu khác hẳn")
    assert used.status == 401
    assert "đã được dùng lúc" in used.html.find(id="code-error").get_text()
    assert Reader(portal).log_in("mot", CHOSEN)


def test_password_fields_may_be_pasted_into(reader: Reader) -> None:
    page = reader.get("/kich-hoat")
    for label in ("Mật khẩu mới", "Nhập lại mật khẩu mới", "Mã kích hoạt"):
        assert not {"onpaste", "readonly", "maxlength"} & set(page.field_labelled(label).attrs)
    script = reader.get(str(page.html.select('script[src*="login"]')[0]["src"])).answer.text
    assert "paste" not in script


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"username": ""}, "username"),
        ({"code": ""}, "code"),
        ({"password": "", "again": ""}, "password"),
        ({"password": "ngắn", "again": "ngắn"}, "password"),
        ({"password": "12345678", "again": "12345678"}, "password"),
        ({"again": "khác hẳn rồi"}, "password_again"),
        ({"code": "22222-22222-22222"}, "code"),
        ({"code": "<script>" * 50}, "code"),
        ({"code": "\x00'\" OR 1=1"}, "code"),
        ({"username": "khong-co"}, "code"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    admin: Reader, world: World, portal: Server, values: dict[str, str], field: str
) -> None:
    code = code_for(admin, world, "ngoai")
    page = use(Reader(portal), **{"username": "ngoai", "code": code, **values})
    assert page.status in (400, 401)
    assert [a["href"] for a in page.html.select(".ix-errors a")] == [f"#{field}"]
    assert page.html.find(id=field)["aria-invalid"] == "true"
    assert not page.html.find(id="password").get("value")
    with writing(portal.app.portal.engine) as session:
        session.execute(delete(LoginFailure))
    assert use(Reader(portal), "ngoai", code).path == "/khoa-hoc"


def test_a_late_code(admin: Reader, world: World, portal: Server) -> None:
    code = code_for(admin, world, "ngoai")
    with writing(portal.app.portal.engine) as session:
        session.execute(
            update(ActivationCode)
            .where(ActivationCode.account_id == world.accounts["ngoai"])
            .values(expires_at=NOW - timedelta(minutes=1))
        )
    page = use(Reader(portal), "ngoai", code)
    assert "đã hết hạn lúc" in page.html.find(id="code-error").get_text()


def test_on_a_shared_computer_the_one_before_is_signed_out(
    admin: Reader, world: World, as_user: Callable[[str], Reader]
) -> None:
    shared = as_user("an")
    old = shared.cookies.cookies.get("isoxa_session")
    code = code_for(admin, world, "ngoai")
    assert "Phạm Chưa Ghi Danh" in use(shared, "ngoai", code).text
    assert _home(shared.server, str(old)) == 302


# -- forgotten ---------------------------------------------------------------------------------------------------------


def test_forgotten_answers_the_same_and_reaches_the_administrator(
    admin: Reader, world: World, portal: Server
) -> None:
    said = set()
    for name in ("binh", "khong-co", "xa", "'; --", "binh"):
        visitor = Reader(portal)
        page = visitor.send(visitor.get("/quen-mat-khau"), "Gửi yêu cầu", username=name)
        said.add((page.status, page.path, page.text))
    assert len(said) == 1
    assert "Nếu tên đăng nhập đúng" in said.pop()[2]
    assert "1 yêu cầu chờ xử lý" in admin.get("/quan-tri").text
    page = admin.get("/quan-tri/yeu-cau")
    assert [one.get_text() for one in page.html.select("tbody th")] == ["Trần Thị Bình"]  # not Gia Lai's
    none = admin.send(page, "Cấp mã kích hoạt và in")
    assert "chưa chọn yêu cầu nào" in none.text
    box = str(page.html.select("tbody input")[0]["value"])
    sheet = admin.send(page, "Cấp mã kích hoạt và in", tick=[box])
    code = sheet.html.select(".ix-slip dd")[1].get_text()
    assert "Không có ai báo quên mật khẩu." in admin.get("/quan-tri/yeu-cau").text
    assert Reader(portal).log_in("binh")  # until the code is used
    assert "Trần Thị Bình" in use(Reader(portal), "binh", code, PASSWORD + "2").text


def test_a_request_can_be_dismissed(admin: Reader, portal: Server) -> None:
    visitor = Reader(portal)
    visitor.send(visitor.get("/quen-mat-khau"), "Gửi yêu cầu", username="hostile")
    page = admin.get("/quan-tri/yeu-cau")
    box = str(page.html.select("tbody input")[0]["value"])
    assert "Không có ai báo" in admin.send(page, "Bỏ qua", tick=[box]).text
    empty = visitor.send(visitor.get("/quen-mat-khau"), "Gửi yêu cầu", username="")
    assert empty.status == 400


# -- one's own password, old cookies -----------------------------------------------------------------------------------


def _home(server: Server, cookie: str) -> int:
    return requests.get(
        f"{server.root}/khoa-hoc", cookies={"isoxa_session": cookie}, allow_redirects=False, timeout=60
    ).status_code


def test_changing_ones_password_ends_the_other_sign_ins(
    as_user: Callable[[str], Reader], portal: Server
) -> None:
    mine, other = as_user("an"), as_user("an")
    before = str(mine.cookies.cookies.get("isoxa_session"))
    page = mine.get("/doi-mat-khau")
    wrong = mine.send(page, "Đổi mật khẩu", old="sai", password=CHOSEN, password_again=CHOSEN)
    assert (wrong.status, wrong.one(".ix-errors a")["href"]) == (400, "#old")
    weak = mine.send(page, "Đổi mật khẩu", old=PASSWORD, password="12345678", password_again="12345678")
    assert weak.one(".ix-errors a")["href"] == "#password"
    done = mine.send(page, "Đổi mật khẩu", old=PASSWORD, password=CHOSEN, password_again=CHOSEN)
    assert "Đã đổi mật khẩu." in done.text
    assert mine.get("/khoa-hoc").path == "/khoa-hoc"
    assert other.get("/khoa-hoc").path.startswith("/dang-nhap")
    assert _home(portal, before) == 302  # this browser has a new cookie
    back = mine.get("/doi-mat-khau")
    mine.send(back, "Đổi mật khẩu", old=CHOSEN, password=PASSWORD, password_again=PASSWORD)


def test_cookies_that_open_nothing(as_user: Callable[[str], Reader], portal: Server) -> None:
    reader = as_user("an")
    cookie = str(reader.cookies.cookies.get("isoxa_session"))
    assert _home(portal, cookie) == 200
    for place in range(0, len(cookie), 7):
        other = "A" if cookie[place] != "A" else "B"
        assert _home(portal, cookie[:place] + other + cookie[place + 1 :]) == 302
    for bad in ("", cookie[:-1], cookie + "x", cookie * 3, "%00", "é"):
        assert _home(portal, requests.utils.quote(bad)) == 302
    page = reader.get("/khoa-hoc")
    reader.send(page, "Đăng xuất")
    assert _home(portal, cookie) == 302


def test_logging_in_renews_the_session(as_user: Callable[[str], Reader], portal: Server) -> None:
    reader = as_user("an")
    before = str(reader.cookies.cookies.get("isoxa_session"))
    token = reader.cookies.get(f"{portal.root}/api/session", timeout=60).json()["xsrf"]
    reader.cookies.post(
        f"{portal.root}/api/login", json={"username": "an", "password": PASSWORD},
        headers={"X-Isoxa-Xsrf": token}, timeout=60,
    )  # fmt: skip
    after = str(reader.cookies.cookies.get("isoxa_session"))
    assert before != after
    assert (_home(portal, before), _home(portal, after)) == (302, 200)


def test_a_login_form_posted_a_thousand_times(portal: Server, as_user: Callable[[str], Reader]) -> None:
    """Guessing is slowed, nobody is locked out for good, and others go on working meanwhile."""
    officer = as_user("an")
    statuses: list[int] = []
    waits: list[int] = []

    def guess(count: int) -> None:
        visitor = Reader(portal)
        token = visitor.cookies.get(f"{portal.root}/api/session", timeout=60).json()["xsrf"]
        for _ in range(count):
            answer = visitor.cookies.post(
                f"{portal.root}/api/login", json={"username": "hostile", "password": "sai mật khẩu"},
                headers={"X-Isoxa-Xsrf": token}, timeout=60,
            )  # fmt: skip
            statuses.append(answer.status_code)
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))

    threads = [threading.Thread(target=guess, args=(250,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert officer.get("/khoa-hoc").status == 200
    for thread in threads:
        thread.join()
    assert len(statuses) == 1000
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 12  # the free ones, and what was under way at the same time
    assert max(waits) <= LONGEST_WAIT.total_seconds()
    # The same hall, another person: in at once.
    assert Reader(portal).log_in("giang-vien")
    with writing(portal.app.portal.engine) as session:
        rows = session.scalars(select(LoginFailure.id).where(LoginFailure.username == "hostile")).all()
        assert len(rows) == statuses.count(401)  # a refused try leaves nothing behind
        assert session.scalars(select(Account.disabled_at).where(Account.username == "hostile")).one() is None
