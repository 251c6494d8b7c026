"""Units of administration, today's and those before 1 July 2025, with what became of them.

A code is not an identity: after July 2025 code 00004 names phường Ba Đình, before it phường Trúc Bạch. A unit is
identified by (code, kind, valid_from).
"""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy import Enum, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, SortKey


class UnitKind(enum.StrEnum):
    """Level or nature of a unit. ``district`` exists only in history (until 30 June 2025)."""

    COUNTRY = "country"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    AGENCY = "agency"


class Unit(Base):
    """A unit as it was from ``valid_from`` to ``valid_to`` (last day, inclusive; None: still in being)."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code", "kind", "valid_from"),
        Index("ix_unit_path", "path"),
        Index("ix_unit_search_key", "search_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    kind: Mapped[UnitKind] = mapped_column(
        Enum(UnitKind, native_enum=False, length=16, values_callable=lambda kinds: [k.value for k in kinds])
    )
    type_word: Mapped[str] = mapped_column(
        String(32), doc="tỉnh, thành phố, quận, xã, phường, đặc khu, sở, …"
    )
    name: Mapped[str] = mapped_column(String(200), doc="with its type word: 'Xã Di Linh'")
    short_name: Mapped[str] = mapped_column(String(200), doc="without it: 'Di Linh'")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(
        SortKey,
        doc="ids from the country down, '/1/35/2031/': a unit's scope is every path that begins with its own",
    )
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    area_km2: Mapped[float | None] = mapped_column(Float)
    valid_from: Mapped[date] = mapped_column(doc="1900-01-01 where the source gives no beginning")
    valid_to: Mapped[date | None]
    sort_key: Mapped[str] = mapped_column(SortKey)
    search_key: Mapped[str] = mapped_column(SortKey, doc="folded short name: no case, no diacritics")

    parent: Mapped[Unit | None] = relationship(remote_side=[id])


class UnitSuccessor(Base):
    """What became of a unit: one row where it went whole, several where it was split (a person then chooses)."""

    __tablename__ = "unit_successor"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, index=True)
    whole: Mapped[bool] = mapped_column(doc="the unit went to this successor whole")
    since: Mapped[date]
