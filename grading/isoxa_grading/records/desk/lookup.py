"""Finding an officer's attempts by name: where support begins for who does not wait for a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import fold, name_sort_key
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from ..attempts.find import current_enrolments
from ..attempts.scope import unit_of_person, within
from ..tables import Attempt, AttemptStatus, Enrolment, Person

MOST_PERSONS = 20


@dataclass(frozen=True, kw_only=True)
class FoundAttempt:
    """An officer's last attempt at one quiz. ``points`` is None while it is open or waits."""

    attempt_id: str
    officer: str
    unit: str
    quiz_title: str
    number: int
    status: AttemptStatus
    submitted_at: datetime | None
    points: Decimal | None
    max_points: Decimal


@dataclass(frozen=True)
class Found:
    """``more``: others have that name too and are left out."""

    attempts: tuple[FoundAttempt, ...]
    more: bool


def find_by_name(session: Session, typed: str, scope_paths: Sequence[str], *, person_id: int | None) -> Found:
    """The last attempts, quiz by quiz, of officers within the scopes whose name has all the words typed.

    Case and diacritics do not matter; the trainer themselves is left out, as everywhere at the desk.
    """
    words = fold(typed).split()
    if not words or not scope_paths:
        return Found((), False)
    # Names are folded here, not in SQL: neither database can take Vietnamese diacritics off.
    some = select(Enrolment.person_id).join(Attempt, Attempt.enrolment_id == Enrolment.id)
    people = select(Person.id, Person.full_name).where(Person.erased_at.is_(None), Person.id.in_(some))
    named = [
        (id_, name)
        for id_, name in session.execute(within(people, scope_paths, Person.id))
        if id_ != person_id and all(word in fold(name) for word in words)
    ]
    named.sort(key=lambda one: (name_sort_key(one[1]), one[0]))
    found: list[FoundAttempt] = []
    for id_, name in named[:MOST_PERSONS]:
        unit = unit_of_person(session, id_)
        found += _last_attempts(session, id_, name, unit.name if unit else "")
    return Found(tuple(found), len(named) > MOST_PERSONS)


def _last_attempts(session: Session, person_id: int, name: str, unit: str) -> list[FoundAttempt]:
    enrolled = [enrolment.id for enrolment in current_enrolments(session, person_id)]
    query = (
        select(Attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.edition)
        .where(Attempt.enrolment_id.in_(enrolled))
        .order_by(Attempt.number)
        .options(contains_eager(Attempt.enrolment).contains_eager(Enrolment.edition))
    )
    last = {(attempt.enrolment_id, attempt.quiz): attempt for attempt in session.scalars(query)}
    found = []
    for attempt in last.values():
        quizzes = EditionManifest.from_json(attempt.enrolment.edition.manifest).quizzes
        title = next((one.title for one in quizzes if one.id == attempt.quiz), attempt.quiz)
        found.append(
            FoundAttempt(
                attempt_id=attempt.id,
                officer=name,
                unit=unit,
                quiz_title=title,
                number=attempt.number,
                status=attempt.status,
                submitted_at=attempt.submitted_at,
                points=attempt.points,
                max_points=attempt.max_points,
            )
        )
    return sorted(found, key=lambda one: one.quiz_title)
