"""Writes what the preview decided: persons, service, accounts and enrolments, with audit rows, in the caller's
transaction, and for each row what undoing it needs (``undoing``). Rows that are doubtful or refused are left out;
everything else is written or nothing is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from isoxa_courses.text import VIETNAM, name_sort_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..accounts import free_username
from ..audit import audit, id_of
from ..enrolments import enrol_all
from ..tables import (
    Account,
    CourseEdition,
    Enrolment,
    Membership,
    Person,
    QualityRole,
    Role,
    RoleGrant,
    RosterImport,
    RosterImportRow,
)
from .deciding import PERSON_FIELDS, SERVICE_FIELDS, preview_roster
from .locking import lock_imports
from .preview import Decision, RosterPreview, RowKind

__all__ = ["RosterResult", "import_roster"]

# Kept out of the audit log: the log lives for ever, personal data need not (Law 91/2025/QH15).
_PERSONAL = ("birth_date", "birth_year", "phone", "email")


@dataclass(frozen=True)
class RosterResult:
    """What was written. ``import_id`` is None when nothing was to be changed."""

    counts: dict[str, int]
    accounts: dict[int, str]
    """Person id → username of each account that was made."""
    enrolled: int
    import_id: int | None
    preview: RosterPreview | None = None
    """What was decided in the transaction; what is left out there was not written."""


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
    """Import a previewed roster with the choices made in it. What to do is decided again here, since the records may
    have moved on.

    ``accounts="create"``: an officer account, without password, for everyone in the file who has none.
    ``made_up``: mark new persons as invented (demo, tests). Raises what ``preview_roster`` raises.
    """
    lock_imports(session)
    decided = preview_roster(session, preview.file, preview.scope, preview.choices)
    work = _Import(session, decided, actor, now)
    work.write_people(made_up)
    created = work.make_accounts() if accounts == "create" else {}
    enrolled = work.enrol(enrol_in, due_on) if enrol_in is not None else 0
    return RosterResult(decided.counts, created, enrolled, work.record(len(created), enrolled), decided)


class _Import:
    """One import while it is being written; ``done``: row key → what undoing it needs."""

    def __init__(
        self, session: Session, decided: RosterPreview, actor: Account | int | None, now: datetime
    ) -> None:
        self.session, self.decided, self.actor, self.now = session, decided, actor, now
        self.day = now.astimezone(VIETNAM).date()
        self.accepted = [one for one in decided.rows if not one.left_out and one.same_as is None]
        self.people: list[Person] = []
        self.done: defaultdict[str, dict[str, Any]] = defaultdict(dict)

    def write_people(self, made_up: bool) -> None:
        """The person of each accepted row, in order, and their service."""
        recorded = self._recorded()
        for decision in self.accepted:
            known = decision.known
            person = recorded[known.person_id] if known and known.person_id is not None else None
            if person is None:
                row = decision.row
                person = Person(
                    sort_key=name_sort_key(row.full_name), made_up=made_up, created_at=self.now,
                    **{name: getattr(row, name) for name in PERSON_FIELDS},
                )  # fmt: skip
                self.session.add(person)
            self.people.append(person)
        self.session.flush()  # new persons get their ids, in a few statements
        begun: list[tuple[str, Membership]] = []
        for decision, person in zip(self.accepted, self.people, strict=True):
            assert decision.unit is not None
            if decision.kind is RowKind.NEW:
                begun.append((decision.row.key, self._serve(person, decision)))
                self.done[decision.row.key]["person"] = True
                self._audit("person.created", person.id, decision.unit.id, {"source": "roster"})
            elif decision.changes:
                begun += self._change(person, decision)
                action = "person.moved" if decision.kind is RowKind.MOVED else "person.changed"
                self._audit(action, person.id, decision.unit.id, _detail(decision))
        self.session.flush()
        for key, membership in begun:
            self.done[key]["made"] = membership.id
            self.done[key]["served"] = {
                name: _plain(getattr(membership, name)) for name in ("unit_id", *SERVICE_FIELDS)
            }

    def make_accounts(self) -> dict[int, str]:
        """An officer's account for everyone in the file who has none."""
        rows = self.session.execute(select(Account.username, Account.person_id)).all()
        taken, have = {username for username, _ in rows}, {person_id for _, person_id in rows}
        made: list[tuple[Decision, Account]] = []
        for decision, person in zip(self.accepted, self.people, strict=True):
            if person.id in have:
                continue
            username = free_username(person.staff_code or person.full_name, taken)
            taken.add(username)
            account = Account(
                username=username, display_name=person.full_name, person_id=person.id, created_at=self.now
            )
            self.session.add(account)
            made.append((decision, account))
        self.session.flush()
        grants = []
        for decision, account in made:
            assert decision.unit is not None
            grant = RoleGrant(
                account_id=account.id, role=Role.OFFICER, unit_id=decision.unit.id, granted_at=self.now
            )
            self.session.add(grant)
            grants.append((decision.row.key, grant))
            self.done[decision.row.key]["account"] = account.id
            detail = {"username": account.username, "role": Role.OFFICER.value, "source": "roster"}
            audit(
                self.session,
                self.actor,
                "account.created",
                "account",
                account.id,
                decision.unit.id,
                detail,
                self.now,
            )
        self.session.flush()
        for key, grant in grants:
            self._grants(key)["made"].append(grant.id)
        return {account.person_id: account.username for _, account in made if account.person_id is not None}

    def enrol(self, edition: CourseEdition, due_on: date | None) -> int:
        """How many enrolments were added or given another due day."""
        query = select(Enrolment.person_id, Enrolment.due_on).where(Enrolment.edition_id == edition.id)
        before = dict(self.session.execute(query).all())
        made = enrol_all(
            self.session, self.people, edition, due_on=due_on, source="roster", actor=self.actor, now=self.now
        )
        changed = 0
        for decision, person, enrolment in zip(self.accepted, self.people, made, strict=True):
            if person.id not in before:
                self.done[decision.row.key]["enrolment"] = enrolment.id
                changed += 1
            elif due_on is not None and before[person.id] != due_on:
                due = {"id": enrolment.id, "before": _plain(before[person.id]), "after": _plain(due_on)}
                self.done[decision.row.key]["due"] = due
                changed += 1
        return changed

    def record(self, created: int, enrolled: int) -> int | None:
        """The import itself and what it did, if it did anything."""
        counts = self.decided.counts
        if not self.done:
            return None
        summary = counts | {"accounts": created, "enrolled": enrolled}
        scope = self.decided.scope
        record = RosterImport(
            file_name=self.decided.file.name, file_sha256=self.decided.file.sha256, imported_at=self.now,
            actor_account_id=id_of(self.actor), summary=summary, scope_unit_id=scope.id if scope else None,
        )  # fmt: skip
        self.session.add(record)
        self.session.flush()
        for decision, person in zip(self.accepted, self.people, strict=True):
            if decision.row.key in self.done:
                self.session.add(
                    RosterImportRow(
                        import_id=record.id, person_id=person.id, sheet=decision.row.sheet[:255],
                        row=decision.row.number, kind=decision.kind.value, done=self.done[decision.row.key],
                    )
                )  # fmt: skip
        self.session.flush()
        detail = summary | {"file": record.file_name, "sha256": record.file_sha256}
        audit(
            self.session,
            self.actor,
            "roster.imported",
            "roster_import",
            record.id,
            record.scope_unit_id,
            detail,
            self.now,
        )
        self.session.flush()
        return record.id

    def _recorded(self) -> dict[int, Person]:
        """The recorded persons of the accepted rows, read a few hundred at a time."""
        ids = [one.known.person_id for one in self.accepted if one.known and one.known.person_id is not None]
        found: dict[int, Person] = {}
        for start in range(0, len(ids), 500):
            query = select(Person).where(Person.id.in_(ids[start : start + 500]))
            found |= {person.id: person for person in self.session.scalars(query)}
        return found

    def _serve(self, person: Person, decision: Decision) -> Membership:
        assert decision.unit is not None
        membership = Membership(
            person_id=person.id,
            unit_id=decision.unit.id,
            position=decision.row.position,
            quality_role=decision.row.quality_role,
            valid_from=self.day,
            valid_to=None,
        )
        self.session.add(membership)
        return membership

    def _change(self, person: Person, decision: Decision) -> list[tuple[str, Membership]]:
        """Change what is recorded; returns the membership that begins, if one does."""
        done, changes = self.done[decision.row.key], decision.changes
        fields = {name: changes[name] for name in PERSON_FIELDS if name in changes}
        for name, (_, after) in fields.items():
            setattr(person, name, after)
        if fields:
            done["fields"] = {
                name: [_plain(before), _plain(after)] for name, (before, after) in fields.items()
            }
            person.sort_key = name_sort_key(person.full_name)
        assert decision.known is not None
        assert decision.unit is not None
        known = decision.known
        membership = self.session.get(Membership, known.membership_id) if known.membership_id else None
        begun: list[tuple[str, Membership]] = []
        service = {name: changes[name][1] for name in SERVICE_FIELDS if name in changes}
        if "unit" in changes and (membership is None or membership.valid_from < self.day):
            if membership is not None:
                membership.valid_to = self.day - timedelta(days=1)
                done["ended"] = membership.id
            begun.append((decision.row.key, self._serve(person, decision)))
        elif membership is not None and (service or "unit" in changes):
            # Moved on the very day the service began: it was never at the other unit, so there is no day to end it.
            after = service | ({"unit_id": decision.unit.id} if "unit" in changes else {})
            before = {name: _plain(getattr(membership, name)) for name in after}
            done["edited"] = {
                "id": membership.id,
                "before": before,
                "after": {name: _plain(value) for name, value in after.items()},
            }
            for name, value in after.items():
                setattr(membership, name, value)
        if "unit" in changes:
            self._move_role(person, changes["unit"][0], decision)
        return begun

    def _move_role(self, person: Person, before: int | None, decision: Decision) -> None:
        """The officer's own role goes with them; roles given by hand (trainer, department) stay where they are."""
        assert decision.unit is not None
        query = select(RoleGrant).join(Account).where(
            Account.person_id == person.id, RoleGrant.role == Role.OFFICER,
            RoleGrant.unit_id == before, RoleGrant.revoked_at.is_(None),
        )  # fmt: skip
        for grant in self.session.scalars(query).all():
            grant.revoked_at = self.now
            new = RoleGrant(
                account_id=grant.account_id, role=Role.OFFICER, unit_id=decision.unit.id, granted_at=self.now
            )
            self.session.add(new)
            self.session.flush()
            grants = self._grants(decision.row.key)
            grants["ended"].append(grant.id)
            grants["made"].append(new.id)

    def _grants(self, key: str) -> dict[str, list[int]]:
        grants: dict[str, list[int]] = self.done[key].setdefault("grants", {"made": [], "ended": []})
        return grants

    def _audit(self, action: str, person_id: int, unit_id: int, detail: dict[str, Any]) -> None:
        audit(self.session, self.actor, action, "person", person_id, unit_id, detail, self.now)


def _detail(decision: Decision) -> dict[str, Any]:
    return {
        name: None if name in _PERSONAL else [_plain(before), _plain(after)]
        for name, (before, after) in decision.changes.items()
    }


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, QualityRole) else value
