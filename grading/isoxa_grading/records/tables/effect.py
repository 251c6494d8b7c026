"""Reviews of effect: whether a training changed anything, asked some months after it (ISO 9001:2015, 7.2 c).

A review is a record: it is never changed or taken back, only followed by a newer one, and the database itself refuses
(see the migration). Only erasing a person takes words about them out of it.
"""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .training import Enrolment
from .units import Unit


class Degree(enum.StrEnum):
    """How far something is so."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class EffectReview(Base):
    """What came of a course: for one person (``enrolment_id``), or for all of a commune who completed it.

    ``figures``: ``[{"measure", "before", "after"}]``, numbers in Vietnamese format, at most a few.
    """

    __tablename__ = "effect_review"
    __table_args__ = (Index("ix_effect_review_unit_id_course", "unit_id", "course", "judged_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), doc="the commune")
    course: Mapped[str] = mapped_column(String(80))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)
    judged_on: Mapped[date]
    carried_out: Mapped[str] = mapped_column(String(8), doc="Degree: was what they planned carried out?")
    changed: Mapped[str] = mapped_column(Text, doc="what changed, in words")
    figures: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    effective: Mapped[str] = mapped_column(String(8), doc="Degree: the judgement")
    next_step: Mapped[str] = mapped_column(Text, doc="what follows; '' only where it was effective")
    judged_by: Mapped[str] = mapped_column(String(200), doc="name and office of who judged")
    recorded_by_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]

    unit: Mapped[Unit] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()
