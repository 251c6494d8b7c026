"""The desk's API and page: what a trainer is given, what is refused and in which words, and what the officer reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Role, Unit

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import NOW, Page, Reader, World
from tests.portal.pages.test_officer_pages import RIGHT, take
from tests.portal.tiny_course import COURSE, QUIZ

PILE = {"course": COURSE, "quiz": QUIZ, "slot": "c5"}
MARK = {"points": "1,5", "comment": "Được.", "rubric": ["r1"], "revision": 0, "reason": None}


@dataclass
class Api:
    """One trainer's browser."""

    reader: Reader

    def __call__(self, method: str, path: str, body: Any = None) -> requests.Response:
        root = self.reader.server.root
        token = self.reader.cookies.get(f"{root}/api/session", timeout=60).json()["xsrf"]
        sent = {} if method == "GET" else {"json": {} if body is None else body}
        return self.reader.cookies.request(
            method, f"{root}/api/desk/{path}", headers={"X-Isoxa-Xsrf": token}, timeout=60, **sent
        )

    def next(self, **more: Any) -> dict[str, Any]:
        answer = self("POST", "next", PILE | more)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(scope="module")
def results(portal: Server, world: World) -> dict[str, Page]:
    """Three officers of Lâm Đồng and one elsewhere have submitted; there is a second trainer."""
    with writing(portal.app.portal.engine) as session:
        made = create_account(
            session, username="gv.hai", password=PASSWORD, display_name="Giảng viên hai", person=None,
            actor=None, now=NOW,
        )  # fmt: skip
        unit = session.get_one(Unit, world.units["lam-dong"])
        grant_role(session, made, Role.TRAINER, unit, actor=None, now=NOW)
    return {
        name: take(Reader(portal).log_in(name), RIGHT | {"c5": f"Bài của {name} có số liệu"})
        for name in ("an", "binh", "mot", "xa")
    }


@pytest.fixture
def trainers(results: dict[str, Page], as_user: Callable[[str], Reader]) -> tuple[Api, Api, Api]:
    return Api(as_user("giang-vien")), Api(as_user("gv.hai")), Api(as_user("giang-vien.gialai"))


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


def test_a_pile_and_its_answers(trainers: tuple[Api, Api, Api]) -> None:
    first, second, elsewhere = trainers
    (pile,) = first("GET", "piles").json()["piles"]
    assert (pile["slot"], pile["number"], pile["waiting"], pile["held"]) == ("c5", 5, 3, 0)
    assert elsewhere("GET", "piles").json()["piles"][0]["waiting"] == 1
    one, two = first.next(), second.next(anonymous=True)
    assert one["answer"]["task"] != two["answer"]["task"]
    assert one["answer"]["officer"] == "Nguyễn Văn An"
    assert "ho-tro/" in one["answer"]["support_url"]
    assert two["waiting"] == 3
    told = str(two["answer"])
    assert "Trần Thị Bình" not in told
    assert "Hòn Rơm" not in told
    assert {"officer", "unit", "support_url", "submitted_at"}.isdisjoint(two["answer"])
    named = f"answers/{two['answer']['task']}"
    assert "officer" not in second("GET", f"{named}?an-danh=1").json()["answer"]
    assert second("GET", named).json()["answer"]["officer"] == "Trần Thị Bình"
    # Another trainer's claim, and what lies outside one's units.
    status, code, message = refusal(second("PUT", f"answers/{one['answer']['task']}/grade", MARK))
    assert (status, code) == (409, "held")
    assert "Giảng viên khác đang chấm" in message
    assert refusal(elsewhere("PUT", f"answers/{one['answer']['task']}/grade", MARK))[:2] == (404, "not_found")
    assert elsewhere("DELETE", f"answers/{one['answer']['task']}/claim").status_code == 404
    assert refusal(second("PUT", f"answers/{one['answer']['task']}/claim"))[1] == "held"
    for api, found in ((first, one), (second, two)):
        assert api("DELETE", f"answers/{found['answer']['task']}/claim").json() == {"released": True}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"points": "11"}, "Điểm phải từ 0 đến 2; anh/chị đã nhập 11"),
        ({"points": "abc"}, "“abc” không phải là số"),
        ({"points": ""}, "Chưa lưu"),
        ({"points": "-1"}, "Điểm phải từ 0"),
        ({"points": "1,555"}, "hai chữ số"),
        ({"rubric": ["khong-co"]}, "Thang điểm"),
        ({"comment": "x" * 4001}, "4.000 ký tự"),
    ],
)
def test_a_wrong_mark_is_refused_in_words(
    trainers: tuple[Api, Api, Api], changed: dict[str, Any], said: str
) -> None:
    task = trainers[0].next()["answer"]["task"]
    status, _code, message = refusal(trainers[0]("PUT", f"answers/{task}/grade", MARK | changed))
    assert status in (400, 409)
    assert said in message
    assert trainers[0]("GET", f"answers/{task}").json()["answer"]["revision"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        MARK | {"points": 1},
        MARK | {"revision": "0"},
        MARK | {"revision": True},
        MARK | {"revision": -1},
        MARK | {"rubric": "r1"},
        MARK | {"rubric": [1]},
        MARK | {"reason": 7},
        MARK | {"comment": None},
    ],
)
def test_a_malformed_mark_is_refused(trainers: tuple[Api, Api, Api], body: dict[str, Any]) -> None:
    task = trainers[0].next()["answer"]["task"]
    assert refusal(trainers[0]("PUT", f"answers/{task}/grade", body))[:2] == (400, "malformed")


@pytest.mark.parametrize(
    "body",
    [{}, PILE | {"after": "x"}, PILE | {"after": 1}, PILE | {"anonymous": "1"}, PILE | {"slot": "c\0"}],
)
def test_a_malformed_question_is_refused(trainers: tuple[Api, Api, Api], body: dict[str, Any]) -> None:
    assert refusal(trainers[0]("POST", "next", body))[:2] == (400, "malformed")
    assert trainers[0]("POST", "next", PILE | {"slot": "khong-co"}).json() == {"answer": None, "waiting": 0}


def test_graded_then_read_by_the_officer(
    trainers: tuple[Api, Api, Api], results: dict[str, Page], as_user: Callable[[str], Reader]
) -> None:
    first, second, _elsewhere = trainers
    officer = as_user("an")
    assert "Giảng viên đã chấm" not in officer.get("/khoa-hoc").text
    task = first.next()["answer"]["task"]
    assert first("PUT", f"answers/{task}/grade", MARK).json() == {
        "saved": True,
        "revision": 1,
        "points": 1.5,
    }
    status, code, message = refusal(second("PUT", f"answers/{task}/grade", MARK | {"points": "2"}))
    assert (status, code) == (409, "graded")
    assert "vừa được chấm 1,5 điểm" in message
    page = officer.get("/khoa-hoc")
    assert "Giảng viên đã chấm câu viết của anh/chị" in page.text
    result = officer.get(page.link("Xem điểm và nhận xét: Bài kiểm tra 1. Mở đầu"))
    assert result.path == results["an"].path
    written = result.html.select(".ix-slot")[4].get_text(" ", strip=True)
    assert "Đạt: Nêu đủ ý" in written
    assert "Được." in written
    assert "Giảng viên đã chấm" not in officer.get("/khoa-hoc").text
    again = MARK | {"points": "2", "revision": 1}
    assert "ghi lý do" in refusal(first("PUT", f"answers/{task}/grade", again))[2]
    assert first("PUT", f"answers/{task}/grade", again | {"reason": "Sót ý"}).json()["revision"] == 2


def test_the_bank(trainers: tuple[Api, Api, Api]) -> None:
    first, second, _elsewhere = trainers
    path = f"comments/{COURSE}"
    kept = first("POST", path, {"text": "Nêu rõ <b>số liệu</b>."}).json()["comment"]
    assert first("GET", path).json() == {"comments": [kept]}
    assert second("GET", path).json() == {"comments": []}
    second("DELETE", f"{path}/{kept['id']}")
    assert first("GET", path).json() == {"comments": [kept]}
    assert refusal(first("POST", path, {"text": " "}))[:2] == (409, "bank")
    assert first("DELETE", f"{path}/{kept['id']}").json() == {"deleted": True}
    assert first("GET", path).json() == {"comments": []}


def test_the_desks_page_holds_nothing_of_anybody(
    results: dict[str, Page], as_user: Callable[[str], Reader]
) -> None:
    trainer = as_user("giang-vien")
    listed = trainer.get("/cham-bai")
    page = trainer.get(listed.link("Mở bàn chấm"))
    assert page.status == 200
    assert "Alt + S" in page.text
    for name in ("Nguyễn Văn An", "Trần Thị Bình", "Bài của"):
        assert name not in page.answer.text
    assert trainer.get(f"/cham-bai/ban/{COURSE}/{QUIZ}/khong-co").status == 404
    assert as_user("an").get(f"/cham-bai/ban/{COURSE}/{QUIZ}/c5").status == 403


def test_more_time_needs_a_day_and_a_reason(
    results: dict[str, Page], as_user: Callable[[str], Reader]
) -> None:
    trainer = as_user("giang-vien")
    attempt = results["binh"].path.rsplit("/", 1)[1]
    page = trainer.get(f"/cham-bai/ho-tro/{attempt}")
    assert "Trần Thị Bình" in page.text
    for values, said in (
        ({"due_on": "31-12", "due_reason": "Bão"}, "Ngày viết như"),
        ({"due_on": "31/12/2099", "due_reason": ""}, "Chưa có lý do"),
        ({"due_on": "2020-01-01", "due_reason": "Bão"}, "đã qua"),
    ):
        refused = trainer.send(page, "Gia hạn", **values)
        assert refused.status == 400
        assert said in refused.one(".ix-errors").get_text()
    done = trainer.send(page, "Gia hạn", due_on="31/12/2099", due_reason="Bão lũ")
    assert "Đã gia hạn" in done.text
    assert "31/12/2099" in done.text
    left = trainer.send(page, "Cho làm thêm", more_reason="Mất điện")
    assert left.status == 400
    assert "lần làm bài chưa dùng" in left.text or "đã đạt" in left.text


def test_an_attempt_given_back_and_handed_in_again(
    trainers: tuple[Api, Api, Api], results: dict[str, Page], as_user: Callable[[str], Reader]
) -> None:
    trainer, officer = as_user("giang-vien"), as_user("mot")
    attempt = results["mot"].path.rsplit("/", 1)[1]
    assert "Không tìm thấy bài làm nào" in trainer.get("/cham-bai/ho-tro?tim=khong ai").text
    trainer.get(trainer.get("/cham-bai").link("Hỗ trợ học viên: gia hạn, mở lại bài, cho làm thêm"))
    listed = trainer.get("/cham-bai/ho-tro?tim=MOT lê")
    page = trainer.get(listed.link("Lê Một, Bài kiểm tra 1. Mở đầu"))
    assert page.path.endswith(attempt)
    assert "không mất thêm lần làm" in page.text
    held = trainers[0].next()["answer"]
    for values, said in (
        ({"reopen_reason": ""}, "Chưa có lý do"),
        ({"reopen_reason": "Bão", "reopen_day": "31-12"}, "Ngày viết như"),
        ({"reopen_reason": "Bão", "reopen_day": "31/12/2099"}, "Hạn nộp lại phải từ hôm nay"),
        ({"reopen_reason": "Bão", "vong": "hai"}, "nộp lại sau khi"),
    ):
        refused = trainer.send(page, "Mở lại bài", **values)
        assert refused.status == 400
        assert said in refused.one(".ix-errors").get_text()
    for _twice in range(2):
        done = trainer.send(page, "Mở lại bài", reopen_reason="Mất điện <b>", reopen_day="")
        assert "Đã mở lại bài" in done.text
    assert "Lý do: Mất điện <b>." in done.text
    assert "học viên đang làm" in done.text
    # Too late for who was about to mark it, at the desk and on the plain page.
    if held["officer"] == "Lê Một":
        assert refusal(trainers[0]("PUT", f"answers/{held['task']}/grade", MARK))[:2] == (404, "not_found")

    for address in ("/khoa-hoc", f"/khoa-hoc/{COURSE}"):
        told = officer.get(address).one(".ix-notice").get_text(" ", strip=True)
        assert "Giảng viên mở lại bài của anh/chị" in told
        assert "Lý do: Mất điện <b>." in told
    assert "mở lại bài của anh/chị" not in as_user("an").get("/khoa-hoc").text
    # The old address of the result leads to where it is gone on with.
    assert officer.get(results["mot"].path).path.endswith(f"/kiem-tra/{QUIZ}")
    root = f"{officer.server.root}/api/attempts/{attempt}"
    view = officer.cookies.get(root, timeout=60).json()
    assert (view["status"], view["round"]) == ("open", 2)
    assert view["reopened"]["reason"] == "Mất điện <b>"
    token = officer.cookies.get(f"{officer.server.root}/api/session", timeout=60).json()["xsrf"]

    def hand_in(body: Any) -> requests.Response:
        headers = {"X-Isoxa-Xsrf": token}
        return officer.cookies.post(f"{root}/submit", json=body, headers=headers, timeout=60)

    for body in ({"round": "2"}, {"round": True}, {"round": [2]}):
        assert refusal(hand_in(body))[:2] == (400, "malformed")
    late = hand_in({"round": 1}).json()
    assert (late["status"], late["result_url"]) == ("open", None)
    done_again = hand_in({"round": 2}).json()
    assert done_again["status"] == "submitted"
    assert done_again["result"]["attempts_used"] == 1
    assert "của lần nộp sau khi mở lại" in officer.get(results["mot"].path).text
    assert "mở lại bài của anh/chị" not in officer.get("/khoa-hoc").text
    # A page that was opened before it came back marks nothing.
    stale = trainer.get(f"/cham-bai/{attempt}/c5")
    sent = trainer.send(stale, "Lưu điểm", points="1", comment="Được", vong="1")
    assert sent.status == 400
    assert "nộp lại bài này sau khi" in sent.text
    saved = trainer.send(stale, "Lưu điểm", points="1", comment="Được")
    assert "Đã lưu điểm" in saved.text or saved.path == "/cham-bai"
