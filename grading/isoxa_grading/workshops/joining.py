"""Coming into a workshop by name: an ordinary person, membership, account and enrolment are made underneath.

So lessons, quizzes and documents work as they do for everybody. Two of the same name in one commune are two: who
types a name that is there already says whether they are that person (with the code their own page shows them) or
another one (with their position, to be told apart by). Nobody gets at somebody's work by typing a name.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from isoxa_courses.text import VIETNAM, clean, name_sort_key
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.activation import ALPHABET, plain_code
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.guessing import GuessLimits, TooManyGuesses, check_guesses, note_wrong
from isoxa_grading.records.tables import (
    Account,
    CourseEdition,
    Membership,
    Person,
    QualityRole,
    Role,
    Unit,
    UnitKind,
    WorkshopEntry,
)
from isoxa_grading.records.units import find_unit, unit_label

from .codes import read_code
from .errors import EntryRefused, ReturnRefused

__all__ = [
    "SOURCE",
    "Entry",
    "Namesake",
    "as_code",
    "change_class_code",
    "chosen_unit",
    "entry_of",
    "join",
    "namesakes",
    "outsiders",
    "return_as",
]

SOURCE = "lớp tập huấn"
_NAME, _POSITION, _STAFF_CODE = 100, 200, 40
_RETURN_CODE = 6
RETURN_CODES = GuessLimits("vao-lai", of_subject=10, of_address=30, window=timedelta(minutes=10))
"""22 characters to the power of 6 are 27 bits: at ten different codes in ten minutes, some 100 years for one person."""


@dataclass(frozen=True)
class Entry:
    """What the form says; ``join`` cleans it. ``quality_role``: a `QualityRole` or ''."""

    full_name: str
    position: str = ""
    quality_role: str = ""
    staff_code: str = ""
    class_code: str = ""


@dataclass(frozen=True)
class Namesake:
    """Somebody of that name and commune who is in already."""

    entry_id: int
    position: str
    joined_at: datetime


def chosen_unit(session: Session, typed: str, unit_id: int | None = None) -> Unit:
    """The commune that is meant. Raises `EntryRefused` with what it could be."""
    if unit_id is not None:
        unit = session.get(Unit, unit_id)
        if unit is not None and unit.kind is UnitKind.COMMUNE and unit.valid_to is None:
            return unit
    typed = clean(typed)
    if not typed:
        raise EntryRefused("Anh/chị chưa chọn xã, phường hoặc đặc khu.", "unit")
    match = find_unit(session, typed)
    found = [match.unit] if match.unit is not None else [*match.candidates]
    communes = [one for one in found if one.kind is UnitKind.COMMUNE and one.valid_to is None]
    if match.unit is not None and communes:
        return communes[0]
    if communes:
        names = [(one.id, unit_label(one)) for one in communes[:12]]
        raise EntryRefused(
            "Có nhiều đơn vị gần giống tên này. Anh/chị chọn một đơn vị bên dưới.", "unit", names
        )
    if match.unit is not None:
        raise EntryRefused(
            f"“{match.unit.name}” không phải cấp xã. Anh/chị nhập xã, phường hoặc đặc khu, kèm tên tỉnh.",
            "unit",
        )
    raise EntryRefused(
        "Chưa tìm thấy xã, phường hoặc đặc khu này. Anh/chị viết tên kèm tỉnh, ví dụ “Xã Di Linh, Lâm Đồng”; "
        "tên trước ngày 01/7/2025 cũng được.",
        "unit",
    )


def namesakes(session: Session, full_name: str, unit: Unit) -> list[Namesake]:
    """Who came in with that name (however it is cased) and commune, first come first."""
    query = (
        select(WorkshopEntry.id, Person.full_name, Membership.position, WorkshopEntry.joined_at)
        .join(Account, Account.id == WorkshopEntry.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.unit_id == unit.id, Membership.valid_to.is_(None), Account.disabled_at.is_(None))
        .order_by(WorkshopEntry.id)
    )
    wanted = clean(full_name).casefold()
    return [
        Namesake(entry_id, position or "", joined_at)
        for entry_id, name, position, joined_at in session.execute(query)
        if name.casefold() == wanted
    ]


def join(session: Session, entry: Entry, unit: Unit, *, apart: bool = False, now: datetime) -> WorkshopEntry:
    """Make everything a participant needs. Raises `EntryRefused`.

    ``apart``: they say that they are another one than those of the same name who are in already.
    """
    full_name = _full_name(entry.full_name)
    position = clean(entry.position)[:_POSITION]
    class_code = read_code(entry.class_code) if entry.class_code.strip() else None
    same = namesakes(session, full_name, unit)
    if same and not apart:
        raise EntryRefused("Đã có người cùng họ tên ở đơn vị này vào lớp.", "full_name")
    if same and (not position or position.casefold() in {one.position.casefold() for one in same}):
        raise EntryRefused(
            "Anh/chị ghi chức danh (khác với người cùng tên) để giảng viên phân biệt hai người.", "position"
        )
    role = QualityRole(entry.quality_role) if entry.quality_role in list(QualityRole) else None
    person = Person(
        full_name=full_name,
        sort_key=name_sort_key(full_name),
        staff_code=clean(entry.staff_code)[:_STAFF_CODE] or None,
        created_at=now,
    )
    session.add(person)
    session.flush()
    service = Membership(
        person_id=person.id,
        unit_id=unit.id,
        position=position or None,
        quality_role=role,
        valid_from=now.astimezone(VIETNAM).date(),
    )
    session.add(service)
    for edition in _newest_editions(session):
        enrol(session, person, edition, due_on=None, source=SOURCE, actor=None, now=now)
    key = uuid.uuid4().hex
    account = create_account(
        session,
        username=f"lop-{key[:16]}",
        password=None,
        display_name=full_name,
        person=person,
        actor=None,
        now=now,
    )
    grant_role(session, account, Role.OFFICER, unit, actor=None, now=now)
    made = WorkshopEntry(
        account_id=account.id,
        key=key,
        return_code="".join(secrets.choice(ALPHABET) for _ in range(_RETURN_CODE)),
        class_code=class_code,
        joined_at=now,
    )
    session.add(made)
    session.flush()
    return made


def return_as(
    session: Session, full_name: str, unit: Unit, return_code: str, *, address: str, now: datetime
) -> WorkshopEntry:
    """Who is in already and comes in again, from another browser. Raises `ReturnRefused`; a wrong code is noted, and
    after a few different ones none is looked at for a while."""
    typed = plain_code(return_code)
    # Hashed: what is noted for an hour names nobody.
    subject = hashlib.sha256(f"{unit.id}/{clean(full_name).casefold()}".encode()).hexdigest()
    try:
        check_guesses(session, RETURN_CODES, subject, address, now)
    except TooManyGuesses as refused:
        raise ReturnRefused(f"{refused} Bài làm trước vẫn còn nguyên.") from refused
    for one in namesakes(session, full_name, unit):
        entry = session.get_one(WorkshopEntry, one.entry_id)
        if hmac.compare_digest(entry.return_code, typed):
            return entry
    if typed:
        note_wrong(session, RETURN_CODES, subject, address, typed, now)
    raise ReturnRefused(
        "Mã vào lại chưa đúng. Mã có 6 ký tự, hiện ở trang “Mang kết quả về” trên máy anh/chị đã dùng. "
        "Bài làm trước vẫn còn nguyên."
    )


def entry_of(session: Session, account_id: int) -> WorkshopEntry | None:
    """How this account came in; None for one that has a login of its own."""
    return session.scalar(
        select(WorkshopEntry)
        .where(WorkshopEntry.account_id == account_id)
        .options(joinedload(WorkshopEntry.account))
    )


def change_class_code(entry: WorkshopEntry, typed: str) -> None:
    """The code on the wall, typed later; nothing typed takes it away. Raises `EntryRefused`."""
    entry.class_code = read_code(typed) if typed.strip() else None


def as_code(return_code: str) -> str:
    """``XXX-XXX``, as it is shown."""
    return f"{return_code[:3]}-{return_code[3:]}"


def outsiders(session: Session) -> int:
    """People in these records who did not come in by name: whoever may come in by name must not be among them."""
    came = select(Account.person_id).join(WorkshopEntry).where(Account.person_id.is_not(None))
    query = select(func.count(Person.id)).where(
        Person.made_up.is_(False), Person.erased_at.is_(None), Person.id.not_in(came)
    )
    return session.scalar(query) or 0


def _full_name(typed: str) -> str:
    name = clean(typed)
    if not name:
        raise EntryRefused("Anh/chị chưa nhập họ và tên.", "full_name")
    if len(name) > _NAME or sum(one.isalpha() for one in name) < 2:
        raise EntryRefused("Họ và tên gồm chữ, dài từ 2 đến 100 ký tự.", "full_name")
    return name


def _newest_editions(session: Session) -> list[CourseEdition]:
    courses = session.scalars(select(CourseEdition.course).distinct().order_by(CourseEdition.course))
    found = [latest_edition(session, course) for course in courses.all()]
    return [one for one in found if one is not None]
