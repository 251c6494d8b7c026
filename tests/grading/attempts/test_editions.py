"""An attempt belongs to the edition of its enrolment, whatever is published or enrolled later."""

from __future__ import annotations

import shutil
from decimal import Decimal

import pytest
from isoxa_courses.manifest import manifest_of
from isoxa_grading.completion import record_enrolled, record_withdrawn
from isoxa_grading.records.attempts import AttemptRefused, Refusal
from isoxa_grading.records.database import writing
from isoxa_grading.records.enrolments import enrol, publish_edition
from isoxa_grading.records.tables import Attempt, Enrolment, Person, QuizVersion
from sqlalchemy import select

COURSE = "khoa-thu"


@pytest.fixture
def second_edition(school, data, course_folder):
    """Edition 2026.2: version 4 of the quick quiz asks for other numbers and allows one attempt."""
    folder = data.editions(COURSE, "2026.2")
    if not folder.exists():
        shutil.copytree(course_folder, folder)
        course, quiz = folder / "course.yaml", folder / "quizzes" / "02-nhanh.yaml"
        course.write_text(course.read_text("utf-8").replace('"2026.1"', '"2026.2"'), "utf-8")
        changed = (
            quiz.read_text("utf-8").replace("version: 3", "version: 4").replace("attempts: 2", "attempts: 1")
        )
        quiz.write_text(
            changed.replace('answer: "96"', 'answer: "11"').replace('answer: "98"', 'answer: "12"'), "utf-8"
        )
    with writing(school.engine) as session:
        edition = publish_edition(
            session, manifest_of(school.library.edition(COURSE, "2026.2")), "2" * 64, school.now
        )
        session.add(
            QuizVersion(
                course=COURSE,
                quiz="02-nhanh",
                version=4,
                assignment="02-nhanh-v4",
                content_sha256="2" * 64,
                built_at=school.now,
            )
        )
        return edition


def test_an_attempt_is_scored_by_its_own_edition(school, second_edition):
    person = school.officer()
    old = school.start(person)
    school.pass_time(minutes=1)
    with writing(school.engine) as session:
        enrol(
            session,
            session.get_one(Person, person),
            second_edition,
            due_on=None,
            source="test",
            actor=None,
            now=school.now,
        )
    new = school.start(person)
    assert new.id != old.id
    assert new.number == 1
    school.answer(old, person, right={"n1", "n2"})
    school.answer(new, person, right={"n1", "n2"})
    for one in (old, new):
        assert school.submit(one.id, person).result.points == Decimal(5)
    seeds = school.rows(select(Attempt.seed))
    assert len(set(seeds)) == 2
    answers = {one.id: school.view(one.id, person).slots[0].answer for one in (old, new)}
    assert answers[old.id] in ("96", "98")
    assert answers[new.id] in ("11", "12")
    with pytest.raises(AttemptRefused) as caught:
        school.start(person)
    assert caught.value.reason is Refusal.NONE_LEFT


def test_withdrawn_and_enrolled_again(school):
    person = school.officer()
    with writing(school.engine) as session:
        enrolment = session.scalars(select(Enrolment)).one()
        record_withdrawn(session, enrolment, reason_audit_id=1, now=school.now)
    with pytest.raises(AttemptRefused) as caught:
        school.start(person)
    assert caught.value.reason is Refusal.NOT_ENROLLED
    with writing(school.engine) as session:
        record_enrolled(session, session.scalars(select(Enrolment)).one(), now=school.now)
    assert school.start(person).number == 1
