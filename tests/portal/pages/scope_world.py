"""For the test of scopes: something of every kind at every place, and accounts that have a role over some of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import nbformat
import requests
from isoxa_courses.text import name_sort_key
from isoxa_grading.certificates import issue
from isoxa_grading.handins import Upload, find_assignment, hand_in
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.erasing import ask
from isoxa_grading.records.resets import request_reset
from isoxa_grading.records.signin import start_session
from isoxa_grading.records.tables import (
    Account,
    Attempt,
    DataRequestKind,
    FactKind,
    GradingTask,
    LessonWork,
    Membership,
    Person,
    Role,
    RosterImport,
    SignInSession,
    TrainingFact,
    Unit,
)
from isoxa_grading.records.units import country
from isoxa_grading.workshops import Plan, open_workshop
from isoxa_portal.pages import roster_uploads
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import NOW, Page, Reader, World
from tests.portal.pages.test_officer_pages import RIGHT, take
from tests.portal.tiny_course import COURSE, TOOL, TOOL_LESSON

# Seen from an actor at the first: own, sibling, parent, another province, one of its communes, and the whole.
PLACES = ("suoi-lanh", "da-bac", "lam-dong", "gia-lai", "ia-kha", "country")
ACTORS = ("suoi-lanh", "lam-dong", "country")
ASSIGNMENT = "bai-tap-1"
LIST = "Họ và tên,Đơn vị,Ngày sinh\nLò Thị Thử,xã Không Có,\n".encode()
_numbers = count(1)
_tokens: WeakKeyDictionary[Reader, str] = WeakKeyDictionary()


@dataclass
class Things:
    """Ids by place. ``paths``: of the units."""

    server: Server
    units: dict[str, int]
    paths: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, str] = field(default_factory=dict)
    imports: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)
    works: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, str] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    workshops: dict[str, int] = field(default_factory=dict)
    hand_ins: dict[str, str] = field(default_factory=dict)


def build(server: Server, world: World) -> Things:
    """Fill every place, and make the actors ``ROLE.PLACE``."""
    engine = server.app.portal.engine
    with writing(engine) as session:
        made = Things(server, world.units | {"country": country(session).id})
        for place in PLACES:
            unit = session.get_one(Unit, made.units[place])
            made.paths[place] = unit.path
            made.names[place] = "Việt Nam" if place == "country" else unit.name
            _fill(session, made, place, unit)
        for role in (Role.TRAINER, Role.DEPARTMENT, Role.ADMIN):
            for place in ACTORS:
                account = _account(session, f"{role.value}.{place}", None)
                grant_role(
                    session, account, role, session.get_one(Unit, made.units[place]), actor=None, now=NOW
                )
    for place in PLACES:
        page = take(Reader(server).log_in(f"o.{place}"), RIGHT | {"c5": f"Bài viết ở {place}"})
        made.attempts[place] = page.path.rsplit("/", 1)[1]
    _release_assignment(server)
    with writing(engine) as session:
        for place in PLACES:
            made.tasks[place] = session.scalars(
                select(GradingTask.id).where(GradingTask.attempt_id == made.attempts[place])
            ).one()
            request_reset(session, f"o.{place}", "10.9.9.9", NOW)
            made.certificates[place] = _certificate(session, made.attempts[place])
    for place in PLACES:
        made.hand_ins[place] = _hand_in(server, made, place)
    return made


def _release_assignment(server: Server) -> None:
    """As nbgrader leaves it in the course's folder."""
    cell = nbformat.v4.new_code_cell(
        "assert x", metadata={"nbgrader": {"grade_id": "mot", "grade": True, "locked": True, "points": 1}}
    )
    release = server.app.portal.data.nbgrader(COURSE) / "release" / ASSIGNMENT
    release.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), release / f"{ASSIGNMENT}.ipynb")


def _hand_in(server: Server, made: Things, place: str) -> str:
    portal = server.app.portal
    with reading(portal.engine) as session:
        assignment = find_assignment(portal.data, session, COURSE, ASSIGNMENT)
        person_id = session.get_one(Account, made.accounts[place]).person_id
    assert person_id is not None
    sent = Upload(f"{ASSIGNMENT}.ipynb", (assignment.release / f"{ASSIGNMENT}.ipynb").read_bytes())
    return hand_in(portal.data, portal.engine, assignment, person_id, [sent], now=NOW).hand_in.id


def _certificate(session: Session, attempt_id: str) -> str:
    enrolment = session.get_one(Attempt, attempt_id).enrolment
    fact = TrainingFact(
        enrolment_id=enrolment.id, kind=FactKind.COMPLETED, on=NOW.date(), value=None, recorded_at=NOW
    )
    session.add(fact)
    session.flush()
    return issue(session, fact, now=NOW).number


def _account(session: Session, username: str, person: Person | None) -> Account:
    return create_account(
        session, username=username, password=PASSWORD, display_name=f"Người {username}", person=person,
        actor=None, now=NOW,
    )  # fmt: skip


def _fill(session: Session, made: Things, place: str, unit: Unit) -> None:
    person = Person(
        full_name=f"Người o.{place}", sort_key=name_sort_key(f"Người {place}"), made_up=True, created_at=NOW
    )
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, unit_id=unit.id, valid_from=date(2025, 7, 1)))
    edition = latest_edition(session, COURSE)
    assert edition is not None
    enrolment = enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
    state = {"cycle": {"problem": f"Việc ở {place}"}}
    work = LessonWork(
        enrolment_id=enrolment.id, lesson=TOOL_LESSON, item=TOOL, state=state, sequence=1,
        write_key="w", saved_at=NOW,
    )  # fmt: skip
    session.add(work)
    account = _account(session, f"o.{place}", person)
    grant_role(session, account, Role.OFFICER, unit, actor=None, now=NOW)
    ask(session, person, DataRequestKind.CORRECT, "Sai", actor=account, unit_id=unit.id, now=NOW)
    start_session(session, account, NOW, "Cốc Cốc", "10.9.9.9")
    record = RosterImport(
        file_name=f"nhap-{place}.xlsx", file_sha256="0" * 64, imported_at=NOW, actor_account_id=None,
        summary={"new": 1}, scope_unit_id=unit.id,
    )  # fmt: skip
    session.add(record)
    session.flush()
    made.accounts[place], made.works[place] = account.id, work.id
    made.imports[place] = record.id
    plan = Plan(COURSE, f"Lớp của {place}.", "Hội trường", "Giảng viên", NOW.date())
    made.workshops[place] = open_workshop(session, plan, unit, actor=None, now=NOW).id
    made.sessions[place] = session.scalars(
        select(SignInSession.id).where(SignInSession.account_id == account.id)
    ).one()


@dataclass
class Case:
    """One account asks for something at one place."""

    reader: Reader
    username: str
    things: Things
    place: str

    @property
    def unit(self) -> int:
        return self.things.units[self.place]

    @property
    def account(self) -> int:
        return self.things.accounts[self.place]

    @property
    def name(self) -> str:
        return f"Người o.{self.place}"

    @property
    def person(self) -> int:
        """The officer of the place."""
        with reading(self.things.server.app.portal.engine) as session:
            found = session.get_one(Account, self.account).person_id
        assert found is not None
        return found

    @property
    def token(self) -> str:
        """Of the reader's sign-in, asked for once: nobody signs out here."""
        if self.reader not in _tokens:
            address = f"{self.reader.server.root}/api/session"
            _tokens[self.reader] = self.reader.cookies.get(address, timeout=60).json()["xsrf"]
        return _tokens[self.reader]

    def get(self, path: str) -> Page:
        return self.reader.get(path)

    def post(self, path: str, files: Any = None, **fields: str) -> Page:
        """A change with this account's token; where it leads is not followed."""
        return Page(
            self.reader.cookies.post(
                self.reader.server.root + path, data=fields, files=files, timeout=60, allow_redirects=False,
                headers={"X-Isoxa-Xsrf": self.token},
            )
        )  # fmt: skip

    def api(self, method: str, path: str, body: Any = None) -> requests.Response:
        """The JSON API with this account's token."""
        sent = {} if method == "GET" else {"json": body or {}}
        return self.reader.cookies.request(
            method,
            self.reader.server.root + path,
            headers={"X-Isoxa-Xsrf": self.token},
            timeout=60,
            **sent,
        )

    @property
    def version(self) -> str:
        """Of the account at the place, as it is now."""
        with reading(self.things.server.app.portal.engine) as session:
            return str(session.get_one(Account, self.account).version)

    @property
    def key(self) -> str:
        return f"{self.account}.{self.version}"

    @property
    def fresh_username(self) -> str:
        return f"thu.{next(_numbers)}"

    def query(self) -> str:
        """The place's name as a list's filter."""
        return requests.models.RequestEncodingMixin._encode_params({"don-vi": self.things.names[self.place]})

    def revive_session(self) -> int:
        """The place's session is alive, whoever ended it before."""
        session_id = self.things.sessions[self.place]
        with writing(self.things.server.app.portal.engine) as session:
            one = session.get_one(SignInSession, session_id)
            one.ended_at, one.last_seen_at, one.expires_at = None, NOW, NOW + timedelta(hours=12)
        return session_id

    def has_ended(self, session_id: int) -> bool:
        with reading(self.things.server.app.portal.engine) as session:
            return session.get_one(SignInSession, session_id).ended_at is not None

    def kept_upload(self) -> str:
        """A file this very account sent when it still had the place's unit."""
        portal = self.things.server.app.portal
        with reading(portal.engine) as session:
            me = session.scalars(select(Account.id).where(Account.username == self.username)).one()
        return roster_uploads.keep(portal.data, me, "ds.csv", LIST, self.unit, NOW)
