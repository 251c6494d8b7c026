"""Changes become facts: once each, dated by the day in Vietnam, and completing the course at the right moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event
from time import sleep

import pytest
from isoxa_grading.completion import (
    State,
    add_months,
    record_checkpoint_done,
    record_due,
    record_enrolled,
    record_graded,
    record_lesson_completed,
    record_quiz_passed,
    record_reopened,
    record_started,
    record_submitted,
    record_waived,
    record_waiver_ended,
    record_withdrawn,
    state_at,
    state_select,
)
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Enrolment, TrainingFact
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

Enrol = Callable[..., Enrolment]
After = Callable[[int], datetime]
Day = Callable[[int], date]


def facts_of(session: Session, enrolment: Enrolment) -> list[TrainingFact]:
    return list(
        session.scalars(
            select(TrainingFact).where(TrainingFact.enrolment_id == enrolment.id).order_by(TrainingFact.id)
        )
    )


def kinds_of(session: Session, enrolment: Enrolment) -> list[str]:
    return [fact.kind.value for fact in facts_of(session, enrolment)]


def state_on(session: Session, enrolment: Enrolment, day: date) -> State:
    """The state, asked both ways."""
    python = state_at(facts_of(session, enrolment), day)
    sql = {row.enrolment_id: row.state for row in session.execute(state_select(day))}[enrolment.id]
    assert sql == python
    return python


def test_every_change_repeated_adds_nothing(session: Session, enrol: Enrol, after: After) -> None:
    enrolment = enrol(validity_months=12)

    def everything() -> None:
        record_enrolled(session, enrolment, now=after(0))
        record_due(session, enrolment, due_on=date(2026, 6, 1), now=after(0))
        record_started(session, enrolment, now=after(1))
        record_checkpoint_done(session, enrolment, lesson="01", item="a", now=after(1))
        record_lesson_completed(session, enrolment, lesson="01", now=after(1))
        record_lesson_completed(session, enrolment, lesson="02", now=after(1))
        record_submitted(session, enrolment, quiz="q1", attempt_id="x1", now=after(2))
        record_graded(session, enrolment, quiz="q1", attempt_id="x1", now=after(2))
        record_quiz_passed(session, enrolment, quiz="q1", attempt_id="x1", now=after(2))
        record_reopened(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=1, now=after(3))
        record_submitted(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=2, now=after(3))
        record_waived(session, enrolment, reason_audit_id=7, now=after(3))
        record_waiver_ended(session, enrolment, reason_audit_id=8, now=after(4))

    everything()
    once = kinds_of(session, enrolment)
    everything()
    assert kinds_of(session, enrolment) == once
    assert once.count("completed") == once.count("valid_until") == once.count("started") == 1


def test_a_fact_is_dated_by_the_day_in_vietnam(session: Session, enrol: Enrol) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=datetime(2026, 3, 2, 16, 59, tzinfo=UTC))
    record_started(session, enrolment, now=datetime(2026, 3, 2, 17, 0, tzinfo=UTC))
    assert [fact.on for fact in facts_of(session, enrolment)] == [date(2026, 3, 2), date(2026, 3, 3)]


@pytest.mark.parametrize("last", ["lesson", "quiz"])
def test_completed_with_the_last_requirement_and_not_before(
    session: Session, enrol: Enrol, after: After, day: Day, last: str
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    record_lesson_completed(session, enrolment, lesson="01", now=after(1))
    record_lesson_completed(session, enrolment, lesson="03-extra", now=after(1))
    record_quiz_passed(session, enrolment, quiz="q2-extra", attempt_id="x0", now=after(1))

    def lesson(when: int) -> None:
        record_lesson_completed(session, enrolment, lesson="02", now=after(when))

    def quiz(when: int) -> None:
        record_submitted(session, enrolment, quiz="q1", attempt_id="x1", now=after(when))
        record_graded(session, enrolment, quiz="q1", attempt_id="x1", now=after(when))
        record_quiz_passed(session, enrolment, quiz="q1", attempt_id="x1", now=after(when))

    steps = [lesson, quiz] if last == "quiz" else [quiz, lesson]
    steps[0](2)
    assert "completed" not in kinds_of(session, enrolment)
    assert state_on(session, enrolment, day(2)) == State.IN_PROGRESS
    steps[1](4)
    assert kinds_of(session, enrolment).count("completed") == 1
    assert state_on(session, enrolment, day(3)) == State.IN_PROGRESS
    assert state_on(session, enrolment, day(4)) == State.COMPLETED
    assert "valid_until" not in kinds_of(session, enrolment)


def test_an_edition_that_asks_for_nothing_completes_nobody(
    session: Session, enrol: Enrol, after: After
) -> None:
    enrolment = enrol(lessons=[], quizzes=[])
    record_enrolled(session, enrolment, now=after(0))
    record_lesson_completed(session, enrolment, lesson="01", now=after(1))
    assert "completed" not in kinds_of(session, enrolment)


def test_a_failed_attempt_waits_then_goes_on(session: Session, enrol: Enrol, after: After, day: Day) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    assert state_on(session, enrolment, day(0)) == State.NOT_STARTED
    record_submitted(session, enrolment, quiz="q1", attempt_id="x1", now=after(1))
    assert state_on(session, enrolment, day(1)) == State.WAITING_FOR_GRADING
    record_graded(session, enrolment, quiz="q1", attempt_id="x1", now=after(5))
    assert state_on(session, enrolment, day(4)) == State.WAITING_FOR_GRADING
    assert state_on(session, enrolment, day(5)) == State.IN_PROGRESS
    record_submitted(session, enrolment, quiz="q1", attempt_id="x2", now=after(6))
    assert state_on(session, enrolment, day(6)) == State.WAITING_FOR_GRADING


def test_a_reopened_attempt_waits_no_more_until_it_is_submitted_again(
    session: Session, enrol: Enrol, after: After, day: Day
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    for attempt_round, when in ((1, 1), (2, 5), (3, 9)):
        record_submitted(
            session, enrolment, quiz="q1", attempt_id="x1", attempt_round=attempt_round, now=after(when)
        )
        record_reopened(
            session, enrolment, quiz="q1", attempt_id="x1", attempt_round=attempt_round, now=after(when + 2)
        )
    record_submitted(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=4, now=after(12))
    record_graded(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=4, now=after(13))
    waits, goes_on = State.WAITING_FOR_GRADING, State.IN_PROGRESS
    states = [state_on(session, enrolment, day(on)) for on in range(1, 14)]
    assert states == [*(3 * [waits, waits, goes_on, goes_on])[:11], waits, goes_on]


def test_a_reopening_takes_no_completion_back_and_renews_none(
    session: Session, enrol: Enrol, after: After, day: Day
) -> None:
    enrolment = enrol(validity_months=1)
    record_enrolled(session, enrolment, now=after(0))
    record_submitted(session, enrolment, quiz="q1", attempt_id="x1", now=after(0))
    record_graded(session, enrolment, quiz="q1", attempt_id="x1", now=after(0))
    complete(session, enrolment, after(0))
    record_reopened(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=1, now=after(1))
    assert state_on(session, enrolment, day(1)) == State.COMPLETED
    record_submitted(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=2, now=after(2))
    assert state_on(session, enrolment, day(2)) == State.COMPLETED
    record_graded(session, enrolment, quiz="q1", attempt_id="x1", attempt_round=2, now=after(3))
    record_quiz_passed(session, enrolment, quiz="q1", attempt_id="x1", now=after(3))
    assert kinds_of(session, enrolment).count("completed") == 1
    assert state_on(session, enrolment, date(2026, 4, 3)) == State.EXPIRED


def complete(session: Session, enrolment: Enrolment, now: datetime, attempt_id: str = "x1") -> None:
    record_lesson_completed(session, enrolment, lesson="01", now=now)
    record_lesson_completed(session, enrolment, lesson="02", now=now)
    record_quiz_passed(session, enrolment, quiz="q1", attempt_id=attempt_id, now=now)


@pytest.mark.parametrize(
    ("due", "state"), [(9, State.COMPLETED_LATE), (10, State.COMPLETED), (11, State.COMPLETED)]
)
def test_late_is_after_the_due_day(
    session: Session, enrol: Enrol, after: After, day: Day, due: int, state: State
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    record_due(session, enrolment, due_on=day(due), now=after(0))
    complete(session, enrolment, after(10))
    assert state_on(session, enrolment, day(10)) == state


def test_a_due_day_put_right_rights_the_state_from_then_on(
    session: Session, enrol: Enrol, after: After, day: Day
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    record_due(session, enrolment, due_on=day(5), now=after(0))
    complete(session, enrolment, after(10))
    record_due(session, enrolment, due_on=day(20), now=after(12))
    record_due(session, enrolment, due_on=day(5), now=after(14))
    record_due(session, enrolment, due_on=None, now=after(16))
    states = [state_on(session, enrolment, day(on)) for on in (11, 12, 14, 16)]
    late, on_time = State.COMPLETED_LATE, State.COMPLETED
    assert states == [late, on_time, late, on_time]


def test_a_validity_runs_out_and_a_newer_pass_renews_it(
    session: Session, enrol: Enrol, after: After, day: Day
) -> None:
    enrolment = enrol(validity_months=1)
    record_enrolled(session, enrolment, now=after(0))
    record_due(session, enrolment, due_on=day(1), now=after(0))
    complete(session, enrolment, after(0))  # 2 March: valid until 2 April
    assert state_on(session, enrolment, date(2026, 4, 2)) == State.COMPLETED
    assert state_on(session, enrolment, date(2026, 4, 3)) == State.EXPIRED
    record_quiz_passed(session, enrolment, quiz="q1", attempt_id="x2", now=after(60))
    record_quiz_passed(session, enrolment, quiz="q1", attempt_id="x2", now=after(61))
    assert state_on(session, enrolment, day(59)) == State.EXPIRED
    assert state_on(session, enrolment, day(60)) == State.COMPLETED
    assert kinds_of(session, enrolment).count("completed") == 2


def test_without_a_validity_a_second_pass_completes_nothing_anew(
    session: Session, enrol: Enrol, after: After
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    complete(session, enrolment, after(1))
    record_quiz_passed(session, enrolment, quiz="q1", attempt_id="x2", now=after(2))
    assert kinds_of(session, enrolment).count("completed") == 1


def test_withdrawn_enrolled_again_withdrawn_again(
    session: Session, enrol: Enrol, after: After, day: Day
) -> None:
    enrolment = enrol()
    assert state_on(session, enrolment, day(0)) == State.NOT_ENROLLED
    record_enrolled(session, enrolment, now=after(0))
    record_started(session, enrolment, now=after(0))
    record_withdrawn(session, enrolment, reason_audit_id=1, now=after(2))
    record_withdrawn(session, enrolment, reason_audit_id=2, now=after(3))
    assert state_on(session, enrolment, day(3)) == State.NOT_ENROLLED
    record_enrolled(session, enrolment, now=after(4))
    assert state_on(session, enrolment, day(4)) == State.IN_PROGRESS
    record_withdrawn(session, enrolment, reason_audit_id=3, now=after(6))
    assert state_on(session, enrolment, day(6)) == State.NOT_ENROLLED
    record_enrolled(session, enrolment, now=after(8))
    states = [state_on(session, enrolment, day(on)) for on in (0, 2, 5, 7, 8)]
    here, gone = State.IN_PROGRESS, State.NOT_ENROLLED
    assert states == [here, gone, here, gone, here]


def test_waived_stands_until_the_course_is_completed_after_all(
    session: Session, enrol: Enrol, after: After, day: Day
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    record_submitted(session, enrolment, quiz="q1", attempt_id="x1", now=after(0))
    record_waived(session, enrolment, reason_audit_id=1, now=after(1))
    assert state_on(session, enrolment, day(1)) == State.WAIVED
    complete(session, enrolment, after(2))
    assert state_on(session, enrolment, day(2)) == State.COMPLETED


def test_a_rolled_back_change_leaves_no_fact(session: Session, enrol: Enrol, after: After) -> None:
    enrolment = enrol()
    nested = session.begin_nested()
    record_enrolled(session, enrolment, now=after(0))
    nested.rollback()
    assert facts_of(session, enrolment) == []


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_a_term_in_months_ends_on_the_same_day_or_the_months_last(
    start: date, months: int, end: date
) -> None:
    assert add_months(start, months) == end


def test_two_transactions_that_meet_the_last_two_conditions_complete_once(
    engine: Engine, session: Session, enrol: Enrol, after: After
) -> None:
    enrolment = enrol()
    record_enrolled(session, enrolment, now=after(0))
    record_lesson_completed(session, enrolment, lesson="01", now=after(0))
    session.commit()
    first_wrote = Event()

    def lesson() -> None:
        with writing(engine) as own:
            record_lesson_completed(own, own.get_one(Enrolment, enrolment.id), lesson="02", now=after(1))
            first_wrote.set()
            sleep(0.3)  # long enough for the other transaction to look, had it not to wait

    def quiz() -> None:
        first_wrote.wait(10)
        with writing(engine) as own:
            record_quiz_passed(
                own, own.get_one(Enrolment, enrolment.id), quiz="q1", attempt_id="x", now=after(1)
            )

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(lesson), threads.submit(quiz)]:
            done.result(timeout=30)
    assert kinds_of(session, enrolment).count("completed") == 1
