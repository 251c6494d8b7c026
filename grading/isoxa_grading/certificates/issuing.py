"""Issuing, taking back and forgetting certificates: rows only, no file is made here.

A completion is certified in the very transaction that records it (``completion.record`` calls ``issue_newest``), so
the certificate has the name and the unit of that day. What was completed before there were certificates is made up for
by ``issue_missing``. A completion has one certificate; another one only in the place of one that was revoked.
A course with a validity that is completed anew has a new completion, and so a new certificate.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from isoxa_courses.text import VIETNAM, clean, fold
from sqlalchemy import Engine, Select, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from isoxa_grading.records.audit import audit, id_of
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import (
    Account,
    Certificate,
    CertificateYear,
    CourseEdition,
    Enrolment,
    FactKind,
    Membership,
    Person,
    TrainingFact,
    Unit,
)
from isoxa_grading.records.tables.units import UnitKind

from .errors import CertificateRefused
from .numbers import can_be_given, make_number

__all__ = [
    "LONGEST_REASON", "forget_person", "issue", "issue_all", "issue_missing", "issue_newest", "reissue", "revoke",
    "unit_label",
]  # fmt: skip

LONGEST_REASON = 500
_BATCH = 50
_TURN = 0.2  # seconds; SQLite's waiting writers ask again every tenth of one
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def issue_newest(session: Session, enrolment: Enrolment, *, now: datetime) -> Certificate | None:
    """The certificate of the enrolment's newest completion, issued unless it has one; None if never completed."""
    fact = session.scalars(_completions().where(TrainingFact.enrolment_id == enrolment.id).limit(1)).first()
    return issue(session, fact, now=now) if fact is not None else None


def issue(session: Session, fact: TrainingFact, *, now: datetime) -> Certificate:
    """The certificate of a COMPLETED fact; called again it gives the one there is (revoked or not)."""
    if session.get_bind().dialect.name != "sqlite":
        # Two that find none at the same time take turns; on SQLite they do anyway.
        session.execute(select(TrainingFact.id).where(TrainingFact.id == fact.id).with_for_update())
    there = session.scalars(
        select(Certificate).where(Certificate.fact_id == fact.id).order_by(Certificate.id.desc()).limit(1)
    ).first()
    return there if there is not None else _new(session, fact, None, now)


def issue_missing(session: Session, *, now: datetime, limit: int = 1000) -> int:
    """Certify up to ``limit`` completions that have no certificate; how many were. Erased persons are left out."""
    found = session.scalars(_missing().limit(limit)).all()
    for fact in found:
        issue(session, fact, now=now)
    return len(found)


def issue_all(engine: Engine, *, now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """``issue_missing`` in short transactions, until nothing is missing or ``stop()``; how many were issued.

    What is missing is looked for without the lock to write: it takes a pass over all facts. Between two batches others
    get their turn: SQLite keeps no queue, and whoever has just let go of the lock would be the first to have it again.
    """
    issued = 0
    with reading(engine) as session:
        missing = session.scalars(_missing().with_only_columns(TrainingFact.id)).all()
    for start in range(0, len(missing), _BATCH):
        if stop():
            break
        with writing(engine) as session:
            some = _missing().where(TrainingFact.id.in_(missing[start : start + _BATCH]))
            for fact in session.scalars(some).all():
                issue(session, fact, now=now)
                issued += 1
        time.sleep(_TURN)
    return issued


def revoke(
    session: Session, certificate: Certificate, reason: str, *, actor: Account | int | None, now: datetime
) -> None:
    """Take a certificate back, for good. Raises ``CertificateRefused`` without a reason or if it already is."""
    words = clean(reason)
    if not words:
        raise CertificateRefused("no_reason")
    if len(words) > LONGEST_REASON:
        raise CertificateRefused("long_reason")
    _lock(session, certificate)
    if certificate.revoked_at is not None:
        raise CertificateRefused("revoked")
    certificate.revoked_at, certificate.revoke_reason = now, words
    certificate.revoked_by_account_id = id_of(actor)
    session.flush()
    _audit(session, "certificate.revoked", certificate, {"reason": words}, actor, now)


def reissue(
    session: Session, certificate: Certificate, *, actor: Account | int | None, now: datetime
) -> Certificate:
    """A new certificate, with today's name, for the completion of a revoked one. Raises ``CertificateRefused``."""
    _lock(session, certificate)
    if certificate.revoked_at is None:
        raise CertificateRefused("not_revoked")
    if certificate.enrolment.person.erased_at is not None:
        raise CertificateRefused("erased")
    if session.scalar(
        select(Certificate.id).where(
            Certificate.fact_id == certificate.fact_id, Certificate.revoked_at.is_(None)
        )
    ):
        raise CertificateRefused("replaced")
    made = _new(session, session.get_one(TrainingFact, certificate.fact_id), certificate.id, now)
    _audit(session, "certificate.reissued", made, {"replaces": certificate.number}, actor, now)
    return made


def forget_person(session: Session, person_id: int) -> None:
    """Take an erased person's name out of their certificates; numbers, days and fingerprints stay.

    The files go when ``files.remove_forgotten`` is called next.
    """
    session.execute(
        update(Certificate)
        .where(
            Certificate.enrolment_id.in_(select(Enrolment.id).where(Enrolment.person_id == person_id)),
            or_(Certificate.person_name.is_not(None), Certificate.face.is_not(None)),
        )
        .values(person_name=None, face=None)
    )


def unit_label(unit: Unit) -> str:
    """A unit as a certificate names it: ``Xã Di Linh, tỉnh Lâm Đồng``."""
    above = unit.parent
    if above is None or above.kind is UnitKind.COUNTRY or fold(above.short_name) in fold(unit.name):
        return unit.name
    return f"{unit.name}, {above.type_word.lower()} {above.short_name}"


def _missing() -> Select[TrainingFact]:
    """Completions without a certificate, the oldest first."""
    return (
        _completions(newest_first=False)
        .join(Enrolment, Enrolment.id == TrainingFact.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.erased_at.is_(None), ~exists().where(Certificate.fact_id == TrainingFact.id))
    )


def _completions(*, newest_first: bool = True) -> Select[TrainingFact]:
    order = TrainingFact.id.desc() if newest_first else TrainingFact.id
    return select(TrainingFact).where(TrainingFact.kind == FactKind.COMPLETED).order_by(order)


def _new(session: Session, fact: TrainingFact, replaces_id: int | None, now: datetime) -> Certificate:
    enrolment = session.get_one(Enrolment, fact.enrolment_id)
    unit = _unit_on(session, enrolment.person_id, fact.on)
    year = now.astimezone(VIETNAM).year
    number, sequence = _next_number(session, year)
    made = Certificate(
        number=number,
        year=year,
        sequence=sequence,
        enrolment_id=enrolment.id,
        fact_id=fact.id,
        person_name=enrolment.person.full_name,
        unit_id=unit.id if unit else None,
        unit_name=unit_label(unit) if unit else "",
        course_title=session.get_one(CourseEdition, enrolment.edition_id).title,
        completed_on=fact.on,
        valid_until=_valid_until(session, fact),
        issued_at=now,
        replaces_id=replaces_id,
    )
    session.add(made)
    session.flush()
    return made


def _next_number(session: Session, year: int) -> tuple[str, int]:
    insert = _INSERT[session.get_bind().dialect.name]
    while True:
        # One statement: two transactions never get the same number, and the row lock lasts to the commit.
        statement = insert(CertificateYear).values(year=year, last=1)
        sequence: int = session.scalars(
            statement.on_conflict_do_update(
                index_elements=[CertificateYear.year], set_={"last": CertificateYear.last + 1}
            ).returning(CertificateYear.last)
        ).one()
        number = make_number(year, sequence)
        if can_be_given(number):
            return number, sequence


def _unit_on(session: Session, person_id: int, day: date) -> Unit | None:
    """Where the person served on that day, else where they served last."""
    served = (Membership.valid_from <= day) & (Membership.valid_to.is_(None) | (Membership.valid_to >= day))
    return session.scalars(
        select(Unit)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == person_id)
        .order_by(served.desc(), Membership.valid_from.desc(), Membership.id.desc())
        .limit(1)
    ).first()


def _valid_until(session: Session, fact: TrainingFact) -> date | None:
    return session.scalar(
        select(func.max(TrainingFact.value)).where(
            TrainingFact.enrolment_id == fact.enrolment_id,
            TrainingFact.kind == FactKind.VALID_UNTIL,
            TrainingFact.source_id == fact.source_id,
        )
    )


def _lock(session: Session, certificate: Certificate) -> None:
    """Two administrators who revoke or replace the same certificate take turns."""
    session.refresh(certificate, with_for_update=True)


def _audit(
    session: Session, action: str, certificate: Certificate, detail: dict[str, str],
    actor: Account | int | None, now: datetime,
) -> None:  # fmt: skip
    """Under the enrolment, so that the log names the person, and no longer does once they are erased."""
    audit(
        session, actor, action, "enrolment", certificate.enrolment_id, certificate.unit_id,
        {"number": certificate.number, **detail}, now,
    )  # fmt: skip
