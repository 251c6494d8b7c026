"""The way in and out, as the pages offer it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.portal.conftest import PASSWORD
from tests.portal.pages.conftest import Reader


def test_the_login_page_has_its_labels(reader: Reader) -> None:
    page = reader.get("/dang-nhap")
    assert page.field_labelled("Tên đăng nhập")["autocomplete"] == "username"
    assert page.field_labelled("Mật khẩu")["type"] == "password"
    assert page.button("Đăng nhập")
    assert page.link("Quên mật khẩu?") == "/quen-mat-khau"
    assert page.link("kích hoạt tài khoản") == "/kich-hoat"
    assert page.one("h1").get_text() == "Đăng nhập"


def test_login_returns_to_the_link_one_came_for(reader: Reader) -> None:
    page = reader.get("/bao-cao?tim=suối+lành")
    assert page.path.startswith("/dang-nhap?tiep=")
    page = reader.send(page, "Đăng nhập", username="so.lamdong", password=PASSWORD)
    assert page.path == "/bao-cao?tim=su%E1%BB%91i+l%C3%A0nh"
    assert page.one("h1").get_text() == "Báo cáo hoàn thành"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_never_leads_to_another_host(reader: Reader, elsewhere: str) -> None:
    page = reader.get("/dang-nhap?tiep=" + quote(elsewhere))
    page = reader.send(page, "Đăng nhập", username="an", password=PASSWORD)
    assert page.path == "/khoa-hoc"


def test_a_wrong_password_is_said_at_the_field(reader: Reader) -> None:
    page = reader.send(reader.get("/dang-nhap"), "Đăng nhập", username='"><script>x', password="sai-mat-khau")
    assert page.status == 401
    field = page.field_labelled("Tên đăng nhập")
    assert field["aria-invalid"] == "true"
    assert field["value"] == '"><script>x'
    assert page.one(".ix-errors a")["href"] == f"#{field['id']}"
    assert "chưa đúng" in page.html.find(id=field["aria-describedby"]).get_text()
    assert not page.field_labelled("Mật khẩu").get("value")
    assert page.html.title.get_text().startswith("Lỗi:")


def test_empty_fields_are_each_said(reader: Reader) -> None:
    page = reader.send(reader.get("/dang-nhap"), "Đăng nhập")
    assert page.status == 400
    assert [a["href"] for a in page.html.select(".ix-errors a")] == ["#username", "#password"]


def test_a_login_page_left_open_too_long_is_shown_anew(reader: Reader) -> None:
    page = reader.get("/dang-nhap")
    reader.cookies.cookies.clear()
    page = reader.send(page, "Đăng nhập", username="an", password=PASSWORD)
    assert page.status == 403
    assert page.field_labelled("Tên đăng nhập")["value"] == "an"
    page = reader.send(page, "Đăng nhập", username="an", password=PASSWORD)
    assert page.path == "/khoa-hoc"


def test_logging_out(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("an")
    page = reader.send(reader.get("/khoa-hoc"), "Đăng xuất")
    assert "Anh/chị đã đăng xuất." in page.text
    assert reader.get("/khoa-hoc").path.startswith("/dang-nhap?tiep=")
    assert reader.get("/dang-xuat").path.startswith("/dang-nhap")


def test_looking_at_the_logout_address_logs_nobody_out(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("an")
    assert reader.get("/dang-xuat").path == "/khoa-hoc"


@pytest.mark.parametrize(
    ("username", "start"),
    [("an", "/khoa-hoc"), ("so.lamdong", "/bao-cao"), ("giang-vien", "/cham-bai"), ("quan-tri", "/quan-tri")],
)
def test_everyone_begins_at_their_own_page(
    as_user: Callable[[str], Reader], username: str, start: str
) -> None:
    assert as_user(username).get("/").path == start


def test_the_language_is_kept_and_leads_back(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("so.lamdong")
    page = reader.get("/bao-cao?tim=x")
    page = reader.get(page.link("English"))
    assert page.path == "/bao-cao?tim=x"
    assert page.one("h1").get_text() == "Completion report"
    assert page.html.html["lang"] == "en"
    assert reader.get(page.link("Tiếng Việt")).one("h1").get_text() == "Báo cáo hoàn thành"
    assert reader.get("/ngon-ngu?chon=xx&tiep=//evil.example").path == "/bao-cao"


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("an", "/bao-cao"),
        ("an", "/quan-tri/tai-khoan"),
        ("so.lamdong", "/cham-bai"),
        ("giang-vien", "/quan-tri/danh-sach"),
        ("quan-tri", "/bao-cao/tai-ve.xlsx"),
    ],
)
def test_another_roles_page_is_refused_in_words(
    as_user: Callable[[str], Reader], username: str, path: str
) -> None:
    page = as_user(username).get(path)
    assert page.status == 403
    assert "Chưa có gì thay đổi" in page.text
    assert page.link("Về trang chính") == "/"


def test_an_address_that_is_none(as_user: Callable[[str], Reader]) -> None:
    page = as_user("an").get("/khong-co-trang-nay?<script>alert(1)</script>")
    assert page.status == 404
    assert page.one("h1").get_text() == "Không tìm thấy trang này"
    assert not page.html.find_all("script", string="alert(1)")


def test_every_page_says_who_and_where(as_user: Callable[[str], Reader]) -> None:
    page = as_user("kiem-nhiem").get("/cham-bai")
    assert page.one(".ix-who-name").get_text() == "Kiêm nhiệm"
    assert page.link("ISO xã") == "/"
    assert page.one("a.ix-skip")["href"] == "#" + page.one("main")["id"]
    assert [a.get_text() for a in page.html.select(".ix-nav a")] == [
        "Báo cáo hoàn thành",
        "Ghi danh",
        "Chấm bài",
        "Lớp tập huấn",
    ]
    assert page.one(".ix-nav a[aria-current]").get_text() == "Chấm bài"
