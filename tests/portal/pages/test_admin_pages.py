"""The administrator's start page and accounts, within their own province."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import Page, Reader, World

NEW = "mat-khau-moi-cua-toi"


def usernames(page: Page) -> set[str]:
    return {one.get_text() for one in page.html.select('tbody td[data-label="Tên đăng nhập"]')}


# -- accounts ----------------------------------------------------------------------------------------------------------


def test_the_start_page_counts(as_user: Callable[[str], Reader]) -> None:
    page = as_user("quan-tri.lamdong").get("/quan-tri")
    assert page.one("h1").get_text() == "Quản trị"
    assert "người trong danh sách, ở 4 đơn vị" in page.text
    assert page.link("Nhập danh sách") == "/quan-tri/danh-sach"


def test_an_administrator_sees_only_accounts_within_reach(as_user: Callable[[str], Reader]) -> None:
    everyone = usernames(as_user("quan-tri").get("/quan-tri/tai-khoan"))
    assert {"xa", "so.gialai", "trung-uong", "an"} <= everyone
    within = usernames(as_user("quan-tri.lamdong").get("/quan-tri/tai-khoan"))
    assert {"an", "binh", "so.lamdong", "giang-vien", "quan-tri.lamdong"} <= within
    # Not the other province's, and none whose rights reach further than one's own.
    assert not within & {"xa", "so.gialai", "trung-uong", "quan-tri", "kiem-nhiem", "giang-vien.gialai"}


@pytest.mark.parametrize("username", ["xa", "quan-tri", "trung-uong", "kiem-nhiem"])
def test_an_account_out_of_reach_is_not_found(
    as_user: Callable[[str], Reader], world: World, username: str
) -> None:
    reader = as_user("quan-tri.lamdong")
    url = f"/quan-tri/tai-khoan/{world.accounts[username]}"
    assert reader.get(url).status == 404
    own = reader.get(f"/quan-tri/tai-khoan/{world.accounts['an']}")
    own.button("Đặt mật khẩu").find_parent("form")["action"] = url
    assert reader.send(own, "Đặt mật khẩu", password=NEW).status == 404
    assert as_user(username)  # the old password still opens it


def test_search_forgives_diacritics_and_case(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("quan-tri.lamdong")
    assert usernames(reader.get("/quan-tri/tai-khoan?tim=NGUYEN VAN")) == {"an"}
    assert usernames(reader.get("/quan-tri/tai-khoan?vai-tro=trainer")) == {"giang-vien"}
    page = reader.get("/quan-tri/tai-khoan?tim=%25%25&vai-tro=<b>")
    assert "Không tìm thấy tài khoản nào" in page.text


def test_an_account_is_made_and_used(as_user: Callable[[str], Reader], reader: Reader) -> None:
    admin = as_user("quan-tri.lamdong")
    page = admin.send(
        admin.get("/quan-tri/tai-khoan/moi"), "Tạo tài khoản",
        display_name="<b>Sở Nội vụ</b>", username="So.NoiVu", role="department", unit="Lâm Đồng", password=NEW,
    )  # fmt: skip
    assert "Đã tạo tài khoản." in page.text
    assert "Sở, ngành, UBND (xem báo cáo) – Tỉnh Lâm Đồng" in page.text
    assert page.one("h1").get_text() == "<b>Sở Nội vụ</b>"
    assert "Tỉnh Lâm Đồng" in reader.log_in("so.noivu", NEW).get("/bao-cao").text


def test_everything_wrong_with_a_new_account_is_said_at_once(as_user: Callable[[str], Reader]) -> None:
    admin = as_user("quan-tri.lamdong")
    page = admin.send(
        admin.get("/quan-tri/tai-khoan/moi"), "Tạo tài khoản",
        display_name=" ", username="", role="officer", unit="Gia Lai", password="",
    )  # fmt: skip
    assert page.status == 400
    assert [a["href"] for a in page.html.select(".ix-errors a")] == [
        "#display_name", "#username", "#role", "#unit",
    ]  # fmt: skip
    assert "nằm ngoài phạm vi" in page.html.find(id="unit-error").get_text()


@pytest.mark.parametrize(
    ("field", "value"),
    [("username", "an"), ("username", "có dấu"), ("password", "1234"), ("unit", "Xã Không Có Thật")],
)
def test_a_refused_account_says_which_field(as_user: Callable[[str], Reader], field: str, value: str) -> None:
    admin = as_user("quan-tri.lamdong")
    form = {"display_name": "A", "username": f"moi.{field}", "role": "trainer", "unit": "", "password": NEW}
    page = admin.send(admin.get("/quan-tri/tai-khoan/moi"), "Tạo tài khoản", **form | {field: value})
    assert page.status == 400
    assert page.one(".ix-errors a")["href"] == f"#{field}"


def test_a_new_password_ends_the_old_sessions(
    as_user: Callable[[str], Reader], portal: Server, world: World
) -> None:
    officer, admin = as_user("mot"), as_user("quan-tri.lamdong")
    url = f"/quan-tri/tai-khoan/{world.accounts['mot']}"
    short = admin.send(admin.get(url), "Đặt mật khẩu", password="ngan")
    assert "cần ít nhất" in short.html.find(id="password-error").get_text()
    page = admin.send(admin.get(url), "Đặt mật khẩu", password=NEW)
    assert "Đã đặt mật khẩu mới." in page.text
    assert officer.get("/khoa-hoc").path.startswith("/dang-nhap")
    assert Reader(portal).log_in("mot", NEW)


def test_disabling_and_enabling(as_user: Callable[[str], Reader], portal: Server, world: World) -> None:
    officer, admin = as_user("binh"), as_user("quan-tri.lamdong")
    url = f"/quan-tri/tai-khoan/{world.accounts['binh']}"
    page = admin.send(admin.get(url), "Khóa tài khoản")
    assert "Đã khóa tài khoản." in page.text
    assert officer.get("/khoa-hoc").path.startswith("/dang-nhap")
    visitor = Reader(portal)
    page = visitor.send(visitor.get("/dang-nhap"), "Đăng nhập", username="binh", password=PASSWORD)
    assert page.status == 401
    admin.send(admin.get(url), "Mở khóa tài khoản")
    assert visitor.log_in("binh")


def test_nobody_locks_themselves_out(as_user: Callable[[str], Reader], world: World) -> None:
    admin = as_user("quan-tri.lamdong")
    url = f"/quan-tri/tai-khoan/{world.accounts['quan-tri.lamdong']}"
    assert "nên không khóa được" in admin.get(url).text
    page = admin.get(f"/quan-tri/tai-khoan/{world.accounts['an']}")
    page.button("Khóa tài khoản").find_parent("form")["action"] = url
    assert admin.send(page, "Khóa tài khoản").status == 400
    assert admin.get("/quan-tri").status == 200
