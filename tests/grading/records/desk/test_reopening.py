"""An attempt given back: the same questions and answers, a new round, and nothing of the old one lost or counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from isoxa_grading.completion import State, record_withdrawn, state_at, state_select
from isoxa_grading.records.attempts import AttemptClosed, GradeRefused
from isoxa_grading.records.attempts.reopening import new_deadline
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.desk import NoSuchTask, SupportRefused
from isoxa_grading.records.desk.marks import Mark
from isoxa_grading.records.erasing import ERASED_TEXT, erase_person
from isoxa_grading.records.tables import (
    Answer,
    Attempt,
    AttemptStatus,
    AuditEvent,
    Enrolment,
    ExtraAttempt,
    GradingTask,
    OutboxItem,
    Person,
    Reopening,
    SlotScore,
    TrainingFact,
)
from sqlalchemy import select

from tests.grading.attempts.conftest import COURSE

WHY = "Mất điện khi đang làm câu viết"
GOOD = Mark(points=Decimal(5), comment="Đủ ý.", rubric=None, revision=0)


def reopen(world, attempt, *, why=WHY, last_day=None, seen=1, trainer=None):
    world.desk.reopen(trainer or world.an, attempt, why, last_day, seen, world.school.now)


def stored(school, attempt) -> Attempt:
    return school.rows(select(Attempt).where(Attempt.id == attempt))[0]


def state(school, person) -> State:
    """Today's state, asked both ways."""
    enrolment = school.rows(select(Enrolment.id).where(Enrolment.person_id == person))[0]
    facts = school.rows(select(TrainingFact).where(TrainingFact.enrolment_id == enrolment))
    with reading(school.engine) as session:
        told = {row.enrolment_id: row.state for row in session.execute(state_select(school.now.date()))}
    assert told[enrolment] == state_at(facts, school.now.date())
    return State(told[enrolment])


def scores(school, attempt) -> list[tuple[str, int, int, Decimal]]:
    query = select(SlotScore).where(SlotScore.attempt_id == attempt).order_by(SlotScore.id)
    return [(one.slot, one.round, one.revision, one.points) for one in school.rows(query)]


def test_the_same_answers_in_a_new_round(world):
    school = world.school
    attempt = world.submitted(text="Bản đầu.")
    person = school.service.owner_of(attempt)
    before = school.view(attempt, person)
    first = scores(school, attempt)
    assert state(school, person) is State.WAITING_FOR_GRADING
    school.pass_time(days=1)
    calls = len(school.hook_calls)
    reopen(world, attempt)
    assert school.service.after_commit.wait(10)
    assert len(school.hook_calls) > calls

    open_again = school.view(attempt, person)
    assert (open_again.status, open_again.round, open_again.number) == (AttemptStatus.OPEN, 2, 1)
    assert [(one.shown, one.answer) for one in open_again.slots] == [
        (one.shown, one.answer) for one in before.slots
    ]
    assert open_again.reopened is not None
    told = (open_again.reopened.by, open_again.reopened.reason, open_again.reopened.at)
    assert told == ("Giảng viên", WHY, school.now)
    assert open_again.to_json()["reopened"] == {
        "by": "Giảng viên", "reason": WHY, "at": school.now.isoformat(), "comments": {}
    }  # fmt: skip
    assert open_again.result is None
    assert state(school, person) is State.IN_PROGRESS
    assert world.desk.piles(world.an, school.now) == []
    assert world.next(world.an) is None
    # It is the open attempt: to begin is to go on with it, and no attempt is used up.
    assert school.start(person, "01-mo-dau").id == attempt
    (given,) = world.desk.given_back(person)
    assert (given.course, given.quiz, given.reopened.by) == (COURSE, "01-mo-dau", "Giảng viên")

    school.pass_time(hours=1)
    written = open_again.slots[2]
    school.save(attempt, person, "s3", "Bản hai.", written.seq + 1)
    view = school.submit(attempt, person)
    assert (view.status, view.round, view.result.attempts_used) == (AttemptStatus.SUBMITTED, 2, 1)
    assert view.submitted_at == school.now
    assert world.desk.given_back(person) == []
    assert state(school, person) is State.WAITING_FOR_GRADING
    later = scores(school, attempt)
    assert later[: len(first)] == first
    assert {one[1] for one in later[len(first) :]} == {2}
    held = world.next(world.an)
    assert (held.answer, held.revision, held.submitted_at) == ("Bản hai.", 0, school.now)
    assert world.desk.give(world.an, held.task, GOOD, school.now) == 1
    assert school.view(attempt, person).result.passed is True
    (event,) = school.rows(select(AuditEvent).where(AuditEvent.action == "attempt.reopened"))
    assert (event.subject_id, event.actor_account_id) == (attempt, world.an.account_id)
    assert event.detail["reason"] == WHY
    assert school.rows(select(ExtraAttempt)) == []


def test_only_the_last_round_counts_and_the_old_one_is_kept(world):
    school = world.school
    attempt = world.submitted(text="Bản đầu.")
    person = school.service.owner_of(attempt)
    world.desk.give(world.an, world.next(world.an).task, replace(GOOD, points=Decimal(1)), school.now)
    assert stored(school, attempt).points == 6
    school.pass_time(days=1)
    reopen(world, attempt)
    row = stored(school, attempt)
    assert (row.points, row.submitted_at, row.graded_at, row.passed) == (None, None, None, None)
    (ended,) = school.rows(select(Reopening))
    assert (ended.round, ended.points, ended.passed) == (1, Decimal(6), False)
    assert ended.submitted_at < ended.reopened_at
    school.pass_time(hours=1)
    view = school.view(attempt, person)
    # Who writes it again has before them what was said of it.
    assert view.reopened.comments == {"s3": "Đủ ý."}
    school.answer(view, person, wrong={"s1"})
    submitted = school.submit(attempt, person)
    assert (submitted.result.points, submitted.result.points_so_far) == (None, Decimal(3))
    # The mark of the first round is news no more, and does not stand for the second.
    assert submitted.slots[2].result.points is None
    assert submitted.slots[2].result.comment is None
    assert world.desk.unseen_feedback(person) == []
    world.desk.give(world.an, world.next(world.an).task, replace(GOOD, points=Decimal(4)), school.now)
    assert stored(school, attempt).points == 7
    standing = world.desk.support(world.an, attempt).reopen
    assert [(one.points, one.reason) for one in standing.before] == [(Decimal(6), WHY)]
    assert (standing.round, standing.points, standing.refusal) == (2, Decimal(7), "")


def test_who_read_the_old_answer_cannot_mark_the_new_one(world):
    school = world.school
    attempt = world.submitted(text="Bản đầu.")
    person = school.service.owner_of(attempt)
    held = world.next(world.an)
    school.pass_time(minutes=1)
    reopen(world, attempt, trainer=world.binh)
    with pytest.raises(NoSuchTask):
        world.desk.give(world.an, held.task, GOOD, school.now)
    with pytest.raises(GradeRefused, match="mở lại"):
        school.service.grade_slot(attempt, "s3", Decimal(1), "", school.trainer_account, school.now)
    school.submit(attempt, person)
    for call in (
        lambda: world.desk.give(world.an, held.task, GOOD, school.now),
        lambda: world.desk.renew(world.an, held.task, school.now),
        lambda: world.desk.open(world.an, held.task),
    ):
        with pytest.raises(NoSuchTask):
            call()
    assert world.next(world.an).task != held.task
    assert len(school.rows(select(GradingTask))) == 1


def test_a_pass_and_a_completion_stand(world):
    school = world.school
    person = school.officer()
    for lesson in ("01-mo-dau", "02-tiep"):
        school.do_lesson(person, lesson)
    quick = school.start(person)
    school.answer(quick, person, right={one.slot for one in quick.slots})
    school.submit(quick.id, person)
    attempt = world.submitted(person=person)
    world.desk.give(world.an, world.next(world.an).task, GOOD, school.now)
    assert state(school, person) is State.COMPLETED
    assert world.desk.support(world.an, attempt).reopen.answers_shown
    school.pass_time(days=2)
    reopen(world, attempt)
    assert state(school, person) is State.COMPLETED
    view = school.view(attempt, person)
    school.answer(view, person, wrong={"s1", "s2"})
    school.save(attempt, person, "s3", None, view.slots[2].seq + 1)
    result = school.submit(attempt, person).result
    assert (result.points, result.passed) == (Decimal(0), True)
    assert state(school, person) is State.COMPLETED
    completed = [one for one in school.rows(select(TrainingFact)) if one.kind == "completed"]
    assert len(completed) == 1


@pytest.mark.parametrize(
    ("last_day", "limit", "deadline"),
    [
        (None, None, None),
        (None, 10, datetime(2026, 11, 23, 16, 10, tzinfo=UTC)),
        (date(2026, 11, 23), 10, datetime(2026, 11, 23, 17, tzinfo=UTC)),  # midnight in Vietnam
        (date(2026, 11, 30), None, datetime(2026, 11, 30, 17, tzinfo=UTC)),
    ],
)
def test_the_deadline_is_the_trainers_day_or_the_time_limit_anew(last_day, limit, deadline):
    assert new_deadline(last_day, limit, datetime(2026, 11, 23, 16, tzinfo=UTC)) == deadline


def test_late_answers_stay_late(world):
    school = world.school
    person = school.officer()
    view = school.start(person)  # ten minutes
    school.answer(view, person, wrong={"n1"})
    school.pass_time(minutes=11)
    school.answer(view, person, right={"n1", "n2"})
    assert school.submit(view.id, person).result.points == 0
    school.pass_time(minutes=60)
    reopen(world, view.id)
    again = school.view(view.id, person)
    assert again.deadline == school.now + timedelta(minutes=10)
    assert [slot.late for slot in again.slots] == [True, True]
    # Left as they are, they do not count; given again in time, they do; after the new deadline, they are late again.
    school.answer(again, person, right={"n2"})
    school.pass_time(minutes=11)
    school.answer(again, person, wrong={"n2"})
    result = school.submit(view.id, person)
    assert [slot.result.points for slot in result.slots] == [Decimal(0), Decimal(1)]
    late = [one.late for one in school.rows(select(Answer).order_by(Answer.id))]
    assert late == [False, True, True, False, True]


def test_asked_twice_it_is_done_once(world):
    school = world.school
    attempt = world.submitted()
    person = school.service.owner_of(attempt)
    reopen(world, attempt)
    reopen(world, attempt)
    assert len(school.rows(select(Reopening))) == 1
    with pytest.raises(SupportRefused, match=r"đang mở.*Giảng viên mở lại lúc"):
        reopen(world, attempt, why="Lý do khác")
    with pytest.raises(SupportRefused, match="đang mở"):
        reopen(world, attempt, trainer=world.binh)
    school.pass_time(minutes=1)
    school.submit(attempt, person)
    with pytest.raises(SupportRefused, match="nộp lại sau khi"):
        reopen(world, attempt)
    # A submit of the first round that comes late once more does not hand in the second.
    reopen(world, attempt, seen=2)
    view = school.service.submit(attempt, person, school.now, seen_round=2)
    assert (view.status, view.round) == (AttemptStatus.OPEN, 3)
    view = school.service.submit(attempt, person, school.now, seen_round=3)
    assert view.status is AttemptStatus.SUBMITTED
    with pytest.raises(AttemptClosed):
        school.save(attempt, person, "s1", None, 99)


def test_refused_in_words(world, other_commune):
    school = world.school
    attempt = world.submitted()
    person = school.service.owner_of(attempt)
    for why in ("", " \n"):
        with pytest.raises(SupportRefused, match="lý do"):
            reopen(world, attempt, why=why)
    for day in (date(2026, 11, 22), date(2027, 6, 1), date(9999, 12, 31)):
        with pytest.raises(SupportRefused, match="Hạn nộp lại"):
            reopen(world, attempt, last_day=day)
    for trainer in (
        replace(world.an, scope_paths=(other_commune.path,)),
        replace(world.an, scope_paths=()),
        replace(world.an, person_id=person),
    ):
        with pytest.raises(NoSuchTask):
            reopen(world, attempt, trainer=trainer)
    for unknown in ("", "x" * 32, "0" * 32):
        with pytest.raises(NoSuchTask):
            reopen(world, unknown)
    with pytest.raises(SupportRefused, match="nộp lại sau khi"):
        reopen(world, attempt, seen=0)
    assert school.rows(select(Reopening)) == []

    fresh = school.start(school.officer()).id
    with pytest.raises(SupportRefused, match="đang mở, học viên đang làm"):
        reopen(world, fresh)
    twice = school.officer()
    first = school.start(twice).id
    school.submit(first, twice)
    school.start(twice)
    with pytest.raises(SupportRefused, match=r"lần làm bài sau \(lần 2\)"):
        reopen(world, first)
    assert "lần 2" in world.desk.support(world.an, first).reopen.refusal
    for _ in range(5):
        reopen(world, attempt, seen=stored(school, attempt).round)
        school.pass_time(minutes=1)
        school.submit(attempt, person)
    with pytest.raises(SupportRefused, match="5 lần"):
        reopen(world, attempt, seen=6)


def test_who_left_the_course_or_was_erased_gets_nothing_back(world):
    school = world.school
    attempt = world.submitted(text="Nguyễn Thị Thử viết")
    person = school.service.owner_of(attempt)
    reopen(world, attempt)
    other = world.submitted()
    with writing(school.engine) as session:
        (enrolment,) = session.scalars(
            select(Enrolment).where(Enrolment.person_id == school.service.owner_of(other))
        )
        record_withdrawn(session, enrolment, reason_audit_id=1, now=school.now)
    with pytest.raises(SupportRefused, match="không còn được ghi danh"):
        reopen(world, other)
    before = len(school.rows(select(OutboxItem)))
    with writing(school.engine) as session:
        erase_person(session, school.library, session.get_one(Person, person), actor=None, now=school.now)
    # What nbgrader holds of the first round is written anew, without what was typed.
    assert len(school.rows(select(OutboxItem))) == before + 1
    assert [one.reason for one in school.rows(select(Reopening))] == [ERASED_TEXT]
    with pytest.raises(SupportRefused, match="đã được xóa"):
        reopen(world, attempt, seen=2)
