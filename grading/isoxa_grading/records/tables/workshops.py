"""Workshops: classes in a hall, who came into one without an account, result files that were brought home, and what
the pages of a hall report to its organiser's portal.

A result is evidence of what somebody did in a workshop. It is never changed, only followed by a newer file of the same
participant; erasing a person empties the file that is kept with it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .people import Account
from .training import Enrolment
from .units import Unit


class Workshop(Base):
    """A class, as its organiser's portal knows it. ``code`` is shown on the wall of the hall."""

    __tablename__ = "workshop"

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(200))
    held_on: Mapped[date]
    held_until: Mapped[date] = mapped_column(doc="last day, inclusive; the same as held_on for one day")
    trainer: Mapped[str] = mapped_column(String(200), doc="name and office of who led it")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True, doc="whose workshop it is")
    code: Mapped[str] = mapped_column(String(16), unique=True, doc="workshops.codes, without dashes")
    opened_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    open_steps: Mapped[int | None] = mapped_column(
        doc="how many steps of the course the room may go; None: nobody paces it. See workshops.pacing"
    )

    unit: Mapped[Unit] = relationship()


class WorkshopEntry(Base):
    """Somebody who came into this portal's workshop by name alone; the account was made for them."""

    __tablename__ = "workshop_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True, doc="uuid4 hex: names the participant in files")
    return_code: Mapped[str] = mapped_column(String(8), doc="shown to them, to come in again elsewhere")
    class_code: Mapped[str | None] = mapped_column(
        String(16), doc="the code on the wall, as they typed it, plain"
    )
    joined_at: Mapped[datetime]
    heard: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True),
        doc="the pace that the organiser's portal told this participant's page: see workshops.standing",
    )

    account: Mapped[Account] = relationship()


class WorkshopResult(Base):
    """A result file that was imported. The newest of a participant (``key``) says what they did there."""

    __tablename__ = "workshop_result"
    __table_args__ = (
        UniqueConstraint("workshop_id", "file_sha256"),
        Index("ix_workshop_result_key", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    key: Mapped[str] = mapped_column(String(32), doc="of the participant, as the file has it")
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(doc="when the participant took it, by that machine's clock")
    coded: Mapped[bool] = mapped_column(doc="it was signed with the workshop's code")
    figures: Mapped[dict[str, Any]] = mapped_column(
        JSON, doc="what it came to, scored here: see workshops.views"
    )
    content: Mapped[str] = mapped_column(Text, doc="the file as it came; '' once its person is erased")
    imported_at: Mapped[datetime]
    imported_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), doc="None: by CLI")

    workshop: Mapped[Workshop] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class WorkshopVouching(Base):
    """Somebody's word, "I am there and watch": while it stands, a coded file that a page sends is recorded at once."""

    __tablename__ = "workshop_vouching"

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WorkshopSending(Base):
    """A file that a participant's page sent and that waits for a trainer; the newest of each participant alone."""

    __tablename__ = "workshop_sending"
    __table_args__ = (UniqueConstraint("workshop_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    key: Mapped[str] = mapped_column(String(32), doc="of the participant, as the file has it")
    file_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Text, doc="the file as it came")
    received_at: Mapped[datetime]


class WorkshopPresence(Base):
    """Where a participant's page says to be. No name, and a key that no file has: figures of a room, no record."""

    __tablename__ = "workshop_presence"
    __table_args__ = (UniqueConstraint("workshop_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    key: Mapped[str] = mapped_column(String(64))
    standing: Mapped[dict[str, Any]] = mapped_column(JSON, doc="workshops.standing")
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime]
