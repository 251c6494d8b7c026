"""What officers hand in for assignments that a trainer wrote by hand: one row a version, and none is ever replaced.

The files lie in the data folder (`isoxa_grading.handins.files`), under the row's id. Marks are not here: they are in
nbgrader's gradebook, where stock nbgrader and formgrader put them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .people import Person


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
