"""Accounts, one and many: roles, units, codes, sign-ins, the log; and two administrators at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from bs4 import Tag
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Account
from sqlalchemy import select

from tests.portal.conftest import Server
from tests.portal.pages.conftest import Page, Reader, World

CODE = re.compile(r"[2-9CFHJKLMNPQRTVX]{5}(?:-[2-9CFHJKLMNPQRTVX]{5}){2}")
CHOSEN = "ruộng bậc thang xanh"


@pytest.fixture
def admin(as_user: Callable[[str], Reader]) -> Reader:
    return as_user("quan-tri.lamdong")


def key_of(page: Page, username: str) -> str:
    """The value of a row's box."""
    for row in page.html.select("tbody tr"):
        if any(cell.get_text() == username for cell in row.select("td")):
            box = row.select_one("input[type=checkbox]")
            assert box is not None
            return str(box["value"])
    raise AssertionError(username)


def act(reader: Reader, button: str, *usernames: str, **values: str) -> Page:
    page = reader.get("/quan-tri/tai-khoan")
    return reader.send(page, button, tick=[key_of(page, one) for one in usernames], **values)


def slips(page: Page) -> dict[str, str]:
    """Username → code."""
    return {
        slip.select("dd")[0].get_text(): slip.select("dd")[1].get_text()
        for slip in page.html.select(".ix-slip")
    }


def url_of(world: World, username: str) -> str:
    return f"/quan-tri/tai-khoan/{world.accounts[username]}"


@pytest.fixture
def without_password(world: World, portal: Server) -> Iterator[None]:
    """Two of Lâm Đồng and one of Gia Lai who cannot log in yet; afterwards as before."""
    names = ("an", "ngoai", "xa")
    with writing(portal.app.portal.engine) as session:
        found = session.scalars(select(Account).where(Account.username.in_(names))).all()
        before = {one.id: one.password_hash for one in found}
        for one in found:
            one.password_hash = None
    yield
    with writing(portal.app.portal.engine) as session:
        for one in session.scalars(select(Account).where(Account.id.in_(before))):
            one.password_hash = before[one.id]


# -- the list ----------------------------------------------------------------------------------------------------------


def test_filters(admin: Reader) -> None:
    def found(query: str) -> set[str]:
        page = admin.get(f"/quan-tri/tai-khoan?{query}")
        return {one.get_text() for one in page.html.select('td[data-label="Tên đăng nhập"]')}

    assert {"an", "binh"} <= found("don-vi=xã Suối Lành")
    assert "mot" not in found("don-vi=xã Suối Lành")
    assert found("trang-thai=da-khoa") == set()
    assert "an" in found("trang-thai=dang-dung&vai-tro=officer")
    outside = admin.get("/quan-tri/tai-khoan?don-vi=Gia Lai")
    assert "nằm ngoài phạm vi" in outside.text
    assert "Không tìm thấy tài khoản nào" in outside.text
    options = [one["value"] for one in outside.html.select("datalist option")]
    assert "Xã Suối Lành" in options
    assert "Xã Ia Kha" not in options


def test_many_are_disabled_and_enabled(
    admin: Reader, as_user: Callable[[str], Reader], portal: Server
) -> None:
    officer = as_user("hostile")
    page = act(admin, "Khóa", "hostile", "so.lamdong")
    assert "Đã khóa 2 tài khoản." in page.text
    assert officer.get("/khoa-hoc").path.startswith("/dang-nhap")
    assert "Đã mở khóa 2 tài khoản." in act(admin, "Mở khóa", "hostile", "so.lamdong").text
    assert Reader(portal).log_in("hostile")


def test_nothing_chosen_and_oneself_chosen(admin: Reader) -> None:
    page = act(admin, "Khóa")
    assert page.status == 400
    assert "chưa chọn tài khoản nào" in page.text
    page = act(admin, "Khóa", "binh", "quan-tri.lamdong")
    assert page.status == 400
    assert "không khóa được tài khoản đang dùng" in page.text
    assert page.html.select("tbody input[checked]")  # what was ticked still is
    assert "Đã khóa" not in admin.get("/quan-tri/tai-khoan?tim=binh").one("tbody").get_text()


@pytest.mark.parametrize(
    "value", ["1", "1.x", "x.1", "-1.1", "1.1.1", "٣.1", "9" * 40 + ".1", "1.1' OR '1'='1"]
)
def test_a_made_up_key_is_refused(admin: Reader, value: str) -> None:
    page = admin.get("/quan-tri/tai-khoan")
    box = page.html.select("tbody input")[0]
    box["value"] = value
    assert admin.send(page, "Khóa", tick=[value]).status == 400


def test_an_account_of_elsewhere_among_many(admin: Reader, world: World, portal: Server) -> None:
    page = admin.get("/quan-tri/tai-khoan")
    box = page.html.select("tbody input")[0]
    box["value"] = f"{world.accounts['xa']}.1"
    assert admin.send(page, "Khóa", tick=[str(box["value"]), key_of(page, "mot")]).status == 404
    assert Reader(portal).log_in("xa")
    assert Reader(portal).log_in("mot")


def test_moving_many(admin: Reader) -> None:
    refused = act(admin, "Chuyển đơn vị", "ngoai", unit="Xã Ia Kha")
    assert refused.status == 400
    assert "nằm ngoài phạm vi" in refused.html.find(id="unit-error").get_text()
    staff = act(admin, "Chuyển đơn vị", "ngoai", "so.lamdong", unit="Xã Suối Lành")
    assert staff.status == 400
    assert "không gắn với cán bộ" in staff.text
    assert (
        "Xã Đá Bạc" in admin.get("/quan-tri/tai-khoan?tim=ngoai").one("tbody").get_text()
    )  # nothing half done
    assert "Đã chuyển đơn vị cho 1 người." in act(admin, "Chuyển đơn vị", "ngoai", unit="Xã Suối Lành").text
    assert "Xã Suối Lành" in admin.get("/quan-tri/tai-khoan?tim=ngoai").one("tbody").get_text()
    act(admin, "Chuyển đơn vị", "ngoai", unit="Xã Đá Bạc")


# -- one account -------------------------------------------------------------------------------------------------------


def test_two_administrators_edit_one_account(
    as_user: Callable[[str], Reader], admin: Reader, world: World
) -> None:
    other = as_user("quan-tri")
    mine, theirs = admin.get(url_of(world, "mot")), other.get(url_of(world, "mot"))
    other.send(
        theirs, theirs.html.select('button[value="them-quyen"]')[0], role="trainer", role_unit="Lâm Đồng"
    )
    late = admin.send(mine, "Khóa tài khoản")
    assert late.status == 409
    assert "vừa được người khác thay đổi, nên chưa có gì được ghi" in late.text
    assert "Giảng viên – Tỉnh Lâm Đồng" in late.text  # the newest is shown
    assert (
        late.one('form:has([value="khoa"]) [name="version"]')["value"]
        != mine.html.select_one('[name="version"]')["value"]
    )  # type: ignore[index]
    trainer = f'form:has([value="trainer.{world.units["lam-dong"]}"]) button'
    taken = admin.send(late, late.html.select(trainer)[0])
    assert "Đã thu hồi vai trò." in taken.text


def test_two_administrators_and_a_list(as_user: Callable[[str], Reader], admin: Reader) -> None:
    page = admin.get("/quan-tri/tai-khoan")
    act(as_user("quan-tri"), "Khóa", "binh")
    act(as_user("quan-tri"), "Mở khóa", "binh")
    late = admin.send(page, "Khóa", tick=[key_of(page, "binh"), key_of(page, "mot")])
    assert late.status == 409
    assert "Trần Thị Bình" in late.one(".ix-errors").get_text()
    assert "Đã khóa" not in admin.get("/quan-tri/tai-khoan?tim=mot").one("tbody").get_text()


def test_a_communes_leader_sees_their_commune_alone(
    admin: Reader, as_user: Callable[[str], Reader], world: World
) -> None:
    page = admin.get(url_of(world, "mot"))
    add = page.html.select('button[value="them-quyen"]')[0]
    refused = admin.send(page, add, role="department", role_unit="Gia Lai")
    assert "nằm ngoài phạm vi" in refused.html.find(id="role_unit-error").get_text()
    made = admin.send(page, add, role="department", role_unit="Phường Hòn Rơm")
    assert "Lãnh đạo xã, phường (xem báo cáo) – Phường Hòn Rơm" in made.text
    leader = as_user("mot")
    own = leader.get("/bao-cao")
    assert "Lê Một" in own.text or "Hòn Rơm" in own.text
    for other in ("suoi-lanh", "lam-dong", "gia-lai", "ia-kha"):
        assert leader.get(f"/bao-cao?don-vi={world.units[other]}").status == 404
    admin.send(made, made.html.select(f'form:has([value="department.{world.units["hon-rom"]}"]) button')[0])
    assert leader.get("/bao-cao").status == 403


def test_nobody_gives_up_their_own_administration(admin: Reader, world: World) -> None:
    page = admin.get(url_of(world, "quan-tri.lamdong"))
    [button] = page.html.select('form:has([name="quyen"]) button')
    refused = admin.send(page, button)
    assert refused.status == 400
    assert "không tự bỏ được vai trò quản trị" in refused.text


@pytest.mark.parametrize("work", ["", "xoa-het", "<script>"])
def test_an_unknown_act(admin: Reader, world: World, work: str) -> None:
    page = admin.get(url_of(world, "mot"))
    button = page.button("Khóa tài khoản")
    button["value"] = work
    assert admin.send(page, button).status == 400


def test_a_new_account_without_password_gets_a_code(admin: Reader, portal: Server) -> None:
    page = admin.send(
        admin.get("/quan-tri/tai-khoan/moi"), "Tạo tài khoản",
        display_name="Chủ tịch <xã>", username="ct.hon-rom", role="department", unit="Phường Hòn Rơm",
    )  # fmt: skip
    [(username, code)] = slips(page).items()
    assert username == "ct.hon-rom"
    assert CODE.fullmatch(code)
    visitor = Reader(portal)
    done = visitor.send(
        visitor.get("/kich-hoat"), "Kích hoạt và đăng nhập", username=username, code=code,
        password=CHOSEN, password_again=CHOSEN,
    )  # fmt: skip
    assert "Đăng xuất" in done.text
    assert "Phường Hòn Rơm" in done.text


# -- codes -------------------------------------------------------------------------------------------------------------


def test_a_sheet_for_a_unit(admin: Reader, world: World, without_password: None) -> None:
    page = admin.get("/quan-tri/ma-kich-hoat")
    rows = {
        row.th.get_text(): [td.get_text() for td in row.select("td.ix-n")]
        for row in page.html.select("tbody tr")
    }
    assert rows["Xã Suối Lành, tỉnh Lâm Đồng"] == ["1", "0"]
    assert not any("Ia Kha" in name for name in rows)
    button = page.html.select(f'form:has([value="{world.units["suoi-lanh"]}"]) button')[0]
    sheet = admin.send(page, button)
    assert set(slips(sheet)) == {"an"}
    assert "no-store" in sheet.answer.headers["Cache-Control"]
    assert "Trang này chỉ hiện một lần" in sheet.text
    assert f"{admin.server.root.removeprefix('http://')}/kich-hoat" in sheet.text
    # The rest of the scope: only who holds no code yet; then, when asked, all anew.
    rest = admin.send(admin.get("/quan-tri/ma-kich-hoat"), "Cấp mã và mở bản in")
    assert set(slips(rest)) == {"ngoai"}
    everyone = admin.send(admin.get("/quan-tri/ma-kich-hoat"), "Cấp mã và mở bản in", tick=["1"])
    assert set(slips(everyone)) == {"an", "ngoai"}
    assert set(slips(everyone).values()).isdisjoint({*slips(sheet).values(), *slips(rest).values()})
    assert [one.get_text() for one in everyone.html.select(".ix-sheet h2")] == [
        "Xã Đá Bạc, tỉnh Lâm Đồng", "Xã Suối Lành, tỉnh Lâm Đồng",
    ]  # fmt: skip


def test_no_code_is_in_the_database(admin: Reader, world: World, without_password: None) -> None:
    [code] = slips(act(admin, "Cấp mã kích hoạt và in", "an")).values()
    content = b"".join(file.read_bytes() for file in world.data.path.glob("isoxa.db*"))
    assert code.encode() not in content
    assert code.replace("-", "").encode() not in content


@pytest.mark.parametrize("unit", ["gia-lai", "ia-kha"])
def test_codes_for_another_province(admin: Reader, world: World, without_password: None, unit: str) -> None:
    page = admin.get("/quan-tri/ma-kich-hoat")
    field = page.html.select('tbody [name="don-vi"]')[0]
    field["value"] = str(world.units[unit])
    button = field.find_parent("form").find("button")  # type: ignore[union-attr]
    assert isinstance(button, Tag)
    assert admin.send(page, button).status == 404
    assert admin.get(f"/quan-tri/ma-kich-hoat?don-vi={world.units[unit]}").status == 404
    assert admin.get("/quan-tri/ma-kich-hoat?don-vi=x").status == 404


def test_a_locked_account_gets_no_code(admin: Reader) -> None:
    act(admin, "Khóa", "binh")
    page = act(admin, "Cấp mã kích hoạt và in", "binh", "mot")
    assert page.status == 400
    assert "đang khóa nên chưa cấp mã cho ai" in page.text
    act(admin, "Mở khóa", "binh")


# -- sign-ins and the log ----------------------------------------------------------------------------------------------


def test_sign_ins_are_seen_and_ended(admin: Reader, as_user: Callable[[str], Reader], portal: Server) -> None:
    officer, stranger = as_user("binh"), as_user("xa")
    page = admin.get("/quan-tri/phien?tim=binh")
    names = [one.get_text() for one in page.html.select("tbody th a")]
    assert set(names) == {"Trần Thị Bình"}
    assert "Rơ Châm Xa" not in admin.get("/quan-tri/phien").text
    boxes = [str(one["value"]) for one in page.html.select("tbody input")]
    done = admin.send(page, "Kết thúc phiên đã chọn", tick=boxes)
    assert "Đã kết thúc các phiên đã chọn." in done.text
    assert officer.get("/khoa-hoc").path.startswith("/dang-nhap")
    # One's own is not offered, and another province's cannot be named.
    own = admin.get("/quan-tri/phien?tim=quan-tri.lamdong")
    assert "phiên này" in own.text
    everyone = as_user("quan-tri").get("/quan-tri/phien?tim=Rơ Châm")
    foreign = str(everyone.html.select("tbody input")[0]["value"])
    page = admin.get("/quan-tri/phien")
    page.html.select("form[method=post]")[0].append(
        page.html.new_tag("input", attrs={"type": "hidden", "name": "phien", "value": foreign})
    )
    admin.send(page, "Kết thúc phiên đã chọn")
    assert stranger.get("/khoa-hoc").path == "/khoa-hoc"


def test_the_sign_ins_of_one_account(admin: Reader, as_user: Callable[[str], Reader], world: World) -> None:
    officer = as_user("ngoai")
    page = admin.get(url_of(world, "ngoai"))
    assert "Đăng nhập" in page.one(".ix-lines-list:has(.ix-task-note)").get_text()
    done = admin.send(page, "Kết thúc mọi phiên")
    assert "Hiện không đăng nhập ở đâu." in done.text
    assert officer.get("/khoa-hoc").path.startswith("/dang-nhap")


def test_the_log_shows_what_was_done_here_alone(
    admin: Reader, as_user: Callable[[str], Reader], world: World
) -> None:
    act(as_user("quan-tri"), "Khóa", "xa")
    act(as_user("quan-tri"), "Mở khóa", "xa")
    act(admin, "Khóa", "binh")
    act(admin, "Mở khóa", "binh")

    def lines(reader: Reader, query: str = "") -> list[list[str]]:
        page = reader.get(f"/quan-tri/nhat-ky?{query}")
        return [[cell.get_text() for cell in row.select("td")] for row in page.html.select("tbody tr")]

    assert lines(admin, "viec=account.disabled&tim=binh")[0][:4] == [
        "Quản trị Lâm Đồng", "Khóa tài khoản", "Trần Thị Bình", "Xã Suối Lành",
    ]  # fmt: skip
    assert not [line for line in lines(admin) if "Rơ Châm Xa" in line]
    assert [line for line in lines(as_user("quan-tri"), "tim=rơ châm") if "Rơ Châm Xa" in line]
    assert lines(admin, "viec=account.disabled&ai=quản trị lâm")
    assert lines(admin, "ai=khong-co-ai") == []
    assert lines(admin, "tu=31/12/2099") == []
    wrong = admin.get("/quan-tri/nhat-ky?tu=31/2/2026")
    assert "không phải ngày" in wrong.html.find(id="tu-error").get_text()
    assert "nằm ngoài phạm vi" in admin.get("/quan-tri/nhat-ky?don-vi=Gia Lai").text
    assert admin.get("/quan-tri/nhat-ky?truoc=abc&viec=<b>&tim=%00'").status == 200


def test_the_log_can_only_be_read(admin: Reader) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = admin.cookies.request(method, f"{admin.server.root}/quan-tri/nhat-ky", timeout=60)
        assert answer.status_code in (403, 405)


def test_pages_escape_names(admin: Reader) -> None:
    for path in ("/quan-tri/tai-khoan", "/quan-tri/phien", "/quan-tri/nhat-ky", "/quan-tri/ma-kich-hoat"):
        page = admin.get(path)
        assert page.status == 200
        assert "<script>alert(1)" not in page.answer.text
