"""Whom to call about a commune or about an answer that waits: the reader's scope decides what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from isoxa_grading.records.tables.people import Account, Membership, Person, QualityRole, Role, RoleGrant
from isoxa_grading.records.tables.units import Unit

from .call_rows import Contact
from .survey import Survey

CALL_ORDER = (
    QualityRole.LEADER,
    QualityRole.ISO_SECRETARY,
    QualityRole.ONE_STOP,
    QualityRole.INTERNAL_AUDITOR,
    QualityRole.SPECIALIST,
    None,
)
"""Who speaks for a commune, the first that somebody holds."""


@dataclass(frozen=True)
class Contacts:
    """``people``: commune → role → the first by name; ``trainers``: path of their charge → contact."""

    people: dict[int, dict[QualityRole | None, Contact]]
    trainers: dict[str, Contact]
    paths: dict[int, str]

    def of_commune(self, unit_id: int, role: QualityRole | None = None) -> Contact | None:
        """Who speaks for the commune; first of all the holder of ``role``, if one is asked for."""
        known = self.people.get(unit_id, {})
        order = CALL_ORDER if role is None else (role, *CALL_ORDER)
        return next((known[one] for one in order if one in known), None)

    def trainer_of(self, unit_id: int) -> Contact | None:
        """The trainer whose charge over the commune is the narrowest."""
        above = [path for path in self.trainers if self.paths[unit_id].startswith(path)]
        return self.trainers[max(above, key=len)] if above else None


def read_contacts(
    asked: Survey,
    unit_ids: Sequence[int],
    scope_paths: Sequence[str],
    holders: Mapping[QualityRole, set[int]] | None = None,
) -> Contacts:
    """The contacts of some of the survey's communes; ``holders``: of which the holders of a role are wanted as well.

    Role by role, each for the communes that have nobody yet: most have a leader, and few of the others are read.
    """
    people: dict[int, dict[QualityRole | None, Contact]] = {}
    left = set(unit_ids)
    for role in CALL_ORDER:
        here = left if role is None or holders is None else left | holders.get(role, set())
        if not here:
            continue
        everybody = replace(asked.learners(sorted(here)), role=None)
        for row in asked.session.execute(everybody.serving_people(role)):
            known = people.setdefault(row.unit_id, {})
            known.setdefault(role, Contact(row.full_name, row.position, row.phone, row.email))
        left -= set(people)
    rows = asked.session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(asked.communes)))
    wanted = set(unit_ids)
    paths = {row.id: row.path for row in rows if row.id in wanted}
    return Contacts(people, _trainers(asked, scope_paths), paths)


def _trainers(asked: Survey, scope_paths: Sequence[str]) -> dict[str, Contact]:
    """The first trainer of each charge. One who serves outside the scope is named by the charge alone."""
    day = asked.as_of
    serves_at = Unit.__table__.alias("serves_at")
    query = (
        select(
            Unit.path,
            Unit.name.label("unit"),
            Account.display_name,
            Person.phone,
            Person.email,
            Membership.position,
            serves_at.c.path.label("home"),
        )
        .join(RoleGrant, RoleGrant.unit_id == Unit.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(
            Membership,
            (Membership.person_id == Person.id)
            & (Membership.valid_from <= day)
            & or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
        )
        .outerjoin(serves_at, serves_at.c.id == Membership.unit_id)
        .where(RoleGrant.role == Role.TRAINER, RoleGrant.revoked_at.is_(None), Account.disabled_at.is_(None))
        .order_by(RoleGrant.id, Membership.id)
    )
    found: dict[str, Contact] = {}
    for row in asked.session.execute(query):
        charge = f"Giảng viên phụ trách {row.unit}"
        inside = row.home is not None and any(row.home.startswith(path) for path in scope_paths)
        contact = (
            Contact(row.display_name, row.position or charge, row.phone, row.email)
            if inside
            else Contact(None, charge)
        )
        found.setdefault(row.path, contact)
    return found
