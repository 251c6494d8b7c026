"""How people come in for the first time or again, and what they ask of their administrator: activation codes,
requests for a new password, requests to correct or erase what is kept about them.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .people import Account, Person


class ActivationCode(Base):
    """A one-time code on paper. Only its HMAC is kept; it ends by use, by time, or by a newer code."""

    __tablename__ = "activation_code"
    __table_args__ = (Index("ix_activation_code_account_id_ended_at", "account_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    code_mac: Mapped[str] = mapped_column(String(64), unique=True, doc="HMAC-SHA256 of account and code; hex")
    issued_at: Mapped[datetime]
    issued_by_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), doc="None: the machine's operator, by CLI"
    )
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(doc="used, or voided")
    end_reason: Mapped[str | None] = mapped_column(String(20), doc="used | replaced | voided")

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class ResetRequest(Base):
    """Somebody says they forgot a password; an administrator answers it. At most one open an account.

    Without an account: the name typed is nobody's, or was asked for already. Such a row only counts (how often an
    address asks) and is soon deleted, so that asking costs and answers the same whether the account exists or not.
    """

    __tablename__ = "reset_request"
    __table_args__ = (Index("ix_reset_request_account_id_closed_at", "account_id", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    requested_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]
    closed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None] = mapped_column(String(20), doc="code_issued | password_set | dismissed")

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])


class DataRequestKind(enum.StrEnum):
    """What is asked of the administrator about personal data (Law 91/2025/QH15)."""

    CORRECT = "correct"
    ERASE = "erase"


class DataRequest(Base):
    """A person asks to correct or erase what is kept about them; an administrator answers."""

    __tablename__ = "data_request"
    __table_args__ = (Index("ix_data_request_person_id_closed_at", "person_id", "closed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[DataRequestKind] = mapped_column(
        Enum(
            DataRequestKind,
            native_enum=False,
            length=16,
            values_callable=lambda kinds: [k.value for k in kinds],
        )
    )
    text: Mapped[str] = mapped_column(Text, doc="what the person wrote; emptied when they are erased")
    requested_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done: Mapped[bool | None] = mapped_column(doc="True: done as asked; False: refused, ``answer`` says why")
    answer: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person] = relationship()


class WrongCode(Base):
    """A short code that somebody typed and that was none; kept an hour, only to slow down whoever guesses."""

    __tablename__ = "wrong_code"
    __table_args__ = (
        Index("ix_wrong_code_subject_at", "subject", "at"),
        Index("ix_wrong_code_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), doc="what the code was to open: records.guessing")
    address: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64), doc="tells whether it is the same code again")
    at: Mapped[datetime]
