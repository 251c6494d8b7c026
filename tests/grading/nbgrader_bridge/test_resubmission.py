"""A reopened attempt in nbgrader: the old submission until the new one replaces it, and no old mark in the new one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.records.attempts.find import find_attempt, scores_of
from isoxa_grading.records.attempts.reopening import reopen
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.erasing import erase_person
from isoxa_grading.records.tables import Attempt, AttemptStatus, Person, SlotScore
from sqlalchemy import select

from tests.grading.nbgrader_bridge.test_formgrader import (
    ANSWER,
    attempt,  # noqa: F401  # a fixture
    comment_in_book,
    formgrade,
    take,
)
from tests.grading.nbgrader_bridge.test_outbox import NOW, School, school  # noqa: F401  # a fixture

AGAIN = "Bản hai có thời hạn 30 ngày."


def give_back(school: School, attempt: str, minutes: int = 10) -> None:  # noqa: F811
    at = NOW + timedelta(minutes=minutes)
    with writing(school.engine) as session:
        found = find_attempt(session, attempt, lock=True)
        reopen(session, found, reason="Viết lại", deadline=None, account_id=school.trainer, now=at)


def hand_in_again(school: School, attempt: str, minutes: int = 20) -> None:  # noqa: F811
    at = NOW + timedelta(minutes=minutes)
    school.attempts.save(attempt, school.person, "s2", AGAIN, 50, "again", at)
    school.attempts.submit(attempt, school.person, at)


def notebooks(school: School) -> list[str]:  # noqa: F811
    """What is submitted and what is autograded, as text, and their times."""
    student = student_name(school.person)
    files = [school.folder.submitted(student, "q1-v1"), school.folder.autograded(student, "q1-v1")]
    return [file.read_text() for file in files] + [
        file.with_name("timestamp.txt").read_text() for file in files
    ]


def marks(school: School) -> list[tuple[int, int, Decimal, str]]:  # noqa: F811
    with reading(school.engine) as session:
        query = select(SlotScore).where(SlotScore.slot == "s2").order_by(SlotScore.id)
        return [(one.round, one.revision, one.points, one.source) for one in session.scalars(query)]


def test_held_until_handed_in_again_then_replaced(school: School, attempt: str) -> None:  # noqa: F811
    formgrade(school, 0.5, "Thiếu hạn.")
    assert take(school, 5) == 1
    school.drain()
    give_back(school, attempt)
    held = notebooks(school)
    # Saved already, and not submitted: none of nbgrader's business yet.
    school.attempts.save(
        attempt, school.person, "s2", "Đang viết dở", 40, "half", NOW + timedelta(minutes=12)
    )
    assert school.drain() == 1
    assert notebooks(school) == held
    assert ANSWER in held[0]
    assert school.grades()["s2"] == (None, 0.5, 0)
    hand_in_again(school, attempt)
    assert school.drain() == 1
    submitted, autograded, *times = notebooks(school)
    for text in (submitted, autograded):
        assert AGAIN in text
        assert ANSWER not in text
    assert times == 2 * [(NOW + timedelta(minutes=20)).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n")]
    assert school.grades()["s2"] == (None, None, 1)
    assert comment_in_book(school) is None
    assert take(school, 40) == 0
    assert marks(school) == [(1, 1, Decimal("0.5"), "formgrader")]
    formgrade(school, 0.5, "Đủ.")  # the same points once more, now for what was written since
    assert take(school, 45) == 1
    assert marks(school)[1] == (2, 1, Decimal("0.5"), "formgrader")
    with reading(school.engine) as session:
        assert session.get_one(Attempt, attempt).status is AttemptStatus.GRADED


@pytest.mark.parametrize("when", ["just before", "while it is open again"])
def test_a_mark_for_the_ended_round_is_kept_with_it(
    school: School,  # noqa: F811
    attempt: str,  # noqa: F811
    when: str,
) -> None:
    if when == "just before":
        formgrade(school, 1.0, "Tốt.")
        give_back(school, attempt)
    else:
        give_back(school, attempt)
        school.drain()
        formgrade(school, 1.0, "Tốt.")
    school.drain()
    assert take(school) == (when != "just before")
    assert take(school) == 0
    assert marks(school) == [(1, 1, Decimal(1), "formgrader")]
    with reading(school.engine) as session:
        assert session.get_one(Attempt, attempt).status is AttemptStatus.OPEN
        assert scores_of(session, [attempt])[attempt] == {}
    hand_in_again(school, attempt)
    school.drain()
    assert school.grades()["s2"] == (None, None, 1)


def test_while_the_second_is_open_again_the_first_counts(school: School) -> None:  # noqa: F811
    school.take(right=True, text=None, minutes=1)
    second = school.take(right=False, text=ANSWER, minutes=3)
    school.attempts.grade_slot(second, "s2", Decimal(1), "", school.trainer, NOW + timedelta(minutes=4))
    school.drain()
    give_back(school, second)
    school.drain()
    assert school.grades()["s2"] == (0.0, None, 0)
    assert ANSWER not in notebooks(school)[0]


def test_what_an_erased_person_wrote_goes_from_the_held_round(
    school: School,  # noqa: F811
    attempt: str,  # noqa: F811
) -> None:
    give_back(school, attempt)
    school.drain()
    with writing(school.engine) as session:
        person = session.get_one(Person, school.person)
        erase_person(session, school.library, person, actor=None, now=NOW + timedelta(hours=1))
    assert school.drain() == 1
    assert not any(ANSWER in text for text in notebooks(school))
