"""What is kept about a person, corrected, and erased: the training record stays, whoever it was does not."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from isoxa_grading.completion import state_at
from isoxa_grading.records.accounts import create_account
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.erasing import (
    ERASED_TEXT,
    answer_request,
    ask,
    correct_person,
    erase_person,
    pseudonym,
)
from isoxa_grading.records.personal_data import kept_about
from isoxa_grading.records.signin import recognise, start_session
from isoxa_grading.records.tables import (
    Account,
    Answer,
    Attempt,
    AuditEvent,
    DataRequest,
    DataRequestKind,
    LessonWork,
    Membership,
    OutboxItem,
    Person,
    SignInSession,
    SlotScore,
    TrainingFact,
)
from sqlalchemy import select

NAME, PHONE, MAIL, CODE = "Kiều Thị Ngọc", "0912345678", "ngoc@x.vn", "CB77"
TYPED = "Phân công người dự phòng cho bộ phận một cửa."


@pytest.fixture
def learner(school):
    """A person with every kind of trace, and their account."""
    person_id = school.officer(NAME)
    with writing(school.engine) as session:
        person = session.get_one(Person, person_id)
        person.phone, person.email, person.staff_code = PHONE, MAIL, CODE
        person.birth_date = date(1985, 4, 3)
        session.scalars(
            select(Membership).where(Membership.person_id == person_id)
        ).one().position = "Tư pháp"
        account = create_account(
            session, username="kieuthingoc", password="ruộng bậc thang", display_name=NAME, person=person,
            actor=None, now=school.now,
        )  # fmt: skip
        start_session(session, account, school.now, "Cốc Cốc", "10.1.2.3")
        ask(
            session,
            person,
            DataRequestKind.CORRECT,
            f"Số mới {PHONE}",
            actor=account,
            unit_id=None,
            now=school.now,
        )
    school.do_lesson(person_id)
    view = school.start(person_id, "01-mo-dau")
    school.answer(view, person_id, right=[slot.slot for slot in view.slots])
    school.submit(view.id, person_id)
    written = next(slot.slot for slot in view.slots if slot.shown["type"] == "written")
    school.service.grade_slot(
        view.id, written, Decimal(4), f"Chị {NAME} viết tốt", school.trainer_account, school.now
    )
    return person_id, account.id


def everything(session) -> str:
    """Every value of every table a person's trace can be in, but the log."""
    found = []
    for table in (Person, Account, Membership, SignInSession, Answer, SlotScore, LessonWork, DataRequest):
        found += [str(row.__dict__) for row in session.scalars(select(table))]
    return "\n".join(found)


def test_what_is_kept_is_shown(school, learner) -> None:
    _person_id, account_id = learner
    with reading(school.engine) as session:
        found = kept_about(session, school.library, session.get_one(Account, account_id))
    text = json.dumps(found, ensure_ascii=False)  # plain values only
    for value in (NAME, PHONE, MAIL, CODE, "1985-04-03", "Tư pháp", "10.1.2.3", "Cốc Cốc", TYPED, "Xã Thử"):
        assert value in text
    assert found["enrolments"][0]["attempts"][0]["points"] == "9"
    assert "argon2" not in text
    assert [one["action"] for one in found["log"]].count("account.created") == 1


def test_nothing_in_it_tells_a_key(school, learner) -> None:
    """Choices are said in the words the officer saw; the bank's own ids are not in it."""
    _person_id, account_id = learner
    with reading(school.engine) as session:
        found = kept_about(session, school.library, session.get_one(Account, account_id))
    answers = [one["answer"] for one in found["enrolments"][0]["attempts"][0]["answers"]]
    assert all(isinstance(one, str) and len(one) > 2 for one in answers)
    assert "correct" not in json.dumps(found["enrolments"][0]["attempts"])


def test_correcting(school, learner) -> None:
    person_id, account_id = learner
    with writing(school.engine) as session:
        person, account = session.get_one(Person, person_id), session.get_one(Account, account_id)
        version = account.version
        changed = correct_person(
            session, person, account, {"full_name": "Kiều Thị Bích Ngọc", "phone": None, "email": MAIL},
            actor=None, unit_id=school.commune.id, now=school.now,
        )  # fmt: skip
        assert changed == ["full_name", "phone"]
        assert account.display_name == "Kiều Thị Bích Ngọc"
        assert account.version > version
        assert correct_person(
            session, person, account, {"email": MAIL}, actor=None, unit_id=None, now=school.now
        ) == []  # fmt: skip
    with reading(school.engine) as session:
        [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.corrected"))
        assert event.detail == {"fields": ["full_name", "phone"]}


def test_erasing_keeps_the_record_and_nothing_of_the_person(school, learner) -> None:
    person_id, account_id = learner
    with reading(school.engine) as session:
        facts = session.scalars(select(TrainingFact).order_by(TrainingFact.id)).all()
        before = [(one.kind, one.subject, one.on) for one in facts]
        points = session.scalars(select(Attempt.points)).all()
        outbox = len(session.scalars(select(OutboxItem.id)).all())
        state = state_at(facts, date(2026, 12, 1))
    for _ in range(2):
        with writing(school.engine) as session:
            erase_person(
                session, school.library, session.get_one(Person, person_id), actor=None, now=school.now
            )
    with reading(school.engine) as session:
        left = everything(session)
        for value in (
            NAME,
            "Ngọc",
            PHONE,
            MAIL,
            CODE,
            "kieuthingoc",
            "10.1.2.3",
            "Cốc Cốc",
            TYPED,
            "Tư pháp",
        ):
            assert value not in left
        assert "1985" not in left
        assert ERASED_TEXT in left
        assert pseudonym(person_id) in left
        facts = session.scalars(select(TrainingFact).order_by(TrainingFact.id)).all()
        assert [(one.kind, one.subject, one.on) for one in facts] == before
        assert state_at(facts, date(2026, 12, 1)) == state
        assert session.scalars(select(Attempt.points)).all() == points
        # nbgrader's copy is written anew, with the pseudonym.
        assert len(session.scalars(select(OutboxItem.id)).all()) == outbox + 1
        [membership] = session.scalars(select(Membership))
        assert membership.valid_to is not None
        assert membership.unit_id == school.commune.id
        assert session.get_one(Account, account_id).disabled_at is not None
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.erased")).all()
        assert [event.detail for event in events] == [{}]
        # The log never held a value of theirs.
        log = str([event.detail for event in session.scalars(select(AuditEvent))])
        for value in (NAME, PHONE, MAIL, CODE, "kieuthingoc"):
            assert value not in log


def test_an_erased_attempt_can_still_be_looked_at(school, learner) -> None:
    person_id, _account_id = learner
    with writing(school.engine) as session:
        erase_person(session, school.library, session.get_one(Person, person_id), actor=None, now=school.now)
        attempt_id = session.scalars(select(Attempt.id)).one()
    view = school.view(attempt_id, person_id)
    assert ERASED_TEXT in [slot.answer for slot in view.slots]


def test_erasing_signs_out(school) -> None:
    person_id = school.officer()
    with writing(school.engine) as session:
        person = session.get_one(Person, person_id)
        account = create_account(
            session,
            username="an",
            password=None,
            display_name="An",
            person=person,
            actor=None,
            now=school.now,
        )
        token = start_session(session, account, school.now, "", "")
    with writing(school.engine) as session:
        erase_person(session, school.library, session.get_one(Person, person_id), actor=None, now=school.now)
    assert recognise(school.engine, token, school.now) is None


def test_a_request_and_its_answer(school, learner) -> None:
    person_id, account_id = learner
    with writing(school.engine) as session:
        person, account = session.get_one(Person, person_id), session.get_one(Account, account_id)
        request = ask(
            session,
            person,
            DataRequestKind.CORRECT,
            "Sai\0 ngày sinh",
            actor=account,
            unit_id=None,
            now=school.now,
        )
        assert len(session.scalars(select(DataRequest)).all()) == 1  # the open one, written anew
        assert request.text == "Sai ngày sinh"
        answer_request(session, request, done=True, answer="Đã sửa", actor=None, unit_id=None, now=school.now)
        ask(session, person, DataRequestKind.CORRECT, "Lại sai", actor=account, unit_id=None, now=school.now)
        assert len(session.scalars(select(DataRequest)).all()) == 2
    with reading(school.engine) as session:
        log = [
            event for event in session.scalars(select(AuditEvent)) if event.action.startswith("data_request")
        ]
        assert [event.action for event in log][-2:] == ["data_request.answered", "data_request.made"]
        assert "ngày sinh" not in str([event.detail for event in log])
