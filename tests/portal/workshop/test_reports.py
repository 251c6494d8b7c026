"""The one address that pages of other origins may ask: a file sent with the code, where a participant is; and
everything that must not work.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.data_folder import DataFolder, DataFolderError
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import (
    Attempt,
    AuditEvent,
    Person,
    Role,
    Unit,
    Workshop,
    WorkshopPresence,
    WorkshopResult,
    WorkshopSending,
    WrongCode,
)
from isoxa_grading.workshops import class_codes, shown_code
from isoxa_grading.workshops.codes import new_code
from isoxa_portal.workshop.flow import KEY_REQUESTS_A_MINUTE, REQUESTS_A_MINUTE, Flow
from isoxa_portal.workshop.folder import ORGANISER, WorkshopFolder
from sqlalchemy import delete, func, select

from tests.grading.workshops.conftest import MORNING
from tests.made_once import copy_of
from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import Page, Reader
from tests.portal.pages.test_officer_pages import RIGHT
from tests.portal.tiny_course import CANARIES, COURSE, LESSON, QUIZ
from tests.portal.workshop.conftest import BASE
from tests.portal.workshop.test_pages import file_of, join, take

ELSEWHERE = {"Origin": "https://hub.example", "Sec-Fetch-Site": "cross-site"}
PATH = "api/v1/workshops/reports"


@pytest.fixture(scope="module")
def opened(trainer: Reader) -> Page:
    page = trainer.send(
        trainer.get("/lop-tap-huan"), "Mở lớp và lấy mã", title="Lớp gửi về", place="Hội trường"
    )
    assert page.status == 200, page.text
    return page


@pytest.fixture(scope="module")
def sender(hall: Server, code: str) -> Reader:
    """Nguyễn Văn An, who is on the organiser's roster."""
    reader, _page = join(hall, "Nguyễn Văn An", class_code=code)
    take(reader, RIGHT)
    return reader


def report(office: Server, body: Any, **headers: str) -> requests.Response:
    return requests.post(f"{office.url}{PATH}", json=body, headers={**ELSEWHERE, **headers}, timeout=60)


def sent(office: Server, code: str, file: bytes) -> requests.Response:
    return report(office, {"kind": "result", "code": code, "file": file.decode()})


def refused(answer: requests.Response) -> tuple[int, str]:
    message = answer.json()["error"]["message"]
    assert any(sign in message for sign in "ăâđêôơưạảấếệộợụữ"), message
    assert answer.headers["Access-Control-Allow-Origin"] == "*", "else the page could not say why"
    return answer.status_code, answer.json()["error"]["code"]


def count(office: Server, table: type) -> int:
    with reading(office.app.portal.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def forgiven(office: Server) -> Iterator[None]:
    """Guesses of a test are none of the next one's."""
    yield
    with writing(office.app.portal.engine) as session:
        session.execute(delete(WrongCode))


def test_a_browser_may_ask_this_address_and_no_other(office: Server, hall: Server) -> None:
    asked = {
        **ELSEWHERE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = requests.options(f"{office.url}{PATH}", headers=asked, timeout=60)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for path in ("api/session", "api/login", "api/attempts", "lop-tap-huan", "bao-cao", f"{PATH}/x"):
        for method in ("OPTIONS", "GET", "POST"):
            other = requests.request(method, f"{office.url}{path}", headers=asked, timeout=60)
            assert not [name for name in other.headers if name.startswith("Access-Control-")], path
    there = requests.post(f"{hall.url}{PATH}", json={}, headers=ELSEWHERE, timeout=60)
    assert refused(there) == (404, "not_found"), "a hall takes none"
    # A cookie opens nothing here, and nothing is set.
    assert "Set-Cookie" not in report(office, {}).headers


def test_a_file_that_is_sent_waits_for_the_trainer(
    office: Server, trainer: Reader, opened: Page, sender: Reader, code: str
) -> None:
    before = count(office, WorkshopResult)
    file = file_of(sender)
    answer = sent(office, code.lower().replace("-", " "), file)
    assert answer.status_code == 200, answer.text
    receipt = answer.json()["receipt"]
    assert (receipt["outcome"], receipt["who"]) == ("waiting", "Nguyễn Văn An, Xã Suối Lành")
    assert (receipt["attempts"], len(receipt["sha256"])) == (1, 64)
    assert "Giảng viên xem" in receipt["message"]
    # Replayed, and made anew by pressing again: one file waits, the newest.
    assert sent(office, code, file).json()["receipt"]["sha256"] == receipt["sha256"]
    newest = sent(office, code, file_of(sender)).json()["receipt"]["sha256"]
    assert sent(office, code, file).json()["receipt"]["outcome"] == "already"
    with reading(office.app.portal.engine) as session:
        assert session.scalars(select(WorkshopSending.file_sha256)).all() == [newest]
    assert count(office, WorkshopResult) == before
    page = trainer.get(opened.path)
    assert "1 tệp đang chờ" in page.text
    preview = trainer.send(page, "Xem trước các tệp gửi về")
    assert [one.get_text() for one in preview.html.select(".ix-tile-figure")] == [
        "1",
        "0",
        "0",
        "0",
        "0",
        "0",
    ]
    done = trainer.send(preview, "Xác nhận ghi")
    assert "8/10 điểm, tính điểm" in done.text
    assert count(office, WorkshopSending) == 0
    # Sent once more, it is there already, though the page made a new file.
    assert sent(office, code, file_of(sender)).json()["receipt"]["outcome"] == "already"
    assert (count(office, WorkshopResult), count(office, WorkshopSending)) == (before + 1, 0)


def test_with_the_trainers_word_a_file_that_fits_is_recorded_at_once(
    hall: Server, office: Server, trainer: Reader, opened: Page, sender: Reader, code: str
) -> None:
    page = trainer.send(trainer.get(opened.path), "Tôi có mặt và theo dõi: ghi ngay tệp khớp danh sách")
    assert "Chị trainer bảo đảm" in page.text
    before = count(office, Attempt)
    take(sender, {**RIGHT, "c3": "1"})
    receipt = sent(office, code, file_of(sender)).json()["receipt"]
    recorded = count(office, Attempt)
    assert (receipt["outcome"], recorded > before) == ("recorded", True)
    assert "bài kiểm tra được tính điểm" in receipt["message"]
    # Somebody new to the roster, and a second machine under a name that has a result, are not decided by anybody here.
    new, _page = join(hall, "Lò Thị Lạ", class_code=code)
    assert sent(office, code, file_of(new)).json()["receipt"]["outcome"] == "waiting"
    other, _page = join_apart(hall, "Nguyễn Văn An", code)
    take(other, RIGHT)
    assert sent(office, code, file_of(other)).json()["receipt"]["outcome"] == "waiting"
    # Without the code in the file itself it is nobody's evidence but the sender's word.
    stray, _page = join(hall, "Nguyễn Văn An", "Xã Đá Bạc")
    assert sent(office, code, file_of(stray)).json()["receipt"]["outcome"] == "waiting"
    assert count(office, Attempt) == recorded
    page = trainer.send(trainer.get(opened.path), "Thôi ghi ngay")
    assert "Mọi tệp gửi về đều chờ" in page.text
    unsure = trainer.send(page, "Bỏ các tệp này")
    assert (unsure.status, count(office, WorkshopSending)) == (400, 3)
    page = trainer.send(page, "Bỏ các tệp này", tick=["1"])
    assert ("Đã bỏ 3 tệp" in page.text, count(office, WorkshopSending)) == (True, 0)
    with reading(office.app.portal.engine) as session:
        actions = set(session.scalars(select(AuditEvent.action)))
    assert {"workshop.vouched", "workshop.vouching_ended", "workshop.sendings_discarded"} <= actions
    check_their_pages(office)


def check_their_pages(office: Server) -> None:
    """The workshop stands on the officer's page in the report, and on their own page of the course."""
    department = Reader(office).log_in("department")
    unit = department.get("/bao-cao").link("Xã Suối Lành")
    page = department.get(department.get(unit).link("Nguyễn Văn An"))
    line = next(row for row in page.html.select("tbody tr") if "Lớp gửi về" in row.get_text())
    assert "Hội trường. Giảng viên: Chị trainer" in line.get_text(" ")
    # And their own page of the course, once they have an account here.
    with writing(office.app.portal.engine) as session:
        person = session.scalars(select(Person).where(Person.full_name == "Nguyễn Văn An")).one()
        account = create_account(
            session,
            username="an",
            password=PASSWORD,
            display_name="An",
            person=person,
            actor=None,
            now=MORNING,
        )
        unit_row = session.scalars(select(Unit).where(Unit.name == "Xã Suối Lành")).one()
        grant_role(session, account, Role.OFFICER, unit_row, actor=None, now=MORNING)
    own = Reader(office).log_in("an").get(f"/khoa-hoc/{COURSE}")
    assert "Lớp tập huấn đã dự" in own.text
    assert "Lớp gửi về" in own.text
    assert "Có tính điểm" in line.get_text()


def join_apart(hall: Server, name: str, code: str) -> tuple[Reader, Page]:
    reader, page = join(hall, name, class_code=code)
    return reader, reader.send(page, "Vào lớp", la_ai="khac", position=f"Kế toán {code}")


@pytest.mark.usefixtures("forgiven")
def test_files_that_are_none(hall: Server, office: Server, sender: Reader, code: str) -> None:
    before = (count(office, WorkshopResult), count(office, WorkshopSending))
    good = file_of(sender)
    altered = good.replace("Nguyễn Văn An".encode(), "Nguyễn Văn Anh".encode())
    for file, why in (
        (good[:-200], "cut"),
        (altered, "altered"),
        (b"xin ch\xc3\xa0o", "not_a_result"),
        (b"PK\x03\x04" + b"x" * 100, "not_a_result"),
        (b"", "not_a_result"),
        (b'{"format": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "not_a_result"),
    ):
        assert refused(sent(office, code, file)) == (422, why)
    assert refused(sent(office, code, b"x" * (2 * 1024 * 1024 + 1))) == (422, "too_large")
    assert refused(sent(office, code, b"x" * (5 * 1024 * 1024))) == (413, "too_large")
    for body in (
        {},
        {"kind": "result", "code": code},
        {"kind": "result", "code": code, "file": 7},
        {"kind": "x", "code": code},
        {"kind": "result", "code": None, "file": ""},
        {"kind": "presence", "code": code, "key": "x", "courses": {}},
        {"kind": "presence", "code": code, "key": "0" * 64, "courses": {COURSE: {"at": "\x00"}}},
        {
            "kind": "presence",
            "code": code,
            "key": "0" * 64,
            "courses": {COURSE: {"answers": {"a/b/c": [1, 9999]}}},
        },
        {"kind": "presence", "code": code, "key": "0" * 64, "courses": {str(n): {} for n in range(21)}},
    ):
        assert refused(report(office, body)) == (400, "malformed"), body
    assert (count(office, WorkshopResult), count(office, WorkshopSending)) == before
    assert count(office, WrongCode) == 0


@pytest.mark.usefixtures("forgiven")
def test_a_wrong_code(office: Server, sender: Reader, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = dataclasses.replace(class_codes.CLASS_CODES, of_subject=4, of_address=4)
    monkeypatch.setattr(class_codes, "CLASS_CODES", few)
    file = file_of(sender)
    assert refused(sent(office, "ABC", file)) == (400, "class_code")
    assert count(office, WrongCode) == 0, "a slip of the hand is no guess"
    wrong = {shown_code(new_code()) for _ in range(8)}
    first = sent(office, wrong.pop(), file)
    assert refused(first) == (403, "class_code")
    again = [sent(office, code_, file) for code_ in [sorted(wrong)[0]] * 3]
    assert {one.status_code for one in again} == {403}
    for one in sorted(wrong)[1:]:
        last = report(office, {"kind": "presence", "code": one, "key": "0" * 64, "courses": {}})
        if last.status_code == 429:
            break
    assert count(office, WrongCode) == 6, "four codes, one of them three times"
    assert refused(last) == (429, "slow_down")
    assert 0 < last.json()["wait_seconds"] <= 600
    assert int(last.headers["Retry-After"]) == last.json()["wait_seconds"]
    # Meanwhile a right one is not looked at either.
    assert refused(sent(office, code, file)) == (429, "slow_down")
    with writing(office.app.portal.engine) as session:
        for guess in session.scalars(select(WrongCode)):
            guess.at -= timedelta(minutes=11)
    assert sent(office, code, file).status_code == 200


def test_a_class_that_is_over_or_not_yet(office: Server, sender: Reader, code: str) -> None:
    file = file_of(sender)

    def move(days: int) -> None:
        with writing(office.app.portal.engine) as session:
            workshop = session.scalars(select(Workshop).where(Workshop.code == code.replace("-", ""))).one()
            workshop.held_on += timedelta(days=days)
            workshop.held_until += timedelta(days=days)

    presence = {"kind": "presence", "code": code, "key": "1" * 64, "courses": {}}
    for days, why in ((1, "not_today"), (-8, "over"), (-3, "")):
        move(days)
        answer = sent(office, code, file)
        assert (refused(answer) == (409, why)) if why else answer.status_code == 200
        assert refused(report(office, presence)) == (409, "not_today")
        move(-days)
    assert report(office, presence).status_code == 200
    with writing(office.app.portal.engine) as session:
        session.execute(delete(WorkshopPresence))


def test_one_address_cannot_send_without_end() -> None:
    flow = Flow()
    assert [flow.wait("a", 5.0) for _ in range(REQUESTS_A_MINUTE)] == [0] * REQUESTS_A_MINUTE
    assert flow.wait("a", 30.0) > 30
    assert flow.wait("b", 30.0) == 0
    assert flow.wait("a", 65.1) == 0
    assert flow.wait("c", 0.0, 60 * 1024 * 1024) == 0
    assert flow.wait("c", 1.0, 5 * 1024 * 1024) == 60


def test_halls_of_many_sit_behind_one_address() -> None:
    flow = Flow()

    def report_of(key: int, at: float) -> int:
        wait = flow.wait("a", at)
        flow.of_participant("a", str(key), at)
        return wait

    assert {report_of(key, 15.0 * turn) for turn in range(4) for key in range(900)} == {0}
    # One that asks without end counts as anybody does.
    asked = [report_of(7000, 45.0) for _ in range(KEY_REQUESTS_A_MINUTE + REQUESTS_A_MINUTE + 1)]
    assert (asked.count(0), asked[-1] > 0) == (KEY_REQUESTS_A_MINUTE + REQUESTS_A_MINUTE, True)


@pytest.fixture(scope="module")
def container(released: Path, office: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A hall whose settings name the organiser's portal."""
    data = WorkshopFolder(copy_of(released, tmp_path_factory.mktemp("container") / "data"))
    text = data.settings_file.read_text("utf-8")
    data.settings_file.write_text(text.replace('organiser = ""', f'organiser = "{office.url}"'), "utf-8")
    served = Server(data, BASE)
    yield served
    served.stop()


def test_a_containers_pages_may_ask_this_one_address(container: Server, hall: Server, office: Server) -> None:
    inside, _page = join(container, "Lò Thị Trang")
    for path in (
        f"{BASE}mang-ket-qua-ve",
        f"{BASE}khoa-hoc/{COURSE}",
        f"{BASE}khoa-hoc/{COURSE}/bai/{LESSON}",
    ):
        page = inside.get(path)
        policy = page.answer.headers["Content-Security-Policy"]
        elsewhere = [word for word in policy.replace(";", " ").split() if word.startswith("http")]
        assert elsewhere == [f"{office.url}{PATH}"], path
        assert f"'self' {office.url}" in policy or f"data: {office.url}" in policy
    assert "workshop_report" in page.answer.text
    outside, _page = join(hall, "Lò Thị Trang")
    for path in (f"{BASE}mang-ket-qua-ve", f"{BASE}khoa-hoc/{COURSE}/bai/{LESSON}"):
        page = outside.get(path)
        assert "http" not in page.answer.headers["Content-Security-Policy"]
        assert "workshop_report" not in page.answer.text
        assert "data-ix-send" not in page.answer.text
    with pytest.raises(AssertionError, match="not_found"):
        api(outside, {})


def api(reader: Reader, body: Any) -> Any:
    root = reader.server.url
    token = reader.cookies.get(f"{root}api/session", timeout=60).json()["xsrf"]
    answer = reader.cookies.post(
        f"{root}api/workshop/standing", json=body, headers={"X-Isoxa-Xsrf": token}, timeout=60
    )
    assert answer.ok, answer.text
    return answer.json()


def test_the_room_reports_and_hears_its_pace(
    container: Server, office: Server, trainer: Reader, opened: Page, code: str
) -> None:
    people = []
    for name in ("Lò Văn Một", "Lò Văn Hai", "Lò Văn Ba"):
        reader, _page = join(container, name)
        assert api(reader, {})["report"] is None, "nothing is told before the code was typed"
        reader.send(reader.get(f"{BASE}mang-ket-qua-ve"), "Ghi mã lớp", class_code=code)
        take(reader, {**RIGHT, "c3": "99999"})
        people.append(reader)
    for reader in people:
        said = api(reader, {})
        assert said["to"] == f"{office.url}{PATH}"
        text = json.dumps(said["report"], ensure_ascii=False)
        assert not [one for one in ("Lò Văn", "Suối Lành", *CANARIES) if one in text]
        assert f"quiz/{QUIZ}" in said["report"]["courses"][COURSE]["done"]
        assert f"lesson/{LESSON}" not in said["report"]["courses"][COURSE]["done"]
        answer = report(office, said["report"])
        assert answer.json() == {"course": COURSE, "open_steps": None, "seconds": 15}
    assert count(office, WorkshopPresence) == 3
    screen = trainer.get(f"{opened.path}/man-hinh")
    figures = [one.get_text() for one in screen.html.select(".ix-screen-tiles strong")]
    assert figures[:2] == ["3", "3"]
    assert screen.one(".ix-screen-question strong").get_text() == "100 %"
    assert "Lò Văn" not in screen.text
    # The trainer leads: the page hears it in the answer, and this portal holds what is not open.
    trainer.send(screen, "Dẫn lớp từ bài đầu")
    heard = report(office, api(people[0], {})["report"]).json()
    assert heard["open_steps"] == 1
    late, _page = join(container, "Lò Thị Mới", class_code=code)
    held = api(late, {"heard": {"course": COURSE, "open_steps": heard["open_steps"]}})["held"]
    assert held > 0
    assert late.get(f"{BASE}khoa-hoc/{COURSE}").text.count("Giảng viên chưa mở") == held
    assert api(late, {"heard": {"course": COURSE, "open_steps": None}})["held"] == 0
    trainer.send(trainer.get(f"{opened.path}/man-hinh"), "Mở hết, thôi dẫn lớp")
    for wrong in (
        {"course": COURSE, "open_steps": 0},
        {"course": 1},
        [],
        {"course": COURSE, "open_steps": True},
    ):
        with pytest.raises(AssertionError, match="malformed"):
            api(late, {"heard": wrong})


def test_what_is_reported_is_bounded(office: Server, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps and questions that the course does not have are nothing; a room has an end."""
    odd = {
        "at": "quiz/khong-co",
        "done": ["lesson/khong-co", f"lesson/{LESSON}"],
        "answers": {"khong-co/a/b": [1, 1], f"{QUIZ}/c1/khong-co": [1, 1], f"{QUIZ}/c1/v1": [5, 2]},
    }
    body = {"kind": "presence", "code": code, "key": "2" * 64, "courses": {COURSE: odd, "khac": {}}}
    assert report(office, body).status_code == 200
    with reading(office.app.portal.engine) as session:
        kept = session.scalars(select(WorkshopPresence).where(WorkshopPresence.key == "2" * 64)).one()
        assert kept.standing == {
            "at": "",
            "done": [f"lesson/{LESSON}"],
            "answers": {f"{QUIZ}/c1/v1": [2, 2]},
        }
    assert refused(report(office, {**body, "x": "x" * 65_536})) == (413, "too_large")
    monkeypatch.setattr("isoxa_grading.workshops.presence.MOST_PRESENT", count(office, WorkshopPresence))
    assert refused(report(office, {**body, "key": "3" * 64})) == (409, "full")
    assert report(office, body).status_code == 200, "who is in stays in"


def test_the_form_asks_for_the_file_under_the_code_that_was_typed(container: Server, code: str) -> None:
    reader, _page = join(container, "Lò Thị Gõ")
    page = reader.get(f"{BASE}mang-ket-qua-ve")
    form = page.one("form[data-ix-send]")
    assert form.has_attr("hidden"), "a browser without scripts cannot send"

    def ask(typed: str) -> requests.Response:
        token = form.select_one("input[name=_isoxa_xsrf]")
        assert token is not None
        data = {"_isoxa_xsrf": token["value"], "class_code": typed}
        return reader.cookies.post(container.root + str(form["action"]), data=data, timeout=60)

    for typed in ("", "ABCD"):
        answer = ask(typed)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "class_code")
    file = ask(code.lower())
    assert json.loads(file.text)["proof"]
    assert json.loads(file_of(reader))["proof"] == "", "kept once the organiser's portal knows the code"
    assert (
        reader.cookies.post(
            container.root + str(form["action"]), data={"class_code": code}, timeout=60
        ).status_code
        == 403
    )


@pytest.mark.parametrize(
    "named",
    [
        "iso.example",
        "https://a b/",
        "https://a/;script-src *",
        "https://a/?x",
        "javascript:x",
        "https://a@b/",
    ],
)
def test_an_address_that_is_none_stops_the_start(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DataFolder(tmp_path).create()
    monkeypatch.setenv(ORGANISER, named)
    with pytest.raises(DataFolderError, match=ORGANISER):
        _ = WorkshopFolder(tmp_path).settings


def test_the_environment_names_the_organiser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    DataFolder(tmp_path).create()
    assert WorkshopFolder(tmp_path).settings.organiser == ""
    monkeypatch.setenv(ORGANISER, " https://iso.example:8443/a ")
    assert WorkshopFolder(tmp_path).settings.organiser == "https://iso.example:8443/a/"
    assert DataFolder(tmp_path).settings.organiser == "", "a portal that is no hall reports to nobody"
