"""A portal's data folder with the shipped course and officers who are signed in.

Accounts and enrolments are written by the services that the portal uses, and each account's sign-in is opened by the
records' sign-in service (`start_session`), without its password having been asked: a login hashes one on purpose
slowly, which is another benchmark.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

from isoxa_courses.shipped import content_root
from isoxa_courses.text import name_sort_key
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.signin import start_session
from isoxa_grading.records.tables import Membership, Person, Role
from isoxa_grading.records.units import country, load_units
from isoxa_portal.identity import COOKIE

COURSE = "iso-9001-cap-xa"
MOST_LESSONS = 2_000


def prepare(folder: Path, officers: int) -> tuple[Path, list[str]]:
    """Make the data folder; returns the released edition's folder and each officer's Cookie header."""
    data = DataFolder(folder)
    data.create()
    settings = re.sub(
        r"^max_lessons = .*$",
        f"max_lessons = {MOST_LESSONS}",
        data.settings_file.read_text(),
        flags=re.MULTILINE,
    )
    data.settings_file.write_text(settings)
    engine = data.engine()
    migrate(engine)
    now = datetime.now(UTC)
    shipped = content_root()
    cookies = []
    with writing(engine) as session:
        load_units(session)
        build_course(data, session, shipped.courses / COURSE, shipped.lessons, now=now)
        edition = latest_edition(session, COURSE)
        assert edition is not None
        unit = country(session)
        for number in range(officers):
            name = f"Lò Thị Mở {number}"
            person = Person(full_name=name, sort_key=name_sort_key(name), made_up=True, created_at=now)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=unit.id, valid_from=date(2025, 7, 1)))
            enrol(session, person, edition, due_on=None, source="benchmark", actor=None, now=now)
            account = create_account(
                session, username=f"mo{number}", password=None, display_name=name, person=person,
                actor=None, now=now,
            )  # fmt: skip
            grant_role(session, account, Role.OFFICER, unit, actor=None, now=now)
            token = start_session(session, account, now, "benchmark", "127.0.0.1")
            cookies.append(f"{COOKIE}={token}")
        released = data.path / "released" / COURSE / str(edition.edition)
    engine.dispose()
    assert released.is_dir(), released
    return released, cookies
