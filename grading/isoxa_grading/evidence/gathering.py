"""What is known of a commune's training on a day: read in one transaction, within the reader's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from isoxa_courses.evidence_texts import EvidenceTexts, load_evidence_texts
from isoxa_courses.facts import Fact
from isoxa_courses.loading import load_facts
from isoxa_courses.text import VIETNAM
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.completion import State
from isoxa_grading.effect import ReviewLine, reviews_of
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Attempt, AttemptStatus, Certificate, FactKind, TrainingFact, Unit
from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import Filters, NotInScope
from isoxa_grading.reports.editions import Edition
from isoxa_grading.reports.survey import survey
from isoxa_grading.work_products import WorkProduct, products_of_enrolments

__all__ = ["Gathered", "NoSuchCommune", "Trained", "Tried", "gather"]


class NoSuchCommune(NotInScope):
    """A pack is of one commune that is there on the day; this is none."""


@dataclass(frozen=True)
class Tried:
    """An attempt handed in until the day; ``points`` and ``passed`` are None while a trainer has still to judge it."""

    quiz: str
    number: int
    submitted_on: date
    points: Decimal | None
    max_points: Decimal
    passed: bool | None


@dataclass(frozen=True)
class Trained:
    """Somebody of the commune who is registered in the course; ``number`` counts them from 1, by name."""

    number: int
    enrolment_id: int
    full_name: str
    position: str | None
    quality_role: QualityRole | None
    state: State
    edition: str
    enrolled_on: date | None
    completed_on: date | None
    valid_until: date | None
    tries: tuple[Tried, ...]
    certificates: tuple[Certificate, ...]
    products: tuple[WorkProduct, ...]


@dataclass(frozen=True)
class Gathered:
    """All that a pack is made of. ``facts``: the legal facts that its texts name."""

    unit: Unit
    course: str
    course_title: str
    as_of: date
    texts: EvidenceTexts
    facts: list[Fact]
    people: list[Trained]
    reviews: list[ReviewLine]


def gather(
    session: Session,
    data: DataFolder,
    library: CourseLibrary,
    unit_id: int,
    *,
    course: str,
    scope_paths: Sequence[str],
    as_of: date,
) -> Gathered:
    """Raises ``NotInScope`` (``NoSuchCommune``), ``UnknownCourse``, and ``ContentError`` for texts that are broken."""
    asked = survey(
        session,
        course=course,
        edition=None,
        scope_paths=scope_paths,
        as_of=as_of,
        filters=Filters(unit_id=unit_id),
    )
    unit = session.get_one(Unit, unit_id)
    # A unit that became another leads to that one on the page; a record says of whom it is, so here it does not.
    if unit.kind is not UnitKind.COMMUNE or unit_id not in {place.id for place in asked.places}:
        raise NoSuchCommune
    rows = session.execute(asked.learners([unit_id]).people()).all()
    ids = [row.enrolment_id for row in rows]
    until = datetime.combine(as_of + timedelta(days=1), time(), VIETNAM)
    enrolled = _enrolled(session, ids, as_of)
    tries = _tries(session, ids, until, asked.editions)
    certificates = _certificates(session, ids, until)
    products = _products(session, library, ids, until)
    editions = {edition.id: edition.name for edition in asked.editions}
    folder = data.editions(course, asked.editions[0].name)
    texts = load_evidence_texts(folder)
    return Gathered(
        unit=unit,
        course=course,
        course_title=asked.editions[0].title,
        as_of=as_of,
        texts=texts,
        facts=texts.facts_of(load_facts(folder)),
        people=[
            Trained(
                number=number,
                enrolment_id=row.enrolment_id,
                full_name=row.full_name,
                position=row.position,
                quality_role=row.quality_role,
                state=State(row.state),
                edition=editions[row.edition_id],
                enrolled_on=enrolled.get(row.enrolment_id),
                completed_on=row.completed_on,
                valid_until=row.valid_until,
                tries=tuple(tries.get(row.enrolment_id, ())),
                certificates=tuple(certificates.get(row.enrolment_id, ())),
                products=tuple(products.get(row.person_id, ())),
            )
            for number, row in enumerate(rows, 1)
        ],
        reviews=reviews_of(session, unit_id, course=course, as_of=as_of),
    )


def _enrolled(session: Session, ids: Sequence[int], as_of: date) -> dict[int, date]:
    """The newest day somebody was enrolled on."""
    facts = session.execute(
        select(TrainingFact.enrolment_id, TrainingFact.on)
        .where(
            TrainingFact.enrolment_id.in_(ids),
            TrainingFact.kind == FactKind.ENROLLED,
            TrainingFact.on <= as_of,
        )
        .order_by(TrainingFact.on, TrainingFact.id)
    )
    return {enrolment_id: on for enrolment_id, on in facts}  # noqa: C416  # a later fact takes the place of one before


def _tries(
    session: Session, ids: Sequence[int], until: datetime, editions: Sequence[Edition]
) -> dict[int, list[Tried]]:
    titles = {quiz: title for edition in reversed(editions) for quiz, title in edition.quiz_titles.items()}
    found: dict[int, list[Tried]] = {}
    for one in session.scalars(
        select(Attempt)
        .where(Attempt.enrolment_id.in_(ids), Attempt.submitted_at < until)
        .order_by(Attempt.enrolment_id, Attempt.quiz, Attempt.number)
    ):
        graded = one.status is AttemptStatus.GRADED and one.graded_at is not None and one.graded_at < until
        assert one.submitted_at is not None
        found.setdefault(one.enrolment_id, []).append(
            Tried(
                quiz=titles.get(one.quiz, one.quiz),
                number=one.number,
                submitted_on=one.submitted_at.astimezone(VIETNAM).date(),
                points=one.points if graded else None,
                max_points=one.max_points,
                passed=one.passed if graded else None,
            )
        )
    return found


def _certificates(session: Session, ids: Sequence[int], until: datetime) -> dict[int, list[Certificate]]:
    found: dict[int, list[Certificate]] = {}
    for one in session.scalars(
        select(Certificate)
        .where(Certificate.enrolment_id.in_(ids), Certificate.issued_at < until)
        .order_by(Certificate.id)
    ):
        found.setdefault(one.enrolment_id, []).append(one)
    return found


def _products(
    session: Session, library: CourseLibrary, ids: Sequence[int], until: datetime
) -> dict[int, list[WorkProduct]]:
    found: dict[int, list[WorkProduct]] = {}
    for one in products_of_enrolments(session, library, ids, until=until):
        found.setdefault(one.person_id, []).append(one)
    return found
