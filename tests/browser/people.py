"""Who takes part in these tests: the demo's logins, and officers of the demo whom no other test uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from isoxa_courses.models import Lesson
from isoxa_grading.records.accounts import set_password
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    Account,
    Attempt,
    Enrolment,
    FactKind,
    Membership,
    Person,
    TrainingFact,
    Unit,
)
from isoxa_portal.demo.practice import finished_states
from sqlalchemy import ColumnElement, Engine, select

from tests.browser.records import COURSE, LESSON

PASSWORD = "thu-nghiem-2026"


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in; ``name`` and ``commune`` only of an officer."""

    username: str
    password: str
    name: str = ""
    commune: str = ""


@dataclass
class Cast:
    """Hands out people; an officer is handed out once."""

    engine: Engine
    accounts: dict[str, tuple[str, str]]
    _taken: set[str] = field(default_factory=set)

    def staff(self, role: str) -> Login:
        """The demo's own trainer, department or admin."""
        return Login(*self.accounts[role])

    def demo_officer(self) -> Login:
        """The officer whose login the demo prints."""
        username, password = self.accounts["officer"]
        return self._officer(Account.username == username, password)

    def officer(self) -> Login:
        """One who has not begun."""
        begun = select(TrainingFact.enrolment_id).where(TrainingFact.kind == FactKind.STARTED)
        return self._officer(Enrolment.id.not_in(begun))

    def officer_with(self, *wanted: ColumnElement[bool]) -> tuple[Login, str]:
        """One with an attempt like that; gives its id too."""
        login = self._officer(Enrolment.id.in_(select(Attempt.enrolment_id).where(*wanted)))
        with writing(self.engine) as session:
            attempt = session.scalars(
                select(Attempt.id)
                .join(Enrolment)
                .join(Account, Account.person_id == Enrolment.person_id)
                .where(Account.username == login.username, *wanted)
                .order_by(Attempt.number)
            ).first()
        assert attempt is not None
        return login, attempt

    def _officer(self, chosen: ColumnElement[bool], password: str | None = None) -> Login:
        with writing(self.engine) as session:
            query = (
                select(Account, Person.full_name, Unit.name)
                .join(Person, Person.id == Account.person_id)
                .join(Enrolment, Enrolment.person_id == Person.id)
                .join(Membership, Membership.person_id == Person.id)
                .join(Unit, Unit.id == Membership.unit_id)
                .where(chosen, Account.username.not_in(self._taken))
                .order_by(Account.id)
            )
            if password is None:
                query = query.where(Account.username != self.accounts["officer"][0])
            account, name, commune = session.execute(query.limit(1)).one()
            if password is None:
                set_password(session, account, PASSWORD, actor=None, now=datetime.now(UTC))
            self._taken.add(account.username)
            return Login(account.username, password or PASSWORD, name, commune)


def finish_lesson(data: DataFolder, engine: Engine, login: Login, lesson: Lesson) -> None:
    """Everything of the lesson done, through the code the portal uses."""
    service = LessonService(engine, CourseLibrary(data))
    with reading(engine) as session:
        person = session.scalars(select(Account.person_id).where(Account.username == login.username)).one()
    assert person is not None
    for number, (item, state) in enumerate(finished_states(lesson), start=1):
        service.save(person, COURSE, LESSON, item, state, number, f"thu-{item}", datetime.now(UTC))
