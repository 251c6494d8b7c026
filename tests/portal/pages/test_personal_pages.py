"""What is kept about me; and the administrator's answers: corrected, refused, erased."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import HOSTILE, Page, Reader, World


@pytest.fixture
def admin(as_user: Callable[[str], Reader]) -> Reader:
    return as_user("quan-tri.lamdong")


def person_page(reader: Reader, world: World, username: str) -> Page:
    return reader.get(f"/quan-tri/tai-khoan/{world.accounts[username]}/thong-tin")


def test_everybody_sees_and_takes_away_their_own(as_user: Callable[[str], Reader], world: World) -> None:
    reader = as_user("an")
    home = reader.get("/khoa-hoc")
    page = reader.get(home.link("Nguyễn Văn An"))
    assert page.one("h1").get_text() == "Thông tin của tôi"
    for words in ("Nguyễn Văn An", "Xã Suối Lành", "Công chức", "Cán bộ, công chức"):
        assert words in page.text
    answer = reader.get(page.link("Tải về dạng dữ liệu (JSON)")).answer
    assert "attachment" in answer.headers["Content-Disposition"]
    found = json.loads(answer.text)
    assert found["account"]["username"] == "an"
    assert found["service"][0]["unit"] == "Xã Suối Lành"
    assert "Trần Thị Bình" not in answer.text
    file = reader.get(page.link("Tải về để đọc (HTML)")).answer
    assert "attachment" in file.headers["Content-Disposition"]
    html = BeautifulSoup(file.text, "html.parser")
    assert "Nguyễn Văn An" in html.get_text()
    assert not html.select("script, link, img, a")  # a file of its own


def test_staff_see_theirs_too(as_user: Callable[[str], Reader]) -> None:
    page = as_user("so.lamdong").get("/thong-tin-cua-toi")
    assert "Sở KH&CN Lâm Đồng" in page.text
    assert not page.html.select("textarea")  # no personal record, nothing to ask for


def test_names_are_escaped(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("hostile")
    for path in ("/thong-tin-cua-toi", "/thong-tin-cua-toi.html"):
        answer = reader.get(path).answer
        assert "<script>alert(1)" not in answer.text
    assert json.loads(reader.get("/thong-tin-cua-toi.json").answer.text)["person"]["full_name"] == HOSTILE


def test_asking_correcting_and_refusing(
    admin: Reader, as_user: Callable[[str], Reader], world: World
) -> None:
    officer = as_user("binh")
    page = officer.get("/thong-tin-cua-toi")
    empty = officer.send(page, "Gửi yêu cầu", kind="correct", text=" ")
    assert (empty.status, empty.one(".ix-errors a")["href"]) == (400, "#text")
    assert officer.send(page, "Gửi yêu cầu", kind="khac", text="x").status == 400
    sent = officer.send(page, "Gửi yêu cầu", kind="correct", text="Sai <b>tên</b>:\nBình, không phải Bính")
    assert "Đã gửi yêu cầu." in sent.text
    assert "Đang chờ trả lời: Sửa thông tin sai" in sent.text
    assert "Trần Thị Bình" in admin.get("/quan-tri/yeu-cau").text
    page = person_page(admin, world, "binh")
    assert "Sai <b>tên</b>:" in page.text
    wrong = admin.send(page, "Lưu thông tin", full_name=" ", birth_date="31/2/1980", phone="12", email="a@b")
    assert [a["href"] for a in wrong.html.select(".ix-errors a")] == [
        "#full_name",
        "#birth_date",
        "#phone",
        "#email",
    ]
    assert wrong.html.find(id="phone")["value"] == "12"
    done = admin.send(page, "Lưu thông tin", full_name="Trần Thị Thanh Bình", phone="0912 345 678")
    assert "Đã lưu thông tin." in done.text
    assert done.html.find(id="phone")["value"] == "0912345678"
    mine = officer.get("/thong-tin-cua-toi")
    assert "Trần Thị Thanh Bình" in mine.text
    assert "Đã sửa theo yêu cầu." in mine.text
    # A refusal says why, and the person reads it.
    officer.send(mine, "Gửi yêu cầu", kind="erase", text="Xóa điểm giúp tôi")
    page = person_page(admin, world, "binh")
    assert admin.send(page, "Trả lời là không").status == 400
    admin.send(page, "Trả lời là không", answer_erase="Điểm là hồ sơ phải giữ")
    assert "Điểm là hồ sơ phải giữ" in officer.get("/thong-tin-cua-toi").text


def test_a_stale_page_corrects_nothing(admin: Reader, as_user: Callable[[str], Reader], world: World) -> None:
    mine = person_page(admin, world, "mot")
    other = as_user("quan-tri")
    other.send(person_page(other, world, "mot"), "Lưu thông tin", phone="0911111111")
    late = admin.send(mine, "Lưu thông tin", phone="0922222222")
    assert late.status == 409
    assert late.html.find(id="phone")["value"] == "0911111111"


def test_out_of_reach(admin: Reader, world: World) -> None:
    for username in ("xa", "quan-tri", "so.lamdong"):  # another province; wider; no personal record
        assert person_page(admin, world, username).status == 404
    page = person_page(admin, world, "mot")
    page.button("Xóa thông tin cá nhân").find_parent("form")["action"] = (
        f"/quan-tri/tai-khoan/{world.accounts['xa']}/thong-tin"
    )
    assert admin.send(page, "Xóa thông tin cá nhân", tick=["1"]).status == 404


def test_erasing(admin: Reader, as_user: Callable[[str], Reader], world: World, portal: Server) -> None:
    officer = as_user("ngoai")
    page = person_page(admin, world, "ngoai")
    unsure = admin.send(page, "Xóa thông tin cá nhân")
    assert unsure.status == 400
    assert "Chưa có gì bị xóa." in unsure.text
    admin.send(page, "Xóa thông tin cá nhân", tick=["1"])
    assert officer.get("/khoa-hoc").path.startswith("/dang-nhap")
    visitor = Reader(portal)
    refused = visitor.send(visitor.get("/dang-nhap"), "Đăng nhập", username="ngoai", password=PASSWORD)
    assert refused.status == 401
    everyone = as_user("quan-tri")
    assert "Phạm Chưa Ghi Danh" not in everyone.get("/quan-tri/tai-khoan").text
    assert "Người đã được xóa thông tin" in everyone.get("/quan-tri/tai-khoan").text
    log = everyone.get("/quan-tri/nhat-ky?viec=person.erased")
    assert "Xóa thông tin cá nhân" in log.one("tbody").get_text()
    assert "Phạm Chưa Ghi Danh" not in everyone.get("/quan-tri/nhat-ky").text
    assert "Phạm Chưa Ghi Danh" not in as_user("so.lamdong").get("/bao-cao").text
