"""What reports are added up from: where each enrolment stands, kept snapshots, and a count of changes.

``EnrolmentStanding`` follows from the facts and can be made anew from them; snapshots are records of their own, which
the database refuses to change or delete.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, SortKey


class EnrolmentStanding(Base):
    """What the facts of an enrolment say, all of them known: enough for its state on every day from the last fact on.

    Written by ``isoxa_grading.completion.standing`` alone, in the transaction that adds a fact. Ordered by person, so
    that a commune's officers, who came with one list, lie together.
    """

    __tablename__ = "enrolment_standing"
    __table_args__ = (
        Index("ix_enrolment_standing_last_fact_on", "last_fact_on", "person_id"),
        {"sqlite_with_rowid": False},
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(
        ForeignKey("course_edition.id"), primary_key=True, autoincrement=False
    )
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    current: Mapped[bool] = mapped_column(
        doc="enrolled, and in no newer edition of the course: the one that counts for the person"
    )
    state: Mapped[str] = mapped_column(
        String(20), doc="isoxa_grading.completion.State until valid_until has passed"
    )
    lapsed_state: Mapped[str] = mapped_column(String(20), doc="the state after valid_until")
    valid_until: Mapped[date | None] = mapped_column(doc="last day of ``state``; None: it does not lapse")
    due_on: Mapped[date | None]
    completed_on: Mapped[date | None] = mapped_column(doc="first completion")
    last_completed_on: Mapped[date | None]
    waiting: Mapped[int] = mapped_column(doc="submitted rounds of attempts, neither graded nor reopened")
    done: Mapped[int] = mapped_column(doc="of the steps that the edition requires")
    last_activity: Mapped[date | None] = mapped_column(doc="what the learner did last")
    last_fact_on: Mapped[date] = mapped_column(doc="this row is right for this day and every later one")


class ReportSnapshot(Base):
    """The figures of a course as they were on a day, kept. Never changed: the database refuses."""

    __tablename__ = "report_snapshot"
    __table_args__ = (Index("ix_report_snapshot_course_as_of", "course", "as_of"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    as_of: Mapped[date]
    taken_at: Mapped[datetime]
    actor_account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id"), doc="None: the month's end, or the machine's operator"
    )


class ReportSnapshotCount(Base):
    """Persons of a commune and role in a snapshot, by state; one row of noughts where nobody served.

    ``role``: a ``QualityRole`` or '' where none was written down. ``path``: the commune's on that day.
    """

    __tablename__ = "report_snapshot_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("report_snapshot.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    path: Mapped[str] = mapped_column(SortKey)
    not_enrolled: Mapped[int]
    not_started: Mapped[int]
    in_progress: Mapped[int]
    waiting_for_grading: Mapped[int]
    completed: Mapped[int] = mapped_column(doc="on time; late ones have their own column")
    completed_late: Mapped[int]
    expired: Mapped[int]
    waived: Mapped[int]
    overdue: Mapped[int]
    progress: Mapped[float] = mapped_column(Float, doc="shares done of those in progress, added up")
    last_activity: Mapped[date | None]


class ReportSnapshotShared(Base):
    """Somebody who served in several communes in a snapshot, so that sums count them once. Says not who."""

    __tablename__ = "report_snapshot_shared"
    __table_args__ = ({"sqlite_with_rowid": False},)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("report_snapshot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, doc="from 1, one a person")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    overdue: Mapped[bool]
    progress: Mapped[float] = mapped_column(Float)


class RecordsVersion(Base):
    """Moves with every change of what reports count, by triggers: standings, memberships, units, editions.

    On SQLite one row is counted up; on PostgreSQL each statement adds a row, so that writers never wait for each other.
    """

    __tablename__ = "records_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    changes: Mapped[int]
