"""Takes one import back whole, where nothing later depends on it; otherwise nothing is changed and the rows that hold
it are named.

What an import did stands in ``roster_import_row.done``::

    person      True: the import added the person
    fields      person's field → [before, after]
    made        id of the membership it began
    ended       id of the membership it ended
    edited      {"id", "before": {field: value}, "after": {...}}: a membership it changed in place
    account     id of the account it made
    grants      {"made": [ids], "ended": [ids]} of role grants
    enrolment   id of the enrolment it made
    due         {"id", "before", "after"}: a due day it set
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from isoxa_courses.text import name_sort_key
from sqlalchemy import Table, delete, exists, select, update
from sqlalchemy.orm import Session

from isoxa_grading.completion.standing import refresh

from ..audit import audit, id_of
from ..enrolments import change_due
from ..tables import (
    Account,
    Base,
    Enrolment,
    EnrolmentStanding,
    FactKind,
    Membership,
    Person,
    QualityRole,
    RoleGrant,
    RosterImport,
    RosterImportRow,
    TrainingFact,
)
from .locking import lock_imports

__all__ = ["Held", "UndoRefused", "forget_in_imports", "undo_import"]


@dataclass(frozen=True)
class Held:
    """A row that cannot be taken back, and why (Vietnamese)."""

    sheet: str
    row: int
    name: str
    reason: str

    def __str__(self) -> str:
        return f"Trang “{self.sheet}”, dòng {self.row} ({self.name}): {self.reason}"


class UndoRefused(Exception):
    """The import cannot be undone; nothing was changed. ``held``: the rows that hold it."""

    def __init__(self, message: str, held: Iterable[Held] = ()) -> None:
        super().__init__(message)
        self.held = tuple(held)


def undo_import(session: Session, import_id: int, actor: Account | int | None, now: datetime) -> int:
    """Undo an import whole, in the caller's transaction; returns how many rows. Raises ``UndoRefused``."""
    lock_imports(session)
    record = session.get(RosterImport, import_id)
    if record is None:
        raise UndoRefused("Không có lần nhập này.")
    if record.undone_at is not None:
        raise UndoRefused("Lần nhập này đã được hoàn tác.")
    query = select(RosterImportRow).where(RosterImportRow.import_id == import_id).order_by(RosterImportRow.id)
    rows = list(session.scalars(query))
    held = [one for row in rows for one in _held(session, row)]
    if held:
        raise UndoRefused(
            f"Chưa hoàn tác: {len(held)} dòng đã có việc phát sinh sau lần nhập này. Không có gì bị thay đổi.",
            held,
        )
    for row in reversed(rows):
        _take_back(session, row, actor, now)
    session.execute(delete(RosterImportRow).where(RosterImportRow.import_id == import_id))
    for row in rows:
        if row.done.get("person"):
            session.execute(delete(Person).where(Person.id == row.person_id))
    record.undone_at, record.undone_by_account_id = now, id_of(actor)
    session.flush()
    session.expire_all()
    detail = {"file": record.file_name, "rows": len(rows)}
    audit(session, actor, "roster.undone", "roster_import", record.id, record.scope_unit_id, detail, now)
    session.flush()
    return len(rows)


def forget_in_imports(session: Session, person_id: int) -> None:
    """Erase what imports keep of a person's earlier values; those imports can then no longer be undone for them."""
    session.execute(
        update(RosterImportRow)
        .where(RosterImportRow.person_id == person_id)
        .values(done={"erased": True}, sheet="")
    )


def _held(session: Session, row: RosterImportRow) -> Iterator[Held]:
    person = session.get(Person, row.person_id) if row.person_id else None
    for reason in _reasons(session, row, person):
        yield Held(row.sheet, row.row, person.full_name if person else "", reason)


def _reasons(session: Session, row: RosterImportRow, person: Person | None) -> Iterator[str]:
    done = row.done
    if person is None or done.get("erased") or person.erased_at is not None:
        yield "dữ liệu cá nhân đã được xóa theo yêu cầu"
        return
    later = exists().where(RosterImportRow.person_id == person.id, RosterImportRow.id > row.id)
    if session.scalar(select(later)):
        yield "đã có lần nhập sau"
    for name, (_, after) in done.get("fields", {}).items():
        if _plain(getattr(person, name)) != after:
            yield "thông tin đã được sửa sau đó"
            break
    yield from _service_reasons(session, done, person)
    enrolment_id = done.get("enrolment")
    if enrolment_id:
        kept = {FactKind.ENROLLED, FactKind.DUE}
        kinds = set(
            session.scalars(select(TrainingFact.kind).where(TrainingFact.enrolment_id == enrolment_id))
        )
        # The standing is made of the facts and goes with them.
        own = {"training_fact", "enrolment_standing"} if kinds <= kept else set()
        if _dependants(session, "enrolment", enrolment_id, own):
            yield "đã bắt đầu học"
    due = done.get("due")
    if due:
        enrolment = session.get(Enrolment, due["id"])
        if enrolment is None or _plain(enrolment.due_on) != due["after"]:
            yield "hạn hoàn thành đã được đổi sau đó"
    account_id = done.get("account")
    if account_id:
        own_grants = set(done.get("grants", {}).get("made", ()))
        all_grants = set(session.scalars(select(RoleGrant.id).where(RoleGrant.account_id == account_id)))
        account = session.get(Account, account_id)
        if account is None or account.password_hash or account.disabled_at or all_grants - own_grants:
            yield "tài khoản đã được dùng hoặc đã đổi"
        elif _dependants(session, "account", account_id, {"role_grant"}):
            yield "tài khoản đã được cấp mã, đăng nhập hoặc đã làm việc"
    if done.get("person"):
        own = {"membership", "enrolment", "enrolment_standing", "account", "roster_import_row"}
        counted = (
            (Membership, {done.get("made")}), (Enrolment, {done.get("enrolment")}), (Account, {done.get("account")}),
        )  # fmt: skip
        for table, mine in counted:
            if set(session.scalars(select(table.id).where(table.person_id == person.id))) - mine:
                yield "đã có đơn vị, tài khoản hoặc ghi danh khác"
                return
        if _dependants(session, "person", person.id, own):
            yield "đã có hồ sơ phát sinh"


def _service_reasons(session: Session, done: dict[str, Any], person: Person) -> Iterator[str]:
    serving = set(
        session.scalars(
            select(Membership.id).where(Membership.person_id == person.id, Membership.valid_to.is_(None))
        )
    )
    made, edited = done.get("made"), done.get("edited")
    expected = made or (edited or {}).get("id")
    if expected is not None and serving != {expected}:
        yield "đã chuyển đơn vị hoặc nghỉ sau đó"
    elif edited:
        membership = session.get_one(Membership, edited["id"])
        if any(_plain(getattr(membership, name)) != after for name, after in edited["after"].items()):
            yield "đơn vị, chức danh hoặc vai trò đã được sửa sau đó"
    elif made:
        membership = session.get_one(Membership, made)
        if any(_plain(getattr(membership, name)) != after for name, after in done.get("served", {}).items()):
            yield "đơn vị, chức danh hoặc vai trò đã được sửa sau đó"


def _dependants(session: Session, table: str, id: int, besides: set[str]) -> bool:
    """Whether a row of any other table names this one: whoever adds a table later is asked too."""
    for other in Base.metadata.tables.values():
        if other.name in besides:
            continue
        for key in other.foreign_keys:
            if key.column.table.name == table and session.scalar(
                select(exists().where(_column(other, key.parent.name) == id))
            ):
                return True
    return False


def _column(table: Table, name: str) -> Any:
    return table.c[name]


def _take_back(session: Session, row: RosterImportRow, actor: Account | int | None, now: datetime) -> None:
    done = row.done
    assert row.person_id is not None
    person = session.get_one(Person, row.person_id)
    if enrolment_id := done.get("enrolment"):
        session.execute(delete(EnrolmentStanding).where(EnrolmentStanding.enrolment_id == enrolment_id))
        session.execute(delete(TrainingFact).where(TrainingFact.enrolment_id == enrolment_id))
        session.execute(delete(Enrolment).where(Enrolment.id == enrolment_id))
        # An older edition may be the one that counts again.
        for left in session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)):
            refresh(session, left.edition, [left.id], enrolling=True)
    if due := done.get("due"):
        before = date.fromisoformat(due["before"]) if due["before"] else None
        change_due(session, session.get_one(Enrolment, due["id"]), due_on=before, actor=actor, now=now)
    grants = done.get("grants", {})
    if grants.get("made"):
        session.execute(delete(RoleGrant).where(RoleGrant.id.in_(grants["made"])))
    if grants.get("ended"):
        session.execute(update(RoleGrant).where(RoleGrant.id.in_(grants["ended"])).values(revoked_at=None))
    if account_id := done.get("account"):
        session.execute(delete(Account).where(Account.id == account_id))
    if made := done.get("made"):
        session.execute(delete(Membership).where(Membership.id == made))
    if ended := done.get("ended"):
        session.execute(update(Membership).where(Membership.id == ended).values(valid_to=None))
    if edited := done.get("edited"):
        membership = session.get_one(Membership, edited["id"])
        for name, before in edited["before"].items():
            setattr(membership, name, QualityRole(before) if name == "quality_role" and before else before)
    if not done.get("person"):
        for name, (before, _) in done.get("fields", {}).items():
            setattr(person, name, date.fromisoformat(before) if name == "birth_date" and before else before)
        if done.get("fields"):
            person.sort_key = name_sort_key(person.full_name)
    session.flush()
    audit(
        session, actor, "person.import_undone", "person", row.person_id, None, {"import": row.import_id}, now
    )


def _plain(value: Any) -> Any:
    """As ``done`` keeps it in JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, QualityRole) else value
