"""Who: persons, where they serve, their accounts, what those may do, and their sign-in sessions.

Separate records, since each lives its own life: a person changes unit and keeps their training; an account can be
disabled while the person's record stays; a role is granted for a unit and withdrawn.
"""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, SortKey
from .units import Unit


class QualityRole(enum.StrEnum):
    """A person's part in their unit's quality management system."""

    LEADER = "leader"
    ISO_SECRETARY = "iso_secretary"
    ONE_STOP = "one_stop"
    SPECIALIST = "specialist"
    INTERNAL_AUDITOR = "internal_auditor"


class Role(enum.StrEnum):
    """What an account may do; each grant holds for a unit and all below it."""

    OFFICER = "officer"
    TRAINER = "trainer"
    DEPARTMENT = "department"
    ADMIN = "admin"


def _values(kinds: type[enum.Enum]) -> list[str]:
    return [kind.value for kind in kinds]


class Person(Base):
    """A person whose training is recorded. Only what the record needs (Law 91/2025/QH15 on personal data)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey, index=True, doc="Vietnamese order: given name first")
    staff_code: Mapped[str | None] = mapped_column(String(40), index=True)
    birth_date: Mapped[date | None]
    birth_year: Mapped[int | None] = mapped_column(doc="only where the day is not known")
    phone: Mapped[str | None] = mapped_column(String(20), index=True, doc="digits only, with its leading 0")
    email: Mapped[str | None] = mapped_column(String(254), index=True, doc="lower case")
    made_up: Mapped[bool] = mapped_column(default=False, doc="invented for the demo or a test")
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None] = mapped_column(
        doc="personal data was erased on request; the name is a pseudonym"
    )

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", order_by="Membership.valid_from, Membership.id"
    )


class Membership(Base):
    """A person's service at a unit, from ``valid_from`` to ``valid_to`` (last day, inclusive; None: serving)."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_unit_id_valid_to", "unit_id", "valid_to"),
        # Reports count a country's officers from these two alone: by commune and role, and who serves twice.
        Index(
            "ix_membership_counted", "unit_id", "quality_role", "person_id", "valid_from", "valid_to", "id"
        ),
        Index("ix_membership_person_id_unit_id", "person_id", "unit_id", "valid_from", "valid_to", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position: Mapped[str | None] = mapped_column(String(200), doc="chức danh, as the roster gives it")
    quality_role: Mapped[QualityRole | None] = mapped_column(
        Enum(QualityRole, native_enum=False, length=20, values_callable=_values)
    )
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    unit: Mapped[Unit] = relationship()


class Account(Base):
    """A way in. An account without a person (an administrator of the machine) has no training record."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    username: Mapped[str] = mapped_column(String(80), unique=True, doc="lower case, ASCII")
    display_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(
        String(200), doc="argon2id; None: cannot log in by password"
    )
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(
        default=1, doc="raised by each change; two editors cannot overwrite each other"
    )

    person: Mapped[Person | None] = relationship()
    grants: Mapped[list[RoleGrant]] = relationship(back_populates="account")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class RoleGrant(Base):
    """A role of an account over a unit and everything below it. Withdrawn, never deleted."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=16, values_callable=_values))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship()


class SignInSession(Base):
    """A signed-in browser. The cookie holds a random token; only its SHA-256 is kept here."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(doc="absolute limit")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(40))
    user_agent: Mapped[str | None] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(64))

    account: Mapped[Account] = relationship()


class LoginFailure(Base):
    """A failed login, kept only to slow the next ones down."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_username_at", "username", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80))
    address: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
