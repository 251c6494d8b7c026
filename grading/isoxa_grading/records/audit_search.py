"""Reading the audit log: filters, within an administrator's scope, page by page from the newest.

An event is within a scope when its unit is; or, if it names no unit, when the account or person it is about is. Names
are looked up now, so what was erased of a person is gone from here too: the log itself holds ids.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from isoxa_courses.text import VIETNAM, fold
from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from .account_scope import in_reach, inside
from .tables import Account, Attempt, AuditEvent, Enrolment, Membership, Person, Unit
from .tables.units import UnitKind
from .units import under

__all__ = ["AuditFilter", "AuditLine", "AuditPage", "search_audit"]

PAGE = 50


@dataclass(frozen=True)
class AuditFilter:
    """``who``: part of an actor's name; ``what``: an action or the part before its dot; ``since``, ``until``: days in
    Vietnam, both included; ``unit``: path of a unit, with all below it; ``text``: part of the name of whom it is
    about, or of the detail."""

    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None
    unit: str = ""
    text: str = ""


@dataclass(frozen=True)
class AuditLine:
    """``actor``: name, or None for the machine's operator; ``subject``: name of whom or what it is about, or ''."""

    id: int
    at: datetime
    actor: str | None
    action: str
    subject_kind: str
    subject_id: str
    subject: str
    unit: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class AuditPage:
    """``older``: id of the event before which the next page begins, or None."""

    lines: list[AuditLine]
    older: int | None


def search_audit(
    session: Session, scope: Sequence[str], wanted: AuditFilter, *, before: int | None = None
) -> AuditPage:
    """The newest events that fit; ``before``: only what is older than the event of this id."""
    query = (
        select(AuditEvent).where(_within(session, scope)).order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    last = session.get(AuditEvent, before) if before is not None else None
    if last is not None:
        query = query.where(
            or_(AuditEvent.at < last.at, and_(AuditEvent.at == last.at, AuditEvent.id < last.id))
        )
    if wanted.since is not None:
        query = query.where(AuditEvent.at >= _midnight(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditEvent.at < _midnight(wanted.until + timedelta(days=1)))
    if wanted.what:
        query = query.where(
            or_(
                AuditEvent.action == wanted.what,
                AuditEvent.action.startswith(f"{wanted.what}.", autoescape=True),
            )
        )
    if wanted.unit:
        below = select(Unit.id).where(under(Unit.path, wanted.unit))
        query = query.where(AuditEvent.unit_id.in_(below))
    if wanted.who:
        query = query.where(AuditEvent.actor_account_id.in_(_accounts_named(session, wanted.who)))
    if wanted.text:
        query = query.where(_about(session, wanted.text))
    events = list(session.scalars(query.limit(PAGE + 1)))
    return AuditPage(_lines(session, events[:PAGE]), events[PAGE - 1].id if len(events) > PAGE else None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _within(session: Session, scope: Sequence[str]) -> ColumnElement[bool]:
    whole = session.scalar(
        select(Unit.id).where(Unit.kind == UnitKind.COUNTRY, Unit.path.in_(scope)).limit(1)
    )
    if whole:
        return AuditEvent.id.is_not(None)
    accounts = select(cast(Account.id, String)).where(in_reach(session, scope))
    serving = (
        select(Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.valid_to.is_(None), inside(scope))
    )
    people = select(cast(Person.id, String)).where(Person.id.in_(serving))
    enrolments = select(cast(Enrolment.id, String)).where(Enrolment.person_id.in_(serving))
    return or_(
        AuditEvent.unit_id.in_(select(Unit.id).where(inside(scope))),
        and_(
            AuditEvent.unit_id.is_(None),
            or_(
                and_(AuditEvent.subject_kind == "account", AuditEvent.subject_id.in_(accounts)),
                and_(AuditEvent.subject_kind == "person", AuditEvent.subject_id.in_(people)),
                and_(AuditEvent.subject_kind == "enrolment", AuditEvent.subject_id.in_(enrolments)),
            ),
        ),
    )


def _accounts_named(session: Session, text: str) -> list[int]:
    wanted = fold(text)
    rows = session.execute(select(Account.id, Account.display_name, Account.username))
    # Folding is ours, not the database's: SQLite knows no diacritics.
    return [row.id for row in rows if wanted in fold(row.display_name) or wanted in row.username]


def _about(session: Session, text: str) -> ColumnElement[bool]:
    wanted = fold(text)
    accounts = [str(one) for one in _accounts_named(session, text)]
    people = [
        str(row.id)
        for row in session.execute(select(Person.id, Person.full_name))
        if wanted in fold(row.full_name)
    ]
    # In the column, JSON writes what is no ASCII as escapes.
    escaped = json.dumps(text)[1:-1]
    return or_(
        and_(AuditEvent.subject_kind == "account", AuditEvent.subject_id.in_(accounts)),
        and_(AuditEvent.subject_kind == "person", AuditEvent.subject_id.in_(people)),
        cast(AuditEvent.detail, String).contains(escaped, autoescape=True),
        cast(AuditEvent.detail, String).contains(text, autoescape=True),
    )


def _lines(session: Session, events: Sequence[AuditEvent]) -> list[AuditLine]:
    accounts = _names(
        session, Account.id, Account.display_name,
        {event.actor_account_id for event in events if event.actor_account_id}
        | {int(event.subject_id) for event in events if event.subject_kind == "account"},
    )  # fmt: skip
    people = _names(
        session, Person.id, Person.full_name,
        {int(event.subject_id) for event in events if event.subject_kind == "person"},
    )  # fmt: skip
    enrolments = _enrolled(session, [event for event in events if event.subject_kind == "enrolment"])
    attempts = _attempted(session, [event.subject_id for event in events if event.subject_kind == "attempt"])
    units = _names(session, Unit.id, Unit.name, {event.unit_id for event in events if event.unit_id})
    subjects: dict[str, dict[str, str]] = {
        kind: {str(one): name for one, name in names.items()}
        for kind, names in (("account", accounts), ("person", people), ("enrolment", enrolments))
    }
    subjects["attempt"] = attempts
    return [
        AuditLine(
            event.id, event.at,
            accounts.get(event.actor_account_id, "") if event.actor_account_id else None,
            event.action, event.subject_kind, event.subject_id,
            subjects.get(event.subject_kind, {}).get(event.subject_id, ""),
            units.get(event.unit_id, "") if event.unit_id else "",
            event.detail,
        )
        for event in events
    ]  # fmt: skip


def _names(session: Session, key: Any, name: Any, ids: Iterable[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.execute(select(key, name).where(key.in_(list(ids))))}


def _enrolled(session: Session, events: Sequence[AuditEvent]) -> dict[int, str]:
    query = (
        select(Enrolment.id, Person.full_name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_([int(event.subject_id) for event in events]))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _attempted(session: Session, attempt_ids: Sequence[str]) -> dict[str, str]:
    query = (
        select(Attempt.id, Person.full_name)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Attempt.id.in_(attempt_ids))
    )
    return {row[0]: row[1] for row in session.execute(query)}
