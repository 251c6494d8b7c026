"""``POST /api/attempts/A/submit`` as the quiz page sends it: in brief, and by a whole class in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import requests
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import Membership, OutboxItem, Person, Role, SlotScore, Unit
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import func, select

from tests.portal.conftest import NOW, PASSWORD, Browser, Server
from tests.portal.tiny_course import CANARIES, COURSE, QUIZ

CLASS = 6


@pytest.fixture(scope="module")
def pupils(server: Server) -> list[Browser]:
    """Officers of their own for this module, signed in: attempts are few."""
    with writing(server.app.engine) as session:
        edition = latest_edition(session, COURSE)
        assert edition is not None
        commune = session.scalars(select(Unit).where(Unit.kind == UnitKind.COMMUNE)).first()
        assert commune is not None
        for number in range(CLASS):
            name = f"cung-nop-{number}"
            person = Person(full_name=f"Lò Thị Nộp {number}", sort_key=name, made_up=True, created_at=NOW)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=commune.id, valid_from=date(2025, 7, 1)))
            enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
            account = create_account(
                session, username=name, password=PASSWORD, display_name=name, person=person, actor=None, now=NOW
            )  # fmt: skip
            grant_role(session, account, Role.OFFICER, commune, actor=None, now=NOW)
    return [Browser(server).log_in(f"cung-nop-{number}") for number in range(CLASS)]


def begun(browser: Browser) -> dict[str, Any]:
    """An attempt with the first question answered."""
    asked = browser.change("POST", "api/attempts", {"course": COURSE, "quiz": QUIZ}).json()
    first = asked["slots"][0]
    body = {"answer": first["choices"][0]["id"], "seq": 1, "key": f"k-{asked['id'][:8]}"}
    assert browser.change("PUT", f"api/attempts/{asked['id']}/slots/{first['slot']}", body).status_code == 200
    found: dict[str, Any] = asked
    return found


def submit(browser: Browser, attempt: str, body: Any) -> requests.Response:
    return browser.change("POST", f"api/attempts/{attempt}/submit", body)


def test_in_brief_a_receipt_and_nothing_more(pupils: list[Browser]) -> None:
    officer = pupils[0]
    attempt = begun(officer)["id"]
    answer = submit(officer, attempt, {"round": 1, "brief": True})
    assert answer.status_code == 200
    receipt = answer.json()
    assert sorted(receipt) == sorted(
        ["id", "course", "quiz", "status", "submitted_at", "round", "result_url"]
    )
    assert (receipt["id"], receipt["course"], receipt["quiz"]) == (attempt, COURSE, QUIZ)
    assert receipt["status"] in ("submitted", "graded")
    assert receipt["result_url"] == f"/khoa-hoc/{COURSE}/ket-qua/{attempt}"
    assert not any(canary in answer.text for canary in CANARIES)
    assert officer.get(receipt["result_url"]).status_code == 200
    # Pressed again, or the answer was lost: the same receipt, and nothing is scored again.
    assert submit(officer, attempt, {"round": 1, "brief": True}).json() == receipt
    # Who does not ask for it in brief sees it whole, and the same in what both say.
    whole = submit(officer, attempt, {"round": 1}).json()
    assert whole["slots"]
    assert {name: whole[name] for name in receipt} == receipt
    # Only the word itself is a wish: anything else is shown whole, as to a page that knows no receipts.
    for brief in ("true", 1, None, [True]):
        assert "slots" in submit(officer, attempt, {"round": 1, "brief": brief}).json()


def test_a_round_that_is_not_the_present_one_is_told_whole_and_hands_nothing_in(
    pupils: list[Browser],
) -> None:
    officer = pupils[1]
    attempt = begun(officer)["id"]
    told = submit(officer, attempt, {"round": 2, "brief": True}).json()
    assert (told["status"], told["result_url"], told["round"]) == ("open", None, 1)
    assert told["slots"]
    assert submit(officer, attempt, {"round": "1", "brief": True}).status_code == 400
    assert officer.get(f"api/attempts/{attempt}").json()["status"] == "open"


def test_a_stranger_and_a_visitor_get_no_receipt(
    pupils: list[Browser], visitor: Browser, as_role: Callable[[str], Browser]
) -> None:
    attempt = begun(pupils[2])["id"]
    body = {"round": 1, "brief": True}
    assert submit(as_role("officer2"), attempt, body).status_code == 404
    assert submit(as_role("trainer"), attempt, body).status_code == 403
    visitor.look()
    assert submit(visitor, attempt, body).status_code == 401
    assert pupils[2].get(f"api/attempts/{attempt}").json()["status"] == "open"


def test_a_class_presses_in_the_same_moment(pupils: list[Browser], server: Server) -> None:
    crowd = pupils[3:]
    attempts = [begun(one)["id"] for one in crowd]
    # Each presses twice, as an impatient hand does; each press on a connection of its own.
    presses = [(one, attempt) for one, attempt in zip(crowd, attempts, strict=True) for _twice in range(2)]
    gate = threading.Barrier(len(presses))

    def press(browser: Browser, attempt: str) -> requests.Response:
        gate.wait()
        headers = {"X-Isoxa-Xsrf": browser.xsrf, "Cookie": "; ".join(f"{c.name}={c.value}" for c in browser.cookies.cookies)}  # fmt: skip  # noqa: E501
        url = f"{server.url}api/attempts/{attempt}/submit"
        return requests.post(url, json={"round": 1, "brief": True}, headers=headers, timeout=60)

    with ThreadPoolExecutor(len(presses)) as pool:
        answers = list(pool.map(press, *zip(*presses, strict=True)))
    assert [answer.status_code for answer in answers] == [200] * len(presses)
    assert [answer.json()["id"] for answer in answers] == [attempt for _browser, attempt in presses]
    for first, second in zip(answers[::2], answers[1::2], strict=True):
        assert first.json() == second.json()
    with reading(server.app.engine) as session:
        for attempt in attempts:
            owed = select(func.count()).where(OutboxItem.attempt_id == attempt)
            assert session.scalar(owed) == 1
            revisions = select(SlotScore.revision).where(SlotScore.attempt_id == attempt)
            assert set(session.scalars(revisions)) == {1}


def test_who_logs_out_hands_nothing_in(pupils: list[Browser]) -> None:
    officer = pupils[2]
    attempt = begun(officer)["id"]
    cookies = requests.cookies.cookiejar_from_dict(officer.cookies.cookies.get_dict())
    assert officer.change("POST", "api/logout").status_code in (200, 204)
    # The cookie of before, as a second tab or a copied one still has it.
    officer.cookies.cookies = cookies
    assert submit(officer, attempt, {"round": 1, "brief": True}).status_code == 401
