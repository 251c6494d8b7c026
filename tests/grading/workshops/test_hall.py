"""The trainer's screen and the pace, on real records: who is where, what is open, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.tables import AuditEvent, Unit, Workshop
from isoxa_grading.workshops import (
    HallView,
    Plan,
    WorkshopRefused,
    change_pace,
    held_steps,
    look_into_hall,
    open_workshop,
    shown_code,
    workshop_steps,
)
from sqlalchemy import select

from tests.grading.workshops.conftest import DAY, MORNING, RIGHT, Hall
from tests.portal.tiny_course import COURSE, LESSON, QUIZ


def open_class(hall: Hall, code: str = "", day: object = DAY) -> Workshop:
    with writing(hall.engine) as session:
        unit = session.scalars(select(Unit).where(Unit.name == "Tỉnh Lâm Đồng")).one()
        plan = Plan(COURSE, "Lớp", "Hội trường", "Cô Giảng", day, code=code)  # type: ignore[arg-type]
        return open_workshop(session, plan, unit, actor=None, now=MORNING)


def look(hall: Hall, workshop: Workshop, later: timedelta = timedelta(0)) -> HallView:
    with reading(hall.engine) as session:
        return look_into_hall(session, hall.library, session.get_one(Workshop, workshop.id), MORNING + later)


def pace(hall: Hall, workshop: Workshop, steps: int | None, later: timedelta = timedelta(0)) -> None:
    with writing(hall.engine) as session:
        change_pace(session, session.get_one(Workshop, workshop.id), steps, actor=None, now=MORNING + later)


def held(hall: Hall, account: int, later: timedelta = timedelta(0)) -> set[tuple[StepKind, str]]:
    with reading(hall.engine) as session:
        enrolment = current_enrolment(session, hall.person(account), COURSE)
        assert enrolment is not None
        return set(held_steps(session, enrolment, MORNING + later))


def at(view: HallView, kind: StepKind, id_: str) -> tuple[int, int]:
    return next((one.here, one.done) for one in view.steps if (one.step.kind, one.step.id) == (kind, id_))


def test_where_everybody_is_and_what_goes_wrong(hall: Hall) -> None:
    workshop = open_class(hall)
    assert look(hall, workshop).joined == 0
    people = [hall.join(f"Người Thứ {name}") for name in ("Một", "Hai", "Ba", "Bốn")]
    for one in people[:3]:
        hall.do_lesson(one)
        hall.take(one, {**RIGHT, "c3": "99999"}, MORNING)
    view = look(hall, workshop)
    assert (view.joined, view.active) == (4, 3)
    assert sum(one.here for one in view.steps) + view.finished == 4
    assert at(view, StepKind.LESSON, LESSON) == (1, 3)
    assert at(view, StepKind.QUIZ, QUIZ) == (0, 3)
    # Of the questions that all got wrong the number is one; those that they got right are not shown.
    assert view.hardest is not None
    assert (view.hardest.wrong, view.hardest.answered) == (3, 3)
    assert look(hall, workshop, timedelta(hours=2)).active == 0


def test_two_answers_make_no_question_hard(hall: Hall) -> None:
    workshop = open_class(hall)
    for name in ("Lò Văn Một", "Lò Văn Hai"):
        account = hall.join(name)
        hall.do_lesson(account)
        hall.take(account, {})
    assert look(hall, workshop).hardest is None


def test_whoever_typed_the_code_of_another_class_is_not_of_this_one(hall: Hall) -> None:
    first, second = open_class(hall), open_class(hall)
    hall.join("Của Lớp Một", class_code=shown_code(first.code))
    hall.join("Của Lớp Hai", class_code=shown_code(second.code))
    hall.join("Không Mã")
    assert [look(hall, one).joined for one in (first, second)] == [1, 1]
    lone = hall.join("Không Mã Nữa")
    pace(hall, first, 1)
    assert held(hall, lone) == set()


def test_the_pace_holds_for_the_class_on_its_day_alone(hall: Hall) -> None:
    workshop = open_class(hall)
    account = hall.join("Nguyễn Văn Chờ")
    assert held(hall, account) == set()
    with reading(hall.engine) as session:
        steps = [(one.kind, one.id) for one in workshop_steps(session, workshop)]
    pace(hall, workshop, 1)
    assert held(hall, account) == set(steps[1:])
    pace(hall, workshop, 2)
    assert held(hall, account) == set(steps[2:])
    assert held(hall, account, timedelta(days=1)) == set()
    pace(hall, workshop, None)
    assert held(hall, account) == set()
    with reading(hall.engine) as session:
        found = session.scalars(select(AuditEvent).where(AuditEvent.action == "workshop.paced")).all()
        assert [one.detail["steps"] for one in found] == [1, 2, None]


def test_what_was_begun_stays_open(hall: Hall) -> None:
    workshop = open_class(hall)
    account = hall.join("Nguyễn Văn Nhanh")
    hall.do_lesson(account)
    hall.attempts.start(hall.person(account), COURSE, QUIZ, MORNING)
    pace(hall, workshop, 1)
    assert held(hall, account).isdisjoint({(StepKind.LESSON, LESSON), (StepKind.QUIZ, QUIZ)})


@pytest.mark.parametrize("steps", [0, -1, 1000])
def test_a_step_that_there_is_not(hall: Hall, steps: int) -> None:
    workshop = open_class(hall)
    with pytest.raises(WorkshopRefused):
        pace(hall, workshop, steps)
    with pytest.raises(WorkshopRefused, match="ngày tổ chức"):
        pace(hall, workshop, 1, timedelta(days=3))


def test_a_hall_takes_the_organisers_code(hall: Hall) -> None:
    there = open_class(hall)
    with pytest.raises(WorkshopRefused, match="đã có lớp"):
        open_class(hall, shown_code(there.code))
    with pytest.raises(WorkshopRefused, match="12 ký tự"):
        open_class(hall, "ABCD-EFGH")
    with writing(hall.engine) as session:
        session.delete(session.get_one(Workshop, there.id))
    assert open_class(hall, shown_code(there.code).lower()).code == there.code
