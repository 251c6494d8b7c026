"""Comments kept for use again; more time and one more attempt; what officers are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from isoxa_grading.completion import due_on
from isoxa_grading.records.attempts import AttemptRefused, GradeRefused
from isoxa_grading.records.desk import BankFull, NoSuchTask, SupportRefused
from isoxa_grading.records.desk.bank import LONGEST, MOST_COMMENTS
from isoxa_grading.records.desk.marks import Mark
from isoxa_grading.records.tables import AuditEvent, TrainingFact
from sqlalchemy import select

from tests.grading.attempts.conftest import COURSE


def test_a_bank_is_ones_own_by_course(world):
    desk, now = world.desk, world.school.now
    kept = desk.keep_comment(world.an, COURSE, "  Nêu rõ   số liệu.\n\tThêm hạn. ", now)
    assert desk.keep_comment(world.an, COURSE, kept.text, now).id == kept.id
    assert [one.text for one in desk.comments(world.an, COURSE)] == [kept.text]
    assert desk.comments(world.binh, COURSE) == []
    assert desk.comments(world.an, "khoa-khac") == []
    desk.forget_comment(world.binh, COURSE, kept.id)
    assert len(desk.comments(world.an, COURSE)) == 1
    desk.forget_comment(world.an, COURSE, kept.id)
    desk.forget_comment(world.an, COURSE, kept.id)
    assert desk.comments(world.an, COURSE) == []


def test_a_bank_has_limits(world):
    desk, now = world.desk, world.school.now
    for refused in ("", " \n\t", "x" * (LONGEST + 1)):
        with pytest.raises(BankFull):
            desk.keep_comment(world.an, COURSE, refused, now)
    for number in range(MOST_COMMENTS):
        desk.keep_comment(world.an, COURSE, f"Nhận xét {number}", now)
    with pytest.raises(BankFull, match="Xóa nhận xét"):
        desk.keep_comment(world.an, COURSE, "Một nữa", now)
    assert desk.keep_comment(world.an, COURSE, "Nhận xét 0", now).text == "Nhận xét 0"


def test_one_more_attempt_can_be_begun(world):
    school = world.school
    person = school.officer()
    view = school.start(person)
    for _ in range(2):
        school.submit(view.id, person)
        last = view.id
        if school.view(last, person).result.can_retry:
            view = school.start(person)
    with pytest.raises(AttemptRefused):
        school.start(person)
    for reason in ("", "  "):
        with pytest.raises(SupportRefused, match="lý do"):
            world.desk.one_more(world.an, last, reason, school.now)
    world.desk.one_more(world.an, last, "Mất điện khi đang làm", school.now)
    standing = world.desk.support(world.an, last)
    assert (standing.used, standing.allowed, standing.extra, standing.passed) == (2, 3, 1, False)
    with pytest.raises(SupportRefused, match="còn 1 lần"):
        world.desk.one_more(world.an, last, "Nữa", school.now)
    assert school.view(last, person).result.can_retry
    assert school.start(person).number == 3
    (event,) = school.rows(select(AuditEvent).where(AuditEvent.action == "attempt.extra_given"))
    assert (event.subject_id, event.detail["reason"]) == (last, "Mất điện khi đang làm")
    assert (event.actor_account_id, event.unit_id) == (world.an.account_id, school.commune.id)


def test_who_passed_needs_no_more(world):
    school = world.school
    person = school.officer()
    view = school.start(person)
    school.answer(view, person, right={one.slot for one in view.slots})
    school.submit(view.id, person)
    with pytest.raises(SupportRefused, match="đã đạt"):
        world.desk.one_more(world.an, view.id, "Vì sao không", school.now)


def test_a_due_day_moves_later_only(world, other_commune):
    school = world.school
    today = date(2026, 11, 23)
    person = school.officer(due_on=today + timedelta(days=3))
    attempt = school.start(person).id
    for bad in (today - timedelta(days=1), today, today + timedelta(days=3)):
        with pytest.raises(SupportRefused):
            world.desk.extend_due(world.an, attempt, bad, "Bão", school.now)
    with pytest.raises(SupportRefused, match="lý do"):
        world.desk.extend_due(world.an, attempt, today + timedelta(days=9), "", school.now)
    world.desk.extend_due(world.an, attempt, today + timedelta(days=9), "Bão lũ", school.now)
    facts = school.rows(select(TrainingFact))
    assert due_on(facts, today) == today + timedelta(days=9)
    assert world.desk.support(world.an, attempt).due_on == today + timedelta(days=9)
    (event,) = school.rows(select(AuditEvent).where(AuditEvent.action == "enrolment.due_changed"))
    assert event.detail == {"before": "2026-11-26", "after": "2026-12-02", "reason": "Bão lũ"}
    no_due = school.start(school.officer()).id
    with pytest.raises(SupportRefused, match="không có hạn"):
        world.desk.extend_due(world.an, no_due, today + timedelta(days=9), "Bão", school.now)
    for trainer in (
        replace(world.an, scope_paths=(other_commune.path,)),
        replace(world.an, person_id=person),
    ):
        with pytest.raises(NoSuchTask):
            world.desk.extend_due(trainer, attempt, today + timedelta(days=20), "Bão", school.now)
        with pytest.raises(NoSuchTask):
            world.desk.one_more(trainer, attempt, "Bão", school.now)
        with pytest.raises(NoSuchTask):
            world.desk.support(trainer, attempt)


def test_the_officer_is_told_until_they_looked(world):
    school = world.school
    attempt = world.submitted()
    person = school.service.owner_of(attempt)
    assert world.desk.unseen_feedback(person) == []
    held = world.next(world.an)
    mark = Mark(points=Decimal(4), comment="", rubric=None, revision=0)
    world.desk.give(world.an, held.task, mark, school.pass_time(minutes=5))
    (news,) = world.desk.unseen_feedback(person)
    assert (news.attempt_id, news.course) == (attempt, COURSE)
    stranger = school.officer()
    world.desk.mark_seen(attempt, stranger, school.pass_time(minutes=5))
    assert world.desk.unseen_feedback(stranger) == []
    assert len(world.desk.unseen_feedback(person)) == 1
    world.desk.mark_seen(attempt, person, school.now)
    assert world.desk.unseen_feedback(person) == []
    again = replace(mark, points=Decimal(5), revision=1, reason="Sót ý")
    world.desk.give(world.an, held.task, again, school.pass_time(minutes=5))
    assert len(world.desk.unseen_feedback(person)) == 1


def test_a_rubric_that_is_not_the_questions_is_refused(world):
    world.submitted()
    held = world.next(world.an)
    with pytest.raises(GradeRefused, match="Thang điểm"):
        world.desk.give(
            world.an, held.task, Mark(points=Decimal(4), comment="", rubric=("r9",), revision=0),
            world.school.now,
        )  # fmt: skip
    assert world.desk.piles(world.an, world.school.now)[0].waiting == 1
