"""What officers hand in for assignments that a trainer wrote by hand: one row a version, and none is ever replaced.
Beside it what a trainer granted one person, which marks somebody has seen, and the runs that trainers asked for.

The files lie in the data folder (`isoxa_grading.handins.files`), under the row's id. Marks are not here: they are in
nbgrader's gradebook, where stock nbgrader and formgrader put them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .people import Account, Person


class HandIn(Base):
    """One version of a person's work; the one with the highest number counts, the earlier ones stay."""

    __tablename__ = "hand_in"
    __table_args__ = (
        UniqueConstraint("person_id", "course", "assignment", "number"),
        Index("ix_hand_in_assignment", "course", "assignment", "person_id", "number"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, doc="uuid4 hex: cannot be guessed")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    assignment: Mapped[str] = mapped_column(String(120), doc="nbgrader's name of it")
    number: Mapped[int] = mapped_column(doc="1 for the first")
    received_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(
        String(64), doc="of all its files; see `isoxa_grading.handins.checking`"
    )
    files: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, doc="[{name, size (bytes), sha256}], by name; [] once the person's data was erased"
    )
    notes: Mapped[list[str]] = mapped_column(
        JSON, doc="what its owner was told beside the receipt (Vietnamese)"
    )

    person: Mapped[Person] = relationship()


class HandInGrant(Base):
    """More time for one person, or one more version, given by a trainer for a reason. Never changed."""

    __tablename__ = "hand_in_grant"
    __table_args__ = (Index("ix_hand_in_grant_assignment", "course", "assignment", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    assignment: Mapped[str] = mapped_column(String(120), doc="nbgrader's name of it")
    due_at: Mapped[datetime | None] = mapped_column(
        doc="until then it is on time; None: one more version instead"
    )
    reason: Mapped[str] = mapped_column(Text)
    granted_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime]

    granted_by: Mapped[Account] = relationship()


class HandInLook(Base):
    """What somebody last saw of their marks on an assignment; where they differ from it now, there is news."""

    __tablename__ = "hand_in_look"
    __table_args__ = (UniqueConstraint("person_id", "course", "assignment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course: Mapped[str] = mapped_column(String(80))
    assignment: Mapped[str] = mapped_column(String(120), doc="nbgrader's name of it")
    marks: Mapped[str] = mapped_column(String(64), doc="isoxa_grading.handins.own.fingerprint; hex")
    seen_at: Mapped[datetime]


class GradingRun(Base):
    """One press of "Chấm các bài mới nộp": what it covers and how far it is. See `isoxa_grading.handins.runs`."""

    __tablename__ = "grading_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    scope: Mapped[list[str]] = mapped_column(JSON, doc="paths of the units whose officers' work is run")
    unfinished: Mapped[int | None] = mapped_column(
        unique=True, doc="1 until it has ended, then None: so there is one at a time"
    )
    total: Mapped[int | None] = mapped_column(doc="versions to run; None: not counted yet")
    done: Mapped[int] = mapped_column(default=0, server_default="0", doc="of them, run")
    graded: Mapped[int] = mapped_column(default=0, server_default="0", doc="of those, with marks")
    ended_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text, doc="why it ended early (Vietnamese)")

    asked_by: Mapped[Account] = relationship()
