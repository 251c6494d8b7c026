"""Rosters by page: seen before anything is written, doubts decided, rows left out taken away, an import undone."""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import openpyxl
import pytest
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Account, AuditEvent, Enrolment, Membership, Person, RosterImport
from isoxa_portal.pages import roster as roster_pages
from isoxa_portal.pages import roster_work
from sqlalchemy import func, select

from tests.portal.conftest import Server
from tests.portal.pages.conftest import Page, Reader, World
from tests.portal.tiny_course import COURSE

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("Họ và tên", "Đơn vị", "Tỉnh", "Mã cán bộ", "Chức danh", "Ngày sinh")


def roster(*rows: Iterable[object], heads: Iterable[str] = HEADS, title: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(reader: Reader, content: bytes, name: str = "danh-sach.xlsx") -> Page:
    return reader.send(reader.get("/quan-tri/danh-sach"), "Xem trước", files={"file": (name, content, KIND)})


def kept(world: World) -> list[str]:
    return [one.name for one in (world.data.exports / "danh-sach-cho-xac-nhan").iterdir()]


def figures(page: Page) -> dict[str, str]:
    return {
        one.select_one(".ix-tile-words").get_text(): one.select_one(".ix-tile-figure").get_text()  # type: ignore[union-attr]
        for one in page.html.select(".ix-tile")
    }


def records(portal: Server) -> dict[str, int]:
    """How many rows there are of what an import could touch."""
    tables = (Person, Membership, Account, Enrolment, RosterImport, AuditEvent)
    with reading(portal.app.portal.engine) as session:
        return {one.__name__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


@pytest.fixture
def admin(as_user: Callable[[str], Reader]) -> Reader:
    return as_user("quan-tri.lamdong")


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Every file is a large one: the page tells how far it is. Work waits until the event is set."""
    go = threading.Event()
    read, write = roster_work.read_upload, roster_work.import_upload

    def slowly(work: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            assert go.wait(30)
            return work(*arguments)

        return run

    monkeypatch.setattr(roster_pages, "PATIENCE", 0.05)
    monkeypatch.setattr(roster_pages, "read_upload", slowly(read))
    monkeypatch.setattr(roster_pages, "import_upload", slowly(write))
    yield go
    go.set()


def until(reader: Reader, path: str, words: str) -> Page:
    for _ in range(200):
        page = reader.get(path)
        if words in page.text:
            return page
    raise AssertionError(page.text)


# -- seen before it is written -----------------------------------------------------------------------------------------


def test_a_roster_is_seen_decided_and_written(admin: Reader, world: World, portal: Server) -> None:
    before = records(portal)
    content = roster(
        ("Kiều Thị Ngọc", "UBND xã Suối Lành", "Lâm Đồng", "CB01", "Tư pháp", "04/03/1985"),
        ("Nguyễn Văn An", "xã Suối Lành", "Lâm Đồng", "", "Trưởng phòng", ""),
        ("Vũ Thị Cũ", "xã Gò Lau", "Lâm Đồng", "CB02", "", ""),
        ("Đỗ Văn Hai", "xã Đá Bac", "Lâm Đồng", "CB05", "", ""),
        ("", "xã Suối Lành", "Lâm Đồng", "CB03", "", ""),
        ("<b>x</b> y", "xã Suối Lành", "Lâm Đồng", "CB04", "", ""),
        ("Rơ Châm Y", "xã Ia Kha", "Gia Lai", "CB06", "", ""),
        title="DANH SÁCH CÁN BỘ",
    )
    page = upload(admin, content, "<i>ds.xlsx")
    assert "Chưa có gì được ghi." in page.text
    assert "<i>ds.xlsx" in page.text
    shown = figures(page)
    assert shown["Cần quyết định"] == "2"
    # It begins with what must be decided, and says why.
    assert page.one(".ix-tile-here").get_text().startswith("2")
    rows = {row.th.get_text(): row for row in page.html.select("tbody tr")}
    assert set(rows) == {"Nguyễn Văn An", "Vũ Thị Cũ"}
    options = [one.get_text() for one in rows["Vũ Thị Cũ"].select("option")]
    assert {"Xã Suối Lành, tỉnh Lâm Đồng", "Xã Đá Bạc, tỉnh Lâm Đồng", "Bỏ dòng này"} <= set(options)
    assert options[0] == "Chưa quyết định: bỏ qua lần này"  # no default is taken
    assert (
        not rows["Vũ Thị Cũ"].select("option[selected]")
        or rows["Vũ Thị Cũ"].select_one("option[selected]")["value"] == ""
    )  # type: ignore[index]
    whom = [one.get_text() for one in rows["Nguyễn Văn An"].select("option")]
    assert any(one.startswith("Chính là Nguyễn Văn An (") for one in whom)
    assert "Người khác, thêm mới" in whom
    assert len(kept(world)) == 2
    refused = admin.get(f"{page.path}?loai=tu-choi")
    assert "Xã Đá Bạc" in refused.text  # what that row may have meant
    assert "<b>x</b>" not in refused.answer.text

    # Decide: the first is the one recorded, the second went to Đá Bạc.
    chosen = decide(admin, page, {"Nguyễn Văn An": "Chính là", "Vũ Thị Cũ": "Xã Đá Bạc"})
    assert "Đã ghi lựa chọn." in chosen.text
    assert figures(chosen)["Cần quyết định"] == "0"
    assert records(portal) == before  # nothing changes before the confirmation

    changed = admin.get(f"{chosen.path.split('?')[0]}?loai=thay-doi")
    assert "Đổi chức danh: Công chức → Trưởng phòng" in changed.text
    wrong = admin.send(changed, "Xác nhận nhập", due="31/2/2027")
    assert wrong.status == 400
    assert "không phải ngày" in wrong.html.find(id="due-error").get_text()  # type: ignore[union-attr]

    done = admin.send(changed, "Xác nhận nhập", course=COURSE, due="31/12/2027")
    assert done.one("h1").get_text() == "Đã nhập danh sách"
    assert figures(done)["người mới"] == shown["Thêm mới"] == "1" or figures(done)["người mới"] == "2"
    assert "Kiều Thị Ngọc" in admin.get("/quan-tri/tai-khoan?tim=kieu").text
    assert "Xã Đá Bạc" in admin.get("/quan-tri/tai-khoan?tim=vu thi cu").one("tbody").get_text()
    assert done.link("In mã kích hoạt") == "/quan-tri/ma-kich-hoat"
    again = admin.get(page.path.split("?")[0])
    assert again.path.endswith(done.path) or again.status == 404  # told once more, then gone
    # The rows left out can be taken away, mended and dropped again.
    sheet = admin.get(done.link("Tải các dòng chưa nhập (Excel)")).answer
    assert sheet.headers["Content-Type"] == KIND
    cells = [
        [cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(sheet.content)).active.rows
    ]  # type: ignore[union-attr]
    assert "Lý do chưa nhập" in cells[0]
    assert all(row[cells[0].index("Lý do chưa nhập")] for row in cells[1:])
    assert len(cells) - 1 == sum(
        int(figures(done)[one]) for one in ("dòng chưa quyết định, bỏ qua", "dòng không nhập được")
    )
    dropped = upload(admin, sheet.content, "sua.xlsx")
    assert dropped.one("h1").get_text() == "Xem trước danh sách"

    same = upload(
        admin, roster(("Kiều Thị Ngọc", "xã Suối Lành", "Lâm Đồng", "CB01", "Tư pháp", "04/03/1985"))
    )
    assert figures(same)["Không đổi"] == "1"
    assert "không có gì phải thay đổi" in admin.send(same, "Xác nhận nhập").text


def decide(reader: Reader, page: Page, wanted: dict[str, str]) -> Page:
    """Choose for rows by name the option that begins with these words, and keep the choices."""
    for row in page.html.select("tbody tr"):
        begins = wanted.get(row.th.get_text())  # type: ignore[union-attr]
        for option in row.select("option"):
            del option["selected"]
            if begins and option.get_text().startswith(begins):
                option["selected"] = ""
    return send_choices(reader, page, "ghi")


def send_choices(reader: Reader, page: Page, work: str) -> Page:
    """Send the preview's form as a browser does: several fields of one name."""
    form = page.html.select("form[method=post] select")[0].find_parent("form")
    assert form is not None
    data = [(one["name"], one.get("value", "")) for one in form.select("input[name]")]
    for choice in form.select("select"):
        option = choice.find("option", selected=True) or choice.find("option")
        data.append((choice["name"], option["value"]))  # type: ignore[index]
    return Page(
        reader.cookies.post(
            reader.server.root + str(form["action"]), data=[*data, ("viec", work)], timeout=60
        )
    )


def test_confirming_with_choices_not_seen_shows_them_first(admin: Reader, portal: Server) -> None:
    page = upload(admin, roster(("Đào Thị Mơ", "xã Gò Lau", "Lâm Đồng", "MO1", "", "")))
    for option in page.html.select("tbody option"):
        del option["selected"]
        if option.get_text().startswith("Xã Suối Lành"):
            option["selected"] = ""
    before = records(portal)
    seen = send_choices(admin, page, "nhap")
    assert "Đã ghi lựa chọn." in seen.text
    assert records(portal) == before
    back = admin.get(f"{seen.path.split('?')[0]}?loai=moi")
    assert "Giữ lựa chọn" in back.text
    for option in back.html.select("tbody option"):
        del option["selected"]
        if option["value"] == "":
            option["selected"] = ""
    undecided = send_choices(admin, back, "ghi")
    assert figures(undecided)["Cần quyết định"] == "1"


@pytest.mark.parametrize("value", ["unit:1", "unit:999999", "person:<b>", "xoa", "unit:1;drop", "🤷"])
def test_a_choice_that_is_not_open(admin: Reader, portal: Server, value: str) -> None:
    page = upload(admin, roster(("Đào Thị Lan", "xã Gò Lau", "Lâm Đồng", "LAN1", "", "")))
    page.html.select("tbody option")[0]["value"] = value
    before = records(portal)
    answer = send_choices(admin, page, "ghi")
    assert answer.status == 400
    assert answer.html.select(".ix-errors li")
    assert records(portal) == before


def test_another_provinces_unit_cannot_be_chosen(admin: Reader, world: World) -> None:
    page = upload(admin, roster(("Đào Thị Lan", "xã Gò Lau", "Lâm Đồng", "LAN1", "", "")))
    here, mine = world.units["suoi-lanh"], page.html.select("tbody option")[0]
    mine["value"] = f"unit:{world.units['ia-kha']}"
    assert send_choices(admin, page, "ghi").status == 400
    mine["value"] = f"unit:{here} person:{world.people['binh']}"  # somebody the row cannot be
    assert send_choices(admin, page, "ghi").status == 400


def test_a_row_that_is_not_in_the_file(admin: Reader) -> None:
    page = upload(admin, roster(("Đào Thị Lan", "xã Gò Lau", "Lâm Đồng", "LAN1", "", "")))
    page.html.select('input[name="dong"]')[0]["value"] = "Trang khác!1"
    page.html.select("tbody option")[0]["value"] = "leave"
    assert send_choices(admin, page, "ghi").status == 400
    page.html.select('input[name="dong"]')[0].decompose()
    assert send_choices(admin, page, "ghi").status == 400


def test_a_preview_is_its_own_accounts_alone(
    admin: Reader, as_user: Callable[[str], Reader], world: World
) -> None:
    page = upload(admin, roster(("Vũ Thị Năm", "xã Suối Lành", "Lâm Đồng", "CB11", "", "")))
    other = as_user("quan-tri")
    assert other.get(page.path).status == 404
    assert other.get(f"{page.path}/chua-nhap.xlsx").status == 404
    assert other.get("/quan-tri/danh-sach/../../../etc/passwd").status == 404
    upload(admin, roster(("Vũ Thị Sáu", "xã Suối Lành", "Lâm Đồng", "CB12", "", "")))
    assert admin.get(f"{page.path}/chua-nhap.xlsx").status == 404  # replaced
    mine = f"{world.accounts['quan-tri.lamdong']}"
    assert all(re.match(rf"{mine}[-+]", name) for name in kept(world))


# -- undone ------------------------------------------------------------------------------------------------------------


def test_an_import_is_undone_whole(admin: Reader, portal: Server, as_user: Callable[[str], Reader]) -> None:
    before = records(portal)
    page = upload(admin, roster(*((f"Lò Văn {n}", "xã Đá Bạc", "Lâm Đồng", f"LO{n}", "", "") for n in "MTH")))
    done = admin.send(page, "Xác nhận nhập", course=COURSE)
    assert records(portal)["Person"] == before["Person"] + 3
    listed = admin.get("/quan-tri")
    assert listed.link("danh-sach.xlsx").startswith("/quan-tri/danh-sach/xong/")
    undone = admin.send(done, "Hoàn tác lần nhập này")
    assert "hồ sơ trở lại như trước khi nhập" in undone.text
    after = records(portal)
    assert {one: after[one] for one in ("Person", "Membership", "Account", "Enrolment")} == {
        one: before[one] for one in ("Person", "Membership", "Account", "Enrolment")
    }
    assert "Đã hoàn tác" in admin.get("/quan-tri").text
    # Once is enough; and whoever has the wider scope sees it too.
    late = admin.send(done, "Hoàn tác lần nhập này")
    assert late.status == 409
    assert "đã được hoàn tác" in late.text
    assert as_user("quan-tri").get(done.path).status == 200
    assert (
        "Hoàn tác lần nhập danh sách"
        in admin.get("/quan-tri/nhat-ky?viec=roster.undone").one("tbody").get_text()
    )


def test_what_was_used_holds_the_import(admin: Reader, portal: Server) -> None:
    page = upload(admin, roster(("Lò Thị Giữ", "xã Đá Bạc", "Lâm Đồng", "GIU1", "", "")))
    done = admin.send(page, "Xác nhận nhập")
    codes = admin.get("/quan-tri/ma-kich-hoat")
    admin.send(codes, "Cấp mã và mở bản in")
    before = records(portal)
    held = admin.send(done, "Hoàn tác lần nhập này")
    assert held.status == 409
    assert "Lò Thị Giữ" in held.text
    assert "Không có gì bị thay đổi" in held.text
    assert records(portal) == before


# -- large files -------------------------------------------------------------------------------------------------------


def test_a_large_file_tells_how_far_it_is(
    admin: Reader, portal: Server, no_patience: threading.Event
) -> None:
    page = upload(admin, roster(("Lò Thị Lớn", "xã Đá Bạc", "Lâm Đồng", "LON1", "", "")))
    assert page.one("h1").get_text() == "Đang đọc danh sách"
    assert page.answer.headers["Refresh"] == "1"
    assert "Chưa có gì được ghi." in page.text
    no_patience.set()
    preview = until(admin, page.path, "Xem trước danh sách")
    no_patience.clear()
    before = records(portal)
    waiting = admin.send(preview, "Xác nhận nhập")
    assert waiting.one("h1").get_text() == "Đang ghi danh sách"
    twice = admin.send(preview, "Xác nhận nhập")
    assert twice.one("h1").get_text() == "Đang ghi danh sách"
    assert records(portal) == before
    no_patience.set()
    until(admin, waiting.path, "Đã nhập danh sách")
    assert records(portal)["RosterImport"] == before["RosterImport"] + 1
    assert records(portal)["Person"] == before["Person"] + 1


def test_an_import_that_fails_leaves_the_preview(
    admin: Reader, portal: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(admin, roster(("Lò Thị Hỏng", "xã Đá Bạc", "Lâm Đồng", "HONG1", "", "")))
    before = records(portal)

    def fails(*arguments: object, **more: object) -> None:
        roster_work_import(*arguments, **more)
        raise OSError("the power went")

    roster_work_import = roster_work.import_roster
    monkeypatch.setattr(roster_work, "import_roster", fails)
    assert admin.send(page, "Xác nhận nhập").status == 500
    assert records(portal) == before
    monkeypatch.undo()
    assert admin.send(admin.get(page.path), "Xác nhận nhập").one("h1").get_text() == "Đã nhập danh sách"


def test_after_a_restart_the_file_is_read_again(admin: Reader, portal: Server) -> None:
    page = upload(admin, roster(("Lò Thị Lại", "xã Đá Bạc", "Lâm Đồng", "LAI1", "", "")))
    jobs = portal.app.portal.roster_jobs
    jobs._files.clear()
    jobs._jobs.clear()
    assert figures(admin.get(page.path))["Thêm mới"] == "1"


# -- what is no roster -------------------------------------------------------------------------------------------------


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2**28)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "rong.xlsx", "tệp rỗng"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "anh.png", "hình ảnh"),
        (b"PK\x03\x04 khong phai", "hong.xlsx", "hong.xlsx"),
        (roster(("A B", "x"))[:700], "cut.xlsx", "cut.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cu.xls", "Save As"),
        (
            roster(("Nguyễn Thị A", "01/02/1980"), heads=("Họ và tên", "Ngày sinh")),
            "thieu.xlsx",
            "thiếu cột “Đơn vị”",
        ),
        (b"x" * (21 * 2**20), "to.csv", "lớn hơn"),
        (bomb(), "bom.xlsx", "bom.xlsx"),
    ],
    ids=["empty", "picture", "broken", "truncated", "old", "no unit", "too large", "bomb"],
)
def test_what_is_no_roster_is_refused_in_words(
    admin: Reader, world: World, content: bytes, name: str, said: str
) -> None:
    upload(admin, roster(("Lò Thị Trước", "xã Đá Bạc", "Lâm Đồng", "TR1", "", "")))
    before = kept(world)
    page = upload(admin, content, name)
    assert page.status == 400
    assert said in page.html.find(id="file-error").get_text()  # type: ignore[union-attr]
    assert page.one(".ix-errors a")["href"] == "#file"
    assert content or kept(world) == before  # nothing chosen changes nothing


def test_fifty_megabytes(admin: Reader) -> None:
    page = upload(admin, b"\0" * (50 * 2**20), "to.xlsx")
    assert page.status == 400
    assert "lớn hơn" in page.text


def test_without_a_file_it_says_so(admin: Reader) -> None:
    page = admin.send(admin.get("/quan-tri/danh-sach"), "Xem trước")
    assert page.status in (400, 403)


def test_hostile_cells_stay_text(admin: Reader) -> None:
    content = roster(
        ('=HYPERLINK("http://x","a") b', "xã Suối Lành", "Lâm Đồng", "H1", "<script>alert(1)</script>", ""),
        ("Nguyễn " + "Dài " * 130, "xã Suối Lành", "Lâm Đồng", "H2", "", ""),
        ('O\'Brien "Anh"', "xã Suối Lành'; DROP TABLE unit", "Lâm Đồng", "H3", "", ""),
    )
    page = upload(admin, content)
    for slug in ("tu-choi", "moi", "nghi-van"):
        assert "<script>alert(1)" not in admin.get(f"{page.path}?loai={slug}").answer.text
    sheet = admin.get(f"{page.path}/chua-nhap.xlsx").answer.content
    book = openpyxl.load_workbook(io.BytesIO(sheet))
    assert not [cell for row in book.active.rows for cell in row if cell.data_type == "f"]  # type: ignore[union-attr]


def test_files_of_the_data_folder_are_closed(admin: Reader, world: World) -> None:
    upload(admin, roster(("Lò Thị Kín", "xã Đá Bạc", "Lâm Đồng", "KIN1", "", "")))
    folder: Path = world.data.exports / "danh-sach-cho-xac-nhan"
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.iterdir())
