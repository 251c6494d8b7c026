"""From the door of a hall to the organiser's report, with nothing but pages: no script runs."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from isoxa_courses.text import VIETNAM, format_date
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import WorkshopEntry, WorkshopResult, WrongCode
from isoxa_grading.workshops import joining
from isoxa_portal.cli.app import app
from isoxa_portal.errors import CannotServe
from isoxa_portal.workshop.folder import check_apart
from sqlalchemy import select
from typer.testing import CliRunner

from tests.portal.conftest import Server
from tests.portal.pages.conftest import Page, Reader
from tests.portal.pages.test_officer_pages import RIGHT
from tests.portal.tiny_course import COURSE, QUIZ
from tests.portal.workshop.conftest import BASE

BANNER = "lớp kết thúc, nơi này xóa hết"


def join(hall: Server, name: str, unit: str = "xa suoi lanh, lam dong", **more: str) -> tuple[Reader, Page]:
    reader = Reader(hall)
    return reader, reader.send(reader.get(BASE), "Vào lớp", full_name=name, unit=unit, **more)


def take(reader: Reader, answers: dict[str, Any]) -> None:
    def api(method: str, path: str, body: Any = None) -> Any:
        root = reader.server.url
        token = reader.cookies.get(f"{root}api/session", timeout=60).json()["xsrf"]
        answer = reader.cookies.request(
            method, f"{root}api/{path}", json=body or {}, headers={"X-Isoxa-Xsrf": token}, timeout=60
        )
        assert answer.ok, answer.text
        return answer.json()

    attempt = api("POST", "attempts", {"course": COURSE, "quiz": QUIZ})
    for slot in attempt["slots"]:
        if slot["slot"] in answers:
            answer = answers[slot["slot"]]
            raw = answer(slot) if callable(answer) else answer
            body = {"answer": raw, "seq": 1, "key": f"k-{slot['slot']}"}
            api("PUT", f"attempts/{attempt['id']}/slots/{slot['slot']}", body)
    api("POST", f"attempts/{attempt['id']}/submit")


@pytest.fixture(scope="module")
def opened(trainer: Reader) -> Page:
    page = trainer.send(
        trainer.get("/lop-tap-huan"), "Mở lớp và lấy mã", title="Lớp ISO đợt 1", place="Hội trường xã"
    )
    assert page.status == 200, page.text
    return page


@pytest.fixture(scope="module")
def an(hall: Server, code: str) -> Reader:
    """Nguyễn Văn An, who typed the class's code and took the quiz."""
    reader, page = join(hall, "Nguyễn Văn An", class_code=code.lower().replace("-", " "))
    assert page.path == f"{BASE}khoa-hoc/{COURSE}", page.text
    take(reader, RIGHT)
    return reader


def file_of(reader: Reader) -> bytes:
    page = reader.get(f"{BASE}mang-ket-qua-ve")
    return reader.get(page.link("Tải tệp kết quả")).answer.content


def test_the_door(hall: Server) -> None:
    reader = Reader(hall)
    page = reader.get(BASE)
    assert page.path == f"{BASE}vao-lop"
    assert page.one("html")["lang"] == "vi"
    assert BANNER in page.text
    units = reader.get(f"{BASE}vao-lop/don-vi.json").answer.json()
    assert [one["name"] for one in units["provinces"]] == ["tỉnh Gia Lai", "tỉnh Lâm Đồng"]
    # Whoever came for a page goes there once they are in.
    page = reader.get(f"{BASE}khoa-hoc/{COURSE}/tai-lieu")
    page = reader.send(page, "Vào lớp", full_name="Lò Thị Đến", unit="Xã Đá Bạc")
    assert page.path == f"{BASE}khoa-hoc/{COURSE}/tai-lieu"
    assert BANNER in page.text
    cookie = next(one for one in reader.cookies.cookies if one.name == "isoxa_session")
    assert cookie.expires is not None  # a browser that is closed finds its work again
    assert cookie.path == BASE


def test_what_is_typed_wrong_is_said_and_kept(hall: Server) -> None:
    reader, page = join(hall, "", "xã Không Có", class_code="sai")
    assert page.status == 400
    assert page.field_labelled("Xã, phường, đặc khu")["value"] == "xã Không Có"
    assert "Chưa tìm thấy" in page.one(".ix-errors").get_text()
    page = reader.send(page, "Vào lớp", unit="Xã Suối Lành")
    assert "chưa nhập họ và tên" in page.one(".ix-errors").get_text()
    page = reader.send(page, "Vào lớp", full_name="<b>Lý</b> {{ 7*7 }}", class_code="sai")
    assert "Mã lớp chưa đúng" in page.one(".ix-errors").get_text()
    assert "<b>Lý</b>" in page.field_labelled("Họ và tên")["value"]
    hostile = reader.send(page, "Vào lớp", class_code="")
    assert "<b>Lý</b> {{ 7*7 }}" in hostile.one(".ix-who-name").get_text()


def test_two_of_one_name(hall: Server, an: Reader) -> None:
    reader, page = join(hall, "nguyễn văn an")
    assert page.status == 400
    assert "đã có người cùng họ tên" in page.one(".ix-errors").get_text()
    wrong = reader.send(page, "Vào lớp", la_ai="toi", return_code="XXXXXX")
    assert "Mã vào lại chưa đúng" in wrong.one(".ix-errors").get_text()
    mine = an.get(f"{BASE}mang-ket-qua-ve").one("strong.ix-code").get_text()
    again = reader.send(wrong, "Vào lớp", la_ai="toi", return_code=mine.lower())
    assert again.path == f"{BASE}khoa-hoc/{COURSE}"
    assert "1 bài kiểm tra đã nộp" in reader.get(f"{BASE}mang-ket-qua-ve").text
    other, page = join(hall, "Nguyễn Văn An")
    page = other.send(page, "Vào lớp", la_ai="khac")
    assert "chức danh" in page.one(".ix-errors").get_text()
    page = other.send(page, "Vào lớp", la_ai="khac", position="Kế toán")
    assert page.path == f"{BASE}khoa-hoc/{COURSE}"
    assert "0 bài kiểm tra đã nộp" in other.get(f"{BASE}mang-ket-qua-ve").text
    with reading(hall.app.portal.engine) as session:
        keys = set(session.scalars(select(WorkshopEntry.key)))
    assert {json.loads(file_of(one))["content"]["participant"]["key"] for one in (an, other)} <= keys


def test_whoever_guesses_a_return_code_is_made_to_wait(hall: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    few = dataclasses.replace(joining.RETURN_CODES, of_subject=2)
    monkeypatch.setattr(joining, "RETURN_CODES", few)
    mine, _page = join(hall, "Lò Thị Đoán")
    code = mine.get(f"{BASE}mang-ket-qua-ve").one("strong.ix-code").get_text()
    reader, page = join(hall, "lò thị đoán")
    for typed in ("222222", "222222", "333333"):
        page = reader.send(page, "Vào lớp", la_ai="toi", return_code=typed)
        assert "Mã vào lại chưa đúng" in page.one(".ix-errors").get_text()
    page = reader.send(page, "Vào lớp", la_ai="toi", return_code=code)
    assert "đợi" in page.one(".ix-errors").get_text(), "a right one is not looked at either"
    # Nobody else waits for that, and what was noted names nobody.
    other, page = join(hall, "Lò Thị Khác")
    other, page = join(hall, "Lò Thị Khác")
    wrong = other.send(page, "Vào lớp", la_ai="toi", return_code="444444")
    assert "Mã vào lại chưa đúng" in wrong.one(".ix-errors").get_text()
    with writing(hall.app.portal.engine) as session:
        noted = session.scalars(select(WrongCode)).all()
        assert not [one for one in noted if "đoán" in one.subject or "222222" in one.fingerprint]
        for one in noted:
            one.at -= timedelta(minutes=11)
    again, page = join(hall, "Lò Thị Đoán")
    page = again.send(page, "Vào lớp", la_ai="toi", return_code=code)
    assert page.path == f"{BASE}khoa-hoc/{COURSE}"


def test_what_one_takes_home(hall: Server, an: Reader) -> None:
    page = an.get(f"{BASE}mang-ket-qua-ve")
    answer = an.get(page.link("Tải tệp kết quả")).answer
    name = answer.headers["Content-Disposition"]
    assert 'filename="ket-qua-nguyen-van-an-xa-suoi-lanh.isoxa.json"' in name
    assert answer.headers["Content-Type"].startswith("application/json")
    reader, _page = join(hall, "Chưa Nộp Bài")
    attempt = reader.cookies.post(
        f"{hall.url}api/attempts",
        json={"course": COURSE, "quiz": QUIZ},
        headers={"X-Isoxa-Xsrf": reader.cookies.get(f"{hall.url}api/session", timeout=60).json()["xsrf"]},
        timeout=60,
    )
    assert attempt.ok
    page = reader.get(f"{BASE}mang-ket-qua-ve")
    assert "Còn bài kiểm tra chưa nộp" in page.text
    wrong = reader.send(page, "Ghi mã lớp", class_code="ABCD")
    assert wrong.status == 400
    assert "Mã lớp chưa đúng" in wrong.one(".ix-errors").get_text()


def test_the_code_typed_at_the_end(hall: Server, code: str) -> None:
    reader, _page = join(hall, "Đến Muộn")
    page = reader.send(reader.get(f"{BASE}mang-ket-qua-ve"), "Ghi mã lớp", class_code=code)
    assert "Đã ghi mã lớp" in page.text
    assert json.loads(file_of(reader))["proof"] != ""
    assert json.loads(file_of(reader))["content"]["class_name"] == code[:4]
    assert code.replace("-", "") not in file_of(reader).decode()


def test_other_portals_have_no_such_door(office: Server) -> None:
    assert Reader(office).get("/vao-lop").status == 404
    assert Reader(office).get("/vao-lop/don-vi.json").status == 404
    assert BANNER not in Reader(office).get("/dang-nhap").text


def test_a_hall_is_apart_from_real_records(office: Server, hall: Server) -> None:
    check_apart(hall.app.portal.data)
    with pytest.raises(CannotServe, match="thư mục riêng"):
        check_apart(office.app.portal.data)


def test_an_account_of_the_hall_logs_in_by_the_other_door(hall: Server) -> None:
    page = Reader(hall).get(f"{BASE}vao-lop")
    assert Reader(hall).get(page.link("Giảng viên, quản trị: đăng nhập bằng tài khoản")).one("#password")


def test_a_form_left_open_too_long_keeps_what_was_typed(hall: Server) -> None:
    answer = Reader(hall).cookies.post(f"{hall.url}vao-lop", data={"full_name": "Lò Thị Chờ"}, timeout=60)
    page = Page(answer)
    assert (page.status, page.field_labelled("Họ và tên")["value"]) == (403, "Lò Thị Chờ")


def test_the_wall(trainer: Reader, opened: Page, code: str) -> None:
    page = trainer.get(opened.link("Chiếu mã lên tường"))
    assert page.one(".ix-wall-code").get_text() == code
    listed = trainer.get("/lop-tap-huan")
    assert "Lớp ISO đợt 1" in listed.text
    assert format_date(datetime.now(VIETNAM).date()) in listed.text


def test_a_workshop_that_cannot_be_opened_so(trainer: Reader) -> None:
    page = trainer.send(
        trainer.get("/lop-tap-huan"), "Mở lớp và lấy mã", title="", held_on="31/02/2026", place="x"
    )
    assert page.status == 400
    page = trainer.send(page, "Mở lớp và lấy mã", title="", held_on="28/02/2026", place="Hội trường")
    assert "chưa nhập tên lớp" in page.one(".ix-errors").get_text()


def test_bringing_in(hall: Server, office: Server, trainer: Reader, opened: Page, an: Reader) -> None:
    new, _page = join(hall, "Đinh Văn Mới")
    files = [
        ("file", ("an.isoxa.json", file_of(an))),
        ("file", ("moi.isoxa.json", file_of(new))),
        ("file", ("anh.jpg", b"\xff\xd8\xff\xe0")),
        ("file", ("cut.isoxa.json", file_of(an)[:-200])),
    ]
    page = trainer.send(trainer.get(opened.path), "Xem trước", files=files)
    assert "Chưa có gì được ghi" in page.text
    tiles = [one.get_text() for one in page.html.select(".ix-tile-figure")]
    assert tiles == ["1", "1", "0", "0", "0", "2"]
    assert "8/10 điểm" in page.text
    assert "bị cắt cụt" in page.text
    with reading(office.app.portal.engine) as session:
        assert session.scalars(select(WorkshopResult)).all() == []
    done = trainer.send(page, "Xác nhận ghi")
    assert done.path == f"{opened.path}?da-ghi=2"
    assert "Bài kiểm tra 1. Mở đầu: 8/10 điểm, tính điểm" in done.text
    # Sent again, by somebody who was not sure.
    again = trainer.send(trainer.get(opened.path), "Xem trước", files=files[:2])
    assert [one.get_text() for one in again.html.select(".ix-tile-figure")] == ["0", "0", "0", "0", "2", "0"]
    assert trainer.send(again, "Xác nhận ghi").path == f"{opened.path}?da-ghi=0"
    # What was sent is not kept.
    assert list((office.app.portal.data.exports / "ket-qua-cho-xac-nhan").iterdir()) == []
    report = Reader(office).log_in("department").get("/bao-cao")
    assert "Xã Suối Lành" in report.text
    unit = report.link("Xã Suối Lành")
    officers = Reader(office).log_in("department").get(unit)
    assert "Nguyễn Văn An" in officers.text
    assert "Đinh Văn Mới" in officers.text


def test_a_whole_class_at_once(trainer: Reader, opened: Page, an: Reader) -> None:
    """More files than Tornado takes by itself, and then two fields for each of them."""
    file = json.loads(file_of(an))
    files = [("file", (f"{n}.isoxa.json", json.dumps(file, indent=n % 3) + " " * n)) for n in range(120)]
    page = trainer.send(trainer.get(opened.path), "Xem trước", files=files)
    assert page.status == 200
    assert len(page.html.select("tbody tr")) == 120
    token = page.html.select("input[name=_isoxa_xsrf]")[-1]["value"]
    fields = [("_isoxa_xsrf", token), *[("tep", "0" * 64), ("chon", "")] * 600]
    answer = trainer.cookies.post(trainer.server.root + page.path, data=fields, timeout=60)
    assert (answer.status_code, "?da-ghi=" in answer.url) == (200, True)
    many = trainer.send(trainer.get(opened.path), "Xem trước", files=[("file", ("x", b"x"))] * 501)
    assert (many.status, "tối đa 500 tệp" in many.text) == (400, True)
    far = trainer.send(trainer.get(opened.path), "Xem trước", files=[("file", ("x", b"x"))] * 1000)
    assert (far.status, "Yêu cầu không hợp lệ" in far.text) == (400, True)


def test_files_that_are_none(trainer: Reader, opened: Page) -> None:
    page = trainer.send(trainer.get(opened.path), "Xem trước")
    assert (page.status, "chưa chọn tệp nào" in page.one(".ix-errors").get_text()) == (400, True)
    assert trainer.get(f"{opened.path}/nhap/{'0' * 32}").status == 404


def test_the_commands(hall: Server, office: Server, code: str, tmp_path: Any) -> None:
    reader, _page = join(hall, "Phạm Thị Dòng", class_code=code)
    file = tmp_path / "dong.isoxa.json"
    file.write_bytes(file_of(reader))
    data = str(office.app.portal.data.path)

    def run(*arguments: str) -> tuple[int, Any]:
        done = CliRunner().invoke(app, ["workshop", *arguments, "--json", "--data", data])
        return done.exit_code, json.loads(done.stdout or "null")

    status, seen = run("import", str(file), "--dry-run")
    assert (status, seen["counts"]["new"], seen["recorded"]) == (2, 1, 0)
    status, seen = run("import", str(file))
    assert (status, seen["recorded"]) == (2, 0)
    status, seen = run("import", str(file), "--add-new")
    assert (status, seen["recorded"], seen["workshop"]["code"]) == (0, 1, code)
    status, seen = run("import", str(file), "--add-new")
    assert (status, seen["recorded"], seen["files"][0]["fate"]) == (0, 0, "already")
    status, seen = run("list")
    assert any(one["results"] for one in seen["workshops"])
    status, seen = run(
        "open", "--title", "Lớp 2", "--place", "Huyện", "--trainer", "Cô Lan", "--date", "22/11/2026",
        "--unit", "Việt Nam", "--course", COURSE,
    )  # fmt: skip
    assert (status, len(seen["code"])) == (0, 14)
    said = CliRunner().invoke(app, ["workshop", "import", str(file), "--add-new", "--data", data])
    assert "Phạm Thị Dòng, Xã Suối Lành: đã ghi từ trước." in said.stdout
    said = CliRunner().invoke(app, ["workshop", "list", "--data", data])
    assert code in said.stdout
    bad = CliRunner().invoke(app, ["workshop", "import", str(file), "--workshop", "999", "--data", data])
    assert bad.exception is not None


def test_the_folder_of_the_settings(tmp_path: Any) -> None:
    """``workshop = true`` in isoxa.toml does the same as the flag."""
    data = DataFolder(tmp_path)
    data.create()
    assert data.settings.workshop is False
    file = data.settings_file
    file.write_text(file.read_text("utf-8").replace("workshop = false", "workshop = true"), "utf-8")
    assert data.settings.workshop is True
