"""Fill a data folder for the demo; run again, it keeps what is there and goes on where it stopped.

The steps are those of a real first afternoon: init, publish the course, import the roster, make accounts; then the
history. The logins' passwords come from the folder's own secret, so no two demos share one and a second run prints
the same.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from isoxa_courses.shipped import content_root
from isoxa_courses.text import VIETNAM
from isoxa_grading.nbgrader_bridge import build_course, drain_outbox
from isoxa_grading.records.accounts import create_account, grant_role, set_password
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.audit import audit
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.enrolments import change_due, latest_edition
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.roster import import_roster, preview_roster, read_roster
from isoxa_grading.records.tables import (
    Account,
    AuditEvent,
    CourseEdition,
    Enrolment,
    FactKind,
    HandIn,
    Person,
    RoleGrant,
    TrainingFact,
    Unit,
)
from isoxa_grading.records.tables.people import Role
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.units import country, load_units
from sqlalchemy import Engine, event, exists, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from .exercise import hand_in_exercises, release_exercise, works
from .history import Actor, HistoryPlayer
from .people import PROVINCE, STAFF_CODE_PREFIX, made_up_officers, write_roster

COURSE = "iso-9001-cap-xa"
STAFF = (
    ("giangvien", "Giảng viên (giả lập)", Role.TRAINER),
    ("sokhcn", "Sở Khoa học và Công nghệ (giả lập)", Role.DEPARTMENT),
    ("quantri", "Quản trị viên (giả lập)", Role.ADMIN),
)


@dataclass(frozen=True)
class DemoAccount:
    """A login of the demo."""

    role: str
    username: str
    password: str


def fill_demo(
    data: DataFolder, engine: Engine, *, now: datetime, progress: Callable[[str], None]
) -> list[DemoAccount]:
    """Fill the folder; returns a login for each of the four roles. The officer is someone who has not begun."""
    # Thousands of small commits follow, all of which can be made again: the disk need not confirm each.
    event.listen(engine, "connect", _without_waiting_for_the_disk)
    progress("Tạo cơ sở dữ liệu và nạp danh mục đơn vị hành chính")
    migrate(engine)
    with writing(engine) as session:
        load_units(session)
    progress("Phát hành khóa học")
    shipped = content_root()
    with writing(engine) as session:
        if latest_edition(session, COURSE) is None:
            build_course(
                data, session, shipped.courses / COURSE, shipped.lessons, now=now - timedelta(days=60)
            )
    progress("Nhập danh sách cán bộ giả lập")
    with writing(engine) as session:
        _import_roster(data, session, now)
    with writing(engine) as session:
        _make_staff_accounts(data, session, now)
    progress("Diễn lại quá trình học")
    library = CourseLibrary(data)
    _play_history(data, engine, library, now, progress)
    progress("Phát hành bài tập thực hành, nhận vài bài nộp")
    release_exercise(data, COURSE, now=now)
    hand_in_exercises(data, engine, COURSE, _first_who_began(engine), now=now)
    progress("Ghi sổ điểm nbgrader")
    drain_outbox(data, engine, library, now=now)
    with writing(engine) as session:
        officer = _officer_who_has_not_begun(data, session, now)
    return [officer, *(DemoAccount(role.value, name, _password(data, name)) for name, _title, role in STAFF)]


def _without_waiting_for_the_disk(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def _import_roster(data: DataFolder, session: Session, now: datetime) -> None:
    """Write the made-up roster and take it in as a department's own file would be."""
    province = _province(session)
    communes = session.scalars(
        select(Unit.name)
        .where(Unit.parent_id == province.id, Unit.kind == UnitKind.COMMUNE, Unit.valid_to.is_(None))
        .order_by(Unit.code)
    ).all()
    file = data.exports / "danh-sach-gia-lap.xlsx"
    if not file.exists():
        write_roster(file, made_up_officers(communes))
    if session.scalar(select(exists().where(Person.staff_code.startswith(STAFF_CODE_PREFIX)))):
        return
    edition = latest_edition(session, COURSE)
    preview = preview_roster(session, read_roster(file, file.name), province)
    due = (now + timedelta(days=10)).astimezone(VIETNAM).date()
    import_roster(
        session,
        preview,
        actor=None,
        now=now - timedelta(days=58),
        enrol_in=edition,
        due_on=due,
        accounts="create",
        made_up=True,
    )
    _let_some_be_overdue(session, due - timedelta(days=20), now)


def _let_some_be_overdue(session: Session, earlier: date, now: datetime) -> None:
    """Every sixth officer was to be done earlier, so that the report has somebody overdue."""
    for number, enrolment in enumerate(session.scalars(select(Enrolment).order_by(Enrolment.id))):
        if number % 6 == 0:
            change_due(session, enrolment, due_on=earlier, actor=None, now=now - timedelta(days=57))


def _make_staff_accounts(data: DataFolder, session: Session, now: datetime) -> None:
    province = _province(session)
    for username, title, role in STAFF:
        if session.scalar(select(exists().where(Account.username == username))):
            continue
        account = create_account(
            session,
            username=username,
            password=_password(data, username),
            display_name=title,
            actor=None,
            now=now,
        )
        grant_role(
            session, account, role, country(session) if role is Role.ADMIN else province, actor=None, now=now
        )


def _play_history(
    data: DataFolder, engine: Engine, library: CourseLibrary, now: datetime, progress: Callable[[str], None]
) -> None:
    with reading(engine) as session:
        if session.scalar(select(exists().where(AuditEvent.action == "demo.filled"))):
            return
        begun = select(Enrolment.person_id).join(
            TrainingFact,
            (TrainingFact.enrolment_id == Enrolment.id) & (TrainingFact.kind == FactKind.STARTED),
        )
        query = select(Person.id, Person.staff_code).where(
            Person.staff_code.startswith(STAFF_CODE_PREFIX), Person.id.not_in(begun)
        )
        officers = [Actor(row.id, row.staff_code or "") for row in session.execute(query.order_by(Person.id))]
        trainer = session.scalars(
            select(RoleGrant.account_id).where(RoleGrant.role == Role.TRAINER).order_by(RoleGrant.id)
        ).first()
        edition = latest_edition(session, COURSE)
    if trainer is None or edition is None:
        raise RuntimeError("the demo's course and trainer are made before its history")
    attempts = AttemptService(engine, library, data.secret("attempts"), None)
    lessons = LessonService(engine, library)
    course = library.edition(edition.course, edition.edition)
    player = HistoryPlayer(engine, attempts, lessons, course, trainer_account_id=trainer)
    player.play(
        officers,
        until=now,
        progress=lambda done: progress(f"Diễn lại quá trình học: {done}/{len(officers)} người"),
    )
    with writing(engine) as session:
        audit(session, None, "demo.filled", "course", COURSE, None, {"officers": len(officers)}, now)


def _first_who_began(engine: Engine) -> list[int]:
    """People, in the order of the roster, who handed in nothing yet; none if anybody did."""
    begun = (
        select(Enrolment.person_id)
        .join(TrainingFact, TrainingFact.enrolment_id == Enrolment.id)
        .where(TrainingFact.kind == FactKind.LESSON_COMPLETED)
        .distinct()
        .order_by(Enrolment.person_id)
        .limit(len(works()))
    )
    with reading(engine) as session:
        if session.scalar(select(exists().where(HandIn.number > 0))):
            return []
        return list(session.scalars(begun))


def _officer_who_has_not_begun(data: DataFolder, session: Session, now: datetime) -> DemoAccount:
    """The first officer, by commune, with nothing begun; someone has their login already if the demo ran before."""
    begun = select(TrainingFact.enrolment_id).where(TrainingFact.kind == FactKind.STARTED)
    account = session.scalars(
        select(Account)
        .join(Enrolment, Enrolment.person_id == Account.person_id)
        .join(CourseEdition)
        .where(Enrolment.id.not_in(begun), Account.disabled_at.is_(None))
        .order_by(Account.password_hash.is_(None), Account.id)
        .limit(1)
    ).one()
    password = _password(data, account.username)
    if account.password_hash is None:
        set_password(session, account, password, actor=None, now=now)
    return DemoAccount(Role.OFFICER.value, account.username, password)


def _province(session: Session) -> Unit:
    query = select(Unit).where(
        Unit.kind == UnitKind.PROVINCE, Unit.short_name == PROVINCE, Unit.valid_to.is_(None)
    )
    return session.scalars(query).one()


def _password(data: DataFolder, username: str) -> str:
    """A password that can be typed, from the folder's secret: 50 bits."""
    digest = hmac.new(data.secret("demo"), username.encode(), hashlib.sha256).digest()
    return "xa-" + base64.b32encode(digest)[:10].decode().lower()
