"""What was learned: editions, enrolments, lesson work, attempts with their answers and scores, and dated facts.

Attempts, answers, scores and facts are records (ISO 9001:2015 clause 7.2 d): they are never overwritten, only
followed by newer ones. Lesson work is a draft that its owner goes on with, and is updated in place.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base
from .people import Person


def _values(kinds: type[enum.Enum]) -> list[str]:
    return [kind.value for kind in kinds]


class CourseEdition(Base):
    """A published edition of a course: it never changes, so what one must do to complete it never changes."""

    __tablename__ = "course_edition"
    __table_args__ = (UniqueConstraint("course", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    manifest: Mapped[dict[str, Any]] = mapped_column(
        JSON, doc="isoxa_courses.manifest.EditionManifest as JSON"
    )
    content_sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]


class QuizVersion(Base):
    """A built version of a quiz, and the nbgrader assignment made of it."""

    __tablename__ = "quiz_version"
    __table_args__ = (UniqueConstraint("course", "quiz", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(80))
    quiz: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    assignment: Mapped[str] = mapped_column(String(120), doc="nbgrader's name of it: QUIZ-vVERSION")
    content_sha256: Mapped[str] = mapped_column(String(64))
    built_at: Mapped[datetime]


class Enrolment(Base):
    """A person is to complete an edition of a course."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("person_id", "edition_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("course_edition.id"), index=True)
    enrolled_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(doc="last day to complete on time")
    source: Mapped[str] = mapped_column(String(80), doc="roster import, administrator, workshop, …")

    person: Mapped[Person] = relationship()
    edition: Mapped[CourseEdition] = relationship()


class LessonWork(Base):
    """What an officer did in one item (checkpoint or tool) of a lesson: its newest state."""

    __tablename__ = "lesson_work"
    __table_args__ = (UniqueConstraint("enrolment_id", "lesson", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    lesson: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80))
    state: Mapped[Any] = mapped_column(JSON)
    sequence: Mapped[int] = mapped_column(doc="the writer's; a lower one is stale")
    write_key: Mapped[str] = mapped_column(String(64), doc="idempotency key of the newest write")
    done_at: Mapped[datetime | None] = mapped_column(doc="first time it was done; never taken back")
    saved_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship()


class AttemptStatus(enum.StrEnum):
    """``submitted``: frozen, a written answer waits for a trainer. ``graded``: every slot has a score."""

    OPEN = "open"
    SUBMITTED = "submitted"
    GRADED = "graded"


class Attempt(Base):
    """One go at a quiz: what was drawn, when, and the total once scored."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz", "number"),
        Index("ix_attempt_status", "status"),
        # Marks of everybody, without reading what was drawn.
        Index(
            "ix_attempt_marks",
            "enrolment_id",
            "quiz",
            "status",
            "graded_at",
            "points",
            "max_points",
            "passed",
            "submitted_at",
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, doc="uuid4 hex: cannot be guessed")
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    quiz: Mapped[str] = mapped_column(String(80))
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"))
    number: Mapped[int] = mapped_column(doc="1 for the first")
    seed: Mapped[str] = mapped_column(String(64), doc="isoxa_courses.drawing.attempt_seed; hex")
    drawn: Mapped[dict[str, Any]] = mapped_column(JSON, doc="isoxa_courses.drawing.DrawnQuiz as JSON")
    status: Mapped[AttemptStatus] = mapped_column(
        Enum(AttemptStatus, native_enum=False, length=16, values_callable=_values)
    )
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    graded_at: Mapped[datetime | None]
    points: Mapped[Decimal | None] = mapped_column(doc="total; None until every slot has a score")
    max_points: Mapped[Decimal]
    passed: Mapped[bool | None]
    result_seen_at: Mapped[datetime | None] = mapped_column(doc="the officer last looked at a trainer's mark")
    round: Mapped[int] = mapped_column(
        default=1, server_default="1", doc="1, and one more each time a trainer reopened it; see `Reopening`"
    )

    enrolment: Mapped[Enrolment] = relationship()
    quiz_version: Mapped[QuizVersion] = relationship()


class Answer(Base):
    """One stored answer to one slot; the one with the highest sequence counts, the earlier ones stay."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "slot", "sequence"),
        UniqueConstraint("attempt_id", "write_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    slot: Mapped[str] = mapped_column(String(80))
    sequence: Mapped[int]
    write_key: Mapped[str] = mapped_column(String(64), doc="idempotency key")
    answer: Mapped[Any] = mapped_column(
        JSON, doc="canonical answer (the bank's ids), or null for 'taken back'"
    )
    late: Mapped[bool] = mapped_column(default=False, doc="arrived after the deadline; kept all the same")
    saved_at: Mapped[datetime]


class SlotScore(Base):
    """A score of one slot of a submitted attempt; the newest of the attempt's round counts, the earlier ones stay."""

    __tablename__ = "slot_score"
    __table_args__ = (UniqueConstraint("attempt_id", "slot", "round", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    slot: Mapped[str] = mapped_column(String(80))
    round: Mapped[int] = mapped_column(default=1, server_default="1", doc="the attempt's when it was scored")
    revision: Mapped[int] = mapped_column(doc="1 for the first of the round")
    points: Mapped[Decimal]
    max_points: Mapped[Decimal]
    source: Mapped[str] = mapped_column(String(16), doc="auto | trainer | formgrader")
    grader_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    comment: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text, doc="why it was graded again")
    rubric: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True), doc="ids of the rubric's lines that were met; None: the trainer did not say"
    )
    at: Mapped[datetime]


class FactKind(enum.StrEnum):
    """What a dated fact of an enrolment says; see isoxa_grading.completion."""

    ENROLLED = "enrolled"
    STARTED = "started"
    CHECKPOINT_DONE = "checkpoint_done"
    LESSON_COMPLETED = "lesson_completed"
    SUBMITTED = "submitted"
    GRADED = "graded"
    REOPENED = "reopened"
    QUIZ_PASSED = "quiz_passed"
    COMPLETED = "completed"
    DUE = "due"
    VALID_UNTIL = "valid_until"
    WAIVED = "waived"
    WAIVER_ENDED = "waiver_ended"
    WITHDRAWN = "withdrawn"


class TrainingFact(Base):
    """A dated fact of an enrolment, stored in the transaction of the change that caused it. Never changed."""

    __tablename__ = "training_fact"
    __table_args__ = (
        Index("ix_training_fact_enrolment_id_kind_on", "enrolment_id", "kind", "on"),
        UniqueConstraint("enrolment_id", "kind", "subject", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[FactKind] = mapped_column(
        Enum(FactKind, native_enum=False, length=20, values_callable=_values)
    )
    subject: Mapped[str] = mapped_column(
        String(170), default="", doc="lesson, quiz or LESSON/ITEM it is about, or ''"
    )
    source_id: Mapped[str] = mapped_column(String(64), default="", doc="attempt id or round, audit id or ''")
    on: Mapped[date] = mapped_column(doc="the day it holds from (in Vietnam)")
    value: Mapped[date | None] = mapped_column(
        doc="due: last day to complete; valid_until: last day of validity"
    )
    recorded_at: Mapped[datetime]
