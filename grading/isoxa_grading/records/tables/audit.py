"""What was done by whom (never changed), imports of rosters and what they did, and work owed to the gradebook."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class AuditEvent(Base):
    """One act, written in the transaction of the act itself. The database refuses to change or delete it."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), doc="None: the machine's operator, by CLI"
    )
    action: Mapped[str] = mapped_column(
        String(60), doc="dotted: account.created, roster.imported, grade.given, …"
    )
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class RosterImport(Base):
    """A roster file that was imported."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    actor_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)
    scope_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id"), doc="where units were looked for; None: the whole country"
    )
    undone_at: Mapped[datetime | None]
    undone_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RosterImportRow(Base):
    """What an import did for one person, with what stood there before: enough to undo it.

    ``done`` names the rows it made and the values it replaced (see ``roster.undoing``). It holds personal data, so
    erasing a person clears it; undoing an import deletes it.
    """

    __tablename__ = "roster_import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("roster_import.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    sheet: Mapped[str] = mapped_column(String(255))
    row: Mapped[int] = mapped_column(doc="as the spreadsheet numbers it")
    kind: Mapped[str] = mapped_column(String(16), doc="new | changed | moved | unchanged")
    done: Mapped[dict[str, Any]] = mapped_column(JSON)


class OutboxItem(Base):
    """Something recorded that nbgrader's gradebook must still learn; done twice it changes nothing."""

    __tablename__ = "outbox_item"
    __table_args__ = (Index("ix_outbox_item_done_at", "done_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(
        String(40), doc="attempt: the attempt that counts of its officer and quiz changed"
    )
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
