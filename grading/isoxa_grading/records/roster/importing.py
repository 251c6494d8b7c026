"""Writes what the preview decided: persons, service, accounts and enrolments, with audit rows, in the caller's
transaction. Rows that were refused are left out; everything else is written or nothing is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from isoxa_courses.text import VIETNAM, name_sort_key
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ..accounts import free_username
from ..audit import audit, id_of
from ..enrolments import enrol_all
from ..tables import Account, CourseEdition, Enrolment, Membership, Person, Role, RoleGrant, RosterImport
from .deciding import PERSON_FIELDS, SERVICE_FIELDS, Decision, RosterPreview, RowKind, preview_roster

__all__ = ["RosterResult", "import_roster"]

# Kept out of the audit log: the log lives for ever, personal data need not (Law 91/2025/QH15).
_PERSONAL = ("birth_date", "phone", "email")


@dataclass(frozen=True)
class RosterResult:
    """What was written. ``import_id`` is None when nothing was to be changed."""

    counts: dict[str, int]
    accounts: dict[int, str]
    """Person id → username of each account that was made."""
    enrolled: int
    import_id: int | None


def import_roster(
    session: Session,
    preview: RosterPreview,
    actor: Account | int | None,
    now: datetime,
    *,
    enrol_in: CourseEdition | None = None,
    due_on: date | None = None,
    accounts: Literal["none", "create"] = "none",
    made_up: bool = False,
) -> RosterResult:
    """Import a previewed roster. What to do is decided again here, since the records may have moved on.

    ``accounts="create"``: an officer account, without password, for everyone in the file who has none.
    ``made_up``: mark new persons as invented (demo, tests).
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two imports at once would each find a person missing and both add them.
        session.execute(text("SELECT pg_advisory_xact_lock(20251122)"))
    decided = preview_roster(session, preview.file, preview.scope)
    accepted = [decision for decision in decided.rows if decision.kind is not RowKind.REFUSED]
    people = _write_people(session, accepted, actor, now, made_up)
    created = _make_accounts(session, accepted, people, actor, now) if accounts == "create" else {}
    enrolled = 0
    if enrol_in is not None:
        enrolled = _enrol(session, people, enrol_in, due_on, preview.file.name, actor, now)
    counts = decided.counts
    record = None
    if created or enrolled or counts["new"] or counts["changed"] or counts["moved"]:
        summary = counts | {"accounts": len(created), "enrolled": enrolled}
        record = RosterImport(
            file_name=preview.file.name, file_sha256=preview.file.sha256, imported_at=now,
            actor_account_id=id_of(actor), summary=summary,
        )  # fmt: skip
        session.add(record)
        session.flush()
        detail = summary | {"file": record.file_name, "sha256": record.file_sha256}
        scope_id = preview.scope.id if preview.scope else None
        audit(session, actor, "roster.imported", "roster_import", record.id, scope_id, detail, now)
    return RosterResult(counts, created, enrolled, record.id if record else None)


def _write_people(
    session: Session, accepted: Sequence[Decision], actor: Account | int | None, now: datetime, made_up: bool
) -> list[Person]:
    """The person of each accepted row, in order."""
    people = []
    for decision in accepted:
        person = decision.known.person if decision.known else None
        if person is None:
            row = decision.row
            person = Person(
                sort_key=name_sort_key(row.full_name), made_up=made_up, created_at=now,
                **{name: getattr(row, name) for name in PERSON_FIELDS},
            )  # fmt: skip
            session.add(person)
        people.append(person)
    session.flush()  # new persons get their ids, in a few statements
    day = now.astimezone(VIETNAM).date()
    for decision, person in zip(accepted, people, strict=True):
        assert decision.unit is not None
        if decision.kind is RowKind.NEW:
            _serve(session, person, decision, day)
            audit(
                session,
                actor,
                "person.created",
                "person",
                person.id,
                decision.unit.id,
                {"source": "roster"},
                now,
            )
        elif decision.changes:
            _change(session, person, decision, day, now)
            action = "person.moved" if decision.kind is RowKind.MOVED else "person.changed"
            audit(session, actor, action, "person", person.id, decision.unit.id, _detail(decision), now)
    session.flush()
    return people


def _serve(session: Session, person: Person, decision: Decision, day: date) -> None:
    assert decision.unit is not None
    session.add(
        Membership(
            person_id=person.id,
            unit_id=decision.unit.id,
            position=decision.row.position,
            quality_role=decision.row.quality_role,
            valid_from=day,
            valid_to=None,
        )
    )


def _change(session: Session, person: Person, decision: Decision, day: date, now: datetime) -> None:
    for name in PERSON_FIELDS:
        if name in decision.changes:
            setattr(person, name, decision.changes[name][1])
    person.sort_key = name_sort_key(person.full_name)
    membership = decision.known.membership if decision.known else None
    assert decision.unit is not None
    if "unit" in decision.changes and (membership is None or membership.valid_from < day):
        if membership is not None:
            membership.valid_to = day - timedelta(days=1)
        _serve(session, person, decision, day)
    elif membership is not None:
        # Moved on the very day the service began: it was never at the other unit, so there is no day to end it.
        membership.unit_id = decision.unit.id
        for name in SERVICE_FIELDS:
            if name in decision.changes:
                setattr(membership, name, decision.changes[name][1])
    if "unit" in decision.changes:
        _move_role(session, person, decision.changes["unit"][0], decision.unit.id, now)


def _move_role(session: Session, person: Person, before: int | None, after: int, now: datetime) -> None:
    """The officer's own role goes with them; roles given by hand (trainer, department) stay where they are."""
    query = select(RoleGrant).join(Account).where(
        Account.person_id == person.id, RoleGrant.role == Role.OFFICER,
        RoleGrant.unit_id == before, RoleGrant.revoked_at.is_(None),
    )  # fmt: skip
    for grant in session.scalars(query):
        grant.revoked_at = now
        session.add(RoleGrant(account_id=grant.account_id, role=Role.OFFICER, unit_id=after, granted_at=now))


def _detail(decision: Decision) -> dict[str, Any]:
    return {
        name: None if name in _PERSONAL else [_plain(before), _plain(after)]
        for name, (before, after) in decision.changes.items()
    }


def _plain(value: object) -> object:
    return value if isinstance(value, int) or value is None else str(value)


def _make_accounts(
    session: Session,
    accepted: Sequence[Decision],
    people: Sequence[Person],
    actor: Account | int | None,
    now: datetime,
) -> dict[int, str]:
    rows = session.execute(select(Account.username, Account.person_id)).all()
    taken, have = {username for username, _ in rows}, {person_id for _, person_id in rows}
    made: list[tuple[Account, int]] = []
    for decision, person in zip(accepted, people, strict=True):
        if person.id in have:
            continue
        assert decision.unit is not None
        username = free_username(person.staff_code or person.full_name, taken)
        taken.add(username)
        account = Account(
            username=username, display_name=person.full_name, person_id=person.id, created_at=now
        )
        session.add(account)
        made.append((account, decision.unit.id))
    session.flush()
    for account, unit_id in made:
        session.add(RoleGrant(account_id=account.id, role=Role.OFFICER, unit_id=unit_id, granted_at=now))
        detail = {"username": account.username, "role": Role.OFFICER.value, "source": "roster"}
        audit(session, actor, "account.created", "account", account.id, unit_id, detail, now)
    session.flush()
    return {account.person_id: account.username for account, _ in made if account.person_id is not None}


def _enrol(
    session: Session, people: Sequence[Person], edition: CourseEdition, due_on: date | None, file: str,
    actor: Account | int | None, now: datetime,
) -> int:  # fmt: skip
    """How many enrolments were added or given another due day."""
    query = select(Enrolment.person_id, Enrolment.due_on).where(Enrolment.edition_id == edition.id)
    before = dict(session.execute(query).all())
    enrol_all(session, people, edition, due_on=due_on, source="roster", actor=actor, now=now)
    return sum(
        person.id not in before or (due_on is not None and before[person.id] != due_on) for person in people
    )
