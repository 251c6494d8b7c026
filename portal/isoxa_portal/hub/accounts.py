"""isoxa's accounts as the Hub sees them: a name, whether it is a trainer's, and the password's check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.login import accept, account_of, check_wait, login_name, record_failure
from isoxa_grading.records.passwords import password_matches
from isoxa_grading.records.tables import Account, Role, RoleGrant
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

__all__ = ["HubPerson", "check_password", "person_named"]


@dataclass(frozen=True)
class HubPerson:
    """An account in force: its username, and whether it may have a JupyterLab."""

    name: str
    trainer: bool


def check_password(engine: Engine, username: str, password: str, address: str, now: datetime) -> HubPerson:
    """Whose name and password these are. Raises ``LoginRefused``.

    Slowed down as at the portal, by the same table: whoever guesses gains nothing from there being two doors. The
    password is hashed between two transactions, so that a class that comes in together does not stand in line.
    """
    name = login_name(username)
    with reading(engine) as session:
        check_wait(session, name, address, now)
        found = account_of(session, name)
    matches = password_matches(found.password_hash if found else None, password)
    with writing(engine) as session:
        account = account_of(session, name)
        # Between the two, the account may have been disabled or its password changed.
        if not matches or account is None or found is None or account.password_hash != found.password_hash:
            raise record_failure(session, name, address, now)
        accept(session, account, password)
        return _person(session, account)


def person_named(engine: Engine, name: str) -> HubPerson | None:
    """The account of that username; None: there is none, or it is disabled."""
    with reading(engine) as session:
        account = account_of(session, name)
        return _person(session, account) if account is not None else None


def _person(session: Session, account: Account) -> HubPerson:
    grant = select(RoleGrant.id).where(
        RoleGrant.account_id == account.id, RoleGrant.role == Role.TRAINER, RoleGrant.revoked_at.is_(None)
    )
    return HubPerson(account.username, session.scalar(grant.limit(1)) is not None)
