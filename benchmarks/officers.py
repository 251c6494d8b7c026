"""The shipped course in a fresh data folder, with made-up officers who are enrolled and may sign in.

Everything is written by the services that the portal uses; units are those of the whole country.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from isoxa_courses.shipped import content_root
from isoxa_courses.text import name_sort_key
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import Account, CourseEdition, Membership, Person, Role
from isoxa_grading.records.units import country, load_units
from sqlalchemy import Engine
from sqlalchemy.orm import Session

COURSE = "iso-9001-cap-xa"


@dataclass(frozen=True)
class Filled:
    """The open transaction, the edition, and each officer's account, whose person is set."""

    session: Session
    edition: CourseEdition
    accounts: list[Account]


@contextmanager
def filled(
    data: DataFolder,
    engine: Engine,
    officers: int,
    *,
    now: datetime,
    username: str,
    password: str | None = None,
) -> Iterator[Filled]:
    """Build the course and enrol officers, named ``username`` and a number each; committed at the block's end."""
    migrate(engine)
    shipped = content_root()
    with writing(engine) as session:
        load_units(session)
        build_course(data, session, shipped.courses / COURSE, shipped.lessons, now=now)
        edition = latest_edition(session, COURSE)
        assert edition is not None
        unit, accounts = country(session), []
        for number in range(officers):
            name = f"Lò Thị Thử {number}"
            person = Person(full_name=name, sort_key=name_sort_key(name), made_up=True, created_at=now)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=unit.id, valid_from=date(2025, 7, 1)))
            enrol(session, person, edition, due_on=None, source="benchmark", actor=None, now=now)
            account = create_account(
                session, username=f"{username}{number}", password=password, display_name=name, person=person,
                actor=None, now=now,
            )  # fmt: skip
            grant_role(session, account, Role.OFFICER, unit, actor=None, now=now)
            accounts.append(account)
        yield Filled(session, edition, accounts)
