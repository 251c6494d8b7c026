"""From a hall to the office: what is recorded, for whom, and what is refused."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from isoxa_grading.completion import State, state_at
from isoxa_grading.records.accounts import create_account
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.erasing import erase_person
from isoxa_grading.records.personal_data import kept_about
from isoxa_grading.records.tables import (
    Attempt,
    AttemptStatus,
    Enrolment,
    LessonWork,
    Person,
    SlotScore,
    TrainingFact,
    WorkshopResult,
)
from isoxa_grading.workshops import NEW_PERSON, Fate, Reason, WorkshopRefused
from isoxa_grading.workshops.codes import proof_of
from isoxa_grading.workshops.result_file import _canonical
from sqlalchemy import func, select

from tests.grading.workshops.conftest import DAY, EVENING, MORNING, RIGHT, Hall, Office
from tests.portal.tiny_course import CANARIES, LESSON

Forge = Callable[[bytes, Callable[[dict[str, Any]], None]], bytes]


def rows(office: Office, table: Any) -> list[Any]:
    with reading(office.engine) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def counts(office: Office) -> dict[str, int]:
    tables = (Person, Enrolment, Attempt, LessonWork, SlotScore, TrainingFact, WorkshopResult)
    with reading(office.engine) as session:
        return {one.__name__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def test_with_the_code_a_quiz_becomes_an_attempt_scored_here(hall: Hall, office: Office) -> None:
    workshop = office.open()
    person = office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.do_lesson(account)
    there = hall.take(account, RIGHT)
    [line] = office.preview(workshop, hall.file(account))
    assert (line.fate, line.coded, line.message) == (Fate.READY, True, "")
    [recorded] = office.bring_in(workshop, hall.file(account))
    assert (recorded.person_id, recorded.counted, recorded.new_person) == (person, 1, False)
    [attempt] = rows(office, Attempt)
    assert attempt.status is AttemptStatus.GRADED
    assert (attempt.points, attempt.passed) == (Decimal(8), True)
    assert there.result is not None
    assert attempt.points == there.result.points
    assert attempt.id != there.id
    with reading(office.engine) as session:
        [enrolment] = session.scalars(select(Enrolment))
        facts = session.scalars(select(TrainingFact).where(TrainingFact.enrolment_id == enrolment.id)).all()
        # The lesson's work came with the file, so the course is complete.
        assert state_at(facts, DAY) is State.COMPLETED


def test_without_the_code_it_is_evidence_and_never_a_pass(hall: Hall, office: Office) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An")
    hall.do_lesson(account)
    hall.take(account, RIGHT)
    [line] = office.preview(workshop, hall.file(account))
    assert "Không có mã lớp" in line.message
    office.bring_in(workshop, hall.file(account))
    assert rows(office, Attempt) == []
    [result] = rows(office, WorkshopResult)
    [quiz] = result.figures["attempts"]
    assert (quiz["points"], quiz["counted"], quiz["why"]) == ("8.00", False, "no_code")
    with reading(office.engine) as session:
        facts = session.scalars(select(TrainingFact)).all()
        assert state_at(facts, DAY) is State.IN_PROGRESS


@pytest.mark.parametrize("count", [True, False])
def test_twice_changes_nothing(hall: Hall, office: Office, count: bool) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.do_lesson(account)
    hall.take(account, {"c1": RIGHT["c1"]})
    file = hall.file(account)
    office.bring_in(workshop, file, count=count)
    before = counts(office)
    assert [line.fate for line in office.preview(workshop, file)] == [Fate.ALREADY]
    assert office.bring_in(workshop, file, count=count) == []
    assert counts(office) == before


def test_a_newer_file_of_the_same_person_adds_what_is_new(hall: Hall, office: Office) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.take(account, {"c1": RIGHT["c1"]})
    first = hall.file(account)
    office.bring_in(workshop, first)
    hall.take(account, RIGHT, MORNING + timedelta(hours=2))
    second = hall.file(account, MORNING + timedelta(hours=4))
    both = office.preview(workshop, second, first)
    assert [line.fate for line in both] == [Fate.READY, Fate.ALREADY]
    office.bring_in(workshop, second, first)
    assert sorted(one.points or 0 for one in rows(office, Attempt)) == [Decimal(2), Decimal(8)]
    # The older one, brought in again afterwards, is known to be old.
    assert office.preview(workshop, first)[0].fate is Fate.ALREADY


def test_a_score_in_the_file_counts_for_nothing(hall: Hall, office: Office, forge: Forge) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.take(account, {"c1": RIGHT["c1"]})

    def praise(content: dict[str, Any]) -> None:
        content["attempts"][0]["points"] = "10.00"

    forged = forge(hall.file(account), praise)
    [line] = office.preview(workshop, forged)
    assert line.checked is not None
    assert line.checked.attempts[0].points == Decimal(2)
    # Who does not know the code cannot prove it of another content.
    assert line.coded is False


def other_variant(content: dict[str, Any]) -> None:
    content["attempts"][0]["variants"]["c1"] = "v2"


def other_seed(content: dict[str, Any]) -> None:
    content["attempts"][0]["seed"] = "0" * 64


def other_answer(content: dict[str, Any]) -> None:
    content["attempts"][0]["answers"]["c1"] = CANARIES[2]


def other_question(content: dict[str, Any]) -> None:
    content["attempts"][0]["answers"]["c99"] = "x"


def other_quiz(content: dict[str, Any]) -> None:
    content["attempts"][0]["quiz"] = "99-khong-co"


def other_version(content: dict[str, Any]) -> None:
    content["attempts"][0]["version"] = 2


def twice(content: dict[str, Any]) -> None:
    content["attempts"] *= 2


def before_it_began(content: dict[str, Any]) -> None:
    content["attempts"][0]["submitted_at"] = "2026-11-20T02:00:00Z"


def unknown_item(content: dict[str, Any]) -> None:
    content["lessons"] = [{"lesson": LESSON, "item": "x", "state": {}, "saved_at": content["made_at"]}]


def after_it_was_made(content: dict[str, Any]) -> None:
    content["attempts"][0] |= {"submitted_at": "2026-11-28T02:00:00Z"}


@pytest.mark.parametrize(
    "change",
    [
        other_variant,
        other_seed,
        other_answer,
        other_question,
        other_quiz,
        other_version,
        twice,
        before_it_began,
        unknown_item,
        after_it_was_made,
    ],
)
def test_a_file_that_does_not_fit_itself_is_refused(
    hall: Hall, office: Office, forge: Forge, change: Callable[[dict[str, Any]], None]
) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An")
    hall.take(account, RIGHT)
    before = counts(office)
    [line] = office.preview(workshop, forge(hall.file(account), change))
    assert (line.fate, line.reason) == (Fate.REFUSED, Reason.DOES_NOT_FIT)
    assert "Chưa có gì được ghi" in line.message
    assert office.bring_in(workshop, forge(hall.file(account), change)) == []
    assert counts(office) == before


def test_another_edition_another_content_another_course_and_next_year(
    hall: Hall, office: Office, forge: Forge
) -> None:
    workshop = office.open()
    file = hall.file(hall.join("Nguyễn Văn An"))

    def reason(key: str, value: str) -> Reason | None:
        [line] = office.preview(workshop, forge(file, lambda content: content["course"].update({key: value})))
        return line.reason

    assert reason("edition", "2027.1") is Reason.OTHER_EDITION
    assert reason("content_sha256", "0" * 64) is Reason.OTHER_EDITION
    assert reason("id", "khoa-khac") is Reason.OTHER_EDITION
    [late] = office.preview(workshop, forge(file, lambda c: c.update(made_at="2027-11-21T05:00:00Z")))
    assert (late.reason, "21/11/2027" in late.message) == (Reason.FUTURE, True)


def test_a_code_of_another_workshop_or_of_another_day(hall: Hall, office: Office) -> None:
    today, tomorrow = office.open(), office.open(DAY + timedelta(days=1))
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=tomorrow.code)
    hall.take(account, RIGHT)
    [line] = office.preview(today, hall.file(account))
    assert (line.coded, "không phải của lớp này" in line.message) == (False, True)
    office.bring_in(today, hall.file(account))
    [line] = office.preview(tomorrow, hall.file(account))
    assert (line.coded, "ngoài ngày tổ chức" in line.message) == (True, True)
    office.bring_in(tomorrow, hall.file(account))
    assert rows(office, Attempt) == []
    assert [one.figures["attempts"][0]["why"] for one in rows(office, WorkshopResult)] == [
        "no_code",
        "other_day",
    ]


def test_who_it_is(hall: Hall, office: Office) -> None:
    workshop = office.open()
    one, other = office.add("Lê Thị Hoa", position="Văn thư"), office.add("Lê Thị Hoa", position="Tư pháp")
    coded = office.add("Trần Văn Bình", "Xã Đá Bạc", staff_code="LD-77")
    office.add("Phạm Thị Lan")

    def found(*arguments: str, **more: str) -> tuple[Fate, list[int]]:
        [line] = office.preview(workshop, hall.file(hall.join(*arguments, apart=True, **more)))
        return line.fate, [candidate.person_id for candidate in line.candidates]

    assert found("Lê Thị Hoa", position="Kế toán") == (Fate.DOUBTFUL, [one, other])
    assert found("lê thị hoa", position="tư pháp") == (Fate.READY, [other])
    # Who moved since the roster was written is found by code.
    assert found("Trần Văn Bình", staff_code="ld-77") == (Fate.READY, [coded])
    assert found("Người Khác", staff_code="LD-77") == (Fate.DOUBTFUL, [coded])
    assert found("Pham Thi Lan")[0] is Fate.DOUBTFUL
    assert found("Đinh Văn Mới") == (Fate.NEW, [])


def test_new_people_and_decisions(hall: Hall, office: Office) -> None:
    workshop = office.open()
    one, other = office.add("Lê Thị Hoa", position="Văn thư"), office.add("Lê Thị Hoa", position="Tư pháp")
    new = hall.file(hall.join("Đinh Văn Mới", quality_role="one_stop", position="Công chức"))
    doubtful = hall.file(hall.join("Lê Thị Hoa"))
    recorded = office.bring_in(workshop, new, doubtful)
    assert [line.new_person for line in recorded] == [True]
    sha = office.preview(workshop, doubtful)[0].sha256
    with pytest.raises(WorkshopRefused):
        office.bring_in(workshop, doubtful, choices={sha: "nguoi:99999"})
    [line] = office.bring_in(workshop, doubtful, choices={sha: f"nguoi:{other}"})
    assert line.person_id == other != one
    # Nobody is made twice: the second file of a new person is theirs.
    assert [line.fate for line in office.preview(workshop, new)] == [Fate.ALREADY]


def test_two_machines_with_one_name(hall: Hall, office: Office) -> None:
    """Somebody who typed another's name, or worked twice: a person decides."""
    workshop = office.open()
    office.add("Nguyễn Văn An")
    first, second = hall.join("Nguyễn Văn An"), hall.join("Nguyễn Văn An", apart=True, position="Khác")
    files = hall.file(first), hall.file(second, MORNING + timedelta(hours=4))
    lines = office.preview(workshop, *files)
    assert [line.fate for line in lines] == [Fate.DOUBLE, Fate.READY]
    assert "Xin hỏi lại" in lines[0].message
    with pytest.raises(WorkshopRefused):
        office.bring_in(workshop, *files, choices={lines[0].sha256: lines[1].choice})
    assert len(office.bring_in(workshop, *files, choices={lines[0].sha256: NEW_PERSON})) == 2


def test_a_portion_that_cannot_be_recorded_leaves_the_earlier_ones(
    hall: Hall, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("isoxa_grading.workshops.importing.PORTION", 1)
    workshop = office.open()
    names = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường")
    people = [office.add(name) for name in names]
    files = [
        hall.file(hall.join(name, class_code=workshop.code), MORNING + timedelta(hours=number))
        for number, name in enumerate(names)
    ]
    lines = office.preview(workshop, *files)
    with writing(office.engine) as session:
        gone = session.get_one(Person, people[1])
        erase_person(session, office.library, gone, actor=None, now=EVENING)
    with pytest.raises(WorkshopRefused, match="Đã ghi 1 tệp"):
        office.record(workshop, lines)
    again = office.preview(workshop, *files)
    assert [one.fate for one in again] == [Fate.ALREADY, Fate.NEW, Fate.READY]
    # The first look's lines still: who is recorded meanwhile is passed over, and the refused one is left out.
    done = office.record(workshop, lines, {lines[1].sha256: ""})
    assert [one.person_id for one in done] == [people[2]]
    assert counts(office)["WorkshopResult"] == 2


def test_scope(hall: Hall, office: Office) -> None:
    workshop = office.open()
    files = hall.file(hall.join("Nguyễn Văn An")), hall.file(hall.join("Rơ Châm Xa", "Xã Ia Kha"))
    office.add("Rơ Châm Xa", "Xã Ia Kha")
    here, elsewhere = office.preview(workshop, *files, scope="Lâm Đồng")
    assert here.fate is Fate.NEW
    assert (elsewhere.fate, elsewhere.reason, elsewhere.candidates) == (
        Fate.REFUSED,
        Reason.OUT_OF_SCOPE,
        (),
    )


def test_ones_own_work_here_stays(hall: Hall, office: Office) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An")
    hall.do_lesson(account)
    office.bring_in(workshop, hall.file(account))
    with writing(office.engine) as session:
        [work] = session.scalars(select(LessonWork))
        work.state, work.sequence, work.write_key = {"answer": "của tôi"}, 7, "own"
    later = hall.file(account, MORNING + timedelta(hours=5))
    [recorded] = office.bring_in(workshop, later)
    assert (recorded.figures["lessons_added"], recorded.figures["lessons_kept"]) == (0, 1)
    assert rows(office, LessonWork)[0].state == {"answer": "của tôi"}


def test_attempts_beyond_what_everybody_has_are_evidence(hall: Hall, office: Office) -> None:
    workshop = office.open()
    person = office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    for _ in range(3):
        hall.take(account, {})
    office.bring_in(workshop, hall.file(account))
    assert sorted(one.number for one in rows(office, Attempt)) == [1, 2, 3]
    again = hall.join("Nguyễn Văn An", apart=True, position="x", class_code=workshop.code)
    hall.take(again, RIGHT)
    file = hall.file(again, MORNING + timedelta(hours=5))
    [recorded] = office.bring_in(workshop, file)
    assert recorded.person_id == person
    assert recorded.figures["attempts"][0]["why"] == "none_left"
    assert len(rows(office, Attempt)) == 3


def test_a_written_answer_waits_for_a_trainer(hall: Hall, office: Office) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.take(account, {**RIGHT, "c5": "Bài viết của tôi."})
    [recorded] = office.bring_in(workshop, hall.file(account))
    assert recorded.figures["attempts"][0]["waiting"] == ["c5"]
    assert rows(office, Attempt)[0].status is AttemptStatus.SUBMITTED


def test_an_open_attempt_stays_in_the_hall_and_nothing_tells_a_key(hall: Hall) -> None:
    account = hall.join("Nguyễn Văn An")
    hall.take(account, {"c1": RIGHT["c1"]})
    person = hall.person(account)
    started = hall.attempts.start(person, "khoa-thu", "01-mo-dau", MORNING + timedelta(hours=1))
    file = hall.file(account).decode()
    assert started.id not in file
    assert len(json.loads(file)["content"]["attempts"]) == 1
    assert not [one for one in CANARIES if one in file]


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_many_files_in_one_zip_and_a_bomb(hall: Hall, office: Office) -> None:
    workshop = office.open()
    files = {f"{number}": hall.file(hall.join(f"Người Số {number}")) for number in range(3)}
    lines = office.preview(workshop, zipped(**files, rac=b"\xff\xd8\xff\xe0anh"))
    assert [line.fate for line in lines] == [Fate.NEW, Fate.NEW, Fate.NEW, Fate.REFUSED]
    for bomb in (zipped(x=b"0" * (9 * 2**20)), zipped(**{str(n): b"0" * (7 * 2**20) for n in range(12)})):
        assert len(bomb) < 2**18
        [line] = office.preview(workshop, bomb)
        assert (line.fate, line.reason) == (Fate.REFUSED, Reason.TOO_LARGE)
    # Many small bombs are no way around the limits of one.
    small = zipped(**{str(n): b"0" * (7 * 2**20) for n in range(4)})
    assert [line.reason for line in office.preview(workshop, *[small] * 4)].count(Reason.TOO_LARGE) == 2
    many = zipped(**{str(n): b"0" for n in range(200)})
    assert [line.reason for line in office.preview(workshop, *[many] * 3)].count(Reason.TOO_LARGE) == 1
    [line] = office.preview(workshop, zipped(x=b"abc" * 100)[:-30])
    assert line.reason is Reason.NOT_A_RESULT
    assert "Chưa có gì" in line.message or "chưa có gì" in line.message


def set_name(text: str) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["participant"].update(full_name=text)


def set_times(text: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content |= {"made_at": text, "joined_at": text, "lessons": [], "attempts": []}

    return change


def hand_in_long_ago(content: dict[str, Any]) -> None:
    for one in content["attempts"]:
        one["started_at"] = one["submitted_at"] = "0001-01-01T00:00:00+14:00"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (set_name("Nguy\ud800n"), Reason.DOES_NOT_FIT),
        (set_name("An\0"), Reason.DOES_NOT_FIT),
        (set_name(" \u200b "), Reason.DOES_NOT_FIT),
        (lambda content: content["participant"].update(unit_code="\ud800"), Reason.DOES_NOT_FIT),
        (lambda content: content["participant"].update(staff_code="\udfff"), Reason.DOES_NOT_FIT),
        (set_times("9999-12-31T23:59:59Z"), Reason.FUTURE),
        (set_times("0001-01-01T00:00:00+14:00"), Reason.DOES_NOT_FIT),
        (hand_in_long_ago, Reason.DOES_NOT_FIT),
    ],
    ids=[
        "half a pair",
        "a control sign",
        "nobody",
        "unit",
        "staff code",
        "year 9999",
        "year 1",
        "handed in year 1",
    ],
)
def test_a_poisoned_file_is_refused_alone(
    hall: Hall, office: Office, forge: Forge, change: Callable[[dict[str, Any]], None], reason: Reason
) -> None:
    """What can be neither shown nor stored must not keep a trainer from everybody else's results."""
    workshop = office.open()
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.take(account, {"c1": RIGHT["c1"]})
    good = hall.file(hall.join("Lê Thị Bình"))
    whole = json.loads(forge(hall.file(account), change))
    whole["proof"] = proof_of(workshop.code, _canonical(whole["content"]))
    bad, fine = office.preview(workshop, json.dumps(whole).encode(), good)
    assert (bad.fate, bad.reason, fine.fate) == (Fate.REFUSED, reason, Fate.NEW)
    bad.message.encode()
    assert len(office.bring_in(workshop, json.dumps(whole).encode(), good)) == 1


def test_one_file_saved_twice_is_decided_once(hall: Hall, office: Office) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    file = hall.file(hall.join("Nguyễn Văn An"))
    first, copy = office.preview(workshop, file, file)
    assert (first.fate, copy.fate, copy.choices) == (Fate.READY, Fate.DOUBLE, ("",))
    # The page sends a choice for each line, told apart by what the lines say of themselves.
    chosen = {line.sha256: line.choice for line in (first, copy)}
    assert len(office.bring_in(workshop, file, file, choices=chosen)) == 1


def test_the_day_of_the_facts_is_the_day_of_the_import(hall: Hall, office: Office) -> None:
    workshop = office.open()
    office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.take(account, RIGHT)
    later = EVENING + timedelta(days=3)
    office.bring_in(workshop, hall.file(account), now=later)
    assert {fact.on for fact in rows(office, TrainingFact)} == {DAY + timedelta(days=3)}
    [attempt] = rows(office, Attempt)
    assert attempt.submitted_at == MORNING + timedelta(minutes=20)


def test_what_is_kept_is_shown_and_erased(hall: Hall, office: Office) -> None:
    workshop = office.open()
    person_id = office.add("Nguyễn Văn An")
    account = hall.join("Nguyễn Văn An", class_code=workshop.code)
    hall.take(account, {"c5": "Bài viết riêng của tôi."})
    office.bring_in(workshop, hall.file(account))
    with reading(hall.engine) as session:
        entry = hall.entry(account)
        kept = kept_about(session, hall.library, session.merge(entry.account, load=False))
        assert kept["workshop_entries"][0]["return_code"] == entry.return_code
    with writing(office.engine) as session:
        person = session.get_one(Person, person_id)
        made = create_account(
            session, username="an", password=None, display_name="An", person=person, actor=None, now=EVENING
        )
        [enrolment] = kept_about(session, office.library, made)["enrolments"]
        assert "Bài viết riêng" in enrolment["workshops"][0]["content"]
        erase_person(session, office.library, person, actor=None, now=EVENING)
        [result] = session.scalars(select(WorkshopResult))
        session.refresh(result)
        assert (result.content, result.file_name, result.figures["attempts"][0]["counted"]) == ("", "", True)
