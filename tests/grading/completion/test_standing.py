"""Every change leaves the standing that the facts say; the newest edition counts; what is wrong is found and mended."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from isoxa_grading.completion import (
    record_checkpoint_done,
    record_due,
    record_enrolled,
    record_graded,
    record_lesson_completed,
    record_new_enrolments,
    record_quiz_passed,
    record_reopened,
    record_started,
    record_submitted,
    record_waived,
    record_waiver_ended,
    record_withdrawn,
)
from isoxa_grading.completion.standing import differing, rebuild
from isoxa_grading.records.tables import Enrolment, EnrolmentStanding
from sqlalchemy import select, update
from sqlalchemy.orm import Session

Enrol = Callable[..., Enrolment]
After = Callable[[int], datetime]


def standing(session: Session, enrolment: Enrolment) -> EnrolmentStanding:
    """The row as the database has it."""
    query = select(EnrolmentStanding).where(EnrolmentStanding.enrolment_id == enrolment.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def test_every_change_leaves_the_standing_that_the_facts_say(
    session: Session, enrol: Enrol, after: After
) -> None:
    one = enrol(validity_months=12)
    about: dict[str, Any] = {"quiz": "q1", "attempt_id": "x1"}
    changes: list[tuple[Callable[..., None], dict[str, Any], str, int]] = [
        (record_enrolled, {}, "not_started", 0),
        (record_due, {"due_on": date(2026, 3, 4)}, "not_started", 0),
        (record_started, {}, "in_progress", 0),
        (record_checkpoint_done, {"lesson": "01", "item": "a"}, "in_progress", 0),
        (record_checkpoint_done, {"lesson": "03-extra", "item": "d"}, "in_progress", 0),
        (record_submitted, about, "waiting_for_grading", 1),
        (record_reopened, {**about, "attempt_round": 1}, "in_progress", 0),
        (record_submitted, {**about, "attempt_round": 2}, "waiting_for_grading", 1),
        (record_graded, {**about, "attempt_round": 2}, "in_progress", 0),
        (record_quiz_passed, about, "in_progress", 0),
        (record_lesson_completed, {"lesson": "01"}, "in_progress", 0),
        (record_withdrawn, {"reason_audit_id": 1}, "not_enrolled", 0),
        (record_enrolled, {}, "in_progress", 0),
        (record_waived, {"reason_audit_id": 2}, "waived", 0),
        (record_waived, {"reason_audit_id": 3}, "waived", 0),
        (record_waiver_ended, {"reason_audit_id": 4}, "in_progress", 0),
        (record_lesson_completed, {"lesson": "02"}, "completed_late", 0),
        (record_waived, {"reason_audit_id": 5}, "completed_late", 0),
    ]
    for number, (change, details, state, waiting) in enumerate(changes):
        change(session, one, now=after(number), **details)
        row = standing(session, one)
        assert (row.state, row.waiting) == (state, waiting), change.__name__
        assert row.current is (state != "not_enrolled")
        assert differing(session) == 0
    assert (row.lapsed_state, row.valid_until) == ("waived", date(2027, 3, 18))
    assert (row.done, row.completed_on) == (
        2,
        date(2026, 3, 18),
    )  # item a and the quiz; b and c were never saved


def test_the_newest_edition_that_one_was_not_withdrawn_from_is_current(
    session: Session, enrol: Enrol, after: After
) -> None:
    old, new, other = enrol(), enrol(), enrol()
    other.edition.course = "another"
    new.edition.published_at = after(1)
    for one in (new, other):
        one.person_id = old.person_id
    session.flush()

    def current() -> set[int]:
        query = select(EnrolmentStanding.enrolment_id).where(EnrolmentStanding.current)
        return set(session.scalars(query))

    record_new_enrolments(session, [old, other], now=after(0))
    assert current() == {old.id, other.id}
    record_enrolled(session, new, now=after(2))
    assert current() == {new.id, other.id}
    record_withdrawn(session, new, reason_audit_id=1, now=after(3))
    assert current() == {old.id, other.id}
    record_withdrawn(session, old, reason_audit_id=2, now=after(4))
    assert current() == {other.id}
    record_enrolled(session, new, now=after(5))
    assert current() == {new.id, other.id}
    assert differing(session) == 0
    assert rebuild(session) == 3
    assert current() == {new.id, other.id}


@pytest.mark.parametrize("spoil", [{"done": 99}, {"current": False}, {"state": "completed"}])
def test_a_wrong_row_is_found_and_mended(
    session: Session, enrol: Enrol, after: After, spoil: dict[str, Any]
) -> None:
    one, two = enrol(), enrol()
    record_new_enrolments(session, [one, two], now=after(0))
    assert differing(session) == 0
    session.execute(update(EnrolmentStanding).where(EnrolmentStanding.enrolment_id == one.id).values(**spoil))
    assert differing(session) == 1
    rebuild(session)
    assert differing(session) == 0


def test_a_change_rolled_back_leaves_the_standing_as_it_was(
    session: Session, enrol: Enrol, after: After
) -> None:
    one = enrol()
    record_enrolled(session, one, now=after(0))
    nested = session.begin_nested()
    record_started(session, one, now=after(1))
    nested.rollback()
    assert standing(session, one).state == "not_started"
