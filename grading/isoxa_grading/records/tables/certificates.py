"""Certificates: what was printed for whom, when, and whether it was taken back.

A certificate says what was so on the day it was issued: name, unit and course are copied here, and a person who is
renamed or a unit that is merged later changes nothing in it. Only erasing a person takes the name out.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .training import Enrolment


class Certificate(Base):
    """One certificate for one completion; at most one of a completion is not revoked."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        Index(
            "uq_certificate_standing",
            "fact_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True, doc="ISOXA-2026-000001-C")
    year: Mapped[int] = mapped_column(doc="of issue, in Vietnam")
    sequence: Mapped[int] = mapped_column(doc="1 for the first of the year")
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    fact_id: Mapped[int] = mapped_column(
        ForeignKey("training_fact.id"), index=True, doc="the COMPLETED fact it certifies"
    )
    person_name: Mapped[str | None] = mapped_column(Text, doc="None: erased at the person's request")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), doc="where they served that day")
    unit_name: Mapped[str] = mapped_column(Text, doc="'Xã Di Linh, tỉnh Lâm Đồng', or ''")
    course_title: Mapped[str] = mapped_column(String(300))
    completed_on: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(doc="last day of validity; None: without end")
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    revoke_reason: Mapped[str | None] = mapped_column(Text)
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificate.id"), doc="the revoked one in whose place it was issued"
    )
    face: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), doc="all that is printed, kept from when the file was first made"
    )

    enrolment: Mapped[Enrolment] = relationship()


class CertificateFile(Base):
    """The fingerprint of a signed file made of a certificate; kept when the file and the name are gone."""

    __tablename__ = "certificate_file"
    __table_args__ = (UniqueConstraint("certificate_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    made_at: Mapped[datetime]


class CertificateYear(Base):
    """The last number given in a year."""

    __tablename__ = "certificate_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class CertificateLookup(Base):
    """A number that somebody asked about, kept for a day to slow down whoever walks through them."""

    __tablename__ = "certificate_lookup"
    __table_args__ = (Index("ix_certificate_lookup_asker_at", "asker", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asker: Mapped[str] = mapped_column(String(64), doc="address, or 'account:ID' of who is signed in")
    number: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(index=True)
