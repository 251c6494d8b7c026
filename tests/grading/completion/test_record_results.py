"""What many attempts came to, recorded at once, is what recording them one after another gives."""

from collections.abc import Callable
from datetime import datetime

import pytest
from isoxa_grading.completion import (
    AttemptResult,
    record_enrolled,
    record_graded,
    record_lesson_completed,
    record_quiz_passed,
    record_results,
    record_submitted,
)
from isoxa_grading.completion.standing import differing
from isoxa_grading.records.tables import Enrolment, TrainingFact
from sqlalchemy import select
from sqlalchemy.orm import Session

Enrol = Callable[..., Enrolment]
After = Callable[[int], datetime]

# (days after, quiz, attempt, round, submitted now, graded, passed), one officer's
CASES = {
    "waits": [(2, "q1", "x1", 1, True, False, False)],
    "failed": [(2, "q1", "x1", 1, True, True, False)],
    "passed, and the course with it": [(2, "q1", "x1", 1, True, True, True)],
    "graded later": [(2, "q1", "x1", 1, True, False, False), (3, "q1", "x1", 1, False, True, True)],
    "two quizzes": [(2, "q2-extra", "y1", 1, True, True, False), (3, "q1", "x1", 1, True, True, True)],
    "the second round": [(2, "q1", "x1", 1, True, True, True), (4, "q1", "x1", 2, True, True, True)],
    "renewed": [(2, "q1", "x1", 1, True, True, True), (9, "q1", "x2", 1, True, True, True)],
}


def ready(session: Session, enrol: Enrol, after: After, months: int | None) -> Enrolment:
    enrolment = enrol(validity_months=months)
    record_enrolled(session, enrolment, now=after(0))
    for lesson in ("01", "02"):
        record_lesson_completed(session, enrolment, lesson=lesson, now=after(1))
    return enrolment


def facts_of(session: Session, enrolment: Enrolment) -> set[tuple[object, ...]]:
    fact = TrainingFact
    columns = fact.kind, fact.subject, fact.source_id, fact.on, fact.value
    return {tuple(row) for row in session.execute(select(*columns).where(fact.enrolment_id == enrolment.id))}


@pytest.mark.parametrize("months", [None, 12])
@pytest.mark.parametrize("case", CASES)
def test_the_facts_are_those_of_single_calls(
    session: Session, enrol: Enrol, after: After, case: str, months: int | None
) -> None:
    single, many = (ready(session, enrol, after, months) for _ in range(2))
    for day, quiz, attempt, number, submitted, graded, passed in CASES[case]:
        said = {"quiz": quiz, "attempt_id": attempt, "now": after(day)}
        if submitted:
            record_submitted(session, single, attempt_round=number, **said)
        if graded:
            record_graded(session, single, attempt_round=number, **said)
        if graded and passed:
            record_quiz_passed(session, single, **said)
        result = AttemptResult(many, quiz, attempt, number, submitted, graded, passed, after(day))
        record_results(session, [result])
    assert facts_of(session, many) == facts_of(session, single)
    assert differing(session) == 0
    before = facts_of(session, many)
    record_results(session, [result])
    assert facts_of(session, many) == before


def test_officers_of_different_editions_together(session: Session, enrol: Enrol, after: After) -> None:
    officers = [ready(session, enrol, after, None) for _ in range(5)]
    results = [
        AttemptResult(one, "q1", f"x{number}", 1, True, number != 0, number > 1, after(2))
        for number, one in enumerate(officers)
    ]
    record_results(session, results)
    kinds = [{fact[0] for fact in facts_of(session, one)} for one in officers]
    assert ["graded" in found for found in kinds] == [False, True, True, True, True]
    assert ["completed" in found for found in kinds] == [False, False, True, True, True]
    assert differing(session) == 0


def test_two_quizzes_of_one_officer_in_one_go_complete_once(
    session: Session, enrol: Enrol, after: After
) -> None:
    quizzes = [{"id": "q1", "required": True}, {"id": "q2", "required": True}]
    enrolment = enrol(quizzes=quizzes)
    record_enrolled(session, enrolment, now=after(0))
    for lesson in ("01", "02"):
        record_lesson_completed(session, enrolment, lesson=lesson, now=after(1))
    results = [
        AttemptResult(enrolment, quiz, f"x-{quiz}", 1, True, True, True, after(2)) for quiz in ("q1", "q2")
    ]
    record_results(session, results)
    completed = [fact for fact in facts_of(session, enrolment) if fact[0] == "completed"]
    assert [fact[2] for fact in completed] == ["x-q2"]
