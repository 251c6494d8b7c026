"""The small course of the attempt's tests, with two trainers and written answers that wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from isoxa_grading.records.database import writing
from isoxa_grading.records.desk import Desk, Trainer
from isoxa_grading.records.tables import Account

from tests.grading.attempts.conftest import (  # noqa: F401  # fixtures
    COURSE,
    School,
    course_folder,
    data,
    library,
    other_commune,
    school,
)

PILE = (COURSE, "01-mo-dau", "s3")


@dataclass
class DeskWorld:
    school: School
    desk: Desk
    an: Trainer
    binh: Trainer

    def submitted(self, *, text: str | None = None, unit=None, person=None, minutes=1) -> str:
        """An officer's submitted attempt at the quiz with a written question; its id."""
        term = self.school
        term.pass_time(minutes=minutes)
        if person is None:
            person = term.officer(unit=unit)
            term.do_lesson(person)
        view = term.start(person, "01-mo-dau")
        term.answer(view, person, right={"s1", "s2", "s3"})
        if text is not None:
            seq = next(one.seq for one in term.view(view.id, person).slots if one.slot == "s3") + 1
            term.save(view.id, person, "s3", text, seq)
        term.submit(view.id, person)
        return view.id

    def next(self, trainer: Trainer, **more):
        return self.desk.take_next(trainer, *PILE, self.school.now, **more)


@pytest.fixture
def world(school) -> DeskWorld:  # noqa: F811
    with writing(school.engine) as session:
        second = Account(
            username="gv-hai", display_name="Giảng viên hai", created_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        session.add(second)
        session.flush()
    scope = (school.province.path,)
    return DeskWorld(
        school,
        Desk(school.engine, school.library, school.service),
        Trainer(school.trainer_account, None, scope),
        Trainer(second.id, None, scope),
    )
